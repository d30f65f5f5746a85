"""The decision surface: the output over the unit square, with a probe to read it."""

import numpy as np
from textual import events
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.analysis.decision_surface import (
    HIGH,
    LOW,
    Cells,
    InputPlane,
    Surface,
    input_plane,
    probe,
)
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.heatmap import NOT_FINITE_GLYPH, colour_key, half_blocks, levels
from xortui.tui.drawing.lines import ANSWERS, Line, Span, fitted, signed, title
from xortui.tui.views.input_plane import InputPlanePane, axes_words, input_name, surface_for_frame

HEADER, FOOTER = 1, 2
CONTOUR = "·"
PROBE = "╋"


def pattern_marks(field: Surface, snapshot: Snapshot) -> dict[tuple[int, int], str]:
    """Each pattern's label, with right or wrong beside it, at its cell (line, column)."""
    marks = {}
    bits = snapshot.values["X"]
    for row in np.flatnonzero(field.plane.contains(bits)):
        x, y = bits[row, field.plane.across], bits[row, field.plane.up]
        line, column = field.cell(float(x), float(y))
        marks[line // 2, column] = f"{snapshot.labels[row]:.0f}"
        marks[line // 2, column + 1] = ANSWERS[snapshot.answers[row]][0]
    return marks


def line_marks(cells: Cells, mark: str) -> dict[tuple[int, int], str]:
    """A mark at every cell (line, column) that a line of pixels [2 * lines, columns] touches."""
    lines, columns = np.nonzero(cells[0::2] | cells[1::2])
    return dict.fromkeys(zip(lines.tolist(), columns.tolist(), strict=True), mark)


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
    rows = max(1, height - HEADER - FOOTER)
    field = surface_for_frame(network, snapshot.parameters, 2 * rows, width, plane)
    marks = line_marks(field.contour(), CONTOUR) | pattern_marks(field, snapshot)
    reading: Line = [("arrows or mouse read a point", "label")]
    if point is not None:
        line, column = field.cell(*point)
        marks[line // 2, column] = PROBE
        reading = _reading(snapshot, plane, point)
    return [
        title("Decision surface ŷ", [(axes_words(plane), "label")], width),
        *half_blocks(levels(field.output), marks),
        fitted([(" ", "text"), *reading], width),
        fitted([*colour_key("0", "1", width - 14), _key_end(field)], width),
    ]


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

    BINDINGS = [
        Binding("up", "probe(0, 1)", "Probe up", show=False),
        Binding("down", "probe(0, -1)", "Probe down", show=False),
        Binding("left", "probe(-1, 0)", "Probe left", show=False),
        Binding("right", "probe(1, 0)", "Probe right", show=False),
    ]

    point: reactive[tuple[float, float] | None] = reactive(None)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_surface(snapshot, width, height, self.plane(snapshot), self.point)

    def action_probe(self, right: int, up: int) -> None:
        x, y = self.point or (0.5, 0.5)
        step = 0.05
        self.point = (
            min(HIGH, max(LOW, round(x + right * step, 3))),
            min(HIGH, max(LOW, round(y + up * step, 3))),
        )

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if event.button or self.has_focus:
            self._point_at(event)

    def on_click(self, event: events.Click) -> None:
        self._point_at(event)

    def _point_at(self, event: events.MouseEvent) -> None:
        """Put the probe where the mouse is."""
        rows = self.size.height - HEADER - FOOTER
        line = event.y - HEADER
        if 0 <= line < rows:
            span = HIGH - LOW
            x = LOW + (event.x + 0.5) / max(1, self.size.width) * span
            self.point = round(x, 3), round(HIGH - (line + 0.5) / rows * span, 3)
