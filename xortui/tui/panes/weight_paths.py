"""Pure: the way that each weight has come since step 0, as small bars and as one chart."""

from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from xortui.core.analysis.over_run import parameters_over_run
from xortui.core.model.names import parameter_name
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.bars import EIGHTHS
from xortui.tui.drawing.lines import NUMBER_WIDTH, PLUS_OR_MINUS, Line
from xortui.tui.panes.run_paths import RunPaths, paint_run_paths

BAR_STRENGTH = 5  # fainter than numbers
HISTORY = NUMBER_WIDTH  # cells of a weight's path

Paths = NDArray[np.intp]


def paths_of(snapshot: Snapshot) -> Paths:
    """Every weight's path from step 0 to now in eighths of a cell, 1 to 8 between its least and
    its greatest value so far; [HISTORY, P], below 0 where the weight was.

    It is there for nothing: a snapshot brings a bounded number of steps on the way.
    """
    at = np.rint(np.linspace(0, len(snapshot.path) - 1, HISTORY)).astype(np.intp)
    values = snapshot.path[at]
    values[-1] = snapshot.parameters
    with np.errstate(all="ignore"):
        low, high = values.min(axis=0), values.max(axis=0)
        share = np.where(high > low, (values - low) / (high - low), 0.0)
        eighths: Paths = 1 + np.rint(7 * np.nan_to_num(share, posinf=1.0)).astype(np.intp)
    return np.where(values < 0, -eighths, eighths)


def path_bars(paths: Paths, index: int) -> Line:
    """One weight's path as bars, each in the colour of the sign that the weight had there."""
    bars = [
        (EIGHTHS[abs(eighths)], f"{PLUS_OR_MINUS[eighths > 0]}:{BAR_STRENGTH}")
        for eighths in paths[:, index].tolist()
    ]
    return [
        ("".join(bar for bar, _ in run), style) for style, run in groupby(bars, key=itemgetter(1))
    ]


def paint_weights_over_run(snapshot: Snapshot, width: int, height: int) -> list[Line]:
    """What the weights have been since step 0: the largest of them, where they are many."""
    steps, values = parameters_over_run(snapshot)
    if not np.isfinite(values).all():
        return []
    most = max(1, height - 2)
    shown = np.sort(np.argsort(-np.abs(values[-1]), kind="stable")[:most])
    names = [parameter_name(snapshot.recipe, snapshot.network.names[place]) for place in shown]
    low, high = float(values[:, shown].min()), float(values[:, shown].max())
    margin = 0.05 * (high - low) or 1.0
    ticks = {low: f"{low:+.2g}", high: f"{high:+.2g}"}
    if low < 0 < high:
        ticks[0.0] = "0"
    paths = RunPaths(steps, values[:, shown], names, low - margin, high + margin, ticks)
    head = "The weights over the run"
    if len(shown) < len(values[-1]):
        head = f"The {len(shown)} largest weights over the run"
    return paint_run_paths(paths, head, width, height)
