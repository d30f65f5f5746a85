"""Which line a mistake was made in."""

import numpy as np

from xortui.core.debug.activations import RELU, SIGMOID, TANH
from xortui.core.debug.context import Context, true_gradient
from xortui.core.debug.locate import Locator, Match
from xortui.core.debug.mistakes import LayerFault
from xortui.core.debug.network import Parameter, TheirNetwork
from xortui.core.debug.tape import LOADS, Tape
from xortui.core.debug.trace import Event
from xortui.core.model.functions import Array

FAR, FEW = 40, 6  # steps back from an update to what it is made from; from a sum to its terms


def line_of_change(locator: Locator, change: LayerFault) -> int | None:
    """The line where a change was made."""
    hit = event_of_change(locator, change)
    return None if hit is None else locator.line_of(hit)


def event_of_change(locator: Locator, change: LayerFault) -> Event | None:
    """The event that a change was made in."""
    match change.kind:
        case "slope":
            return _slope_event(locator, change)
        case "back" | "delta":
            return _back_event(locator, change)
        case "dw" | "db":
            return _gradient_event(locator, change)
        case "sign":
            return _sign_event(locator, change)
        case "scale":
            return _scale_event(locator, change)
        case "momentum":
            return _momentum_event(locator, change)
        case "still":
            return _where_update_is_missing(locator, change)
        case "uphill" if change.parameter is not None:
            last = _last_gradient(locator, change.parameter)
            return last.event if last else locator.update_event(change.parameter)
        case "shape":
            return square_of_labels(locator)
    return None if change.parameter is None else locator.update_event(change.parameter)


def _slope_event(locator: Locator, change: LayerFault) -> Event | None:
    context, at = locator.context, change.layer - 1
    assert change.wrong is not None
    if change.slug == "sign":
        return _sign_event(locator, change)
    if change.slug in ("derivative-left-out", "output-slope-missing"):
        # What is used as the error of the weighted sum, though it is that of the activation.
        back = context.back[at]
        used = locator.any_hits(context.inputs[at].transpose(0, 2, 1) @ back)
        end = used[0].event.place if used else len(locator.tape.events)
        hits = [hit for hit in locator.any_hits(back) if hit.event.place < end]
        named = [hit for hit in hits if locator.tape.nodes[hit.event.node].target]
        chosen = named or hits or used[:1]
        return chosen[-1].event if chosen else None
    hits = locator.any_hits(change.wrong) or locator.any_hits(context.back[at] * change.wrong)
    if not hits:
        return None
    if change.slug == "wrong-derivative" and not _is_a_slope(context, at, change.wrong):
        return hits[0].event  # the formula is wrong, wherever it is called
    return locator.call_site(hits[0].event)


def _is_a_slope(context: Context, at: int, wrong: Array) -> bool:
    """Whether this is how the slope of some activation is written, though not of this one."""
    a, z = context.a[at], context.z[at]
    forms = [one.slope(value, value) for one in (SIGMOID, TANH, RELU) for value in (a, z)]
    return any(np.allclose(form, wrong) for form in forms)


def _back_event(locator: Locator, change: LayerFault) -> Event | None:
    assert change.wrong is not None
    slope = locator.context.slope[change.layer - 1]
    if change.slug == "wrong-weight":  # the unit whose error is not what it should be
        off = np.abs(change.wrong - locator.context.back[change.layer - 1]).max(axis=(0, 1))
        unit = [int(off.argmax())]
        for quantity in ((change.wrong * slope)[:, :, unit], change.wrong[:, :, unit]):
            hits = locator.any_hits(quantity)
            if hits:
                return hits[0].event
    both = [change.wrong, change.wrong * slope]
    if change.slug == "loss-instead-of-error":  # the loss itself is no mistake, its use is
        both.reverse()
    if change.slug == "product-kind":  # one number for every pattern, before it is spread
        both.insert(0, change.wrong[:, :, :1])
    for quantity in both:
        hits = locator.any_hits(quantity)
        if hits:
            return hits[0].event
    return None


def _gradient_event(locator: Locator, change: LayerFault) -> Event | None:
    assert change.wrong is not None
    assert change.parameter is not None
    if change.slug == "rows-not-summed" and change.kind == "db":
        return locator.update_event(change.parameter)
    hits = locator.hits(change.wrong)
    if not hits and change.kind == "db":
        hits = locator.hits(change.wrong[:, :1])
    hits = hits or locator.unit_hits(change.wrong)
    if hits and change.slug == "bias-gradient-not-summed":
        # The error itself is right; that it is called a gradient is not.
        update = locator.update_event(change.parameter)
        named = [
            hit.event
            for hit in hits
            if locator.tape.nodes[hit.event.node].target
            and hit.event.place > hits[0].event.place
            and (update is None or locator.line_of(hit.event) != locator.line_of(update))
        ]
        return named[-1] if named else update
    return hits[0].event if hits else locator.update_event(change.parameter)


def square_of_labels(locator: Locator) -> Event | None:
    """Where labels and outputs became a square from which an update is made; None: nowhere."""
    network, tape = locator.network, locator.tape
    for parameter in network.parameters if network.broadcasts else ():
        update = locator.update_event(parameter)
        for event in tape.ancestors(update, FAR) if update is not None else ():
            if event.node in network.broadcasts:
                return network.broadcasts[event.node]
    return None


def scales_by_roots(locator: Locator) -> bool:
    """Whether updates are divided by square roots, as Adam and its kin do."""
    for event in locator.events(locator.base):
        node = locator.tape.nodes[event.node]
        half = [locator.tape.nodes[child].constant == 0.5 for child in node.children if child >= 0]
        if node.operator == "sqrt" or (node.operator == "Pow" and any(half)):
            return True
    return False


