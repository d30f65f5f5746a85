"""Hidden space: where the patterns stand in the activations of the last hidden layer."""

from dataclasses import dataclass

import numpy as np

from xortui.core.analysis.decision_surface import cell_centres
from xortui.core.model.batch import evaluate_many
from xortui.core.model.functions import Array
from xortui.core.model.names import unit_name
from xortui.core.model.network import Network
from xortui.core.model.operation import FORWARD


@dataclass(frozen=True, eq=False)
class DividingLine:
    """The points p [2] of a plane with normal . p = offset."""

    normal: Array
    offset: float

    def side(self, points: Array) -> Array:
        """normal . p - offset for points [..., 2]: positive where the output is above 0.5."""
        side: Array = points @ self.normal - self.offset
        return side


@dataclass(frozen=True, eq=False)
class HiddenSpace:
    """The patterns in hidden activations.

    `tests` [T, K] are the points that are set aside.
    `points` [N, K]: K is 1 for one hidden unit, else 2. `axes` names the K directions. `trail`
    [T, N, K] is where the patterns stood for earlier parameters, in the same directions.
    `shown` is the share of the points' spread that these directions show: 1 for up to two units.
    `line` divides outputs above 0.5 from those below: only for two units, where it is a line.
    `threshold` is the same for one unit: the activation whose output is 0.5.
    """

    axes: tuple[str, ...]
    points: Array
    trail: Array
    shown: float
    line: DividingLine | None
    threshold: float | None
    tests: Array

    @property
    def extent(self) -> tuple[Array, Array]:
        """The least and greatest coordinates [K] of all points and trails, with a margin."""
        every = np.concatenate([self.trail, self.points[None]]).reshape(-1, len(self.axes))
        every = np.concatenate([every, self.tests])
        every = every[np.isfinite(every).all(axis=1)]
        if not len(every):
            return np.zeros(len(self.axes)), np.ones(len(self.axes))
        low, high = every.min(axis=0), every.max(axis=0)
        margin = 0.1 * np.maximum(high - low, 0.1)
        return low - margin, high + margin

    def sides(self, low: Array, high: Array, rows: int, columns: int) -> Array:
        """Over a grid of cells between two corners, positive where the output is above 0.5 and 0 on
        the dividing line, [rows, columns]; row 0 is the top. Without a line it is NaN."""
        if self.line is None:
            return np.full((rows, columns), np.nan)
        x = cell_centres(low[0], high[0], columns)
        y = cell_centres(low[1], high[1], rows)[::-1, None]
        with np.errstate(all="ignore"):
            sides: Array = self.line.normal[0] * x + self.line.normal[1] * y - self.line.offset
        return sides


def hidden_space(network: Network, parameters: Array, trail: Array | None = None) -> HiddenSpace:
    """The patterns in the last hidden layer's activations; `trail` [T, P] is earlier parameters.

    With more than two units the directions are the first two principal components of the points
    as they are now.
    """
    earlier = np.empty((0, network.size)) if trail is None else trail
    layer = len(network.recipe.hidden)
    every = evaluate_many(network, np.vstack([earlier, parameters]), (FORWARD,))[f"a{layer}"]
    points, before = every[-1], every[:-1]
    units = points.shape[1]
    tests = np.empty((0, units))
    if len(network.test_bits):
        values = evaluate_many(network, parameters[np.newaxis], (FORWARD,), network.test_bits)
        tests = values[f"a{layer}"][0]
    if units <= 2:
        axes = tuple(unit_name(layer, unit, network.recipe.sizes) for unit in range(units))
        line, threshold = _divider(network, parameters)
        return HiddenSpace(axes, points, before, 1.0, line, threshold, tests)
    components, shown = principal_components(points)
    centre = points.mean(axis=0)
    return HiddenSpace(
        ("first principal component", "second principal component"),
        (points - centre) @ components.T,
        (before - centre) @ components.T,
        shown,
        None,
        None,
        (tests - centre) @ components.T,
    )


def principal_components(points: Array) -> tuple[Array, float]:
    """The two leading directions [2, D] of points [N, D], N and D at least 2, and the share shown.

    From the singular value decomposition of the centred points. Of the two signs of a direction
    the one whose largest entry is positive is taken, so that a picture does not flip for nothing.
    Points that do not spread, or are not finite, give some two directions at right angles.
    """
    with np.errstate(all="ignore"):
        centred = points - points.mean(axis=0)
        scale = float(np.abs(centred).max())
    if not np.isfinite(scale):
        return np.eye(2, points.shape[1]), 0.0
    # Scaled to 1, or the squares of numbers near divergence overflow.
    _, spread, directions = np.linalg.svd(centred / (scale or 1.0), full_matrices=False)
    leading: Array = directions[:2]
    largest = np.abs(leading).argmax(axis=1)
    leading = leading * np.sign(leading[np.arange(2), largest])[:, None]
    total = float((spread**2).sum())
    return leading, float((spread[:2] ** 2).sum()) / total if total > 0 else 1.0


def _divider(network: Network, parameters: Array) -> tuple[DividingLine | None, float | None]:
    """Where the output is 0.5: a line in the plane of two units, or a point for one."""
    recipe, views = network.recipe, network.views(parameters)
    last = len(recipe.hidden) + 1
    weights = views[f"W{last}"][:, 0].copy()
    level = 0.5 if recipe.output == "linear" else 0.0  # of the weighted sum, where the output is ½
    offset = level - (float(views[f"b{last}"][0]) if recipe.bias else 0.0)
    if len(weights) == 2:
        return DividingLine(weights, offset), None
    has_threshold = weights[0] != 0 and bool(np.isfinite(weights[0]))
    return None, offset / float(weights[0]) if has_threshold else None
