"""What is said of a run that does not get on: plateau, saddle, local minimum, held back, slow.

All of it needs a loss that has not fallen for a thousand steps, and that the present slope will not
bring down in the next thousand; what merely takes its time is left alone.
"""

import numpy as np

from xortui.core.analysis.ends import LOCAL_MINIMUM, PLATEAU, SADDLE, STILL_LEARNING
from xortui.core.analysis.finding import HELD, SLOW, Diagnosis, rate_of
from xortui.core.analysis.loss_window import LossWindow
from xortui.core.analysis.measurements import (
    CURVED,
    LONG,
    MAX_PARAMETERS,
    STILL,
    expected_falls,
    least_curvatures,
    near_constant,
    shared_answer,
    slopes,
)
from xortui.core.model.functions import Array
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.training.snapshot import Snapshot

JUMP = 2.0  # a loss that rises to so many times its least has been thrown out of a valley
MERGED = 0.1  # activations nearer than this share of what they can span count as merged
CANCELS = 10  # of two pulls that nearly cancel, each is so many times what is left
# A way down on which the distance takes more steps than this to grow e-fold is too long to wait.
PATIENCE = 100_000


def stuck(snapshot: Snapshot, past: LossWindow, kind: str, is_symmetric: bool) -> Diagnosis | None:
    """What is said where the run does not get on; `kind` is the verdict on its state.

    `is_symmetric` says that it has units that are equal for ever.
    """
    long = past.window(LONG)
    if long is None or not -STILL < long.fall() < STILL:
        return None
    if not snapshot.network.free.any():
        return Diagnosis(
            SLOW,
            "Nothing changes: every parameter is frozen",
            "A frozen parameter keeps its value, whatever its gradient is.",
            "Unfreeze a parameter.",
        )
    here = snapshot.network, snapshot.parameters[np.newaxis]
    if kind == STILL_LEARNING:
        expected = expected_falls(snapshot.network, slopes(*here), np.array([snapshot.loss]))
        return _slow(snapshot, long) if expected[0] < STILL else None
    if kind not in (PLATEAU, SADDLE, LOCAL_MINIMUM):
        return None
    if _is_held(snapshot):
        return Diagnosis(
            HELD,
            f"Held back: loss {snapshot.loss:.3g}, where decay pulls as hard as the loss does",
            "L also counts large parameters: going on would cost it more than it would gain.",
            "Lower the weight decay or L1 with O.",
        )
    curvature = float(least_curvatures(*here)[0])
    if kind == LOCAL_MINIMUM:
        return _minimum(snapshot, past)
    # Identical units never take a way down that would part them.
    advice = f"Try {_another_start(snapshot)}." if is_symmetric else _advice(snapshot, curvature)
    if kind == SADDLE:
        return Diagnosis(
            SADDLE,
            f"Saddle: loss {snapshot.loss:.3g} hardly falls, but there is a way down",
            "The gradient is almost 0, but in one direction the loss curves down.",
            advice,
        )
    seen = f"Plateau: stuck at loss {snapshot.loss:.3g}, where the slope is almost 0"
    why = _flatness(snapshot, curvature)
    if near_constant(*here)[0]:
        steps, mean = past.at_chance, float(snapshot.labels.mean())
        noun = snapshot.recipe.table.row_noun
        seen = f"Plateau: every {noun} gets about the same answer, {mean:.2g}"
        if steps >= LONG:
            seen = f"Plateau: for {steps:,} steps no better than answering {mean:.2g}"
        why = _sameness(snapshot)
    return Diagnosis(PLATEAU, seen, why, advice)


def _is_held(snapshot: Snapshot) -> bool:
    """Whether the rows' losses alone still have a slope here, which the penalties cancel."""
    if not snapshot.recipe.penalties:
        return False
    network, values = snapshot.network, snapshot.values
    free = network.free
    of_rows = np.linalg.norm(network.layout.joined(values, "e") * free)
    of_all = np.linalg.norm(network.layout.joined(values, "d") * free)
    return bool(of_rows > CANCELS * of_all)


