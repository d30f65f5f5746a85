"""Norms over the run: how large weights, gradients and updates were, layer by layer."""

import math
from itertools import groupby

import numpy as np
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.analysis.norms import norms_of_run, weight_histogram
from xortui.core.analysis.statistics import percent
from xortui.core.model.functions import Array
from xortui.core.model.names import SUBSCRIPTS
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.bars import upright_bars
from xortui.tui.drawing.lines import Line, fitted, spread, title
from xortui.tui.drawing.pane import Pane

LABEL_WIDTH, VALUE_WIDTH = 5, 10
NOT_FINITE = "░"
TALLEST = 3  # lines of a sparkline
MIN_BARS = 4  # lines of the histogram
BINS = (8, 10, 12, 14, 16, 18, 20)


def paint_norms(snapshot: Snapshot, width: int, height: int, first: int = 0) -> list[Line]:
    """Sparklines over the steps so far, and the histogram of the weights as they are now.

    Where not all of it fits, the lines from `first` on.
    """
    lines = _all_lines(snapshot, width, height)
    first = max(0, min(first, len(lines) - height + 1))
    steps = f"step 0 to {snapshot.step:,} "
    head = title("Norms over the run", [(steps, "label")], width)
    return [head, *lines[first : first + max(0, height - 1)]]


