"""The loss over the run: Textual's sparkline on a true log axis, with its ends labelled."""

import math
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.reactive import reactive, var
from textual.renderables.sparkline import Sparkline as SparklineRenderable
from textual.strip import Strip
from textual.widgets import Sparkline

from xortui.core.snapshot import Snapshot
from xortui.tui.lines import Line, plain_text, spread, title
from xortui.tui.messages import PlaceChosen
from xortui.tui.pane import Pane
from xortui.tui.screens.branches import MARKS

AXIS_WIDTH = 8


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


class LossCurve(Sparkline):
    """Textual's sparkline on a fixed axis, with the chance line and our position drawn over it."""

    COMPONENT_CLASSES = {"loss--chance", "loss--position", "loss--branch"}  # noqa: RUF012

    snapshot: reactive[Snapshot | None] = reactive(None)
    # The column that the reading cursor is on.
    reading: reactive[int | None] = reactive(None)

    def watch_snapshot(self, snapshot: Snapshot | None) -> None:
        """Bin the curve to the width of the pane, as heights on the axis."""
        if snapshot is None or not self.size.width or not snapshot.curve.steps:
            return
        axis = loss_axis(snapshot)
        losses = snapshot.curve.columns(self.size.width).tolist()
        self.data = [axis.height_of(loss) for loss in losses]

    def on_resize(self) -> None:
        self.watch_snapshot(self.snapshot)

    def render(self) -> SparklineRenderable[float]:
        """The sparkline of heights 0 to 1. Its own axis goes from the least to the greatest value,
        so these are added as two columns past the right edge, which cuts them off."""
        low = self.get_component_styles("sparkline--min-color").color
        high = self.get_component_styles("sparkline--max-color").color
        width, height = self.size
        return SparklineRenderable(
            [*(self.data or [0.0] * width), 0.0, 1.0],
            width=width + 2,
            height=height,
            min_color=low.rich_color,
            max_color=high.rich_color,
        )

    def render_line(self, y: int) -> Strip:
        """A line of the sparkline with what is drawn over it."""
        strip = super().render_line(y).crop(0, self.size.width)
        snapshot = self.snapshot
        if snapshot is None or not snapshot.curve.steps:
            return strip
        if loss_axis(snapshot).row_of(snapshot.chance_loss, self.size.height) == y:
            strip = self._with_chance_line(strip)
        strip = self._with_branches(strip, y, loss_axis(snapshot))
        if snapshot.rewound:
            share = snapshot.step / max(1, snapshot.frontier)
            strip = self._with_mark(strip, int(share * self.size.width), "┃")
        if self.reading is not None:
            strip = self._with_mark(strip, self.reading, "│")
        return strip

    def _with_branches(self, strip: Strip, y: int, axis: LogAxis) -> Strip:
        """The other branches' curves, each drawn with its number in the list of branches."""
        snapshot, width = self.snapshot, self.size.width
        cells = {}
        for index, branch in enumerate(snapshot.branches if snapshot else ()):
            share = branch.curve.steps / max(1, snapshot.curve.steps if snapshot else 1)
            columns = max(1, min(width, round(width * share)))
            if not branch.current and branch.curve.steps:
                for column, loss in enumerate(branch.curve.columns(columns).tolist()):
                    if axis.row_of(loss, self.size.height) == y:
                        cells[column] = MARKS[index]
        if not cells:
            return strip
        text = "".join(segment.text for segment in strip)
        style = self.get_component_rich_style("loss--branch")
        pieces = [
            Strip([Segment(cells[column], style)], 1)
            if column in cells
            else strip.crop(column, column + 1)
            for column in range(min(width, len(text)))
        ]
        return Strip.join(pieces)

    def _with_chance_line(self, strip: Strip) -> Strip:
        style = self.get_component_rich_style("loss--chance")
        return Strip(
            [
                Segment("╌" * len(text), style) if text.isspace() else Segment(text, before)
                for text, before, _ in strip
            ],
            strip.cell_length,
        )

    def _with_mark(self, strip: Strip, column: int, line: str) -> Strip:
        column = min(self.size.width - 1, column)
        mark = Strip([Segment(line, self.get_component_rich_style("loss--position"))], 1)
        return Strip.join([strip.crop(0, column), mark, strip.crop(column + 1)])


