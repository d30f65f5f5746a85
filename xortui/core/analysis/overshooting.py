"""What is said of steps that are too large: the loss blows up, goes up and down, or gets worse."""

import numpy as np

from xortui.core.analysis.calm_step import HIGH
from xortui.core.analysis.ends import DIVERGED, GOT_WORSE, LOST, OSCILLATES
from xortui.core.analysis.finding import DIVERGING, Diagnosis, rate_of
from xortui.core.analysis.loss_window import LossWindow
from xortui.core.analysis.measurements import STILL, look_ahead
from xortui.core.training.divergence import INFINITE
from xortui.core.training.snapshot import Snapshot

# A loss ten times chance that rises at each of twenty steps, and still fast in the last half of
# them, never came back. Shorter rises did: at learning rates 1 and 2.
RISING_FACTOR = 1.5

RECENT = 50  # steps in which a loss that goes up and down is looked for
SWING = 0.01  # the share of the loss by which it has to turn
TURNING = 0.25  # the share of steps at which it has to
MIN_SWING = 1e-5  # a loss that stays below this may do as it likes: rounding makes it jump


def diverged(snapshot: Snapshot) -> Diagnosis:
    """A weight or the loss is not finite any more."""
    broke = snapshot.broke
    return Diagnosis(
        DIVERGED,
        f"Diverged: {broke.sentence}" if broke else f"Diverged at step {snapshot.step:,}",
        *_too_large_steps(snapshot),
    )


def blowing_up(snapshot: Snapshot) -> Diagnosis | None:
    """The loss rises, and the steps ahead raise it further."""
    if snapshot.loss <= HIGH * snapshot.chance_loss:
        return None
    here = snapshot.parameters[np.newaxis]
    kept = snapshot.kept[np.newaxis]
    ahead = look_ahead(snapshot.network, here, kept=kept, first=snapshot.step)
    if not ahead.blows_up(RISING_FACTOR)[0]:
        return None
    factor = float(ahead.losses[1, 0]) / snapshot.loss
    times = f"{factor:.0e}" if factor >= 1e5 else f"{factor:.{factor < 10:d}f}"
    times = f"{times} times that" if np.isfinite(factor) else INFINITE
    return Diagnosis(
        DIVERGING,
        f"Blowing up: loss {snapshot.loss:.2g}, and {times} after the next step",
        *_too_large_steps(snapshot),
    )


def _too_large_steps(snapshot: Snapshot) -> tuple[str, str]:
    """Why a loss blows up, and what to try."""
    if snapshot.recipe.mistake is not None:
        return (
            "A mistake was made on purpose, and each step raises the loss.",
            "Press m to take the mistake back.",
        )
    return (
        f"Learning rate {rate_of(snapshot)} is too high: each step overshoots more.",
        "Press d: back to before the rise, with η/10.",
    )


def lost(snapshot: Snapshot) -> Diagnosis | None:
    """A run that was solved since its last edit: what an edit undid is no surprise."""
    at = snapshot.solved_at
    if at is None or not snapshot.last_edit <= at < snapshot.step:
        return None
    return Diagnosis(
        LOST,
        f"Was solved at step {at:,}, then lost: the loss is {snapshot.loss:.2g}",
        snapshot.network.optimiser.overshoots
        or f"With learning rate {rate_of(snapshot)} a later step overshot.",
        f"Go back to step {at:,} and lower the learning rate.",
    )


def oscillation(snapshot: Snapshot, past: LossWindow, kind: str) -> Diagnosis | None:
    """The loss, or the outputs, go up and down."""
    recent = past.window(RECENT)
    if recent is None or recent.high.max() < MIN_SWING:
        return None
    if recent.turns(SWING) >= TURNING:
        low, high = float(recent.low.min()), float(recent.high.max())
        seen = f"The loss goes up and down between {low:.2g} and {high:.2g}"
    elif kind == OSCILLATES and recent.fall() < STILL:
        stays = "stays at" if recent.fall() > -SWING else "rose to"
        seen = f"The outputs jump back and forth; the loss {stays} {snapshot.loss:.2g}"
    else:
        return None
    return Diagnosis(
        OSCILLATES,
        seen,
        _why_back_and_forth(snapshot),
        "Halve the learning rate, or take larger batches."
        if snapshot.recipe.batch
        else "Halve the learning rate.",
    )


def _why_back_and_forth(snapshot: Snapshot) -> str:
    if snapshot.recipe.batch:
        return "A step lowers the loss of its own batch, which may raise that of the other rows."
    return (
        snapshot.network.optimiser.overshoots
        or f"Learning rate {rate_of(snapshot)} is too high here: steps overshoot the bottom of a "
        "valley."
    )


def got_worse(snapshot: Snapshot, past: LossWindow, kind: str) -> Diagnosis | None:
    """The loss is above that of the start, or far above that of the best constant answer."""
    if kind != GOT_WORSE or past.window(RECENT) is None:
        return None
    first = float(past.first[0])
    than = (
        f"up from {first:.2g}"
        if snapshot.loss > first
        else "over twice that of the best constant answer"
    )
    return Diagnosis(
        GOT_WORSE,
        f"Got worse: loss {snapshot.loss:.2g}, {than}",
        "A step that is too large, or goes the wrong way, raises the loss.",
        "Lower the learning rate, or check the gradients with c.",
    )
