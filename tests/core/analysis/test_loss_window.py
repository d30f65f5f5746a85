"""What the loss has done lately: up to the present step, since the last edit."""

from dataclasses import replace

import numpy as np
import pytest

from tests.sample import some
from xortui.core.analysis.loss_window import LossWindow, loss_window
from xortui.core.model.functions import Array
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.loss_curve import LossCurveRecorder
from xortui.core.training.trainer import Trainer


def history_of(losses: Array) -> LossWindow:
    """The history of a run with these losses that stands at its last step."""
    recorder = LossCurveRecorder()
    recorder.append(losses)
    shot = Trainer(Recipe()).snapshot()
    step = len(losses) - 1
    values = dict(shot.values) | {"loss": losses[-1]}
    return loss_window(
        replace(shot, step=step, last_step=step, curve=recorder.curve(), values=values)
    )


def test_it_ends_at_the_present_step_also_where_the_run_has_been_further() -> None:
    trainer = Trainer(Recipe())
    trainer.step(300)
    trainer.seek(100)
    shot = trainer.snapshot()
    past = loss_window(shot)
    assert len(past.last) == 101
    assert past.last[-1] == shot.loss


def test_it_begins_at_the_last_edit() -> None:
    trainer = Trainer(Recipe())
    trainer.step(100)
    trainer.edit(Edit("weight", "W2[0,0]", 3.0))
    trainer.step(20)
    past = loss_window(trainer.snapshot())
    assert (past.start, past.step, len(past.last)) == (100, 120, 21)


def test_an_edit_further_on_does_not_count() -> None:
    trainer = Trainer(Recipe())
    trainer.step(100)
    trainer.edit(Edit("learning_rate", None, 0.2))
    trainer.seek(60)
    assert loss_window(trainer.snapshot()).start == 0


@pytest.mark.parametrize("steps", [3_000, 30_000])  # one step a bucket, and several
def test_a_window_covers_at_least_its_steps(steps: int) -> None:
    past = history_of(np.linspace(2, 1, steps + 1))
    window = past.window(1_000)
    assert window is not None
    assert 1_000 <= window.step - window.start <= 1_000 + 2 * window.width
    assert window.fall() == pytest.approx((window.step - window.start) / steps)
    assert past.window(steps + 1) is None


@pytest.mark.slow
@pytest.mark.parametrize("further", some([30_000, 10_000, 300_000], 3))
def test_steps_at_chance_are_counted_to_the_step_however_far_the_run_has_been(further: int) -> None:
    trainer = Trainer(Recipe(seed=156))
    trainer.seek(10_000)
    before = loss_window(trainer.snapshot()).at_chance
    trainer.seek(8)
    assert abs(trainer.snapshot().loss / 0.125 - 1) < 0.01
    trainer.seek(7)
    assert abs(trainer.snapshot().loss / 0.125 - 1) > 0.01
    assert before == 10_000 - 8
    trainer.seek(further)
    trainer.seek(10_000)
    assert loss_window(trainer.snapshot()).at_chance == before


def test_steps_at_chance_begin_at_the_last_edit() -> None:
    trainer = Trainer(Recipe(seed=156))
    trainer.seek(5_001)
    trainer.edit(Edit("learning_rate", None, 0.2))
    trainer.step(700)
    assert loss_window(trainer.snapshot()).at_chance == 700


@pytest.mark.parametrize("steps", [3_000, 30_000])
def test_a_loss_that_goes_up_and_down_turns_at_every_step(steps: int) -> None:
    up_and_down: Array = 1.0 + 0.1 * np.power(-1.0, np.arange(steps))
    assert history_of(up_and_down).turns(0.01) == 1
    assert history_of(up_and_down).turns(0.5) == 0
    by_threes = np.tile([1.0, 0.9, 1.1], steps // 3)
    assert history_of(by_threes).turns(0.01) > 0.6
    assert history_of(np.linspace(2, 1, steps)).turns(0.0) == 0


def test_a_jump_is_told_with_its_step_and_its_peak() -> None:
    losses = np.linspace(1, 0.5, 200)
    losses[120:124] = 2, 5, 3, 1
    assert history_of(losses).jump(2.0) == (120, 5.0)
    assert history_of(np.linspace(1, 0.5, 200)).jump(2.0) is None
    assert history_of(np.ones(1)).jump(2.0) is None
