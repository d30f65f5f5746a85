"""What the app says of a run: each rule where it is so, and silence where it is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import recipes
from tests.sample import examples
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.analysis.ends import LOCAL_MINIMUM, PLATEAU, SADDLE
from xortui.core.analysis.finding import HELD, SLOW, Diagnosis
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer

# What says that a run has not got on for a thousand steps.
STUCK_KINDS = (PLATEAU, LOCAL_MINIMUM, SADDLE, SLOW, HELD)


def kinds_at(recipe: Recipe, *steps: int) -> list[tuple[str, ...]]:
    """The kinds of what is said at each of the steps."""
    trainer, found = Trainer(recipe), []
    for step in steps:
        trainer.seek(step)
        found.append(tuple(item.kind for item in diagnose(trainer.snapshot())))
    return found


def at(recipe: Recipe, step: int) -> tuple[Diagnosis, ...]:
    """What is said at a step."""
    trainer = Trainer(recipe)
    trainer.seek(step)
    return diagnose(trainer.snapshot())


def test_nothing_is_said_of_the_reference_run_until_it_is_solved() -> None:
    before = kinds_at(Recipe(), 0, 1, 100, 500, 1_000, 1_500, 2_000)
    assert before == [()] * 7
    (found,) = at(Recipe(), 10_000)
    assert found.kind == "solved"
    assert found.seen == "Solved: 4 of 4 rows right, loss 0.0017 < 0.01"


def test_what_came_later_does_not_count_at_an_earlier_step() -> None:
    straight = at(Recipe(learning_rate=0.5), 150)
    trainer = Trainer(Recipe(learning_rate=0.5))
    trainer.step(6_000)
    trainer.seek(150)
    assert diagnose(trainer.snapshot()) == straight == ()


@pytest.mark.slow
@examples(30)
@given(recipes(most_bits=3, most_units=8), st.sampled_from((0, 1, 60, 1_100)))
def test_whatever_is_said_is_short_plain_and_true_of_its_kind(recipe: Recipe, step: int) -> None:
    trainer = Trainer(recipe)
    trainer.seek(step)
    shot = trainer.snapshot()
    found = diagnose(shot)
    kinds = [item.kind for item in found]
    assert len(set(kinds)) == len(kinds)
    assert len([kind for kind in kinds if kind in STUCK_KINDS]) <= 1
    assert ("diverged" in kinds) == (shot.diverged or not np.isfinite(shot.loss))
    assert ("solved" in kinds) == shot.solved
    for item in found:
        assert len(item.seen) <= 67
        assert "\n" not in item.seen + item.why + item.try_this
        assert item.why.endswith(".")
        assert item.try_this.endswith(".")
        assert "nan" not in item.seen


def test_a_loss_just_below_the_goal_is_not_rounded_up_to_it() -> None:
    (found, *_) = at(Recipe(), 2198)
    loss = found.seen.split("loss ")[1].split(" <")[0]
    assert loss == "0.00999"
    assert at(Recipe(), 10_000)[0].seen.endswith("loss 0.0017 < 0.01")
