"""The loss over the run: bars on a true log axis, with its ends labelled."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.color import Color
from textual.reactive import reactive, var

from xortui.core.training.divergence import figure
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.bars import upright_bars
from xortui.tui.drawing.line_widget import Panel
from xortui.tui.drawing.lines import Line, Span, plain_text, spread, title
from xortui.tui.drawing.pane import Pane
from xortui.tui.frame import Frame
from xortui.tui.messages import StepChosen
from xortui.tui.screens.branches import MARKS

AXIS_WIDTH = 11
# What the line across the curve is the loss of.
ALWAYS_HALF = "always 0.5"
# The theme's colours of the bars' feet and tops.
LOW_COLOUR, HIGH_COLOUR = "success", "curve"


@dataclass(frozen=True)
class LogAxis:
    """A log axis over whole decades: from 10**low to 10**high."""

    low: int
    high: int

    @classmethod
    def of(cls, least: float, greatest: float) -> "LogAxis":
        """The decades that hold both; at least two, so that noise does not fill the pane."""
        low = math.floor(math.log10(max(least, 1e-300)))
        high = math.ceil(math.log10(max(greatest, 1e-300)))
        return cls(min(low, high - 2), high)

    def height_of(self, value: float) -> float:
        """Where a value stands: 0 at the low end, 1 at the high end."""
        height = (math.log10(max(value, 1e-300)) - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, height))

    def row_of(self, value: float, rows: int) -> int:
        """The row, counted from the top, that a value falls into."""
        return min(rows - 1, int((1 - self.height_of(value)) * rows))


def loss_axis(snapshot: Snapshot) -> LogAxis:
    """The axis for a run's curve: it always holds the chance line."""
    curve = snapshot.curve
    if not curve.steps:
        return LogAxis(-2, 0)
    return LogAxis.of(
        min(float(curve.low.min()), snapshot.chance_loss),
        max(float(curve.high.max()), snapshot.chance_loss),
    )


