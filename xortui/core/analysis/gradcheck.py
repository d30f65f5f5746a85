"""Analytic derivatives against numerical ones."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xortui.core.analysis.rounding import loss_error, without_effect
from xortui.core.model.batch import evaluate_many
from xortui.core.model.functions import Array, sigmoid
from xortui.core.model.network import Network
from xortui.core.model.operation import FORWARD, LOSS
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import ACTIVATIONS

# The reference's own check: sigmoid's derivative at both values of a bit, by a forward difference.
SIGMOID_POINTS = (0.0, 1.0)
FORWARD_STEP = 1e-9

# A gradient is right where it differs from the exact one by no more than this share of itself.
TOLERANCE = 1e-5
# Step sizes for central differences, for a parameter of size 1 or less; of a larger one they are
# shares. Three of them tell most gradients; where rounding forbids it, greater ones may, and all
# are tried in the end.
ALL_STEPS = tuple(10.0 ** (-half / 2) for half in range(2, 17))
FIRST_STEPS, GREATER_STEPS = ALL_STEPS[3:6], ALL_STEPS[:6]
# The greatest step lessens the rounding of the first ones less than this.
HOPELESS = 1000
# With a step that is shorter by the root of ten a central difference errs by a tenth, so that two
# of them give the slope at step 0: the second, and a ninth of how far it is from the first.
SHARE = 1 / 9
# Two such extrapolations should differ by 99 times the error of the second. Less is relied on.
GAIN = 10

RIGHT, WRONG, UNCERTAIN, AT_KINK = "right", "wrong", "cannot tell", "not checked"
NOT_FINITE = "not finite"
# What is said of each in a sentence that counts, and why, in the order in which they are said.
_COUNTED = {
    WRONG: "wrong",
    RIGHT: "right",
    UNCERTAIN: "cannot tell (lost in rounding)",
    AT_KINK: "not checked (at a kink)",
    NOT_FINITE: "not checked (L or its gradient is inf or NaN)",
}

# The chart of error against step size: from where the Taylor series fails to where rounding does.
STEP_SIZES = tuple(float(f"1e-{power}") for power in range(1, 13))
MAX_CHARTED = 16
WHY_CENTRAL = (
    "Central differences compare L a step h above a parameter with L a step below: "
    "(L(w + h) − L(w − h)) / 2h. Their error is about h², because L is curved, plus about "
    "1e-16·L/h, because floats are rounded. The check takes several h and extrapolates to "
    "h = 0 (Richardson, 1911), and says that it cannot tell where the error left is too large for "
    "a verdict. A forward difference, "
    "(L(w + h) − L(w)) / h, has an error of about h instead of h², and with "
    f"h = {FORWARD_STEP:g} rounding alone costs about 1e-7: more than half of the 16 digits."
)


@dataclass(frozen=True)
class DerivativeCheck:
    """sigmoid' at one point: s (1 - s), and the forward difference."""

    at: float
    analytic: float
    numerical: float


@dataclass(frozen=True)
class ParameterCheck:
    """One parameter's gradient by backpropagation and by central differences.

    `relative_error` is |analytic - numerical| over the larger of the two, and `uncertainty` how far
    the numerical gradient may be from the exact one. `verdict` is one of

    | verdict     | meaning                                                                        |
    |-------------|--------------------------------------------------------------------------------|
    | right       | within `TOLERANCE` of the exact gradient, whatever rounding did                |
    | wrong       | further than that from it, whatever rounding did                               |
    | cannot tell | rounding forbids a verdict                                                     |
    | not checked | at a kink of ReLU or |w|, where there is no derivative to compare with         |
    | not finite  | the loss is inf or NaN, or a number that was needed is: nothing to compare     |
    """

    name: str
    analytic: float
    numerical: float
    relative_error: float
    uncertainty: float
    verdict: str


def summary(checks: Sequence[ParameterCheck]) -> str:
    """The verdicts counted: 7 of 9 right, 2 not checked (at a kink)."""
    counts = {verdict: sum(item.verdict == verdict for item in checks) for verdict in _COUNTED}
    parts = [f"{counts[verdict]} {words}" for verdict, words in _COUNTED.items() if counts[verdict]]
    if not parts:
        return "nothing checked"
    number, rest = parts[0].split(" ", 1)
    return ", ".join([f"{number} of {len(checks)} {rest}", *parts[1:]])


