"""Stages set: the run that a card is about, its numbers, and its other steps."""

from copy import deepcopy
from functools import lru_cache

from xortui.core.lessons.lesson import Stage
from xortui.core.lessons.scope import Scope
from xortui.core.model.recipe_words import in_words
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer


def prepare(stage: Stage) -> Trainer:
    """A run of its own that stands where the stage says, or where it diverged before.

    A stage is trained once; a copy of the run takes a small part of that time.
    """
    return deepcopy(_trained(stage))


@lru_cache(maxsize=8)
def _trained(stage: Stage) -> Trainer:
    trainer = Trainer(stage.recipe)
    for step, edit in stage.edits:
        trainer.seek(step)
        trainer.edit(edit)
    trainer.seek(stage.step)
    return trainer


@lru_cache(maxsize=32)
def snapshot_of(stage: Stage) -> Snapshot:
    """The numbers at a stage."""
    return _trained(stage).snapshot()


def scope_of(stage: Stage, snapshot: Snapshot) -> Scope:
    """The scope of a stage, whose other steps are those of a further run of the same."""
    beside: list[Trainer] = []

    @lru_cache(maxsize=64)
    def at(step: int) -> Snapshot:
        if step == snapshot.step:
            return snapshot
        if not beside:
            beside.append(prepare(stage))
        beside[0].seek(step)
        return beside[0].snapshot()

    return Scope(snapshot, at)


def stage_words(stage: Stage) -> str:
    """A stage in a few words: recipe, edits and step."""
    changes = [f"{edit.describe(stage.recipe)} at step {step}" for step, edit in stage.edits]
    return ", ".join([in_words(stage.recipe), *changes, f"step {stage.step:,}"])
