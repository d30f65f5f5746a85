"""Pure: curved strokes between two columns in braille dots; plus is solid, minus is dashed."""

import math
from dataclasses import dataclass

import numpy as np

from xortui.core.model.functions import Array, Flags
from xortui.tui.drawing.cells import BRAILLE_BLANK, Cells, Codes, braille_of, look

DASH, DASH_AND_GAP = 5.0, 8.0  # in dots along the stroke
HEAVY_SAMPLE, LIGHT_SAMPLE, DASHED_SAMPLE = "⠶⠶⠶", "⠒⠒⠒", "⠒ ⠒"


@dataclass(frozen=True)
class Stroke:
    """One stroke from line `start` to line `end`, which may be fractions, in a style."""

    start: float
    end: float
    style: str
    is_heavy: bool = False
    is_dashed: bool = False


class Strokes:
    """Strokes of one sheaf, all from column `left` to before column `right`; the last on top.

    `lines` [K, S] is where each of them is on its way, in dots, at the dots `across` [S].
    """

    def __init__(self, strokes: list[Stroke], left: int, right: int) -> None:
        self.strokes = strokes
        starts = 4 * np.array([stroke.start for stroke in strokes], dtype=np.float64)
        ends = 4 * np.array([stroke.end for stroke in strokes], dtype=np.float64)
        width = max(2, 2 * (right - left))
        steepest = float(np.abs(ends - starts).max(initial=0.0))
        # The middle of the curve is half as steep again as a straight line.
        along = np.linspace(0, 1, math.ceil(width + 1.5 * steepest))
        self.across: Array = 2 * left + along * (width - 1)
        rise = along * along * (3 - 2 * along)  # leaves and arrives level
        self.lines: Array = starts[:, None] + (ends - starts)[:, None] * rise

    def draw(self, cells: Cells) -> None:
        """Put them on the cells."""
        if not self.strokes:
            return
        shape = cells.height, cells.width
        last_row, last_column = 4 * cells.height - 1, 2 * cells.width - 1
        rows = np.clip(self.lines.astype(np.intp), 0, last_row)
        columns = np.clip(self.across.astype(np.intp), 0, last_column)[None].repeat(
            len(rows), axis=0
        )
        ink = np.array([look(stroke.style) for stroke in self.strokes])[:, None]
        ink = ink.repeat(rows.shape[1], axis=1)
        drawn = self._drawn()
        is_heavy = np.array([stroke.is_heavy for stroke in self.strokes])
        thick = drawn[is_heavy]
        # Two dots thick, across its own direction. A stroke's own dots come later, and so its look
        # goes before that of another one's edge.
        lines = self.lines[is_heavy]
        slope = np.abs(np.diff(lines, axis=1, append=lines[:, -1:]))
        is_steep = slope > self.across[1] - self.across[0]
        down = np.minimum(rows[is_heavy] + ~is_steep, last_row)[thick]
        right = np.minimum(columns[is_heavy] + is_steep, last_column)[thick]
        rows, columns = (np.concatenate([a, b[drawn]]) for a, b in ((down, rows), (right, columns)))
        looks = np.concatenate([ink[is_heavy][thick], ink[drawn]])
        bits = braille_of(rows, columns, shape)
        place = bits > 0
        cells.glyphs[place] = BRAILLE_BLANK + bits[place]
        cells.looks[rows // 4, columns // 2] = looks

    def _drawn(self) -> Flags:
        """Which points are drawn: all of a solid stroke, every so many of a dashed one."""
        drawn = np.ones(self.lines.shape, dtype=np.bool_)
        is_dashed = np.array([stroke.is_dashed for stroke in self.strokes])
        if is_dashed.any():
            steps = np.hypot(np.diff(self.lines[is_dashed], axis=1), np.diff(self.across))
            way = np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1)
            drawn[is_dashed] = way % DASH_AND_GAP < DASH
        return drawn

    def crowd(self, height: int, width: int) -> Codes:
        """How many of the strokes go through each cell, [height, width]."""
        rows = np.clip(self.lines.astype(np.intp) // 4, 0, height - 1)
        columns = np.clip(self.across.astype(np.intp) // 2, 0, width - 1)
        each = np.arange(len(rows))[:, None] * (height * width)
        cells = np.unique(each + rows * width + columns) % (height * width)
        return np.bincount(cells, minlength=height * width).reshape(height, width)

    def at(self, stroke: int, share: float) -> tuple[int, int]:
        """The cell (line, column) of a stroke at a share of its way."""
        point = round(share * (len(self.across) - 1))
        return int(self.lines[stroke, point]) // 4, int(self.across[point]) // 2