def _all_lines(snapshot: Snapshot, width: int, height: int) -> list[Line]:
    """All but the title: sparklines and bars as tall as the height allows."""
    layers, hidden = len(snapshot.recipe.sizes) - 1, len(snapshot.recipe.hidden)
    sparklines, headings, around = 3 * layers + hidden, 4, 2
    room = height - 1 - headings - around
    tall = max(1, min(TALLEST, (room - MIN_BARS) // sparklines))
    bars = max(MIN_BARS, room - tall * sparklines)
    return _sections(snapshot, width, tall) + _histogram(snapshot, width, bars)


def _sections(snapshot: Snapshot, width: int, tall: int) -> list[Line]:
    found = norms_of_run(snapshot)
    lines: list[Line] = []
    for words, name, values in (
        ("Weights", "W", found.weights),
        ("Gradients", "∂W", found.gradients),
        ("Updates", "ΔW", found.updates),
    ):
        low, high = _log_range(values)
        span = f"{_short(10**low)} to {_short(10**high)}, log scale "
        lines.append(spread([(f" {words}", "heading")], [(span, "label")], width))
        with np.errstate(all="ignore"):
            shares = (np.log10(values) - low) / (high - low)
        shares = np.where(values == 0, 0.0, shares)
        for layer, column in enumerate(shares.T):
            label = f"{name}{layer + 1}".translate(SUBSCRIPTS)
            lines += _sparkline(label, column, _short(float(values[-1, layer])), width, tall)
    # A ReLU that gives 0 has no slope either, but it is off, and not at an end of what it can give.
    can_be_off = ACTIVATIONS[snapshot.recipe.activation].can_be_off
    flat = "Activations that are off" if can_be_off else "Saturated activations"
    lines.append(spread([(f" {flat}", "heading")], [("0 to 100% ", "label")], width))
    for layer, column in enumerate(found.saturated.T):
        label = f"h{layer + 1}".translate(SUBSCRIPTS) if found.saturated.shape[1] > 1 else "h"
        lines += _sparkline(label, column, percent(float(column[-1])), width, tall, least=0)
    return lines


def _log_range(values: Array) -> tuple[float, float]:
    """The powers of ten that hold all values; at least one power apart."""
    positive = values[np.isfinite(values) & (values > 0)]
    if not len(positive):
        return -1.0, 0.0
    low, high = math.log10(positive.min()), math.log10(positive.max())
    middle = (low + high) / 2
    return min(low, middle - 0.5), max(high, middle + 0.5)


def _sparkline(
    label: str, shares: Array, value: str, width: int, tall: int, least: int = 1
) -> list[Line]:
    """Shares 0 to 1 as columns `tall` lines high, named, with the last value beside them.

    A share of 0 is `least` eighths of a line high. The top eighth stays free, so that the
    sparkline above begins on a line of its own.
    """
    columns = max(1, width - LABEL_WIDTH - VALUE_WIDTH)
    shown = shares[np.linspace(0, len(shares) - 1, columns).round().astype(int)]
    top = 8 * tall - 1
    sizes = [
        max(least, round(share * top)) if math.isfinite(share) else -1 for share in shown.tolist()
    ]
    lines: list[Line] = []
    for row, bars in enumerate(upright_bars([max(0, size) for size in sizes], tall)):
        cells = zip(bars, sizes, strict=True)
        glyphs = "".join([NOT_FINITE if size < 0 else glyph for glyph, size in cells])
        is_last = row == tall - 1
        name, number = (label, value) if is_last else ("", "")
        line: Line = [(f" {name:<{LABEL_WIDTH - 1}}", "label")]
        if NOT_FINITE in glyphs:
            for is_missing, group in groupby(glyphs, key=NOT_FINITE.__eq__):
                line.append(("".join(group), "bad" if is_missing else "title"))
        else:
            line.append((glyphs, "title"))
        lines.append([*line, (f"{number:>{VALUE_WIDTH - 1}} ", "text")])
    return [fitted(line, width) for line in lines]


def _histogram(snapshot: Snapshot, width: int, tall: int) -> list[Line]:
    """How many weights have which size now: bars from -reach to +reach, 0 in the middle, and how
    many the tallest of them stands for."""
    gutter = len(str(snapshot.network.size)) + 2
    # As many bars as fill the width best.
    bins = max(BINS, key=lambda count: ((width - gutter - 1) // count * count, count))
    found = weight_histogram(snapshot.parameters, bins)
    most = int(found.counts.max())
    count = f"{int(found.counts.sum())} of {snapshot.network.size} finite"
    if np.isfinite(snapshot.parameters).all():
        count = f"{snapshot.network.size} parameters"
    lines: list[Line] = [spread([(" Weights now", "heading")], [(f"{count} ", "label")], width)]
    wide = (width - gutter - 1) // bins
    sizes = [
        max(1, round(number / most * 8 * tall)) if number else 0 for number in found.counts.tolist()
    ]
    axis = {0: str(most), tall - 1: "0"}
    for row, bars in enumerate(upright_bars(sizes, tall)):
        line: Line = [(f"{axis.get(row, ''):>{gutter - 1}} ", "label")]
        for index, glyph in enumerate(bars):
            line.append((glyph * (wide - 1) + " ", "minus" if index < bins // 2 else "plus"))
        lines.append(line)
    reach = float(found.edges[-1])
    room = wide * bins - 1
    low, high = _short(reach), _short(reach)
    left = room // 2 - len(low) - 1
    right = room - left - len(low) - len(high) - 3
    lines.append([(f"{' ' * gutter}-{low}{' ' * left}0{' ' * right}+{high}", "label")])
    return [fitted(line, width) for line in lines]


def _short(value: float) -> str:
    """A size in three figures: 0.123, 12.3, 1.2e-7."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "inf"
    if value == 0 or 1e-3 <= value < 1e4:
        return f"{value:.3g}"
    return f"{value:.1e}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")


class NormsPane(Pane):
    """The norms. Up and down scroll where not all layers fit."""

    NAME = "Norms"

    BINDINGS = [
        Binding("up", "scroll_lines(-1)", "scroll", key_display="↑↓", tooltip="Scroll"),
        Binding("down", "scroll_lines(1)", "Lines below", show=False),
    ]

    first = reactive(0)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_norms(snapshot, width, height, self.first)

    def more(self, snapshot: Snapshot) -> tuple[int, int]:
        width, height = self.room
        count = len(_all_lines(snapshot, width, height))
        first = max(0, min(self.first, count - height + 1))
        return first, max(0, count - first - height + 1)

    def action_scroll_lines(self, by: int) -> None:
        if self.snapshot is not None:
            width, height = self.room
            last = len(_all_lines(self.snapshot, width, height)) - height + 1
            self.first = max(0, min(self.first + by, last))
