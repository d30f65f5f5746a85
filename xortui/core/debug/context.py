"""Some updates of a run, and what is true of each: what explanations are tried on."""

from dataclasses import dataclass

import numpy as np

from xortui.core.debug.fit import Tolerance
from xortui.core.debug.judge import RIGHT, Judgement, effective_updates
from xortui.core.debug.network import Parameter, TheirNetwork
from xortui.core.debug.updates import Update
from xortui.core.model.functions import Array

LOOKED_AT, MOST_ODD = 10, 2  # updates that are spread over the run, and odd ones


@dataclass(eq=False)
class Context:
    """Some updates, early and late ones, and what is true of each: the first axis is the update.

    A layer's quantities are [updates, rows, units], weights (without rows of ones) [updates,
    inputs, units] and updates [updates, numbers].
    """

    network: TheirNetwork
    updates: list[Update]
    inputs: list[Array]
    z: list[Array]
    a: list[Array]
    slope: list[Array]
    error: Array
    back: list[Array]
    delta: list[Array]
    weights: list[Array]
    after: list[Array]
    effective: Array  # updates without the share of momentum
    stored: Array
    size: Array
    tolerance: Tolerance
    rate: float | None
    momentum: float


def context_of(network: TheirNetwork, judgement: Judgement) -> Context | None:
    """Some updates, early and late ones, that say something."""
    known = effective_updates(judgement, judgement.momentum, judgement.decay)
    found = [
        (number, effective)
        for number, effective in known
        if np.abs(effective).max() > 1e-13 and np.isfinite(judgement.truths[number].theta).all()
    ]
    if not found:
        return None
    count = min(LOOKED_AT, len(found))
    spread = {round(part) for part in np.linspace(0, len(found) - 1, count)}
    places = sorted(spread | set(_odd_ones(network, judgement, found)))
    numbers = [found[place][0] for place in places]
    updates = [judgement.updates[number] for number in numbers]
    truths = [judgement.truths[number] for number in numbers]
    layers = range(len(network.layers))
    rows = max(len(one.error) for one in truths)

    def stacked(arrays: list[Array]) -> Array:
        result = np.zeros((len(arrays), rows, arrays[0].shape[1]))
        for place, array in enumerate(arrays):
            result[place, : len(array)] = array
        return result

    def of_layers(name: str) -> list[Array]:
        return [stacked([getattr(one, name)[layer] for one in truths]) for layer in layers]

    def weights(thetas: list[Array]) -> list[Array]:
        splits = [network.split(theta) for theta in thetas]
        return [
            np.stack([np.delete(parts[at][0], network.layers[at].ones, axis=0) for parts in splits])
            for at in layers
        ]

    return Context(
        network, updates,
        of_layers("inputs"), of_layers("z"), of_layers("a"), of_layers("slope"),
        stacked([one.error for one in truths]), of_layers("back"), of_layers("delta"),
        weights([update.theta for update in updates]),
        weights([update.theta + update.delta for update in updates]),
        np.stack([found[place][1] for place in places]),
        np.stack([np.abs(update.theta) + np.abs(update.delta) for update in updates]),
        np.stack([one.size for one in truths]),
        Tolerance(network), judgement.rate, judgement.momentum,
    )  # fmt: skip


def _odd_ones(
    network: TheirNetwork, judgement: Judgement, found: list[tuple[int, Array]]
) -> list[int]:
    """The places of updates that are least like the others: some mistakes show only there.

    Where what is right is not like the others, either, the weights were set anew.
    """
    odd: set[int] = set()
    anew: set[int] = set()
    for parameter, verdict in zip(network.parameters, judgement.verdicts, strict=True):
        slots = list(parameter.slots)
        delta = np.array([effective[slots] for _, effective in found])
        gradient = np.array([judgement.truths[number].theta[slots] for number, _ in found])
        square = np.square(gradient).sum(axis=1)
        if not np.any(square > 0):
            continue
        factor = np.median(-(delta * gradient).sum(axis=1)[square > 0] / square[square > 0])
        off = np.abs(delta + factor * gradient).max(axis=1)
        if verdict == RIGHT:
            anew.update(np.flatnonzero(off > 0.01 * np.abs(delta).max()).tolist())
        else:
            odd.update(np.argsort(-off, kind="stable")[:MOST_ODD].tolist())
    return sorted(odd - anew)


def full_gradient(context: Context, parameter: Parameter, delta: Array) -> Array:
    """The gradient of a parameter's layer [updates, inputs, units] or [updates, units]."""
    if parameter.kind == "b":
        total: Array = delta.sum(axis=1)
        return total
    result: Array = context.inputs[parameter.layer - 1].transpose(0, 2, 1) @ delta
    return result


def true_gradient(context: Context, parameter: Parameter) -> Array:
    """The gradient of a parameter's layer in every update looked at."""
    return full_gradient(context, parameter, context.delta[parameter.layer - 1])


def in_slots(network: TheirNetwork, parameter: Parameter, full: Array) -> Array:
    """The numbers of a layer's gradient that belong to a parameter, [updates, numbers]."""
    start = 0
    for layer in network.layers[: parameter.layer - 1]:
        start += layer.inputs * layer.units + layer.units * layer.bias
    if parameter.kind == "b":
        layer = network.layers[parameter.layer - 1]
        start += layer.inputs * layer.units
    result: Array = full.reshape(len(full), -1)[:, [slot - start for slot in parameter.slots]]
    return result


def proportion(context: Context, parameter: Parameter, gradient: Array) -> float | None:
    """The factor for which `update = -factor * gradient` holds in all updates looked at."""
    slots = list(parameter.slots)
    delta = context.effective[:, slots]
    square = float(np.vdot(gradient, gradient))
    if not np.isfinite(square) or square == 0:
        return None
    factor = -float(np.vdot(delta, gradient)) / square
    if factor == 0 or not np.isfinite(factor):
        return None
    allowed = (
        8 * context.tolerance.epsilon * context.stored[:, slots]
        + context.tolerance.of_terms * abs(factor) * (context.size[:, slots] + np.abs(gradient))
        + 1e-300
    )
    return None if np.any(np.abs(delta + factor * gradient) > allowed) else factor
