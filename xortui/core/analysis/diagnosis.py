"""What is to be seen in a run, in plain words: each rule reads measured state and nothing else.

Kinds of end are decided by the code that judges a sweep's networks; see `ends.py`.
"""

import numpy as np

from xortui.core.analysis.ends import STILL_LEARNING
from xortui.core.analysis.finding import NO_RATE, Diagnosis
from xortui.core.analysis.idle_units import (
    dead_units,
    identical_units,
    no_gradient,
    saturation,
    unsolvable,
)
from xortui.core.analysis.learned import overfitting, solved
from xortui.core.analysis.loss_window import loss_window
from xortui.core.analysis.overshooting import blowing_up, diverged, got_worse, lost, oscillation
from xortui.core.analysis.stuck import stuck
from xortui.core.analysis.verdict import verdicts
from xortui.core.model.schedules import CONSTANT, RATE
from xortui.core.training.snapshot import Snapshot


def diagnose(snapshot: Snapshot) -> tuple[Diagnosis, ...]:
    """All that is to be said of a step, the most telling first; often nothing.

    What came before is read from the snapshot's curve, up to its own step and since the last edit.
    """
    if snapshot.diverged or not np.isfinite(snapshot.loss):
        return (diverged(snapshot),)
    past = loss_window(snapshot)
    if rising := blowing_up(snapshot):
        return (rising,)
    if snapshot.solved:
        beside = overfitting(snapshot), oscillation(snapshot, past, STILL_LEARNING)
        return (solved(snapshot), *(rule for rule in beside if rule))
    kind = verdicts(
        snapshot.network,
        snapshot.parameters[np.newaxis],
        np.array([snapshot.loss]),
        np.array([past.first[0] if len(past.first) else snapshot.loss]),
        snapshot.kept[np.newaxis],
        snapshot.step,
    )[0]
    never, identical = unsolvable(snapshot), identical_units(snapshot)
    rules = (
        _ended(snapshot),
        lost(snapshot),
        overfitting(snapshot),
        never,
        oscillation(snapshot, past, kind),
        identical,
        no_gradient(snapshot),
        dead_units(snapshot),
        None if never else stuck(snapshot, past, kind, identical is not None),
        got_worse(snapshot, past, kind),
        saturation(snapshot),
    )
    return tuple(rule for rule in rules if rule)


def _ended(snapshot: Snapshot) -> Diagnosis | None:
    """A schedule that has come down to a learning rate of 0."""
    if snapshot.recipe.schedule == CONSTANT or float(snapshot.made(RATE)) > 0:
        return None
    return Diagnosis(
        NO_RATE,
        f"The learning rate is 0: the schedule {snapshot.recipe.schedule} has ended",
        "An update of length 0 changes nothing.",
        "Choose a longer schedule, or a constant one, with O.",
    )
