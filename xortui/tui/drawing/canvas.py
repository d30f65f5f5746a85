"""Pure: glyphs put at (line, column), read out as lines of spans."""

from rich.style import Style

from xortui.tui.drawing.lines import Line

Mark = tuple[int, int]


class Canvas:
    """A grid of cells, blank at first. What is put outside it is cut off."""

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self._cells: dict[Mark, tuple[str, str | Style]] = {}

    def put(self, line: int, column: int, text: str, style: str | Style = "text") -> None:
        """Write a text over what is there."""
        if 0 <= line < self.height:
            for at, glyph in enumerate(text, start=column):
                if 0 <= at < self.width:
                    self._cells[line, at] = glyph, style

    def is_free(self, line: int, column: int, length: int) -> bool:
        """Whether so many cells from there on are on the canvas and have nothing in them."""
        is_inside = 0 <= line < self.height and column >= 0 and column + length <= self.width
        return is_inside and not any((line, column + i) in self._cells for i in range(length))

    def marks(self) -> dict[Mark, str]:
        """The glyphs by (line, column), to be put on half blocks."""
        return {place: glyph for place, (glyph, _) in self._cells.items()}

    def lines(self) -> list[Line]:
        """The whole canvas."""
        columns: list[list[int]] = [[] for _ in range(self.height)]
        for line, column in self._cells:
            columns[line].append(column)
        return [self._line(line, sorted(taken)) for line, taken in enumerate(columns)]

    def _line(self, line: int, taken: list[int]) -> Line:
        spans: Line = []
        end = 0
        for column in taken:
            if column > end:
                spans.append((" " * (column - end), "text"))
            spans.append(self._cells[line, column])
            end = column + 1
        return [*spans, (" " * (self.width - end), "text")] if end < self.width else spans