def _slow(snapshot: Snapshot, long: LossWindow) -> Diagnosis:
    return Diagnosis(
        SLOW,
        f"Slow: the loss fell by only {max(long.fall(), 0):.1%} in {LONG:,} steps",
        f"There is a slope, but learning rate {rate_of(snapshot)} takes tiny steps down it.",
        "Raise the learning rate tenfold.",
    )


def _advice(snapshot: Snapshot, curvature: float) -> str:
    """Whether to keep training on a plateau or a saddle, from how the ground curves down."""
    other = f"try {_another_start(snapshot)}."
    if np.isnan(curvature):
        return f"Keep training for a while, or {other}"
    if curvature > -CURVED:
        return other.capitalize()
    optimiser, rate = snapshot.network.optimiser, snapshot.recipe.learning_rate
    if optimiser.is_adaptive:  # its steps do not shrink with the slope
        return f"Keep training for a while, or {other}"
    # Along the direction that curves down the distance grows e-fold in so many steps.
    if optimiser.kept:
        rate /= 1 - snapshot.recipe.momentum
    if 1 / (rate * -curvature) > PATIENCE:
        return f"The way down is too gentle to wait for: {other}"
    return f"Keep training: the loss still falls, slowly; or {other}"


def _flatness(snapshot: Snapshot, curvature: float) -> str:
    """What is known of the ground where the gradient is almost 0."""
    if ACTIVATIONS[snapshot.recipe.activation].has_kink:
        return (
            "The gradient is almost 0; curvature is not measured for ReLU, so more cannot be said."
        )
    if snapshot.recipe.l1:
        return (
            "The gradient is almost 0; curvature is not measured with L1, so more cannot be said."
        )
    if np.isnan(curvature):
        return (
            f"The gradient is almost 0; curvature is not measured above {MAX_PARAMETERS} weights."
        )
    return "The gradient is almost 0, and so is the curvature."


def _sameness(snapshot: Snapshot) -> str:
    """Why every row gets one answer: from the spread of the last hidden layer's activations."""
    activations = snapshot.values[f"a{len(snapshot.recipe.hidden)}"]
    rows = f"{snapshot.recipe.table.row_noun}s"
    if _are_merged(snapshot, activations):
        return (
            f"The hidden units hardly tell the {rows} apart, so the {rows}' gradients cancel out."
        )
    return f"The hidden units tell the {rows} apart, but the output weights give them equal sums."


def _are_merged(snapshot: Snapshot, activations: Array) -> bool:
    """Whether activations [rows, units] are about the same in every row."""
    entry = ACTIVATIONS[snapshot.recipe.activation]
    reach = entry.span if entry.is_bounded else float(np.abs(activations).max()) or 1.0
    return bool(np.ptp(activations, axis=0).max() < MERGED * reach)


def _minimum(snapshot: Snapshot, past: LossWindow) -> Diagnosis:
    # That some of many points get one answer says little.
    shared = [] if snapshot.recipe.is_points else list(shared_answer(snapshot))
    seen = f"Local minimum: loss {snapshot.loss:.3g}, and every small change raises it"
    why = "The gradient is almost 0, and the loss curves up in every direction."
    if shared:
        answer, rows = float(snapshot.outputs[shared].mean()), len(snapshot.labels)
        seen = f"Local minimum: {len(shared)} of {rows} rows get the same answer, {answer:.2f}"
        merged = _are_merged(snapshot, snapshot.values[f"a{len(snapshot.recipe.hidden)}"][shared])
        why = "These rows lie apart in hidden space, but the output weights give them equal sums."
        if merged:
            why = "The hidden units merge these rows; the mean of their labels is the best answer."
        elif snapshot.recipe.hidden[-1] == 2:
            why = "These rows lie apart in hidden space, on a line on which the output is the same."
    jump = past.jump(JUMP)
    if jump is None:
        return Diagnosis(LOCAL_MINIMUM, seen, why, f"Try {_another_start(snapshot)}.")
    step, peak = jump
    return Diagnosis(
        LOCAL_MINIMUM,
        seen,
        f"Near step {step:,} a step overshot to loss {peak:.2g}, and the weights landed here.",
        f"Reset with a learning rate below {rate_of(snapshot)}.",
    )


def _another_start(snapshot: Snapshot) -> str:
    biases = "" if snapshot.recipe.bias else "biases, "
    return f"another seed, {biases}or more hidden units"
