"""How large weights, gradients and updates are, layer by layer and over a run."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

import numpy as np

from xortui.core.model.batch import evaluated_in_blocks, next_changes
from xortui.core.model.functions import Array, euclidean, saturated_pairs
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.schedules import CONSTANT
from xortui.core.training.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Norms:
    """Euclidean norms at T steps, each [T, layers]: a layer is its weights with its biases.

    `updates` is what the next update changes (for plain SGD, learning rate times gradient; 0 where
    frozen).
    `saturated` [T, hidden layers] is the share of (pattern, unit) pairs whose slope is nearly 0;
    for ReLU, where it is 0.
    """

    steps: tuple[int, ...]
    weights: Array
    gradients: Array
    updates: Array
    saturated: Array


def norms(
    network: Network, steps: tuple[int, ...], parameters: Array, kept: Array | None = None
) -> Norms:
    """The norms at sampled steps, from their parameter vectors [T, P].

    `kept` [T, K] is what the optimiser keeps there, zeros if it is left out.

    Labels and learning rate are those of the network's recipe: give the steps between two edits of
    these apart. Raises ValueError where steps and vectors differ in number.
    """
    if len(steps) != len(parameters):
        raise ValueError(f"{len(steps)} steps cannot have {len(parameters)} parameter vectors")
    recipe = network.recipe
    gradients, saturated = [], []
    for values in evaluated_in_blocks(network, parameters, network.gradient_phases, steps):
        gradients.append(network.layout.joined(values, "d"))
        layers = [values[f"a{layer}"] for layer in range(1, len(recipe.hidden) + 1)]
        shares = [saturated_pairs(recipe.activation, a).mean(axis=(1, 2)) for a in layers]
        saturated.append(np.stack(shares, axis=1))
    gradient = np.concatenate(gradients) if gradients else np.empty((0, network.size))
    if network.optimiser.kept or recipe.schedule != CONSTANT:
        kept = np.zeros((len(parameters), network.kept_size)) if kept is None else kept
        update = next_changes(network, parameters, gradient, kept, steps)
    else:
        update = recipe.learning_rate * network.free * gradient
    return Norms(
        steps,
        _by_layer(network, parameters),
        _by_layer(network, gradient),
        _by_layer(network, update),
        np.concatenate(saturated) if saturated else np.empty((0, len(recipe.hidden))),
    )


def norms_of_run(snapshot: Snapshot) -> Norms:
    """The norms on the way to a snapshot's step, and last at that step.

    Each is of what was in force at its step: learning rate, labels, what is frozen.
    """
    columns = (snapshot.path_steps, snapshot.path_recipes, snapshot.path, snapshot.path_kept)
    states = list(zip(*columns, strict=True))
    if snapshot.path_steps[-1] < snapshot.step:
        states.append((snapshot.step, snapshot.recipe, snapshot.parameters, snapshot.kept))
    parts = []
    for recipe, group in groupby(states, key=itemgetter(1)):
        steps, _, parameters, kept = zip(*group, strict=True)
        parts.append(norms(_network(recipe), steps, np.array(parameters), np.array(kept)))
    return Norms(
        sum((part.steps for part in parts), ()),
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("weights", "gradients", "updates", "saturated")
        ),
    )


@lru_cache(maxsize=16)
def _network(recipe: Recipe) -> Network:
    return Network(recipe)


@dataclass(frozen=True, eq=False)
class WeightHistogram:
    """How many numbers (`counts` [bins]) lie between neighbouring `edges` [bins + 1]."""

    counts: np.typing.NDArray[np.int64]
    edges: Array


def weight_histogram(numbers: Array, bins: int = 16) -> WeightHistogram:
    """The histogram of the finite ones of some numbers, symmetric about 0, which is an edge."""
    finite = numbers[np.isfinite(numbers)]
    reach = float(np.abs(finite).max(initial=0.0)) or 1.0
    counts, edges = np.histogram(finite, bins=bins + bins % 2, range=(-reach, reach))
    return WeightHistogram(counts.astype(np.int64), edges)


def _by_layer(network: Network, vectors: Array) -> Array:
    """The norm of each layer's part of the vectors [T, P], as [T, layers]."""
    parts = network.layout.parts
    layers = range(1, len(network.recipe.hidden) + 2)
    last = "b" if network.recipe.bias else "W"
    columns = [
        euclidean(vectors[:, parts[f"W{i}"].start : parts[f"{last}{i}"].stop]) for i in layers
    ]
    return np.stack(columns, axis=1)
