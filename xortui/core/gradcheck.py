"""Analytic derivatives against numerical ones."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xortui.core.functions import Array, sigmoid
from xortui.core.network import FORWARD, LOSS, Network

# The reference's own check: sigmoid's derivative at XOR's four labels, by a forward difference.
SIGMOID_POINTS = (0.0, 1.0, 1.0, 0.0)
FORWARD_STEP = 1e-9

# Central differences err by about STEP**2 (what the Taylor series leaves out) plus 1e-16 / STEP
# (rounding); 1e-5 keeps both below the tolerance.
STEP = 1e-5
# A parameter past 1e5 takes a step of this share of itself, or rounding would swallow it.
LEAST_SHARE = 1e-10
TOLERANCE = 1e-5
# Gradients smaller than this share of the loss drown in rounding, so errors are not taken relative
# to less.
SMALLEST_SCALE = 1e-3

# The chart of error against step size: from where the Taylor series fails to where rounding does.
STEP_SIZES = tuple(float(f"1e-{power}") for power in range(1, 13))
MOST_CHARTED = 16
WHY_CENTRAL = (
    f"Central differences compare the loss a step h = {STEP:g} above a parameter with the loss a "
    "step below: (L(w + h) − L(w − h)) / 2h. They err by about h², as the loss is curved, and by "
    "about 1e-16/h, as floats are rounded. A forward difference, (L(w + h) − L(w)) / h, errs by "
    f"about h instead of h², and with h = {FORWARD_STEP:g} rounding alone costs about 1e-7: more "
    "than half of the 16 digits."
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

    `relative_error` is |analytic - numerical| over the larger of the two (or over 1e-3 of the
    summed loss where both are smaller). `ok` is None at a kink of ReLU, where the two sides'
    slopes differ and there is no derivative to compare with.
    """

    name: str
    analytic: float
    numerical: float
    relative_error: float
    ok: bool | None

    @property
    def verdict(self) -> str:
        """ok, wrong or n/a at kink."""
        return "n/a at kink" if self.ok is None else "ok" if self.ok else "wrong"


def check_sigmoid(step: float = FORWARD_STEP) -> tuple[DerivativeCheck, ...]:
    """The reference's check of sigmoid' = sigmoid (1 - sigmoid)."""
    points = np.array(SIGMOID_POINTS)
    value = sigmoid(points)
    analytic = value * (1 - value)
    numerical = (sigmoid(points + step) - value) / step
    rows = zip(points.tolist(), analytic.tolist(), numerical.tolist(), strict=True)
    return tuple(DerivativeCheck(*row) for row in rows)


def check_parameters(network: Network, parameters: Array) -> Iterator[ParameterCheck]:
    """Every parameter's gradient of the summed loss against central differences, one by one."""
    evaluation = network.evaluate(parameters)
    analytic = np.concatenate([evaluation.values[f"d{name}"].ravel() for name in network.shapes])
    loss, pattern = _loss_and_kinks(network, parameters)
    smallest = SMALLEST_SCALE * max(1.0, loss)
    for index, name in enumerate(network.names):
        above, below = parameters.copy(), parameters.copy()
        step = max(STEP, LEAST_SHARE * abs(float(parameters[index])))
        above[index] += step
        below[index] -= step
        loss_above, pattern_above = _loss_and_kinks(network, above)
        loss_below, pattern_below = _loss_and_kinks(network, below)
        numerical = (loss_above - loss_below) / (float(above[index]) - float(below[index]))
        gradient = float(analytic[index])
        error = _relative_error(gradient, numerical, smallest)
        ok: bool | None = bool(error <= TOLERANCE)  # False for NaN, too
        if not (pattern == pattern_above == pattern_below):
            ok = None
        yield ParameterCheck(name, gradient, numerical, error, ok)


@dataclass(frozen=True)
class DifferenceError:
    """How far numerical gradients are off with one step size: the worst relative error.

    `forward` is that of (L(w + h) − L(w)) / h, `central` that of (L(w + h) − L(w − h)) / 2h.
    """

    step: float
    forward: float
    central: float


def difference_errors(
    network: Network, parameters: Array, indices: Sequence[int] | None = None
) -> Iterator[DifferenceError]:
    """Error against step size, for each of STEP_SIZES, the greatest first.

    Of the parameters at `indices` in the flat vector; by default of the (at most 16) with the
    greatest gradients. What comes after each parameter is the worst so far, so that a large network
    can be worked through in slices: the last with a step size counts. The errors are against the
    right gradient, so a mistake made on purpose does not show; a kink of ReLU within a step does.
    """
    right = Network(replace(network.recipe, mistake=None))
    values = right.evaluate(parameters).values
    analytic = np.concatenate([values[f"d{name}"].ravel() for name in right.shapes])
    if indices is None:
        indices = np.argsort(-np.abs(analytic), kind="stable")[:MOST_CHARTED].tolist()
    loss, _ = _loss_and_kinks(right, parameters)
    smallest = SMALLEST_SCALE * max(1.0, loss)
    for step in STEP_SIZES:
        worst = DifferenceError(step, 0.0, 0.0)
        for index in indices:
            above, below = parameters.copy(), parameters.copy()
            above[index] += step
            below[index] -= step
            gradient, here = float(analytic[index]), float(parameters[index])
            up, down = float(above[index]) - here, here - float(below[index])
            loss_above, _ = _loss_and_kinks(right, above)
            loss_below, _ = _loss_and_kinks(right, below)
            # Where rounding swallows the whole step there is no slope: nan, which stays.
            forward = (loss_above - loss) / up if up else math.nan
            central = (loss_above - loss_below) / (up + down) if up + down else math.nan
            worst = DifferenceError(
                step,
                float(np.maximum(worst.forward, _relative_error(gradient, forward, smallest))),
                float(np.maximum(worst.central, _relative_error(gradient, central, smallest))),
            )
            yield worst


def _relative_error(analytic: float, numerical: float, smallest: float) -> float:
    return abs(analytic - numerical) / max(abs(analytic), abs(numerical), smallest)


def _loss_and_kinks(network: Network, parameters: Array) -> tuple[float, bytes]:
    """The summed loss, and on which side of ReLU's kink each hidden weighted sum is."""
    values = network.evaluate(parameters, (FORWARD, LOSS)).values
    with np.errstate(over="ignore"):
        loss = float(values["losses"].sum())
    if network.recipe.activation != "relu":
        return loss, b""
    layers = range(1, len(network.recipe.hidden) + 1)
    sides = [values[f"z{layer}"] > 0 for layer in layers]
    return loss, b"".join(side.tobytes() for side in sides)
