"""Pure: the way that each weight has come since step 0, as a row of small bars."""

from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.bars import EIGHTHS
from xortui.tui.drawing.lines import NUMBER_WIDTH, PLUS_OR_MINUS, Line

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
