"""Histograms of a sweep: steps to solve, and final losses."""

from collections.abc import Sequence

from xortui.core.analysis.statistics import Histogram
from xortui.core.sweep.outcome import Outcome
from xortui.tui.drawing.bars import upright_bars
from xortui.tui.drawing.lines import Line, fitted, spread, title
from xortui.tui.sweep.sweep_pane import SweepPane, loss_words

NAMED_IN_FULL_FROM = 32  # columns


def coarser(counts: Sequence[int], most: int) -> list[int]:
    """Neighbouring bins put together, the same number of them each time, to at most `most`."""
    fit = (each for each in range(1, len(counts) + 1) if not len(counts) % each)
    each = next((each for each in fit if len(counts) // each <= most), len(counts))
    return [sum(counts[first : first + each]) for first in range(0, len(counts), each)]


def paint_histogram(
    name: str, note: str, histogram: Histogram, ends: tuple[str, str], width: int, height: int
) -> list[Line]:
    """Bars over a line that says what the axis goes from and to; the title says the greatest count.

    A bin that holds anything is at least an eighth of a cell high.
    """
    lines = [title(name, [(f"{note} ", "label")], width)]
    rows = height - 2
    if rows < 1 or not any(histogram.counts):
        return [fitted(line, width) for line in lines[:height]]
    counts = coarser(histogram.counts, width - len(f"{sum(histogram.counts):,}") - 3)
    scale = f"{max(counts):,}"
    eighths = [max(1, round(8 * rows * n / max(counts))) if n else 0 for n in counts]
    for row, bars in enumerate(upright_bars(eighths, rows)):
        label = scale if row == 0 else "0" if row == rows - 1 else ""
        lines.append([(f" {label:>{len(scale)}} ", "label"), (bars, "plus")])
    axis = spread([(ends[0], "label")], [(ends[1], "label")], len(counts))
    lines.append([(" " * (len(scale) + 2), "text"), *axis])
    return [fitted(line, width) for line in lines]


class StepsHistogram(SweepPane):
    """How many steps the solved networks took."""

    def paint_outcome(self, outcome: Outcome, width: int, height: int) -> list[Line]:
        median = outcome.median_steps
        note = "none is solved" if median is None else f"median {median:,.0f}"
        ends = "0", f"{outcome.plan.steps:,}"
        name = "Steps to solve" if width >= NAMED_IN_FULL_FROM else "Steps"
        return paint_histogram(name, note, outcome.steps, ends, width, height)


class LossesHistogram(SweepPane):
    """The losses at the last step, on a log axis."""

    def paint_outcome(self, outcome: Outcome, width: int, height: int) -> list[Line]:
        low, high = (loss_words(outcome.losses.edges[end]) for end in (0, -1))
        left_out = outcome.counts["diverged"]
        note = f"{left_out:,} diverged left out" if left_out else "log axis"
        if not any(outcome.losses.counts):
            note = "known at the end"
        return paint_histogram("Final loss", note, outcome.losses, (low, high), width, height)
