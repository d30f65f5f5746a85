"""Units through which nothing moves: told where they are, and not where they are two."""

import pytest

from tests.core.analysis.test_diagnosis import at, kinds_at
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer


def test_identical_units_are_one_unit_for_ever() -> None:
    found = at(Recipe(init="zeros"), 2_000)
    assert [item.kind for item in found] == ["identical units", "plateau"]
    assert found[0].seen == "h₁ and h₂ have the same incoming and outgoing weights"
    # There is a way down from this plateau, but units that stay equal never take it.
    assert found[1].try_this == "Try another seed, biases, or more hidden units."


@pytest.mark.parametrize("recipe", [Recipe(init="zeros"), Recipe(mistake="equal-start")])
def test_equal_units_are_told_before_a_step_is_wasted(recipe: Recipe) -> None:
    assert kinds_at(recipe, 0) == [("identical units",)]


def test_units_of_which_only_one_side_is_equal_are_two() -> None:
    trainer = Trainer(Recipe(init="zeros"))
    trainer.edit(Edit("weight", "W2[0,0]", 0.3))
    assert diagnose(trainer.snapshot()) == ()


def test_gradients_that_are_all_0_are_told_at_once() -> None:
    # tanh(0) is 0, so with all weights 0 none of them has a gradient.
    found = at(Recipe(init="zeros", activation="tanh", bias=False, problem="and"), 0)
    assert [item.kind for item in found] == ["identical units", "no gradient"]
    assert found[1].seen == "No gradient: all are exactly 0 at loss 0.125"


@pytest.mark.parametrize(
    ("recipe", "seen"),
    [
        (
            Recipe(problem="xnor", activation="tanh"),
            "Never solved: ŷ(0,0) is always 0, but its label is 1",
        ),
        (
            Recipe(problem="10000001", activation="relu", hidden=(4, 3)),
            "Never solved: ŷ(0,0,0) is always 0, but its label is 1",
        ),
        (
            Recipe(activation="tanh", loss="cross-entropy"),
            "Never solved: ŷ(0,0) is always 0.5, but its label is 0",
        ),
    ],
)
def test_a_row_of_zeros_that_nothing_moves_is_told_from_the_start(
    recipe: Recipe, seen: str
) -> None:
    for step in (0, 3_000):
        found = at(recipe, step)
        assert found[0].seen == seen
        assert found[0].try_this == "Start with biases: --bias."
        assert not any("Keep training" in item.try_this for item in found)
    trainer = Trainer(recipe)
    trainer.seek(500)
    start = trainer.snapshot().outputs[0]
    trainer.seek(1_000)
    assert trainer.snapshot().outputs[0] == start


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(activation="tanh"),
        Recipe(problem="xnor"),
        Recipe(problem="xnor", activation="tanh", bias=True),
    ],
)
def test_a_row_of_zeros_that_can_be_answered_is_not_called_unsolvable(recipe: Recipe) -> None:
    assert not any("unsolvable" in kinds for kinds in kinds_at(recipe, 0, 50, 2_000))


def test_dead_units_are_counted() -> None:
    trainer = Trainer(Recipe(activation="relu", hidden=(3,)))
    for row in (0, 1):
        trainer.edit(Edit("weight", f"W1[{row},1]", -0.5))
    found = diagnose(trainer.snapshot())
    assert [item.seen for item in found] == ["1 of 3 ReLU units is dead: 0 for every row"]


def test_saturated_units_are_measured() -> None:
    trainer = Trainer(Recipe(bias=True))
    assert diagnose(trainer.snapshot()) == ()
    for unit in (0, 1):
        trainer.edit(Edit("weight", f"b1[{unit}]", 20.0 + unit))
    found = diagnose(trainer.snapshot())
    assert [item.seen for item in found] == ["Saturated: 100% of activations have almost no slope"]


def test_not_quite_all_is_not_100_percent() -> None:
    # 31 of 32 units saturated for every one of 8 rows, and the other for all rows but one.
    trainer = Trainer(Recipe(problem="parity3", hidden=(32,), bias=True, learning_rate=1e-6))
    for unit in range(32):
        trainer.edit(Edit("weight", f"b1[{unit}]", 20.0 + unit))
    trainer.edit(Edit("weight", "b1[0]", 0.0))
    for row in range(3):
        trainer.edit(Edit("weight", f"W1[{row},0]", 9.0))
    shares = [item.seen for item in diagnose(trainer.snapshot()) if item.kind == "saturation"]
    assert shares == ["Saturated: 99.6% of activations have almost no slope"]


def test_a_layer_is_named_where_there_are_several() -> None:
    # Weights that are all positive add up: 32 units drive the second layer to its end.
    (found,) = at(Recipe(problem="parity5", hidden=(32, 32)), 0)
    assert found.seen.startswith("Saturated: ")
    assert "of layer 2" in found.seen
