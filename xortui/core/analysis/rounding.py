"""How far rounding can take a computed loss from the exact one, and which parameters matter at all.

A running error bound: every operation adds its own rounding to what it is handed, first order only
(Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapter 3).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.batches import IN_BATCH
from xortui.core.model.functions import Array, loss_magnitudes, row_deltas, slope_of
from xortui.core.model.network import Network
from xortui.core.model.tables import ACTIVATIONS, LOSSES

EPS = float(np.finfo(np.float64).eps)
# How often a function of NumPy, such as exp in a sigmoid, may err by half a unit in the last place.
FUNCTION_ERRORS = 4


def loss_error(network: Network, values: Mapping[str, Array]) -> Array:
    """A bound [S] on the rounding error of L, for the values that `evaluate_many` has given."""
    recipe, last = network.recipe, len(network.recipe.hidden) + 1
    signal, error = values["X"], np.zeros_like(values["X"])
    for layer in range(1, last + 1):
        # A sum of so many terms rounds each of them at most so many times.
        terms = (signal.shape[-1] + recipe.bias) * EPS
        error = (error + terms * np.abs(signal)) @ np.abs(values[f"W{layer}"])
        if recipe.bias:
            error = error + terms * np.abs(values[f"b{layer}"])
        if layer < last:
            signal = values[f"a{layer}"]
            slope = _greatest_slope(recipe.activation, signal, error)
            error = error * slope + FUNCTION_ERRORS * EPS * np.abs(signal)
    losses, labels, yhat = values["losses"], values["Y"], values["yhat"]
    slope = np.abs(row_deltas(recipe.loss, yhat, labels))
    if recipe.output == "linear":
        error = error + EPS * slope  # the difference of output and label is rounded, too
    sizes = loss_magnitudes(recipe.loss, losses, yhat, values.get(f"z{last}", yhat), labels)
    bend = LOSSES[recipe.loss].bend
    per_row = error * (slope + bend * error) + FUNCTION_ERRORS * EPS * sizes
    total: Array = (per_row + len(labels) * EPS * np.abs(losses)).sum(axis=(-2, -1))
    for penalty in recipe.penalties:  # a sum of that many terms, none below 0, and L is made of it
        total = total + (network.size / 2 + FUNCTION_ERRORS) * EPS * values[penalty.target]
        total = total + EPS * np.abs(values["L"])
    return total


def _greatest_slope(activation: str, a: Array, error: Array) -> Array:
    """A bound on the activation's derivative where its weighted sum may be wrong by `error`."""
    entry = ACTIVATIONS[activation]
    if entry.has_kink:
        return np.full_like(a, entry.steepest)
    return slope_of(activation, a) + entry.bend * error


def without_effect(network: Network, values: Mapping[str, Array]) -> NDArray[np.bool_]:
    """For each parameter [P], whether L cannot depend on it, whatever the digits.

    Its way to the output leads through weights, inputs or ReLUs that are exactly 0, or the row is
    not in the batch, and there is no penalty on it. `values` are those of one evaluation.
    """
    if network.recipe.penalties:
        return np.zeros(network.size, dtype=np.bool_)
    recipe, last = network.recipe, len(network.recipe.hidden) + 1
    activation = ACTIVATIONS[recipe.activation]
    matters: dict[str, NDArray[np.bool_]] = {}
    reaches: NDArray[np.bool_] = np.ones((len(values["Y"]), 1), dtype=np.bool_)
    if IN_BATCH in values:
        reaches = values[IN_BATCH] != 0
    for layer in range(last, 0, -1):
        source = values["X" if layer == 1 else f"a{layer - 1}"]
        is_there = source != 0
        if layer > 1 and activation.is_never_zero:
            is_there = np.ones_like(is_there)
        matters[f"W{layer}"] = is_there.T @ reaches
        matters[f"b{layer}"] = np.asarray(reaches.any(axis=0))
        if layer > 1:
            reaches = reaches @ (values[f"W{layer}"] != 0).T
            if activation.can_be_off:
                reaches = reaches & (values[f"z{layer - 1}"] >= 0)
    found: NDArray[np.bool_] = ~np.concatenate([matters[name].ravel() for name in network.shapes])
    return found
