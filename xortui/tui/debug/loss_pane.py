"""Two loss curves: theirs, wherever it was recorded, and that of the same network done right."""

import numpy as np
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.debug.recorded import RecordedStep
from xortui.core.training.divergence import figure
from xortui.core.training.loss_curve import LossCurve
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.pane import DebugPane, roomy_title
from xortui.tui.drawing.cells import Cells
from xortui.tui.drawing.lines import Line, spread, title
from xortui.tui.drawing.theme import hue
from xortui.tui.panes.loss_chart import NOW, LossPlot
from xortui.tui.panes.loss_layout import LossAxis, LossChart

YOURS, DONE_RIGHT = "yours", "done right"
BRANCHES = {YOURS: 1, DONE_RIGHT: 2}  # by whose hues they are told apart
NAMES = 11  # columns for the names at the ends of the curves
CHART_FROM = 5  # lines of the pane
LEAST = 1e-5  # loss that is drawn


def chance_of(step: RecordedStep) -> float:
    """The loss of an answer halfway between the labels, for every pattern."""
    distance = float(step.labels.max() - step.labels.min())
    return 0.5 * (distance / 2) ** 2 * step.labels.shape[1] or LEAST


def curves_of(frame: DebugFrame) -> dict[str, LossCurve]:
    """What there is to draw; theirs last, over the other."""
    found = frame.examination
    if found is None:
        return {}
    curves = {DONE_RIGHT: found.right_curve(), YOURS: found.their_curve()}
    return {name: curve for name, curve in curves.items() if curve is not None}


def paint_losses(frame: DebugFrame, width: int, height: int, log_steps: bool = False) -> list[Line]:
    """The chart; where it is too low for one, what the losses are now and at the ends."""
    step, curves = frame.step, curves_of(frame)
    if step is None or not curves:
        return [title("Loss", [], width)][:height]
    loss = figure(step.loss, ".4g")
    when = f" at step {step.number:,} "
    whens = f"{when}· mean of ½(ŷ−y)² ", when
    head = roomy_title("Loss", [[(loss, "heading"), (words, "label")] for words in whens], width)
    if height < CHART_FROM:
        return [head, *_ends(curves, width)][:height]
    return [head, *_chart(frame, curves, width, height - 1, log_steps)]


def _ends(curves: dict[str, LossCurve], width: int) -> list[Line]:
    lines: list[Line] = []
    for name, curve in reversed(curves.items()):
        ends = f"{figure(float(curve.first[0]), '.3g')} → {figure(float(curve.last[-1]), '.3g')}"
        words: Line = [(ends, "text"), (f" at step {curve.steps - 1:,} ", "label")]
        lines.append(spread([(f" {name}", hue(BRANCHES[name]))], words, width))
    return lines


def _chart(
    frame: DebugFrame, curves: dict[str, LossCurve], width: int, height: int, log_steps: bool
) -> list[Line]:
    step = frame.step
    assert step is not None
    last = max(1, *(curve.steps - 1 for curve in curves.values()))
    # One line more than there is: that of the marks, which there are none of here.
    chart = LossChart(width, height + 1, last, log_steps, NAMES if width >= 40 else 0)
    cells = Cells(height, width)
    seen = {name: curve.between(chart.edges) for name, curve in curves.items()}
    chance = chance_of(step)
    # What is below the least that is of interest would flatten all that is above.
    axis = LossAxis.of(
        np.concatenate([np.maximum(high, LEAST) for _, high in seen.values()]), chance
    )
    plot = LossPlot(cells, chart, axis)
    plot.grid(chance)
    plot.upright(chart.column(min(step.number, last)), "│", True)
    for name, (low, high) in seen.items():
        plot.curve(low, high, BRANCHES[name], is_filled=name == YOURS)
    plot.finish()
    if np.isfinite(step.loss):
        row = axis.row(step.loss, chart.rows)
        cells.write(row, chart.column(min(step.number, last)), NOW, "heading")
    _name(cells, chart, axis, curves)
    if chart.rows < height:
        for column, text in chart.ticks().items():
            cells.write(chart.rows, column, text, "label")
    return cells.lines()


def _name(cells: Cells, chart: LossChart, axis: LossAxis, curves: dict[str, LossCurve]) -> None:
    """The name of each curve at its end, on a line of its own."""
    taken: set[int] = set()
    for name, curve in curves.items():
        here = axis.row(float(curve.last[-1]), chart.rows)
        row = min(
            (line for line in range(chart.rows) if line not in taken),
            key=lambda line: abs(line - here),
            default=0,
        )
        taken.add(row)
        column = chart.left + chart.columns if chart.labels else chart.left + 1
        cells.write(row, column, f" {name}"[: chart.width - column], hue(BRANCHES[name]))


class TheirLoss(DebugPane):
    """The loss pane."""

    BINDINGS = [
        Binding("l", "log_steps", "log steps", tooltip="Steps on a log axis, or on a linear one"),
    ]

    log_steps = reactive(True)

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        return paint_losses(frame, width, height, self.log_steps)

    def action_log_steps(self) -> None:
        self.log_steps = not self.log_steps
