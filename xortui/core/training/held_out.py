"""The points that are set aside: how the network does on them, now and over the run.

Nothing is ever trained on them, so they tell whether what was learned holds for new points.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.batch import BLOCK_NUMBERS, evaluate_many
from xortui.core.model.functions import Array, Flags, row_losses
from xortui.core.model.network import Network
from xortui.core.model.operation import FORWARD
from xortui.core.training.solved import right_rows

MAX_SAMPLES = 1024

# The test loss has to be at least so much above its least, as a share of that, all through the
# last half of the steps since then, and the training loss so much below what it was then.
RISEN, FALLEN = 0.1, 0.1
MIN_SAMPLES = 8  # in that half: fewer may be chance


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The network on the points that are set aside: `outputs` and `right` [T], and mean `loss`."""

    outputs: Array
    right: Flags
    loss: float


def held_out(network: Network, parameters: Array) -> HeldOut | None:
    """How a network does on the points that are set aside; None where there are none."""
    if not len(network.test_bits):
        return None
    outputs, losses = _evaluated(network, parameters[np.newaxis])
    right = right_rows(outputs[0], network.test_labels[:, 0])
    for array in (outputs, right):
        array.flags.writeable = False
    return HeldOut(outputs[0], right, float(losses[0]))


def test_losses(network: Network, parameters: Array) -> Array:
    """The mean loss [S] over the points set aside, for each of the parameter vectors [S, P]."""
    each = network.size + len(network.test_bits) * sum(network.recipe.sizes)
    count = max(1, BLOCK_NUMBERS // (4 * each))
    starts = range(0, len(parameters), count)
    parts = [_evaluated(network, parameters[start : start + count])[1] for start in starts]
    return np.concatenate([np.empty(0), *parts])


def _evaluated(network: Network, parameters: Array) -> tuple[Array, Array]:
    """Outputs [S, T] and mean losses [S] on the points set aside."""
    values = evaluate_many(network, parameters, (FORWARD,), network.test_bits)
    outputs = values["yhat"][..., 0]
    sums = values.get(f"z{len(network.recipe.hidden) + 1}", values["yhat"])[..., 0]
    with np.errstate(all="ignore"):
        losses = row_losses(network.recipe.loss, outputs, sums, network.test_labels[:, 0])
        means: Array = losses.mean(axis=-1)
    return outputs, means


@dataclass(frozen=True, eq=False)
class TestCurve:
    """The mean losses on the points set aside (`test`) and on the others (`training`) at `steps`.

    The steps are evenly apart, from 0 on.
    """

    __test__ = False  # not a test of pytest's

    steps: NDArray[np.int64]
    training: Array
    test: Array

    def overfit_since(self, step: int) -> int | None:
        """The step at which the test loss was least, if since then the run has overfitted.

        That is so where the test loss stayed clearly above that least all through the last half of
        the steps from then to `step`, while the training loss has fallen clearly below what it was
        then: what is learned is the points, and not what they have in common.
        """
        known = int(np.searchsorted(self.steps, step, side="right"))
        if not known:
            return None
        training, test = self.training[:known], self.test[:known]
        best = int(test.argmin())
        recent = slice(best + (known - best + 1) // 2, known)
        if len(test[recent]) < MIN_SAMPLES:
            return None
        has_risen = test[recent].min() > (1 + RISEN) * test[best]
        has_fallen = training[recent].max() < (1 - FALLEN) * training[best]
        return int(self.steps[best]) if has_risen and has_fallen else None

    def between(self, edges: Array) -> Array:
        """The test loss [M] in the middle between neighbours of the steps `edges` [M+1], which
        rise: straight lines between samples, NaN beyond the last one."""
        if not len(self.steps):
            return np.full(len(edges) - 1, np.nan)
        middles = (edges[:-1] + edges[1:]) / 2
        return np.interp(middles, self.steps, self.test, right=np.nan)


class TestCurveRecorder:
    """Takes samples while a run goes on: ever further apart, so that they stay bounded."""

    __test__ = False

    def __init__(self) -> None:
        self._apart = 1
        self._samples: dict[int, tuple[float, float]] = {}

    def record(self, network: Network, first: int, losses: Array, parameters: Array) -> None:
        """Take samples of the steps from `first` on, with `losses` [T] and `parameters` [T, P]."""
        due = np.arange(-first % self._apart, len(losses), self._apart)
        tested = test_losses(network, parameters[due])
        rows = zip(due.tolist(), losses[due].tolist(), tested.tolist(), strict=True)
        self._samples |= {first + at: (loss, test) for at, loss, test in rows}
        while len(self._samples) > MAX_SAMPLES:
            self._apart *= 2
            kept = self._samples.items()
            self._samples = {step: pair for step, pair in kept if step % self._apart == 0}

    def until(self, step: int) -> "TestCurveRecorder":
        """A recorder of what comes before `step`, to be continued from there."""
        shorter = TestCurveRecorder()
        shorter._apart = self._apart
        shorter._samples = {at: pair for at, pair in self._samples.items() if at < step}
        return shorter

    def curve(self) -> TestCurve:
        """The samples so far."""
        steps = np.array(list(self._samples), dtype=np.int64)
        pairs = np.array(list(self._samples.values())).reshape(-1, 2)
        return TestCurve(steps, pairs[:, 0], pairs[:, 1])
