"""Hidden space: the patterns as the output unit sees them, and how they came to be separable."""

from dataclasses import dataclass

import numpy as np

from xortui.core.functions import Array, sigmoid
from xortui.core.hidden import HiddenSpace, hidden_space
from xortui.core.snapshot import Snapshot
from xortui.core.surface import cell_centres
from xortui.tui.canvas import Canvas
from xortui.tui.lines import Line, fitted, line_width, signed, spread, title
from xortui.tui.pane import Pane
from xortui.tui.raster import Levels, half_blocks, levels

HEADER, FOOTER = 1, 2
AXIS_WIDTH = 7
POINT, TRAIL, START, DIVIDER = "●", "•", "○", "·"
MOST_NAMED = 8  # patterns; of more than these only labels are written
MOST_TRAILS = 16  # of more than these one could not be told from another
MOST_DOTS = 20_000


@dataclass(frozen=True, eq=False)
class Plot:
    """What is drawn: points [N, 2], their earlier places `trail` [T, N, 2], in low..high [2]."""

    points: Array
    trail: Array
    low: Array
    high: Array
    rows: int
    columns: int

    def cells(self, points: Array) -> np.typing.NDArray[np.intp]:
        """The (line, column) of finite points [..., 2]."""
        share = (points - self.low) / (self.high - self.low)
        columns = np.floor(share[..., 0] * self.columns)
        lines = np.floor((1 - share[..., 1]) * self.rows)
        return np.stack(
            [np.clip(lines, 0, self.rows - 1), np.clip(columns, 0, self.columns - 1)], axis=-1
        ).astype(np.intp)


