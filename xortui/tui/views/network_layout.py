"""Pure: where the units of a network stand when it is drawn, and how large their pictures are."""

from dataclasses import dataclass
from functools import lru_cache

from xortui.core.model.names import unit_name
from xortui.core.model.recipe import Recipe

MARGIN = 1
MIN_EDGE, GOOD_EDGE = 8, 10  # columns between two layers
EDGE_SHARE, EDGES_SHARE = 1 / 6, 0.4  # of the pane, where that is more: each, and all of them
MAX_UNITS = 8  # of a layer; of more than these only an excerpt is drawn
MAX_LINES = 12  # of a unit's picture
MIN_INSIDE = 6  # columns of a box: a number must fit
FRAME = 2  # lines or columns that the box takes around the picture


@dataclass(frozen=True)
class Unit:
    """Unit `index` of a layer: its box, and the lines of the picture in it (0: words, no box)."""

    layer: int
    index: int
    top: int
    left: int
    height: int
    width: int
    picture: int

    @property
    def middle(self) -> float:
        """The line at the middle of the box."""
        return self.top + self.height / 2

    @property
    def right(self) -> int:
        """The first column right of the box."""
        return self.left + self.width

    def port(self, place: int, count: int) -> float:
        """The line at which one of `count` edges leaves or arrives, spread over the side."""
        spread = 0.6 * self.height if self.picture else 0.0
        return self.middle + ((place + 0.5) / count - 0.5) * spread


@dataclass(frozen=True)
class Layout:
    """The layers that are shown, each with its units from top to bottom, and how many more units
    each has than are drawn."""

    units: dict[int, list[Unit]]
    more: dict[int, int]


def layers_fitting(recipe: Recipe, width: int, rows: int) -> int:
    """How many layers fit beside one another."""
    widths = [_least_width(recipe, layer, width, rows) for layer in range(len(recipe.sizes))]
    for count in range(len(widths), 2, -1):
        widest = max(sum(widths[i : i + count]) for i in range(len(widths) - count + 1))
        if widest + (count - 1) * MIN_EDGE + 2 * MARGIN <= width:
            return count
    return 2


@lru_cache(maxsize=64)
def layout(recipe: Recipe, shown: range, width: int, rows: int) -> Layout:
    """Where everything stands: pictures as large as there is room for."""
    counts = {layer: _units_shown(recipe, layer, width, rows) for layer in shown}
    slots = {layer: counts[layer] + (counts[layer] < recipe.sizes[layer]) for layer in shown}
    gaps = len(shown) - 1
    edge = int(min(EDGE_SHARE, EDGES_SHARE / gaps) * width)
    edges = gaps * max(GOOD_EDGE, edge) + 2 * MARGIN
    pictures, widths = dict.fromkeys(shown, 0), dict.fromkeys(shown, 0)
    for most in range(MAX_LINES, -1, -1):
        for layer in shown:
            room = _picture_lines(recipe, slots[layer], rows)
            pictures[layer] = max(0, min(most, room)) if _is_boxed(recipe, width, rows) else 0
            inside = max(MIN_INSIDE, 2 * pictures[layer]) + FRAME
            widths[layer] = inside if pictures[layer] else _least_width(recipe, layer, width, rows)
        if sum(widths.values()) + edges <= width or most <= 1:
            break
    gap = (width - 2 * MARGIN - sum(widths.values())) / gaps
    units: dict[int, list[Unit]] = {}
    left = float(MARGIN)
    for layer in shown:
        lines, wide = pictures[layer], widths[layer]
        height = lines + FRAME if lines else 1
        column = max(0, min(round(left), width - wide - MARGIN))
        units[layer] = []
        for index in range(counts[layer]):
            middle = (index + 0.5) / slots[layer] * (rows - bool(lines and recipe.bias))
            top = max(0, min(round(middle - height / 2), rows - height))
            units[layer].append(Unit(layer, index, top, column, height, wide, lines))
        left += wide + gap
    more = {layer: recipe.sizes[layer] - counts[layer] for layer in shown}
    return Layout(units, more)


def _unit_lines(recipe: Recipe) -> int:
    """The lines of the smallest box, with the bias below it."""
    return 1 + FRAME + recipe.bias


def _is_boxed(recipe: Recipe, width: int, rows: int) -> bool:
    """Whether boxes fit: two layers beside one another, two boxes in the largest layer, and how
    many more that has in a word."""
    largest = max(recipe.sizes)
    if width < 2 * (MIN_INSIDE + FRAME) + MIN_EDGE + 2 * MARGIN:
        return False
    return rows >= _unit_lines(recipe) * min(largest, 2) + (largest > 2)


def _units_shown(recipe: Recipe, layer: int, width: int, rows: int) -> int:
    """All units of a layer, or the first ones where that is too many."""
    size = recipe.sizes[layer]
    lines = _unit_lines(recipe) if _is_boxed(recipe, width, rows) else 1
    most = max(1, min(MAX_UNITS, rows // lines))
    return size if size <= most else max(1, most - 1)


def _picture_lines(recipe: Recipe, slots: int, rows: int) -> int:
    """The lines of each picture, with a blank line between boxes where there is room for it."""
    around = FRAME + recipe.bias
    roomy = (rows - slots + 1) // slots - around
    return roomy if roomy > 1 else rows // slots - around


def _least_width(recipe: Recipe, layer: int, width: int, rows: int) -> int:
    """How wide a layer is at least: its smallest boxes, or its words."""
    if _is_boxed(recipe, width, rows):
        return MIN_INSIDE + FRAME
    last = _units_shown(recipe, layer, width, rows) - 1
    name = unit_name(layer, last, recipe.sizes)
    return len(name) + 1 + (1 if layer == 0 else MIN_INSIDE)
