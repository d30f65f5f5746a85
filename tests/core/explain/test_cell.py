"""A step explained: written arithmetic adds up, says what it read, and follows one row through."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.recipes import parameters, recipes
from tests.core.written import evaluated, half_a_unit
from xortui.core.explain.cell import Explanation, explain_cell, follow_row
from xortui.core.model.functions import Array, namespace
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.network import Network, Result
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import RecipeError
from xortui.core.training.trainer import Trainer

TINY, USUAL, LARGE, HUGE = 1e-9, 2.0, 1e3, 1e150


def step_of(recipe: Recipe, vector: Array | None = None) -> dict[str, Result]:
    """The operations of a step by target; updates as `new W1`."""
    network = Network(recipe)
    vector = network.initial_parameters() if vector is None else vector
    return {
        f"{'new ' * (result.operation.phase == 'update')}{result.operation.target}": result
        for result in network.evaluate(vector).results
    }


@st.composite
def results(draw: st.DrawFn, spreads: tuple[float, ...]) -> Result:
    """Any operation of any recipe's step, from parameters of any of these sizes."""
    recipe = draw(recipes(most_bits=4, most_units=12))
    mistake = draw(st.sampled_from([None, *MISTAKES]))
    with suppress(RecipeError):  # there are mistakes that this recipe cannot have
        recipe = replace(recipe, mistake=mistake)
    vector = draw(parameters(recipe, draw(st.sampled_from(spreads))))
    return draw(st.sampled_from(list(step_of(recipe, vector).values())))


def any_cell(data: st.DataObject, result: Result) -> tuple[int, ...]:
    return tuple(data.draw(st.integers(0, length - 1)) for length in result.value.shape)


def assert_adds_up(explanation: Explanation, in_full: Explanation | None = None) -> None:
    """The displayed digits give the displayed result to its last digit.

    `in_full` is the same with no term left out, where some are.
    """
    found, shown = evaluated(explanation.calculation), float(explanation.result_text)
    if not np.isfinite(explanation.result):
        # inf or nan: past what floats can hold, that depends on the order in which BLAS adds up.
        assert not np.isfinite(found)
        return
    # Floats cannot do better than this where terms cancel, whatever digits are shown.
    sizes = [abs(term.value) for term in (in_full or explanation).terms]
    rounding = 1e-14 * max(sizes) * len(sizes) + 1e-320
    allowed = half_a_unit(explanation.result_text) + rounding
    assert abs(found - shown) <= allowed, explanation.text


@pytest.mark.slow
@settings(max_examples=150)
@given(st.data())
def test_the_written_arithmetic_adds_up(data: st.DataObject) -> None:
    result = data.draw(results((TINY, USUAL, LARGE, HUGE)))
    index = any_cell(data, result)
    most_terms = data.draw(st.integers(1, 10))
    explanation = explain_cell(result, index, data.draw(st.integers(4, 8)), most_terms)
    assert_adds_up(explanation, explain_cell(result, index, most_terms=10**6))


@settings(max_examples=20)
@given(st.sampled_from([0, 1, 869, 5000]), st.sampled_from([0.1, 5.0]), st.data())
def test_it_adds_up_all_along_a_run(step: int, rate: float, data: st.DataObject) -> None:
    trainer = Trainer(Recipe(learning_rate=rate))
    trainer.seek(min(step, 869))
    for result in trainer.snapshot().results:
        assert_adds_up(explain_cell(result, any_cell(data, result)))


@pytest.mark.slow
@settings(max_examples=100)
@given(st.data())
def test_the_result_is_the_number_that_was_computed(data: st.DataObject) -> None:
    result = data.draw(results((USUAL, HUGE)))
    index = any_cell(data, result)
    explanation = explain_cell(result, index)
    assert np.array_equal(explanation.result, result.value[index], equal_nan=True)


