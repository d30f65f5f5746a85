"""What the network answers over a plane of two inputs: output, hidden units, and their lines."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import Array, Flags
from xortui.core.model.network import Network
from xortui.core.model.operation import FORWARD

LOW, HIGH = -0.2, 1.2  # of a plane of bits
MARGIN = 0.06  # around points, as a share of their spread
POINTS_IN_CELL = 4  # of a line, on its way through a cell


@dataclass(frozen=True)
class InputPlane:
    """Two inputs as axes; the others stay where `fixed` [D] has them.

    `across` and `up` are inputs counted from 0. What `fixed` says of these two does not matter.
    `x_ends` and `y_ends` are the least and greatest values shown. A plane of points `holds_all` of
    them: each is drawn by its two inputs, wherever its others are.
    """

    across: int
    up: int
    fixed: tuple[float, ...]
    x_ends: tuple[float, float] = (LOW, HIGH)
    y_ends: tuple[float, float] = (LOW, HIGH)
    holds_all: bool = False

    def centres(self, rows: int, columns: int) -> tuple[Array, Array]:
        """The inputs at the centres of cells: x [columns], and y [rows] from the top."""
        return cell_centres(*self.x_ends, columns), np.flip(cell_centres(*self.y_ends, rows))

    def inputs(self, x: Array, y: Array) -> Array:
        """The network's inputs [M, D] at the points (x, y) [M] of the plane."""
        points = np.tile(np.array(self.fixed, dtype=np.float64), (x.size, 1))
        points[:, self.across] = x.ravel()
        points[:, self.up] = y.ravel()
        return points

    def contains(self, bits: Array) -> Flags:
        """Which patterns [N, D] lie on the plane, [N]."""
        if self.holds_all:
            return np.ones(len(bits), dtype=np.bool_)
        others = [i for i in range(len(self.fixed)) if i not in (self.across, self.up)]
        on_plane: Flags = (bits[:, others] == np.array(self.fixed)[others]).all(axis=1)
        return on_plane


def input_plane(
    network: Network, across: int = 0, up: int = 1, fixed: tuple[float, ...] = ()
) -> InputPlane:
    """The plane of two inputs of a network; the others stay at 0 unless `fixed` [D] is given.

    Where there are points it is as large as they are spread, and the others stay at the points'
    mean.

    Raises ValueError where there are no such two inputs, or `fixed` has another length.
    """
    inputs = network.recipe.sizes[0]
    if across == up or not {across, up} <= set(range(inputs)):
        raise ValueError(f"the inputs {across} and {up} cannot be the axes; there are {inputs}")
    if fixed and len(fixed) != inputs:
        raise ValueError(f"the network has {inputs} inputs, not {len(fixed)}")
    if not network.recipe.is_points:
        return InputPlane(across, up, tuple(map(float, fixed)) or (0.0,) * inputs)
    mean = tuple(network.bits.mean(axis=0).tolist())
    every = np.vstack([network.bits, network.test_bits.reshape(-1, inputs)])
    ends = _ends(every[:, across]), _ends(every[:, up])
    return InputPlane(across, up, tuple(map(float, fixed)) or mean, *ends, holds_all=True)


