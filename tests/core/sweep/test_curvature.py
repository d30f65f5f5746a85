"""The bound on a loss's curvature, against derivatives taken numerically."""

from dataclasses import replace

import numpy as np
import pytest

from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.operation import FORWARD
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_words import in_words
from xortui.core.sweep.curvature import greatest_curvature

RECIPES = [
    Recipe(),
    Recipe(bias=True, hidden=(3,), activation="tanh", init="he"),
    Recipe(loss="cross-entropy", hidden=(4, 3), bias=True, init="xavier"),
    Recipe(problem="parity3", hidden=(2, 3, 2), activation="tanh", init="symmetric"),
    Recipe(problem="and", hidden=(5,), activation="relu", bias=True, init="he"),
]


def found(recipe: Recipe, parameters: Array) -> float:
    """The bound for one network, as the kernel asks for it: the networks as the last axis."""
    network = Network(recipe)
    values = network.evaluate(parameters, (FORWARD,)).values
    layers = range(1, len(recipe.hidden) + 1)
    weights = {name: view[..., np.newaxis] for name, view in network.views(parameters).items()}
    activations = [values[f"a{layer}"][..., np.newaxis] for layer in layers]
    outputs = values["yhat"][..., np.newaxis]
    return float(greatest_curvature(network, weights, activations, outputs)[0])


def jacobian(recipe: Recipe, parameters: Array) -> tuple[Array, Array]:
    """Derivatives [N, P] of what the loss is taken of, and the loss's second ones by it [N]."""
    network, columns = Network(recipe), []
    name = "yhat" if recipe.output == "linear" else f"z{len(recipe.hidden) + 1}"
    for index in range(network.size):
        ends = []
        for sign in (1, -1):
            moved = parameters.copy()
            moved[index] += sign * 1e-6
            ends.append(network.evaluate(moved, (FORWARD,)).values[name][:, 0])
        columns.append((ends[0] - ends[1]) / 2e-6)
    outputs = network.evaluate(parameters, (FORWARD,)).values["yhat"][:, 0]
    second = np.ones_like(outputs) if recipe.output == "linear" else outputs * (1 - outputs)
    return np.array(columns).T, second


@pytest.mark.parametrize("recipe", RECIPES, ids=in_words)
@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_trace_of_the_gauss_newton_matrix(recipe: Recipe, seed: int) -> None:
    # Away from zero biases, where ReLU has no derivative.
    parameters = Network(replace(recipe, seed=seed)).initial_parameters() + 0.05
    derivatives, second = jacobian(recipe, parameters)
    matrix = derivatives.T @ (second[:, np.newaxis] * derivatives)
    bound = found(recipe, parameters)
    assert bound == pytest.approx(float(np.trace(matrix)), rel=1e-6)
    assert bound >= np.linalg.eigvalsh(matrix)[-1] * (1 - 1e-6)


def test_many_networks_are_bounded_at_once_as_each_alone() -> None:
    recipe = RECIPES[1]
    networks = [Network(replace(recipe, seed=seed)).initial_parameters() for seed in range(4)]
    together = np.array(networks).T
    network, start, weights = Network(recipe), 0, {}
    for name, shape in network.shapes.items():
        end = start + int(np.prod(shape))
        weights[name], start = together[start:end].reshape(*shape, -1), end
    values = [network.evaluate(parameters, (FORWARD,)).values for parameters in networks]
    activations = np.stack([value["a1"] for value in values], axis=-1)
    outputs = np.stack([value["yhat"] for value in values], axis=-1)
    bounds = greatest_curvature(network, weights, [activations], outputs)
    assert bounds.tolist() == pytest.approx([found(recipe, each) for each in networks], rel=1e-13)
