"""Pure: several numbers over the run, as fine lines with their names at the ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xortui.core.model.functions import Array
from xortui.tui.drawing.cells import BRAILLE_BLANK, Cells, Codes, braille_of, look
from xortui.tui.drawing.lines import Line, spread
from xortui.tui.drawing.theme import GRID, HUE_COUNT, hue

MIN_LINES = 8  # of the chart, with its head and its steps
MIN_COLUMNS = 10
LEFT = 7  # columns of the axis


@dataclass(frozen=True, eq=False)
class RunPaths:
    """Numbers [T, K] at the steps [T], the last one now, each with a name; the axis from `low` to
    `high`, with what is written at some of its values."""

    steps: Array
    values: Array
    names: Sequence[str]
    low: float
    high: float
    ticks: Mapping[float, str]

    def dots(self, values: Array, rows: int) -> Codes:
        """The dots, counted from the top, on which values stand: four to a line."""
        dots = (self.high - values) / (self.high - self.low) * (4 * rows - 1)
        found: Codes = np.clip(np.rint(dots), 0, 4 * rows - 1).astype(np.intp)
        return found


def paint_run_paths(paths: RunPaths, head: str, width: int, height: int) -> list[Line]:
    """The chart in `height` lines; nothing where there is no room for it."""
    right = max(map(len, paths.names), default=0) + 2
    columns, rows = width - LEFT - right, height - 2
    if height < MIN_LINES or columns < MIN_COLUMNS:
        return []
    cells = Cells(rows, width)
    for value, words in paths.ticks.items():
        line = int(paths.dots(np.array(value), rows)) // 4
        cells.write(line, 0, words.rjust(LEFT - 1), "label")
        cells.write(line, LEFT, "─" * columns, GRID)
    # Between two steps that are known the line is straight.
    last = float(paths.steps[-1])
    places = np.linspace(0, max(1.0, last), 2 * columns)
    taken: set[int] = set()
    for number, (name, path) in enumerate(zip(paths.names, paths.values.T, strict=True)):
        if not np.isfinite(path).all():
            continue
        ink = hue(number % HUE_COUNT)
        dots = paths.dots(np.interp(places, paths.steps, path), rows)
        _draw(cells, dots, ink, columns)
        here = int(dots[-1]) // 4
        free = [line for line in range(rows) if line not in taken]
        if free:
            line = min(free, key=lambda line: abs(line - here))
            taken.add(line)
            cells.write(line, LEFT + columns + 1, name, ink)
    over = [(f"step 0 to {last:,.0f} ", "label")]
    foot = spread([(" " * LEFT + "0", "label")], [(f"{last:,.0f}{' ' * right}", "label")], width)
    return [spread([(f" {head}", "heading")], [*over], width), *cells.lines(), foot]


def _draw(cells: Cells, dots: Codes, ink: str, columns: int) -> None:
    """One line over those that are there, two dots to a column."""
    found = braille_of(dots, np.arange(2 * columns), (cells.height, columns))
    there, where = np.nonzero(found)
    before = cells.glyphs[there, LEFT + where].astype(np.intp) - BRAILLE_BLANK
    kept = np.where((before >= 0) & (before < 256), before, 0)
    cells.glyphs[there, LEFT + where] = BRAILLE_BLANK + (kept | found[there, where])
    cells.looks[there, LEFT + where] = look(ink)
