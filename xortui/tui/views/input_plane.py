"""What views over a plane of two inputs have in common: which two, and what the others stay at."""

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.analysis.decision_surface import (
    InputPlane,
    Surface,
    input_plane,
    responses,
    surface,
)
from xortui.core.model.functions import Array
from xortui.core.model.names import SUBSCRIPTS
from xortui.core.model.network import Network
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.pane import Pane

# How many numbers a surface may touch in a frame, and all small pictures: a few milliseconds.
FRAME_NUMBERS, PICTURE_NUMBERS = 400_000, 60_000


@dataclass(frozen=True)
class Picture:
    """Where a picture stands in a pane: its first column, and its columns and lines.

    Pixels are square, two in a cell, and so is the picture where there is room for that.
    """

    left: int
    columns: int
    lines: int

    @classmethod
    def within(cls, width: int, lines: int, beside: int = 0, below: int = 0) -> "Picture":
        """The largest square; words may stand `beside` it or `below`, in so many cells at least.

        Where room is left and words do not fit into it, the picture is in the middle, or fills it.
        """
        width, lines = max(1, width), max(1, lines)
        if width > 2 * lines:
            spare = width - 2 * lines
            if spare >= beside:
                return cls(0, 2 * lines, lines)
            return cls(spare // 2, 2 * lines, lines) if spare < lines else cls(0, width, lines)
        square = (width + 1) // 2
        return cls(0, width, square if lines - square >= below else lines)


def surface_for_frame(
    network: Network, parameters: Array, rows: int, columns: int, plane: InputPlane, layer: int = 1
) -> Surface:
    """The network over `rows` by `columns` cells, in larger steps where it is too large for a
    frame to hold: several cells then show what is exact for the middle of them."""
    rows, columns = max(2, rows), max(2, columns)
    step = _step(network, rows * columns, FRAME_NUMBERS)
    if step == 1:
        return surface(network, parameters, rows, columns, plane, layer)
    few = max(2, rows // step), max(2, columns // step)
    coarse = surface(network, parameters, *few, plane, layer)
    lines, places = np.arange(rows) * few[0] // rows, np.arange(columns) * few[1] // columns
    x, y = plane.centres(rows, columns)
    return replace(
        coarse,
        x=x,
        y=y,
        output=coarse.output[np.ix_(lines, places)],
        hidden=coarse.hidden[:, lines][:, :, places],
        sums=coarse.sums[:, lines][:, :, places],
    )


def responses_for_frame(
    network: Network, parameters: Array, rows: int, columns: int, plane: InputPlane
) -> dict[str, Array]:
    """Every unit over a small picture, in larger steps where the network is large."""
    step = _step(network, rows * columns, PICTURE_NUMBERS)
    few = max(2, rows // step), max(2, columns // step)
    found = responses(network, parameters, *few, plane)
    if few == (rows, columns):
        return found
    lines, places = np.arange(rows) * few[0] // rows, np.arange(columns) * few[1] // columns
    return {name: values[:, lines][:, :, places] for name, values in found.items()}


def _step(network: Network, cells: int, most: int) -> int:
    """How many cells beside one another must share what is worked out for one of them."""
    sizes = network.recipe.sizes
    # A product of matrices does about sixteen multiplications in the time of one activation.
    each = sum(sizes) + sum(a * b for a, b in pairwise(sizes)) // 16
    return math.ceil(math.sqrt(cells * each / most))


def input_name(index: int) -> str:
    """x₁ for input 0."""
    return f"x{index + 1}".translate(SUBSCRIPTS)


def axes_words(plane: InputPlane) -> str:
    """The two axes with their directions, and what the other inputs stay at."""
    others = [i for i in range(len(plane.fixed)) if i not in (plane.across, plane.up)]
    words = f"{input_name(plane.across)} →  {input_name(plane.up)} ↑ "
    if plane.holds_all:
        return f"{words} others at their mean " if others else words
    values = [f"{plane.fixed[i]:g}" for i in others]
    if len(others) > 2:
        return f"{words} others {''.join(values)} "
    named = [f" {input_name(i)}={value}" for i, value in zip(others, values, strict=True)]
    return "".join([words, *named, " " * bool(named)])


class InputPlanePane(Pane):
    """`a` turns the plane to the next pair of inputs, `v` changes what the others are held at."""

    BINDINGS = [
        Binding("a", "axes", "axes", tooltip="Other inputs as axes (from three inputs on)"),
        Binding(
            "v", "fixed", "other inputs", tooltip="Other values of the inputs that are no axes"
        ),
    ]

    # Which pair of inputs are the axes, and which values the others have, both counted through.
    pair = reactive(0)
    held = reactive(0)

    def plane(self, snapshot: Snapshot) -> InputPlane:
        """The plane that is shown."""
        inputs = snapshot.recipe.sizes[0]
        pairs = [(a, b) for a in range(inputs) for b in range(a + 1, inputs)]
        across, up = pairs[self.pair % len(pairs)]
        if snapshot.recipe.is_points:
            return input_plane(snapshot.network, across, up)
        fixed = [float(self.held >> place & 1) for place in range(inputs - 2)]
        for index in (across, up):
            fixed.insert(index, 0.0)
        return input_plane(snapshot.network, across, up, tuple(fixed))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """With two inputs there is only one plane; points have no values to hold others at."""
        is_turned = action in ("axes", "fixed")
        if not is_turned or self.snapshot is None:
            return True
        recipe = self.snapshot.recipe
        return recipe.inputs > 2 and (action == "axes" or not recipe.is_points)

    def action_axes(self) -> None:
        self.pair += 1

    def action_fixed(self) -> None:
        if self.snapshot is not None:
            self.held = (self.held + 1) % 2 ** (self.snapshot.recipe.sizes[0] - 2)