def turned_error(locator: Locator, change: LayerFault) -> Event | None:
    """Where the sign of a layer's error turns, on the way down; None where it does not."""
    context, network = locator.context, locator.network
    top = len(network.layers)
    first = change.layer - 1 if change.kind == "slope" else change.layer
    above = locator.any_hits(context.delta[first] if first < top else context.error)
    if change.kind == "slope" and above:
        sign = above[-1].factor
        for quantity in (context.back[change.layer - 1], context.delta[change.layer - 1]):
            for hit in locator.any_hits(quantity):
                if hit.factor * sign < 0 and hit.event.place > above[0].event.place:
                    return hit.event
    return None


def _sign_event(locator: Locator, change: LayerFault) -> Event | None:
    """Where the sign turns: in the errors, or on the way from them to an update."""
    context, network = locator.context, locator.network
    turned = turned_error(locator, change)
    if turned is not None:
        return turned
    parameters = [
        parameter
        for parameter in network.parameters
        if (parameter is change.parameter or change.parameter is None)
        and parameter.layer == change.layer
    ]
    events = []
    for parameter in parameters:
        deltas = locator.any_hits(context.delta[parameter.layer - 1])
        event = None
        for hit in locator.any_hits(true_gradient(context, parameter)):
            if deltas and hit.factor * deltas[-1].factor < 0:
                event = hit.event
                break
        last = _last_gradient(locator, parameter)
        if event is None and context.momentum and last is not None:
            event = last.event  # where it joins the last change, before the update itself
        event = event or locator.update_event(parameter)
        if event is not None:
            events.append(event)
    return min(events, key=locator.line_of) if events else None


def _scale_event(locator: Locator, change: LayerFault) -> Event | None:
    """Where one array's scale departs: in its gradient, or in its update."""
    parameter = change.parameter
    assert parameter is not None
    update = locator.update_event(parameter)
    mine = _last_gradient(locator, parameter)
    if mine is None or update is None or locator.line_of(mine.event) == locator.line_of(update):
        return update
    for other in locator.network.parameters:
        if other is parameter:
            continue
        its = _last_gradient(locator, other)
        if its is not None and abs(mine.factor / its.factor / change.ratio - 1) < 1e-4:
            return mine.event
    return update


def _last_gradient(locator: Locator, parameter: Parameter) -> Match | None:
    """The last event that gives a parameter's gradient, before the line of its update."""
    update = locator.update_event(parameter)
    hits = locator.any_hits(true_gradient(locator.context, parameter))
    if update is not None:
        line = locator.line_of(update)
        hits = [hit for hit in hits if locator.line_of(hit.event) != line] or hits
    return hits[-1] if hits else None


def _momentum_event(locator: Locator, change: LayerFault) -> Event | None:
    """Where something else than the last change is kept for the momentum: the weights, say."""
    assert change.parameter is not None
    update = locator.context.updates[locator.base]
    slots = list(change.parameter.slots)
    new = (update.theta + update.delta)[slots]
    for event in locator.events(locator.base):
        node, array = locator.tape.nodes[event.node], event.value.array
        if node.kind != "Call" or not node.target or array is None or array.size != new.size:
            continue
        if np.array_equal(np.sort(array.ravel()), np.sort(new)):
            return event
    return locator.update_event(change.parameter)


def _where_update_is_missing(locator: Locator, change: LayerFault) -> Event | None:
    """The update beside which a parameter that never moves should have had its own."""
    for parameter in locator.network.parameters:
        if parameter.layer == change.layer and parameter is not change.parameter:
            event = locator.update_event(parameter)
            if event is not None:
                return event
    return None


def grown_at(network: TheirNetwork, sum_: Event) -> tuple[int, ...]:
    """Where biases were made one for every pattern; `sum_` is a weighted sum with some of them.

    It is where an error is called a gradient (`db = dz`), or where the biases are updated by it.
    """
    tape, rows = network.tape, len(network.steps[0].x)
    lines = set()
    for event in (sum_, *tape.ancestors(sum_, FEW)):
        terms = tape.operands(event) if tape.nodes[event.node].operator in _SUMS else []
        for term in terms:
            if term is None or tape.nodes[term.node].kind not in LOADS:
                continue
            if _shape(term) == _shape(sum_):
                lines |= _made_at(tape, tape.maker(term.value))
    biases = {one.name: len(one.slots) for one in network.parameters if one.kind == "b"}
    for event in tape.events if lines else ():
        target = tape.nodes[event.node].target
        array = event.value.array
        if target in biases and array is not None and array.size == rows * biases[target] > 1:
            lines |= _made_at(tape, tape.maker(event.value))
    return tuple(sorted(lines))


def _shape(event: Event) -> tuple[int, ...] | None:
    return None if event.value.array is None else event.value.array.shape


def _made_at(tape: Tape, maker: Event | None) -> set[int]:
    """The line where grown biases were made, where an update made them."""
    if maker is None:
        return set()
    made = tape.nodes[maker.node]
    if made.operator in _SUMS or made.kind == "Change":
        return {_called_a_gradient(tape, maker) or made.line}
    return set()


def _called_a_gradient(tape: Tape, update: Event) -> int | None:
    """The line where what an update takes got its name, and nothing else happened to it."""
    made = update.value.array
    for source in tape.ancestors(update, FEW // 2):
        array = source.value.array
        if array is None or made is None or array.shape != made.shape:
            continue
        for place in tape.uses[source.value.ref]:
            node = tape.nodes[tape.events[place].node]
            if place < update.place and node.kind in LOADS and node.target not in ("", "return"):
                return node.line
    return None


_SUMS = ("Add", "Sub", "add", "subtract")
