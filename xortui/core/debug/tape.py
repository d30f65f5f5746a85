"""The recorded events, linked: what each was made from, and by which event a value was made."""

import ast
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import numpy as np

from xortui.core.debug.noting import SourceNode
from xortui.core.debug.trace import Event, Trace, TracedValue

LOADS = ("Name", "Attribute", "Subscript")
BITS, CONSTANT, CHANGING = "bits", "constant", "changing"


class Tape:
    """Links between events.

    `operands(event)` are the events that the operands of an expression were (None where an operand
    is no number or was not recorded); `maker(value)` is the event that made a value.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.nodes = trace.nodes
        self.events = trace.events
        self._operands: list[tuple[int, ...]] = []
        self._maker: dict[int, int] = {}
        self.uses: dict[int, list[int]] = defaultdict(list)  # value -> events that gave it
        self.of_node: dict[int, list[int]] = defaultdict(list)
        self.first_of: dict[int, TracedValue] = {}  # an object's first value in its window
        self._containers: dict[int, int] = {}
        self._targets: dict[int, set[str]] = defaultdict(set)
        self._starts = [window.start for window in trace.windows]
        self._link()
        self._classes: dict[int, str] = {}

    def _link(self) -> None:
        starts = {window.start for window in self.trace.windows}
        last: dict[int, int] = {}
        previous: dict[int, int] = {}
        seen_containers: set[int] = set()
        for event in self.events:
            if event.place in starts:
                last.clear()
                previous.clear()
            node = self.nodes[event.node]
            floor = previous.get(event.node, -1)
            operands = []
            for child in node.children:
                place = last.get(child, -1) if child >= 0 else -1
                operands.append(place if place > floor else -1)
            self._operands.append(tuple(operands))
            ref = event.value.ref
            self.first_of.setdefault(event.value.identity, event.value)
            if ref not in self._maker and node.kind != "Name" and event.value.kind not in "ib":
                makes = node.kind not in ("Attribute", "Subscript") or ref not in self.uses
                if makes and ref not in self.uses:
                    self._maker[ref] = event.place
            self.uses[ref].append(event.place)
            self.of_node[event.node].append(event.place)
            last[event.node] = previous[event.node] = event.place
            if event.value.kind == "l" and ref not in seen_containers:
                seen_containers.add(ref)
                for item in event.value.items:
                    if item >= 0 and self.trace.values[item].kind in "lafm":
                        self._containers.setdefault(item, event.place)

    def window_of(self, place: int) -> int:
        """The number of the window that an event was recorded in."""
        return bisect_right(self._starts, place) - 1

    def are_together(self, place: int, other: int) -> bool:
        """Whether two events were recorded in one window: objects are known in one only."""
        return self.window_of(place) == self.window_of(other)

    def operands(self, event: Event) -> list[Event | None]:
        return [self.events[place] if place >= 0 else None for place in self._operands[event.place]]

    def operand_nodes(self, event: Event) -> list[SourceNode | None]:
        return [
            self.nodes[child] if child >= 0 else None for child in self.nodes[event.node].children
        ]

    def maker(self, value: TracedValue) -> Event | None:
        place = self._maker.get(value.ref)
        return None if place is None else self.events[place]

    def makes(self, event: Event) -> bool:
        """Whether this event is the one that made its value."""
        return self._maker.get(event.value.ref) == event.place

    def container(self, value: TracedValue) -> Event | None:
        """The list that holds this list, array or number, once; None where none is known."""
        place = self._containers.get(value.ref)
        if place is None or self.events[place].value.items.count(value.ref) != 1:
            return None
        return self.events[place]

    def class_of(self, node: int) -> str:
        """Whether the values of this node are bits, always the same, or changing."""
        if node not in self._classes:
            self._classes[node] = self._class(node)
        return self._classes[node]

    def _class(self, node: int) -> str:
        numbers: set[float] = set()
        arrays: set[bytes] = set()
        for place in self.of_node[node]:
            array = self.events[place].value.array
            if array is None:
                return CHANGING
            numbers.update(array.ravel().tolist())
            arrays.add(array.tobytes())
            if len(numbers) > 64 and len(arrays) > 1:
                return CHANGING
        if numbers <= {0.0, 1.0, -1.0}:
            return BITS
        return CONSTANT if len(arrays) == 1 or len(numbers) <= 3 else CHANGING

    def targets_of(self, statement: int) -> set[str]:
        """What a statement stores its values in."""
        if not self._targets:
            for node in self.nodes:
                if node.target:
                    self._targets[node.statement].add(node.target)
        return self._targets[statement]

    def is_always(self, node: int, number: float) -> bool:
        """Whether this node never gave another number."""
        arrays = [self.events[place].value.array for place in self.of_node[node]]
        return all(array is not None and (array == number).all() for array in arrays)

    def ancestors(self, event: Event, depth: int) -> Iterator[Event]:
        """The events that this one was made from, nearest first, through names and calls."""
        seen = {event.place}
        layer = [event]
        for _ in range(depth):
            following = []
            for one in layer:
                sources = [operand for operand in self.operands(one) if operand is not None]
                maker = self.maker(one.value)
                if maker is not None:
                    sources.append(maker)
                for source in sources:
                    if source.place not in seen:
                        seen.add(source.place)
                        yield source
                        following.append(source)
            layer = following

    def name_of(self, value: TracedValue) -> str:
        """The name under which a value is best known: an attribute, or a name."""
        best, rank = "", -1
        for place in self.uses[value.ref]:
            node = self.nodes[self.events[place].node]
            if node.kind not in LOADS:
                continue
            this = {"Attribute": 3, "Subscript": 2, "Name": 1}[node.kind]
            if node.kind == "Attribute" and node.operator == "T":
                continue
            if this > rank:
                best, rank = node.text, this
        return best


@cache
def keywords(text: str) -> dict[str, object]:
    """The keyword arguments of a call that are written out: `axis=0`, `keepdims=True`."""
    try:
        call = ast.parse(text, mode="eval").body
    except SyntaxError:
        return {}
    found: dict[str, object] = {}
    if isinstance(call, ast.Call):
        for keyword in call.keywords:
            if keyword.arg is not None:
                try:
                    found[keyword.arg] = ast.literal_eval(keyword.value)
                except ValueError:
                    continue
    return found


@cache
def written_index(text: str) -> object:
    """The index of a subscript that is written out: `a[:, :-1]`. Raises ValueError."""
    tree = ast.parse(text, mode="eval").body
    if not isinstance(tree, ast.Subscript):
        raise ValueError(text)
    for part in ast.walk(tree.slice):
        if isinstance(part, (ast.Call, ast.Attribute)) and not (
            isinstance(part, ast.Attribute) and part.attr == "newaxis"
        ):
            raise ValueError(text)
        if isinstance(part, ast.Name) and part.id not in ("np", "numpy", "newaxis"):
            raise ValueError(text)
    tree.value = ast.copy_location(ast.Name("_", ast.Load()), tree.value)
    code = compile(ast.Expression(tree), "index", "eval")
    names = {"_": _Index(), "np": np, "numpy": np, "newaxis": None}
    return eval(code, {"__builtins__": {}}, names)


@cache
def written_text(text: str) -> str:
    """The first argument of a call, where it is a text that is written out. Raises ValueError."""
    call = ast.parse(text, mode="eval").body
    if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
        return str(call.args[0].value)
    raise ValueError(text)


class _Index:
    def __getitem__(self, index: object) -> object:
        return index
