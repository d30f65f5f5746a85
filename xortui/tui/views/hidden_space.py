"""Hidden space: the patterns as the output unit sees them, and how they came to be separable."""

from itertools import zip_longest

import numpy as np

from xortui.core.analysis.decision_surface import zero_line
from xortui.core.analysis.hidden_space import HiddenSpace, hidden_space
from xortui.core.analysis.statistics import percent
from xortui.core.model.functions import Array, activation_function
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.cells import Cells, Codes
from xortui.tui.drawing.heatmap import (
    CHIP,
    TWO_SIDED,
    WRONG_CHIP,
    Levels,
    draw_blocks,
    draw_marks,
    draw_points,
    levels,
)
from xortui.tui.drawing.lines import ANSWERS, Line, fitted, signed_span, title
from xortui.tui.drawing.pane import Pane
from xortui.tui.drawing.plot import AXIS_WIDTH, Plot
from xortui.tui.views.input_plane import Picture
from xortui.tui.views.points import POINTS_WORDS, TESTS_WORDS, PointMarks, points_summary

HEADER, FOOTER = 1, 2
POINT, TRAIL, START = "●", "•", "○"
DIVIDER = "⠒"  # what a piece of the dividing line looks like in words
THRESHOLD = "┊"
MAX_NAMED = 8  # patterns; of more than these only labels are written
MAX_TRAILS = 16  # of more than these one could not be told from another
BY_TRAIL, BY_NAME = 1, 2  # what a cell is taken by
BESIDE = 30  # columns that the table of activations needs next to the picture


def paint_hidden_space(snapshot: Snapshot, width: int, height: int) -> list[Line]:
    """The patterns in the last hidden layer's activations, their trails and the dividing line.

    One unit has but one axis: the other one is time, from step 0 at the top to now.
    """
    has_trail = len(snapshot.labels) <= MAX_TRAILS and not snapshot.recipe.is_points
    trail = snapshot.path if has_trail else None
    space = hidden_space(snapshot.network, snapshot.parameters, trail)
    places, low, high = _places(space)
    rows = max(1, height - HEADER - FOOTER)
    picture = Picture.within(max(1, width - AXIS_WIDTH), rows, BESIDE, below=rows)
    plot = Plot(low, high, picture.lines, picture.columns)
    body = _picture(snapshot, space, plot, places).lines()
    count, right = len(snapshot.right), int(snapshot.right.sum())
    tally = f"{right} of {count} right "
    if len(space.axes) == 1:
        axis = plot.y_axis("step", "0", "now")
    else:
        axis = plot.y_axis(f"{space.axes[1]} ↑" if space.line is not None else "2nd ↑")
    margin: Line = [(" " * picture.left, "text")] if picture.left else []
    table = _beside(snapshot, space, plot) if width - plot.columns - AXIS_WIDTH >= BESIDE else []
    nothing: Line = []
    room = max(0, width - picture.left - AXIS_WIDTH - plot.columns)
    lines = zip_longest(axis, body, table[: len(body)], fillvalue=nothing)
    return [
        title("Hidden space", [(tally, "good" if right == count else "label")], width),
        *([*margin, *words, *line, *fitted(said, room)] for words, line, said in lines),
        fitted([*margin, *plot.x_axis(f"{space.axes[0]} →")], width),
        fitted([(_legend(snapshot, space), "label")], width),
    ][:height]


def _picture(snapshot: Snapshot, space: HiddenSpace, plot: Plot, places: Array) -> Cells:
    """The plane with all that is on it: the shades of the output only for two units."""
    cells, pairs = Cells(plot.rows, plot.columns), None
    marks = _trail_marks(plot, places)
    points = places[-1]
    finite = np.flatnonzero(np.isfinite(points).all(axis=1))
    found = plot.cells(points[finite]).tolist()
    at = {row: (line, column) for row, (line, column) in zip(finite.tolist(), found, strict=True)}
    if space.line is None:
        if space.threshold is not None and plot.low[0] < space.threshold < plot.high[0]:
            column = int(plot.cells(np.array([space.threshold, 0.0]))[1])
            for line in range(plot.rows):
                cells.write(line, column, THRESHOLD, "label")
        cells.write_all(marks, "label")
        if not snapshot.recipe.is_points:
            cells.write_all(dict.fromkeys(at.values(), POINT), "heading")
    else:
        sides = space.sides(plot.low, plot.high, 2 * plot.rows, plot.columns)
        pairs = draw_blocks(cells, _shades(snapshot, sides), TWO_SIDED)
        draw_points(cells, zero_line(sides), pairs, TWO_SIDED)
        if not snapshot.recipe.is_points:
            draw_marks(cells, marks | dict.fromkeys(at.values(), POINT), pairs, TWO_SIDED)
    if snapshot.recipe.is_points:
        _draw_points(cells, plot, snapshot, space, points, pairs)
        return cells
    taken: Codes = np.zeros((plot.rows, plot.columns), dtype=np.intp)
    for place in marks:
        taken[place] = BY_TRAIL
    for place in at.values():
        taken[place] = BY_NAME
    _name_points(cells, taken, snapshot, at)
    return cells


