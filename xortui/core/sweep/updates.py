"""An optimiser's update for many networks at once, in place: lines of `optimisers.py` as calls.

Arrays are [P, networks], the networks contiguous, as in `SweepKernel`; all networks are at the same
step, so what is a single number for one of them is one for all.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.ufuncs import OUT, BoundCall
from xortui.core.training.update_calls import GRADIENT, PARAMETERS, UpdateCalls


class SweepUpdate:
    """What changes `parameters` by `gradient`, [P, networks] each, and what it keeps for them.

    The optimiser is one of `TOGETHER`. `kept` is [K, networks]: see `Network.kept_vectors`.
    """

    def __init__(
        self, network: Network, parameters: Array, gradient: Array, most_steps: int
    ) -> None:
        self._update = UpdateCalls(network)
        self._recipe, self._has_velocity = network.recipe, bool(network.optimiser.kept)
        networks = parameters.shape[1]
        self.kept = np.zeros((network.kept_size, networks))
        self._singles = {name: np.zeros((most_steps, 1)) for name in self._update.singles}
        self._now = {name: np.zeros(()) for name in self._update.singles}
        self._arrays = {
            PARAMETERS: parameters,
            GRADIENT: gradient,
            **{
                f"{letter}W": vectors.T
                for letter, vectors in network.kept_vectors(self.kept.T).items()
            },
            **{name: _narrow(constant) for name, constant in self._update.constants.items()},
            **self._now,
        }
        self.calls = list(self._in_place())
        # What has to be done before each step of a run.
        self.before: list[list[BoundCall]] = [
            [
                partial(np.copyto, now, self._singles[name][step, 0, ...])
                for name, now in self._now.items()
            ]
            for step in range(most_steps)
        ]

    def prepare(self, first: int, count: int) -> None:
        """Work out the single numbers of the next `count` steps, from step `first` on."""
        self._update.fill(np.empty((count + 1, 1)), self._singles, first, count)

    def energy(self) -> Array | float:
        """How high the velocity v can carry the summed loss, ½ η μ |v|², [networks]; 0 if none.

        The loss taken to the second order along a step η v, with curvature c there: momentum makes
        loss and energy together fall by at least η (1 - μ - ½ η c) |v|².
        """
        if not self._has_velocity:
            return 0.0
        squares: Array = np.einsum("ps,ps->s", self.kept, self.kept)
        squares *= 0.5 * self._recipe.learning_rate * self._recipe.momentum
        return squares

    def _in_place(self) -> Iterator[BoundCall]:
        rooms: dict[str, Array] = {}
        for target, line in self._update.lines:
            for name in (OUT, *line.asides):
                if name not in rooms:
                    rooms[name] = np.empty_like(self._arrays[PARAMETERS])
            *calls, last = line.calls
            for call in (*calls, replace(last, out=target)):
                yield call.bound({**rooms, **self._arrays})


def _narrow(constant: Array) -> Array:
    """A vector [P] as one number if it holds only one; otherwise as a column."""
    return np.array(constant[0]) if (constant == constant[0]).all() else constant[:, np.newaxis]
