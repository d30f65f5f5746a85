"""Pure: the axes of the loss chart: where losses and steps stand, and what is written there."""

import math
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.training.snapshot import Snapshot

AXIS_WIDTH = 7
# What the line across the curve is the loss of.
ALWAYS_HALF = "always 0.5"
MIN_ROWS = 4  # of a chart with axes
USUAL = 0.95  # the share of the run that must be seen whole; a peak beyond is said in words
PEAK = 3.0  # how often the usual top a peak must be to be cut off
MIN_SPAN = 10.0  # or noise would fill the pane


@dataclass(frozen=True)
class LossAxis:
    """A log axis from `low` to `high`, and the peak above it, if it is cut off."""

    low: float
    high: float
    peak: float | None = None

    @classmethod
    def of(cls, losses: Array, always: float) -> "LossAxis":
        """The axis for these losses, finite or NaN. It holds the line of always answering 0.5."""
        known = losses[np.isfinite(losses)]
        top = max(always, float(np.quantile(known, USUAL)) if len(known) else always)
        peak = float(known.max()) if len(known) else always
        low = min(always, float(known.min()) if len(known) else always)
        is_cut = peak > PEAK * top
        high = 1.25 * (top if is_cut else max(top, peak))
        return cls(_below(min(low, high / MIN_SPAN)), high, peak if is_cut else None)

    def heights(self, losses: Array) -> Array:
        """Where losses stand: 0 at the low end, 1 at the high end; those beyond get the ends."""
        with np.errstate(all="ignore"):
            share = np.log(np.maximum(losses, 1e-300) / self.low) / math.log(self.high / self.low)
        heights: Array = np.clip(share, 0, 1)
        return heights

    def row(self, loss: float, rows: int) -> int:
        """The row, counted from the top, that a loss falls into."""
        return int(self.dots(np.array(loss), rows)) // 4

    def dots(self, losses: Array, rows: int) -> Array:
        """The dots, counted from the top, that losses fall into: four to a row."""
        dots: Array = np.rint((1 - self.heights(losses)) * (4 * rows - 1))
        return dots

    def ticks(self, rows: int) -> dict[int, str]:
        """What is written at rows: decades and, where there is room for them, 2 and 5 of each."""
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        most = max(1, rows // 2)
        for digits in ((1, 2, 5), (1, 3), (1,)):
            values = [digit * 10.0**power for power in decades for digit in digits]
            values = [value for value in values if self.low <= value <= self.high]
            if len(values) <= most:
                break
        every = -(-len(values) // most) if values else 1
        return {self.row(value, rows): _format_loss(value) for value in values[::every]}


def _below(value: float) -> float:
    """The greatest of 1, 2, 5 times a power of ten that is not above the value."""
    power = 10.0 ** math.floor(math.log10(max(value, 1e-300)))
    return max((digit * power for digit in (1, 2, 5) if digit * power <= value), default=power)


def _format_loss(value: float) -> str:
    return f"{value:g}" if 1e-3 <= value < 1e4 else f"{value:.0e}".replace("e-0", "e-")


def name_in_chart(name: str, room: int) -> str:
    """A branch's name; where there is no room for it and its number, without the step at which it
    starts, which the chart shows."""
    return name if len(name) + 3 <= room else re.sub(r" at [\d,]+$", "", name)


@dataclass(frozen=True)
class LossChart:
    """Where everything of the chart stands: the plot's columns, rows and steps."""

    width: int
    height: int
    last_step: int
    log_steps: bool
    labels: int  # columns at the right end for the names of branches

    @classmethod
    def of(
        cls, snapshot: Snapshot, width: int, height: int, log_steps: bool = False
    ) -> "LossChart":
        """The layout of a snapshot's chart."""
        frontiers = [snapshot.last_step, *(branch.last_step for branch in snapshot.branches)]
        most = width // 3
        names = [len(name_in_chart(branch.name, most)) + 4 for branch in snapshot.branches]
        labels = min(max(names), most) if names and width >= 50 else 3 * bool(names)
        return cls(width, height, max(frontiers), log_steps, labels)

    @property
    def left(self) -> int:
        """The plot's first column."""
        return AXIS_WIDTH if self.height >= MIN_ROWS and self.width > 3 * AXIS_WIDTH else 0

    @property
    def columns(self) -> int:
        """How many columns the plot has."""
        return max(1, self.width - self.left - self.labels - bool(self.left))

    @property
    def rows(self) -> int:
        """How many lines the plot has: below it are those of the marks and of the steps."""
        return self.height - 2 if self.height >= MIN_ROWS else self.height

    @cached_property
    def edges(self) -> Array:
        """The steps at the edges of the plot's dots, two in a column."""
        share = np.linspace(0, 1, 2 * self.columns + 1)
        last = max(1, self.last_step)
        edges: Array = (last + 1.0) ** share - 1 if self.log_steps else share * last
        return edges

    def column(self, step: float) -> int:
        """The column of the whole chart in which a step stands."""
        last = max(1, self.last_step)
        share = math.log1p(step) / math.log1p(last) if self.log_steps else step / last
        return self.left + min(self.columns - 1, int(share * self.columns))

    def step(self, column: int) -> int:
        """The step at which a column of the whole chart begins; of the last one, its last step."""
        place = min(max(0, column - self.left), self.columns - 1)
        if place == self.columns - 1:
            return self.last_step
        return min(self.last_step, math.ceil(float(self.edges[2 * place])))

    def ticks(self) -> dict[int, str]:
        """The steps that are written below the plot, by their first column."""
        last = f"{self.last_step:,} log" if self.log_steps else f"step {self.last_step:,}"
        end = self.left + self.columns
        found = {self.left: "0", max(self.left + 2, end - len(last)): last}
        if self.log_steps:
            steps = [10**power for power in range(10)]
        else:
            apart = _below(max(1.0, 2.5 * self.last_step / max(1, self.columns // 12)))
            steps = [round(apart * count) for count in range(1, 100)]
        for step in steps:
            if step >= self.last_step:
                break
            text = f"{step:,}"
            begin = self.column(step) - len(text) // 2
            is_free = all(
                begin > at + len(word) + 1 or begin + len(text) + 1 < at
                for at, word in found.items()
            )
            if is_free:
                found[begin] = text
        return found
