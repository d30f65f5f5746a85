"""Pure: points of a plane as cells of a plot, dotted lines through them, axes with their ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import Array
from xortui.tui.drawing.lines import Line, fitted, spread

AXIS_WIDTH = 7
MAX_DOTS = 20_000

CellIndex = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Plot:
    """`rows` x `columns` cells that show the plane from the corner `low` [2] to `high` [2]."""

    low: Array
    high: Array
    rows: int
    columns: int

    def cells(self, points: Array) -> CellIndex:
        """The (line, column) of finite points [..., 2]; those outside get the nearest cell."""
        share = (points - self.low) / (self.high - self.low)
        lines = np.clip(np.floor((1 - share[..., 1]) * self.rows), 0, self.rows - 1)
        columns = np.clip(np.floor(share[..., 0] * self.columns), 0, self.columns - 1)
        return np.stack([lines, columns], axis=-1).astype(np.intp)

    def dots(self, places: Array) -> list[tuple[int, int]]:
        """The cells of the lines through `places` [T, N, 2], one after the other in time."""
        if len(places) < 2:
            return []
        # Between two places as many dots as the longest way there needs.
        apart = int(np.abs(np.diff(self.cells(places), axis=0)).max())
        most = MAX_DOTS // places.shape[1]
        count = min((len(places) - 1) * max(1, apart), most) + 1
        times = np.linspace(0, len(places) - 1, count)
        before = np.minimum(times.astype(np.intp), len(places) - 2)
        share = (times - before)[:, None, None]
        dots = self.cells(places[before] * (1 - share) + places[before + 1] * share)
        flat = set((dots[..., 0] * self.columns + dots[..., 1]).ravel().tolist())
        return [divmod(place, self.columns) for place in sorted(flat)]

    def y_axis(self, name: str, top: str = "", bottom: str = "") -> list[Line]:
        """What stands left of the lines: both ends, and the name between them."""
        words = [""] * self.rows
        if self.rows > 2:
            words[self.rows // 2] = name
        words[0] = top or format_axis_end(self.high[1])
        words[-1] = bottom or format_axis_end(self.low[1])
        return [[(f"{word:>{AXIS_WIDTH - 1}.{AXIS_WIDTH - 1}} ", "label")] for word in words]

    def x_axis(self, name: str) -> Line:
        """What stands below the lines: both ends, and the name between them where it fits."""
        low, high = format_axis_end(self.low[0]), format_axis_end(self.high[0])
        room = self.columns - len(low) - len(high) - 2
        if len(name) > room:
            left: Line = [(f"{'':{AXIS_WIDTH}}{low}", "label")]
            return spread(left, [(f"{high} ", "label")], self.columns + AXIS_WIDTH)
        line: Line = [(f"{'':{AXIS_WIDTH}}{low} {name:^{room}}{high} ", "label")]
        return fitted(line, self.columns + AXIS_WIDTH)


def format_axis_end(value: float) -> str:
    """The end of an axis: signed, in fewer cells than the axis is wide."""
    if abs(value) < 100:
        return f"{value:+.2f}"
    return f"{value:+.0f}" if abs(value) < 10_000 else f"{value:+.0e}".replace("e+", "e")