def test_sums_of_the_reference() -> None:
    step = step_of(Recipe())
    assert (
        explain_cell(step["z1"], (3, 1)).text
        == "z₁[row 11, h₂] = 1·(+0.7152) + 1·(+0.5449) = +1.260"
    )
    assert explain_cell(step["a1"], (3, 1)).text == "a₁[row 11, h₂] = σ(+1.260) = +0.7790"
    assert explain_cell(step["losses"], (3, 0)).text == "ℓ[row 11] = 0.5·(0.8251 − 0)² = +0.3404"
    assert explain_cell(step["dW2"], (1, 0)).text == (
        "∂L/∂W₂[h₂→ŷ] = 0.50000·(+0.53477) + 0.63295·(-0.31738) + 0.67155·(-0.29771) "
        "+ 0.77904·(+0.82507) = +0.5093"
    )
    assert explain_cell(step["dz1"], (3, 1)).text == (
        "∂L/∂z₁[row 11, h₂] = 0.53291·(0.77904·(1 − 0.77904)) = +0.09173"
    )
    assert explain_cell(step["new W2"], (1, 0)).text == (
        "W₂[h₂→ŷ] ← 0.6459 − 0.1·(+0.5093) = +0.5950"
    )


def test_the_mean_is_the_sum_that_is_descended_over_the_rows() -> None:
    step = step_of(Recipe())
    total, mean = explain_cell(step["L"]), explain_cell(step["loss"])
    assert total.text == "L = 0.14299 + 0.050365 + 0.044317 + 0.34037 = +0.5780"
    assert [term.value for term in total.terms] == list(step["losses"].value[:, 0])
    assert mean.text == "loss = 0.5780/4 = +0.1445"
    assert mean.reads == {"L": frozenset({()})}


def test_cross_entropy_and_relu_are_written_as_people_write_them() -> None:
    step = step_of(Recipe(loss="cross-entropy", activation="relu"))
    assert explain_cell(step["losses"], (3, 0)).calculation.startswith("log(1 + exp(+")
    assert explain_cell(step["dz1"], (0, 0)).calculation.endswith("·[0 > 0]")


def test_a_long_sum_is_shortened_and_its_bias_still_shown() -> None:
    recipe = Recipe(hidden=(64,), bias=True, init="symmetric")
    vector = np.random.default_rng(0).normal(size=Network(recipe).size)
    explanation = explain_cell(step_of(recipe, vector)["yhat"], (2, 0), most_terms=8)
    assert [term.more for term in explanation.terms] == [0] * 8 + [56] + [0]
    assert "(56 more terms = " in explanation.text
    assert len(explanation.reads["a1"]) == 64
    assert explanation.terms[-1].reads[0].name == "b2"
    assert sum(term.value for term in explanation.terms) == pytest.approx(explanation.result)
    assert_adds_up(explanation)


def test_one_term_more_than_the_most_is_written_out() -> None:
    step = step_of(Recipe(hidden=(9,)))
    assert "more" not in explain_cell(step["yhat"], (0, 0), most_terms=8).text


@pytest.mark.slow
@settings(max_examples=60)
@given(st.data())
def test_terms_add_up_to_the_result_and_stand_in_the_text(data: st.DataObject) -> None:
    result = data.draw(results((USUAL,)))
    explanation = explain_cell(result, any_cell(data, result))
    for term in explanation.terms:
        assert term.text.removeprefix("−").strip("()") in explanation.calculation
    if result.operation.target != "loss" and "/" not in explanation.calculation:
        values = [term.value for term in explanation.terms]
        size = max(map(abs, values))
        assert sum(values) == pytest.approx(explanation.result, rel=1e-9, abs=1e-9 * size)


def with_poison(result: Result, poisoned: dict[str, Array]) -> Array:
    """The operation carried out again with NaN where `poisoned` says so."""
    operands = {
        name: np.where(poisoned[name], np.nan, array) for name, array in result.operands.items()
    }
    functions = namespace()
    with np.errstate(all="ignore"):
        return np.asarray(eval(result.operation.code, functions, operands))


@pytest.mark.slow
@settings(max_examples=60)
@given(st.data())
def test_the_cells_said_to_be_read_are_those_that_matter(data: st.DataObject) -> None:
    result = data.draw(results((USUAL,)))
    index = any_cell(data, result)
    reads = explain_cell(result, index).reads
    unread = {name: np.ones(array.shape, bool) for name, array in result.operands.items()}
    for name, places in reads.items():
        for place in places:
            unread[name][place] = False
    assert with_poison(result, unread)[index] == pytest.approx(result.value[index], rel=1e-12)
    if ">" in result.operation.expression:
        return  # no comparison holds for NaN, so it cannot be seen behind one
    for name, places in reads.items():
        only = {other: np.zeros(array.shape, bool) for other, array in result.operands.items()}
        only[name][data.draw(st.sampled_from(sorted(places)))] = True
        assert np.isnan(with_poison(result, only)[index])


