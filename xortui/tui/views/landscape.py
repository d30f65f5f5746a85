"""The loss landscape: the mean loss over a plane of weights, with contours, path and present."""

import asyncio
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
from textual import work
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.analysis.loss_landscape import (
    Landscape,
    WeightPlane,
    extent_around,
    landscape,
    plane_of_parameters,
    plane_of_path,
)
from xortui.core.model.functions import Array
from xortui.core.model.names import parameter_name
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.canvas import Canvas
from xortui.tui.drawing.heatmap import NOT_FINITE_GLYPH, colour_key, half_blocks, levels
from xortui.tui.drawing.lines import Line, spread, title
from xortui.tui.drawing.pane import Pane
from xortui.tui.drawing.plot import AXIS_WIDTH, Plot
from xortui.tui.frame import Frame

HEADER, FOOTER = 1, 3
CONTOUR, PATH, START, NOW = "·", "●", "○", "◆"
MAX_CONTOURS = 8
REST = 1.0  # seconds between two landscapes while training goes on
NAP = 0.001  # seconds left to everything else after each slice


def plane_and_path(
    snapshot: Snapshot, chosen: tuple[int, int] | None
) -> tuple[WeightPlane, Array, Array]:
    """The plane to look at, a finite point [P] that it goes through, and the finite path [T, P].

    `chosen` are two parameters by their numbers; None is the plane of the path.
    """
    path = snapshot.path[np.isfinite(snapshot.path).all(axis=1)]
    here = snapshot.parameters
    if not np.isfinite(here).all():
        here = path[-1]  # step 0 is always finite
    if chosen is None:
        return plane_of_path(here, path), here, path
    across, up = (snapshot.network.names[index] for index in chosen)
    return plane_of_parameters(snapshot.network, here, across, up), here, path


