"""Where the patterns stand in hidden activations, and the line that divides them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import parameters, recipes
from tests.sample import examples
from xortui.core.analysis.decision_surface import zero_line
from xortui.core.analysis.hidden_space import hidden_space, principal_components
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer


def test_two_units_give_their_activations_as_they_are() -> None:
    shot = Trainer(Recipe()).snapshot()
    space = hidden_space(shot.network, shot.parameters)
    np.testing.assert_allclose(space.points, shot.values["a1"])
    assert space.axes == ("h₁", "h₂")
    assert space.shown == 1
    assert space.trail.shape == (0, 4, 2)


@examples(50)
@given(st.data())
def test_the_line_divides_the_patterns_as_the_outputs_do(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=3, most_units=4))
    recipe = Recipe(recipe.problem, (*recipe.hidden[:-1], 2), recipe.activation, recipe.bias,
                    recipe.loss)  # fmt: skip
    network, vector = Network(recipe), data.draw(parameters(recipe))
    space = hidden_space(network, vector)
    outputs = network.evaluate(vector).values["yhat"][:, 0]
    assert space.line is not None
    side = space.line.side(space.points)
    clear = np.abs(outputs - 0.5) > 1e-9
    np.testing.assert_array_equal(side[clear] > 0, outputs[clear] > 0.5)


def test_xor_becomes_separable_in_the_course_of_the_reference_run() -> None:
    trainer = Trainer(Recipe())
    trainer.step(10_000)
    shot = trainer.snapshot()
    space = hidden_space(shot.network, shot.parameters)
    assert space.line is not None
    assert (space.line.side(space.points) > 0).tolist() == [False, True, True, False]


@pytest.mark.parametrize("loss", ["squared-error", "cross-entropy"])
def test_one_unit_gives_a_line_of_points_and_a_threshold(loss: str) -> None:
    network = Network(Recipe(hidden=(1,), bias=True, loss=loss))
    vector = np.array([1.0, 2.0, -0.5, 3.0, -1.0])
    space = hidden_space(network, vector)
    assert space.points.shape == (4, 1)
    assert space.line is None
    # 3 h - 1 is 0.5, or 0 before a sigmoid.
    assert space.threshold == pytest.approx(0.5 if loss == "squared-error" else 1 / 3)
    dead = np.array([1.0, 2.0, -0.5, 0.0, -1.0])
    assert hidden_space(network, dead).threshold is None


def test_the_trail_is_where_earlier_weights_put_the_patterns() -> None:
    trainer, path = Trainer(Recipe(hidden=(4,))), []
    for _ in range(3):
        path.append(trainer.snapshot().parameters)
        trainer.step(500)
    network, now = trainer.snapshot().network, path[-1]
    space = hidden_space(network, now, np.array(path))
    assert space.trail.shape == (3, 4, 2)
    np.testing.assert_allclose(space.trail[-1], space.points)
    assert not np.allclose(space.trail[0], space.points)


def test_more_units_are_seen_along_the_directions_in_which_they_spread_most() -> None:
    # Points in a plane of four dimensions: two directions show all, and distances stay.
    random = np.random.default_rng(3)
    plane = random.normal(size=(2, 4))
    points = random.normal(size=(8, 2)) @ plane
    directions, shown = principal_components(points)
    assert shown == pytest.approx(1)
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-12)
    flat = points @ directions.T
    np.testing.assert_allclose(
        np.linalg.norm(flat[0] - flat[5]), np.linalg.norm(points[0] - points[5])
    )
    assert flat[:, 0].var() >= flat[:, 1].var()


def test_the_share_shown_is_less_than_1_where_points_spread_further() -> None:
    _, shown = principal_components(np.eye(4))
    assert shown == pytest.approx(2 / 3)  # four corners spread alike in three directions


def test_a_picture_does_not_flip_where_points_move_a_little() -> None:
    points = np.random.default_rng(4).normal(size=(6, 3)) * (3, 2, 1)
    before, _ = principal_components(points)
    after, _ = principal_components(points + 1e-6)
    np.testing.assert_allclose(after, before, atol=1e-4)


@pytest.mark.parametrize("value", [0.0, np.nan, 1e300])
def test_points_that_do_not_spread_or_are_not_finite_give_two_directions(value: float) -> None:
    directions, _ = principal_components(np.full((4, 3), value))
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-12)


def test_the_extent_holds_all_points_and_trails() -> None:
    network = Network(Recipe())
    first, now = network.initial_parameters(), np.array([5.0, -5, 5, -5, 1, 1])
    space = hidden_space(network, now, first[None])
    low, high = space.extent
    every = np.concatenate([space.points, *space.trail])
    assert (low < every.min(axis=0)).all()
    assert (high > every.max(axis=0)).all()
    nowhere = hidden_space(network, np.full(6, np.nan)).extent
    assert all(np.isfinite(corner).all() for corner in nowhere)


def test_the_sides_change_along_the_line() -> None:
    network = Network(Recipe())
    space = hidden_space(network, np.array([1.0, 1, 1, 1, 1, -1]))  # h1 - h2 = 0.5
    rows, columns = zero_line(space.sides(np.zeros(2), np.ones(2), 10, 20)).T
    np.testing.assert_allclose(columns / 20 - (1 - rows / 10), 0.5)
    assert rows.min() < 6
    assert rows.max() > 9


def test_without_a_line_there_are_no_sides() -> None:
    network = Network(Recipe(hidden=(3,)))
    space = hidden_space(network, network.initial_parameters())
    assert np.isnan(space.sides(np.zeros(2), np.ones(2), 4, 4)).all()