def passed(checks: Iterable[ParameterCheck]) -> bool:
    """Whether at least one gradient is found right and none wrong."""
    verdicts = {check.verdict for check in checks}
    return RIGHT in verdicts and WRONG not in verdicts


def has_sigmoid(recipe: Recipe) -> bool:
    """Whether the network has a sigmoid whose derivative could be checked."""
    return "sigmoid" in (recipe.activation, recipe.output)


def check_sigmoid(step: float = FORWARD_STEP) -> tuple[DerivativeCheck, ...]:
    """The reference's check of sigmoid' = sigmoid (1 - sigmoid), at the bits 0 and 1."""
    points = np.array(SIGMOID_POINTS)
    value = sigmoid(points)
    analytic = value * (1 - value)
    numerical = (sigmoid(points + step) - value) / step
    rows = zip(points.tolist(), analytic.tolist(), numerical.tolist(), strict=True)
    return tuple(DerivativeCheck(*row) for row in rows)


def check_parameters(
    network: Network, parameters: Array, step: int | None = None
) -> Iterator[ParameterCheck]:
    """Every parameter's gradient of L against central differences, one by one.

    L is that of a step's batch where there are batches; without `step`, of all rows.
    """
    values = network.evaluate(parameters, step=step).values
    analytic = network.layout.joined(values, "d")
    is_idle = without_effect(network, values)
    for index, name in enumerate(network.names):
        gradient = float(analytic[index])
        found, verdict = _judged(network, parameters, index, gradient, step)
        if verdict == UNCERTAIN and found.value == 0 and is_idle[index]:
            verdict = RIGHT if gradient == 0 else WRONG  # rounding has no part in it
        needed = float(values["L"]), gradient, found.value
        if verdict == UNCERTAIN and not all(map(math.isfinite, needed)):
            verdict = NOT_FINITE
        error = _relative_error(gradient, found.value)
        yield ParameterCheck(name, gradient, found.value, error, found.uncertainty, verdict)


@dataclass(frozen=True)
class Difference:
    """A numerical derivative, and how far it may be from the exact one."""

    value: float
    uncertainty: float
    rounding: float = 0.0  # the part of the uncertainty that only greater steps would lessen
    is_at_kink: bool = False


def _judged(
    network: Network, parameters: Array, index: int, gradient: float, step: int | None
) -> tuple[Difference, str]:
    """The best numerical derivative that is needed, and what it says of the analytic one."""
    for steps in (FIRST_STEPS, GREATER_STEPS):
        found = _difference(network, parameters, index, steps, step)
        verdict = _verdict(gradient, found)
        if verdict == WRONG or found.is_at_kink:
            break  # which is for all steps to say
        allowed = TOLERANCE * max(abs(gradient), abs(found.value))
        if verdict == RIGHT or found.rounding > HOPELESS * allowed:
            return found, verdict
    found = _difference(network, parameters, index, ALL_STEPS, step)
    return found, AT_KINK if found.is_at_kink else _verdict(gradient, found)


def _verdict(gradient: float, found: Difference) -> str:
    if not math.isfinite(found.uncertainty):
        return UNCERTAIN
    if not math.isfinite(gradient):
        return WRONG
    away, allowed = abs(gradient - found.value), TOLERANCE * max(abs(gradient), abs(found.value))
    if away + found.uncertainty <= allowed and allowed > 0:
        return RIGHT
    return WRONG if away > allowed + 2 * found.uncertainty else UNCERTAIN


