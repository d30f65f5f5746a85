"""Predictions: each question has an answer that the step then bears out."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import recipes
from tests.sample import examples
from xortui.core.explain.places import parse_place, value_at
from xortui.core.lessons.predict import before_operation, before_step
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer


@examples(60)
@given(st.data())
def test_the_answer_is_what_the_operation_makes(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=3, most_units=5, greatest_rate=1.0, with_mistakes=True))
    trainer = Trainer(recipe)
    trainer.seek(data.draw(st.integers(0, 5)))
    snapshot = trainer.snapshot()
    index = data.draw(st.integers(0, len(snapshot.results) - 1))
    asked = before_operation(snapshot, index)
    assert set(asked.right) <= set(asked.allowed)
    found = re.fullmatch(r"(?:Does|Is|What is the sign of) (.+?)(?: rise.*| above.*|\?)", asked.ask)
    if found is None:
        losses = snapshot.values["losses"][:, 0]
        assert len(asked.right) == int((losses == losses.max()).sum())
        return
    value = value_at(parse_place(snapshot, found[1]), snapshot)
    if "rise" in asked.ask:
        name, bracket, cell = found[1].partition("[")
        value = value_at(parse_place(snapshot, f"{name}+{bracket}{cell}"), snapshot) - value
    if "above" in asked.ask:
        assert asked.right == ("y" if value > 0.5 else "n",)
    else:
        assert asked.right == ("+" if value > 0 else "-" if value < 0 else "0",)


def test_the_row_that_improves_most_is_told_by_the_next_step() -> None:
    for seed in range(20):
        trainer = Trainer(Recipe(seed=seed))
        trainer.seek(3)
        before = trainer.snapshot()
        asked = before_step(before)
        trainer.step()
        gained = np.abs(before.errors) - np.abs(trainer.snapshot().errors)
        assert asked.right == (("00", "01", "10", "11")[int(gained.argmax())],)


def test_it_says_what_it_does_not_understand() -> None:
    asked = before_operation(Trainer(Recipe()).snapshot(), 0)
    assert asked.understand(" − ") == "-"
    with pytest.raises(ValueError, match="one of"):
        asked.understand("up")


def test_another_number_is_asked_for_at_another_step() -> None:
    trainer = Trainer(Recipe())
    first = before_operation(trainer.snapshot(), 0).ask
    trainer.step()
    assert before_operation(trainer.snapshot(), 0).ask != first


def test_of_the_losses_the_row_with_the_greatest_is_asked_for() -> None:
    snapshot = Trainer(Recipe(seed=4)).snapshot()
    targets = [result.operation.target for result in snapshot.results]
    asked = before_operation(snapshot, targets.index("losses"))
    worst = int(np.square(snapshot.errors).argmax())
    assert asked.ask == "Which row has the greatest loss?"
    assert asked.right == (("00", "01", "10", "11")[worst],)
    assert asked.allowed == ("00", "01", "10", "11")


@pytest.mark.parametrize("rate", [0.05, 1000.0])
def test_of_points_it_is_asked_whether_the_loss_falls(rate: float) -> None:
    trainer = Trainer(Recipe(problem="moons", points=40, learning_rate=rate))
    trainer.seek(2)
    before = trainer.snapshot()
    asked = before_step(before)
    trainer.step()
    assert asked.right == ("y" if trainer.snapshot().loss < before.loss else "n",)
    assert asked.ask == "Does the loss fall with the next step?"
