"""Pure: arrays of values -> lines of half-block cells, two square pixels in each."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.style import Style

from xortui.core.model.functions import Array
from xortui.tui.drawing.lines import Line

LEVELS = 32
# One ramp of steadily rising lightness, so that it reads the same in greyscale.
_ANCHORS = (
    (20, 18, 58),
    (38, 62, 112),
    (34, 112, 128),
    (66, 158, 122),
    (150, 200, 110),
    (248, 230, 140),
)
NOT_FINITE = LEVELS  # the level of what is no number: it has a look of its own
NOT_FINITE_GLYPH = "░"  # the same to the eye, and to be told from the rest in copied text
_NOT_FINITE_COLOUR = (190, 60, 60)

Levels = NDArray[np.intp]


def _ramp() -> tuple[tuple[int, int, int], ...]:
    place = np.linspace(0, len(_ANCHORS) - 1, LEVELS)
    channels = [
        np.interp(place, range(len(_ANCHORS)), values) for values in zip(*_ANCHORS, strict=True)
    ]
    colours = [
        tuple(round(float(value)) for value in colour) for colour in zip(*channels, strict=True)
    ]
    return tuple((red, green, blue) for red, green, blue in colours)


RAMP = _ramp()


def lightness(colour: tuple[int, int, int]) -> float:
    """Relative luminance, 0 to 1 (the weights of Rec. 709)."""
    red, green, blue = colour
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def levels(values: Array, low: float = 0.0, high: float = 1.0) -> Levels:
    """Values as levels 0 to 31 of the ramp; those beyond `low` and `high` get its ends."""
    with np.errstate(all="ignore"):
        share = np.clip((values - low) / (high - low), 0, 1)
    finite = np.isfinite(values)
    scaled = np.where(finite, share, 0) * (LEVELS - 1)
    result: Levels = np.where(finite, np.rint(scaled), NOT_FINITE).astype(np.intp)
    return result


def _rgb(level: int) -> tuple[int, int, int]:
    return _NOT_FINITE_COLOUR if level == NOT_FINITE else RAMP[level]


@cache
def _block(look: int) -> tuple[str, Style]:
    """The cell of two pixels, told by one number: top * (LEVELS + 1) + bottom."""
    top, bottom = divmod(look, LEVELS + 1)
    style = Style(color=Color.from_rgb(*_rgb(top)), bgcolor=Color.from_rgb(*_rgb(bottom)))
    return _glyph(top, bottom), style


@cache
def _mark(top: int, bottom: int) -> Style:
    """Black or white, whichever can be read, on the mean of the two pixels."""
    red, green, blue = ((a + b) // 2 for a, b in zip(_rgb(top), _rgb(bottom), strict=True))
    ink = 0 if lightness((red, green, blue)) > 0.45 else 255
    return Style(
        color=Color.from_rgb(ink, ink, ink), bgcolor=Color.from_rgb(red, green, blue), bold=True
    )


def _glyph(top: int, bottom: int) -> str:
    return NOT_FINITE_GLYPH if top == bottom == NOT_FINITE else "▀"


def half_blocks(grid: Levels, marks: Mapping[tuple[int, int], str]) -> list[Line]:
    """Lines of cells for a grid [2 * lines, columns] of levels.

    `marks` maps (line, column) to the one character that is written there instead of a block.
    """
    rows, columns = grid.shape[0] // 2, grid.shape[1]
    codes = grid[0::2] * (LEVELS + 1) + grid[1::2]
    # Cells of one look stand together: only where it changes, or at a mark, does a span begin.
    begins = np.ones((rows, columns), dtype=np.bool_)
    begins[:, 1:] = codes[:, 1:] != codes[:, :-1]
    inside = {
        line * columns + column: mark
        for (line, column), mark in marks.items()
        if 0 <= line < rows and 0 <= column < columns
    }
    for place in inside:
        begins[place // columns, place % columns : place % columns + 2] = True
    starts = np.flatnonzero(begins)
    looks = codes.ravel()[starts].tolist()
    lengths = np.diff(starts, append=rows * columns).tolist()
    spans = [
        (glyph * length, style)
        for (glyph, style), length in zip(map(_block, looks), lengths, strict=True)
    ]
    for index, place in zip(np.searchsorted(starts, list(inside)).tolist(), inside, strict=True):
        spans[index] = inside[place], _mark(*divmod(looks[index], LEVELS + 1))
    ends = np.cumsum(np.count_nonzero(begins, axis=1)).tolist()
    return [list(spans[start:end]) for start, end in pairwise([0, *ends])]


@cache
def colour_key(low: str, high: str, width: int) -> Line:
    """The ramp itself from left to right, with what its ends stand for."""
    room = max(2, min(LEVELS, width - len(low) - len(high) - 4))
    steps = [round(i * (LEVELS - 1) / (room - 1)) for i in range(room)]
    return [
        (f" {low} ", "label"),
        *(_block(s * (LEVELS + 2)) for s in steps),
        (f" {high} ", "label"),
    ]
