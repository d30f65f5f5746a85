"""Points to learn: what they look like, that a seed makes them, and that some are set aside."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.core.points import data_file, points_recipes
from xortui.core.model.network import Network
from xortui.core.model.points import POINTS
from xortui.core.model.problem import NEARLY_ALL
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import FLAGS, POINT_FIELDS, RecipeError

EACH_PROBLEM = pytest.mark.parametrize("name", POINTS)


def made(name: str, **fields: object) -> tuple[np.ndarray, np.ndarray]:
    """All points of a problem, [n, 2], and their labels."""
    table = Recipe(problem=name, test=0.0, **fields).table  # type: ignore[arg-type]
    return np.array(table.bits), np.array(table.labels)


@EACH_PROBLEM
def test_points_are_as_many_as_asked_for_half_of_each_label_and_near_the_middle(name: str) -> None:
    for count in (10, 77, 2000):
        points, labels = made(name, points=count, noise=0.0)
        assert points.shape == (count, 2)
        assert abs(2 * int(labels.sum()) - count) <= 1
        assert np.abs(points).max() < 3


@EACH_PROBLEM
def test_a_data_seed_makes_the_same_points_again_and_another_one_others(name: str) -> None:
    points, _ = made(name, data_seed=5)
    assert (points == made(name, data_seed=5)[0]).all()
    assert (points != made(name, data_seed=6)[0]).any()


@EACH_PROBLEM
def test_noise_moves_every_point_by_about_so_much(name: str) -> None:
    still, _ = made(name, points=2000, noise=0.0)
    moved, _ = made(name, points=2000, noise=0.2)
    assert (moved - still).std() == pytest.approx(0.2, rel=0.05)


def test_a_circle_is_a_disc_inside_a_ring() -> None:
    points, labels = made("circle", points=2000, noise=0.0)
    radius = np.hypot(*points.T)
    assert radius[labels == 1].max() <= 0.8
    assert 1.2 <= radius[labels == 0].min() <= radius[labels == 0].max() <= 1.8


def test_clouds_are_labelled_as_xor() -> None:
    points, labels = made("clouds", points=2000, noise=0.0)
    assert ((points.prod(axis=1) < 0) == (labels == 1)).mean() > 0.999


def test_two_clouds_are_parted_by_a_line_but_for_a_few() -> None:
    points, labels = made("gauss", points=2000, noise=0.0)
    assert ((points.sum(axis=1) > 0) == (labels == 1)).mean() > 0.99


def test_the_arms_of_a_spiral_are_each_other_turned_by_half_a_turn() -> None:
    points, labels = made("spiral", points=2000, noise=0.0)
    radius, angle = np.hypot(*points.T), np.arctan2(points[:, 1], points[:, 0])
    expected = 2.5 * np.pi * (radius - 0.2) / 1.6 + np.pi * labels
    assert np.cos(angle - expected).min() > 0.999999


def test_moons_are_half_circles_of_radius_1() -> None:
    points, labels = made("moons", points=2000, noise=0.0)
    upper, lower = points[labels == 0] + [0.5, 0.25], points[labels == 1] - [0.5, 0.25]
    assert np.hypot(*upper.T) == pytest.approx(1.0)
    assert upper[:, 1].min() >= 0
    assert np.hypot(*lower.T) == pytest.approx(1.0)
    assert lower[:, 1].max() <= 0


# -- points set aside ------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "tests"), [(0.0, 0), (0.3, 60), (0.8, 160)])
def test_a_share_of_the_points_is_set_aside_and_none_is_lost(share: float, tests: int) -> None:
    table, whole = (
        Recipe(problem="moons", test=share).table,
        Recipe(problem="moons", test=0.0).table,
    )
    assert len(table.test_bits) == len(table.test_labels) == tests
    assert sorted(table.bits + table.test_bits) == sorted(whole.bits)
    found = dict(zip(table.bits + table.test_bits, table.labels + table.test_labels, strict=True))
    assert found == dict(zip(whole.bits, whole.labels, strict=True))


def test_rows_of_a_file_stay_in_order_where_none_is_set_aside() -> None:
    data = data_file()
    table = Recipe(problem="data", data=data, test=0.0).table
    assert (table.bits, table.labels) == (data.inputs, data.labels)


def test_standardised_is_by_what_is_trained_on() -> None:
    table = Recipe(problem="data", data=data_file(40), standardise=True).table
    bits = np.array(table.bits)
    assert bits.mean(axis=0) == pytest.approx(0.0, abs=1e-12)
    assert bits.std(axis=0) == pytest.approx(1.0)
    assert np.abs(np.array(table.test_bits).mean(axis=0)).max() > 1e-6


def test_an_input_that_is_always_the_same_can_be_standardised() -> None:
    data = data_file(20)
    flat = type(data)("flat.csv", tuple((*row[:2], 7.0) for row in data.inputs), data.labels)
    table = Recipe(problem="data", data=flat, standardise=True).table
    assert {row[2] for row in table.bits + table.test_bits} == {0.0}


# -- what it does not change -----------------------------------------------------------------------


@settings(max_examples=30)
@given(points_recipes())
def test_start_weights_are_those_of_the_seed_whatever_the_points_are(recipe: Recipe) -> None:
    others = replace(recipe, data_seed=recipe.data_seed + 1, test=0.1)
    start = Network(recipe).initial_parameters()
    assert start.tobytes() == Network(others).initial_parameters().tobytes()


@settings(max_examples=30)
@given(points_recipes())
def test_a_recipe_with_points_survives_json(recipe: Recipe) -> None:
    again = Recipe.from_json(recipe.to_json())
    assert again == recipe
    assert hash(again) == hash(recipe)
    assert again.table == recipe.table


def test_its_flags_give_the_recipe_again() -> None:
    recipe = Recipe(problem="circle", points=50, noise=0.25, test=0.5, data_seed=3)
    words = recipe.to_arguments()
    texts = {name: words[words.index(flag) + 1] for name, flag in FLAGS.items() if flag in words}
    assert Recipe.parse(texts) == recipe


def test_truth_tables_are_as_they_were() -> None:
    assert not {*POINT_FIELDS, "flipped"} & set(Recipe().to_json())
    assert Recipe().table.share_to_solve == 1.0
    assert Recipe(problem="circle").table.share_to_solve == NEARLY_ALL


# -- what cannot be --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"points": 9}, "a whole number from 10 to 2,000"),
        ({"points": 2001}, "a whole number from 10 to 2,000"),
        ({"noise": -0.1}, "a number from 0 to 1"),
        ({"noise": float("nan")}, "a number from 0 to 1"),
        ({"test": 0.81}, "a number from 0 to 0.8"),
        ({"data_seed": -1}, "a whole number from 0"),
        ({"standardise": True}, "only data from a file is standardised"),
        ({"problem": "data"}, "it needs a file of points: --data FILE"),
        ({"problem": "xor", "points": 50}, "XOR is a truth table; these problems have points"),
        ({"problem": "xor", "noise": 0.0}, "XOR is a truth table"),
        ({"problem": "xor", "flipped": (1,)}, "XOR is a truth table"),
        ({"flipped": (140,)}, "numbers of training rows"),
        ({"flipped": (3, 2)}, "numbers of training rows"),
        ({"data": data_file()}, "the data file is the problem"),
        ({"problem": "xor", "data": data_file()}, "the data file is the problem"),
        ({"problem": "data", "data": data_file(), "noise": 0.3}, "the points come from a file"),
        ({"points": 2000, "hidden": (64, 64)}, "1,400 training points and these layers take"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(fields: dict[str, object], words: str) -> None:
    with pytest.raises(RecipeError, match=words.replace("(", r"\(")) as caught:
        Recipe(**{"problem": "spiral", **fields})  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
