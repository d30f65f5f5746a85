"""What the loss has done since the last edit and up to the present step, read from the curve."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import Array
from xortui.core.training.loss_curve import NEVER
from xortui.core.training.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class LossWindow:
    """The buckets of the curve from `start` to the present step, and the loss there.

    `first`, `low`, `high` and `last` [B] are the losses of `width` steps each; B may be 0. An edit
    begins a new history, because what was seen before it says nothing about what is there now.
    `at_chance` is for how many steps, up to now, the loss has been that of one answer for every
    row; exactly, however wide the buckets are.
    """

    start: int
    step: int
    width: int
    first: Array
    low: Array
    high: Array
    last: Array
    loss: float
    at_chance: int

    def window(self, steps: int) -> "LossWindow | None":
        """The part that covers the last `steps` steps; None where the history is shorter."""
        buckets = max(2, -(-steps // self.width) + 1)  # the losses at both ends
        if self.step - self.start < steps or len(self.last) < buckets:
            return None
        return self._since(len(self.last) - buckets)

    def fall(self) -> float:
        """The loss lost from the beginning to now, as a share of the loss now."""
        return (float(self.first[0]) - self.loss) / self.loss if self.loss > 0 else 0.0

    def turns(self, swing: float) -> float:
        """How often the loss turned from falling to rising or back: 1 is at every step.

        Only turns of more than `swing` times the loss count. Of steps that share a bucket it is
        known only whether the loss turned between them.
        """
        if self.width == 1:
            change = np.diff(self.last)
            large = np.abs(change) > swing * self.last[1:]
            turned: NDArray[np.bool_] = (
                (np.sign(change[1:]) * np.sign(change[:-1]) < 0) & large[1:] & large[:-1]
            )
        else:
            over = self.high - np.maximum(self.first, self.last)
            under = np.minimum(self.first, self.last) - self.low
            # What swings at every step ends each bucket of an even width as if it only fell.
            within, between = self.last - self.first, np.zeros(len(self.last))
            between[:-1] = self.first[1:] - self.last[:-1]
            back = np.minimum(np.abs(within), np.abs(between)) * (
                np.sign(within) * np.sign(between) < 0
            )
            turned = np.maximum(np.maximum(over, under), back)[:-1] > swing * self.low[:-1]
        return float(turned.mean()) if len(turned) else 0.0

    def jump(self, factor: float) -> tuple[int, float] | None:
        """The first step at which the loss rose `factor` times above its least before, and to what.

        The step is that at which the bucket begins.
        """
        if len(self.low) < 2:
            return None
        least = np.minimum.accumulate(self.low)[:-1]
        jumped = np.flatnonzero(self.high[1:] > factor * least)
        if not len(jumped):
            return None
        at = int(jumped[0]) + 1
        peak = float(self.high[at : at + 50].max())
        return self.start + at * self.width, peak

    def _since(self, bucket: int) -> "LossWindow":
        return replace(
            self,
            start=self.start + bucket * self.width,
            first=self.first[bucket:],
            low=self.low[bucket:],
            high=self.high[bucket:],
            last=self.last[bucket:],
        )


def loss_window(snapshot: Snapshot) -> LossWindow:
    """The history of a snapshot: whole buckets only, and the newest if the run stands at it."""
    curve = snapshot.curve
    edited = snapshot.last_edit
    begin = -(-edited // curve.width)
    end = -(-curve.steps // curve.width)
    if snapshot.step + 1 < curve.steps:
        end = (snapshot.step + 1) // curve.width
    seen = slice(begin, max(begin, end))
    return LossWindow(
        start=begin * curve.width,
        step=snapshot.step,
        width=curve.width,
        first=curve.first[seen],
        low=curve.low[seen],
        high=curve.high[seen],
        last=curve.last[seen],
        loss=snapshot.loss,
        at_chance=_steps_at_chance(snapshot, edited),
    )


def _steps_at_chance(snapshot: Snapshot, edited: int) -> int:
    """For how many steps the loss has been that of one answer, since the last edit.

    0 where the run has been further and the present bucket does not tell.
    """
    curve, step = snapshot.curve, snapshot.step
    away = curve.away[edited // curve.width : step // curve.width + 1]
    last = int(away.max(initial=NEVER))
    return 0 if last >= step else step - max(edited, last + 1)
