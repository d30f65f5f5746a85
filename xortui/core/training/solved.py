"""What solved means: enough of the rows are right, and the mean loss is below the goal."""

import numpy as np

from xortui.core.model.functions import Array, Flags
from xortui.core.model.problem import ALL

GOAL = 0.01
# An output further than this from its label is right in no sense, whichever side of 0.5 it is on.
# A single one keeps the mean loss of the largest table, 256 rows, above the goal.
FAR_OFF = 3.0


def right_rows(outputs: Array, labels: Array) -> Flags:
    """Which outputs [..., N] are strictly on their label's [N] side of 0.5, and not far off."""
    rows: Flags = (outputs - 0.5) * (labels - 0.5) > 0
    rows &= np.abs(outputs - labels) <= FAR_OFF
    return rows


def enough_right(right: Flags, share: float) -> Flags:
    """Whether as many of the rows are `right` [..., N] as `share` asks for, [...]."""
    if share == ALL:
        return np.asarray(right.all(axis=-1))
    return np.asarray(right.sum(axis=-1) >= share * right.shape[-1])
