"""The loss over the run: a chart where there is room for one, bars on a log axis elsewhere."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from textual import events
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.model.mistakes import unnamed
from xortui.core.training.divergence import figure
from xortui.core.training.snapshot import BranchSummary, Snapshot
from xortui.tui.drawing.bars import upright_bars
from xortui.tui.drawing.lines import Line, Span, plain_text, spread, title
from xortui.tui.drawing.pane import LEFT_BUTTON, Pane
from xortui.tui.drawing.plain_glyphs import drawing
from xortui.tui.messages import StepChosen
from xortui.tui.panes.loss_chart import paint_loss_chart
from xortui.tui.panes.loss_layout import ALWAYS_HALF, LossChart

BARS_WIDTH = 11  # of the labels left of the bars
CHART_FROM = 6  # lines of the pane from which on there is a chart: title, plot, marks and steps
# What this run is called where another one is shown beside it.
DONE_RIGHT = "done right"


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


def paint_loss(
    snapshot: Snapshot,
    width: int,
    height: int,
    log_steps: bool = False,
    column: int | None = None,
    draw: Callable[[str], str] = str,
) -> list[Line]:
    """The loss now and over the run; `column` is the column of the pane that is read, and `draw`
    as in `paint_loss_chart`."""
    reading = None if column is None else reading_at(snapshot, width, height, column, log_steps)
    head = paint_loss_title(snapshot, width, reading)
    if height < CHART_FROM:
        return [head, *paint_bars(snapshot, width, height - 1, column)][:height]
    chart = paint_loss_chart(snapshot, width, height - 1, log_steps, reading=column, draw=draw)
    return [head, *chart]


def _chart(snapshot: Snapshot, width: int, height: int, log_steps: bool) -> LossChart:
    return LossChart.of(snapshot, width, height - 1, log_steps)


def columns_of(snapshot: Snapshot, width: int, height: int) -> range:
    """The columns of the pane that the curve has."""
    if height < CHART_FROM:
        return range(BARS_WIDTH, max(BARS_WIDTH + 1, width - 1))
    chart = _chart(snapshot, width, height, False)
    return range(chart.left, chart.left + chart.columns)


def reading_at(
    snapshot: Snapshot, width: int, height: int, column: int, log_steps: bool = False
) -> tuple[int, float] | None:
    """Step and loss at a column of the pane."""
    curve = snapshot.curve
    if not curve.steps:
        return None
    if height < CHART_FROM:
        columns = columns_of(snapshot, width, height)
        return curve.reading(column - columns.start, len(columns))
    step = min(_chart(snapshot, width, height, log_steps).step(column), curve.steps - 1)
    if step == curve.steps - 1:
        return step, float(curve.last[-1])
    # The loss is kept at every so many steps.
    place = min(step // curve.width, len(curve.first) - 1)
    return place * curve.width, float(curve.first[place])


def paint_bars(
    snapshot: Snapshot, width: int, height: int, column: int | None = None
) -> list[Line]:
    """The curve as bars beside their axis, and below them the steps at their ends.

    Over the bars: the line of always answering 0.5 in the empty cells, and where the run stands.
    """
    rows, columns = max(1, height - 1), columns_of(snapshot, width, 0)
    if not snapshot.curve.steps:
        return []
    axis = loss_axis(snapshot)
    heights = map(axis.height_of, snapshot.curve.columns(len(columns)).tolist())
    eighths = [round(share * (8 * rows - 1)) + 1 for share in heights]
    chance = axis.row_of(snapshot.chance_loss, rows)
    upright: dict[int, str] = {}
    if snapshot.rewound:
        here = snapshot.step * len(columns) // max(1, snapshot.last_step)
        upright[min(here, len(columns) - 1)] = "┃"
    if column is not None:
        upright[column - columns.start] = "│"
    lines: list[Line] = []
    labels = paint_axis(snapshot, rows)
    for row, glyphs in enumerate(upright_bars(eighths, rows)):
        empty: Span = ("╌", "label") if row == chance else (" ", "text")
        cells: list[Span] = [empty if glyph == " " else (glyph, "curve") for glyph in glyphs]
        for place, mark in upright.items():
            cells[place] = (mark, "accent")
        lines.append([labels[row], *cells])
    left: Line = [(" " * BARS_WIDTH + "0", "label")]
    return [*lines, spread(left, [(f"step {snapshot.last_step:,} ", "label")], width)][:height]


def paint_axis(snapshot: Snapshot, rows: int) -> list[Span]:
    """One label a row: the decades at the ends, "always 0.5" where it falls (the ends give way)."""
    axis = loss_axis(snapshot)
    labels = {0: f"1e{axis.high:+d}", rows - 1: f"1e{axis.low:+d}"}
    labels[axis.row_of(snapshot.chance_loss, rows)] = ALWAYS_HALF
    return [(labels.get(row, "").rjust(BARS_WIDTH - 1) + " ", "label") for row in range(rows)]


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
    if snapshot.held_out is not None:
        return title("Loss", _beside_test(snapshot, snapshot.held_out.loss, width), width)
    return title(
        "Loss",
        [
            (figure(snapshot.loss, ".6g"), "heading"),
            (f" at step {snapshot.step:,}  {ALWAYS_HALF}: {snapshot.chance_loss:.4g} ", "label"),
        ],
        width,
    )


def _beside_test(snapshot: Snapshot, test: float, width: int) -> Line:
    """The loss of the points trained on, and that of those set aside; overfitting, where it is."""
    curve = snapshot.test_curve
    since = None if curve is None else curve.overfit_since(snapshot.step)
    words: Line = [
        (figure(snapshot.loss, ".4g"), "heading"),
        (f"  test {figure(test, '.4g')}", "heading"),
    ]
    if since is not None:
        return [*words, (f"  ▲ overfitting since {since:,} ", "warn")]
    more = f" (dotted)  step {snapshot.step:,}  {ALWAYS_HALF}: {snapshot.chance_loss:.4g} "
    return [*words, (more if width >= 60 else f" (dotted)  step {snapshot.step:,} ", "label")]


class LossPane(Pane):
    """The loss pane: arrows or a click read the curve, enter goes to the step that is read."""

    NAME = "Loss"

    BINDINGS = [
        Binding("left", "read(-1)", "read", key_display="←→", tooltip="Read the curve"),
        Binding("right", "read(1)", "Read further right", show=False),
        Binding("enter", "go", "go there", tooltip="Go to the step that is read"),
        Binding("l", "log_steps", "log steps", tooltip="Steps on a log axis, or on a linear one"),
    ]

    # The column of the pane that is read; None while nobody reads.
    column: reactive[int | None] = reactive(None)
    log_steps = reactive(False)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        snapshot = self._with_beside(snapshot)
        column = self.column
        if column is not None:  # the curve may have other columns by now
            columns = columns_of(snapshot, width, height)
            column = min(max(columns.start, column), columns.stop - 1)
        draw = drawing(self)
        if self.frame is not None and not self.frame.show_fault:
            return paint_loss(
                snapshot, width, height, self.log_steps, column, lambda text: draw(unnamed(text))
            )
        return paint_loss(snapshot, width, height, self.log_steps, column, draw)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a step that is read there is none to go to."""
        return action != "go" or self.column is not None

    def watch_column(self) -> None:
        self.refresh_bindings()

    def _with_beside(self, snapshot: Snapshot) -> Snapshot:
        """With the run that is shown beside this one, as if that were another branch."""
        beside = None if self.frame is None else self.frame.beside
        if beside is None:
            return snapshot
        alone = BranchSummary(DONE_RIGHT, snapshot.last_step, snapshot.curve, True, 0)
        return replace(snapshot, branches=(*(snapshot.branches or (alone,)), beside))

    @property
    def asked(self) -> tuple[str, int | None]:
        if self.snapshot is None or self.column is None:
            return super().asked
        reading = reading_at(self.snapshot, *self.room, self.column, self.log_steps)
        return "loss", None if reading is None else reading[0]

    def on_blur(self) -> None:
        self.column = None

    def _columns(self) -> range:
        if self.snapshot is None:
            return range(0)
        return columns_of(self._with_beside(self.snapshot), *self.room)

    def action_read(self, by: int) -> None:
        if columns := self._columns():
            start = self._column_now(columns) if self.column is None else self.column + by
            self.column = min(max(columns.start, start), columns.stop - 1)

    def _column_now(self, columns: range) -> int:
        """The column of the step at which the run stands, from which reading starts."""
        snapshot, (width, height) = self.snapshot, self.room
        if snapshot is None or not snapshot.rewound:
            return columns.stop - 1
        if height < CHART_FROM:
            return columns.start + snapshot.step * len(columns) // max(1, snapshot.last_step)
        chart = _chart(self._with_beside(snapshot), width, height, self.log_steps)
        return chart.column(snapshot.step)

    def action_go(self) -> None:
        if self.snapshot is None or self.column is None:
            return
        snapshot = self._with_beside(self.snapshot)
        reading = reading_at(snapshot, *self.room, self.column, self.log_steps)
        if reading is not None:
            self.post_message(StepChosen(reading[0]))

    def action_log_steps(self) -> None:
        self.log_steps = not self.log_steps

    def on_click(self, event: events.Click) -> None:
        """Read the curve where it is clicked; a click on the same column again goes there."""
        column = self.spot(event).x
        if column in self._columns():
            if column == self.column and event.button == LEFT_BUTTON:
                self.action_go()
            else:
                self.column = column

    def as_text(self) -> str:
        """What the pane says, as text to copy: the curve as step and loss."""
        if self.snapshot is None:
            return ""
        curve = self.snapshot.curve
        steps = range(0, curve.steps, curve.width)
        rows = (f"{step},{loss!r}" for step, loss in zip(steps, curve.first.tolist(), strict=True))
        return "\n".join([plain_text([paint_loss_title(self.snapshot, 60)]), "step,loss", *rows])
