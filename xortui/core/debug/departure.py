"""Where a step departs from backpropagation, when no classic mistake explains it.

What they used is somewhere among the recorded values: the error of a layer from which their updates
follow, and the slope by which it came about. So a line can be named without knowing the mistake.
"""

from collections.abc import Iterator

import numpy as np

from xortui.core.debug.context import full_gradient, in_slots, proportion, true_gradient
from xortui.core.debug.locate import Locator, factor_of
from xortui.core.debug.mistakes import LayerFault
from xortui.core.debug.network import Parameter
from xortui.core.debug.trace import Event
from xortui.core.model.functions import Array

MOST_CANDIDATES = 120
FAR, FEW = 40, 4  # steps back from an update to what it is made from; from a sum to its terms


def departures(locator: Locator, open_: list[Parameter]) -> list[LayerFault]:
    """For every layer with updates that are not explained, what was used in place of its error."""
    context, network = locator.context, locator.network
    found: list[LayerFault] = []
    used: Array | None = None  # the error of the layer above, as they have it
    for layer in range(len(network.layers), 0, -1):
        at = layer - 1
        parameters = [one for one in open_ if one.layer == layer]
        true_delta = context.delta[at]
        back = context.back[at]
        if used is not None:
            back = used @ context.weights[at + 1].transpose(0, 2, 1)
            true_delta = back * context.slope[at]
            if parameters and _explains(locator, parameters, true_delta):
                used = true_delta
                continue  # it follows from what is wrong above
        used = None
        hidden = layer < len(network.layers)
        if not parameters or (hidden and locator.any_hits(true_delta)):
            continue
        for event, delta in _recorded(locator, true_delta.shape):
            if not _explains(locator, parameters, delta):
                continue
            used = delta
            if not hidden and _may_be_a_loss(context.error, delta):
                break
            slope = _slope(locator, event, back, delta)
            if slope is not None:
                found.append(LayerFault("wrong-derivative", "slope", layer, slope))
            else:
                found.append(LayerFault("unknown", "delta", layer, delta))
            break
    return found


def step_along(locator: Locator, parameter: Parameter) -> Event | None:
    """The first value that an update follows at a constant rate; None where that may be meant.

    A clipped gradient has the signs of the true one, and something may be added to a gradient: the
    slope of a penalty, say.
    """
    context = locator.context
    slots = list(parameter.slots)
    right = in_slots(
        context.network,
        parameter,
        full_gradient(context, parameter, context.delta[parameter.layer - 1]),
    )
    delta = context.effective[:, slots]
    if np.all(delta * right <= 1e-12 * np.abs(delta).max() * np.abs(right).max()):
        return None
    for event, value in _recorded(locator, (len(delta), 1, len(slots))):
        flat = value[:, 0]
        factor = float(np.vdot(delta, flat) / np.vdot(flat, flat))
        if factor and np.allclose(delta, factor * flat, rtol=1e-7, atol=1e-9 * np.abs(delta).max()):
            return None if _adds_to(locator, event, parameter) else event
    return None


def meeting(locator: Locator, parameter: Parameter) -> Event | None:
    """Where what a gradient is made of meets, and makes something else; None where nobody knows.

    That is a statement with the error of the layer in it, and (of weights) what comes into it, both
    of them whole and right.
    """
    context, tape, at = locator.context, locator.tape, parameter.layer - 1
    update = locator.update_event(parameter)
    start, end = locator.ranges[locator.base]
    if update is None:
        return None
    events = [update, *(one for one in tape.ancestors(update, FAR) if start <= one.place <= end)]
    parts = [tape.operands(one)[0] for one in events if tape.nodes[one.node].kind == "Subscript"]
    in_part = {one.place for one in parts if one is not None}
    made_of = [context.delta[at][locator.base]]
    if parameter.kind == "W":
        made_of.append(context.inputs[at][locator.base])
    used: dict[int, set[int]] = {}
    for event in events:
        array = event.value.array
        whole = array is not None and event.place not in in_part
        for which, quantity in enumerate(made_of) if whole else ():
            if factor_of(array, quantity) is not None:
                used.setdefault(tape.nodes[event.node].statement, set()).add(which)
    met = {statement for statement, found in used.items() if len(found) == len(made_of)}
    places = [one for one in events if tape.nodes[one.node].statement in met]
    return min(places, key=lambda one: one.place, default=None)


def _adds_to(locator: Locator, event: Event, parameter: Parameter) -> bool:
    """Whether a value is made of the true gradient and something that was added to it."""
    tape = locator.tape
    gradient = true_gradient(locator.context, parameter)
    known = {hit.event.place for hit in locator.any_hits(gradient)}
    for one in (event, *tape.ancestors(event, FAR // 4)):
        if tape.nodes[one.node].operator in ("Add", "Sub", "add", "subtract"):
            terms = [term for term in tape.operands(one) if term is not None]
            below = (place for term in terms for place in tape.ancestors(term, FEW))
            if known & {one.place for one in [*terms, *below]}:
                return True
    return tape.nodes[event.node].operator in ("Add", "Sub", "add", "subtract")


def _explains(locator: Locator, parameters: list[Parameter], delta: Array) -> bool:
    """Whether the updates of all these parameters follow from this error of their layer."""
    context = locator.context
    return all(
        proportion(context, one, in_slots(context.network, one, full_gradient(context, one, delta)))
        is not None
        for one in parameters
    )


def _may_be_a_loss(error: Array, delta: Array) -> bool:
    """Whether every row goes to its label's side: then it descends a loss, known or not."""
    told = (np.abs(error) > 1e-6) & (np.abs(delta) > 1e-12)
    signs = np.sign(error[told]) * np.sign(delta[told])
    return bool(np.all(signs == signs[0])) if signs.size else True


def _slope(locator: Locator, event: Event, back: Array, delta: Array) -> Array | None:
    """The recorded values that turned the error that came back into this one."""
    for other, slope in _recorded(locator, delta.shape):
        if other.place >= event.place or np.allclose(slope, back):
            continue
        product = back * slope
        big = float(np.abs(product).max())
        if big == 0 or not np.isfinite(big):
            continue
        factor = float(np.vdot(delta, product) / np.vdot(product, product))
        if factor and np.allclose(
            delta, factor * product, rtol=1e-7, atol=1e-9 * abs(factor) * big
        ):
            return slope
    return None


def _recorded(locator: Locator, shape: tuple[int, ...]) -> Iterator[tuple[Event, Array]]:
    """Values of the updates looked at that have a layer's size, as [updates, rows, units]."""
    seen: set[int] = set()
    count = 0
    for event in locator.events(locator.base):
        array = event.value.array
        if array is None or array.size != shape[1] * shape[2] or event.value.ref in seen:
            continue
        seen.add(event.value.ref)
        values = locator.values_of(event)
        if values is None or count >= MOST_CANDIDATES:
            continue
        count += 1
        for turned in _as_rows(values, shape):
            if np.isfinite(turned).all() and np.any(turned):
                yield event, turned


def _as_rows(values: list[Array], shape: tuple[int, ...]) -> Iterator[Array]:
    _, rows, units = shape
    stacked = np.stack(values)
    if stacked.shape[1:] == (units, rows) and units != 1 != rows:
        yield stacked.transpose(0, 2, 1)
        if rows != units:
            return
    yield stacked.reshape(shape)
