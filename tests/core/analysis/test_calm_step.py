"""The way back from a run that blew up."""

from xortui.core.analysis.calm_step import calm_step
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer


def test_the_calm_step_is_the_last_one_before_the_rise() -> None:
    at_once = Trainer(Recipe(learning_rate=10.0))
    at_once.seek(5_000)
    assert calm_step(at_once.snapshot()) == 0
    late = Recipe(problem="parity3", hidden=(6,), activation="tanh", bias=True, seed=1)
    trainer = Trainer(late)
    trainer.seek(5_000)
    step = calm_step(trainer.snapshot())
    trainer.seek(step)
    assert trainer.snapshot().loss < 1.25
    trainer.seek(step + 1)
    assert trainer.snapshot().loss > 1.25


def test_the_calm_step_is_not_before_the_last_edit() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(2_000)
    trainer.edit(Edit("learning_rate", None, 10.0))
    trainer.seek(9_000)
    assert trainer.at_end
    assert calm_step(trainer.snapshot()) >= 2_000


def test_a_run_that_is_calm_stands_at_its_calm_step() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(700)
    assert calm_step(trainer.snapshot()) == 700
