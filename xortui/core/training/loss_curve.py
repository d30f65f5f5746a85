"""The loss of every step in bounded memory: buckets that merge in pairs as the run grows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import Array

MAX_BUCKETS = 4096
NEVER = -1


@dataclass(frozen=True, eq=False)
class LossCurve:
    """The losses of steps 0 to `steps` - 1, in buckets of `width` steps (the last may be short).

    `first`, `low`, `high` and `last` [buckets] are each bucket's first, least, greatest and last.
    `away` is the last step in each bucket whose loss was away from that of one answer for every
    row, or NEVER: it keeps its step, however wide the buckets grow.
    """

    width: int
    steps: int
    first: Array
    low: Array
    high: Array
    last: Array
    away: NDArray[np.int64]

    def reading(self, column: int, count: int) -> tuple[int, float]:
        """The step at which one of `count` columns begins, and exactly the loss at that step."""
        bucket = min(column * len(self.first) // max(1, count), len(self.first) - 1)
        return bucket * self.width, float(self.first[bucket])

    def peak(self, start: int = 0) -> tuple[float, int]:
        """The greatest loss from step `start` on, and the first step of the bucket it is in."""
        first = min(-(-start // self.width), len(self.high) - 1)
        bucket = first + int(self.high[first:].argmax())
        return float(self.high[bucket]), bucket * self.width

    def columns(self, count: int) -> Array:
        """The greatest loss in each of `count` equal shares of the steps so far, [count].

        Where there are fewer buckets than that, neighbours repeat.
        """
        buckets = len(self.high)
        edges = np.arange(count + 1) * buckets // count
        starts = np.minimum(edges[:-1], buckets - 1)
        if count >= buckets:
            return self.high[starts]
        greatest: Array = np.maximum.reduceat(self.high, starts)
        return greatest

    def between(self, edges: Array) -> tuple[Array, Array]:
        """The least and the greatest loss between neighbours of the steps `edges` [M+1], [M] each.

        `edges` rise. Where they are closer together than buckets it is a straight line from one
        bucket's first loss to the next one's; where they lie beyond the curve, NaN.
        """
        known, end = len(self.first), self.steps - 1
        starts = np.clip((edges // self.width).astype(np.intp), 0, known - 1)
        stop = min(known, max(1, int(-(-edges[-1] // self.width))))
        low = np.minimum.reduceat(self.low[:stop], np.minimum(starts[:-1], stop - 1))
        high = np.maximum.reduceat(self.high[:stop], np.minimum(starts[:-1], stop - 1))
        is_fine = np.diff(edges) < self.width
        if is_fine.any():
            steps = np.append(np.arange(known) * self.width, max(end, (known - 1) * self.width))
            losses = np.append(self.first, self.last[-1])
            middles = np.minimum((edges[:-1] + edges[1:]) / 2, end)
            straight = np.interp(middles, steps, losses)
            low, high = np.where(is_fine, straight, low), np.where(is_fine, straight, high)
        is_beyond = edges[:-1] > end
        return np.where(is_beyond, np.nan, low), np.where(is_beyond, np.nan, high)


class LossCurveRecorder:
    """Takes losses in, one chunk after the other, and gives out the `LossCurve` so far."""

    def __init__(self) -> None:
        self._width = 1
        self._steps = 0
        self._buckets = np.empty((4, MAX_BUCKETS))  # rows: first, low, high, last
        self._away = np.full(MAX_BUCKETS, NEVER)

    @property
    def steps(self) -> int:
        """How many steps have been recorded."""
        return self._steps

    def append(self, losses: Array, away: NDArray[np.bool_] | None = None) -> None:
        """Record the losses of the next steps, all finite, and at which of them it was `away`."""
        if away is None:
            away = np.zeros(len(losses), dtype=bool)
        while len(losses):
            if self._steps == self._width * MAX_BUCKETS:
                self._merge_pairs()
            room = self._width * MAX_BUCKETS - self._steps
            steps = self._steps + np.flatnonzero(away[:room])
            self._away[steps // self._width] = steps  # of several in a bucket the last one stays
            self._fill(losses[:room])
            losses, away = losses[room:], away[room:]

    def curve(self) -> LossCurve:
        """The curve so far, a copy that stays as it is."""
        used = -(-self._steps // self._width)
        buckets = self._buckets[:, :used].copy()
        buckets.flags.writeable = False
        first, low, high, last = buckets
        away = self._away[:used].copy()
        return LossCurve(self._width, self._steps, first, low, high, last, away)

    def until(self, steps: int) -> "LossCurveRecorder":
        """A recorder of the whole buckets before step `steps`, to be continued from there."""
        shorter = LossCurveRecorder()
        shorter._width = self._width
        shorter._steps = min(steps, self._steps) // self._width * self._width
        shorter._buckets[:] = self._buckets
        used = shorter._steps // self._width
        shorter._away[:used] = self._away[:used]
        return shorter

    def _fill(self, losses: Array) -> None:
        """Record losses that fit into the buckets of the present width."""
        begun = self._steps % self._width  # how many steps the last bucket already holds
        starts = np.arange(-begun, len(losses), self._width)
        starts[0] = 0
        bucket = self._steps // self._width
        fresh = self._buckets[:, bucket : bucket + len(starts)]
        before = fresh[:, 0].copy()
        first, low, high, last = fresh
        losses.take(starts, out=first)
        np.minimum.reduceat(losses, starts, out=low)
        np.maximum.reduceat(losses, starts, out=high)
        last[:-1] = losses[starts[1:] - 1]
        last[-1] = losses[-1]
        if begun:
            first[0] = before[0]
            low[0] = min(before[1], low[0])
            high[0] = max(before[2], high[0])
        self._steps += len(losses)

    def _merge_pairs(self) -> None:
        half = MAX_BUCKETS // 2
        (first, low, high, _), (_, later_low, later_high, last) = (
            self._buckets[:, 0::2].copy(),
            self._buckets[:, 1::2].copy(),
        )
        self._buckets[:, :half] = (
            first,
            np.minimum(low, later_low),
            np.maximum(high, later_high),
            last,
        )
        self._away[:half] = np.maximum(self._away[0::2], self._away[1::2])
        self._away[half:] = NEVER
        self._width *= 2
