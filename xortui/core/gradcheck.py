"""Analytic derivatives against numerical ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xortui.core.functions import Array, sigmoid
from xortui.core.network import FORWARD, LOSS, Network

# The reference's own check: sigmoid's derivative at XOR's four labels, by a forward difference.
SIGMOID_POINTS = (0.0, 1.0, 1.0, 0.0)
FORWARD_STEP = 1e-9

# Central differences err by about STEP**2 (what the Taylor series leaves out) plus 1e-16 / STEP
# (rounding); 1e-5 keeps both below the tolerance.
STEP = 1e-5
TOLERANCE = 1e-5
# Gradients smaller than this share of the loss drown in rounding, so errors are not taken relative
# to less.
SMALLEST_SCALE = 1e-3


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
        above[index] += STEP
        below[index] -= STEP
        loss_above, pattern_above = _loss_and_kinks(network, above)
        loss_below, pattern_below = _loss_and_kinks(network, below)
        numerical = (loss_above - loss_below) / float(above[index] - below[index])
        gradient = float(analytic[index])
        error = abs(gradient - numerical) / max(abs(gradient), abs(numerical), smallest)
        ok: bool | None = bool(error <= TOLERANCE)  # False for NaN, too
        if not (pattern == pattern_above == pattern_below):
            ok = None
        yield ParameterCheck(name, gradient, numerical, error, ok)


def _loss_and_kinks(network: Network, parameters: Array) -> tuple[float, bytes]:
    """The summed loss, and on which side of ReLU's kink each hidden weighted sum is."""
    values = network.evaluate(parameters, (FORWARD, LOSS)).values
    if network.recipe.activation != "relu":
        return float(values["losses"].sum()), b""
    layers = range(1, len(network.recipe.hidden) + 1)
    sides = [values[f"z{layer}"] > 0 for layer in layers]
    return float(values["losses"].sum()), b"".join(side.tobytes() for side in sides)