def _draw_points(
    cells: Cells,
    plot: Plot,
    snapshot: Snapshot,
    space: HiddenSpace,
    points: Array,
    pairs: Codes | None,
) -> None:
    """The points, and those set aside, each with a mark of its label."""
    tests = space.tests
    if len(space.axes) == 1:  # the other axis is time, which ends now
        tests = np.column_stack([tests, np.full(len(tests), points[0, 1])])
    every, marks = np.concatenate([tests, points]), PointMarks.of(snapshot)
    finite = np.isfinite(every).all(axis=1)
    marks = PointMarks(marks.inputs[finite], marks.glyphs[finite], marks.right[finite])
    places = plot.cells(every[finite])
    marks.draw_on(cells, places[:, 0], places[:, 1], pairs, TWO_SIDED)


def _beside(snapshot: Snapshot, space: HiddenSpace, plot: Plot) -> list[Line]:
    """What stands beside the picture."""
    if snapshot.recipe.is_points:
        return points_summary(snapshot, plot.rows * plot.columns)
    return _table(snapshot, space)


def _table(snapshot: Snapshot, space: HiddenSpace) -> list[Line]:
    """Where each pattern stands, in numbers."""
    names = space.axes if space.line is not None or len(space.axes) == 1 else ("1st", "2nd")
    bits = snapshot.recipe.table.bits
    head = "".join(f"{name:>10}" for name in names)
    lines: list[Line] = [[(f"  {'bits':<{max(4, len(bits[0]))}} y{head}", "label")]]
    for row, pattern in enumerate(bits):
        line: Line = [
            (f"  {''.join(map(str, pattern)):<4} ", "text"),
            (f"{snapshot.labels[row]:.0f}", "heading"),
        ]
        lines.append(line + [signed_span(float(value), 10) for value in space.points[row]])
    return lines


def _places(space: HiddenSpace) -> tuple[Array, Array, Array]:
    """Where the patterns were and, last, are: [T + 1, N, 2]; and the corners of what is shown."""
    low, high = space.extent
    every = np.concatenate([space.trail, space.points[None]])
    if len(space.axes) == 2:
        return every, low, high
    ages = np.broadcast_to(np.linspace(1, 0, len(every))[:, None, None], every.shape)
    places = np.concatenate([every, ages], axis=-1)
    return places, np.append(low, 0.0), np.append(high, 1.0)


def _shades(snapshot: Snapshot, sides: Array) -> Levels:
    """The output over the plane of two hidden units, which is all that the output unit sees."""
    with np.errstate(all="ignore"):
        output = snapshot.recipe.output
        return levels(sides + 0.5 if output == "linear" else activation_function(output)(sides))


def _trail_marks(plot: Plot, places: Array) -> dict[tuple[int, int], str]:
    """Dots through the earlier places, and a ring where each began."""
    known = places[np.isfinite(places).all(axis=(1, 2))]
    if len(known) < 2:
        return {}
    marks = dict.fromkeys(plot.dots(known), TRAIL)
    return marks | dict.fromkeys(map(tuple, plot.cells(known[0]).tolist()), START)


def _name_points(
    cells: Cells, taken: Codes, snapshot: Snapshot, at: dict[int, tuple[int, int]]
) -> None:
    """Beside each point a chip: its pattern's label, right or wrong, and its bits."""
    places: dict[tuple[int, int], list[int]] = {}
    for row, (line, column) in at.items():
        # Points that would hide one another are named together.
        near = ((line, place) for place in (column, *range(column - 2, column + 3)))
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
        chips: Line = []
        for (label, answer), named in groups.items():
            how_many = f" ×{len(named)}" if not is_named and len(named) > 1 else ""
            text = f" {label} {ANSWERS[answer][0]}{how_many}{''.join(named)} "
            chips.append((text, CHIP if answer == "right" else WRONG_CHIP))
        _put_near(cells, taken, line, column, chips)


def _put_near(cells: Cells, taken: Codes, line: int, column: int, chips: Line) -> None:
    """Write chips where there is room, beside a place if at all possible."""
    length = sum(len(text) + 1 for text, _ in chips) - 1
    beside = [(line, column + 2), (line, column - length - 1)]
    around = [
        (line + down, column + right)
        for down in (-1, 1, -2, 2, -3, 3)
        for right in (1, -length, -length // 2)
    ]
    inside = [
        (row, start)
        for row, start in (*beside, *around)
        if 0 <= row < cells.height and 0 <= start <= cells.width - length
    ]
    # Over a trail rather than nowhere, and over another name last of all.
    last = (line, max(0, cells.width - length))
    row, start = min(
        inside or [last],
        key=lambda spot: int(taken[spot[0], spot[1] : spot[1] + length].max(initial=0)),
    )
    taken[row, max(0, start - 1) : start + length + 1] = BY_NAME  # chips do not touch
    for text, style in chips:
        cells.write(row, start, text, style)
        start += len(text) + 1


def _legend(snapshot: Snapshot, space: HiddenSpace) -> str:
    words = f" {START}{TRAIL}{TRAIL}{POINT} the path so far"
    if snapshot.recipe.is_points:
        words = f" {POINTS_WORDS}{f'  {TESTS_WORDS}' if len(space.tests) else ''}"
    elif len(space.points) > MAX_TRAILS:
        words = f" {POINT} a pattern, 0 or 1 its label"
    if space.line is not None or space.threshold is not None:
        return f"{words}   {DIVIDER} ŷ = 0.5"
    return f"{words}   {percent(space.shown)} of the variance is shown"


class HiddenSpacePane(Pane):
    """The hidden space."""

    NAME = "Hidden space"

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_hidden_space(snapshot, width, height)
