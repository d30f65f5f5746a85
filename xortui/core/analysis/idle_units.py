"""What is said of units that learn nothing: equal, dead or saturated ones, and those at 0."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from xortui.core.analysis.finding import (
    DEAD,
    IDENTICAL,
    NO_GRADIENT,
    SATURATION,
    UNSOLVABLE,
    Diagnosis,
)
from xortui.core.analysis.measurements import slopes
from xortui.core.analysis.statistics import percent
from xortui.core.model.functions import Array, saturated_pairs, value_at_zero
from xortui.core.model.names import unit_name
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.training.snapshot import Snapshot

SATURATED_SHARE = 0.5
TWIN = 1e-6  # the relative difference below which two units' weights count as equal


def no_gradient(snapshot: Snapshot) -> Diagnosis | None:
    """All gradients are 0, and no step changes anything."""
    if not snapshot.network.free.any() or snapshot.gradient_norm > 0:
        return None
    if snapshot.recipe.batch and slopes(snapshot.network, snapshot.parameters[None])[0] > 0:
        return None  # other batches have one
    if any(snapshot.change(name).any() for name in snapshot.network.shapes):
        return None  # what the optimiser keeps still moves them
    return Diagnosis(
        NO_GRADIENT,
        f"No gradient: all are exactly 0 at loss {snapshot.loss:.3g}",
        "Where every gradient is 0, no step changes a weight.",
        "Start from other weights, or add noise with u.",
    )


def unsolvable(snapshot: Snapshot) -> Diagnosis | None:
    """Without biases a row of zeros stays 0 through every tanh or ReLU, whatever the weights are.

    Its output is 0, or sigmoid(0).
    """
    recipe = snapshot.recipe
    if recipe.is_points or recipe.bias or value_at_zero(recipe.activation) != 0:
        return None
    row, output = 0, value_at_zero(recipe.output)  # the first row is that of zeros
    label = float(snapshot.labels[row])
    if output == label:
        return None
    zeros = ",".join("0" * recipe.table.inputs)
    return Diagnosis(
        UNSOLVABLE,
        f"Never solved: ŷ({zeros}) is always {output:g}, but its label is {label:g}",
        f"Without biases nothing moves at ({zeros}): {recipe.activation}(0) is 0.",
        "Start with biases: --bias.",
    )


def identical_units(snapshot: Snapshot) -> Diagnosis | None:
    """Two units that do the same, and stay equal."""
    for layer in range(1, len(snapshot.recipe.hidden) + 1):
        for one, other in _twins(snapshot, layer):
            sizes = snapshot.recipe.sizes
            names = f"{unit_name(layer, one, sizes)} and {unit_name(layer, other, sizes)}"
            return Diagnosis(
                IDENTICAL,
                f"{names} have the same incoming and outgoing weights",
                "Equal weights get equal gradients and stay equal.",
                "Change a weight, or add noise with u.",
            )
    return None


def _twins(snapshot: Snapshot, layer: int) -> Iterator[tuple[int, int]]:
    """Pairs of units of a hidden layer whose weights are equal, both coming in and going out."""
    values = snapshot.values
    parts = []
    for kind in ("", *snapshot.network.optimiser.kept):  # what is kept has to be equal, too
        parts += [values[f"{kind}W{layer}"], values[f"{kind}W{layer + 1}"].T]
        if snapshot.recipe.bias:
            parts.append(values[f"{kind}b{layer}"][None])
    for one, other in combinations(range(snapshot.recipe.hidden[layer - 1]), 2):
        if all(_are_equal(part, one, other) for part in parts):
            yield one, other


def _are_equal(part: Array, one: int, other: int) -> bool:
    difference = np.abs(part[:, one] - part[:, other]).max()
    return bool(difference <= TWIN * np.abs(part).max())


def dead_units(snapshot: Snapshot) -> Diagnosis | None:
    """ReLU units that give 0 for every row."""
    if not ACTIVATIONS[snapshot.recipe.activation].can_be_off:
        return None
    for layer, units in enumerate(snapshot.recipe.hidden, start=1):
        dead = int((~(snapshot.values[f"a{layer}"] > 0).any(axis=0)).sum())
        if dead:
            are = "is" if dead == 1 else "are"
            where, row = _of_layer(snapshot, layer), snapshot.recipe.table.row_noun
            return Diagnosis(
                DEAD,
                f"{dead} of {units} ReLU units {where}{are} dead: 0 for every {row}",
                "Where a ReLU gives 0 its slope is 0: no gradient passes.",
                "Try another seed, more units, or tanh.",
            )
    return None


def saturation(snapshot: Snapshot) -> Diagnosis | None:
    """Activations so far out that they have almost no slope."""
    recipe = snapshot.recipe
    if not ACTIVATIONS[recipe.activation].is_bounded:
        return None
    shares = [
        float(saturated_pairs(recipe.activation, snapshot.values[f"a{layer}"]).mean())
        for layer in range(1, len(recipe.hidden) + 1)
    ]
    most = max(shares)
    if most < SATURATED_SHARE:
        return None
    where = _of_layer(snapshot, shares.index(most) + 1)
    return Diagnosis(
        SATURATION,
        f"Saturated: {percent(most)} of activations {where}have almost no slope",
        f"Far from 0 the {recipe.activation} is flat.",
        "Reset with smaller weights or a lower η.",
    )


def _of_layer(snapshot: Snapshot, layer: int) -> str:
    """Which layer, where there is more than one."""
    return f"of layer {layer} " if len(snapshot.recipe.hidden) > 1 else ""
