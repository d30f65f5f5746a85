"""What a script's own lines call while it runs: notes values while a window is open.

Only the standard library is used, for the child process loads this before anything else.
"""

import array
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

# Events of the first window, of each later one, and of the one after a long loop; and of the first
# where only a few windows are asked for, since then a few updates are enough.
FIRST, LATER, AFTER, FIRST_OF_FEW = 14_000, 1_800, 2_500, 4_000
MOST_WINDOWS = 24
MOST_NUMBERS = 4_096  # of one value
MOST_ITEMS = 256  # of one list
LONG = 50  # passes that make a loop look like training
MARKS = {0, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000}
MOST_ENDS = 6  # windows after one and the same loop


class Watch:
    """What the script's own lines call: notes values while a window is open."""

    def __init__(self, most_windows: int | None = None, marks: Iterable[int] = ()) -> None:
        self.on = True
        self.lock = threading.RLock()  # of a note, and of the file that is written in the end
        self.is_over = False
        self.enough: Callable[[], None] | None = None  # called when the last window is over
        self._own_marks = set(marks)
        self._most_windows = most_windows or MOST_WINDOWS
        self.nodes: list[int] = []
        self.refs: list[int] = []
        self.windows: list[list[int]] = [[0, -1, -1, 0]]  # start, end, loop, pass of the loop
        self.values: list[tuple[int, str, tuple[int, ...] | None, int, int, Any]] = []
        self.numbers = array.array("d")
        self.ticks: list[tuple[int, int, int]] = []  # event, loop, pass of the loop
        self._first = FIRST_OF_FEW if most_windows else FIRST
        self._limit = self._first
        self._objects: dict[int, list[Any]] = {}
        self._seen_marks: set[tuple[int, int]] = set()
        self._passes: dict[tuple[int, int], int] = {}  # of a loop in a frame
        self.ends: dict[int, tuple[int, int]] = {}  # of long loops: event and passes, the last time
        self._times_left: Counter[int] = Counter()
        self._next_object = 0

    # -- windows -----------------------------------------------------------------------------------

    def open(self, loop: int, turn: int, events: int = AFTER) -> None:
        """Begin a window; objects of earlier windows are forgotten."""
        if self.on or self.is_over or len(self.windows) >= self._most_windows:
            return
        self._objects.clear()
        self.windows.append([len(self.nodes), -1, loop, turn])
        self._limit = len(self.nodes) + events
        self.on = True

    def close(self) -> None:
        """End the window."""
        if self.on:
            self.on = False
            self.windows[-1][1] = len(self.nodes)
            self._objects.clear()
            if len(self.windows) >= self._most_windows and self.enough is not None:
                self.enough()

    def _mark(self, loop: int, turn: int) -> None:
        if (loop, turn) in self._seen_marks:
            return
        self._seen_marks.add((loop, turn))
        if turn == 0:
            if self.on:  # what comes first may have used the window up
                self._limit = max(self._limit, len(self.nodes) + self._first // 2)
                self.windows[-1][2:] = [loop, 0]
            else:
                self.open(loop, 0, self._first // 2)
        else:
            if self._own_marks:  # asked for, whatever is recorded already
                self.close()
            self.open(loop, turn, LATER)

    def loop(self, number: int, things: Iterable[Any]) -> Iterable[Any]:
        """Around what a `for` goes through."""
        try:
            length = len(things)  # type: ignore[arg-type]
        except TypeError:
            length = -1
        key = number, id(sys._getframe(1))
        self._passes[key] = 0
        if 0 <= length < LONG:
            return things
        return self._counted(key, things, self._marks(length))

    def _marks(self, length: int) -> set[int]:
        """The passes of a loop of this length (-1: nobody knows) in which a window begins."""
        if self._own_marks:
            return self._own_marks
        if length <= 0:
            return MARKS
        return MARKS | {length // 4, length // 2, 3 * length // 4, length - 3}

    def _counted(
        self, key: tuple[int, int], things: Iterable[Any], marks: set[int]
    ) -> Iterator[Any]:
        for turn, thing in enumerate(things):
            self._pass(key, turn, marks)
            yield thing

    def enter(self, number: int, nothing: None) -> None:
        """Before a `while`."""
        self._passes[number, id(sys._getframe(1))] = 0

    def tick(self, number: int, nothing: None) -> bool:
        """In the test of a `while`."""
        key = number, id(sys._getframe(1))
        self._pass(key, self._passes[key], self._marks(-1))
        return True

    def _pass(self, key: tuple[int, int], turn: int, marks: set[int]) -> None:
        """A pass of a loop begins."""
        if turn in marks:
            self._mark(key[0], turn)
        if self.on:
            self.ticks.append((len(self.nodes), key[0], turn))
        self._passes[key] = turn + 1

    def left(self, number: int, nothing: None) -> None:
        """After a loop, however it was left."""
        turns = self._passes.pop((number, id(sys._getframe(1))), 0)
        if turns >= LONG:
            self.ends[number] = len(self.nodes), turns
            self._times_left[number] += 1
            if self._times_left[number] <= MOST_ENDS:
                self.close()
                self.open(number, turns)

    # -- values ------------------------------------------------------------------------------------

    def note(self, node: int, value: Any) -> Any:
        """Remember what this expression gave, and give it."""
        if self.on:
            with self.lock:
                self._note(node, value)
        return value

    def _note(self, node: int, value: Any) -> None:
        try:
            ref = self._ref(value, 0)
        except Exception:
            return
        if ref >= 0 and self.on:
            self.nodes.append(node)
            self.refs.append(ref)
            if len(self.nodes) >= self._limit:
                self.close()

    def end(self) -> None:
        """Close the last window, and open no more."""
        self.enough = None
        self.is_over = True
        self.close()

    def _ref(self, value: Any, depth: int) -> int:
        """The number of this value as it is now; -1 where it is not made of numbers."""
        kind = type(value)
        known = self._objects.get(id(value))
        if kind is float or kind is int or kind is bool:
            if known is not None:
                return known[2]  # type: ignore[no-any-return]
            if kind is int and abs(value) > 1e300:
                return -1
            return self._new(value, kind.__name__[0], (), [float(value)], None)
        if kind is list or kind is tuple:
            if len(value) > MOST_ITEMS or depth > 2 or not value:
                return -1
            items = [self._ref(item, depth + 1) for item in value]
            if known is not None and known[1] == items:
                return known[2]  # type: ignore[no-any-return]
            shape, flat = self._flat(items)
            return self._new(value, "l", shape, flat, items)
        numpy = sys.modules.get("numpy")
        if numpy is None:
            return -1
        if isinstance(value, numpy.ndarray):
            if value.dtype.kind not in "fiub" or value.size > MOST_NUMBERS:
                return -1
            data = value.tobytes()
            if known is not None and known[1] == data:
                return known[2]  # type: ignore[no-any-return]
            flat = numpy.asarray(value, dtype=float).ravel()
            letter = "m" if isinstance(value, numpy.matrix) else "a"
            if value.dtype.kind != "f":
                letter = letter.upper()
            base = -1 if value.base is None else self._ref(value.base, 1)
            return self._new(value, letter, value.shape, flat.tolist(), data, base)
        if isinstance(value, (numpy.floating, numpy.integer, numpy.bool_)):
            if known is not None:
                return known[2]  # type: ignore[no-any-return]
            letter = "f" if isinstance(value, numpy.floating) else "i"
            return self._new(value, letter, (), [float(value)], None)
        return -1

    def _flat(self, items: list[int]) -> tuple[tuple[int, ...] | None, list[float]]:
        """Shape and numbers of a list, where it is a table of numbers."""
        if any(item < 0 for item in items):
            return None, []
        shapes = {self.values[item][2] for item in items}
        if len(shapes) != 1:
            return None, []
        (inner,) = shapes
        if inner is None or len(inner) > 2:
            return None, []
        flat: list[float] = []
        for item in items:
            _, _, _, start, count, _ = self.values[item]
            flat += self.numbers[start : start + count]
        return (len(items), *inner), flat

    def _new(
        self,
        value: Any,
        kind: str,
        shape: tuple[int, ...] | None,
        flat: list[float],
        content: Any,
        base: int = -1,
    ) -> int:
        known = self._objects.get(id(value))
        if known is None:
            number = self._next_object
            self._next_object += 1
        else:
            number = known[3]
        ref = len(self.values)
        extra = content if kind == "l" else base
        self.values.append((number, kind, shape, len(self.numbers), len(flat), extra))
        self.numbers.extend(flat)
        # The object is kept, so that no other one gets its id while the window is open.
        self._objects[id(value)] = [value, content, ref, number]
        return ref
