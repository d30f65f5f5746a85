"""The terms of every sum of a step are named by what they are summed over."""

import pytest

from xortui.core.explain.cell import explain_cell
from xortui.core.explain.term_names import parts_of, term_names
from xortui.core.model.recipe import Recipe
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer

ROWS = ["00", "01", "10", "11"]
NAMES = {
    "z1": ["x₁", "x₂"],
    "yhat": ["h₁", "h₂"],
    "L": ROWS,
    "dW2": ROWS,
    "dW1": ROWS,
    "dyhat": ["", ""],
    "W1": ["", ""],
    "a1": [""],
}


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return Trainer(Recipe()).snapshot()


@pytest.mark.parametrize("target", NAMES)
def test_terms_are_named_by_row_or_unit(snapshot: Snapshot, target: str) -> None:
    [result] = [item for item in snapshot.results if item.operation.target == target]
    explanation = explain_cell(result, (0,) * result.value.ndim)
    assert term_names(snapshot.recipe, explanation.terms) == NAMES[target]


def test_the_rest_of_a_long_sum_has_no_name() -> None:
    snapshot = Trainer(Recipe(problem="parity4")).snapshot()
    [result] = [item for item in snapshot.results if item.operation.target == "dW2"]
    names = term_names(snapshot.recipe, explain_cell(result, (0, 0)).terms)
    assert names[0] == "0000"
    assert names.count("") == 1


def test_a_cell_has_two_coordinates() -> None:
    recipe = Recipe(bias=True)
    assert parts_of(recipe, "W1", (1, 0)) == ("x₂", "h₁")
    assert parts_of(recipe, "a1", (1, 1)) == ("01", "h₂")
    assert parts_of(recipe, "yhat", (2, 0)) == ("10", "")
    assert parts_of(recipe, "b1", (1,)) == ("", "h₂")