def paint_landscape(
    snapshot: Snapshot, ground: Landscape | None, width: int, height: int
) -> list[Line]:
    """What is done of a landscape, with contours, the run's path and the present point."""
    rows, columns = max(1, height - HEADER - FOOTER), max(2, width - AXIS_WIDTH)
    if ground is None or len(ground.plane.origin) != snapshot.network.size:
        return [title("Loss landscape", [("computing … ", "label")], width)]
    across, up = ground.plane.axes
    shown = across.partition("(")[2].partition(" ")[0]
    if shown:
        across = across.partition(" (")[0]
    else:
        across, up = (parameter_name(snapshot.recipe, name) for name in (across, up))
    words = f"this plane shows {shown} of the path " if shown else f"{across} →  {up} ↑ "
    ground = _resampled(ground, 2 * rows, columns)
    extent = ground.extent
    low, high = np.array([extent.left, extent.bottom]), np.array([extent.right, extent.top])
    plot = Plot(low, high, rows, columns)
    canvas = Canvas(rows, columns)
    marked = _draw_path(canvas, plot, snapshot, ground.plane)
    heights = _Heights.of(ground.log_loss)
    _draw_contours(canvas, ground, heights, marked)
    shades = levels(ground.log_loss, heights.low, heights.high)
    done = min(rows, ground.done // columns // 2)
    body = half_blocks(shades[: 2 * done], canvas.marks())
    body += [[] for _ in range(rows - done)]
    axis = plot.y_axis("2nd ↑" if shown else "")
    key = colour_key(f"loss {_power(heights.low)}", _power(heights.high), min(width - 14, 50))
    other = "choose 2 weights" if shown else "the path's plane"
    is_finite = np.isfinite(ground.log_loss[: 2 * done]).all()
    missing = "" if is_finite else f" {NOT_FINITE_GLYPH} not finite"
    here = f"{NOW} now " if np.isfinite(snapshot.parameters).all() else "now: not finite "
    return [
        title("Loss landscape", [(words, "label")], width),
        *([*name, *line] for name, line in zip(axis, body, strict=True)),
        plot.x_axis(f"{across} →"),
        spread(
            [(f" {START}{PATH}{PATH} the path  {here}", "label"), (missing, "bad")],
            [(" a: ", "accent"), (f"{other} ", "label")],
            width,
        ),
        spread(key, [(f"{CONTOUR} contours ", "label")], width),
    ][:height]


@dataclass(frozen=True)
class _Heights:
    """The range of log10 of the loss, and how far contours are apart in it."""

    low: float
    high: float
    every: float

    @classmethod
    def of(cls, log_loss: Array) -> "_Heights":
        finite = log_loss[np.isfinite(log_loss)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (-1.0, 1.0)
        if high - low < 0.5:
            low, high = (low + high) / 2 - 0.25, (low + high) / 2 + 0.25
        every = 0.25
        while (high - low) / every > MAX_CONTOURS:
            every *= 2
        return cls(low, high, every)


def _resampled(ground: Landscape, rows: int, columns: int) -> Landscape:
    """The landscape in so many cells, as it is needed where the pane has another size by now."""
    had_rows, had_columns = ground.log_loss.shape
    if (had_rows, had_columns) == (rows, columns):
        return ground
    lines = np.arange(rows) * had_rows // rows
    places = np.arange(columns) * had_columns // columns
    done = ground.done // had_columns * rows // had_rows * columns
    grid = ground.log_loss[np.ix_(lines, places)]
    return replace(ground, x=ground.x[places], y=ground.y[lines], log_loss=grid, done=done)


def _draw_path(
    canvas: Canvas, plot: Plot, snapshot: Snapshot, plane: WeightPlane
) -> set[tuple[int, int]]:
    """The way here and the present point; the cells that they take."""
    places = plane.project(np.vstack([snapshot.path, snapshot.parameters]))
    places = places[np.isfinite(places).all(axis=1)]
    for line, column in plot.dots(places[:, None]):
        canvas.put(line, column, PATH)
    if len(places):
        line, column = plot.cells(places[0]).tolist()
        canvas.put(line, column, START)
    if np.isfinite(snapshot.parameters).all():
        line, column = plot.cells(places[-1]).tolist()
        canvas.put(line, column, NOW)
    return set(canvas.marks())


def _draw_contours(
    canvas: Canvas, ground: Landscape, heights: _Heights, taken: set[tuple[int, int]]
) -> None:
    """The contours, and on each of them somewhere the loss that it stands for."""
    contours = {
        loss: [place for place in places if place not in taken]
        for loss, places in _contours(ground, heights.every).items()
    }
    for places in contours.values():
        for line, column in places:
            canvas.put(line, column, CONTOUR)
    taken = set(taken)
    for exponent, places in contours.items():
        text = _power(exponent)
        # In the middle of the contour, or as near to it as there is room.
        nearest = sorted(range(len(places)), key=partial(_distance, len(places) // 2))
        for index in nearest[:60]:
            line, column = places[index]
            spot = {(line, column + i) for i in range(-1, len(text) + 1)}
            if not spot & taken and column + len(text) <= canvas.width:
                canvas.put(line, column, text)
                taken |= spot
                break


@lru_cache(maxsize=4)  # the same one is painted many times while the path on it grows
def _contours(ground: Landscape, every: float) -> dict[float, list[tuple[int, int]]]:
    """The cells (line, column) of each contour, by the log10 of its loss, in rising order."""
    marked = ground.contours(every)
    with np.errstate(invalid="ignore"):
        above = (np.floor(ground.log_loss / every) + 1) * every
    marked &= np.isfinite(above)
    lines = marked[0::2] | marked[1::2]
    losses = np.where(marked[0::2], above[0::2], above[1::2])
    by_loss: dict[float, list[tuple[int, int]]] = {}
    for line, column in np.argwhere(lines).tolist():
        by_loss.setdefault(float(losses[line, column]), []).append((line, column))
    return dict(sorted(by_loss.items()))


def _distance(one: int, other: int) -> int:
    return abs(one - other)


def _power(exponent: float) -> str:
    """10 to a power, in at most two figures: 0.03, 1, 20, 1e-7."""
    if not -4 < exponent < 4:
        return f"1e{exponent:+.0f}" if exponent == round(exponent) else f"1e{exponent:+.1f}"
    return f"{10**exponent:.2g}"


class LandscapePane(Pane):
    """The loss landscape. `a` chooses between the plane of the path and that of two weights, which
    the arrows then choose: left and right the one across, up and down the other.

    It is worked out in slices by a worker that lives only while the pane is on the screen.
    """

    NAME = "Loss landscape"

    BINDINGS = [
        Binding("a", "plane", "plane", tooltip="The path's plane, or that of two weights"),
        Binding(
            "left", "weight(0, -1)", "weights", key_display="↑↓←→", tooltip="Choose the two weights"
        ),
        Binding("right", "weight(0, 1)", "Next weight across", show=False),
        Binding("down", "weight(1, -1)", "Previous weight upwards", show=False),
        Binding("up", "weight(1, 1)", "Next weight upwards", show=False),
    ]

    ground: reactive[Landscape | None] = reactive(None)
    # The numbers of two parameters, or None for the plane of the path.
    chosen: reactive[tuple[int, int] | None] = reactive(None)

    _is_on_screen = False
    _is_at_work = False

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_landscape(snapshot, self.ground, width, height)

    def on_show(self) -> None:
        self._is_on_screen = True
        self._wake()

    def on_hide(self) -> None:
        self._is_on_screen = False

    def on_resize(self) -> None:
        self._wake()

    def watch_frame(self, before: Frame | None, after: Frame | None) -> None:
        if before and after and before.snapshot.network.shapes != after.snapshot.network.shapes:
            self.chosen = self.ground = None
        self._wake()

    def watch_chosen(self) -> None:
        self._wake(at_once=True)

    def action_plane(self) -> None:
        if self.snapshot is not None:
            last = self.snapshot.network.size - 1
            self.chosen = (0, last) if self.chosen is None else None

    def action_weight(self, axis: int, by: int) -> None:
        if self.chosen is None or self.snapshot is None:
            self.action_plane()
            return
        count = self.snapshot.network.size
        pair = list(self.chosen)
        pair[axis] = (pair[axis] + by) % count
        if pair[0] == pair[1]:
            pair[axis] = (pair[axis] + by) % count
        self.chosen = pair[0], pair[1]

    def _wake(self, at_once: bool = False) -> None:
        if self._is_on_screen and (at_once or not self._is_at_work):
            self._is_at_work = True
            self._survey()

    @work(exclusive=True, group="landscape")
    async def _survey(self) -> None:
        """Work out landscapes until the last one is of what the pane shows."""
        done = None
        try:
            while self._is_on_screen and self.snapshot and all(self.room):
                wanted = self.snapshot, self.chosen, self.room
                if wanted == done:  # snapshots are equal only to themselves
                    return
                await self._work_out(self.snapshot)
                done = wanted
                await asyncio.sleep(REST)
        finally:
            self._is_at_work = False

    async def _work_out(self, snapshot: Snapshot) -> None:
        width, height = self.room
        rows, columns = 2 * max(1, height - HEADER - FOOTER), max(2, width - AXIS_WIDTH)
        plane, here, path = plane_and_path(snapshot, self.chosen)
        extent = extent_around(plane, here, path)
        is_first = self.ground is None
        for part in landscape(snapshot.network, plane, extent, rows, columns):
            if is_first or part.is_complete:
                self.ground = part
            await asyncio.sleep(NAP)