class LossAxis(Pane, can_focus=False):
    """The labels left of the curve: both ends of the axis, and chance."""

    ALLOW_MAXIMIZE = False

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_axis(snapshot, height)


def paint_axis(snapshot: Snapshot, height: int) -> list[Line]:
    """One label a row: the decades at the ends, chance where it falls (the ends give way)."""
    axis = loss_axis(snapshot)
    labels = {0: f"1e{axis.high:+d}", height - 1: f"1e{axis.low:+d}"}
    labels[axis.row_of(snapshot.chance_loss, height)] = "chance"
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
            (f"{snapshot.loss:.6g}", "heading"),
            (f" at step {snapshot.step:,}  chance {snapshot.chance_loss:.4g} ", "label"),
        ],
        width,
    )


class LossSteps(Pane, can_focus=False):
    """The line below the curve: the steps at its ends."""

    ALLOW_MAXIMIZE = False

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        left: Line = [(" " * AXIS_WIDTH + "0", "label")]
        return [spread(left, [(f"step {snapshot.frontier:,} ", "label")], width)]


class Loss(Container, can_focus=True):
    """The loss pane."""

    ALLOW_MAXIMIZE = True

    snapshot: var[Snapshot | None] = var(None)

    BINDINGS = [  # noqa: RUF012
        Binding("left", "read(-1)", "Read before", show=False),
        Binding("right", "read(1)", "Read after", show=False),
        Binding("enter", "go", "Go to the step that is read", show=False),
    ]

    # The column of the curve that is read; None while nobody reads.
    column: var[int | None] = var(None)

    def watch_column(self, column: int | None) -> None:
        curve, heading = self.query_one(LossCurve), self.query_one(LossTitle)
        curve.reading = column
        heading.reading = None if column is None else self._read(column)

    def _read(self, column: int) -> tuple[int, float] | None:
        """Step and loss at a column of the curve."""
        if self.snapshot is None or not self.snapshot.curve.steps:
            return None
        return self.snapshot.curve.reading(column, self.query_one(LossCurve).size.width)

    def watch_snapshot(self) -> None:
        """The reading stays at its column: that is another step by now."""
        if self.is_mounted and self.column is not None:
            self.watch_column(self.column)

    def on_blur(self) -> None:
        self.column = None

    def action_read(self, by: int) -> None:
        width = self.query_one(LossCurve).size.width
        start = width - 1 if self.column is None else self.column + by
        self.column = min(max(0, start), max(0, width - 1))

    def action_go(self) -> None:
        reading = None if self.column is None else self._read(self.column)
        if reading is not None:
            self.post_message(PlaceChosen(reading[0]))

    def on_click(self, event: events.Click) -> None:
        """Read the curve where it is clicked; a click on the same column again goes there."""
        curve = self.query_one(LossCurve)
        column = event.screen_x - curve.region.x
        if 0 <= column < curve.size.width:
            if column == self.column:
                self.action_go()
            else:
                self.column = column

    def compose(self) -> ComposeResult:
        yield LossTitle().data_bind(Loss.snapshot)
        with Container(id="curve"):
            yield LossAxis().data_bind(Loss.snapshot)
            yield LossCurve().data_bind(Loss.snapshot)
        yield LossSteps().data_bind(Loss.snapshot)

    def as_text(self) -> str:
        """What the pane says, as text to copy: the curve as step and loss."""
        if self.snapshot is None:
            return ""
        curve = self.snapshot.curve
        steps = range(0, curve.steps, curve.width)
        rows = (f"{step},{loss!r}" for step, loss in zip(steps, curve.first.tolist(), strict=True))
        return "\n".join([plain_text([paint_loss_title(self.snapshot, 60)]), "step,loss", *rows])
