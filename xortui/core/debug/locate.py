"""Which line is it: recorded values are matched with the quantities of a step, true and wrong."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xortui.core.debug.judge import Update
from xortui.core.debug.mistakes import Change, Context
from xortui.core.debug.network import Network, Parameter, Step
from xortui.core.debug.symbols import Leaf
from xortui.core.debug.tape import Tape
from xortui.core.debug.trace import Event
from xortui.core.functions import Array

CLOSE = 1e-7


@dataclass(frozen=True, eq=False)
class Hit:
    """An event of the first update looked at whose node gives `factor` times a quantity."""

    event: Event
    factor: float


class Locator:
    """Finds events by value, in the steps that a context holds."""

    def __init__(self, network: Network, context: Context) -> None:
        self.network = network
        self.tape: Tape = network.tape
        self.context = context
        self.ranges = [self._range(update) for update in context.updates]

    def _range(self, update: Update) -> tuple[int, int]:
        """Events from the end of the forward pass to the beginning of the next one."""
        return update.passes[-1].place, max(update.following.one.start, update.passes[-1].place + 1)

    def events(self, number: int) -> Iterator[Event]:
        start, end = self.ranges[number]
        return iter(self.tape.events[start : end + 1])

    def hits(self, quantity: Array) -> list[Hit]:
        """Events that give a quantity [updates, ...] times one factor, in order of time."""
        first = quantity[0]
        if not np.isfinite(quantity).all() or not np.any(first):
            return []
        found = []
        for event in self.events(0):
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
        for event in self.events(0):
            array = event.value.array
            if array is None or array.size != 1 or event.value.kind in "ib":
                continue
            for column in range(flat.shape[1]):
                factor = _factor(array, flat[0, column : column + 1])
                if factor is not None and self._holds(
                    event, flat[:, column : column + 1], factor
                ):
                    found.append(Hit(event, factor))
                    break
        return found

    def any_hits(self, quantity: Array) -> list[Hit]:
        return self.hits(quantity) or self.unit_hits(quantity)

    def _holds(self, event: Event, quantity: Array, factor: float) -> bool:
        tested = 0
        for number in range(1, len(quantity)):
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

    # -- from events to lines ----------------------------------------------------------------------

    def call_site(self, event: Event) -> Event:
        """The same value where the helper that made it was called, outermost."""
        best = event
        for place in self.tape.uses[event.value.ref]:
            other = self.tape.events[place]
            node = self.tape.nodes[other.node]
            if place > best.place and node.kind == "Call":
                if node.scope != self.tape.nodes[best.node].scope:
                    best = other
        return best

    def line_of(self, event: Event) -> int:
        return self.tape.nodes[event.node].line

    def statement_line(self, event: Event) -> int:
        """The line of the operation itself, which may be within a longer statement."""
        return self.tape.nodes[event.node].line

    def update_event(self, parameter: Parameter) -> Event | None:
        """The event that made a parameter's new value, in the first update looked at."""
        update = self.context.updates[0]
        following = update.following
        leaf = self._leaf(following, parameter)
        if leaf is None:
            return None
        maker = self.tape.maker(leaf.value)
        start, end = self.ranges[0]
        if maker is not None and start <= maker.place <= end:
            return maker
        for event in self.events(0):
            if event.value.ref == leaf.value.ref:
                return event
        wanted = leaf.array
        for event in self.events(0):
            node = self.tape.nodes[event.node]
            array = event.value.array
            if array is not None and node.kind == "Change" and array.size <= wanted.size:
                if np.isin(array.ravel(), wanted.ravel()).all():
                    return event
        return None

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
    context = locator.context
    at = change.layer - 1
    if change.kind == "slope" and change.wrong is not None:
        if change.slug in ("derivative-left-out", "output-slope-missing"):
            return _last_assigned(locator, locator.any_hits(context.back[at]))
        hits = locator.any_hits(change.wrong)
        if not hits:
            hits = locator.any_hits(_delta_of(context, change))
        return locator.call_site(hits[0].event) if hits else None
    if change.kind == "back" and change.wrong is not None:
        hits = locator.any_hits(change.wrong)
        if not hits:
            hits = locator.any_hits(change.wrong * context.slope[at])
        return hits[0].event if hits else None
    if change.kind in ("dw", "db") and change.wrong is not None:
        hits = locator.hits(change.wrong)
        if not hits and change.kind == "db":
            hits = locator.hits(change.wrong[:, :1])
        hits = hits or locator.unit_hits(change.wrong)
        if hits:
            return hits[0].event
    if change.parameter is not None:
        if change.kind in ("sign", "scale"):
            event = _where_factor_departs(locator, change)
            if event is not None:
                return event
        return locator.update_event(change.parameter)
    return None


def _delta_of(context: Context, change: Change) -> Array:
    assert change.wrong is not None
    return context.back[change.layer - 1] * change.wrong


def _last_assigned(locator: Locator, hits: list[Hit]) -> Event | None:
    """The last of these that is stored under a name before anything else is made of it."""
    named = [hit for hit in hits if locator.tape.nodes[hit.event.node].target not in ("", "return")]
    chosen = named or hits
    return chosen[-1].event if chosen else None


def _where_factor_departs(locator: Locator, change: Change) -> Event | None:
    """On the way to a parameter's update, the first event with another factor than it should."""
    context, parameter = locator.context, change.parameter
    assert parameter is not None
    at = parameter.layer - 1
    deltas = locator.any_hits(context.delta[at])
    full = (
        context.delta[at].sum(axis=1)
        if parameter.kind == "b"
        else context.inputs[at].transpose(0, 2, 1) @ context.delta[at]
    )
    gradients = locator.any_hits(full)
    if not deltas or not gradients:
        return None
    base = deltas[-1].factor
    for hit in gradients:
        ratio = hit.factor / base
        if abs(ratio - change.ratio) <= 1e-4 * abs(change.ratio) or ratio < 0:
            return hit.event
    return None
