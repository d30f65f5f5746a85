"""The decision surface: the output over the unit square, with a probe to read it."""

from itertools import zip_longest

import numpy as np
from textual import events
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.analysis.decision_surface import InputPlane, Surface, input_plane, probe
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.cells import Cells
from xortui.tui.drawing.heatmap import (
    NOT_FINITE_GLYPH,
    TWO_SIDED,
    chip,
    colour_key,
    draw_blocks,
    draw_marks,
    draw_points,
    levels,
)
from xortui.tui.drawing.lines import ANSWERS, Line, Span, fitted, sign_style, signed, title
from xortui.tui.views.input_plane import (
    InputPlanePane,
    Picture,
    axes_words,
    input_name,
    surface_for_frame,
)
from xortui.tui.views.points import draw_points_on_surface, points_legend, points_summary

HEADER, FOOTER = 1, 2
CONTOUR = "⠒"  # what a piece of the contour looks like in words
PROBE = "╋"
BESIDE, BELOW = 22, 3  # cells that the table of patterns needs next to the picture
STEP = 1 / 28  # of the probe, as a share of the plane
CHIPS_FROM = 24  # columns; below this a label takes less room


def picture_of(width: int, height: int) -> Picture:
    """Where the surface stands in its pane, below the title."""
    return Picture.within(width, height - HEADER - FOOTER, BESIDE, BELOW)


