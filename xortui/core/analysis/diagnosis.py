"""What is to be seen in a run, in plain words: each rule reads measured state and nothing else.

Kinds of end are decided by the code that judges a sweep's networks; see `ends.py`.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from xortui.core.analysis.calm_step import HIGH
from xortui.core.analysis.ends import (
    DIVERGED,
    GOT_WORSE,
    LOST,
    OSCILLATES,
    SOLVED,
    STILL_LEARNING,
)
from xortui.core.analysis.finding import (
    DEAD,
    DIVERGING,
    IDENTICAL,
    NO_GRADIENT,
    NO_RATE,
    OVERFITTING,
    SATURATION,
    UNSOLVABLE,
    Diagnosis,
    rate_of,
)
from xortui.core.analysis.loss_window import LossWindow, loss_window
from xortui.core.analysis.measurements import STILL, look_ahead, slopes
from xortui.core.analysis.statistics import percent
from xortui.core.analysis.stuck import stuck
from xortui.core.analysis.verdict import verdicts
from xortui.core.model.functions import Array, saturated_pairs, value_at_zero
from xortui.core.model.names import unit_name
from xortui.core.model.schedules import CONSTANT, RATE
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.training.divergence import INFINITE
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.solved import GOAL

# A loss ten times chance that rises at each of twenty steps, and still fast in the last half of
# them, never came back. Shorter rises did: at learning rates 1 and 2.
RISING_FACTOR = 1.5

RECENT = 50  # steps in which a loss that goes up and down is looked for
SWING = 0.01  # the share of the loss by which it has to turn
TURNING = 0.25  # the share of steps at which it has to
MIN_SWING = 1e-5  # a loss that stays below this may do as it likes: rounding makes it jump

SATURATED_SHARE = 0.5
TWIN = 1e-6  # the relative difference below which two units' weights count as equal


def diagnose(snapshot: Snapshot) -> tuple[Diagnosis, ...]:
    """All that is to be said of a step, the most telling first; often nothing.

    What came before is read from the snapshot's curve, up to its own step and since the last edit.
    """
    if snapshot.diverged or not np.isfinite(snapshot.loss):
        return (_diverged(snapshot),)
    past = loss_window(snapshot)
    diverging = _diverging(snapshot)
    if diverging:
        return (diverging,)
    if snapshot.solved:
        beside = _overfitting(snapshot), _oscillation(snapshot, past, STILL_LEARNING)
        return (_solved(snapshot), *(rule for rule in beside if rule))
    kind = verdicts(
        snapshot.network,
        snapshot.parameters[np.newaxis],
        np.array([snapshot.loss]),
        np.array([past.first[0] if len(past.first) else snapshot.loss]),
        snapshot.kept[np.newaxis],
        snapshot.step,
    )[0]
    unsolvable, identical = _unsolvable(snapshot), _identical_units(snapshot)
    rules = (
        _ended(snapshot),
        _lost(snapshot),
        _overfitting(snapshot),
        unsolvable,
        _oscillation(snapshot, past, kind),
        identical,
        _no_gradient(snapshot),
        _dead_units(snapshot),
        None if unsolvable else stuck(snapshot, past, kind, identical is not None),
        _worse(snapshot, past, kind),
        _saturation(snapshot),
    )
    return tuple(rule for rule in rules if rule)


def _diverged(snapshot: Snapshot) -> Diagnosis:
    broke = snapshot.broke
    return Diagnosis(
        DIVERGED,
        f"Diverged: {broke.sentence}" if broke else f"Diverged at step {snapshot.step:,}",
        *_too_large_steps(snapshot),
    )


def _diverging(snapshot: Snapshot) -> Diagnosis | None:
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


def _solved(snapshot: Snapshot) -> Diagnosis:
    rows = len(snapshot.labels)
    if snapshot.recipe.is_points:
        return _solved_points(snapshot)
    return Diagnosis(
        SOLVED,
        f"Solved: {rows} of {rows} rows right, loss {_below_goal(snapshot.loss)} < {GOAL:g}",
        "Every output is on its label's side of 0.5.",
        "Press 8 to see how the rows came apart.",
    )


def _solved_points(snapshot: Snapshot) -> Diagnosis:
    """Training and test points side by side: only those trained on decide."""
    right, rows, held_out = int(snapshot.right.sum()), len(snapshot.right), snapshot.held_out
    share = percent(snapshot.recipe.table.share_to_solve)
    test = "No points were set aside for a test."
    if held_out is not None:
        count = f"{int(held_out.right.sum())} of {len(held_out.right)}"
        test = f"Of the test points, never trained on, {count} are right."
    return Diagnosis(
        SOLVED,
        f"Solved: {right} of {rows} training points right (at least {share}), "
        f"loss {_below_goal(snapshot.loss)} < {GOAL:g}",
        test,
        "Press 5 to see where the line runs.",
    )


def _overfitting(snapshot: Snapshot) -> Diagnosis | None:
    """What is learned is the points and not what they have in common; see `overfit_since`."""
    curve, held_out = snapshot.test_curve, snapshot.held_out
    since = None if curve is None else curve.overfit_since(snapshot.step)
    if curve is None or held_out is None or since is None:
        return None
    least = float(curve.test[curve.steps == since][0])
    return Diagnosis(
        OVERFITTING,
        f"Overfitting: the test loss was {least:.2g} at step {since:,}, and is {held_out.loss:.2g}",
        "The training loss has fallen since: the points are learned, not what they share.",
        f"Go back to step {since:,}, or try fewer hidden units or more points.",
    )


def _below_goal(loss: float) -> str:
    """A loss with two digits, or as many as show that it is below the goal: 0.0099928."""
    return next(text for digits in range(2, 18) if float(text := f"{loss:.{digits}g}") < GOAL)


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


def _lost(snapshot: Snapshot) -> Diagnosis | None:
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


def _unsolvable(snapshot: Snapshot) -> Diagnosis | None:
    """Without biases a row of zeros stays 0 through every tanh or ReLU, whatever the weights are.

    Its output is 0, or sigmoid(0).
    """
    recipe = snapshot.recipe
    if recipe.is_points or recipe.bias or value_at_zero(recipe.activation) != 0:
        return None
    row, output = 0, value_at_zero(recipe.output)  # the first row is that of zeros
    label = float(snapshot.labels[row])
    if output == label:
        return None
    zeros = ",".join("0" * recipe.table.inputs)
    return Diagnosis(
        UNSOLVABLE,
        f"Never solved: ŷ({zeros}) is always {output:g}, but its label is {label:g}",
        f"Without biases nothing moves at ({zeros}): {recipe.activation}(0) is 0.",
        "Start with biases: --bias.",
    )


def _oscillation(snapshot: Snapshot, past: LossWindow, kind: str) -> Diagnosis | None:
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


def _worse(snapshot: Snapshot, past: LossWindow, kind: str) -> Diagnosis | None:
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


def _no_gradient(snapshot: Snapshot) -> Diagnosis | None:
    if not snapshot.network.free.any() or snapshot.gradient_norm > 0:
        return None
    if snapshot.recipe.batch and slopes(snapshot.network, snapshot.parameters[None])[0] > 0:
        return None  # other batches have one
    if any(snapshot.change(name).any() for name in snapshot.network.shapes):
        return None  # what the optimiser keeps still moves them
    return Diagnosis(
        NO_GRADIENT,
        f"No gradient: all are exactly 0 at loss {snapshot.loss:.3g}",
        "Where every gradient is 0, no step changes a weight.",
        "Start from other weights, or add noise with u.",
    )


def _saturation(snapshot: Snapshot) -> Diagnosis | None:
    recipe = snapshot.recipe
    if not ACTIVATIONS[recipe.activation].is_bounded:
        return None
    shares = [
        float(saturated_pairs(recipe.activation, snapshot.values[f"a{layer}"]).mean())
        for layer in range(1, len(recipe.hidden) + 1)
    ]
    most = max(shares)
    if most < SATURATED_SHARE:
        return None
    where = _of_layer(snapshot, shares.index(most) + 1)
    return Diagnosis(
        SATURATION,
        f"Saturated: {percent(most)} of activations {where}have almost no slope",
        f"Far from 0 the {recipe.activation} is flat.",
        "Reset with smaller weights or a lower η.",
    )


def _dead_units(snapshot: Snapshot) -> Diagnosis | None:
    if not ACTIVATIONS[snapshot.recipe.activation].can_be_off:
        return None
    for layer, units in enumerate(snapshot.recipe.hidden, start=1):
        dead = int((~(snapshot.values[f"a{layer}"] > 0).any(axis=0)).sum())
        if dead:
            are = "is" if dead == 1 else "are"
            where = _of_layer(snapshot, layer)
            return Diagnosis(
                DEAD,
                f"{dead} of {units} ReLU units {where}{are} dead: 0 for every {_noun(snapshot)}",
                "Where a ReLU gives 0 its slope is 0: no gradient passes.",
                "Try another seed, more units, or tanh.",
            )
    return None


def _identical_units(snapshot: Snapshot) -> Diagnosis | None:
    for layer in range(1, len(snapshot.recipe.hidden) + 1):
        for one, other in _twins(snapshot, layer):
            sizes = snapshot.recipe.sizes
            names = f"{unit_name(layer, one, sizes)} and {unit_name(layer, other, sizes)}"
            return Diagnosis(
                IDENTICAL,
                f"{names} have the same incoming and outgoing weights",
                "Equal weights get equal gradients and stay equal.",
                "Change a weight, or add noise with u.",
            )
    return None


def _twins(snapshot: Snapshot, layer: int) -> Iterator[tuple[int, int]]:
    """Pairs of units of a hidden layer whose weights are equal, both coming in and going out."""
    values = snapshot.values
    parts = []
    for kind in ("", *snapshot.network.optimiser.kept):  # what is kept has to be equal, too
        parts += [values[f"{kind}W{layer}"], values[f"{kind}W{layer + 1}"].T]
        if snapshot.recipe.bias:
            parts.append(values[f"{kind}b{layer}"][None])
    for one, other in combinations(range(snapshot.recipe.hidden[layer - 1]), 2):
        if all(_are_equal(part, one, other) for part in parts):
            yield one, other


def _are_equal(part: Array, one: int, other: int) -> bool:
    difference = np.abs(part[:, one] - part[:, other]).max()
    return bool(difference <= TWIN * np.abs(part).max())


def _noun(snapshot: Snapshot) -> str:
    return snapshot.recipe.table.row_noun


def _of_layer(snapshot: Snapshot, layer: int) -> str:
    """Which layer, where there is more than one."""
    return f"of layer {layer} " if len(snapshot.recipe.hidden) > 1 else ""
