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
    input_plane,
    probe,
    responses,
    surface,
    zero_line,
)
from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer

OR_UNIT = np.array([4.0, 0.0, 4.0, 0.0, 1.0, 0.0])  # h1 = sigmoid(4 x1 + 4 x2), the output is h1


@pytest.mark.slow
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
    rows, columns = seen.zero_line(0).T
    assert len(rows) >= 16
    x, y = LOW + columns * 1.4 / 28, HIGH - rows * 1.4 / 28
    np.testing.assert_allclose(x + y, 0, atol=1e-3)
    # The output is 0.5 where h1 is, which is on the same line.
    np.testing.assert_allclose(seen.contour(), seen.zero_line(0), atol=0.05)


def test_the_contour_of_the_solved_reference_parts_its_patterns() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(10_000)
    shot = trainer.snapshot()
    seen = surface(shot.network, shot.parameters, 40, 80)
    corners = [seen.output[seen.cell(x, y)] for x, y in ((0, 0), (0, 1), (1, 0), (1, 1))]
    assert [bool(value > 0.5) for value in corners] == [False, True, True, False]
    rows, columns = seen.contour().T
    at_points = probe_all(shot, LOW + columns * 1.4 / 80, HIGH - rows * 1.4 / 40)
    np.testing.assert_allclose(at_points, 0.5, atol=0.03)


def probe_all(shot: Snapshot, x: Array, y: Array) -> list[float]:
    """The output at points."""
    points = np.stack([x, y], axis=-1)
    return [probe(shot.network, shot.parameters, point).output for point in points]


def test_without_a_crossing_there_is_no_line() -> None:
    assert not len(zero_line(np.ones((4, 5))))
    assert not len(zero_line(np.full((4, 5), np.nan)))
    assert not len(zero_line(np.ones((1, 5))))


def test_the_line_lies_where_a_field_that_is_straight_is_0() -> None:
    row, column = np.meshgrid(np.arange(6) + 0.5, np.arange(9) + 0.5, indexing="ij")
    for down, right, offset in ((1.0, 0.0, 3.2), (0.0, 1.0, 4.9), (1.0, -0.7, 0.4)):
        points = zero_line(down * row + right * column - offset)
        assert len(points) >= 20
        np.testing.assert_allclose(points @ [down, right], offset)


def test_where_two_lines_cross_both_are_drawn() -> None:
    points = zero_line(np.array([[-1.0, 1.0], [1.0, -1.0]]))
    assert len(points) == 8
    assert len(np.unique(points, axis=0)) == 8


def test_through_what_is_not_finite_there_is_no_line() -> None:
    field = np.array([[-1.0, 1.0, 1.0], [-1.0, 1.0, np.nan], [-1.0, np.inf, -1.0]])
    points = zero_line(field)
    assert np.isfinite(points).all()
    assert len(points) == 4


def test_every_unit_answers_over_the_same_square() -> None:
    trainer = Trainer(Recipe("parity3", hidden=(3, 2)))
    shot = trainer.snapshot()
    plane = input_plane(shot.network, 0, 2, (0.0, 1.0, 0.0))
    found = responses(shot.network, shot.parameters, 6, 8, plane)
    assert {name: value.shape for name, value in found.items()} == {
        "X": (3, 6, 8),
        "a1": (3, 6, 8),
        "a2": (2, 6, 8),
        "yhat": (1, 6, 8),
    }
    seen = surface(shot.network, shot.parameters, 6, 8, plane, layer=2)
    np.testing.assert_array_equal(found["a2"], seen.hidden)
    np.testing.assert_array_equal(found["yhat"][0], seen.output)
    np.testing.assert_allclose(found["X"][0], np.broadcast_to(seen.x, (6, 8)))
    np.testing.assert_allclose(found["X"][1], 1.0)


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
    assert not len(seen.contour())
