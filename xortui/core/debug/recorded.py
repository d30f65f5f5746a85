"""What a recorded step of theirs holds, as data: lines with their values, weights, outputs."""

from dataclasses import dataclass

import numpy as np

from xortui.core.model.functions import Array, Flags

DEVIATES = 1e-6  # of the largest number beside it


@dataclass(frozen=True, eq=False)
class Stop:
    """A value that one of their lines gave, in one step.

    `name` is what they call it (empty for a part of a line), `text` how it is written, `what` what
    it is (empty where nobody knows), `true` what it should
    be in their shape and scale (None where nobody knows); `verdict` as in `Role`, or empty.
    """

    line: int
    name: str
    text: str
    what: str
    theirs: Array
    true: Array | None
    verdict: str

    @property
    def deviates(self) -> Flags:
        """Which of the numbers are not what they should be, in their shape."""
        if self.true is None:
            return np.zeros(self.theirs.shape, dtype=bool)
        return differs(self.theirs, self.true)


@dataclass(frozen=True, eq=False)
class ParameterThen:
    """One of their arrays at a step: its numbers, what their update adds, and what is true.

    All in the shape that they gave it, and with the signs with which it enters the sums. `true` is
    None where the rate is not known.
    """

    name: str
    role: str
    values: Array
    change: Array
    true: Array | None


@dataclass(frozen=True, eq=False)
class RecordedStep:
    """One of their updates that was recorded, the `position`th: what was before it, and its lines.

    `number` counts updates from 0 where the loops tell, as `step` does everywhere; `x` [N, D],
    `labels` and `outputs` [N, K] are of all patterns with the weights before the update.
    """

    position: int
    number: int
    x: Array
    labels: Array
    outputs: Array
    loss: float
    parameters: tuple[ParameterThen, ...]
    stops: tuple[Stop, ...]

    @property
    def right(self) -> Flags:
        """Which rows [N] are nearer their own label than the other ones."""
        middle = (float(self.labels.max()) + float(self.labels.min())) / 2
        result: Flags = ((self.outputs > middle) == (self.labels > middle)).all(axis=1)
        return result


@dataclass(frozen=True)
class LineNote:
    """What a line of theirs is, and whether it is right: see `Role`."""

    what: str
    verdict: str


def differs(theirs: Array, true: Array) -> Flags:
    """Which numbers differ by more than rounding, or are not finite."""
    with np.errstate(all="ignore"):
        finite = np.abs(true[np.isfinite(true)])
        allowed = DEVIATES * float(finite.max(initial=0.0)) + 1e-15
        result: Flags = ~(np.abs(theirs - true) <= allowed)
    return result
