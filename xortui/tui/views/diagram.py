"""The network drawn: every unit a box with the picture of what it answers, every weight an edge."""

from dataclasses import dataclass

import numpy as np
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.analysis.decision_surface import InputPlane, input_plane
from xortui.core.model.functions import Array
from xortui.core.model.names import notation, row_name, unit_name
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.cells import Cells
from xortui.tui.drawing.heatmap import TWO_SIDED, draw_blocks, draw_marks, levels
from xortui.tui.drawing.lines import (
    ANSWERS,
    Line,
    fitted,
    line_width,
    sign_style,
    signed,
    spread,
    title,
)
from xortui.tui.drawing.pane import Pane
from xortui.tui.drawing.strokes import DASHED_SAMPLE, HEAVY_SAMPLE, LIGHT_SAMPLE
from xortui.tui.panes.weights import Weights
from xortui.tui.panes.weights_table import largest_weight
from xortui.tui.views.input_plane import responses_for_frame
from xortui.tui.views.network_edges import HEAVY_FROM, Walk, draw_edges, format_short
from xortui.tui.views.network_layout import Layout, Unit, layers_fitting, layout

HEADER, FOOTER = 1, 2
FRAMES = {True: "┏━┓┃┗┛", False: "╭─╮│╰╯"}  # heavy for what is made
PATTERN = "•"  # where the pattern stands in a unit's picture


def layers_shown(snapshot: Snapshot, width: int, height: int) -> int:
    """How many layers fit beside one another."""
    return layers_fitting(snapshot.recipe, width, max(1, height - HEADER - FOOTER))


def paint_diagram(
    snapshot: Snapshot,
    width: int,
    height: int,
    row: int = 1,
    first: int = 0,
    chosen: str | None = None,
    walk: Walk | None = None,
) -> list[Line]:
    """The network for pattern `row`, from layer `first` on as many layers as fit.

    `chosen` is a weight, such as W1[0,1], whose number is always written. Inside a step, what the
    operation reads and makes lights up, and what it makes is written at units or edges.
    """
    sizes = snapshot.recipe.sizes
    count = layers_shown(snapshot, width, height)
    first = max(0, min(first, len(sizes) - count))
    shown = range(first, first + count)
    rows = max(1, height - HEADER - FOOTER)
    cells = Cells(rows, width)
    where = layout(snapshot.recipe, shown, width, rows)
    largest = largest_weight([snapshot.values[f"W{layer + 1}"] for layer in shown[:-1]])
    missing = 0
    for layer in shown[:-1]:
        missing += draw_edges(cells, snapshot, where, layer, largest, chosen, walk)
    _draw_units(cells, snapshot, where, row, walk)
    part = f"layers {first + 1}-{first + count} of {len(sizes)}  " if count < len(sizes) else ""
    choice = f"{part}{row_name(snapshot.recipe, row)} "
    answer = _answer(snapshot, row)
    note: Line = [(f"  {missing} numbers do not fit ", "label")] if missing else []
    note = note if line_width([*answer, *note]) <= width else []
    return [
        title("Network", [(choice, "label")], width),
        *cells.lines(),
        spread(answer, note, width),
        fitted(_doing(walk) if walk is not None else _legend(largest), width),
    ][:height]


def _answer(snapshot: Snapshot, row: int) -> Line:
    """What the network answers to the pattern, and whether that is right."""
    table = snapshot.recipe.table
    bits = f"{'point ' * table.is_points}{table.row_words(row)}"
    answer = snapshot.answers[row]
    mark, style = ANSWERS[answer]
    return [
        (f" {bits} → ŷ {signed(float(snapshot.outputs[row])).strip()}  y ", "text"),
        (f"{snapshot.labels[row]:.0f}  ", "heading"),
        (f"{mark} {answer}", style),
    ]


def _draw_units(
    cells: Cells, snapshot: Snapshot, where: Layout, row: int, walk: Walk | None
) -> None:
    """The units, with what each answers over the plane of the first two inputs, in a box."""
    recipe = snapshot.recipe
    last = len(recipe.sizes) - 1
    plane = input_plane(snapshot.network, 0, 1, tuple(map(float, recipe.table.bits[row])))
    fields: dict[tuple[int, int], dict[str, Array]] = {}
    for layer, units in where.units.items():
        name = "X" if layer == 0 else "yhat" if layer == last else f"a{layer}"
        light = "" if walk is None else walk.lights_units(layer, last) or "no"
        is_made = walk is not None and light == "made" and walk.writes in snapshot.values
        values = snapshot.values[walk.writes if walk is not None and is_made else name][row]
        looks = _Looks(light, "writes" if is_made else "heading" if layer == 0 else "")
        size = 2 * units[0].picture, units[0].width - 2
        if units[0].picture and size not in fields:
            fields[size] = responses_for_frame(snapshot.network, snapshot.parameters, *size, plane)
        if units[0].picture:
            _draw_pictures(cells, units, fields[size][name], snapshot, row, plane)
        for unit in units:
            value = float(values[unit.index])
            is_bit = layer == 0 and not is_made and not recipe.is_points
            words = f"{value:.0f}" if is_bit else format_short(value)
            _write_unit(
                cells, unit, unit_name(layer, unit.index, recipe.sizes), words, value, looks
            )
            if recipe.bias and layer and unit.picture:
                bias = float(snapshot.values[f"b{layer}"][unit.index])
                cells.write(unit.top + unit.height, unit.left, f"b {format_short(bias)}", "label")
        if where.more[layer]:
            slots = len(units) + 1
            line = min(cells.height - 1, int((slots - 0.5) / slots * cells.height))
            words = f"… {where.more[layer]} more"
            cells.write(line, min(units[0].left, cells.width - len(words)), words, "label")