def paint_hidden_space(snapshot: Snapshot, width: int, height: int) -> list[Line]:
    """The patterns in the last hidden layer's activations, their trails and the dividing line.

    One unit has but one axis: the other one is time, from step 0 at the top to now.
    """
    space = hidden_space(snapshot.network, snapshot.parameters, snapshot.path)
    plot = _plot(space, max(1, height - HEADER - FOOTER), max(1, width - AXIS_WIDTH))
    canvas = Canvas(plot.rows, plot.columns)
    _draw_divider(canvas, space, plot)
    _draw_trails(canvas, plot)
    _draw_points(canvas, snapshot, plot)
    if space.line is None:
        body = canvas.lines()
    else:
        body = half_blocks(_shades(snapshot, space, plot), canvas.marks())
    count, right = len(snapshot.right), int(snapshot.right.sum())
    tally = f"{right} of {count} right "
    ends = "0", "now"
    if len(space.axes) == 2:
        ends = _number(plot.high[1]), _number(plot.low[1])
    axis = [" " * AXIS_WIDTH] * plot.rows
    axis[0], axis[-1] = (f"{end:>{AXIS_WIDTH - 1}} " for end in ends)
    names = _names(space)
    if plot.rows > 2:
        axis[plot.rows // 2] = f"{names[1]:>{AXIS_WIDTH - 1}} "
    return [
        title("Hidden space", [(tally, "good" if right == count else "label")], width),
        *([(text, "label"), *line] for text, line in zip(axis, body, strict=True)),
        _x_axis(_number(plot.low[0]), names[0], _number(plot.high[0]), width),
        fitted([(_legend(space), "label")], width),
    ][:height]


def _plot(space: HiddenSpace, rows: int, columns: int) -> Plot:
    low, high = space.extent
    points, trail = space.points, space.trail
    if len(space.axes) == 1:
        ages = np.linspace(1, 0, len(trail) + 1)[:, None, None]
        every = np.concatenate([trail, points[None]])
        every = np.concatenate([every, np.broadcast_to(ages, every.shape)], axis=-1)
        points, trail = every[-1], every[:-1]
        low, high = np.array([low[0], 0.0]), np.array([high[0], 1.0])
    return Plot(points, trail, low, high, rows, columns)


def _shades(snapshot: Snapshot, space: HiddenSpace, plot: Plot) -> Levels:
    """The output over the plane of two hidden units, which is all that the output unit sees."""
    if space.line is None:
        raise ValueError("only two hidden units have a plane")
    x = cell_centres(plot.low[0], plot.high[0], plot.columns)
    y = cell_centres(plot.low[1], plot.high[1], 2 * plot.rows)[::-1]
    side = space.line.side(np.stack(np.meshgrid(x, y), axis=-1))
    with np.errstate(over="ignore"):
        output = side + 0.5 if snapshot.recipe.output == "linear" else sigmoid(side)
    return levels(output)


def _draw_divider(canvas: Canvas, space: HiddenSpace, plot: Plot) -> None:
    if space.threshold is not None and plot.low[0] < space.threshold < plot.high[0]:
        column = int(plot.cells(np.array([space.threshold, 0.0]))[1])
        for line in range(plot.rows):
            canvas.put(line, column, DIVIDER, "label")
    cells = space.line_cells(plot.low, plot.high, 2 * plot.rows, plot.columns)
    for line, column in np.argwhere(cells[0::2] | cells[1::2]).tolist():
        canvas.put(line, column, DIVIDER)


def _draw_trails(canvas: Canvas, plot: Plot) -> None:
    """Lines of dots through the earlier places, and a ring where each began."""
    every = np.concatenate([plot.trail, plot.points[None]])
    every = every[np.isfinite(every).all(axis=(1, 2))]
    if len(every) < 2 or len(plot.points) > MOST_TRAILS:
        return
    # Between two places as many dots as the longest way there needs.
    cells = plot.cells(every)
    apart = int(np.abs(np.diff(cells, axis=0)).max())
    most = MOST_DOTS // len(plot.points)
    times = np.linspace(0, len(every) - 1, min((len(every) - 1) * max(1, apart), most) + 1)
    before = np.minimum(times.astype(int), len(every) - 2)
    share = (times - before)[:, None, None]
    dots = plot.cells(every[before] * (1 - share) + every[before + 1] * share)
    for place in np.unique(dots[..., 0] * plot.columns + dots[..., 1]).tolist():
        canvas.put(*divmod(place, plot.columns), TRAIL, "label")
    for line, column in cells[0].tolist():
        canvas.put(line, column, START, "label")


def _draw_points(canvas: Canvas, snapshot: Snapshot, plot: Plot) -> None:
    """Each pattern: a point, and beside it its label, right or wrong, and its bits."""
    finite = np.isfinite(plot.points).all(axis=1)
    places: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(finite).tolist():
        line, column = plot.cells(plot.points[row]).tolist()
        # Points that would hide one another are named together.
        near = (place for place in places if place[0] == line and abs(place[1] - column) < 3)
        places.setdefault(next(near, (line, column)), []).append(row)
        canvas.put(line, column, POINT, "heading")
    is_named = len(snapshot.labels) <= MOST_NAMED
    for (line, column), rows in places.items():
        groups: dict[tuple[str, bool], list[str]] = {}
        for row in rows:
            is_right = bool(snapshot.right[row])
            bits = "".join(map(str, snapshot.recipe.table.bits[row]))
            groups.setdefault((f"{snapshot.labels[row]:.0f}", is_right), []).append(bits)
        words: Line = [(" ", "text")]
        for (label, is_right), bits in groups.items():
            text = f"{label}{'✓' if is_right else '✗'}" + "".join(f" {b}" for b in bits * is_named)
            words.append((f"{text} ", "good" if is_right else "bad"))
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


def _names(space: HiddenSpace) -> tuple[str, str]:
    """What is written at the two axes."""
    if len(space.axes) == 1:
        return f"{space.axes[0]} →", "step"
    if space.axes[0].startswith("h"):
        return f"{space.axes[0]} →", f"{space.axes[1]} ↑"
    return f"{space.axes[0]} →", "2nd ↑"


def _x_axis(low: str, name: str, high: str, width: int) -> Line:
    line = fitted([(f"{'':{AXIS_WIDTH}}{low}", "label")], width)
    room = max(0, width - AXIS_WIDTH - len(low) - len(high) - 2)
    if len(name) > room:
        return spread(line, [(f"{high} ", "label")], width)
    return [(f"{'':{AXIS_WIDTH}}{low}{name:^{room}}{high} ", "label")]


def _legend(space: HiddenSpace) -> str:
    words = f" {START}{TRAIL}{TRAIL}{POINT} the way here"
    if len(space.points) > MOST_TRAILS:
        words = f" {POINT} a pattern, 0 or 1 its label"
    if space.line is not None or space.threshold is not None:
        return f"{words}   {DIVIDER} ŷ = 0.5"
    return f"{words}   {space.shown:.0%} of the spread is seen"


def _number(value: float) -> str:
    return signed(float(value), AXIS_WIDTH - 1).strip() if abs(value) >= 100 else f"{value:+.2f}"


class HiddenSpacePane(Pane):
    """The hidden space."""

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_hidden_space(snapshot, width, height)
