"""Networks with different seeds that are trained together: where they stand, and their kernels."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.batched_kernel import LANES, SweepKernel
from xortui.core.training.exact_kernel import LoneKernel, StackKernel, exact_kernel

_DRAWN_AT_ONCE = 256


@dataclass(eq=False)
class Cohort:
    """Networks of one recipe that are at the same step. It can be pickled.

    `places` says where in their block they belong; `parameters` [P, networks] are those at `step`,
    of which the first `drawn` networks' have been initialised, and `kept` [K, networks] what their
    optimisers keep. Those that are not `active` are not
    trained any more.
    """

    recipe: Recipe
    places: NDArray[np.int64]
    is_exact: bool
    step: int = 0
    drawn: int = 0
    is_calm: bool = False  # no network's loss is strongly curved
    parameters: Array = field(init=False)
    kept: Array = field(init=False)
    active: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        network = Network(self.recipe)
        self.parameters = np.zeros((network.size, len(self.places)))
        self.kept = np.zeros((network.kept_size, len(self.places)))
        self.active = np.ones(len(self.places), dtype=bool)

    def draw(self, seeds: NDArray[np.int64]) -> None:
        """Initialise some networks more; `seeds` are those of the whole block."""
        part = slice(self.drawn, min(self.drawn + _DRAWN_AT_ONCE, len(self.places)))
        drawn = Network(self.recipe).draw(seeds[self.places[part]].tolist())
        self.parameters[:, part] = drawn
        self.drawn = part.stop

    def drop(self, dropped: NDArray[np.bool_]) -> None:
        """Train these networks no more. When half have been dropped, the others move together."""
        self.active &= ~dropped
        self.parameters[:, dropped] = 0  # nothing slow comes of zeros
        self.kept[:, dropped] = 0
        if 2 * self.active.sum() > len(self.places):
            return
        self.places = self.places[self.active]
        self.parameters = self.parameters[:, self.active].copy()
        self.kept = self.kept[:, self.active].copy()
        self.active = np.ones(len(self.places), dtype=bool)
        self.drawn = len(self.places)


def evaluated(cohort: Cohort) -> tuple[Array, Array, Array]:
    """Labels [rows], and for each network of a cohort its outputs and mean loss."""
    count = len(cohort.places)
    if not cohort.is_exact:
        kernel = loaded_kernel(cohort)
        outputs, losses = kernel.evaluate()
        return kernel.labels, outputs[:count], losses[:count]
    exact = exact_kernel_of(cohort)
    chunk = exact.run(cohort.step, padded(cohort.parameters, exact.networks).T, 0)
    return exact.labels, chunk.outputs[0, :count].copy(), chunk.losses[0, :count].copy()


def padded(numbers: Array, networks: int) -> Array:
    """What a cohort has for each of its networks, [P, networks], with zeros behind."""
    result = np.zeros((len(numbers), networks))
    result[:, : numbers.shape[1]] = numbers
    return result


def loaded_kernel(cohort: Cohort) -> SweepKernel:
    """The kernel for a cohort, with its parameters and what its optimisers keep."""
    kernel = _sweep_kernel(cohort.recipe, -(-len(cohort.places) // LANES) * LANES)
    kernel.parameters[...] = padded(cohort.parameters, kernel.networks)
    kernel.update.kept[...] = padded(cohort.kept, kernel.networks)
    return kernel


def exact_kernel_of(cohort: Cohort) -> StackKernel | LoneKernel:
    """The exact kernel for a cohort: as large as a power of 2, so that few are ever made."""
    return _exact_kernel(cohort.recipe, 1 << (len(cohort.places) - 1).bit_length())


@lru_cache(maxsize=2)
def _sweep_kernel(recipe: Recipe, networks: int) -> SweepKernel:
    return SweepKernel(recipe, networks)


@lru_cache(maxsize=10)
def _exact_kernel(recipe: Recipe, networks: int) -> StackKernel | LoneKernel:
    return exact_kernel(recipe, networks)
