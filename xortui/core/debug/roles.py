"""What their lines work out: which quantity of a step each of their recorded values is."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xortui.core.debug.blame import event_of_change
from xortui.core.debug.context import Context
from xortui.core.debug.judge import RIGHT, STILL
from xortui.core.debug.locate import Locator, factor_of
from xortui.core.debug.mistakes import LayerFault
from xortui.core.debug.network import Parameter, TheirNetwork
from xortui.core.debug.trace import Event
from xortui.core.debug.truth import Truth
from xortui.core.model.functions import Array
from xortui.core.model.names import SUBSCRIPTS

OK, WRONG, FOLLOWS, OPEN = "right", "wrong", "follows", "unknown"
SLOPES = {"sigmoid": "σ′", "tanh": "tanh′", "relu": "relu′"}
ACTIVATED = {"sigmoid": "σ", "tanh": "tanh", "relu": "relu", "linear": ""}


@dataclass(frozen=True, eq=False)
class Role:
    """A value of theirs is `factor` times the quantity `kind` of a layer, counted from 1.

    `kind`: z and a of the forward pass; error (a − y of the output), back (∂L/∂a), slope, delta
    (∂L/∂z), dw, db; update, of a parameter. `place` is that of the one number of it that this is,
    where it is one. `verdict`: right, wrong, follows (from what is wrong before it) or unknown.
    """

    kind: str
    layer: int
    factor: float = 1.0
    place: int | None = None
    verdict: str = OK
    parameter: Parameter | None = None


# The roles of the values in a step: by the node, and how often it has been evaluated in that step.
Roles = dict[tuple[int, int], Role]


def find_roles(
    locator: Locator, changes: Sequence[LayerFault], verdicts: Sequence[str], begin: int, end: int
) -> Roles:
    """The roles of what is recorded from event `begin` to `end`, where the locator looks."""
    found = _Roles(locator, begin, end)
    found.add_forward()
    found.add_backward()
    wrong = found.add_wrong(changes)
    found.add_consequences(changes, wrong)
    found.add_updates(verdicts, wrong)
    return found.roles


class _Roles:
    def __init__(self, locator: Locator, begin: int, end: int) -> None:
        self.locator, self.begin, self.end = locator, begin, end
        self.network: TheirNetwork = locator.network
        self.context: Context = locator.context
        self.base = locator.base
        self.roles: Roles = {}

    def key(self, event: Event) -> tuple[int, int]:
        places = self.locator.tape.of_node[event.node]
        return event.node, bisect_left(places, event.place) - bisect_left(places, self.begin)

    def add(self, event: Event, role: Role) -> None:
        """Where a value has a role already, that stays."""
        if self.begin <= event.place < self.end:
            self.roles.setdefault(self.key(event), role)

    # -- one part of a step after the other ----------------------------------------------------

    def add_forward(self) -> None:
        for one in self.context.updates[self.base].passes:
            for number, layer in enumerate(one.one.layers, start=1):
                for unit in layer:
                    for kind, event in (("z", unit.z_event), ("a", unit.a_event)):
                        # A linear layer's sum is what it gives.
                        kind = "a" if unit.z_event is unit.a_event else kind
                        self.add(event, Role(kind, number))
                        self.add(self.locator.call_site(event), Role(kind, number))

    def add_backward(self) -> None:
        for kind, layer, true in quantities(self.context):
            self._add_hits(kind, layer, true, OK)

    def add_consequences(self, changes: Sequence[LayerFault], wrong: Sequence[Event]) -> None:
        """What comes of the changes; nothing follows from what is wrong only later."""
        first = min((event.place for event in wrong), default=-1)
        for kind, layer, theirs in consequences(self.context, changes):
            self._add_hits(kind, layer, theirs, FOLLOWS, first)

    def _add_hits(
        self, kind: str, layer: int, quantity: Array, verdict: str, after: int = -1
    ) -> None:
        flat = quantity.reshape(len(quantity), -1)
        if kind == "slope" and np.ptp(flat) == 0:
            return  # any constant would look like it
        hits = [hit for hit in self.locator.hits(quantity) if hit.event.place > after]
        for hit in hits:
            self.add(hit.event, Role(kind, layer, hit.factor, None, verdict))
        for hit in [] if hits else self.locator.unit_hits(quantity):
            if hit.event.place <= after:
                continue
            number = hit.event.value.array
            assert number is not None
            off = np.abs(hit.factor * flat[self.base] - float(number.ravel()[0]))
            self.add(hit.event, Role(kind, layer, hit.factor, int(off.argmin()), verdict))

    def add_wrong(self, changes: Sequence[LayerFault]) -> list[Event]:
        """The values that are wrong first, whatever they looked like until now."""
        found = []
        for change in changes:
            event = event_of_change(self.locator, change)
            if event is None or change.kind == "still":
                continue
            role = self._role_of(event, change) or self.roles.get(self.key(event))
            if role is not None:
                self.roles[self.key(event)] = replace(role, verdict=WRONG)
                found.append(event)
        return found

    def _role_of(self, event: Event, change: LayerFault) -> Role | None:
        """What a value should have been that is the wrong one of a change."""
        array = event.value.array
        if array is None:
            return None
        for kind, layer, theirs in _instead(self.context, change):
            factor = factor_of(array, theirs[self.base])
            if factor is not None:
                return Role(kind, layer, factor)
        return None

    def add_updates(self, verdicts: Sequence[str], wrong: Sequence[Event]) -> None:
        lines = {self.locator.line_of(event) for event in wrong}
        for parameter, verdict in zip(self.network.parameters, verdicts, strict=True):
            event = None if verdict == STILL else self.locator.update_event(parameter)
            if event is None:
                continue
            word = {RIGHT: OK, "wrong": FOLLOWS}.get(verdict, OPEN)
            if word == FOLLOWS and (not lines or self.locator.line_of(event) in lines):
                word = WRONG
            role = Role("update", parameter.layer, verdict=word, parameter=parameter)
            self.roles[self.key(event)] = role


# -- the quantities of a step ----------------------------------------------------------------------


def quantities(context: Context) -> Iterator[tuple[str, int, Array]]:
    """What is true of the updates looked at: kind, layer and values [updates, ...]."""
    top = len(context.network.layers)
    yield "error", top, context.error
    for layer in range(top, 0, -1):
        at = layer - 1
        if layer < top:
            yield "back", layer, context.back[at]
        yield "slope", layer, context.slope[at]
        yield "delta", layer, context.delta[at]
        yield "dw", layer, context.inputs[at].transpose(0, 2, 1) @ context.delta[at]
        yield "db", layer, context.delta[at].sum(axis=1)


def consequences(
    context: Context, changes: Sequence[LayerFault]
) -> Iterator[tuple[str, int, Array]]:
    """What follows from the changes, where it is not what is true."""
    delta: Array | None = None  # of the layer above, as they have it
    for layer in range(len(context.network.layers), 0, -1):
        at = layer - 1
        back, slope = context.back[at], context.slope[at]
        if delta is not None:
            back = delta @ context.weights[layer].transpose(0, 2, 1)
        mine = [one for one in changes if one.layer == layer and one.wrong is not None]
        back = next((one.wrong for one in mine if one.kind == "back"), back)  # type: ignore[misc]
        slope = next((one.wrong for one in mine if one.kind == "slope"), slope)  # type: ignore[misc]
        made = back * slope if delta is not None or mine else context.delta[at]
        delta = next((one.wrong for one in mine if one.kind == "delta"), made)
        assert delta is not None
        if np.allclose(delta, context.delta[at], rtol=1e-9, atol=1e-12):
            delta = None
            continue
        yield "back", layer, back
        yield "delta", layer, delta
        yield "dw", layer, context.inputs[at].transpose(0, 2, 1) @ delta
        yield "db", layer, delta.sum(axis=1)


def _instead(context: Context, change: LayerFault) -> Iterator[tuple[str, int, Array]]:
    """What a change makes, and of which quantity it takes the place."""
    layer, at, wrong = change.layer, change.layer - 1, change.wrong
    if change.kind == "slope" and wrong is not None:
        yield "delta", layer, context.back[at] * wrong
        yield "slope", layer, wrong
    elif change.kind == "back" and wrong is not None:
        yield "back", layer, wrong
        yield "delta", layer, wrong * context.slope[at]
    elif change.kind in ("delta", "dw", "db") and wrong is not None:
        yield change.kind, layer, wrong
    elif change.kind == "sign":
        for kind, where, true in quantities(context):
            yield kind, where, -true


def true_of(role: Role, truth: Truth, theirs: Array) -> Array | None:
    """What is true in a step of a quantity, in their shape and scale; None where it has no such."""
    at = role.layer - 1
    values = {
        "error": lambda: truth.error,
        "back": lambda: truth.back[at],
        "slope": lambda: truth.slope[at],
        "delta": lambda: truth.delta[at],
        "dw": lambda: truth.dw[at],
        "db": lambda: truth.db[at],
    }
    if role.kind in ("z", "a"):
        return theirs  # the network was found by these
    if role.kind not in values:
        return None
    full = role.factor * values[role.kind]()
    if role.place is not None:
        fits = theirs.size == 1 and role.place < full.size
        return full.ravel()[[role.place]].reshape(theirs.shape) if fits else None
    return in_shape_of(theirs, full)


def in_shape_of(theirs: Array, full: Array) -> Array | None:
    """The values in the shape of theirs, turned the way that is nearer to them."""
    if full.size != theirs.size:
        return None
    ways = [one.ravel().reshape(theirs.shape) for one in (full, full.T)]
    if full.ndim == 2 and theirs.ndim == 2 and full.shape != full.T.shape:
        ways = [one for one in (full, full.T) if one.shape == theirs.shape] or ways
    with np.errstate(all="ignore"):
        return min(ways, key=lambda one: float(np.nan_to_num(np.abs(one - theirs)).sum()))


# -- words -----------------------------------------------------------------------------------------


def describe(role: Role, network: TheirNetwork) -> str:
    """A role in the notation of xortui: z₁ = X·W₁ + b₁, ∂L/∂W₂, ..."""
    top = len(network.layers)
    n = str(role.layer).translate(SUBSCRIPTS)
    layer = network.layers[role.layer - 1]
    name = layer.function.name
    a = "ŷ" if role.layer == top else f"a{n}"
    sign = "−" if role.factor < 0 else ""
    match role.kind:
        case "z":
            return f"z{n} = {_weighted(role.layer, network)}"
        case "a":
            if name == "linear":
                return f"{a} = {_weighted(role.layer, network)}"
            return f"{a} = {ACTIVATED.get(name, name)}(z{n})"
        case "error":
            return "ŷ − y" if role.factor > 0 else "y − ŷ"
        case "back":
            return f"{sign}∂L/∂{a}"
        case "slope":
            return f"{sign}{SLOPES.get(name, f'{name}′')}(z{n})"
        case "delta":
            return f"{sign}∂L/∂z{n}"
        case "dw":
            return f"{sign}∂L/∂W{n}"
        case "db":
            return f"{sign}∂L/∂b{n}"
    letter = "W" if role.parameter is None else role.parameter.kind
    if role.verdict == OPEN:
        return f"update of {letter}{n}"
    return f"{letter}{n} ← {letter}{n} − η·∂L/∂{letter}{n}"


def _weighted(number: int, network: TheirNetwork) -> str:
    n = str(number).translate(SUBSCRIPTS)
    before = "X" if number == 1 else f"a{str(number - 1).translate(SUBSCRIPTS)}"
    product = f"W{n}·{before}" if network.layout == "columns" else f"{before}·W{n}"
    return f"{product} + b{n}" if network.layers[number - 1].bias else product