@dataclass(frozen=True)
class _Looks:
    """What is done with a layer's units (made, read, no; "" outside a step), and the ink of their
    values, if that is not their sign's."""

    light: str
    ink: str


def _write_unit(
    cells: Cells, unit: Unit, name: str, words: str, value: float, looks: _Looks
) -> None:
    """The unit's name and value: in the edges of its frame, or beside one another."""
    ink = looks.ink or sign_style(value)
    if not unit.picture:
        cells.write(unit.top, unit.left, name, "heading")
        cells.write(unit.top, unit.right - len(words), words, ink)
        return
    frame = {"made": "accent", "read": "title"}.get(looks.light, "frame")
    glyphs = FRAMES[looks.light == "made"]
    cells.frame(unit.top, unit.left, unit.height, unit.width, glyphs, frame)
    cells.write(unit.top, unit.left + 1, name, "label" if looks.light == "no" else "heading")
    cells.write(unit.top + unit.height - 1, unit.right - 1 - len(words), words, ink)


def _draw_pictures(
    cells: Cells,
    units: list[Unit],
    field: Array,
    snapshot: Snapshot,
    row: int,
    plane: InputPlane,
) -> None:
    """What the units of a layer answer, [units, rows, columns], and where the pattern is on it."""
    recipe, layer = snapshot.recipe, units[0].layer
    span = _span(recipe.activation, layer, len(recipe.sizes) - 1, field)
    if layer == 0 and recipe.is_points:  # inputs that go from one end of the plane to the other
        finite = field[np.isfinite(field)]
        span = float(finite.min(initial=0.0)), float(finite.max(initial=1.0))
    shades = levels(field[: len(units)], *span)
    x, y = (
        (float(value) - low) / (high - low)
        for value, (low, high) in zip(
            recipe.table.bits[row][:2], (plane.x_ends, plane.y_ends), strict=True
        )
    )
    for unit in units:
        top, left = unit.top + 1, unit.left + 1
        pairs = draw_blocks(cells, shades[unit.index], TWO_SIDED, top, left)
        if unit.picture > 2:
            place = int((1 - y) * pairs.shape[0]), int(x * pairs.shape[1])
            draw_marks(cells, {place: PATTERN}, pairs, TWO_SIDED, top, left)


def _span(activation: str, layer: int, last: int, field: Array) -> tuple[float, float]:
    """The ends of the colours: the middle is 0.5, or 0 where values have a sign."""
    if layer in (0, last):
        return 0.0, 1.0
    if ACTIVATIONS[activation].is_bounded:
        return ACTIVATIONS[activation].limits
    top = float(np.abs(field[np.isfinite(field)]).max(initial=0.0)) or 1.0
    return -top, top


def _legend(largest: float) -> Line:
    """Which stroke stands for which weights."""
    heavy = format_short(HEAVY_FROM * largest)[1:]
    return [
        (f" {LIGHT_SAMPLE}", "plus"),
        (" plus  ", "label"),
        (DASHED_SAMPLE, "minus"),
        (f" minus  {HEAVY_SAMPLE} from ±{heavy}", "label"),
    ]


def _doing(walk: Walk) -> Line:
    """What lights up, in words."""
    line: Line = [(" reads ", "label")]
    for name in walk.reads:
        line += [(notation(name), "title"), (" ", "text")]
    made = notation(walk.writes.removesuffix("+"))
    return [*line, ("→ makes ", "label"), (f" {made} ", "writes")]


class DiagramPane(Pane):
    """The diagram. Up and down choose the pattern, left and right the layers where not all fit."""

    NAME = "Network"

    BINDINGS = [
        Binding("up", "pattern(-1)", "row", key_display="↑↓", tooltip="Choose the row shown"),
        Binding("down", "pattern(1)", "Pattern below", show=False),
        Binding("left", "layers(-1)", "layers", key_display="←→", tooltip="Layers before or after"),
        Binding("right", "layers(1)", "Layers after", show=False),
    ]

    row = reactive(1)
    first = reactive(0)
    chosen: reactive[str | None] = reactive(None)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        row = self.row % len(snapshot.labels)
        cursor = self.cursor
        walk = None if cursor is None else Walk(cursor.reads, cursor.writes)
        return paint_diagram(snapshot, width, height, row, self.first, self.chosen, walk)

    def on_mount(self) -> None:
        for weights in self.screen.query(Weights):
            self.watch(weights, "place", self._show_chosen)
            self.watch(weights, "has_focus", self._show_chosen)

    def _show_chosen(self) -> None:
        """Mark the weight that is being chosen in the weights pane."""
        weights = self.screen.query_one(Weights)
        self.chosen = weights.chosen if weights.has_focus else None

    @property
    def asked(self) -> tuple[str, int | None]:
        rows = 1 if self.snapshot is None else len(self.snapshot.labels)
        return f"yhat[{self.row % rows},0]", None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where all layers are seen there are no others to choose."""
        if action != "layers" or self.snapshot is None:
            return True
        return layers_shown(self.snapshot, *self.room) < len(self.snapshot.recipe.sizes)

    def action_pattern(self, by: int) -> None:
        if self.snapshot is not None:
            self.row = (self.row + by) % len(self.snapshot.labels)

    def action_layers(self, by: int) -> None:
        if self.snapshot is not None:
            shown = layers_shown(self.snapshot, *self.room)
            last = len(self.snapshot.recipe.sizes) - shown
            self.first = max(0, min(self.first + by, last))
