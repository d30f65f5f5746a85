"""The loss landscape: the mean loss over a plane through the present weights.

The plane of a path is that of its leading principal directions, as in Li, Xu, Taylor, Studer and
Goldstein, "Visualizing the Loss Landscape of Neural Nets" (2018).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from xortui.core.analysis.decision_surface import cell_centres
from xortui.core.analysis.hidden_space import principal_components
from xortui.core.analysis.statistics import percent
from xortui.core.model.batch import losses_of
from xortui.core.model.functions import Array, Flags
from xortui.core.model.network import Network

# How many numbers a slice of the work may touch: about a millisecond.
SLICE_NUMBERS = 40_000
# A loss of 0 has no logarithm.
MIN_LOSS = 1e-12
# Half the least width of a plane, in units of the weights: a view of one point is no view.
MIN_REACH = 2.0
MARGIN = 0.25


@dataclass(frozen=True, eq=False)
class WeightPlane:
    """The parameter vectors origin + x across + y up; both directions [P] have length 1.

    `axes` names the two directions.
    """

    axes: tuple[str, str]
    origin: Array
    across: Array
    up: Array

    def project(self, parameters: Array) -> Array:
        """Where parameter vectors [T, P] stand in the plane, [T, 2]: their nearest points in it."""
        with np.errstate(all="ignore"):  # near divergence it overflows to infinity
            away = parameters - self.origin
            return np.stack([away @ self.across, away @ self.up], axis=-1)

    def at(self, x: Array, y: Array) -> Array:
        """The parameter vectors [M, P] at the points (x, y) [M]."""
        vectors: Array = self.origin + x[:, None] * self.across + y[:, None] * self.up
        return vectors


@dataclass(frozen=True)
class Extent:
    """The part of a plane that is looked at."""

    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True, eq=False)
class Landscape:
    """log10 of the mean loss over a plane; row 0 is the top.

    `x` [columns] and `y` [rows] are the cells' centres. `log_loss` [rows, columns] is NaN where it
    has not been computed yet, infinite where the loss is. `done` of `log_loss.size` cells are done.
    """

    plane: WeightPlane
    extent: Extent
    x: Array
    y: Array
    log_loss: Array
    done: int

    @property
    def is_complete(self) -> bool:
        """Whether every cell is done."""
        return self.done == self.log_loss.size

    def contours(self, every: float = 0.5) -> Flags:
        """The cells below which a contour passes: `every` that many powers of ten."""
        with np.errstate(invalid="ignore"):
            bands = np.floor(self.log_loss / every)
            marked = np.zeros(bands.shape, dtype=np.bool_)
            # The lower of two neighbours is marked, so that a basin is drawn from inside.
            right, down = np.diff(bands, axis=1), np.diff(bands, axis=0)
            marked[:, :-1] |= right > 0
            marked[:, 1:] |= right < 0
            marked[:-1] |= down > 0
            marked[1:] |= down < 0
        return marked


def plane_of_parameters(network: Network, parameters: Array, across: str, up: str) -> WeightPlane:
    """The plane of two parameters, such as W1[0,0] and W2[1,0]; coordinates are their values.

    Raises ValueError where the network has no such two parameters.
    """
    for name in (across, up):
        if name not in network.names:
            raise ValueError(f"this network has no parameter {name}")
    if across == up:
        raise ValueError("a plane needs two different parameters")
    indices = [network.names.index(across), network.names.index(up)]
    origin = parameters.copy()
    origin[indices] = 0.0
    directions = np.zeros((2, len(parameters)))
    directions[[0, 1], indices] = 1.0
    return WeightPlane((across, up), origin, *directions)


def plane_of_path(parameters: Array, path: Array) -> WeightPlane:
    """The plane through the present parameters [P] along the leading directions of a path [T, P].

    Coordinates are distances from the present point. A path that does not move gives some plane.
    """
    points = np.vstack([path, parameters, parameters])  # at least two, as a plane needs
    directions, shown = principal_components(points[np.isfinite(points).all(axis=1)])
    across = f"first direction of the path ({percent(shown)} in both)"
    return WeightPlane((across, "second direction of the path"), parameters.copy(), *directions)


def extent_around(plane: WeightPlane, parameters: Array, path: Array) -> Extent:
    """The extent that holds the present parameters [P] and the path [T, P], with a margin."""
    points = plane.project(np.vstack([path, parameters]))
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        points = np.zeros((1, 2))
    low, high = points.min(axis=0), points.max(axis=0)
    centre, reach = (low + high) / 2, np.maximum((high - low) * (0.5 + MARGIN), MIN_REACH)
    (left, bottom), (right, top) = (centre - reach).tolist(), (centre + reach).tolist()
    return Extent(left, right, bottom, top)


def landscape(
    network: Network, plane: WeightPlane, extent: Extent, rows: int, columns: int
) -> Iterator[Landscape]:
    """The landscape as it comes about, in slices of about a millisecond; the last is complete."""
    x = cell_centres(extent.left, extent.right, columns)
    y = cell_centres(extent.bottom, extent.top, rows)[::-1]
    across, up = (axis.ravel() for axis in np.meshgrid(x, y))
    log_loss = np.full(rows * columns, np.nan)
    count = cells_per_slice(network)
    for start in range(0, len(log_loss), count):
        cells = slice(start, min(start + count, len(log_loss)))
        losses = losses_of(network, plane.at(across[cells], up[cells]))
        log_loss[cells] = np.log10(np.maximum(losses, MIN_LOSS))  # a NaN stays one
        grid = log_loss.reshape(rows, columns).copy()
        yield Landscape(plane, extent, x, y, grid, cells.stop)


def cells_per_slice(network: Network) -> int:
    """How many cells a slice does: as many networks as touch `SLICE_NUMBERS` numbers."""
    sizes = network.recipe.sizes
    activations = len(network.bits) * sum(sizes[1:])
    # A product of matrices does about sixteen multiplications in the time of one activation.
    products = len(network.bits) * sum(a * b for a, b in pairwise(sizes)) // 16
    return max(1, SLICE_NUMBERS // (activations + products + network.size))
