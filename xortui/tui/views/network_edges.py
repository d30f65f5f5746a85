"""The edges of a network that is drawn: strokes and numbers, and what an operation lights up."""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.cells import Cells
from xortui.tui.drawing.lines import sign_style
from xortui.tui.drawing.strokes import Stroke, Strokes
from xortui.tui.drawing.theme import STRENGTHS
from xortui.tui.views.network_layout import Layout, Unit

HEAVY_FROM = 1 / 2  # share of the largest weight from which on an edge is heavy
MIN_DRAWN = 9  # edges between two layers
UNLIT = 2  # the strength of edges that an operation neither reads nor makes
PLACES = (0.5, 0.3, 0.7, 0.4, 0.6, 0.2, 0.8)  # shares of an edge where its number may stand
FEW_PLACES, MANY_EDGES = (0.5, 0.3, 0.7), 24


@dataclass(frozen=True)
class Walk:
    """What an operation does: the names that it reads, and the one that it makes, such as a1, dW2,
    or W1+ for the weights after the update."""

    reads: Collection[str]
    writes: str

    def lights_units(self, layer: int, last: int) -> str:
        """What is done with the values of a layer's units: made, read, or nothing."""
        own = {"X"} if layer == 0 else {f"{kind}{layer}" for kind in ("z", "a", "dz", "da")}
        own |= {"yhat", "dyhat"} if layer == last else set()
        own |= {"losses"} if layer == last else set()
        return "made" if self.writes in own else "read" if own & set(self.reads) else ""

    def lights_edges(self, layer: int) -> str:
        """What is done with the weights that leave a layer."""
        name = f"W{layer + 1}"
        if self.writes in (f"d{name}", f"{name}+"):
            return "made"
        return "read" if {name, f"d{name}"} & set(self.reads) else ""


def format_short(value: float) -> str:
    """A signed number in six cells."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{value:+}"
    size = abs(value)
    if 1e-9 < size < 0.0005 or size >= 10_000:
        return re.sub(r"e\+?(-?)0?", r"e\1", f"{value:+.0e}")
    decimals = 3 if 1e-9 < size < 0.005 else 2 if size < 100 else 0
    return f"{value:+.{decimals}f}"


def _stroke(weight: float, largest: float, light: str, start: float, end: float) -> Stroke:
    """The stroke that stands for a weight: colour and dashes tell the sign, brightness and
    thickness the size."""
    if not math.isfinite(weight):
        return Stroke(start, end, "bad", is_dashed=True)
    share = abs(weight) / largest if largest else 0.0
    style = sign_style(weight)
    level = UNLIT if light == "no" else max(1, math.ceil(share * STRENGTHS))
    name = "label" if weight == 0 else f"{style}:{level}"
    return Stroke(start, end, name, share >= HEAVY_FROM and light != "no", weight < 0)


def draw_edges(
    cells: Cells,
    snapshot: Snapshot,
    where: Layout,
    layer: int,
    largest: float,
    chosen: str | None,
    walk: Walk | None,
) -> int:
    """The edges that leave a layer, with their numbers; says for how many there was no room."""
    sources, targets = where.units[layer], where.units[layer + 1]
    name = f"W{layer + 1}"
    light = "" if walk is None else walk.lights_edges(layer) or "no"
    weights, numbers = snapshot.values[name], _edge_numbers(snapshot, name, walk)
    edges = [(source, target) for source in sources for target in targets]

    def size(edge: tuple[Unit, Unit]) -> tuple[bool, float]:
        weight = float(weights[edge[0].index, edge[1].index])
        is_chosen = f"{name}[{edge[0].index},{edge[1].index}]" == chosen
        return is_chosen, abs(weight) if math.isfinite(weight) else 0.0

    edges.sort(key=size)
    # More than these could not be told from one another: the largest are drawn.
    hidden = max(0, len(edges) - max(MIN_DRAWN, cells.height * 2 // 3))
    del edges[:hidden]
    strokes = [
        _stroke(
            float(weights[source.index, target.index]),
            largest,
            light,
            source.port(target.index, len(targets)),
            target.port(source.index, len(sources)),
        )
        for source, target in edges
    ]
    left, right = sources[0].right, targets[0].left
    if right - left < 2:
        return hidden + len(edges)
    sheaf = Strokes(strokes, left, right)
    sheaf.draw(cells)
    if light == "no":
        return 0
    taken: dict[int, list[range]] = {}
    crowd = np.cumsum(sheaf.crowd(cells.height, cells.width), axis=1).tolist()
    missing = hidden
    for number in reversed(range(len(edges))):
        source, target = edges[number]
        value = float(numbers[source.index, target.index])
        text, style = format_short(value), sign_style(value)
        if f"{name}[{source.index},{target.index}]" == chosen:
            style = "chosen"
        elif light == "made":
            style = "writes"
        spot = _free_spot(sheaf, number, len(text), taken, crowd, range(left, right))
        if spot is None:
            missing += 1
            continue
        line, column = spot
        taken.setdefault(line, []).append(range(column - 1, column + len(text) + 1))
        cells.write(line, column, text, style)
    return missing


def _edge_numbers(snapshot: Snapshot, name: str, walk: Walk | None) -> Array:
    """What is written on edges: the weights, or what an operation makes of their gradients."""
    makes = "" if walk is None else walk.writes
    if makes == f"{name}+":
        return snapshot.change(name)
    return snapshot.values[makes if makes == f"d{name}" else name]


def _free_spot(
    sheaf: Strokes,
    number: int,
    length: int,
    taken: dict[int, list[range]],
    crowd: list[list[int]],
    inside: range,
) -> tuple[int, int] | None:
    """Where on its edge a number covers least of the others.

    `taken` are the columns of numbers by line; `crowd` says how many strokes go through a line's
    cells up to each column.
    """
    best = None
    for share in PLACES if len(sheaf.strokes) <= MANY_EDGES else FEW_PLACES:
        line, middle = sheaf.at(number, share)
        column = max(inside.start + 1, min(middle - length // 2, inside.stop - 1 - length))
        end = column + length
        if column <= inside.start or not 0 <= line < len(crowd):
            continue
        if any(column < other.stop and other.start < end for other in taken.get(line, ())):
            continue
        covered = crowd[line][end - 1] - crowd[line][column - 1]
        if best is None or covered < best[0]:
            best = covered, line, column
        if covered <= length:  # only its own stroke
            break
    return None if best is None else best[1:]
