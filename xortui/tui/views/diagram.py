"""The network drawn: units with their activations for one pattern, and every weight an edge."""

import math
from dataclasses import dataclass

from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.model.functions import Array
from xortui.core.model.names import row_name, unit_name
from xortui.core.model.recipe import Recipe
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.braille import DASHED, HEAVY, LIGHT, SAMPLES, Braille
from xortui.tui.drawing.canvas import Canvas
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

HEADER, FOOTER = 1, 2
MARGIN = 1
MIN_EDGE = 9  # columns between two layers
# Shares of the largest weight from which on an edge is heavy, and light.
HEAVY_FROM, LIGHT_FROM = 1 / 2, 1 / 6
NUMBER = 6  # cells that a number takes at most; an activation that cannot reach 10 takes one less


@dataclass(frozen=True)
class Place:
    """Where unit `index` of a layer stands: its line, and the columns its words take."""

    index: int
    line: int
    left: int
    right: int


def layers_shown(snapshot: Snapshot, width: int, height: int) -> int:
    """How many layers fit beside one another."""
    sizes = snapshot.recipe.sizes
    rows = max(1, height - HEADER - FOOTER)
    widths = [_word_width(snapshot.recipe, layer, rows) for layer in range(len(sizes))]
    for count in range(len(sizes), 2, -1):
        widest = max(sum(widths[i : i + count]) for i in range(len(sizes) - count + 1))
        if widest + (count - 1) * MIN_EDGE + 2 * MARGIN <= width:
            return count
    return 2


def paint_diagram(
    snapshot: Snapshot, width: int, height: int, row: int = 1, first: int = 0
) -> list[Line]:
    """The network for pattern `row`, from layer `first` on as many layers as fit."""
    sizes = snapshot.recipe.sizes
    count = layers_shown(snapshot, width, height)
    first = max(0, min(first, len(sizes) - count))
    shown = range(first, first + count)
    rows = max(1, height - HEADER - FOOTER)
    canvas = Canvas(rows, width)
    places = _places(snapshot.recipe, shown, rows, width)
    weights = {layer: snapshot.values[f"W{layer + 1}"] for layer in shown[:-1]}
    largest = _largest(weights)
    _draw_edges(canvas, places, weights, largest)
    missing = _write_numbers(canvas, places, weights)
    for layer in shown:
        _write_units(canvas, snapshot, layer, places[layer], row)
    bits = "".join(map(str, snapshot.recipe.table.bits[row]))
    where = f"layers {first + 1}-{first + count} of {len(sizes)}  " if count < len(sizes) else ""
    choice = f"{where}{row_name(snapshot.recipe, row)} "
    verdict, style = snapshot.answers[row], ANSWERS[snapshot.answers[row]][1]
    answer: Line = [
        (f" {bits} → ŷ {signed(float(snapshot.outputs[row])).strip()}  y ", "text"),
        (f"{snapshot.labels[row]:.0f}  ", "heading"),
        (f"{ANSWERS[verdict][0]} {verdict}", style),
    ]
    note: Line = [(f"  {missing} numbers do not fit ", "label")] if missing else []
    note = note if line_width([*answer, *note]) <= width else []
    return [
        title("Network diagram", [(choice, "label")], width),
        *canvas.lines(),
        spread(answer, note, width),
        fitted(_legend(largest), width),
    ][:height]


def _number_width(recipe: Recipe, layer: int) -> int:
    is_small = recipe.activation != "relu" and layer <= len(recipe.hidden)
    return NUMBER - 1 if is_small else NUMBER


def _word_width(recipe: Recipe, layer: int, rows: int) -> int:
    """How wide a layer's units are written: a name, and a bit or an activation."""
    last = _units_shown(recipe.sizes, layer, rows) - 1
    name = unit_name(layer, last, recipe.sizes)
    return len(name) + 1 + (1 if layer == 0 else _number_width(recipe, layer))


def _places(recipe: Recipe, shown: range, rows: int, width: int) -> dict[int, list[Place]]:
    """Where the units stand, layer by layer; of a large layer only the first ones."""
    sizes = recipe.sizes
    widths = [_word_width(recipe, layer, rows) for layer in shown]
    gap = (width - 2 * MARGIN - sum(widths)) / max(1, len(shown) - 1)
    places: dict[int, list[Place]] = {}
    left = float(MARGIN)
    for layer, wide in zip(shown, widths, strict=True):
        count = _units_shown(sizes, layer, rows)
        slots = count + (count < sizes[layer])
        column = min(round(left), width - wide - MARGIN)
        places[layer] = [
            Place(index, _line(index, slots, rows), column, column + wide) for index in range(count)
        ]
        left += wide + gap
    return places


def _line(index: int, slots: int, rows: int) -> int:
    """The line of one of several units that share the height."""
    return int((index + 0.3) / (slots - 0.4) * rows)


def _units_shown(sizes: tuple[int, ...], layer: int, rows: int) -> int:
    """All units of a layer where their edges have a line each for their numbers; else the first."""
    size = sizes[layer]
    beside = max([*sizes[max(0, layer - 1) : layer], *sizes[layer + 1 : layer + 2]])
    if size * beside <= rows and size <= rows // 2:
        return size
    most = max(2, math.isqrt(rows))
    return size if size <= most else most - 1


