"""Pure: arrays of values -> half-block cells, two square pixels in each, with marks on them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.style import Style
from textual.color import Color as TextualColor

from xortui.core.model.functions import Array
from xortui.tui.drawing.cells import BRAILLE_BLANK, Cells, Codes, braille_of, look
from xortui.tui.drawing.lines import Line
from xortui.tui.drawing.shades import contrast

LEVELS = 32
NOT_FINITE = LEVELS  # the level of what is no number: it has a look of its own
BLOCK = "▀"
NOT_FINITE_GLYPH = "░"  # the same to the eye, and to be told from the rest in copied text
_NOT_FINITE_COLOUR = (190, 60, 60)
_KINDS = LEVELS + 1

Rgb = tuple[int, int, int]
Levels = NDArray[np.intp]
StyleOfPair = Callable[[int, int], Style]


def _steps(*anchors: Rgb) -> tuple[Rgb, ...]:
    """LEVELS colours through anchors that are evenly apart."""
    place = np.linspace(0, len(anchors) - 1, LEVELS)
    channels = [np.interp(place, range(len(anchors)), part) for part in zip(*anchors, strict=True)]
    colours = np.rint(np.stack(channels, axis=-1)).astype(int).tolist()
    return tuple((red, green, blue) for red, green, blue in colours)


@dataclass(frozen=True, eq=False)
class Ramp:
    """LEVELS colours of steadily rising lightness, so that they read the same in greyscale.

    The looks of cells are made when they are first needed: by (top, bottom) level, as one number.
    """

    colours: tuple[Rgb, ...]
    _blocks: Codes = field(default_factory=lambda: np.full(_KINDS**2, -1))
    _marks: Codes = field(default_factory=lambda: np.full(_KINDS**2, -1))

    def rgb(self, level: int) -> Rgb:
        """The colour of a level."""
        return _NOT_FINITE_COLOUR if level == NOT_FINITE else self.colours[level]

    def blocks(self, pairs: Codes) -> Codes:
        """The looks of cells of two pixels."""
        return self._looks(self._blocks, pairs, self.block)

    def marks(self, pairs: Codes) -> Codes:
        """The looks of what is written over such cells."""
        return self._looks(self._marks, pairs, self.mark)

    def _looks(self, known: Codes, pairs: Codes, style: StyleOfPair) -> Codes:
        looks: Codes = known[pairs]
        if looks.min(initial=0) < 0:
            # np.unique would import numpy.ma, which takes as long as the first picture.
            for pair in set(pairs[looks < 0].tolist()):
                known[pair] = look(style(*divmod(pair, _KINDS)))
            looks = known[pairs]
        return looks

    def block(self, top: int, bottom: int) -> Style:
        """Two pixels: the upper one in the colour of the glyph."""
        return Style(
            color=Color.from_rgb(*self.rgb(top)), bgcolor=Color.from_rgb(*self.rgb(bottom))
        )

    def mark(self, top: int, bottom: int) -> Style:
        """Black or white, whichever can be read, on the mean of the two pixels."""
        pairs = zip(self.rgb(top), self.rgb(bottom), strict=True)
        red, green, blue = ((a + b) // 2 for a, b in pairs)
        ground = TextualColor(red, green, blue)
        ink = max(TextualColor(0, 0, 0), TextualColor(255, 255, 255), key=partial(contrast, ground))
        return Style(color=ink.rich_color, bgcolor=ground.rich_color, bold=True)


# For what has one end: a loss, a share.
RISING = Ramp(
    _steps(
        (20, 18, 58),
        (38, 62, 112),
        (34, 112, 128),
        (66, 158, 122),
        (150, 200, 110),
        (248, 230, 140),
    )
)
# For what has two sides: cool below, warm above as minus and plus are, grey in the middle. It is a
# ramp all the same, so that greyscale and NO_COLOR tell the sides by their lightness.
TWO_SIDED = Ramp(
    _steps(
        (16, 34, 118),
        (24, 48, 126),
        (38, 58, 112),
        (52, 60, 82),
        (76, 66, 64),
        (130, 88, 60),
        (188, 118, 66),
        (240, 156, 84),
        (255, 206, 142),
    )
)

# Chips, such as a pattern's label, are the same on every picture.
CHIP = Style(color=Color.from_rgb(16, 18, 24), bgcolor=Color.from_rgb(236, 238, 242), bold=True)
WRONG_CHIP = Style(
    color=Color.from_rgb(255, 255, 255), bgcolor=Color.from_rgb(176, 32, 40), bold=True
)


def levels(values: Array, low: float = 0.0, high: float = 1.0) -> Levels:
    """Values as levels 0 to 31 of a ramp; those beyond `low` and `high` get its ends."""
    with np.errstate(all="ignore"):
        share = np.clip((values - low) / (high - low), 0, 1)
    finite = np.isfinite(values)
    scaled = np.where(finite, share, 0) * (LEVELS - 1)
    result: Levels = np.where(finite, np.rint(scaled), NOT_FINITE).astype(np.intp)
    return result


def draw_blocks(cells: Cells, grid: Levels, ramp: Ramp, line: int = 0, column: int = 0) -> Codes:
    """Half blocks for a grid [2 * lines, columns] of levels, from a (line, column) on, as many as
    there are cells.

    Gives the pairs of levels [lines, columns], for `draw_points` and `draw_marks`.
    """
    pairs: Codes = grid[0::2] * _KINDS + grid[1::2]
    pairs = pairs[: cells.height - line, : cells.width - column]
    place = np.s_[line : line + pairs.shape[0], column : column + pairs.shape[1]]
    is_missing = pairs == NOT_FINITE * _KINDS + NOT_FINITE
    cells.glyphs[place] = np.where(is_missing, ord(NOT_FINITE_GLYPH), ord(BLOCK))
    cells.looks[place] = ramp.blocks(pairs)
    return pairs


def draw_points(
    cells: Cells, points: Array, pairs: Codes, ramp: Ramp, line: int = 0, column: int = 0
) -> None:
    """Points [M, 2], as (row, column) of pixels, in braille dots over half blocks."""
    if not len(points):
        return
    lines, columns = pairs.shape
    rows, across = (2 * points).astype(np.intp).T
    rows, across = np.clip(rows, 0, 4 * lines - 1), np.clip(across, 0, 2 * columns - 1)
    bits = braille_of(rows, across, pairs.shape)
    there, where = np.nonzero(bits)
    cells.glyphs[line + there, column + where] = BRAILLE_BLANK + bits[there, where]
    cells.looks[line + there, column + where] = ramp.marks(pairs[there, where])


def draw_marks(
    cells: Cells,
    marks: Mapping[tuple[int, int], str],
    pairs: Codes,
    ramp: Ramp,
    line: int = 0,
    column: int = 0,
) -> None:
    """One character each at (line, column) of the half blocks."""
    inside = {
        place: mark
        for place, mark in marks.items()
        if 0 <= place[0] < pairs.shape[0] and 0 <= place[1] < pairs.shape[1]
    }
    if inside:
        there, where = np.array([*inside]).T
        cells.glyphs[line + there, column + where] = [*map(ord, inside.values())]
        cells.looks[line + there, column + where] = ramp.marks(pairs[there, where])


def half_blocks(
    grid: Levels, marks: Mapping[tuple[int, int], str], ramp: Ramp = RISING
) -> list[Line]:
    """Lines of cells for a grid [2 * lines, columns] of levels.

    `marks` maps (line, column) to the one character that is written there instead of a block.
    """
    cells = Cells(grid.shape[0] // 2, grid.shape[1])
    draw_marks(cells, marks, draw_blocks(cells, grid, ramp), ramp)
    return cells.lines()


def chip(
    cells: Cells,
    line: int,
    column: int,
    text: str,
    is_right: bool = True,
    inside: range | None = None,
) -> None:
    """A label in the middle of a place, wholly inside these columns."""
    inside = inside or range(cells.width)
    start = max(inside.start, min(column - len(text) // 2, inside.stop - len(text)))
    cells.write(line, start, text[: len(inside)], CHIP if is_right else WRONG_CHIP)


@cache
def colour_key(low: str, high: str, width: int, ramp: Ramp = RISING) -> Line:
    """The ramp itself from left to right, with what its ends stand for."""
    room = max(2, min(LEVELS, width - len(low) - len(high) - 4))
    steps = [round(i * (LEVELS - 1) / (room - 1)) for i in range(room)]
    return [
        (f" {low} ", "label"),
        *((BLOCK, ramp.block(step, step)) for step in steps),
        (f" {high} ", "label"),
    ]
