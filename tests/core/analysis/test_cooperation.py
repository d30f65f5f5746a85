"""How two hidden units make XOR: said only where the numbers say so."""

import re

import numpy as np
import pytest

from xortui.core.analysis.cooperation import cooperation
from xortui.core.model.recipe import Recipe
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer


def at(recipe: Recipe, step: int) -> Snapshot:
    trainer = Trainer(recipe)
    trainer.seek(step)
    return trainer.snapshot()


def test_what_explains_xor_in_the_reference_run() -> None:
    assert cooperation(at(Recipe(), 10_000)) == (
        "h₂ switches on at the first 1; h₁ takes it back when both are 1",
        "ŷ = 7.47·h₂ − 7.64·h₁ ≈ 7.5·(h₂ − h₁)",
    )


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(seed=3),
        Recipe(bias=True, seed=2),
        Recipe(activation="tanh"),
        Recipe(loss="cross-entropy", bias=True, learning_rate=0.5, seed=1),
    ],
)
def test_the_formula_gives_the_output(recipe: Recipe) -> None:
    shot = at(recipe, 8_000)
    words, formula = cooperation(shot)
    assert words.endswith("takes it back when both are 1")
    exact = formula.partition(" ≈ ")[0]
    python = re.sub(r"(\d)·h", r"\1*h", exact.partition(" = ")[2].replace("−", "-"))
    python = python.replace("h₁", "first").replace("h₂", "second")
    name = "yhat" if exact.startswith("ŷ") else "z2"
    first, second = shot.values["a1"].T
    found = eval(python, {"first": first, "second": second})
    scale = np.abs(shot.values["W2"]).max()
    assert found == pytest.approx(shot.values[name][:, 0], abs=0.01 * scale)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("recipe", "step"),
    [
        (Recipe(), 0),  # not solved yet
        (Recipe(seed=266), 100_000),  # a local minimum
        (Recipe(problem="or"), 5_000),  # solved, and not XOR
    ],
)
def test_where_xor_is_not_made_nothing_is_said_of_how(recipe: Recipe, step: int) -> None:
    (formula,) = cooperation(at(recipe, step))
    assert "takes it back" not in formula
    assert formula.startswith("ŷ = ")


def test_three_units_are_not_explained_by_two() -> None:
    assert cooperation(at(Recipe(hidden=(3,)), 5_000)) == ()
