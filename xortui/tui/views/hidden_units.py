"""Hidden units: a small surface for each, the zero line of its weighted sum, and what it does."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.analysis.cooperation import cooperation
from xortui.core.analysis.decision_surface import InputPlane, Surface, input_plane
from xortui.core.analysis.hidden_units import UnitSentence, unit_sentences
from xortui.core.model.names import unit_name, unit_names
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.cells import Cells
from xortui.tui.drawing.heatmap import (
    NOT_FINITE_GLYPH,
    TWO_SIDED,
    Levels,
    chip,
    colour_key,
    draw_blocks,
    draw_points,
    levels,
)
from xortui.tui.drawing.lines import NUMBER_WIDTH, Line, Span, fitted, signed, signed_span, title
from xortui.tui.frame import Frame
from xortui.tui.views.input_plane import InputPlanePane, axes_words, surface_for_frame
from xortui.tui.views.points import draw_points_on_surface, points_legend

MAX_SHOWN = 8
ZERO_LINE = "⠒"
GAP = 2
MIN_TILE = 10, 2
FLATTEST = 3.5  # a tile is at most so many columns wide for each line
HEADER, FOOTER = 1, 1
CHIPS_FROM = 16  # columns of a tile; below this a label is one character


@dataclass(frozen=True)
class Tiles:
    """How small surfaces are laid out: `across` beside one another, each `width` by `height`."""

    across: int
    width: int
    height: int


def tiles(count: int, width: int, height: int) -> Tiles:
    """The layout with the largest tiles; each has one line of words above it."""

    def of(across: int) -> Tiles:
        rows = -(-count // across)
        tile = (width - GAP * (across - 1)) // across
        return Tiles(across, tile, min(height // rows - 1, tile))

    def size(layout: Tiles) -> float:
        return min(layout.width / 2, layout.height)

    layouts = [of(across) for across in range(1, count + 1)]
    return max(layouts, key=lambda layout: (size(layout), layout.width * layout.height))


def units_shown(snapshot: Snapshot, layer: int, width: int, height: int) -> int:
    """How many units of a layer fit at once."""
    count = min(MAX_SHOWN, snapshot.recipe.hidden[layer - 1])
    while count > 1:
        layout = tiles(count, width, height - HEADER - FOOTER)
        if layout.width >= MIN_TILE[0] and layout.height >= MIN_TILE[1]:
            break
        count -= 1
    return count


def paint_hidden_units(
    snapshot: Snapshot,
    width: int,
    height: int,
    layer: int = 1,
    first: int = 0,
    plane: InputPlane | None = None,
) -> list[Line]:
    """The units of hidden layer `layer` from number `first` on, as many as fit, up to eight."""
    recipe, network = snapshot.recipe, snapshot.network
    plane = plane or input_plane(network)
    count = units_shown(snapshot, layer, width, height)
    first = max(0, min(first, recipe.hidden[layer - 1] - count))
    units = range(first, first + count)
    activations = snapshot.values[f"a{layer}"]
    bits = None if recipe.is_points else snapshot.values["X"]
    sentences = unit_sentences(
        recipe.activation, bits, activations, unit_names(layer, recipe.sizes)
    )
    words = _words(snapshot, layer, units, sentences, width)
    room = height - HEADER - FOOTER
    text = next((text for text in words if _leaves_room(count, width, room - len(text))), [])
    layout = tiles(count, width, room - len(text))
    if recipe.is_points and text:  # where there is a blank line otherwise
        legend = points_legend(snapshot, layout.height * layout.width)
        text = [fitted([(" ", "text"), *legend], width), *text[1:]]
    field = surface_for_frame(
        network, snapshot.parameters, 2 * max(1, layout.height), layout.width, plane, layer
    )
    low, high = _span(recipe.activation, field)
    shades = {unit: levels(field.hidden[unit], low, high) for unit in units}
    lines = [title("Hidden units", [(_where(snapshot, layer, units, plane), "label")], width)]
    for start in range(first, first + count, layout.across):
        row = range(start, min(start + layout.across, first + count))
        lines += _row_of_tiles(snapshot, field, shades, sentences, row, layout)
    key = colour_key(f"{low:.3g}", f"{high:.3g}", width - 19, TWO_SIDED)
    key_end: Span = (f" {ZERO_LINE} weighted sum 0", "label")
    if not np.isfinite(field.hidden[first : first + count]).all():
        key_end = f" {NOT_FINITE_GLYPH} not finite", "bad"
    lines = [
        *lines[: height - FOOTER - len(text)],
        fitted([*key, key_end], width),
        *text,
    ]
    return lines[:height]


def _where(snapshot: Snapshot, layer: int, units: range, plane: InputPlane) -> str:
    """Which layer and units of how many, and the axes."""
    layers, count = len(snapshot.recipe.hidden), snapshot.recipe.hidden[layer - 1]
    words = f"layer {layer} of {layers}  " if layers > 1 else ""
    if len(units) < count:
        words += f"{units.start + 1}-{units.stop} of {count}  "
    return words + axes_words(plane)


def _leaves_room(count: int, width: int, height: int) -> bool:
    """Whether the tiles are still of a good shape in so many lines."""
    layout = tiles(count, width, height)
    return layout.height * FLATTEST >= layout.width and layout.height >= MIN_TILE[1]


def _span(activation: str, field: Surface) -> tuple[float, float]:
    """The ends of the colours: what an activation stays between.

    Where it has no end they are the greatest finite activation and, so that 0 is the middle, as
    much below 0.
    """
    if ACTIVATIONS[activation].is_bounded:
        return ACTIVATIONS[activation].limits
    finite = field.hidden[abs(field.hidden) < float("inf")]
    top = float(finite.max(initial=0.0)) or 1.0
    return -top, top


def _row_of_tiles(
    snapshot: Snapshot,
    field: Surface,
    shades: Mapping[int, Levels],
    sentences: tuple[UnitSentence, ...],
    units: range,
    layout: Tiles,
) -> list[Line]:
    """Some units beside one another: a line of words, then the surfaces."""
    gap = (" " * GAP, "text")
    heading: Line = []
    cells = Cells(max(1, layout.height), (layout.width + GAP) * len(units) - GAP)
    for place, unit in enumerate(units):
        name, computes = sentences[unit].name, sentences[unit].computes
        name = f" {name} " if len(name) + len(computes) + 2 <= layout.width else f"{name} "
        room = layout.width - len(name)
        short = computes if len(computes) <= room else f"{computes[: room - 1]}…"
        heading += fitted([(name, "heading"), (short, "label")], layout.width)
        heading.append(gap)
        column = place * (layout.width + GAP)
        pairs = draw_blocks(cells, shades[unit], TWO_SIDED, 0, column)
        draw_points(cells, field.zero_line(unit), pairs, TWO_SIDED, 0, column)
        if snapshot.recipe.is_points:
            draw_points_on_surface(cells, field, snapshot, pairs, TWO_SIDED, 0, column)
        else:
            _draw_chips(cells, field, snapshot, column, layout.width)
    return [heading[:-1], *cells.lines()]


def _draw_chips(cells: Cells, field: Surface, snapshot: Snapshot, left: int, width: int) -> None:
    """Each pattern's label in a tile that begins at column `left`."""
    bits = snapshot.values["X"]
    gap = " " if width >= CHIPS_FROM else ""
    for row in field.plane.contains(bits).nonzero()[0].tolist():
        x, y = bits[row, field.plane.across], bits[row, field.plane.up]
        line, column = field.cell(float(x), float(y))
        words = f"{gap}{snapshot.labels[row]:.0f}{gap}"
        chip(cells, line // 2, left + column, words, inside=range(left, left + width))


def _words(
    snapshot: Snapshot,
    layer: int,
    units: range,
    sentences: tuple[UnitSentence, ...],
    width: int,
) -> list[list[Line]]:
    """What could stand below the surfaces, the fullest first."""
    said: list[Line] = [[]]
    said += [fitted([(f" {sentences[unit].sentence}", "text")], width) for unit in units]
    if layer == len(snapshot.recipe.hidden):
        said += [fitted([(f" {words}", "text")], width) for words in cooperation(snapshot)]
    if snapshot.recipe.is_points:
        return [said, [[]], []]
    table = _table(snapshot, layer, units, width)
    return [[*said, *table], said, table[1:] if len(units) > 4 else []]


def _table(snapshot: Snapshot, layer: int, units: range, width: int) -> list[Line]:
    """The activations of every pattern, one column a unit."""
    bits, values = snapshot.recipe.table.bits, snapshot.values[f"a{layer}"]
    head = 2 * len(bits[0]) + 6
    cell = min(NUMBER_WIDTH + 1, (width - head) // len(units))
    if cell < 6:
        return []
    sizes = snapshot.recipe.sizes
    names = "".join(unit_name(layer, unit, sizes).rjust(cell) for unit in units)
    lines: list[Line] = [[], [(" bits".ljust(head - 3) + "y  ", "label"), (names, "label")]]
    for row, pattern in enumerate(bits):
        line: Line = [
            (" " + "".join(f"{bit} " for bit in pattern), "text"),
            (f"{snapshot.labels[row]:3.0f}  ", "heading"),
        ]
        for unit in units:
            value = float(values[row, unit])
            if cell > NUMBER_WIDTH:
                span = signed_span(value, cell)
            else:
                _, style = signed_span(value)
                span = (signed(value, cell - 1) if abs(value) > 99 else f"{value:+.2f}"), style
            line.append((span[0].rjust(cell), span[1]))
        lines.append(line)
    return lines


class HiddenUnitsPane(InputPlanePane):
    """The hidden units. Left and right page through a layer, up and down choose the layer; with
    three or more inputs `a` and `v` turn the plane."""

    NAME = "Hidden units"

    BINDINGS = [
        Binding("left", "page(-1)", "units", key_display="←→", tooltip="Units before or after"),
        Binding("right", "page(1)", "Units after", show=False),
        Binding("up", "layer(-1)", "layer", key_display="↑↓", tooltip="Another layer"),
        Binding("down", "layer(1)", "Layer after", show=False),
    ]

    hidden_layer = reactive(1)
    first = reactive(0)

    def watch_frame(self, before: Frame | None, after: Frame | None) -> None:
        if before and after and before.snapshot.recipe.hidden != after.snapshot.recipe.hidden:
            self.hidden_layer, self.first = 1, 0

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        layer = min(self.hidden_layer, len(snapshot.recipe.hidden))
        return paint_hidden_units(snapshot, width, height, layer, self.first, self.plane(snapshot))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Not where there is one layer only, or no more units than are seen."""
        if self.snapshot is None:
            return True
        hidden = self.snapshot.recipe.hidden
        if action == "layer":
            return len(hidden) > 1
        if action == "page":
            layer = min(self.hidden_layer, len(hidden))
            return units_shown(self.snapshot, layer, *self.room) < hidden[layer - 1]
        return super().check_action(action, parameters)

    def watch_hidden_layer(self) -> None:
        self.refresh_bindings()

    def action_page(self, by: int) -> None:
        if self.snapshot is not None:
            shown = units_shown(self.snapshot, self.hidden_layer, *self.room)
            last = self.snapshot.recipe.hidden[self.hidden_layer - 1] - shown
            self.first = max(0, min(self.first + by * shown, last))

    def action_layer(self, by: int) -> None:
        if self.snapshot is not None:
            layers = len(self.snapshot.recipe.hidden)
            self.hidden_layer = max(1, min(self.hidden_layer + by, layers))
            self.first = 0
