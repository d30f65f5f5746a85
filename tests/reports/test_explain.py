"""One whole step on paper: complete, adding up, within 100 columns, and to the bit in JSON."""

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import recipes
from tests.core.written import evaluated, half_a_unit
from tests.sample import examples
from xortui.core.explain.cell import follow_row
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_words import in_words
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer
from xortui.reports.explain import explain_json, explain_markdown, explain_text

LARGE = Recipe(
    problem="parity6", hidden=(64, 32), bias=True, activation="tanh", loss="cross-entropy"
)
MISTAKE = Recipe(mistake="no-derivative")


def snapshot_of(recipe: Recipe, step: int = 0) -> Snapshot:
    trainer = Trainer(recipe)
    trainer.seek(step)
    return trainer.snapshot()


def unwrapped(text: str) -> str:
    """Lines that were broken to fit, joined again."""
    return re.sub(r"\n {4,}(?=[^\s+-])", " ", text)


@pytest.mark.parametrize("render", [explain_text, explain_markdown])
@pytest.mark.parametrize("recipe", [Recipe(), LARGE, MISTAKE], ids=["small", "large", "mistake"])
def test_every_operation_is_there_with_all_that_is_known_of_it(render: Any, recipe: Recipe) -> None:
    snapshot = snapshot_of(recipe)
    text = " ".join(render(snapshot).split())
    assert in_words(replace(recipe, mistake=None)) in text
    position = 0
    for result in snapshot.results:
        operation = result.operation
        position = text.index(operation.formula, position)
        line = f"{operation.target} = {operation.expression}"
        assert line in text[position:]
        assert operation.why in text[position:]


@pytest.mark.slow
@examples(15)
@given(recipes(most_bits=4, most_units=64), st.booleans(), st.sampled_from([0, 3]))
def test_text_has_at_most_100_columns(recipe: Recipe, with_row: bool, step: int) -> None:
    text = explain_text(snapshot_of(recipe, step), 1 if with_row else None)
    assert max(map(len, text.splitlines())) <= 100


def test_the_head_names_recipe_step_and_loss() -> None:
    lines = explain_text(snapshot_of(Recipe(), 2500)).splitlines()
    assert lines[0] == "XOR 2-2-1 sigmoid, no bias, seed 0, learning rate 0.1, step 2500"
    assert lines[1].startswith("Mean loss 0.00793063316816")


def test_the_written_sums_of_the_text_add_up() -> None:
    text = unwrapped(explain_text(snapshot_of(Recipe(), 1000), row=2))
    sums = re.findall(
        r"^ +(?:share of .* in )?\S+\[[^]=]+\] [=←] (.*) = (\S+)$", text, re.MULTILINE
    )
    assert len(sums) > 25
    for calculation, result in sums:
        assert abs(evaluated(calculation) - float(result)) <= half_a_unit(result) + 1e-14


def test_a_row_is_followed_through() -> None:
    text = explain_text(snapshot_of(Recipe()), row=2)
    followed = text[text.index("Row 10: label 1") :]
    assert "a₁[row 10, h₁] = σ(+0.5488) = +0.6339" in followed
    assert "share of row 10 in ∂L/∂W₂[h₁→ŷ] = 0.6339·(-0.2977) = -0.1887" in followed
    assert "Row 10" not in explain_text(snapshot_of(Recipe()))
    assert "## Row 10: label 1" in explain_markdown(snapshot_of(Recipe()), row=2)


@pytest.mark.parametrize("render", [explain_text, explain_markdown])
def test_the_first_number_of_each_result_is_written_out_unless_others_are_asked_for(
    render: Any,
) -> None:
    snapshot = snapshot_of(Recipe())
    text = render(snapshot)
    assert "∂L/∂W₁[x₁→h₁] = 0·(" in text
    assert "W₂[h₁→ŷ] ← 0.42365" in text
    assert "[x₁→h₂]" not in text
    assert "row 11" not in text
    greatest = render(snapshot, cells="greatest")
    assert "ŷ[row 11] = " in greatest
    assert "ŷ[row 00] = " not in greatest
    every = render(snapshot, cells="all")
    for name in ("z₁[row 00, h₁]", "z₁[row 11, h₂]", "∂L/∂W₁[x₂→h₂]", "W₂[h₂→ŷ]", "ŷ[row 01]"):
        assert name in every
    assert "... and 1008 more of its numbers" in render(
        snapshot_of(Recipe(problem="parity4", hidden=(64,))), cells="all"
    )


