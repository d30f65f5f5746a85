"""Which line is it: recorded values are matched with the quantities of a step, true and wrong."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xortui.core.debug.activations import RELU, SIGMOID, TANH
from xortui.core.debug.judge import Update
from xortui.core.debug.mistakes import Change, Context
from xortui.core.debug.network import Network, Parameter, Step
from xortui.core.debug.symbols import Leaf
from xortui.core.debug.tape import LOADS, Tape
from xortui.core.debug.trace import Event
from xortui.core.model.functions import Array

CLOSE = 1e-7


@dataclass(frozen=True, eq=False)
class Hit:
    """An event of the update looked at whose node gives `factor` times a quantity."""

    event: Event
    factor: float


class Locator:
    """Finds events by value, in the steps that a context holds."""

    def __init__(self, network: Network, context: Context) -> None:
        self.network = network
        self.tape: Tape = network.tape
        self.context = context
        self.ranges = [self._range(update) for update in context.updates]
        # Lines are looked for where most can be seen: a row of zeros has no gradients.
        seen = [
            sum(np.count_nonzero(delta[at]) for delta in context.delta)
            + np.count_nonzero(context.inputs[0][at])
            for at in range(len(context.updates))
        ]
        self.base = int(np.argmax(seen))

    def _range(self, update: Update) -> tuple[int, int]:
        """Events from the end of the forward pass to the beginning of the next one."""
        return update.passes[-1].place, max(update.following.one.start, update.passes[-1].place + 1)

    def events(self, number: int) -> Iterator[Event]:
        start, end = self.ranges[number]
        return iter(self.tape.events[start : end + 1])

    def hits(self, quantity: Array) -> list[Hit]:
        """Events that give a quantity [updates, ...] times one factor, in order of time."""
        first = quantity[self.base]
        if not np.isfinite(quantity).all() or not np.any(first):
            return []
        found = []
        for event in self.events(self.base):
            if not self._is_made(event):
                continue
            factor = _factor(event.value.array, first)
            if factor is not None and self._holds(event, quantity, factor):
                found.append(Hit(event, factor))
        return found

    def unit_hits(self, quantity: Array) -> list[Hit]:
        """The same for scalars: events that give one number of a quantity [updates, ..., n]."""
        flat = quantity.reshape(len(quantity), -1)
        if flat.shape[1] > 64 or len(quantity) < 2:
            return []
        found = []
        for event in self.events(self.base):
            array = event.value.array
            if array is None or array.size != 1 or event.value.kind in "ib":
                continue
            if not self._is_made(event):
                continue
            for column in range(flat.shape[1]):
                factor = _factor(array, flat[self.base, column : column + 1])
                if factor is not None and self._holds(event, flat[:, column : column + 1], factor):
                    found.append(Hit(event, factor))
                    break
        return found

    def _is_made(self, event: Event) -> bool:
        """Whether an event makes a value, or gives it a new name; not where it is only used."""
        node = self.tape.nodes[event.node]
        return node.kind not in LOADS or node.target not in ("", "return")

    def any_hits(self, quantity: Array) -> list[Hit]:
        return self.hits(quantity) or self.unit_hits(quantity)

    def _holds(self, event: Event, quantity: Array, factor: float) -> bool:
        tested = 0
        for number in range(len(quantity)):
            if number == self.base:
                continue
            places = self.tape.of_node[event.node]
            start, end = self.ranges[number]
            at = bisect_left(places, start)
            fits = False
            seen = False
            while at < len(places) and places[at] <= end:
                seen = True
                other = _factor(self.tape.events[places[at]].value.array, quantity[number])
                if other is not None and abs(other - factor) <= 1e-6 * abs(factor):
                    fits = True
                    break
                at += 1
            if not seen:
                continue
            if not fits and np.abs(quantity[number]).max() > 1e-9:
                return False
            tested += fits
        return tested > 0 or len(quantity) == 1

    def values_of(self, event: Event) -> list[Array] | None:
        """What the same expression gave in every update looked at; None where it did not."""
        places = self.tape.of_node[event.node]
        start, _ = self.ranges[self.base]
        nth = bisect_left(places, event.place) - bisect_left(places, start)
        found = []
        for start, end in self.ranges:
            at = bisect_left(places, start) + nth
            if at >= len(places) or places[at] > end:
                return None
            array = self.tape.events[places[at]].value.array
            if array is None or array.shape != event.value.array.shape:  # type: ignore[union-attr]
                return None
            found.append(array)
        return found

    # -- from events to lines ----------------------------------------------------------------------

    def call_site(self, event: Event) -> Event:
        """The same value where the helper that made it was called, outermost."""
        best = event
        for place in self.tape.uses[event.value.ref]:
            other = self.tape.events[place]
            node = self.tape.nodes[other.node]
            elsewhere = node.scope != self.tape.nodes[best.node].scope
            if place > best.place and node.kind == "Call" and elsewhere:
                best = other
        return best

    def line_of(self, event: Event) -> int:
        return self.tape.nodes[event.node].line

    def statement_line(self, event: Event) -> int:
        """The line of the operation itself, which may be within a longer statement."""
        return self.tape.nodes[event.node].line

    def update_event(self, parameter: Parameter) -> Event | None:
        """The event that made a parameter's new value, in the update looked at."""
        update = self.context.updates[self.base]
        following = update.following
        leaf = self._leaf(following, parameter)
        if leaf is None:
            return None
        maker = self.tape.maker(leaf.value)
        start, end = self.ranges[self.base]
        made = maker is not None and start <= maker.place <= end
        if made and self.tape.nodes[maker.node].kind not in LOADS:  # type: ignore[union-attr]
            return maker
        wanted = leaf.array
        for event in self.events(self.base):
            node = self.tape.nodes[event.node]
            array = event.value.array
            if array is None or node.kind != "Change" or array.size > wanted.size:
                continue
            if np.isin(array.ravel(), wanted.ravel()).all():
                return event
        if made:
            return maker
        uses = (event for event in self.events(self.base) if event.value.ref == leaf.value.ref)
        return next(uses, None)

    def _leaf(self, step: Step, parameter: Parameter) -> Leaf | None:
        for unit in step.one.layers[parameter.layer - 1]:
            parts = unit.bias if parameter.kind == "b" else unit.weights
            for leaf, _, _ in parts:
                if leaf.key == parameter.leaf:
                    return leaf
        return None


