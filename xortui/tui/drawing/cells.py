"""Pure: a grid of characters with a look each, painted with arrays and read out as lines."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from xortui.core.model.functions import Flags
from xortui.tui.drawing.lines import Line

# The bit of each dot of a braille cell, by (row, column) in it.
BRAILLE_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
BRAILLE_BLANK = 0x2800
_BY_BIT = np.argsort(BRAILLE_BITS.ravel())

Codes = NDArray[np.intp]
Glyphs = NDArray[np.uint32]

# Looks are numbers, so that arrays can hold them: the place of each style in this list.
_STYLES: list[str | Style] = ["text"]


@cache
def look(style: str | Style) -> int:
    """The number that stands for a style in the arrays of `Cells`."""
    if style == "text":
        return 0
    _STYLES.append(style)
    return len(_STYLES) - 1


class Cells:
    """`height` x `width` characters, blank at first: `glyphs` are code points, `looks` numbers of
    styles. What is written outside is cut off."""

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self.glyphs: Glyphs = np.full((height, width), ord(" "), dtype=np.uint32)
        self.looks: Codes = np.zeros((height, width), dtype=np.intp)

    def write(self, line: int, column: int, text: str, style: str | Style) -> None:
        """A text over what is there."""
        if 0 <= line < self.height:
            text, column = text[max(0, -column) :], max(0, column)
            text = text[: max(0, self.width - column)]
            self.glyphs[line, column : column + len(text)] = [*map(ord, text)]
            self.looks[line, column : column + len(text)] = look(style)

    def frame(
        self, line: int, column: int, height: int, width: int, glyphs: str, style: str | Style
    ) -> None:
        """A box, wholly inside. `glyphs` are its upper left, flat, upper right, upright, lower left
        and lower right."""
        upper_left, flat, upper_right, upright, lower_left, lower_right = map(ord, glyphs)
        bottom, right = line + height - 1, column + width - 1
        ink = look(style)
        for row, left_glyph, right_glyph in (
            (line, upper_left, upper_right),
            (bottom, lower_left, lower_right),
        ):
            self.glyphs[row, column : right + 1] = flat
            self.looks[row, column : right + 1] = ink
            self.glyphs[row, column], self.glyphs[row, right] = left_glyph, right_glyph
        sides = np.s_[line + 1 : bottom, [column, right]]
        self.glyphs[sides], self.looks[sides] = upright, ink

    def write_all(self, marks: Mapping[tuple[int, int], str], style: str | Style) -> None:
        """A character at each of several (line, column)."""
        for (line, column), mark in marks.items():
            self.write(line, column, mark, style)

    def lines(self) -> list[Line]:
        """All lines; neighbours of one look are one span."""
        if not self.width:
            return [[] for _ in range(self.height)]
        begins = np.ones((self.height, self.width), dtype=np.bool_)
        np.not_equal(self.looks[:, 1:], self.looks[:, :-1], out=begins[:, 1:])
        starts = np.flatnonzero(begins)
        looks = self.looks.ravel()[starts].tolist()
        text = self.glyphs.astype("<u4", copy=False).tobytes().decode("utf-32-le")
        places = [*starts.tolist(), len(text)]
        styles = _STYLES
        spans = [
            (text[start:end], styles[look])
            for (start, end), look in zip(pairwise(places), looks, strict=True)
        ]
        ends = np.cumsum(np.count_nonzero(begins, axis=1)).tolist()
        return [spans[start:end] for start, end in pairwise([0, *ends])]


def braille(dots: Flags) -> Codes:
    """Dots [4 * lines, 2 * columns] as the bits of braille cells [lines, columns]."""
    lines, columns = dots.shape[0] // 4, dots.shape[1] // 2
    grouped = dots.reshape(lines, 4, columns, 2).transpose(0, 2, 1, 3).reshape(-1, 8)
    packed = np.packbits(grouped[:, _BY_BIT], axis=1, bitorder="little")
    return packed.reshape(lines, columns).astype(np.intp)


def braille_of(rows: Codes, columns: Codes, shape: tuple[int, int]) -> Codes:
    """The bits of braille cells of that shape, [lines, columns], in which dots at these rows and
    columns are set; all inside."""
    bits: Codes = np.zeros(shape[0] * shape[1], dtype=np.intp)
    np.bitwise_or.at(bits, rows // 4 * shape[1] + columns // 2, BRAILLE_BITS[rows % 4, columns % 2])
    return bits.reshape(shape)
