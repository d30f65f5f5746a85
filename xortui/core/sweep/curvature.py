"""How strongly the loss of many networks is curved: where rounding errors grow, and where not."""

from collections.abc import Mapping, Sequence

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.network import Network


def greatest_curvature(
    network: Network, weights: Mapping[str, Array], activations: Sequence[Array], outputs: Array
) -> Array:
    """An upper bound [networks] of the summed loss's curvature in any direction.

    Gradient descent multiplies a small difference along a direction of curvature c by 1 - learning
    rate · c: above 2 / learning rate it grows, from step to step, however small it was. The matrix
    of second derivatives is taken as J^T S J (Gauss-Newton; Schraudolph 2002, "Fast curvature
    matrix-vector products"), where J holds the derivatives of the outputs before their sigmoid and
    S the loss's second derivatives by those; no direction has more than the trace, which is the sum
    over patterns and layers of S |activations below|² |derivatives by z|².

    `activations` [rows, units, networks] are those of the hidden layers, `outputs` [rows, 1,
    networks]; `weights` are named as in the network, with the networks as their last axis.
    """
    recipe = network.recipe
    counts = network.bits.sum(axis=1)[:, np.newaxis]  # |bits|²
    last = len(recipe.hidden) + 1
    squares = _squares(activations[-1])
    squares += recipe.bias
    derivative = weights[f"W{last}"][:, 0] * _slope(recipe.activation, activations[-1])
    for layer in range(last - 1, 0, -1):
        below = counts if layer == 1 else _squares(activations[layer - 2])
        squares += (below + recipe.bias) * _squares(derivative)
        if layer > 1:
            derivative = np.einsum("njs,ijs->nis", derivative, weights[f"W{layer}"])
            derivative *= _slope(recipe.activation, activations[layer - 2])
    if recipe.output == "sigmoid":
        squares *= outputs[:, 0] * (1 - outputs[:, 0])
    trace: Array = squares.sum(axis=0)
    return trace


def _squares(array: Array) -> Array:
    """The summed squares [rows, networks] of [rows, units, networks]."""
    result: Array = np.einsum("nus,nus->ns", array, array)
    return result


def _slope(activation: str, a: Array) -> Array:
    """The activation's derivative in terms of its output."""
    match activation:
        case "sigmoid":
            return a - a * a
        case "tanh":
            return 1 - a * a
        case _:
            return np.sign(a)
