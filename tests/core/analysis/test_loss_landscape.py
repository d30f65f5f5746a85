"""The loss over a plane of weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import parameters, recipes
from tests.sample import examples
from xortui.core.analysis.loss_landscape import (
    Extent,
    Landscape,
    WeightPlane,
    cells_per_slice,
    extent_around,
    landscape,
    plane_of_parameters,
    plane_of_path,
)
from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer

SQUARE = Extent(-3.0, 3.0, -3.0, 3.0)


def path_of_the_reference(steps: int = 40) -> tuple[Network, Array]:
    """The network and its parameters [T, P] at every 100th step."""
    trainer, path = Trainer(Recipe()), []
    for _ in range(steps):
        path.append(trainer.snapshot().parameters)
        trainer.step(100)
    return Network(Recipe()), np.array(path)


def finished(network: Network, plane: WeightPlane, extent: Extent = SQUARE) -> Landscape:
    """The last of a landscape's slices, 12 rows by 16 columns."""
    *_, last = landscape(network, plane, extent, 12, 16)
    return last


@examples(40)
@given(st.data())
def test_every_cell_is_the_loss_of_its_weights(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=3, most_units=4))
    network, vector = Network(recipe), data.draw(parameters(recipe))
    across, up = data.draw(st.lists(st.sampled_from(network.names), min_size=2, max_size=2,
                                    unique=True))  # fmt: skip
    seen = finished(network, plane_of_parameters(network, vector, across, up))
    row, column = data.draw(st.integers(0, 11)), data.draw(st.integers(0, 15))
    there = vector.copy()
    there[network.names.index(across)] = seen.x[column]
    there[network.names.index(up)] = seen.y[row]
    loss = float(network.evaluate(there).values["loss"])
    assert seen.log_loss[row, column] == pytest.approx(np.log10(max(loss, 1e-12)), abs=1e-6)


def test_the_top_row_is_where_the_second_coordinate_is_greatest() -> None:
    network = Network(Recipe())
    seen = finished(network, plane_of_parameters(network, np.ones(6), "W1[0,0]", "W2[1,0]"))
    assert seen.y[0] > seen.y[-1]
    assert seen.x[0] < seen.x[-1]
    assert seen.plane.axes == ("W1[0,0]", "W2[1,0]")


def test_coordinates_of_two_parameters_are_their_values() -> None:
    network = Network(Recipe())
    vector = np.arange(6.0)
    plane = plane_of_parameters(network, vector, "W1[0,1]", "W2[0,0]")
    np.testing.assert_allclose(plane.project(vector[None]), [[1.0, 4.0]])
    np.testing.assert_allclose(plane.at(np.array([1.0]), np.array([4.0])), vector[None])


@pytest.mark.parametrize("names", [("W1[0,0]", "W1[0,0]"), ("W1[0,0]", "b1[0]"), ("", "W2[0,0]")])
def test_parameters_that_make_no_plane_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="parameter"):
        plane_of_parameters(Network(Recipe()), np.ones(6), *names)


def test_the_present_is_the_origin_of_the_paths_plane() -> None:
    _, path = path_of_the_reference()
    plane = plane_of_path(path[-1], path)
    np.testing.assert_allclose(plane.project(path[-1:]), [[0, 0]], atol=1e-12)
    directions = np.stack([plane.across, plane.up])
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-12)


def test_the_paths_plane_shows_most_of_the_way() -> None:
    _, path = path_of_the_reference()
    plane = plane_of_path(path[-1], path)
    shown = np.ptp(plane.project(path), axis=0)
    way = np.linalg.norm(path[0] - path[-1])
    assert shown[0] > shown[1]
    assert shown[0] > 0.9 * way


def test_the_loss_at_the_present_point_is_the_loss_of_the_run() -> None:
    network, path = path_of_the_reference()
    plane = plane_of_path(path[-1], path)
    small = Extent(-1e-9, 1e-9, -1e-9, 1e-9)
    loss = float(network.evaluate(path[-1]).values["loss"])
    np.testing.assert_allclose(finished(network, plane, small).log_loss, np.log10(loss), atol=1e-6)


@pytest.mark.parametrize("length", [0, 1, 5])
def test_a_path_that_does_not_move_gives_some_plane(length: int) -> None:
    vector = np.arange(6.0)
    plane = plane_of_path(vector, np.tile(vector, (length, 1)))
    directions = np.stack([plane.across, plane.up])
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-12)


def test_the_extent_holds_the_path_with_a_margin() -> None:
    _, path = path_of_the_reference()
    plane = plane_of_path(path[-1], path)
    extent = extent_around(plane, path[-1], path)
    x, y = plane.project(path).T
    assert extent.left < x.min() - 0.1 * np.ptp(x)
    assert extent.right > x.max() + 0.1 * np.ptp(x)
    assert extent.bottom < y.min()
    assert extent.top > y.max()


def test_an_extent_is_never_a_point() -> None:
    vector = np.arange(6.0)
    plane = plane_of_parameters(Network(Recipe()), vector, "W1[0,0]", "W1[0,1]")
    extent = extent_around(plane, vector, vector[None])
    assert (extent.left, extent.right) == (-2, 2)
    assert (extent.bottom, extent.top) == (-1, 3)


def test_diverged_paths_have_an_extent_and_give_no_warning() -> None:
    path = np.array([np.ones(6), np.full(6, 1e200), np.full(6, np.nan), np.full(6, np.inf)])
    plane = plane_of_path(path[1], path)
    extent = extent_around(plane, path[1], path)
    assert np.isfinite([extent.left, extent.right, extent.bottom, extent.top]).all()
    seen = finished(Network(Recipe()), plane, extent)
    assert seen.is_complete


def test_it_comes_about_in_slices() -> None:
    network = Network(Recipe(hidden=(16, 16)))
    plane = plane_of_path(network.initial_parameters(), np.empty((0, network.size)))
    slices = list(landscape(network, plane, SQUARE, 40, 60))
    assert len(slices) > 10
    assert [part.done for part in slices] == sorted(part.done for part in slices)
    for part in slices:
        assert np.isfinite(part.log_loss).sum() == part.done
    assert [part.is_complete for part in slices[-2:]] == [False, True]


def test_larger_networks_get_fewer_cells_a_slice() -> None:
    counts = [
        cells_per_slice(Network(recipe))
        for recipe in (
            Recipe(),
            Recipe(hidden=(16,)),
            Recipe(problem="parity5", hidden=(16, 16)),
            Recipe(problem="parity8", hidden=(64, 64, 64, 64)),
        )
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 1000
    assert counts[-1] == 1


def test_contours_run_between_powers_of_ten_on_the_lower_side() -> None:
    field = np.array([[-0.9, -0.6, -0.4, 0.2, np.nan]])
    plane = plane_of_path(np.zeros(6), np.empty((0, 6)))
    seen = Landscape(plane, SQUARE, np.arange(5.0), np.zeros(1), field, 5)
    assert seen.contours(0.5).tolist() == [[False, True, True, False, False]]
    assert seen.contours(1.0).tolist() == [[False, False, True, False, False]]
