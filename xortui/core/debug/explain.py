"""Which mistakes were made: a backward pass with one line wrong, or two, until it fits.

It is worked out until it gives the very updates that were recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from xortui.core.debug.context import Context, full_gradient, in_slots, proportion
from xortui.core.debug.judge import STILL, Judgement
from xortui.core.debug.mistakes import FaultExplanation, LayerFault
from xortui.core.debug.network import Parameter, TheirNetwork
from xortui.core.debug.variants import deltas, gradient_variants, ways_back
from xortui.core.model.functions import Array

KEPT, CLOSELY, MOST_CHANGES = 12, 6, 3


@dataclass(eq=False)
class _State:
    cost: float
    changes: list[LayerFault]
    delta: Array
    back: Array
    open: list[Parameter]
    factors: list[tuple[Parameter, float]] = field(default_factory=list)


def explain(context: Context, judgement: Judgement) -> FaultExplanation | None:
    """The likeliest changes that give their updates; None where no way to get them was found."""
    network = context.network
    verdicts = list(zip(network.parameters, judgement.verdicts, strict=True))
    still = [
        LayerFault(
            "bias-never-updated" if parameter.kind == "b" else "weights-never-updated",
            "still", parameter.layer, parameter=parameter,
        )
        for parameter, verdict in verdicts
        if verdict == STILL
    ]  # fmt: skip
    moving = [parameter for parameter, verdict in verdicts if verdict != STILL]
    empty = np.zeros(0)
    states = [_State(0.0, [], empty, empty, [])]
    with np.errstate(all="ignore"):
        for layer in range(len(network.layers), 0, -1):
            of_layer = [parameter for parameter in moving if parameter.layer == layer]
            tried = [
                _explained(context, option, of_layer)
                for state in states
                for option in _options(context, state, layer, judgement.loss)
            ]
            tried.sort(key=lambda state: state.cost)
            # What is left open is looked at closely for the likeliest only.
            closely = tried[:CLOSELY] + [one for one in tried[CLOSELY:] if not one.changes]
            for state in closely:
                _look_closely(context, state, layer)
            states = sorted(tried, key=lambda state: state.cost)[:KEPT]
    if not states:
        return None
    best = min((_with_scales(context, state) for state in states), key=lambda one: one.cost)
    for parameter, fit in zip(network.parameters, judgement.fits, strict=True):
        if parameter in best.open and fit.kind == "uphill":
            best.changes.append(
                LayerFault("sign", "uphill", parameter.layer, None, parameter, -1.0)
            )
        if parameter in best.open and fit.kind == "odd momentum":
            best.changes.append(
                LayerFault("momentum-misapplied", "momentum", parameter.layer, parameter=parameter)
            )
    best.changes = [*best.changes, *still]
    return best


def rows_not_summed(network: TheirNetwork, context: Context) -> list[LayerFault]:
    """The gradients of one row alone, which is all that the updates are made of."""
    return [
        LayerFault(
            "rows-not-summed", f"d{parameter.kind.lower()}", parameter.layer,
            full_gradient(context, parameter, context.delta[parameter.layer - 1]), parameter,
        )
        for parameter in network.parameters
    ]  # fmt: skip


# -- ways to get the errors of a layer -------------------------------------------------------------


def _options(context: Context, state: _State, layer: int, loss: str) -> Iterator[_State]:
    """The state with the errors of this layer worked out in every way."""
    at = layer - 1
    backs: list[tuple[LayerFault | None, Array]]
    if layer == len(context.network.layers):
        backs = [(None, context.back[at])]
        for squared in (context.error**2, -(context.error**2)):
            backs.append((LayerFault("loss-instead-of-error", "back", layer, squared), squared))
    else:
        backs = list(ways_back(context, state.delta, state.back, at))
    for change, back in backs:
        first = [] if change is None else [change]
        if len(state.changes) + len(first) > MOST_CHANGES:
            continue
        for slope_change, delta in deltas(context, at, back, loss):
            new = [*first, *([] if slope_change is None else [slope_change])]
            if len(state.changes) + len(new) > MOST_CHANGES:
                continue
            # The same mistake in two layers is likelier than two of a kind.
            before = {one.slug for one in state.changes}
            cost = state.cost + sum(0.5 if one.slug in before else 1.0 for one in new)
            yield _State(
                cost, [*state.changes, *new], delta, back, list(state.open), list(state.factors)
            )


def _explained(context: Context, state: _State, parameters: list[Parameter]) -> _State:
    """The state with what follows from the errors of its layer as it should."""
    for parameter in parameters:
        full = full_gradient(context, parameter, state.delta)
        factor = proportion(context, parameter, in_slots(context.network, parameter, full))
        if factor is None:
            state.open.append(parameter)
            state.cost += 2.5
        else:
            state.factors.append((parameter, factor))
    return state


def _look_closely(context: Context, state: _State, layer: int) -> None:
    """Explain what is open in a layer by something wrong in its gradients."""
    for parameter in [one for one in state.open if one.layer == layer]:
        for slug, gradient, wrong in gradient_variants(context, parameter, state.delta, state.back):
            factor = proportion(context, parameter, gradient)
            if factor is None:
                continue
            change = LayerFault(slug, f"d{parameter.kind.lower()}", layer, wrong, parameter)
            alike = any(one.slug == slug and one.kind[0] == "d" for one in state.changes)
            state.changes.append(change)
            state.open.remove(parameter)
            state.cost += (0.25 if alike else 1.1) - 2.5
            if not slug.startswith("bias-gradient"):  # a mean over more or less may go with it
                state.factors.append((parameter, factor))
            break


def _with_scales(context: Context, state: _State) -> FaultExplanation:
    """Factors that differ from the common one are changes, too."""
    rate = context.rate
    factors = state.factors
    if rate is None and factors:

        def members(factor: float) -> int:
            return sum(abs(other - factor) <= 1e-5 * abs(factor) for _, other in factors)

        # Of equal groups the one that is nearest the output, and goes downhill.
        _, rate = max(factors, key=lambda one: (one[1] > 0, members(one[1]), one[0].layer))
    changes, cost = list(state.changes), state.cost
    signs = 0
    for parameter, factor in factors:
        if rate is None or abs(factor - rate) <= 1e-5 * abs(rate):
            continue
        ratio = factor / rate
        if abs(ratio + 1) < 1e-5:
            changes.append(LayerFault("sign", "sign", parameter.layer, None, parameter, -1.0))
            cost += 0.3 if signs else 1.0
            signs += 1
        else:
            wrong = "scale-of-one-array", "scale", parameter.layer, None, parameter, ratio
            changes.append(LayerFault(*wrong))
            cost += 1.3
    if rate is not None and rate < 0:
        changes = [LayerFault("sign", "sign", parameter.layer, None, parameter, -1.0)
                   for parameter, _ in factors] + changes  # fmt: skip
        cost += 1
    return FaultExplanation(cost, changes, state.open)
