"""The functions that the entries of `tables.py` stand for, compiled from their text."""

from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.tables import ACTIVATIONS, INITIALISERS, LOSSES

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# A unit is saturated where its slope is below this share of the steepest there is.
SATURATED = 0.01

# Draws one layer's weights [inputs, outputs] from a generator.
DrawWeights = Callable[[np.random.RandomState, int, int], Array]


def activation_function(name: str) -> Callable[[Array], Array]:
    """The activation of this name, element by element.

    exp overflows to infinity below x = -709.78, where the sigmoid's 0 is still right: callers
    silence that one warning.
    """
    return _function(ACTIVATIONS[name].expression)


def value_at_zero(activation: str) -> float:
    """What an activation, or a linear output, gives for a weighted sum of 0."""
    return 0.0 if activation == "linear" else float(activation_function(activation)(np.zeros(())))


def slope_of(activation: str, a: Array) -> Array:
    """The activation's derivative, element by element, in terms of the activations `a`."""
    return _evaluated(ACTIVATIONS[activation].derivative.format(a="a"), a=a)


def euclidean(vectors: Array) -> Array:
    """The Euclidean length of vectors, along the last axis, where squares overflow or vanish, too.

    It is infinite only where a vector, or its length, is.
    """
    with np.errstate(all="ignore"):
        lengths = np.asarray(np.linalg.norm(vectors, axis=-1))
        largest = np.abs(vectors).max(axis=-1, initial=0.0)
        is_lost = (np.isinf(lengths) | (lengths == 0)) & np.isfinite(largest) & (largest > 0)
        if is_lost.any():
            scale = np.where(is_lost, largest, 1.0)
            scaled = scale * np.linalg.norm(vectors / scale[..., None], axis=-1)
            lengths = np.where(is_lost, scaled, lengths)
    return lengths


def saturated_pairs(activation: str, activations: Array) -> NDArray[np.bool_]:
    """Which activations, in an array of any shape, have a slope of nearly 0."""
    with np.errstate(invalid="ignore", over="ignore"):
        slopes = slope_of(activation, activations)
        flat = slopes < SATURATED * ACTIVATIONS[activation].steepest
    return np.asarray(flat & ~np.isnan(activations))


def row_losses(loss: str, yhat: Array, z: Array, labels: Array) -> Array:
    """The loss of every row, from outputs, their weighted sums and labels of one shape."""
    return _evaluated(LOSSES[loss].expression.format(z="z"), yhat=yhat, z=z, Y=labels)


def row_deltas(loss: str, yhat: Array, labels: Array) -> Array:
    """The derivative of every row's loss by the output's weighted sum."""
    return _evaluated(LOSSES[loss].delta, yhat=yhat, Y=labels)


def row_curvatures(loss: str, yhat: Array, labels: Array) -> Array:
    """The second derivative of every row's loss by the output's weighted sum."""
    return _evaluated(LOSSES[loss].curvature, yhat=yhat, Y=labels)


def loss_magnitudes(loss: str, losses: Array, yhat: Array, z: Array, labels: Array) -> Array:
    """The sizes of the parts of which every row's loss is made, added up."""
    text = LOSSES[loss].magnitude.format(z="z")
    return _evaluated(text, losses=losses, yhat=yhat, z=z, Y=labels)


def initialiser(name: str) -> DrawWeights:
    """What draws one layer's weights from a generator: called with it, inputs and outputs."""
    return _draw(INITIALISERS[name])


def namespace() -> dict[str, Any]:
    """What the text of operations calls: NumPy, and the activations by name."""
    return {"np": np} | {name: activation_function(name) for name in ACTIVATIONS}


def constant_loss(labels: Array, loss: str) -> float:
    """The least mean loss of one answer for every row, from the labels [N]."""
    return LOSSES[loss].of_one_answer(float(labels.mean()))


def _evaluated(text: str, **arrays: Array) -> Array:
    result: Array = eval(_code(text), {"np": np}, arrays)
    return result


@lru_cache(maxsize=64)
def _code(text: str) -> CodeType:
    return compile(text, "<tables>", "eval")


@lru_cache(maxsize=32)
def _function(expression: str) -> Callable[[Array], Array]:
    function: Callable[[Array], Array] = eval(f"lambda x: {expression}", {"np": np})
    return function


@lru_cache(maxsize=32)
def _draw(lines: tuple[str, ...]) -> DrawWeights:
    *before, drawn = (line.format(i="inputs", o="outputs") for line in lines)
    body = "\n    ".join([*before, f"return {drawn}"])
    names: dict[str, Any] = {"np": np}
    exec(f"def draw(random, inputs, outputs):\n    {body}", names)
    draw: DrawWeights = names["draw"]
    return draw


sigmoid = activation_function("sigmoid")
