"""Where rounding errors grow: how strongly the loss of many networks is curved, and its kinks."""

from collections.abc import Mapping, Sequence

import numpy as np

from xortui.core.model.functions import Array, Flags, row_curvatures, slope_of
from xortui.core.model.network import Network

# Where a sum comes so near to a kink, the last digits may say on which side it is.
KINK = 1e-6


def greatest_curvature(
    network: Network, weights: Mapping[str, Array], activations: Sequence[Array], outputs: Array
) -> Array:
    """An upper bound [networks] of the summed loss's curvature in any direction.

    Gradient descent multiplies a small difference along a direction of curvature c by 1 - learning
    rate · c: above 2 / learning rate it grows, from step to step, however small it was. The matrix
    of second derivatives is taken as J^T S J (Gauss-Newton; Schraudolph 2002, "Fast curvature
    matrix-vector products"), where J holds the derivatives of the outputs' weighted sums and S the
    loss's second derivatives by those; no direction has more than the trace, which is the sum
    over patterns and layers of S |activations below|² |derivatives by z|².

    `activations` [rows, units, networks] are those of the hidden layers, `outputs` [rows, 1,
    networks]; `weights` are named as in the network, with the networks as their last axis.
    """
    recipe = network.recipe
    counts = (network.bits**2).sum(axis=1)[:, np.newaxis]  # |bits|²
    last = len(recipe.hidden) + 1
    squares = _squares(activations[-1])
    squares += recipe.bias
    derivative = weights[f"W{last}"][:, 0] * slope_of(recipe.activation, activations[-1])
    for layer in range(last - 1, 0, -1):
        below = counts if layer == 1 else _squares(activations[layer - 2])
        squares += (below + recipe.bias) * _squares(derivative)
        if layer > 1:
            derivative = np.einsum("njs,ijs->nis", derivative, weights[f"W{layer}"])
            derivative *= slope_of(recipe.activation, activations[layer - 2])
    squares *= row_curvatures(recipe.loss, outputs[:, 0], network.labels)
    trace: Array = squares.sum(axis=0)
    return trace


def near_kink(
    network: Network, weights: Mapping[str, Array], activations: Sequence[Array]
) -> Flags:
    """Which networks have a hidden unit whose sum is about 0; those that are just 0 stay so.

    The arrays are as for `greatest_curvature`.
    """
    is_near = np.zeros(activations[0].shape[-1], dtype=bool)
    below: Array = network.bits[:, :, np.newaxis]
    for layer, activation in enumerate(activations, start=1):
        z = np.einsum("nis,ijs->njs", below, weights[f"W{layer}"])
        if network.recipe.bias:
            z += weights[f"b{layer}"]
        is_near |= ((np.abs(z) < KINK) & (z != 0)).any(axis=(0, 1))
        below = activation
    return is_near


def _squares(array: Array) -> Array:
    """The summed squares [rows, networks] of [rows, units, networks]."""
    result: Array = np.einsum("nus,nus->ns", array, array)
    return result
