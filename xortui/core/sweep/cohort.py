"""Networks with different seeds that are trained together: their start, and where they stand."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import INITIALISERS, Array
from xortui.core.model.mistakes import EQUAL_START, EQUAL_WEIGHT
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe

_DRAWN_AT_ONCE = 64


@dataclass(eq=False)
class Cohort:
    """Networks of one recipe that are at the same step. It can be pickled.

    `places` says where in their block they belong; `parameters` [P, networks] are those at `step`,
    of which the first `drawn` networks' have been initialised. Those that are not `active` are not
    trained any more.
    """

    recipe: Recipe
    places: NDArray[np.int64]
    is_exact: bool
    step: int = 0
    drawn: int = 0
    is_calm: bool = False  # no network's loss is strongly curved
    parameters: Array = field(init=False)
    active: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.parameters = np.zeros((Network(self.recipe).size, len(self.places)))
        self.active = np.ones(len(self.places), dtype=bool)

    def draw(self, seeds: NDArray[np.int64]) -> None:
        """Initialise some networks more; `seeds` are those of the whole block."""
        part = slice(self.drawn, min(self.drawn + _DRAWN_AT_ONCE, len(self.places)))
        drawn = draw_parameters(Network(self.recipe), seeds[self.places[part]].tolist())
        self.parameters[:, part] = drawn
        self.drawn = part.stop

    def drop(self, dropped: NDArray[np.bool_]) -> None:
        """Train these networks no more. When half have been dropped, the others move together."""
        self.active &= ~dropped
        self.parameters[:, dropped] = 0  # nothing slow comes of zeros
        if 2 * self.active.sum() > len(self.places):
            return
        self.places = self.places[self.active]
        self.parameters = self.parameters[:, self.active].copy()
        self.active = np.ones(len(self.places), dtype=bool)
        self.drawn = len(self.places)


def draw_parameters(network: Network, seeds: Iterable[int]) -> Array:
    """The parameter vectors [P, seeds] that `network.initial_parameters()` has for these seeds.

    Seeding one generator anew gives the numbers of a new one in a fiftieth of the time.
    """
    random = np.random.RandomState(0)
    initialise = INITIALISERS[network.recipe.init]
    parameters = np.zeros(network.size)
    views = network.views(parameters)
    weights = [view for name, view in views.items() if name.startswith("W")]
    columns = []
    for seed in seeds:
        random.seed(seed)
        for view in weights:
            view[...] = initialise(random, *view.shape)
            if network.recipe.mistake == EQUAL_START:
                view[...] = EQUAL_WEIGHT
        columns.append(parameters.copy())
    return np.array(columns).T