def paint_surface(
    snapshot: Snapshot,
    width: int,
    height: int,
    plane: InputPlane | None = None,
    point: tuple[float, float] | None = None,
) -> list[Line]:
    """The surface with contour, patterns, colour key and, where there is a probe, its reading."""
    network = snapshot.network
    plane = plane or input_plane(network)
    picture = picture_of(width, height)
    field = surface_for_frame(
        network, snapshot.parameters, 2 * picture.lines, picture.columns, plane
    )
    cells = Cells(picture.lines, picture.columns)
    pairs = draw_blocks(cells, levels(field.output), TWO_SIDED)
    draw_points(cells, field.contour(), pairs, TWO_SIDED)
    reading: Line = [("arrows or mouse read a point", "label")]
    if snapshot.recipe.is_points:
        draw_points_on_surface(cells, field, snapshot, pairs, TWO_SIDED)
        reading = points_legend(snapshot, picture.lines * picture.columns)
    else:
        _draw_chips(cells, field, snapshot)
    if point is not None:
        line, column = field.cell(*point)
        draw_marks(cells, {(line // 2, column): PROBE}, pairs, TWO_SIDED)
        reading = _reading(snapshot, plane, point)
    return [
        title("Decision surface ŷ", [(axes_words(plane), "label")], width),
        *_with_table(cells.lines(), picture, field, snapshot, width, height - HEADER - FOOTER),
        fitted([(" ", "text"), *reading], width),
        fitted([*colour_key("0", "1", width - 14, TWO_SIDED), _key_end(field)], width),
    ]


def _draw_chips(cells: Cells, field: Surface, snapshot: Snapshot) -> None:
    """Each pattern on the plane: its label, with right or wrong beside it."""
    bits = snapshot.values["X"]
    for row in np.flatnonzero(field.plane.contains(bits)).tolist():
        x, y = bits[row, field.plane.across], bits[row, field.plane.up]
        line, column = field.cell(float(x), float(y))
        answer = snapshot.answers[row]
        gap = " " if cells.width >= CHIPS_FROM else ""
        words = f"{gap}{snapshot.labels[row]:.0f}{gap}{ANSWERS[answer][0]}{gap}"
        chip(cells, line // 2, column, words, answer == "right")


def _with_table(
    body: list[Line], picture: Picture, field: Surface, snapshot: Snapshot, width: int, height: int
) -> list[Line]:
    """The picture with the patterns' outputs beside or below it, where there is room for them."""
    spare = width - picture.columns
    if picture.left:
        left, right = ((" " * side, "text") for side in (picture.left, spare - picture.left))
        return [[left, *line, right] for line in body]
    if snapshot.recipe.is_points:
        table = points_summary(snapshot, picture.lines * picture.columns)
        return _beside_or_below(body, picture, table, width, height)
    table = _table(field, snapshot, with_words=not BESIDE <= spare < BESIDE + len(" undecided"))
    return _beside_or_below(body, picture, table, width, height)


def _beside_or_below(
    body: list[Line], picture: Picture, table: list[Line], width: int, height: int
) -> list[Line]:
    spare = width - picture.columns
    if spare >= BESIDE:
        nothing: Line = []
        pairs = zip_longest(body, table[: len(body)], fillvalue=nothing)
        return [[*line, *fitted([("  ", "text"), *words], spare)] for line, words in pairs]
    below = [*table, *([] for _ in range(height))][: max(0, height - picture.lines)]
    return [*body, *(fitted(words, width) for words in below)]


def _table(field: Surface, snapshot: Snapshot, with_words: bool) -> list[Line]:
    """The patterns on the plane, each with its output and whether that is right."""
    bits = snapshot.recipe.table.bits
    wide = max(len("bits"), len(bits[0]))
    lines: list[Line] = [[(f" {'bits':<{wide}}  y       ŷ", "label")]]
    for row in np.flatnonzero(field.plane.contains(snapshot.values["X"])).tolist():
        output, answer = float(snapshot.outputs[row]), snapshot.answers[row]
        mark, style = ANSWERS[answer]
        verdict = f"{mark} {answer}" if with_words else mark
        lines.append(
            [
                (f" {''.join(map(str, bits[row])):<{wide}}", "text"),
                (f"  {snapshot.labels[row]:.0f} ", "heading"),
                (signed(output), sign_style(output)),
                (f"  {verdict}", style),
            ]
        )
    return lines


def _key_end(field: Surface) -> Span:
    if np.isfinite(field.output).all():
        return f" {CONTOUR} ŷ = 0.5", "label"
    return f" {NOT_FINITE_GLYPH} not finite", "bad"


def _reading(snapshot: Snapshot, plane: InputPlane, point: tuple[float, float]) -> Line:
    """What the network answers at a point: inputs, output, hidden activations."""
    found = probe(snapshot.network, snapshot.parameters, plane.inputs(*map(np.array, point))[0])
    hidden = " ".join(signed(float(value), 8) for value in found.hidden[-1][:4])
    more = " …" if len(found.hidden[-1]) > 4 else ""
    across, up = input_name(plane.across), input_name(plane.up)
    return [
        (f"{PROBE} {across} {point[0]:.2f} {up} {point[1]:.2f}  ", "label"),
        (f"ŷ {signed(found.output).strip()}", "heading"),
        (f"  h {hidden}{more}", "label"),
    ]


class SurfacePane(InputPlanePane):
    """The decision surface. Arrows move the probe; with three or more inputs `a` and `v` turn the
    plane and change what the other inputs are held at."""

    NAME = "Decision surface"

    BINDINGS = [
        Binding("up", "probe(0, 1)", "probe", key_display="↑↓←→", tooltip="Move the probe"),
        Binding("down", "probe(0, -1)", "Probe down", show=False),
        Binding("left", "probe(-1, 0)", "Probe left", show=False),
        Binding("right", "probe(1, 0)", "Probe right", show=False),
    ]

    point: reactive[tuple[float, float] | None] = reactive(None)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_surface(snapshot, width, height, self.plane(snapshot), self.point)

    def action_probe(self, right: int, up: int) -> None:
        if self.snapshot is None:
            return
        plane = self.plane(self.snapshot)
        (left, right_end), (low, high) = plane.x_ends, plane.y_ends
        x, y = self.point or ((left + right_end) / 2, (low + high) / 2)
        across, upward = STEP * (right_end - left), STEP * (high - low)
        self.point = (
            min(right_end, max(left, round(x + right * across, 3))),
            min(high, max(low, round(y + up * upward, 3))),
        )

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if event.button or self.has_focus:
            self._point_at(event)

    def on_click(self, event: events.Click) -> None:
        self._point_at(event)

    def _point_at(self, event: events.MouseEvent) -> None:
        """Put the probe where the mouse is."""
        picture = picture_of(*self.room)
        spot = self.spot(event)
        line, column = spot.y - HEADER, spot.x - picture.left
        is_inside = 0 <= line < picture.lines and 0 <= column < picture.columns
        if is_inside and self.snapshot is not None:
            plane = self.plane(self.snapshot)
            (left, right), (low, high) = plane.x_ends, plane.y_ends
            x = left + (column + 0.5) / picture.columns * (right - left)
            y = high - (line + 0.5) / picture.lines * (high - low)
            self.point = round(x, 3), round(y, 3)
