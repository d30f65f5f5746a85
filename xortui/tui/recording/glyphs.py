"""Glyphs as shapes: no font is asked for blocks, lines and dots, which have to meet exactly.

A cell is WIDTH x HEIGHT units, and every shape is a stroke.
"""

from functools import cache
from typing import NamedTuple

WIDTH, HEIGHT = 8, 16

# Whether the upper and the lower half of a cell have the ink's colour.
HALVES = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


class StrokeShape(NamedTuple):
    """A stroke of a kind, one of STROKES: where it starts in the cell, and how an SVG path goes on
    from there."""

    kind: str
    x: int
    y: int
    path: str


STROKES = {
    "line": "stroke-width:1.3",
    "thick": "stroke-width:3",
    "dot": "stroke-width:2.6;stroke-linecap:round",
    "bar": "stroke-width:2;shape-rendering:crispEdges",
}
_LINES = {
    "─": (StrokeShape("line", 0, 8, "h8"),),
    "━": (StrokeShape("thick", 0, 8, "h8"),),
    "│": (StrokeShape("line", 4, 0, "v16"),),
    "╭": (StrokeShape("line", 4, 16, "v-5q0-3 3-3h1"),),
    "╮": (StrokeShape("line", 0, 8, "h1q3 0 3 3v5"),),
    "╰": (StrokeShape("line", 4, 0, "v5q0 3 3 3h1"),),
    "╯": (StrokeShape("line", 0, 8, "h1q3 0 3-3v-5"),),
    "╌": (StrokeShape("line", 1, 8, "h2m2 0h2"),),
    "⏸": (StrokeShape("thick", 2, 4, "v8"), StrokeShape("thick", 6, 4, "v8")),  # few fonts have it
}
# The bits of braille's dots, left and right, row by row.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


@cache
def shapes(letter: str) -> tuple[StrokeShape, ...]:
    """What a letter is drawn of; nothing where it is to be written."""
    if letter in _LINES:
        return _LINES[letter]
    code = ord(letter)
    if 0x2801 <= code <= 0x28FF:
        return tuple(
            StrokeShape("dot", 2 + 4 * column, 2 + 4 * row, "h0")
            for row, bits in enumerate(_DOTS)
            for column, bit in enumerate(bits)
            if (code - 0x2800) & bit
        )
    if 0x2581 <= code <= 0x2587:  # eighths, from below
        return tuple(StrokeShape("bar", 0, 15 - 2 * row, "h8") for row in range(code - 0x2580))
    if 0x2589 <= code <= 0x258F:  # eighths, from the left
        return tuple(StrokeShape("bar", 0, 1 + 2 * row, f"h{0x2590 - code}") for row in range(8))
    return ()
