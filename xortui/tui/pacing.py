"""How fast training goes: steps a second, or as fast as the machine can."""

import asyncio
import time
from collections import deque

# Steps a second; the first goes by operations instead, and the last is as fast as it can.
SPEEDS: tuple[float, ...] = (0, 1, 3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e4, 1e5, float("inf"))
FASTEST = len(SPEEDS) - 1
BY_OPERATION = 0
# XOR is then solved in some eight seconds: plateau, break and solution can be watched.
STARTING_SPEED = SPEEDS.index(300)
# Up to this speed a run is watched, and pauses where there is something to see.
FASTEST_WATCHED = SPEEDS.index(1e4)
OPERATION_SECONDS = 1.5

FRAME = 1 / 26
CHUNK = 0.004
# A key needs several hops through the event loop; a burst of empty turns costs next to nothing.
TURNS_AFTER_CHUNK = 12


async def let_input_in() -> None:
    """Give keys and frames their turn; to be awaited after every chunk of work."""
    for _ in range(TURNS_AFTER_CHUNK):
        await asyncio.sleep(0)


class Pacer:
    """Says how many steps are due at a speed, measured from when it began or changed."""

    def __init__(self, speed: float, now: float) -> None:
        self._speed, self._began, self._done = speed, now, 0

    def due(self, now: float) -> int:
        """Steps that should have been done by now and have not been."""
        return int((now - self._began) * self._speed) - self._done + 1

    def did(self, steps: int, now: float) -> None:
        """Note steps done. Where the machine can't keep up, what it owes is forgotten."""
        self._done += steps
        if self.due(now) > self._speed:
            self._began, self._done = now, 0

    def nap(self, now: float) -> float:
        """Seconds until the next step is due."""
        return max(0.0, self._began + self._done / self._speed - now)


class RateMeter:
    """Steps per second over about the last second."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self._steps = 0

    def add(self, steps: int) -> None:
        """Note steps done."""
        self._steps += steps

    def per_second(self) -> float:
        """The rate by now; asked once a frame."""
        now = time.perf_counter()
        self._marks.append((now, self._steps))
        while len(self._marks) > 2 and now - self._marks[0][0] > 1:
            self._marks.popleft()
        then, before = self._marks[0]
        return (self._steps - before) / (now - then) if now > then else 0.0
