"""Whether a run blew up, and where to go back to: the last step at which it was calm."""

import numpy as np

from xortui.core.training.snapshot import Snapshot

# A loss that is above the one at the start and above so many times chance has begun to blow up.
HIGH = 10.0


def has_blown_up(snapshot: Snapshot) -> bool:
    """Whether the run diverged, or its loss is `HIGH` times that of always answering 0.5."""
    return snapshot.diverged_at is not None or snapshot.loss > HIGH * snapshot.chance_loss


def calm_step(snapshot: Snapshot) -> int:
    """The last step before the loss blew up, not before the last edit.

    Blown up is a loss above `HIGH` times chance and above what it was after the last edit. The step
    is that at which a bucket of the curve begins; the present one where nothing blew up.
    """
    curve = snapshot.curve
    edited = snapshot.last_edit
    begin = -(-edited // curve.width)
    high = curve.high[begin : snapshot.step // curve.width + 1]
    if not len(high):
        return edited
    limit = max(HIGH * snapshot.chance_loss, float(curve.first[begin]))
    is_over = snapshot.diverged or snapshot.loss > limit
    if not is_over:
        return snapshot.step
    calm = np.flatnonzero(high <= limit)
    # The steps after the last calm bucket are those of the rise.
    return max(edited, (begin + int(calm[-1])) * curve.width) if len(calm) else edited
