"""The gradients that updates are compared with, checked by the complex step.

f(x + ih) has the derivative in its imaginary part, without a difference and so without its rounding
(Squire and Trapp, SIAM Review 40, 1998).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from xortui.core.debug.activations import (
    LINEAR,
    RELU,
    SIGMOID,
    SOFTMAX,
    TANH,
    ActivationFunction,
    leaky,
)
from xortui.core.debug.network import Layer, Step, TheirNetwork
from xortui.core.debug.truth import ABSOLUTE, SQUARED, their_losses, truth
from xortui.core.debug.units import Pass

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
# Of complex numbers: max and the magnitude would not do.
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "linear": lambda z: z,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "leaky-relu": lambda z: np.where(z.real > 0, z, 0.1 * z),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
}


def loss_of(name: str, output: ActivationFunction, a: Any, y: Any) -> Any:
    if name == SQUARED:
        return np.sum((a - y) ** 2) / 2
    if name == ABSOLUTE:
        return np.sum(np.where(a.real > y, a - y, y - a))
    if output is SOFTMAX:
        return -np.sum(y * np.log(a))
    if output is TANH:  # of labels -1 and 1
        return -np.sum((1 + y) * np.log(1 + a) + (1 - y) * np.log(1 - a)) / 2
    return -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a))


@pytest.mark.parametrize("hidden", [SIGMOID, TANH, RELU, leaky(0.1), LINEAR], ids=lambda f: f.name)
@pytest.mark.parametrize("output", [SIGMOID, TANH, LINEAR, SOFTMAX], ids=lambda f: f.name)
@pytest.mark.parametrize("ones", [[], [3]], ids=["bias", "ones"])
def test_every_loss_has_the_gradient_of_the_complex_step(
    hidden: ActivationFunction, output: ActivationFunction, ones: list[int]
) -> None:
    layers = [Layer(2, 3, hidden, True), Layer(3 + len(ones), 2, output, not ones, ones)]
    network = TheirNetwork(None, layers, [], [], "rows", {})  # type: ignore[arg-type]
    theta = np.random.default_rng(3).normal(size=17)  # either way
    y = np.array([[1.0, 0], [0, 1], [0, 1], [1, 0]])
    step = Step(0, 0, 0, X, y, theta, [], [], Pass())

    def forward(parameters: Any) -> Any:
        (w1, b1), (w2, b2) = network.split(parameters)
        h = ACTIVATIONS[hidden.name](X @ w1 + b1)
        return ACTIVATIONS[output.name](network.with_ones(1, h) @ w2 + b2)

    for loss in their_losses(network):
        gradient = []
        for slot in range(len(theta)):
            moved = theta.astype(complex)
            moved[slot] += 1e-30j
            gradient.append(loss_of(loss, output, forward(moved), y).imag / 1e-30)
        found = truth(network, step, loss)
        assert np.allclose(found.theta, gradient, rtol=1e-7, atol=1e-12), loss
        assert np.all(found.size >= np.abs(found.theta) * (1 - 1e-12))
