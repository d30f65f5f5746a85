"""Activations, losses and initialisers: name -> plain functions.

Derivatives are written in terms of the output, as backpropagation uses them. Those that appear in
an operation are kept as NumPy text, because the readable network evaluates that very text and the
screen shows it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), element by element.

    exp overflows to infinity below x = -709.78, where the result 0 is still right: callers silence
    that one warning.
    """
    result: Array = 1 / (1 + np.exp(-x))
    return result


def tanh(x: Array) -> Array:
    """The hyperbolic tangent, element by element."""
    result: Array = np.tanh(x)
    return result


def relu(x: Array) -> Array:
    """max(x, 0), element by element."""
    result: Array = np.maximum(x, 0)
    return result


@dataclass(frozen=True)
class Activation:
    """A hidden unit's activation.

    `derivative` is NumPy text for da/dz in terms of the activation `{a}`; `notation` is the same as
    a person writes it, and `words` says what there is to say of it.
    """

    function: Callable[[Array], Array]
    derivative: str
    notation: str
    words: str = "written with its output {a}"


ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Activation(sigmoid, "({a} * (1 - {a}))", "{a}(1 − {a})"),
    "tanh": Activation(tanh, "(1 - {a} * {a})", "(1 − {a}²)"),
    "relu": Activation(
        relu,
        "({a} > 0)",
        "[{a} > 0]",
        "which is 1 above 0 and 0 below; at 0 itself it has none, and 0 is taken by convention",
    ),
}


@dataclass(frozen=True)
class Loss:
    """The loss of each row.

    `expression` is NumPy text over the output's `yhat` or `{z}`, and `Y`; `notation` is how a
    person writes it, and `words` what it is called, and why the two agree where they differ.
    """

    expression: str
    notation: str
    words: str


LOSSES: dict[str, Loss] = {
    "squared-error": Loss("0.5 * (yhat - Y) ** 2", "½(ŷ − y)²", "half the squared error"),
    "cross-entropy": Loss(
        "np.logaddexp(0, {z}) - Y * {z}",
        "−[y log ŷ + (1 − y) log(1 − ŷ)]",
        "cross-entropy. It is computed as log(1 + exp {z}) − y·{z}, which never takes the log of "
        "0. They agree, as ŷ = σ({z}) gives log ŷ = {z} − log(1 + exp {z}) and "
        "log(1 − ŷ) = −log(1 + exp {z})",
    ),
}


def constant_loss(labels: Array, loss: str) -> float:
    """The least mean loss of one answer for every row, which is the mean of the labels [N]."""
    mean = float(labels.mean())
    if loss == "squared-error":
        return 0.5 * mean * (1 - mean)
    return -sum(share * math.log(share) for share in (mean, 1 - mean) if share > 0)


def _uniform(random: np.random.RandomState, inputs: int, outputs: int) -> Array:
    return random.random_sample((inputs, outputs))


def _symmetric(random: np.random.RandomState, inputs: int, outputs: int) -> Array:
    return random.uniform(-1, 1, (inputs, outputs))


def _xavier(random: np.random.RandomState, inputs: int, outputs: int) -> Array:
    """Glorot and Bengio (2010): uniform with the limit sqrt(6 / (inputs + outputs))."""
    limit = math.sqrt(6 / (inputs + outputs))
    return random.uniform(-limit, limit, (inputs, outputs))


def _he(random: np.random.RandomState, inputs: int, outputs: int) -> Array:
    """He et al. (2015): normal with the standard deviation sqrt(2 / inputs)."""
    result: Array = random.standard_normal((inputs, outputs)) * math.sqrt(2 / inputs)
    return result


def _zeros(random: np.random.RandomState, inputs: int, outputs: int) -> Array:
    return np.zeros((inputs, outputs))


# Each draws one layer's weights [inputs, outputs] from the recipe's generator. Biases start at 0.
INITIALISERS: dict[str, Callable[[np.random.RandomState, int, int], Array]] = {
    "uniform": _uniform,
    "symmetric": _symmetric,
    "xavier": _xavier,
    "he": _he,
    "zeros": _zeros,
}
