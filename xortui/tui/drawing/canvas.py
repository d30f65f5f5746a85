"""Pure: glyphs put at (line, column), to be put on half blocks."""


class Canvas:
    """A grid of cells, blank at first. What is put outside it is cut off."""

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self._cells: dict[tuple[int, int], str] = {}

    def put(self, line: int, column: int, text: str) -> None:
        """Write a text over what is there."""
        if 0 <= line < self.height:
            for at, glyph in enumerate(text, start=column):
                if 0 <= at < self.width:
                    self._cells[line, at] = glyph

    def marks(self) -> dict[tuple[int, int], str]:
        """The glyphs by (line, column)."""
        return dict(self._cells)
