"""Names count from 1 and rows are called by their bits; NumPy's indices count from 0."""

import pytest
from hypothesis import given

from tests.core.recipes import recipes
from tests.sample import examples
from xortui.core.model.names import cell_name, parameter_name, row_name, unit_name
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe

DEEP = Recipe(problem="parity3", hidden=(4, 12), bias=True, loss="cross-entropy")


@pytest.mark.parametrize(
    ("recipe", "name", "called"),
    [
        (Recipe(), "W1[1,0]", "W₁ x₂→h₁"),
        (Recipe(), "W2[1,0]", "W₂ h₂→ŷ"),
        (Recipe(bias=True), "b1[1]", "b₁ h₂"),
        (Recipe(bias=True), "b2[0]", "b₂ ŷ"),
        (DEEP, "W1[2,3]", "W₁ x₃→h₁.₄"),
        (DEEP, "W2[0,11]", "W₂ h₁.₁→h₂.₁₂"),
        (DEEP, "W3[11,0]", "W₃ h₂.₁₂→ŷ"),
        (DEEP, "b2[4]", "b₂ h₂.₅"),
    ],
)
def test_a_parameter_is_called_by_its_ends(recipe: Recipe, name: str, called: str) -> None:
    assert parameter_name(recipe, name) == called


@pytest.mark.parametrize(
    ("array", "index", "called"),
    [
        ("X", (5, 0), "row 101, x₁"),
        ("Y", (5, 0), "row 101"),
        ("losses", (0, 0), "row 000"),
        ("z1", (3, 1), "row 011, h₁.₂"),
        ("da2", (7, 11), "row 111, h₂.₁₂"),
        ("z3", (7, 0), "row 111"),
        ("dz3", (1, 0), "row 001"),
        ("yhat", (1, 0), "row 001"),
        ("dW1", (2, 3), "x₃→h₁.₄"),
        ("free_W1", (2, 3), "x₃→h₁.₄"),
        ("db1", (3,), "h₁.₄"),
        ("L", (), ""),
    ],
)
def test_a_cell_is_called_by_its_row_and_unit(
    array: str, index: tuple[int, ...], called: str
) -> None:
    assert cell_name(DEEP, array, index) == called


def test_rows_and_units_have_the_names_of_the_truth_table_and_the_diagram() -> None:
    assert [row_name(Recipe(), row) for row in range(4)] == ["row 00", "row 01", "row 10", "row 11"]
    assert [unit_name(layer, 0, (2, 2, 1)) for layer in range(3)] == ["x₁", "h₁", "ŷ"]


@examples(30)
@given(recipes(most_bits=4, most_units=12))
def test_no_two_parameters_and_no_two_cells_share_a_name(recipe: Recipe) -> None:
    network = Network(recipe)
    names = [parameter_name(recipe, name) for name in network.names]
    assert len(set(names)) == network.size
    for result in network.evaluate(network.initial_parameters()).results:
        shape, target = result.value.shape, result.operation.target
        rows, columns = (*shape, 1, 1)[:2]
        cells = {
            cell_name(recipe, target, (row, column)[: len(shape)])
            for row in range(rows)
            for column in range(columns)
        }
        assert len(cells) == max(1, result.value.size)
