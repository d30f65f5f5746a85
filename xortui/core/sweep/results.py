"""What became of a sweep's networks: one cell for each recipe."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xortui.core.analysis.ends import DIVERGED, KINDS, LOST, SOLVED
from xortui.core.analysis.statistics import wilson_interval
from xortui.core.model.functions import Array
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.block import CODES, NEVER, Block, Whole
from xortui.core.sweep.plan import Plan


@dataclass(frozen=True, eq=False)
class GridCell:
    """One recipe's results so far; the arrays hold one entry for each of `seeds` that was begun.

    `solved_at` and `diverged_at` are the first step at which that was so, or -1; `stopped_at` the
    step that was reached (`steps`, unless cancelled or diverged); `losses` the mean loss at
    that step, NaN where the network is still being trained, or diverged to it; `kinds` indexes
    KINDS. "Solved" is solved at `stopped_at`, as a run in the app says it; one that was solved
    before, and has lost it, is a kind of its own. While a network is still being trained it is only
    known whether it was solved when last looked at.
    """

    recipe: Recipe
    steps: int
    seeds: Whole
    solved_at: Whole
    diverged_at: Whole
    stopped_at: Whole
    losses: Array
    kinds: NDArray[np.int8]

    @property
    def trials(self) -> int:
        """How many networks have been begun."""
        return len(self.seeds)

    @cached_property
    def finished(self) -> int:
        """How many networks have reached the last step or diverged."""
        return int(((self.stopped_at == self.steps) | (self.diverged_at != NEVER)).sum())

    @cached_property
    def solved(self) -> int:
        """How many networks are solved at the step they reached."""
        return int((self.kinds == CODES[SOLVED]).sum())

    @property
    def interval(self) -> tuple[float, float]:
        """The share solved: Wilson's 95% interval."""
        return wilson_interval(self.solved, self.trials)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many networks ended as each of KINDS."""
        numbers = np.bincount(self.kinds, minlength=len(KINDS)).tolist()
        return dict(zip(KINDS, numbers, strict=True))

    def seeds_of(self, kind: str) -> list[int]:
        """The seeds that ended as `kind`, in order."""
        seeds: list[int] = self.seeds[self.kinds == CODES[kind]].tolist()
        return seeds

    @property
    def unsolved(self) -> list[int]:
        """The seeds that are not solved, in order."""
        seeds: list[int] = self.seeds[self.kinds != CODES[SOLVED]].tolist()
        return seeds

    @property
    def median_steps(self) -> float | None:
        """The median of the first steps at which networks were solved that are so at the end."""
        taken = self.solved_at[self.kinds == CODES[SOLVED]]
        return float(np.median(taken)) if len(taken) else None


class Results:
    """The results of one cell's seeds, in arrays as long as all of them."""

    def __init__(self, seeds: int) -> None:
        self.begun = np.zeros(seeds, dtype=bool)
        self.solved_at = np.full(seeds, NEVER)
        self.diverged_at = np.full(seeds, NEVER)
        self.stopped_at = np.zeros(seeds, dtype=np.int64)
        self.losses = np.full(seeds, np.nan)
        self.kinds = np.zeros(seeds, dtype=np.int8)

    def write(self, first: int, block: Block) -> None:
        """Take in what is known of a block whose first seed is the `first`th of all."""
        part = slice(first, first + len(block.seeds))
        diverged = block.diverged_at != NEVER
        self.begun[part] = True
        self.solved_at[part] = block.solved_at
        self.diverged_at[part] = block.diverged_at
        self.stopped_at[part] = block.reached
        self.losses[part] = block.losses
        self.kinds[part] = block.kinds
        unjudged = np.isnan(block.losses) & (block.solved_at != NEVER)
        self.kinds[part][unjudged] = np.where(block.is_solved[unjudged], CODES[SOLVED], CODES[LOST])
        self.kinds[part][diverged] = CODES[DIVERGED]

    def cell(self, recipe: Recipe, plan: Plan) -> GridCell:
        """The results so far, a copy that stays as it is."""
        begun = np.flatnonzero(self.begun)
        return GridCell(
            recipe,
            plan.steps,
            begun + plan.seeds.start,
            self.solved_at[begun],
            self.diverged_at[begun],
            self.stopped_at[begun],
            self.losses[begun],
            self.kinds[begun],
        )
