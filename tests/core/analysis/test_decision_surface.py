"""The network over a plane of inputs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import parameters, recipes
from xortui.core.analysis.decision_surface import (
    HIGH,
    LOW,
    cell_centres,
    crossings,
    input_plane,
    probe,
    surface,
)
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer

OR_UNIT = np.array([4.0, 0.0, 4.0, 0.0, 1.0, 0.0])  # h1 = sigmoid(4 x1 + 4 x2), the output is h1


@given(st.data())
def test_every_cell_is_what_a_probe_at_its_centre_reads(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=4, most_units=8))
    network, vector = Network(recipe), data.draw(parameters(recipe))
    inputs = recipe.sizes[0]
    fixed = tuple(data.draw(st.sampled_from((0.0, 0.3, 1.0))) for _ in range(inputs))
    across, up = data.draw(st.permutations(range(inputs)))[:2]
    layer = data.draw(st.integers(1, len(recipe.hidden)))
    rows, columns = 5, 7
    seen = surface(network, vector, rows, columns, input_plane(network, across, up, fixed), layer)
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    point = np.array(fixed)
    point[[across, up]] = seen.x[column], seen.y[row]
    read = probe(network, vector, point)
    assert read.output == pytest.approx(seen.output[row, column], rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(read.hidden[layer - 1], seen.hidden[:, row, column], atol=1e-9)


def test_cells_cover_the_square_and_row_0_is_the_top() -> None:
    seen = surface(Network(Recipe()), OR_UNIT, 14, 28)
    assert seen.x[0] == pytest.approx(LOW + 0.025)
    assert seen.x[-1] == pytest.approx(HIGH - 0.025)
    assert seen.y[0] == pytest.approx(HIGH - 0.05)
    assert seen.y[-1] == pytest.approx(LOW + 0.05)


def test_a_patterns_cell_is_the_one_in_which_it_lies() -> None:
    seen = surface(Network(Recipe()), OR_UNIT, 14, 14)
    for x, y in ((0, 0), (0, 1), (1, 0), (1, 1)):
        row, column = seen.cell(x, y)
        assert abs(seen.x[column] - x) <= 0.05 + 1e-9
        assert abs(seen.y[row] - y) <= 0.05 + 1e-9
    assert seen.cell(-9, 9) == (0, 0)
    assert seen.cell(9, -9) == (13, 13)


def test_a_probe_reads_output_and_every_hidden_activation() -> None:
    read = probe(Network(Recipe()), OR_UNIT, np.array([0.25, 0.5]))
    expected = 1 / (1 + np.exp(-3.0))
    np.testing.assert_allclose(read.hidden[0], [expected, 0.5])
    assert read.output == pytest.approx(expected)


def test_the_line_of_an_or_unit_is_the_anti_diagonal_through_the_origin() -> None:
    # 4 x1 + 4 x2 = 0 has x2 = -x1.
    seen = surface(Network(Recipe()), OR_UNIT, 28, 28)
    rows, columns = np.nonzero(seen.zero_line(0))
    assert len(rows) >= 4
    assert np.abs(seen.x[columns] + seen.y[rows]).max() <= 0.05 + 1e-9
    # The output is 0.5 where h1 is, which is on the same line.
    np.testing.assert_array_equal(seen.contour(), seen.zero_line(0))


def test_the_contour_of_the_solved_reference_parts_its_patterns() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(10_000)
    shot = trainer.snapshot()
    seen = surface(shot.network, shot.parameters, 40, 80)
    corners = [seen.output[seen.cell(x, y)] for x, y in ((0, 0), (0, 1), (1, 0), (1, 1))]
    assert [bool(value > 0.5) for value in corners] == [False, True, True, False]
    assert 40 <= seen.contour().sum() <= 400  # lines, not areas


def test_without_a_crossing_there_is_no_line() -> None:
    assert not crossings(np.ones((4, 5))).any()
    assert not crossings(np.full((4, 5), np.nan)).any()


def test_of_two_neighbours_the_one_nearer_to_0_is_marked() -> None:
    assert crossings(np.array([[-3.0, 1.0, 2.0]])).tolist() == [[False, True, False]]
    assert crossings(np.array([[-1.0], [3.0]])).tolist() == [[True], [False]]


def test_what_is_not_finite_has_no_side() -> None:
    assert not crossings(np.array([[-1.0, np.nan, 1.0], [-1.0, np.inf, np.nan]])).any()


def test_patterns_on_a_plane_are_those_with_its_fixed_bits() -> None:
    network = Network(Recipe(problem="parity3"))
    plane = input_plane(network, 0, 2, (0.0, 1.0, 0.0))
    on_plane = network.bits[plane.contains(network.bits)]
    assert on_plane.tolist() == [[0, 1, 0], [0, 1, 1], [1, 1, 0], [1, 1, 1]]


@pytest.mark.parametrize("axes", [(0, 0), (0, 2), (-1, 1)])
def test_axes_that_the_network_does_not_have_are_refused(axes: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be the axes"):
        input_plane(Network(Recipe()), *axes)


def test_other_things_that_do_not_fit_are_refused() -> None:
    network = Network(Recipe())
    with pytest.raises(ValueError, match="has 2 inputs, not 3"):
        input_plane(network, 0, 1, (0.0, 0.0, 1.0))
    with pytest.raises(ValueError, match="no hidden layer 2"):
        surface(network, OR_UNIT, 4, 4, layer=2)


def test_centres_are_spread_evenly() -> None:
    np.testing.assert_allclose(cell_centres(0.0, 1.0, 4), [0.125, 0.375, 0.625, 0.875])


def test_diverged_weights_have_a_surface_too() -> None:
    seen = surface(Network(Recipe()), np.full(6, np.nan), 4, 4)
    assert np.isnan(seen.output).all()
    assert not seen.contour().any()
