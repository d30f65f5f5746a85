"""Hidden space: the patterns as the output unit sees them, and how they came to be separable."""

import numpy as np

from xortui.core.analysis.decision_surface import cell_centres
from xortui.core.analysis.hidden_space import DividingLine, HiddenSpace, hidden_space
from xortui.core.model.functions import Array, sigmoid
from xortui.core.sweep.statistics import percent
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.canvas import Canvas
from xortui.tui.drawing.heatmap import Levels, half_blocks, levels
from xortui.tui.drawing.lines import ANSWERS, Line, fitted, line_width, title
from xortui.tui.drawing.pane import Pane
from xortui.tui.drawing.plot import AXIS_WIDTH, Plot

HEADER, FOOTER = 1, 2
POINT, TRAIL, START, DIVIDER = "●", "•", "○", "·"
MAX_NAMED = 8  # patterns; of more than these only labels are written
MAX_TRAILS = 16  # of more than these one could not be told from another


def paint_hidden_space(snapshot: Snapshot, width: int, height: int) -> list[Line]:
    """The patterns in the last hidden layer's activations, their trails and the dividing line.

    One unit has but one axis: the other one is time, from step 0 at the top to now.
    """
    trail = snapshot.path if len(snapshot.labels) <= MAX_TRAILS else None
    space = hidden_space(snapshot.network, snapshot.parameters, trail)
    places, low, high = _places(space)
    plot = Plot(low, high, max(1, height - HEADER - FOOTER), max(1, width - AXIS_WIDTH))
    canvas = Canvas(plot.rows, plot.columns)
    _draw_divider(canvas, space, plot)
    _draw_trails(canvas, plot, places)
    _draw_points(canvas, snapshot, plot, places[-1])
    if space.line is None:
        body = canvas.lines()
    else:
        body = half_blocks(_shades(snapshot, space.line, plot), canvas.marks())
    count, right = len(snapshot.right), int(snapshot.right.sum())
    tally = f"{right} of {count} right "
    if len(space.axes) == 1:
        axis = plot.y_axis("step", "0", "now")
    else:
        axis = plot.y_axis(f"{space.axes[1]} ↑" if space.line is not None else "2nd ↑")
    return [
        title("Hidden space", [(tally, "good" if right == count else "label")], width),
        *([*words, *line] for words, line in zip(axis, body, strict=True)),
        plot.x_axis(f"{space.axes[0]} →"),
        fitted([(_legend(space), "label")], width),
    ][:height]


def _places(space: HiddenSpace) -> tuple[Array, Array, Array]:
    """Where the patterns were and, last, are: [T + 1, N, 2]; and the corners of what is shown."""
    low, high = space.extent
    every = np.concatenate([space.trail, space.points[None]])
    if len(space.axes) == 2:
        return every, low, high
    ages = np.broadcast_to(np.linspace(1, 0, len(every))[:, None, None], every.shape)
    places = np.concatenate([every, ages], axis=-1)
    return places, np.append(low, 0.0), np.append(high, 1.0)


def _shades(snapshot: Snapshot, line: DividingLine, plot: Plot) -> Levels:
    """The output over the plane of two hidden units, which is all that the output unit sees."""
    x = cell_centres(plot.low[0], plot.high[0], plot.columns)
    y = cell_centres(plot.low[1], plot.high[1], 2 * plot.rows)[::-1]
    with np.errstate(all="ignore"):
        side = line.side(np.stack(np.meshgrid(x, y), axis=-1))
        return levels(side + 0.5 if snapshot.recipe.output == "linear" else sigmoid(side))


def _draw_divider(canvas: Canvas, space: HiddenSpace, plot: Plot) -> None:
    if space.threshold is not None and plot.low[0] < space.threshold < plot.high[0]:
        column = int(plot.cells(np.array([space.threshold, 0.0]))[1])
        for line in range(plot.rows):
            canvas.put(line, column, DIVIDER, "label")
    cells = space.line_cells(plot.low, plot.high, 2 * plot.rows, plot.columns)
    for line, column in np.argwhere(cells[0::2] | cells[1::2]).tolist():
        canvas.put(line, column, DIVIDER)


def _draw_trails(canvas: Canvas, plot: Plot, places: Array) -> None:
    """Lines of dots through the earlier places, and a ring where each began."""
    known = places[np.isfinite(places).all(axis=(1, 2))]
    if len(known) > 1:
        for line, column in plot.dots(known):
            canvas.put(line, column, TRAIL, "label")
        for line, column in plot.cells(known[0]).tolist():
            canvas.put(line, column, START, "label")


def _draw_points(canvas: Canvas, snapshot: Snapshot, plot: Plot, points: Array) -> None:
    """Each pattern: a point, and beside it its label, right or wrong, and its bits."""
    finite = np.flatnonzero(np.isfinite(points).all(axis=1))
    places: dict[tuple[int, int], list[int]] = {}
    cells = plot.cells(points[finite]).tolist()
    for row, (line, column) in zip(finite.tolist(), cells, strict=True):
        canvas.put(line, column, POINT, "heading")
        # Points that would hide one another are named together.
        near = ((line, at) for at in (column, column - 1, column + 1, column - 2, column + 2))
        place = next((place for place in near if place in places), (line, column))
        places.setdefault(place, []).append(row)
    patterns = snapshot.recipe.table.bits
    is_named, answers = len(snapshot.labels) <= MAX_NAMED, snapshot.answers
    for (line, column), rows in places.items():
        groups: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            answer = answers[row]
            bits = f" {''.join(map(str, patterns[row]))}" if is_named else ""
            groups.setdefault((f"{snapshot.labels[row]:.0f}", answer), []).append(bits)
        words: Line = [(" ", "text")]
        for (label, answer), named in groups.items():
            how_many = f"×{len(named)}" if not is_named and len(named) > 1 else ""
            mark, style = ANSWERS[answer]
            words.append((f"{label}{mark}{how_many}{''.join(named)} ", style))
        _put_near(canvas, line, column, words)


def _put_near(canvas: Canvas, line: int, column: int, words: Line) -> None:
    """Write words where there is room, beside a place if at all possible."""
    length = line_width(words)
    beside = [(line, column + 1), (line, column - length)]
    around = [
        (line + down, column + right)
        for down in (-1, 1, -2, 2)
        for right in (1, -length, -length // 2)
    ]
    spots = [*beside, *around]
    free = (spot for spot in spots if canvas.is_free(*spot, length))
    # Over a trail rather than nowhere.
    inside = (spot for spot in spots if 0 <= spot[1] <= canvas.width - length)
    line, column = next(free, next(inside, (line, max(0, canvas.width - length))))
    for text, style in words:
        canvas.put(line, column, text, style)
        column += len(text)


def _legend(space: HiddenSpace) -> str:
    words = f" {START}{TRAIL}{TRAIL}{POINT} the path so far"
    if len(space.points) > MAX_TRAILS:
        words = f" {POINT} a pattern, 0 or 1 its label"
    if space.line is not None or space.threshold is not None:
        return f"{words}   {DIVIDER} ŷ = 0.5"
    return f"{words}   {percent(space.shown)} of the variance is shown"


class HiddenSpacePane(Pane):
    """The hidden space."""

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_hidden_space(snapshot, width, height)
