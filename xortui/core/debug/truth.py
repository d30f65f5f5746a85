"""The true gradients of a recorded step, for every loss that may be meant.

Backpropagation as the readable network has it, and the complex step to check it by: f(x + ih) has
the derivative in its imaginary part, without a difference and so without its rounding (Squire and
Trapp, SIAM Review 40, 1998).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xortui.core.debug.activations import MIRRORED, SOFTMAX
from xortui.core.debug.network import Network, Step
from xortui.core.model.functions import Array

SQUARED, CROSS_ENTROPY, ABSOLUTE = "squared error", "cross-entropy", "absolute error"


@dataclass(eq=False)
class Truth:
    """Every quantity of one step's backward pass, [N, units] a layer or as the parameter is.

    `error` is a - y of the output; `back` is dL/da and `delta` dL/dz of every layer; `theta` is the
    gradient of all parameters as one vector, and `size` the sum of the magnitudes of its terms.
    """

    inputs: list[Array]
    z: list[Array]
    a: list[Array]
    slope: list[Array]
    error: Array
    back: list[Array]
    delta: list[Array]
    dw: list[Array]
    db: list[Array]
    theta: Array
    size: Array


def losses_of(network: Network) -> list[str]:
    """The losses that an output like this one may be trained with, likeliest first."""
    name = network.layers[-1].function.name
    if name in ("linear", "relu", "leaky-relu"):  # no probabilities
        return [SQUARED, ABSOLUTE]
    if name == "softmax":
        return [CROSS_ENTROPY, SQUARED]
    return [SQUARED, CROSS_ENTROPY, ABSOLUTE]


def truth(network: Network, step: Step, loss: str, weights: Array | None = None) -> Truth:
    """The true gradients at a step; `weights` [N] says how often each row counts."""
    assert step.y is not None
    inputs, zs, activations = network.forward(step.theta, step.x)
    slopes = [
        layer.function.slope(z, a)
        for layer, z, a in zip(network.layers, zs, activations, strict=True)
    ]
    error = activations[-1] - step.y
    if weights is not None:
        error = error * weights[:, None]
    depth = len(network.layers)
    back: list[Array] = [error] * depth
    delta: list[Array] = [error] * depth
    back[-1] = np.sign(error) if loss == ABSOLUTE else error
    if loss == CROSS_ENTROPY:
        delta[-1] = -error if network.layers[-1].function is MIRRORED else error
    elif network.layers[-1].function is SOFTMAX:
        a = activations[-1]
        delta[-1] = a * (back[-1] - (back[-1] * a).sum(axis=1, keepdims=True))
    else:
        delta[-1] = back[-1] * slopes[-1]
    parts = network.split(step.theta)
    for number in range(depth - 2, -1, -1):
        w = np.delete(parts[number + 1][0], network.layers[number + 1].ones, axis=0)
        back[number] = delta[number + 1] @ w.T
        delta[number] = back[number] * slopes[number]
    dws = [one.T @ d for one, d in zip(inputs, delta, strict=True)]
    dbs = [d.sum(axis=0) for d in delta]
    sizes = [np.abs(one).T @ np.abs(d) for one, d in zip(inputs, delta, strict=True)]
    return Truth(
        inputs, zs, activations, slopes, error, back, delta, dws, dbs,
        join(network, dws, dbs),
        join(network, sizes, [np.abs(d).sum(axis=0) for d in delta]),
    )  # fmt: skip


def join(network: Network, dws: list[Array], dbs: list[Array]) -> Array:
    """One vector of all parameters, in the order of a step's."""
    parts = []
    for layer, dw, db in zip(network.layers, dws, dbs, strict=True):
        parts.append(dw.ravel())
        if layer.bias:
            parts.append(db.ravel())
    return np.concatenate(parts)


def complex_step(loss: Callable[[np.ndarray], complex], theta: Array, h: float = 1e-30) -> Array:
    """The gradient of a loss of complex parameters."""
    gradient = np.empty_like(theta)
    for slot in range(len(theta)):
        moved = theta.astype(complex)
        moved[slot] += 1j * h
        gradient[slot] = loss(moved).imag / h
    return gradient
