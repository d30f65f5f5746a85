"""Pure: straight lines in braille dots, four by two in a cell, in three styles."""

from dataclasses import dataclass, field

import numpy as np

HEAVY, LIGHT, DASHED = "heavy", "light", "dashed"

# The bit of each dot of a cell, by (row, column) in it.
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
_BLANK = 0x2800
DASH, DASH_AND_GAP = 2, 6  # in dots along the line
SAMPLES = {HEAVY: "⠶⠶⠶", LIGHT: "⠒⠒⠒", DASHED: "⠂⠐⠀"}


@dataclass
class Braille:
    """A grid of cells to draw lines on; each cell has the style of the last line through it."""

    height: int
    width: int
    _cells: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], how: str, style: str
    ) -> None:
        """A line between the middles of two cells (line, column); columns may be fractions."""
        (top, left), (bottom, right) = start, end
        y = np.array([4 * top + 1.5, 4 * bottom + 1.5])
        x = np.array([2 * left + 0.5, 2 * right + 0.5])
        count = int(max(np.ptp(x), np.ptp(y))) + 1
        along = np.linspace(0, 1, count)
        if how == DASHED:
            along = along[np.arange(count) % DASH_AND_GAP < DASH]
        rows = np.floor(y[0] + along * (y[1] - y[0])).astype(int)
        columns = np.floor(x[0] + along * (x[1] - x[0])).astype(int)
        is_steep = np.ptp(y) > np.ptp(x)
        # A heavy line is two dots thick, across its own direction.
        for aside in (0, 1) if how == HEAVY else (0,):
            self._dots(rows + aside * (not is_steep), columns + aside * bool(is_steep), style)

    def _dots(
        self, rows: np.typing.NDArray[np.int_], columns: np.typing.NDArray[np.int_], style: str
    ) -> None:
        bits = _BITS[rows % 4, columns % 2].tolist()
        for row, column, bit in zip(rows.tolist(), columns.tolist(), bits, strict=True):
            place = row // 4, column // 2
            dots, _ = self._cells.get(place, (0, style))
            self._cells[place] = dots | bit, style

    def cells(self) -> list[tuple[tuple[int, int], str, str]]:
        """All that was drawn inside the grid: (line, column), glyph and style."""
        return [
            ((line, column), chr(_BLANK + dots), style)
            for (line, column), (dots, style) in self._cells.items()
            if 0 <= line < self.height and 0 <= column < self.width
        ]
