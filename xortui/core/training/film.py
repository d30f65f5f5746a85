"""Which steps of a run make a film: as many as there are pictures, close where the loss changes."""

import numpy as np

from xortui.core.training.loss_curve import LossCurve

PLACES = 4096
LEAST_LOSS = 1e-12  # below this a change of the loss is not worth watching


def film_steps(curve: LossCurve, first: int, last: int, count: int) -> list[int]:
    """`count` steps from `first` to `last`, rising; neighbours can be the same in a short run.

    Half of the film passes evenly over the steps, the other half over the ups and downs of the loss
    on a log axis: it goes slowly where the loss changes fast, and never stands still.
    """
    steps = np.linspace(first, last, PLACES + 1)
    starts = np.arange(len(curve.first)) * curve.width
    losses = np.maximum(np.interp(steps, starts, curve.first), LEAST_LOSS)
    place = np.linspace(0.0, 1.0, PLACES + 1)
    way = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(np.log(losses))))])
    if way[-1] > 0:
        place = (place + way / way[-1]) / 2
    chosen = np.interp(np.linspace(0.0, 1.0, max(2, count)), place, steps)
    return [int(step) for step in np.rint(chosen)][-count:]
