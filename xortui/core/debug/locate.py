"""Recorded values that are a quantity of a step, times one factor: where, and on which line."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xortui.core.debug.algebra import Leaf
from xortui.core.debug.context import Context
from xortui.core.debug.network import Parameter, Step, TheirNetwork
from xortui.core.debug.tape import LOADS, Tape
from xortui.core.debug.trace import Event
from xortui.core.debug.updates import Update
from xortui.core.model.functions import Array

CLOSE = 1e-7


@dataclass(frozen=True, eq=False)
class Match:
    """An event of the update looked at whose node gives `factor` times a quantity."""

    event: Event
    factor: float


class Locator:
    """Finds events by value, in the steps that a context holds."""

    def __init__(self, network: TheirNetwork, context: Context) -> None:
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

    def hits(self, quantity: Array) -> list[Match]:
        """Events that give a quantity [updates, ...] times one factor, in order of time."""
        first = quantity[self.base]
        if not np.isfinite(quantity).all() or not np.any(first):
            return []
        found = []
        for event in self.events(self.base):
            if not self._is_made(event):
                continue
            factor = factor_of(event.value.array, first)
            if factor is not None and self._holds(event, quantity, factor):
                found.append(Match(event, factor))
        return found

    def unit_hits(self, quantity: Array) -> list[Match]:
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
                factor = factor_of(array, flat[self.base, column : column + 1])
                if factor is not None and self._holds(event, flat[:, column : column + 1], factor):
                    found.append(Match(event, factor))
                    break
        return found

    def _is_made(self, event: Event) -> bool:
        """Whether an event makes a value, or gives it a new name; not where it is only used."""
        node = self.tape.nodes[event.node]
        return node.kind not in LOADS or node.target not in ("", "return")

    def any_hits(self, quantity: Array) -> list[Match]:
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
                other = factor_of(self.tape.events[places[at]].value.array, quantity[number])
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

    def is_whole(self, parameter: Parameter) -> bool:
        """Whether a parameter is an array that holds whole numbers only."""
        leaf = self._leaf(self.context.updates[self.base].following, parameter)
        return leaf is not None and leaf.value.kind in "AM"

    def _leaf(self, step: Step, parameter: Parameter) -> Leaf | None:
        for unit in step.one.layers[parameter.layer - 1]:
            parts = unit.bias if parameter.kind == "b" else unit.weights
            for leaf, _, _ in parts:
                if leaf.key == parameter.leaf:
                    return leaf
        return None


def factor_of(array: Array | None, quantity: Array) -> float | None:
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