def _difference(
    network: Network, parameters: Array, index: int, steps: Sequence[float], step: int | None
) -> Difference:
    """The extrapolated central difference whose curvature and rounding together are smallest.

    Richardson (1911). It has to agree with those of all smaller steps as far as their rounding lets
    them tell, or its uncertainty is infinite. At least three steps must be on one side of any kink.
    """
    here = parameters[index]
    sizes = np.array(steps) * max(1.0, abs(float(here)))
    moved = np.repeat(parameters[None], 2 * len(steps), axis=0)
    with np.errstate(all="ignore"):
        moved[:, index] += np.concatenate([sizes, -sizes])
        values = evaluate_many(network, moved, (FORWARD, LOSS), steps=[step] * len(moved))
        above, below = np.split(values["L"], 2)
        error_above, error_below = np.split(loss_error(network, values), 2)
        width = moved[: len(steps), index] - moved[len(steps) :, index]
        slopes = (above - below) / width
        # Dividing and subtracting round, too.
        rounding = (error_above + error_below) / width + 4 * np.finfo(float).eps * np.abs(slopes)
        is_smooth = _same_sides(network, parameters, values)
        if network.recipe.l1:  # |w| has a kink at 0
            same = np.sign(moved[:, index]) == np.sign(here)
            is_smooth = same if is_smooth is None else is_smooth & same
        if is_smooth is not None:
            smooth = np.logical_and(*np.split(is_smooth, 2))
            if smooth.sum() < 3:
                return Difference(float(slopes[-1]), math.inf, is_at_kink=True)
            slopes, rounding = slopes[smooth], rounding[smooth]
        slopes = slopes[1:] + SHARE * np.diff(slopes)
        rounding = rounding[1:] + SHARE * (rounding[1:] + rounding[:-1])
        total = np.abs(np.diff(slopes)) / GAIN + rounding[1:]
    total[~np.isfinite(total)] = math.inf
    best = int(np.argmin(total))
    value, uncertainty = float(slopes[best + 1]), float(total[best])
    apart = np.abs(slopes[best + 2 :] - value)
    if not (apart <= uncertainty + rounding[best + 2 :]).all():
        uncertainty = math.inf
    return Difference(value, uncertainty, float(rounding[best + 1]))


def _same_sides(network: Network, parameters: Array, values: dict[str, Array]) -> Array | None:
    """Of each of the moved networks [S], whether every unit is on the side of its kink that it is
    on without the move; None where there are no kinks."""
    if not ACTIVATIONS[network.recipe.activation].has_kink:
        return None
    here = network.evaluate(parameters, (FORWARD,)).values
    same = [
        ((values[name] > 0) == (here[name] > 0)).all(axis=(-2, -1))
        for name in (f"z{layer}" for layer in range(1, len(network.recipe.hidden) + 1))
    ]
    found: Array = np.logical_and.reduce(same)
    return found


@dataclass(frozen=True)
class DifferenceError:
    """How far numerical gradients are off with one step size: the worst error, as a share of the
    greatest gradient.

    `forward` is that of (L(w + h) − L(w)) / h, `central` that of (L(w + h) − L(w − h)) / 2h.
    """

    step: float
    forward: float
    central: float


def difference_errors(
    network: Network,
    parameters: Array,
    indices: Sequence[int] | None = None,
    step: int | None = None,
) -> Iterator[DifferenceError]:
    """Error against step size, for each of STEP_SIZES, the greatest first.

    Of the parameters at `indices` in the flat vector; by default of the (at most 16) with the
    greatest gradients. What comes after each parameter is the worst so far, so that a large network
    can be worked through in slices: the last with a step size counts. The errors are against the
    right gradient, so a mistake made on purpose does not show; a kink within a step does.
    """
    right = Network(replace(network.recipe, mistake=None))
    values = right.evaluate(parameters, step=step).values
    analytic = right.layout.joined(values, "d")
    if indices is None:
        indices = np.argsort(-np.abs(analytic), kind="stable")[:MAX_CHARTED].tolist()
    loss, greatest = float(values["L"]), float(np.abs(analytic).max()) or 1.0
    for size in STEP_SIZES:
        worst = DifferenceError(size, 0.0, 0.0)
        for index in indices:
            moved = np.stack([parameters, parameters])
            moved[:, index] += (size, -size)
            gradient, here = float(analytic[index]), float(parameters[index])
            up, down = float(moved[0, index]) - here, here - float(moved[1, index])
            loss_above, loss_below = (_loss(right, vector, step) for vector in moved)
            # Where rounding swallows the whole step there is no slope: nan, which stays.
            forward = (loss_above - loss) / up if up else math.nan
            central = (loss_above - loss_below) / (up + down) if up + down else math.nan
            worst = DifferenceError(
                size,
                float(np.maximum(worst.forward, abs(forward - gradient) / greatest)),
                float(np.maximum(worst.central, abs(central - gradient) / greatest)),
            )
            yield worst


def _loss(network: Network, parameters: Array, step: int | None) -> float:
    return float(network.evaluate(parameters, (FORWARD, LOSS), step=step).values["L"])


def _relative_error(analytic: float, numerical: float) -> float:
    larger = max(abs(analytic), abs(numerical))
    return abs(analytic - numerical) / larger if larger else 0.0