def _largest(weights: dict[int, Array]) -> float:
    finite = [
        abs(value)
        for matrix in weights.values()
        for value in matrix.ravel().tolist()
        if math.isfinite(value)
    ]
    return max(finite, default=0.0)


def _how(weight: float, largest: float) -> str:
    """The line that stands for a weight."""
    if not math.isfinite(weight) or abs(weight) < LIGHT_FROM * largest or weight == 0:
        return DASHED
    return HEAVY if abs(weight) >= HEAVY_FROM * largest else LIGHT


def _edges(
    places: dict[int, list[Place]], weights: dict[int, Array]
) -> list[tuple[float, Place, Place, int]]:
    """All edges between units that are shown, with their weights; the largest last."""
    edges = [
        (float(matrix[source.index, target.index]), source, target, len(places[layer]))
        for layer, matrix in weights.items()
        for source in places[layer]
        for target in places[layer + 1]
    ]
    return sorted(edges, key=lambda edge: abs(edge[0]) if math.isfinite(edge[0]) else 0.0)


def _draw_edges(
    canvas: Canvas,
    places: dict[int, list[Place]],
    weights: dict[int, Array],
    largest: float,
) -> None:
    braille = Braille(canvas.height, canvas.width)
    for weight, source, target, _ in _edges(places, weights):
        start, end = (source.line, source.right + 1), (target.line, target.left - 2)
        braille.line(start, end, _how(weight, largest), sign_style(weight))
    for (line, column), glyph, style in braille.cells():
        canvas.put(line, column, glyph, style)


def _write_numbers(
    canvas: Canvas, places: dict[int, list[Place]], weights: dict[int, Array]
) -> int:
    """Each weight on its edge, the largest first; says for how many there was no room."""
    taken: set[tuple[int, int]] = set()
    missing = 0
    for weight, source, target, sources in reversed(_edges(places, weights)):
        text = _short(weight)
        left, right = source.right + 1, target.left - 2
        # Here the numbers of different edges are farthest apart.
        middle = left + (right - left) / (sources + 1)
        column = max(left + 1, min(round(middle - len(text) / 2), right - len(text)))
        share = (column + len(text) / 2 - left) / max(1, right - left)
        line = round(source.line + share * (target.line - source.line))
        spot = {(line, column + i) for i in range(-1, len(text) + 1)}
        if spot & taken or column + len(text) > right:
            missing += 1
            continue
        taken |= spot
        canvas.put(line, column, text, sign_style(weight))
    return missing


def _write_units(
    canvas: Canvas, snapshot: Snapshot, layer: int, places: list[Place], row: int
) -> None:
    """Names with activations for the pattern, and biases below them where there is room."""
    sizes = snapshot.recipe.sizes
    last = len(sizes) - 1
    name = "X" if layer == 0 else "yhat" if layer == last else f"a{layer}"
    values = snapshot.values[name][row]
    is_airy = len(places) * 3 <= canvas.height
    for place in places:
        value = float(values[place.index])
        word = unit_name(layer, place.index, sizes)
        canvas.put(place.line, place.left, word, "heading")
        if layer == 0:
            canvas.put(place.line, place.left + len(word) + 1, f"{value:.0f}", "heading")
            continue
        number = _short(value).rjust(_number_width(snapshot.recipe, layer))
        canvas.put(place.line, place.right - len(number), number, sign_style(value))
        if snapshot.recipe.bias and is_airy:
            bias = _short(float(snapshot.values[f"b{layer}"][place.index])).rjust(NUMBER)
            canvas.put(place.line + 1, place.right - NUMBER - 2, f"b {bias}", "label")
    if len(places) < sizes[layer]:
        more = f"… {sizes[layer] - len(places)} more"
        line = _line(len(places), len(places) + 1, canvas.height)
        canvas.put(line, min(places[0].left, canvas.width - len(more)), more, "label")


def _short(value: float) -> str:
    """A signed number in six cells."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{value:+}"
    if abs(value) < 100:
        return f"{value:+.2f}"
    return f"{value:+.0f}" if abs(value) < 10_000 else f"{value:+.0e}".replace("e+", "e")


def _legend(largest: float) -> Line:
    """Which line stands for which weights."""
    heavy, light = (_short(share * largest)[1:] for share in (HEAVY_FROM, LIGHT_FROM))
    words = f" {SAMPLES[HEAVY]} from ±{heavy}  {SAMPLES[LIGHT]} from ±{light}  "
    return [(f"{words}{SAMPLES[DASHED]} less", "label")]


class DiagramPane(Pane):
    """The diagram. Up and down choose the pattern, left and right the layers where not all fit."""

    BINDINGS = [
        Binding("up", "pattern(-1)", "Pattern above", show=False),
        Binding("down", "pattern(1)", "Pattern below", show=False),
        Binding("left", "layers(-1)", "Layers before", show=False),
        Binding("right", "layers(1)", "Layers after", show=False),
    ]

    row = reactive(1)
    first = reactive(0)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        row = self.row % len(snapshot.labels)
        return paint_diagram(snapshot, width, height, row, self.first)

    def action_pattern(self, by: int) -> None:
        if self.snapshot is not None:
            self.row = (self.row + by) % len(self.snapshot.labels)

    def action_layers(self, by: int) -> None:
        if self.snapshot is not None:
            shown = layers_shown(self.snapshot, *self.size)
            last = len(self.snapshot.recipe.sizes) - shown
            self.first = max(0, min(self.first + by, last))