def _factor(array: Array | None, quantity: Array) -> float | None:
    """The c for which array = c * quantity, row for row or turned; None where there is none."""
    if array is None or array.size != quantity.size or not array.size:
        return None
    flat = array.ravel()
    with np.errstate(all="ignore"):
        for turned in (quantity, quantity.T) if quantity.ndim > 1 else (quantity,):
            wanted = turned.ravel()
            at = int(np.abs(wanted).argmax())
            if wanted[at] == 0:
                return None
            factor = float(flat[at] / wanted[at])
            if factor == 0 or not np.isfinite(factor):
                continue
            if np.all(np.abs(flat - factor * wanted) <= CLOSE * abs(factor * wanted[at])):
                return factor
    return None


def line_of_change(locator: Locator, change: Change) -> int | None:
    """The line where a change was made."""
    hit = event_of_change(locator, change)
    return None if hit is None else locator.line_of(hit)


def event_of_change(locator: Locator, change: Change) -> Event | None:
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
    return None if change.parameter is None else locator.update_event(change.parameter)


def _slope_event(locator: Locator, change: Change) -> Event | None:
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


def _back_event(locator: Locator, change: Change) -> Event | None:
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
    for quantity in both:
        hits = locator.any_hits(quantity)
        if hits:
            return hits[0].event
    return None


def _gradient_event(locator: Locator, change: Change) -> Event | None:
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


def scales_by_roots(locator: Locator) -> bool:
    """Whether updates are divided by square roots, as Adam and its kin do."""
    for event in locator.events(locator.base):
        node = locator.tape.nodes[event.node]
        half = [locator.tape.nodes[child].constant == 0.5 for child in node.children if child >= 0]
        if node.operator == "sqrt" or (node.operator == "Pow" and any(half)):
            return True
    return False


def true_gradient(context: Context, parameter: Parameter) -> Array:
    """The gradient of a parameter's layer in every update looked at."""
    delta = context.delta[parameter.layer - 1]
    if parameter.kind == "b":
        total: Array = delta.sum(axis=1)
        return total
    product: Array = context.inputs[parameter.layer - 1].transpose(0, 2, 1) @ delta
    return product


def turned_error(locator: Locator, change: Change) -> Event | None:
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


def _sign_event(locator: Locator, change: Change) -> Event | None:
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
        event = event or locator.update_event(parameter)
        if event is not None:
            events.append(event)
    return min(events, key=locator.line_of) if events else None


def _scale_event(locator: Locator, change: Change) -> Event | None:
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


def _last_gradient(locator: Locator, parameter: Parameter) -> Hit | None:
    """The last event that gives a parameter's gradient, before the line of its update."""
    update = locator.update_event(parameter)
    hits = locator.any_hits(true_gradient(locator.context, parameter))
    if update is not None:
        line = locator.line_of(update)
        hits = [hit for hit in hits if locator.line_of(hit.event) != line] or hits
    return hits[-1] if hits else None


def _momentum_event(locator: Locator, change: Change) -> Event | None:
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


def _where_update_is_missing(locator: Locator, change: Change) -> Event | None:
    """The update beside which a parameter that never moves should have had its own."""
    for parameter in locator.network.parameters:
        if parameter.layer == change.layer and parameter is not change.parameter:
            event = locator.update_event(parameter)
            if event is not None:
                return event
    return None
