"""What the child process recorded, as the analysis reads it."""

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from xortui.core.debug.noting import SourceNode
from xortui.core.model.functions import Array


class TraceError(ValueError):
    """A recording that is damaged or incomplete."""


@dataclass(frozen=True, eq=False)
class TracedValue:
    """A value as it was at one moment.

    `identity` tells objects apart within a window; an array that is changed in place keeps it.
    `kind`: `f` float, `i` int, `b` bool, `l` list, `a` array, `m` matrix (capital: of whole
    numbers). `array` is None for a list that is no table of numbers; `items` are a list's elements,
    `base` the array that this one is a view of.
    """

    ref: int
    identity: int
    kind: str
    array: Array | None
    items: tuple[int, ...] = ()
    base: int = -1


@dataclass(frozen=True, eq=False)
class Event:
    """An expression that was evaluated: `place` in the recording, its node, what it gave."""

    place: int
    node: int
    value: TracedValue


@dataclass(frozen=True)
class Window:
    """A stretch of the run that was recorded: events [start, end), in a pass of a loop."""

    start: int
    end: int
    loop: int
    turn: int


@dataclass(eq=False)
class Trace:
    """Everything that was recorded of one run."""

    nodes: list[SourceNode]
    statements: list[tuple[int, int]]
    loops: list[int]
    events: list[Event]
    windows: list[Window]
    values: list[TracedValue]
    ticks: list[tuple[int, int, int]]  # before which event which loop began which pass
    ends: list[tuple[int, int, int]]  # a long loop, before which event it was left last, passes
    ending: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    output: str = ""
    seconds: float = 0.0  # that the run took


def read_trace(data: bytes) -> Trace:
    """Read what the child wrote. Raises TraceError."""
    try:
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])
        numbers = np.frombuffer(data[8 + length :], dtype=np.float64)
        values = []
        for ref, (identity, kind, shape, start, count, extra) in enumerate(header["values"]):
            content = None
            if shape is not None:
                content = numbers[start : start + count].reshape(shape)
            items = tuple(extra) if kind == "l" else ()
            base = extra if kind in "aAmM" else -1
            values.append(TracedValue(ref, identity, kind, content, items, base))
        nodes, refs = header["events"]
        events = [
            Event(place, node, values[ref])
            for place, (node, ref) in enumerate(zip(nodes, refs, strict=True))
        ]
        return Trace(
            [SourceNode(*parts) for parts in header["nodes"]],
            [(first, last) for first, last in header["statements"]],
            header["loops"],
            events,
            [Window(*parts) for parts in header["windows"]],
            values,
            [(place, loop, turn) for place, loop, turn in header["ticks"]],
            [(loop, place, turns) for loop, place, turns in header["ends"]],
            header["ending"],
            header["notes"],
            header["output"],
            header["seconds"],
        )
    except (ValueError, KeyError, TypeError, IndexError, OverflowError) as error:
        raise TraceError(f"the recording cannot be read: {error}") from None
