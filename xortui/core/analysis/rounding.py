"""How far rounding can take a computed loss from the exact one, and which parameters matter at all.

A running error bound: every operation adds its own rounding to what it is handed, first order only
(Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapter 3).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import Array
from xortui.core.model.network import Network

EPS = float(np.finfo(np.float64).eps)
# How often a function of NumPy, such as exp in a sigmoid, may err by half a unit in the last place.
FUNCTION_ERRORS = 4
# The largest second derivative of each activation.
BENDS = {"sigmoid": 0.0963, "tanh": 0.7699, "relu": 0.0}


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
            slope = _slope(recipe.activation, signal) + BENDS[recipe.activation] * error
            error = error * slope + FUNCTION_ERRORS * EPS * np.abs(signal)
    losses, labels = values["losses"], values["Y"]
    if recipe.loss == "squared-error":
        away = np.abs(values["yhat"] - labels)
        error = error + EPS * away
        per_row = error * (away + error) + FUNCTION_ERRORS * EPS * losses
    else:
        z = values[f"z{last}"]
        slope = np.abs(values["yhat"] - labels) + error
        sizes = np.logaddexp(0, z) + labels * np.abs(z)
        per_row = error * slope + FUNCTION_ERRORS * EPS * sizes
    total: Array = (per_row + len(labels) * EPS * np.abs(losses)).sum(axis=(-2, -1))
    return total


def _slope(activation: str, a: Array) -> Array:
    if activation == "sigmoid":
        return a * (1 - a)
    return 1 - a * a if activation == "tanh" else np.ones_like(a)


def without_effect(network: Network, values: Mapping[str, Array]) -> NDArray[np.bool_]:
    """For each parameter [P], whether L cannot depend on it, whatever the digits.

    Its way to the output leads through weights, inputs or ReLUs that are exactly 0. `values` are
    those of one evaluation.
    """
    recipe, last = network.recipe, len(network.recipe.hidden) + 1
    matters: dict[str, NDArray[np.bool_]] = {}
    reaches: NDArray[np.bool_] = np.ones((len(values["Y"]), 1), dtype=np.bool_)
    for layer in range(last, 0, -1):
        source = values["X" if layer == 1 else f"a{layer - 1}"]
        # A sigmoid that gives 0 has been rounded to it.
        is_there = source != 0 if layer == 1 or recipe.activation != "sigmoid" else source == source
        matters[f"W{layer}"] = is_there.T @ reaches
        matters[f"b{layer}"] = np.asarray(reaches.any(axis=0))
        if layer > 1:
            reaches = reaches @ (values[f"W{layer}"] != 0).T
            if recipe.activation == "relu":
                reaches = reaches & (values[f"z{layer - 1}"] >= 0)
    found: NDArray[np.bool_] = ~np.concatenate([matters[name].ravel() for name in network.shapes])
    return found
