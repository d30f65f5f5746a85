"""The true gradients of a recorded step, for every loss that may be meant."""

from dataclasses import dataclass

import numpy as np

from xortui.core.debug.activations import MIRRORED, SOFTMAX, ActivationFunction
from xortui.core.debug.network import Step, TheirNetwork
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


def their_losses(network: TheirNetwork) -> list[str]:
    """The losses that an output like this one may be trained with, likeliest first."""
    name = network.layers[-1].function.name
    if name in ("linear", "relu", "leaky-relu"):  # no probabilities
        return [SQUARED, ABSOLUTE]
    if name == "softmax":
        return [CROSS_ENTROPY, SQUARED]
    return [SQUARED, CROSS_ENTROPY, ABSOLUTE]


def true_output_delta(
    function: ActivationFunction, z: Array, a: Array, y: Array, loss: str
) -> Array:
    """dL/dz of the output [..., rows, units]."""
    error = a - y
    if loss == CROSS_ENTROPY:
        return -error if function is MIRRORED else error
    if loss == ABSOLUTE:
        error = np.sign(error)
    if function is SOFTMAX:
        result: Array = a * (error - (error * a).sum(axis=-1, keepdims=True))
        return result
    return error * function.slope(z, a)


def truth(network: TheirNetwork, step: Step, loss: str) -> Truth:
    """The true gradients at a step."""
    assert step.y is not None
    inputs, zs, activations = network.forward(step.theta, step.x)
    slopes = [
        layer.function.slope(z, a)
        for layer, z, a in zip(network.layers, zs, activations, strict=True)
    ]
    error = activations[-1] - step.y
    depth = len(network.layers)
    back: list[Array] = [error] * depth
    delta: list[Array] = [error] * depth
    back[-1] = np.sign(error) if loss == ABSOLUTE else error
    output = network.layers[-1].function
    delta[-1] = true_output_delta(output, zs[-1], activations[-1], step.y, loss)
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


def join(network: TheirNetwork, dws: list[Array], dbs: list[Array]) -> Array:
    """One vector of all parameters, in the order of a step's."""
    parts = []
    for layer, dw, db in zip(network.layers, dws, dbs, strict=True):
        parts.append(dw.ravel())
        if layer.bias:
            parts.append(db.ravel())
    return np.concatenate(parts)
