"""Pure: the loss over the run as a fine line over a faint fill, on a log axis with its ticks.

Colours say which branch; so do the numbers at the lines' ends. What is marked has a glyph each.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from xortui.core.model.functions import Array, Flags
from xortui.core.text.harmless import harmless
from xortui.core.training.loss_curve import LossCurve
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.cells import BRAILLE_BLANK, Cells, braille, braille_of, look
from xortui.tui.drawing.lines import Line, fitted
from xortui.tui.drawing.theme import GRID, hue
from xortui.tui.panes.loss_layout import ALWAYS_HALF, LossAxis, LossChart, name_in_chart

NOW, SOLVED, DIVERGED, EDIT, BREAKPOINT, NAMED = "●", "✓", "✗", "◆", "■", "▸"
DEEPEST, FAINTEST = 4.0, 1.5  # tint of the fill, at the top of the plot and at its foot


def paint_loss_chart(
    snapshot: Snapshot,
    width: int,
    height: int,
    log_steps: bool = False,
    reading: int | None = None,
    draw: Callable[[str], str] = str,
) -> list[Line]:
    """The chart in `height` lines of `width` cells each.

    `reading` is the column that a person reads. `draw` gives names the glyphs that are wanted,
    before they are laid out by their length.
    """
    if width < 1 or height < 1 or not snapshot.curve.steps:
        return [fitted([], width) for _ in range(height)]
    chart = LossChart.of(snapshot, width, height, log_steps)
    cells = Cells(height, width)
    curves = _curves(snapshot, chart)
    test = _test_losses(snapshot, chart)
    every = np.concatenate([*(high for _, _, high in curves), test])
    axis = LossAxis.of(every, snapshot.chance_loss)
    plot = LossPlot(cells, chart, axis)
    plot.grid(snapshot.chance_loss)
    marks = [(*mark[:3], draw(mark[3])) for mark in _marks(snapshot)]
    for step, glyph, _, _ in marks:
        plot.upright(chart.column(step), "│" if glyph == NOW else "┊", glyph == NOW)
    if reading is not None:
        plot.upright(reading, "│", True)
    for branch, low, high in curves:
        plot.curve(low, high, branch, is_filled=branch == curves[-1][0])
    plot.dotted(test)
    plot.name_always(snapshot.chance_loss)
    plot.finish()
    if math.isfinite(snapshot.loss):
        row = axis.row(snapshot.loss, chart.rows)
        cells.write(row, chart.column(snapshot.step), NOW, "heading")
    if axis.peak is not None:
        _say_peak(cells, chart, snapshot)
    _name_branches(cells, chart, axis, snapshot, draw)
    if chart.rows < height:
        _write_marks(cells, chart, marks)
        for column, text in chart.ticks().items():
            cells.write(height - 1, column, text, "label")
    return cells.lines()


Curves = list[tuple[int, Array, Array]]


def _curves(snapshot: Snapshot, chart: LossChart) -> Curves:
    """Each branch with its least and greatest loss at every dot; the present one last."""
    edges = chart.edges
    here = 0
    curves: Curves = []
    for index, branch in enumerate(snapshot.branches):
        if branch.current:
            here = index
        elif branch.curve.steps:
            low, high = _seen(branch.curve, edges, branch.fork)
            curves.append((index, low, high))
    return [*curves, (here, *_seen(snapshot.curve, edges, 0))]


def _seen(curve: LossCurve, edges: Array, fork: int) -> tuple[Array, Array]:
    """The curve from a step on."""
    low, high = curve.between(edges)
    is_before = edges[1:] < fork
    return np.where(is_before, np.nan, low), np.where(is_before, np.nan, high)


def _test_losses(snapshot: Snapshot, chart: LossChart) -> Array:
    """The loss on the points that are set aside, at every dot; none where there are no such."""
    return np.zeros(0) if snapshot.test_curve is None else snapshot.test_curve.between(chart.edges)


def _marks(snapshot: Snapshot) -> list[tuple[int, str, str, str]]:
    """Step, glyph, ink and words of what happened in the run; the most important one last."""
    pauses = [step for step in snapshot.pauses if step != snapshot.solved_at]
    marks = [(step, BREAKPOINT, "accent", f"break {step:,}") for step in pauses]
    marks += [(step, EDIT, "warn", edit.describe(snapshot.recipe)) for step, edit in snapshot.edits]
    if snapshot.solved_at is not None:
        marks.append((snapshot.solved_at, SOLVED, "good", f"solved {snapshot.solved_at:,}"))
    if snapshot.diverged_at is not None:
        marks.append((snapshot.diverged_at, DIVERGED, "bad", f"diverged {snapshot.diverged_at:,}"))
    if snapshot.rewound:
        marks.append((snapshot.step, NOW, "accent", f"now {snapshot.step:,}"))
    return marks


class LossPlot:
    """The plot itself: glyphs, the ink of each cell, and the tint that it stands on."""

    def __init__(self, cells: Cells, chart: LossChart, axis: LossAxis) -> None:
        self.cells, self.chart, self.axis = cells, chart, axis
        shape = chart.rows, chart.columns
        self._glyphs = np.full(shape, ord(" "), dtype=np.uint32)
        self._inks = np.zeros(shape, dtype=np.intp)
        self._tints = np.zeros(shape, dtype=np.intp)
        self._names = ["text"]
        self._tint = "curve"

    def _ink(self, name: str) -> int:
        if name not in self._names:
            self._names.append(name)
        return self._names.index(name)

    def _put(self, where: Flags | tuple[int | slice, int | slice], glyph: str, ink: str) -> None:
        self._glyphs[where], self._inks[where] = ord(glyph), self._ink(ink)

    def grid(self, always: float) -> None:
        """Lines at the ticks with their numbers, and the line of always answering 0.5."""
        rows, left = self.chart.rows, self.chart.left
        here = self.axis.row(always, rows)
        if left:
            # The line of always answering 0.5 has a number of its own, also on a tick's row.
            for row, text in (self.axis.ticks(rows) | {here: f"{always:.3g}"}).items():
                self.cells.write(row, 0, text.rjust(left - 1), "label")
                self._put((row, slice(None)), "─", GRID)
        self._put((here, slice(None)), "╌", "label")

    def upright(self, column: int, glyph: str, is_bright: bool) -> None:
        """A line from top to bottom at a column of the whole chart."""
        place = column - self.chart.left
        if 0 <= place < self.chart.columns:
            self._put((slice(None), place), glyph, "accent" if is_bright else "label")

    def curve(self, low: Array, high: Array, branch: int, is_filled: bool) -> None:
        """A branch's line, no thinner than its losses spread; beneath it the fill."""
        rows, columns = self.chart.rows, self.chart.columns
        is_known = np.isfinite(low)
        top, bottom = _joined(self.axis.dots(high, rows), self.axis.dots(low, rows))
        dots = np.arange(4 * rows)[:, None]
        bits = braille((dots >= top) & (dots <= bottom) & is_known)
        is_old = self._glyphs >= BRAILLE_BLANK
        kept = np.where(is_old & (self._glyphs < BRAILLE_BLANK + 256), self._glyphs, BRAILLE_BLANK)
        is_line = bits > 0
        self._glyphs[is_line] = (kept | bits)[is_line]
        self._inks[is_line] = self._ink(hue(branch))
        if is_filled:
            self._tint = hue(branch)
            edge = np.where(is_known, (top + bottom) / 2, np.inf).reshape(columns, 2).mean(axis=1)
            lines = np.arange(rows)[:, None]
            # As much tint as there is of the cell below the line, so that its edge is soft.
            covered = np.clip(lines + 1 - edge / 4, 0, 1)
            deepest = np.linspace(DEEPEST, FAINTEST, rows)[:, None]
            self._tints = (deepest * covered).astype(np.intp)

    def dotted(self, losses: Array) -> None:
        """Single dots at every second place [2 * columns], which no colour is needed to tell."""
        places = np.flatnonzero(np.isfinite(losses))[::2]
        if not len(places):
            return
        rows = self.axis.dots(losses[places], self.chart.rows).astype(np.intp)
        bits = braille_of(rows, places, (self.chart.rows, self.chart.columns))
        is_line = (self._glyphs >= BRAILLE_BLANK) & (self._glyphs < BRAILLE_BLANK + 256)
        kept = np.where(is_line, self._glyphs, BRAILLE_BLANK)
        is_dot = bits > 0
        self._glyphs[is_dot] = (kept | bits)[is_dot]
        self._inks[is_dot & ~is_line] = self._ink("heading")

    def name_always(self, always: float) -> None:
        """Say what the line of always answering 0.5 is: on it, or beside it on an empty line."""
        here, rows, columns = self.axis.row(always, self.chart.rows), *self._glyphs.shape
        words = f" {ALWAYS_HALF} "
        if columns <= 2 * len(words):
            return
        for row in (line for line in (here, here - 1, here + 1) if 0 <= line < rows):
            for start in (columns - len(words), columns // 2 - len(words) // 2, 1):
                place = row, slice(max(0, start), max(0, start) + len(words))
                if self.is_free(place, " ╌" if row == here else " "):
                    self._glyphs[place] = [*map(ord, words)]
                    self._inks[place] = self._ink("label")
                    return

    def is_free(self, place: tuple[int, slice], glyphs: str) -> bool:
        """Whether nothing is drawn there but some of these glyphs."""
        return bool(np.isin(self._glyphs[place], [*map(ord, glyphs)]).all())

    def finish(self) -> None:
        """Put the plot into the cells of the chart."""
        table = np.array(
            [
                [look(f"{name}@{self._tint}:{depth}" if depth else name) for depth in range(9)]
                for name in self._names
            ]
        )
        place = np.s_[: self.chart.rows, self.chart.left : self.chart.left + self.chart.columns]
        self.cells.glyphs[place] = self._glyphs
        self.cells.looks[place] = table[self._inks, self._tints]


def _joined(top: Array, bottom: Array) -> tuple[Array, Array]:
    """Columns of dots stretched towards the one before, so that the line has no gaps."""
    joined_top, joined_bottom = top.copy(), bottom.copy()
    with np.errstate(all="ignore"):
        joined_top[1:] = np.where(top[1:] > bottom[:-1] + 1, bottom[:-1] + 1, top[1:])
        joined_bottom[1:] = np.where(bottom[1:] < top[:-1] - 1, top[:-1] - 1, bottom[1:])
    return joined_top, joined_bottom


def _say_peak(cells: Cells, chart: LossChart, snapshot: Snapshot) -> None:
    """The greatest loss, which is cut off, in words, as near to it as there is room."""
    peaks = [(*snapshot.curve.peak(), snapshot.curve.width, "")] + [
        (*branch.curve.peak(branch.fork), branch.curve.width, f" of branch {index + 1}")
        for index, branch in enumerate(snapshot.branches)
        if not branch.current and branch.curve.steps
    ]
    loss, step, bucket, whose = max(peaks, key=lambda peak: peak[0])
    column, near = chart.column(step), "at" if bucket == 1 else "near"
    words = f" ↑ peak {loss:.2g} {near} step {step:,}{whose} "
    start = min(max(chart.left, column), chart.left + chart.columns - len(words))
    if start >= chart.left:
        cells.write(0, start, words, "warn")


def _name_branches(
    cells: Cells,
    chart: LossChart,
    axis: LossAxis,
    snapshot: Snapshot,
    draw: Callable[[str], str],
) -> None:
    """Number and name of each branch right of where its line ends, or as near as there is room."""
    edge = chart.left + chart.columns
    for index, branch in enumerate(snapshot.branches):
        if not branch.curve.steps:
            continue
        row, end = axis.row(branch.loss, chart.rows), chart.column(branch.last_step) + 1
        words = f"{NAMED if branch.current else ' '}{index + 1}"
        if chart.labels > 3:
            words += f" {draw(harmless(name_in_chart(branch.name, chart.labels)))}"
        near = sorted(range(chart.rows), key=lambda line: abs(line - row))
        spots = [(line, start) for line in near for start in dict.fromkeys((end, edge))]
        for line, start in spots:
            text = (
                words
                if len(words) <= chart.width - start
                else words[: chart.labels - 1] + draw("…")[:1]
            )
            place = cells.glyphs[line, start : start + len(text)]
            if np.isin(place, [*map(ord, " ─╌┊")]).all():
                style = "heading" if branch.current else hue(index)
                cells.write(line, start, text, style)
                cells.write(line, start + 1, str(index + 1), hue(index))
                break


def _write_marks(
    cells: Cells, chart: LossChart, marks: Sequence[tuple[int, str, str, str]]
) -> None:
    """A line of what happened, each at its step, with words where there is room for them."""
    line = chart.rows
    taken: list[tuple[int, int]] = [
        (chart.column(step), chart.column(step) + 1) for step, *_ in marks
    ]
    for step, glyph, ink, words in marks:
        column = chart.column(step)
        cells.write(line, column, glyph, ink)
        for start in (column + 2, column - len(words) - 1):
            end = start + len(words)
            is_inside = chart.left <= start and end <= chart.width
            if is_inside and all(end < a or start > b for a, b in taken if a != column):
                cells.write(line, start, words, "label")
                taken.append((start, end))
                break
