"""Which end of `ends.py` a network has come to: one code for the sweep and for the status line."""

from collections.abc import Sequence

import numpy as np

from xortui.core.analysis.ends import (
    GOT_WORSE,
    LOCAL_MINIMUM,
    OSCILLATES,
    PLATEAU,
    SADDLE,
    STILL_LEARNING,
)
from xortui.core.analysis.measurements import (
    CURVED,
    at_rest,
    least_curvatures,
    look_ahead,
    near_constant,
)
from xortui.core.model.functions import Array, constant_loss
from xortui.core.model.network import Network

# A loss above so many times that of the best single answer is far above chance.
FAR_ABOVE = 2.0


def verdicts(
    network: Network,
    parameters: Array,
    losses: Array,
    first_losses: Array,
    kept: Array | None = None,
    step: int = 0,
    seeds: Sequence[int] = (),
) -> list[str]:
    """How [S] networks stand that are neither solved, nor were, nor have diverged.

    `parameters` [S, P] and mean `losses` [S] are those at the step to be judged, `first_losses` [S]
    those at step 0. `kept` [S, K] is what the optimiser keeps, zeros if it is left out. `step` is
    the step to be judged, and `seeds` [S] are the networks', where batches go by them.
    """
    found = [STILL_LEARNING] * len(parameters)
    kept = np.zeros((len(parameters), network.kept_size)) if kept is None else kept
    resting = at_rest(network, parameters, losses)
    still = np.flatnonzero(resting)
    if len(still):
        curvatures = least_curvatures(network, parameters[still])
        constant = near_constant(network, parameters[still])
        for index, curvature, is_constant in zip(still, curvatures, constant, strict=True):
            found[index] = kind_at_rest(float(curvature), bool(is_constant))
    moving = np.flatnonzero(~resting)
    if len(moving):
        now = losses[moving], first_losses[moving]
        theirs = [seeds[index] for index in moving.tolist()] if seeds else ()
        kinds = _moving(network, parameters[moving], *now, kept[moving], step, theirs)
        for index, kind in zip(moving, kinds, strict=True):
            found[index] = kind
    return found


def kind_at_rest(curvature: float, is_constant: bool) -> str:
    """What a network at rest is at, from its least curvature (NaN where that is not known).

    `is_constant` says whether its outputs are one answer for every row.
    """
    if curvature > CURVED:
        return LOCAL_MINIMUM
    return SADDLE if curvature < -CURVED and not is_constant else PLATEAU


def _moving(
    network: Network,
    parameters: Array,
    losses: Array,
    first_losses: Array,
    kept: Array,
    step: int,
    seeds: Sequence[int],
) -> list[str]:
    ahead = look_ahead(network, parameters, kept=kept, first=step, seeds=seeds)
    far = FAR_ABOVE * constant_loss(network.labels, network.recipe.loss)
    worse = (losses > first_losses) | ((losses > far) & ~ahead.falls)
    return [
        OSCILLATES if jumps else GOT_WORSE if is_worse else STILL_LEARNING
        for jumps, is_worse in zip(ahead.jumps & ~ahead.falls, worse, strict=True)
    ]