def paint_curve(
    snapshot: Snapshot,
    heights: Sequence[float],
    colours: Sequence[str | Style],
    reading: int | None = None,
) -> list[Line]:
    """Bars of `heights` (0 to 1, one a column), in a style for each line.

    Drawn over it: the chance line in the empty cells, the other branches' curves as their numbers,
    where the run stands if it is rewound, and the column that is read.
    """
    width, height, axis = len(heights), len(colours), loss_axis(snapshot)
    eighths = [round(share * (8 * height - 1)) + 1 for share in heights]
    chance, branches = axis.row_of(snapshot.chance_loss, height), _branch_marks(snapshot, width)
    upright: list[tuple[int, str]] = []
    if snapshot.rewound:
        upright.append((snapshot.step * width // max(1, snapshot.last_step), "┃"))
    if reading is not None:
        upright.append((reading, "│"))
    lines: list[Line] = []
    for row, glyphs in enumerate(upright_bars(eighths, height)):
        colour = colours[row]
        if row != chance and not branches and not upright:
            lines.append([(glyphs, colour)])
            continue
        empty: Span = ("╌", "label") if row == chance else (" ", colour)
        cells: list[Span] = [empty if glyph == " " else (glyph, colour) for glyph in glyphs]
        for (column, loss), mark in branches.items():
            if axis.row_of(loss, height) == row:
                cells[column] = (mark, "warn")
        for column, mark in upright:
            cells[min(column, width - 1)] = (mark, "accent")
        groups = groupby(cells, key=itemgetter(1))
        lines.append([("".join(text for text, _ in group), style) for style, group in groups])
    return lines


def _branch_marks(snapshot: Snapshot, width: int) -> dict[tuple[int, float], str]:
    """(column, loss) of the other branches' curves, and the mark that each is drawn with."""
    marks: dict[tuple[int, float], str] = {}
    for index, branch in enumerate(snapshot.branches):
        if not branch.current and branch.curve.steps:
            share = branch.curve.steps / max(1, snapshot.curve.steps)
            losses = branch.curve.columns(max(1, round(width * share))).tolist()
            marks |= dict.fromkeys(enumerate(losses[:width]), MARKS[index])
    return marks


class LossPlot(Pane, can_focus=False):
    """The curve, binned to the width of the pane, with what is drawn over it."""

    ALLOW_MAXIMIZE = False

    # The column that the reading cursor is on.
    reading: reactive[int | None] = reactive(None)

    _colours: list[Style] | None = None

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        if not snapshot.curve.steps:
            return []
        axis = loss_axis(snapshot)
        heights = [axis.height_of(loss) for loss in snapshot.curve.columns(width).tolist()]
        if self._colours is None or len(self._colours) != height:
            self._colours = self._bar_colours(height)
        return paint_curve(snapshot, heights, self._colours, self.reading)

    def notify_style_update(self) -> None:
        self._colours = None
        super().notify_style_update()

    def _bar_colours(self, height: int) -> list[Style]:
        """For each line, the style of its bars: the colour tells the loss that it stands for."""
        variables = self.app.theme_variables
        low, high = (Color.parse(variables[name]) for name in (LOW_COLOUR, HIGH_COLOUR))
        shares = [1 - row / max(1, height - 1) for row in range(height)]
        ground = self.rich_style.background_style
        return [ground + Style.from_color(low.blend(high, share).rich_color) for share in shares]


class LossAxis(Pane, can_focus=False):
    """The labels left of the curve: both ends of the axis, and the loss of always answering 0.5."""

    ALLOW_MAXIMIZE = False

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_axis(snapshot, height)


def paint_axis(snapshot: Snapshot, height: int) -> list[Line]:
    """One label a row: the decades at the ends, "always 0.5" where it falls (the ends give way)."""
    axis = loss_axis(snapshot)
    labels = {0: f"1e{axis.high:+d}", height - 1: f"1e{axis.low:+d}"}
    labels[axis.row_of(snapshot.chance_loss, height)] = ALWAYS_HALF
    return [[(labels.get(row, "").rjust(AXIS_WIDTH - 1) + " ", "label")] for row in range(height)]


class LossTitle(Pane, can_focus=False):
    """The line above the curve: the loss now."""

    ALLOW_MAXIMIZE = False

    reading: reactive[tuple[int, float] | None] = reactive(None)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return [paint_loss_title(snapshot, width, self.reading)]


def paint_loss_title(
    snapshot: Snapshot, width: int, reading: tuple[int, float] | None = None
) -> Line:
    """The pane's name, and the mean loss at this step beside chance, or as read off the curve."""
    if reading is not None:
        step, loss = reading
        words: Line = [
            (f"{loss!r}", "heading"),
            (f" at step {step:,}", "accent"),
            ("  enter goes there ", "label"),
        ]
        return title("Loss", words, width)
    return title(
        "Loss",
        [
            (figure(snapshot.loss, ".6g"), "heading"),
            (f" at step {snapshot.step:,}  {ALWAYS_HALF}: {snapshot.chance_loss:.4g} ", "label"),
        ],
        width,
    )


class LossSteps(Pane, can_focus=False):
    """The line below the curve: the steps at its ends."""

    ALLOW_MAXIMIZE = False

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        left: Line = [(" " * AXIS_WIDTH + "0", "label")]
        return [spread(left, [(f"step {snapshot.last_step:,} ", "label")], width)]


class LossPane(Panel, can_focus=True):
    """The loss pane."""

    ALLOW_MAXIMIZE = True

    frame: var[Frame | None] = var(None)

    BINDINGS = [
        Binding("left", "read(-1)", "Read further left", show=False),
        Binding("right", "read(1)", "Read further right", show=False),
        Binding("enter", "go", "Go to that step", show=False),
    ]

    # The column of the curve that is read; None while nobody reads.
    column: var[int | None] = var(None)

    def watch_column(self, column: int | None) -> None:
        curve, heading = self.query_one(LossPlot), self.query_one(LossTitle)
        curve.reading = column
        heading.reading = None if column is None else self._read(column)

    def _read(self, column: int) -> tuple[int, float] | None:
        """Step and loss at a column of the curve."""
        if self.frame is None or not self.frame.snapshot.curve.steps:
            return None
        return self.frame.snapshot.curve.reading(column, self.query_one(LossPlot).size.width)

    def watch_frame(self) -> None:
        """The reading stays at its column: that is another step by now."""
        if self.is_mounted and self.column is not None:
            self.watch_column(self.column)

    def on_blur(self) -> None:
        self.column = None

    def action_read(self, by: int) -> None:
        width = self.query_one(LossPlot).size.width
        start = width - 1 if self.column is None else self.column + by
        self.column = min(max(0, start), max(0, width - 1))

    def action_go(self) -> None:
        reading = None if self.column is None else self._read(self.column)
        if reading is not None:
            self.post_message(StepChosen(reading[0]))

    def on_click(self, event: events.Click) -> None:
        """Read the curve where it is clicked; a click on the same column again goes there."""
        curve = self.query_one(LossPlot)
        column = event.screen_x - curve.region.x
        if 0 <= column < curve.size.width:
            if column == self.column:
                self.action_go()
            else:
                self.column = column

    def compose(self) -> ComposeResult:
        yield LossTitle().data_bind(LossPane.frame)
        with Panel(id="curve"):
            yield LossAxis().data_bind(LossPane.frame)
            yield LossPlot().data_bind(LossPane.frame)
        yield LossSteps().data_bind(LossPane.frame)

    def as_text(self) -> str:
        """What the pane says, as text to copy: the curve as step and loss."""
        if self.frame is None:
            return ""
        curve = self.frame.snapshot.curve
        steps = range(0, curve.steps, curve.width)
        rows = (f"{step},{loss!r}" for step, loss in zip(steps, curve.first.tolist(), strict=True))
        return "\n".join(
            [plain_text([paint_loss_title(self.frame.snapshot, 60)]), "step,loss", *rows]
        )
