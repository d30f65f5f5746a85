"""What is to be seen in a run, in plain words: each rule reads measured state and nothing else.

Some say that a run does not get on: plateau, local minimum, saddle, flat and slow. They need a loss
that has not fallen for a thousand steps and that the present slope will not bring down in the next
thousand; what merely takes its time is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from xortui.core.evidence import (
    expected_fall,
    least_curvature,
    loss_of_constant,
    overshoots,
    shared_answer,
    slope,
)
from xortui.core.functions import Array
from xortui.core.history import History, history
from xortui.core.norms import saturated_pairs
from xortui.core.snapshot import Snapshot
from xortui.core.timeline import GOAL
from xortui.core.units import unit_name

DIVERGED, SOLVED, DIVERGING, OSCILLATION = "diverged", "solved", "diverging", "oscillation"
IDENTICAL, DEAD, SATURATION = "identical units", "dead units", "saturation"
PLATEAU, MINIMUM, SADDLE, FLAT, SLOW = "plateau", "local minimum", "saddle", "flat", "slow"
STUCK_KINDS = (PLATEAU, MINIMUM, SADDLE, FLAT, SLOW)

# The thresholds come from 1,000 seeds of the reference network and from samples of other recipes.
# Away from chance, none of those seeds that is solved loses less than 3% of its loss in so long.
LONG = 1_000  # steps without progress, both past and expected, before a run is said not to get on
STILL = 0.01  # the least share of the loss that counts as progress over those
NEAR_CHANCE = 0.01  # the share of the loss of the best constant answer that counts as being at it
LEVEL = 2.5e-3  # the norm of the mean loss's gradient below which there is hardly a slope
CURVED = -1e-5  # the curvature below which a direction leads down; 0 but for rounding is above it

# A loss ten times chance that has risen at each of these steps, and still fast in the last half of
# them, never came back. Shorter rises did: at learning rates 1 and 2.
RISING_STEPS = 20
RISING_FACTOR = 1.5

RECENT = 50  # steps in which a loss that goes up and down is looked for
SWING = 0.01  # the share of the loss by which it has to turn
TURNING = 0.25  # the share of steps at which it has to
BACKWARDS = -0.5  # the cosine between two steps' gradients below which the first one overshot
LEAST_SWING = 1e-5  # a loss that stays below this may do as it likes: rounding makes it jump

JUMP = 2.0  # a loss that rises to so many times its least has been thrown out of a valley
SATURATED_SHARE = 0.5
TWIN = 1e-6  # the relative difference below which two units' weights count as equal


@dataclass(frozen=True)
class Diagnosis:
    """What is `seen`, `why` it happens, and what to try: a short sentence each.

    `kind` is one of diverged, solved, diverging, oscillation, identical units, dead units, plateau,
    local minimum, saddle, flat, slow, saturation.
    """

    kind: str
    seen: str
    why: str
    try_this: str

    @property
    def is_stuck(self) -> bool:
        """Whether it says that the run has not got on for a thousand steps."""
        return self.kind in STUCK_KINDS


def diagnose(snapshot: Snapshot) -> tuple[Diagnosis, ...]:
    """All that is to be said of a step, the most telling first; often nothing.

    What came before is read from the snapshot's curve, up to its own step and since the last edit.
    """
    if snapshot.diverged or not np.isfinite(snapshot.loss):
        return (_diverged(snapshot),)
    past = history(snapshot)
    diverging = _diverging(snapshot, past)
    if diverging:
        return (diverging,)
    overshot = overshoots(snapshot, BACKWARDS)
    oscillation = _oscillation(snapshot, past, overshot)
    if snapshot.solved:
        return (_solved(snapshot), *([oscillation] if oscillation else []))
    identical = _identical_units(snapshot)
    rules = (
        oscillation,
        identical,
        _dead_units(snapshot),
        None if overshot else _stuck(snapshot, past, is_symmetric=identical is not None),
        _saturation(snapshot),
    )
    return tuple(rule for rule in rules if rule)


def _rate(snapshot: Snapshot) -> str:
    return f"{snapshot.recipe.learning_rate:g}"


def _diverged(snapshot: Snapshot) -> Diagnosis:
    return Diagnosis(
        DIVERGED,
        f"Diverged: not finite since step {snapshot.step:,}",
        f"With learning rate {_rate(snapshot)} each step overshot by more than the one before.",
        "Go back and lower the learning rate, or reset with a lower one.",
    )


def _solved(snapshot: Snapshot) -> Diagnosis:
    rows = len(snapshot.labels)
    return Diagnosis(
        SOLVED,
        f"Solved: {rows} of {rows} rows right, loss {snapshot.loss:.2g} < {GOAL:g}",
        "Every output is on its label's side of 0.5 and the mean loss is below the goal.",
        "Look at the hidden space to see how the rows became separable.",
    )


def _diverging(snapshot: Snapshot, past: History) -> Diagnosis | None:
    is_high = snapshot.loss > 10 * snapshot.chance_loss
    if not is_high or past.growth(RISING_STEPS) < RISING_FACTOR:
        return None
    return Diagnosis(
        DIVERGING,
        f"About to diverge: loss {snapshot.loss:.2g}, rising at every step",
        f"Learning rate {_rate(snapshot)} is too high: each step overshoots more than the last.",
        "Pause, go back to before the rise, and lower the learning rate.",
    )


def _oscillation(snapshot: Snapshot, past: History, overshot: bool) -> Diagnosis | None:
    recent = past.window(RECENT)
    if recent is None or recent.high.max() < LEAST_SWING:
        return None
    if recent.turns(SWING) >= TURNING:
        low, high = float(recent.low.min()), float(recent.high.max())
        seen = f"The loss goes up and down between {low:.2g} and {high:.2g}"
    elif overshot and not snapshot.solved and recent.fall() < STILL:
        stays = "stays at" if recent.fall() > -SWING else "rose to"
        seen = f"The outputs jump to and fro; the loss {stays} {snapshot.loss:.2g}"
    else:
        return None
    return Diagnosis(
        OSCILLATION,
        seen,
        f"Learning rate {_rate(snapshot)} is too high here: steps overshoot the valley's floor.",
        "Halve the learning rate.",
    )


def _stuck(snapshot: Snapshot, past: History, is_symmetric: bool) -> Diagnosis | None:
    long = past.window(LONG)
    if long is None or not -STILL < long.fall() < STILL:
        return None
    if not snapshot.network.free.any():
        return Diagnosis(
            SLOW,
            "Nothing moves: every parameter is frozen",
            "A frozen parameter keeps its value, whatever its gradient is.",
            "Set a parameter free.",
        )
    if expected_fall(snapshot, LONG) >= STILL:
        return None
    if slope(snapshot) > LEVEL:
        return Diagnosis(
            SLOW,
            f"Slow: the loss fell by only {max(long.fall(), 0):.1%} in {LONG:,} steps",
            f"There is a slope, but learning rate {_rate(snapshot)} takes tiny steps down it.",
            "Raise the learning rate tenfold.",
        )
    # Identical units never take a way down that would part them.
    leads_down = not is_symmetric and (least_curvature(snapshot) or 0) < CURVED
    return _plateau(snapshot, past, leads_down) or _resting(snapshot, past, leads_down)


def _plateau(snapshot: Snapshot, past: History, leads_down: bool) -> Diagnosis | None:
    mean, chance = float(snapshot.labels.mean()), loss_of_constant(snapshot)
    steps = past.steps_near(chance, NEAR_CHANCE * chance)
    if steps < LONG:
        return None
    return Diagnosis(
        PLATEAU,
        f"Plateau: for {steps:,} steps no better than answering {mean:.2g}",
        "The hidden units hardly tell the rows apart, so the rows' gradients cancel out.",
        f"Run on: a way leads down, slowly; or try {_another_start(snapshot)}."
        if leads_down
        else f"Try {_another_start(snapshot)}.",
    )


def _resting(snapshot: Snapshot, past: History, leads_down: bool) -> Diagnosis:
    """Away from chance: a saddle where a direction leads down, else a minimum or flat ground."""
    shared, answer = shared_answer(snapshot)
    if leads_down:
        return Diagnosis(
            SADDLE,
            f"Saddle: loss {snapshot.loss:.3g} hardly falls, yet a way leads down",
            "The gradient is almost 0 here, but the ground curves down in one direction.",
            "Run on, as it is slow and not dead; noise on the weights may help.",
        )
    if shared:
        rows = len(snapshot.labels)
        kind, seen = MINIMUM, f"Local minimum: {shared} of {rows} rows get one answer, {answer:.2f}"
        why = "The hidden units merge these rows; the mean of their labels is the best answer left."
    else:
        kind, seen = FLAT, f"Stuck at loss {snapshot.loss:.3g}: there is hardly a slope"
        why = "The gradient is almost 0, and no direction that leads down was found."
    jump = past.jump(JUMP)
    if jump is None:
        return Diagnosis(kind, seen, why, f"Try {_another_start(snapshot)}.")
    step, peak = jump
    return Diagnosis(
        kind,
        seen,
        f"Near step {step:,} a step overshot to loss {peak:.2g}, and the weights landed here.",
        f"Reset with a learning rate below {_rate(snapshot)}.",
    )


def _another_start(snapshot: Snapshot) -> str:
    biases = "" if snapshot.recipe.bias else "biases, "
    return f"another seed, {biases}or more hidden units"


def _saturation(snapshot: Snapshot) -> Diagnosis | None:
    recipe = snapshot.recipe
    if recipe.activation == "relu":
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
        f"Saturated: {most:.0%} of the activations {where}have no slope",
        f"Far from 0 the {recipe.activation} is flat, so hardly any gradient comes through.",
        "Reset with smaller weights or a lower learning rate.",
    )


def _dead_units(snapshot: Snapshot) -> Diagnosis | None:
    if snapshot.recipe.activation != "relu":
        return None
    for layer, units in enumerate(snapshot.recipe.hidden, start=1):
        dead = int((~(snapshot.values[f"a{layer}"] > 0).any(axis=0)).sum())
        if dead:
            are = "is" if dead == 1 else "are"
            where = _of_layer(snapshot, layer)
            return Diagnosis(
                DEAD,
                f"{dead} of {units} ReLU units {where}{are} dead: 0 for every row",
                "Where a ReLU gives 0 its slope is 0, so no gradient reaches the unit's weights.",
                "Try another seed, more units, or tanh.",
            )
    return None


def _identical_units(snapshot: Snapshot) -> Diagnosis | None:
    for layer in range(1, len(snapshot.recipe.hidden) + 1):
        for one, other in _twins(snapshot, layer):
            names = f"{unit_name(one)} and {unit_name(other)}"
            return Diagnosis(
                IDENTICAL,
                f"{names} {_of_layer(snapshot, layer)}are identical, in and out",
                "Equal weights get equal gradients, so the two stay one unit for ever.",
                "Change one weight, add noise, or start from random weights.",
            )
    return None


def _twins(snapshot: Snapshot, layer: int) -> Iterator[tuple[int, int]]:
    """Pairs of units of a hidden layer whose weights are equal, both coming in and going out."""
    values = snapshot.values
    parts = [values[f"W{layer}"], values[f"W{layer + 1}"].T]
    if snapshot.recipe.bias:
        parts.append(values[f"b{layer}"][None])
    for one, other in combinations(range(snapshot.recipe.hidden[layer - 1]), 2):
        if all(_are_equal(part, one, other) for part in parts):
            yield one, other


def _are_equal(part: Array, one: int, other: int) -> bool:
    difference = np.abs(part[:, one] - part[:, other]).max()
    return bool(difference <= TWIN * np.abs(part).max())


def _of_layer(snapshot: Snapshot, layer: int) -> str:
    """Which layer, where there is more than one."""
    return f"of layer {layer} " if len(snapshot.recipe.hidden) > 1 else ""
