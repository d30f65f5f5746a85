"""What a sweep has found, over all its cells together: counts, intervals, medians, histograms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xortui.core.analysis.ends import KINDS, SOLVED
from xortui.core.analysis.statistics import Histogram, histogram, wilson_interval
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.block import CODES
from xortui.core.sweep.plan import Plan
from xortui.core.sweep.results import GridCell

# Fine bins, so many that they can be put together to fill any width.
BINS = 240
# Seeds listed for all kinds together: more take long to lay out, and nobody reads them.
MAX_LISTED, MIN_LISTED = 200, 3


@dataclass(frozen=True, eq=False)
class Ending:
    """How the run of one recipe (with its seed) ended, and at which step."""

    recipe: Recipe
    kind: str
    step: int
    loss: float


@dataclass(frozen=True, eq=False)
class Outcome:
    """A sweep's results so far, over all its cells together and cell by cell.

    `endings` are the first unsolved networks, by cell and kind, of which there are `unsolved`.
    `median_steps` is None where none is solved.
    """

    plan: Plan
    cells: tuple[GridCell, ...]
    trials: int
    finished: int
    solved: int
    interval: tuple[float, float]
    counts: dict[str, int]
    steps: Histogram
    median_steps: float | None
    losses: Histogram
    unsolved: int
    endings: tuple[Ending, ...]

    @classmethod
    def of(cls, plan: Plan, cells: tuple[GridCell, ...]) -> "Outcome":
        """Everything that is painted, worked out at once: it can be done in a thread."""
        trials, solved = sum(cell.trials for cell in cells), sum(cell.solved for cell in cells)
        taken = np.concatenate([cell.solved_at[cell.kinds == CODES[SOLVED]] for cell in cells])
        losses = np.concatenate([cell.losses for cell in cells])
        return cls(
            plan,
            cells,
            trials,
            sum(cell.finished for cell in cells),
            solved,
            wilson_interval(solved, trials),
            {kind: sum(cell.counts[kind] for cell in cells) for kind in KINDS},
            histogram(taken, BINS, limits=(0, plan.steps)),
            float(np.median(taken)) if len(taken) else None,
            histogram(losses, BINS, logarithmic=True),
            trials - solved,
            _endings(cells),
        )

    @property
    def whole(self) -> bool:
        """Whether every network of the plan has been trained to its end."""
        return self.finished == self.plan.networks


def _endings(cells: Sequence[GridCell]) -> tuple[Ending, ...]:
    """The first of each cell and kind, the same number of each where not all have room."""
    groups = [
        (cell, kind)
        for cell in cells
        for kind, count in cell.counts.items()
        if count and kind != SOLVED
    ]
    most = max(MIN_LISTED, MAX_LISTED // max(1, len(groups)))
    endings: list[Ending] = []
    for cell, kind in groups:
        for index in np.flatnonzero(cell.kinds == CODES[kind])[:most].tolist():
            recipe = replace(cell.recipe, seed=int(cell.seeds[index]))
            step, loss = int(cell.stopped_at[index]), float(cell.losses[index])
            endings.append(Ending(recipe, kind, step, loss))
    return tuple(endings[:MAX_LISTED])