@pytest.mark.parametrize("render", [explain_text, explain_markdown, explain_json])
@pytest.mark.parametrize("row", [-1, 4])
def test_a_row_that_is_not_there_is_refused(render: Any, row: int) -> None:
    with pytest.raises(IndexError, match=f"no row {row}"):
        render(snapshot_of(Recipe()), row)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_and_its_lines_marked(name: str) -> None:
    snapshot = snapshot_of(Recipe(bias=True, mistake=name))
    faults = sum(bool(result.operation.fault) for result in snapshot.results)
    for render in (explain_text, explain_markdown):
        text = " ".join(render(snapshot).split())
        assert f"Broken on purpose: {MISTAKES[name].title}." in text
        assert text.count("Wrong: ") == faults
        assert MISTAKES[name].no_gradient_error in text


@pytest.mark.parametrize("render", [explain_text, explain_markdown])
@pytest.mark.parametrize("name", MISTAKES)
def test_as_an_exercise_nothing_gives_the_mistake_away(render: Any, name: str) -> None:
    text = render(snapshot_of(Recipe(bias=True, mistake=name)), show_fault=False)
    assert "Which line is wrong?" in text
    assert "Wrong: " not in text
    assert name not in text
    assert MISTAKES[name].title not in text


def test_markdown_fences_are_closed() -> None:
    text = explain_markdown(snapshot_of(LARGE), row=1)
    assert text.count("```text\n") * 2 == text.count("```")
    assert text.startswith("# 6-bit parity")


@pytest.mark.slow
@examples(15)
@given(recipes(most_bits=3, most_units=6), st.sampled_from([0, 5]))
def test_json_numbers_read_back_to_the_same_bits(recipe: Recipe, step: int) -> None:
    snapshot = snapshot_of(recipe, step)
    data = json.loads(explain_json(snapshot, row=1))
    assert data["step"] == snapshot.step
    assert Recipe.from_json(data["recipe"]) == recipe
    for name, values in data["parameters"].items():
        assert same(values, snapshot.values[name])
    for item, result in zip(data["operations"], snapshot.results, strict=True):
        assert item["expression"] == result.operation.expression
        assert same(item["value"], result.value)
    steps = follow_row(snapshot.results, 1)
    for item, part in zip(data["row"]["operations"], steps, strict=True):
        assert item["is_share"] == part.is_share
        assert same(item["value"], part.value)


def same(values: Any, array: Any) -> bool:
    """Whether JSON's numbers are the array's, null standing for what is not finite."""
    read = np.array(values, dtype=np.float64)
    finite = np.where(np.isfinite(array), array, np.nan)
    return read.shape == np.shape(array) and np.array_equal(read, finite, equal_nan=True)


@pytest.mark.slow
@examples(40)
@given(recipes(most_bits=3, most_units=6, with_mistakes=True), st.sampled_from([0, 5]))
def test_every_expression_can_be_evaluated_from_the_json_alone(recipe: Recipe, step: int) -> None:
    data = json.loads(explain_json(snapshot_of(recipe, step)))
    namespace: dict[str, Any] = {}
    exec(data["definitions"], namespace)
    namespace |= {name: np.array(value, float) for name, value in data["names"].items()}
    with np.errstate(all="ignore"):
        for operation in data["operations"]:
            assert all(name in namespace for name in operation["operands"])
            made = np.asarray(eval(operation["expression"], namespace))
            assert same(operation["value"], made), operation["expression"]
            namespace[operation["target"]] = made


def test_the_json_defines_what_it_calls_and_no_more() -> None:
    data = json.loads(explain_json(snapshot_of(Recipe(frozen=("W1[0,1]",)))))
    assert sorted(data["names"]) == ["W1", "W2", "X", "Y", "free_W1", "learning_rate"]
    assert data["names"]["learning_rate"] == 0.1
    assert data["names"]["free_W1"] == [[1, 0], [1, 1]]
    assert "def sigmoid(x):" in data["definitions"]
    assert "tanh" not in data["definitions"]


def test_what_is_not_finite_is_null_in_json_and_named_in_text() -> None:
    snapshot = snapshot_of(Recipe(learning_rate=100.0), 92)
    data = json.loads(explain_json(snapshot))
    assert data["loss"] is None
    losses = next(item for item in data["operations"] if item["target"] == "losses")
    assert losses["value"][0] == [None]
    assert "= +inf" in explain_text(snapshot)