def test_what_is_not_finite_is_named() -> None:
    trainer = Trainer(Recipe(learning_rate=100.0))
    trainer.seek(92)
    step = {result.operation.target: result for result in trainer.snapshot().results[:7]}
    assert explain_cell(step["losses"], (0, 0)).text.endswith(" = +inf")
    network = Network(Recipe())
    lost = step_of(Recipe(), np.full(network.size, np.nan))
    assert explain_cell(lost["z1"], (1, 0)).text == "z₁[row 01, h₁] = 0·NaN + 1·NaN = NaN"


@pytest.mark.parametrize("index", [(), (0,), (4, 0), (0, 2), (-1, 0), (0, 0, 0)])
def test_a_cell_that_is_not_there_is_refused(index: tuple[int, ...]) -> None:
    with pytest.raises(IndexError, match="z1 has no cell"):
        explain_cell(step_of(Recipe())["z1"], index)


def test_a_row_followed_through_the_reference() -> None:
    rows = {
        step.result.operation.target: step for step in follow_row(step_of(Recipe()).values(), 2)
    }
    assert list(rows) == ["z1", "a1", "yhat", "losses", "dyhat", "dW2", "da1", "dz1", "dW1"]
    assert [name for name, step in rows.items() if step.is_share] == ["dW2", "dW1"]
    assert rows["z1"].explain((0,)).text == "z₁[row 10, h₁] = 1·(+0.5488) + 0·(+0.6028) = +0.5488"
    share = rows["dW2"].explain((0, 0))
    assert share.text == "share of row 10 in ∂L/∂W₂[h₁→ŷ] = 0.6339·(-0.2977) = -0.1887"
    assert share.reads == {"a1": frozenset({(2, 0)}), "dyhat": frozenset({(2, 0)})}


@pytest.mark.slow
@settings(max_examples=30)
@given(recipes(most_bits=4, most_units=12), st.data())
def test_rows_are_those_of_the_step_and_shares_add_up(recipe: Recipe, data: st.DataObject) -> None:
    vector = data.draw(parameters(recipe))
    step = step_of(recipe, vector)
    rows = len(recipe.table.labels)
    followed = [follow_row(step.values(), row) for row in range(rows)]
    for steps in zip(*followed, strict=True):
        whole = steps[0].result.value
        if steps[0].is_share:
            total = sum(part.value for part in steps)
            assert total == pytest.approx(whole, rel=1e-9, abs=1e-9)
            assert steps[0].value.shape == whole.shape
        else:
            assert np.array_equal(np.stack([part.value for part in steps]), whole)
        part = steps[data.draw(st.integers(0, rows - 1))]
        index = tuple(data.draw(st.integers(0, length - 1)) for length in part.value.shape)
        explanation = part.explain(index)
        assert explanation.result == part.value[index]
        assert_adds_up(explanation)


def test_as_many_rows_as_units_are_not_mixed_up() -> None:
    """With 4 patterns and 4 units every array is as long as the truth table."""
    followed = follow_row(step_of(Recipe(hidden=(4, 4), bias=True)).values(), 3)
    shares = {step.result.operation.target for step in followed if step.is_share}
    assert shares == {"dW3", "db3", "dW2", "db2", "dW1", "db1"}


@pytest.mark.parametrize("row", [-1, 4])
def test_a_row_that_is_not_there_is_refused(row: int) -> None:
    with pytest.raises(IndexError, match=f"no row {row}"):
        follow_row(step_of(Recipe()).values(), row)


def test_a_share_of_one_number_is_said_once() -> None:
    snapshot = Trainer(Recipe(bias=True)).snapshot()
    steps = {step.result.operation.target: step for step in follow_row(snapshot.results, 0)}
    explanation = steps["db2"].explain((0,))
    assert explanation.text == f"share of row 00 in ∂L/∂b₂[ŷ] = {explanation.result_text}"


def test_the_weighted_sum_of_a_later_layer_is_of_activations() -> None:
    first, second = [
        result.operation.why
        for result in Trainer(Recipe()).snapshot().results
        if result.operation.target in ("z1", "yhat")
    ]
    assert first == "The weighted sum of each hidden unit: each input times its weight."
    assert second == (
        "The weighted sum of the output: each activation of the layer before times its weight."
    )
