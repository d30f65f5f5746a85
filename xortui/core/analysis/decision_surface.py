"""What the network answers over a plane of two inputs: output, hidden units, and their lines."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import Array
from xortui.core.model.network import FORWARD, Network

LOW, HIGH = -0.2, 1.2

Cells = NDArray[np.bool_]


@dataclass(frozen=True)
class InputPlane:
    """Two inputs as axes; the others stay where `fixed` [D] has them.

    `across` and `up` are inputs counted from 0. What `fixed` says of these two does not matter.
    """

    across: int
    up: int
    fixed: tuple[float, ...]

    def inputs(self, x: Array, y: Array) -> Array:
        """The network's inputs [M, D] at the points (x, y) [M] of the plane."""
        points = np.tile(np.array(self.fixed, dtype=np.float64), (x.size, 1))
        points[:, self.across] = x.ravel()
        points[:, self.up] = y.ravel()
        return points

    def contains(self, bits: Array) -> Cells:
        """Which patterns [N, D] lie on the plane, [N]."""
        others = [i for i in range(len(self.fixed)) if i not in (self.across, self.up)]
        on_plane: Cells = (bits[:, others] == np.array(self.fixed)[others]).all(axis=1)
        return on_plane


def input_plane(
    network: Network, across: int = 0, up: int = 1, fixed: tuple[float, ...] = ()
) -> InputPlane:
    """The plane of two inputs of a network; the others stay at 0 unless `fixed` [D] is given.

    Raises ValueError where there are no such two inputs, or `fixed` has another length.
    """
    inputs = network.recipe.sizes[0]
    if across == up or not {across, up} <= set(range(inputs)):
        raise ValueError(f"the inputs {across} and {up} cannot be the axes; there are {inputs}")
    if fixed and len(fixed) != inputs:
        raise ValueError(f"the network has {inputs} inputs, not {len(fixed)}")
    return InputPlane(across, up, tuple(map(float, fixed)) or (0.0,) * inputs)


@dataclass(frozen=True, eq=False)
class Surface:
    """The network over a grid of cells; row 0 is the top, where the input that goes up is greatest.

    `x` [columns] and `y` [rows] are the inputs at the cells' centres. `output` [rows, columns] is
    the network's output there; `hidden` and `sums` [units, rows, columns] are the activations and
    weighted sums of hidden layer number `layer`.
    """

    plane: InputPlane
    layer: int
    x: Array
    y: Array
    output: Array
    hidden: Array
    sums: Array

    def contour(self) -> Cells:
        """The cells [rows, columns] along which the output is 0.5."""
        return crossings(self.output - 0.5)

    def zero_line(self, unit: int) -> Cells:
        """The cells [rows, columns] along which a hidden unit's weighted sum is 0."""
        return crossings(self.sums[unit])

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The (row, column) of the point (x, y), or of the nearest cell where it lies outside."""
        column = round((x - self.x[0]) / (self.x[-1] - self.x[0]) * (len(self.x) - 1))
        row = round((y - self.y[0]) / (self.y[-1] - self.y[0]) * (len(self.y) - 1))
        return min(max(row, 0), len(self.y) - 1), min(max(column, 0), len(self.x) - 1)


@dataclass(frozen=True, eq=False)
class Probe:
    """The network at one point: `inputs` [D], `output`, and each hidden layer's activations."""

    inputs: Array
    output: float
    hidden: tuple[Array, ...]


def surface(
    network: Network,
    parameters: Array,
    rows: int,
    columns: int,
    plane: InputPlane | None = None,
    layer: int = 1,
) -> Surface:
    """The network over [-0.2, 1.2] squared, in `rows` by `columns` cells (at least 2 each).

    `layer` is the hidden layer that is looked at, counted from 1. Raises ValueError where the
    network has no such layer.
    """
    if not 1 <= layer <= len(network.recipe.hidden):
        raise ValueError(f"there is no hidden layer {layer}")
    plane = plane or input_plane(network)
    x, y = cell_centres(LOW, HIGH, columns), np.flip(cell_centres(LOW, HIGH, rows))
    across, up = np.meshgrid(x, y)
    values = _forward(network, parameters, plane.inputs(across, up))
    units = network.recipe.hidden[layer - 1]
    shape = (units, rows, columns)
    return Surface(
        plane,
        layer,
        x,
        y,
        values["yhat"].reshape(rows, columns),
        values[f"a{layer}"].T.reshape(shape),
        values[f"z{layer}"].T.reshape(shape),
    )


def probe(network: Network, parameters: Array, inputs: Array) -> Probe:
    """The network at the inputs [D]."""
    values = _forward(network, parameters, np.array(inputs, dtype=np.float64).reshape(1, -1))
    layers = range(1, len(network.recipe.hidden) + 1)
    return Probe(
        values["X"][0],
        float(values["yhat"][0, 0]),
        tuple(values[f"a{layer}"][0] for layer in layers),
    )


def cell_centres(low: float, high: float, cells: int) -> Array:
    """The centres [cells] of equal cells that cover low to high."""
    centres: Array = low + (np.arange(cells, dtype=np.float64) + 0.5) * ((high - low) / cells)
    return centres


def crossings(field: Array) -> Cells:
    """The cells where a field [rows, columns] changes sign, each crossing marked once.

    Of two neighbours on different sides the one nearer to 0 is marked, which draws the line one
    cell wide. What is not finite has no side.
    """
    marked = np.zeros(field.shape, dtype=np.bool_)
    with np.errstate(all="ignore"):
        above, size = field > 0, np.abs(field)
        for one, other in (
            (np.s_[:, :-1], np.s_[:, 1:]),
            (np.s_[:-1, :], np.s_[1:, :]),
        ):
            crossed = (above[one] != above[other]) & np.isfinite(field[one] + field[other])
            is_nearer = size[one] <= size[other]
            marked[one] |= crossed & is_nearer
            marked[other] |= crossed & ~is_nearer
    return marked


def _forward(network: Network, parameters: Array, bits: Array) -> Mapping[str, Array]:
    return network.evaluate(parameters, (FORWARD,), bits=bits).values