def _ends(values: Array) -> tuple[float, float]:
    """The least and the greatest of some values, with a margin."""
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or 0.5  # where all are the same
    return low - margin, high + margin


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

    def contour(self) -> Array:
        """Points [M, 2] of the line, as (row, column), along which the output is 0.5."""
        return zero_line(self.output - 0.5)

    def zero_line(self, unit: int) -> Array:
        """Points [M, 2] of the line along which a hidden unit's weighted sum is 0."""
        return zero_line(self.sums[unit])

    def cells(self, x: Array, y: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The rows and the columns of the points (x, y) [M], or of the nearest cells."""
        columns = np.rint((x - self.x[0]) / (self.x[-1] - self.x[0]) * (len(self.x) - 1))
        rows = np.rint((y - self.y[0]) / (self.y[-1] - self.y[0]) * (len(self.y) - 1))
        found = np.clip(rows, 0, len(self.y) - 1), np.clip(columns, 0, len(self.x) - 1)
        return found[0].astype(np.intp), found[1].astype(np.intp)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The (row, column) of the point (x, y), or of the nearest cell where it lies outside."""
        rows, columns = self.cells(np.array([x]), np.array([y]))
        return int(rows[0]), int(columns[0])


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
    """The network over the plane, in `rows` by `columns` cells (at least 2 each).

    Without a plane it is that of the first two inputs: of bits over [-0.2, 1.2] squared.

    `layer` is the hidden layer that is looked at, counted from 1. Raises ValueError where the
    network has no such layer.
    """
    if not 1 <= layer <= len(network.recipe.hidden):
        raise ValueError(f"there is no hidden layer {layer}")
    plane = plane or input_plane(network)
    x, y = plane.centres(rows, columns)
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


def responses(
    network: Network, parameters: Array, rows: int, columns: int, plane: InputPlane | None = None
) -> dict[str, Array]:
    """Every unit over the square of `surface`: X, a1, ..., yhat, each [units, rows, columns]."""
    plane = plane or input_plane(network)
    x, y = plane.centres(rows, columns)
    values = _forward(network, parameters, plane.inputs(*np.meshgrid(x, y)))
    layers = [f"a{layer}" for layer in range(1, len(network.recipe.hidden) + 1)]
    return {name: values[name].T.reshape(-1, rows, columns) for name in ("X", *layers, "yhat")}


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


def zero_line(field: Array) -> Array:
    """Points [M, 2], as (row, column), close together on the lines along which a field is 0.

    The field [rows, columns] is known at the cells' centres, (0.5, 0.5) being the first one's, and
    taken as straight between neighbours (marching squares: Lorensen and Cline 1987, in the plane).
    Through what is not finite no line is drawn.
    """
    if min(field.shape) < 2:
        return np.empty((0, 2))
    is_above = field > 0
    corners = is_above[:-1, :-1], is_above[:-1, 1:], is_above[1:, 1:], is_above[1:, :-1]
    one, two, three, four = corners
    mixed = (one != two) | (two != three) | (three != four)
    rows, columns = np.nonzero(mixed)
    places = ((0, 0), (0, 1), (1, 1), (1, 0))
    around = np.array([field[rows + down, columns + right] for down, right in places])
    finite = np.isfinite(around).all(axis=0)
    around, rows, columns = around[:, finite], rows[finite], columns[finite]
    # Where each side of a square of four centres is crossed, going round: top, right, bottom, left.
    after = np.roll(around, -1, axis=0)
    crossed = (around > 0) != (after > 0)
    with np.errstate(all="ignore"):
        share = np.where(crossed, around / (around - after), 0.0)
    begin = np.array(places, dtype=np.float64)[:, None]
    way = np.roll(begin, -1, axis=0) - begin
    points = begin + way * share[..., None]
    order = np.argsort(~crossed, axis=0, kind="stable")
    numbers = np.arange(len(rows))
    starts = points[order[:2], numbers], points[order[2:], numbers]
    is_saddle = crossed.all(axis=0)
    pairs = np.concatenate([starts[0], starts[1][:, is_saddle]], axis=1)
    corner = np.stack([rows, columns], axis=-1) + 0.5
    pairs = pairs + np.concatenate([corner, corner[is_saddle]])
    along = ((np.arange(POINTS_IN_CELL) + 0.5) / POINTS_IN_CELL)[:, None, None]
    line: Array = (pairs[0] * (1 - along) + pairs[1] * along).reshape(-1, 2)
    return line


def _forward(network: Network, parameters: Array, bits: Array) -> Mapping[str, Array]:
    return network.evaluate(parameters, (FORWARD,), bits=bits).values
