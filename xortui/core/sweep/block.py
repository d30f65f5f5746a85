"""A block of networks of one recipe, and what becomes of each of them.

All are trained together first. Those for which the last digits matter (see `SweepKernel.trusted`)
are then trained once more, by the exact kernel and from the start, so that every network ends as
`Trainer` has it end.
"""

import time
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from xortui.core.analysis.ends import DIVERGED, KINDS, LOST, SOLVED, STILL_LEARNING
from xortui.core.analysis.measurements import judged_at_once
from xortui.core.analysis.verdict import verdicts
from xortui.core.model.batch import losses_of
from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.batched_kernel import fitting_networks
from xortui.core.sweep.cohort import (
    Cohort,
    evaluated,
    exact_kernel_of,
    loaded_kernel,
    padded,
)
from xortui.core.training.exact_kernel import (
    is_trained_exactly,
    stacked_networks,
)
from xortui.core.training.solved import GOAL, enough_right, right_rows

Whole = NDArray[np.int64]

NEVER = -1

CODES = {kind: code for code, kind in enumerate(KINDS)}

# What a step takes, in steps of one network among many: for each network, and for starting all the
# calls as if there were so many networks more.
WORK, START = 1.0, 300
EXACT_WORK, EXACT_START = 5.0, 50
# A loss that is nearer than this share to the goal may be on its other side in the last digits.
TIE = 1e-9


def networks_per_block(recipe: Recipe) -> int:
    """How many networks of a recipe are best trained together."""
    return stacked_networks(recipe) if is_trained_exactly(recipe) else fitting_networks(recipe)


@dataclass(frozen=True, eq=False)
class Undecided:
    """Networks [S] at their last step that are neither solved nor diverged; see `verdicts`."""

    places: Whole
    parameters: Array  # [S, P]
    kept: Array  # [S, K]

    def split(self, count: int) -> "tuple[Undecided, Undecided]":
        """The first `count` of them, and the others."""
        return (
            Undecided(self.places[:count], self.parameters[:count], self.kept[:count]),
            Undecided(self.places[count:], self.parameters[count:], self.kept[count:]),
        )


@dataclass(eq=False)
class Block:
    """Networks of one recipe with different seeds, and how far they have come. It can be pickled.

    For each network, `solved_at` and `diverged_at` are the first step at which that was so, or
    NEVER; `reached` is the step at which it stands, and `losses` the mean loss there, NaN until it
    is judged; `is_solved` says whether it was solved when last looked at, within a step of
    `reached`; `kinds` are indexes into KINDS. `is_exact` says which are trained exactly: of those,
    what was found before is forgotten. `spent` is the work done, in steps of one network.
    """

    recipe: Recipe
    seeds: Whole
    finished: bool = False
    spent: float = 0.0
    reached: Whole = field(init=False)
    solved_at: Whole = field(init=False)
    diverged_at: Whole = field(init=False)
    losses: Array = field(init=False)
    is_solved: NDArray[np.bool_] = field(init=False)
    kinds: NDArray[np.int8] = field(init=False)
    is_exact: NDArray[np.bool_] = field(init=False)
    _cohort: Cohort = field(init=False)
    _waiting: list[int] = field(init=False, default_factory=list)  # for the exact kernel
    _undecided: Undecided | None = field(init=False, default=None)  # of the cohort at its last step

    def __post_init__(self) -> None:
        count = len(self.seeds)
        self.reached = np.zeros(count, dtype=np.int64)
        self.solved_at = np.full(count, NEVER)
        self.diverged_at = np.full(count, NEVER)
        self.losses = np.full(count, np.nan)
        self.is_solved = np.zeros(count, dtype=bool)
        self.kinds = np.full(count, CODES[STILL_LEARNING], dtype=np.int8)
        self.is_exact = np.full(count, is_trained_exactly(self.recipe))
        if self.is_exact.all():
            self._waiting = list(range(count))
            self._cohort = self._next_cohort()
        else:
            self._cohort = Cohort(self.recipe, np.arange(count), is_exact=False)

    def advance(self, steps: int, seconds: float) -> None:
        """Train towards step `steps` for about `seconds`: at least one chunk, then while time is.

        The block is finished, and judged, when every network got there or diverged.
        """
        end = time.perf_counter() + seconds
        while not self.finished:
            cohort = self._cohort
            if cohort.drawn < len(cohort.places):
                cohort.draw(self.seeds)
            elif cohort.step == steps or not len(cohort.places):
                if self._undecided is None:
                    self._settle()
                    self._leave_ties(cohort)
                    self._undecided = self._left_undecided(cohort)
                elif len(self._undecided.places):
                    self._decide(judged_at_once(self._network))
                else:
                    self._undecided = None
                    self.finished = not self._waiting
                    if self._waiting:
                        self._cohort = self._next_cohort()
            elif cohort.is_exact:
                self._train_exactly(cohort, steps)
            else:
                self._train_together(cohort, steps, end)
            if time.perf_counter() >= end:
                break

    def judge(self) -> None:
        """Take losses and kinds of the networks that are being trained, at the step they stand at.

        What the kinds are is said in `ends.py`, and decided in `verdict.py`.
        """
        if self._undecided is None:
            self._settle()
            self._undecided = self._left_undecided(self._cohort)
        self._decide(len(self._undecided.places))
        self._undecided = None

    def _settle(self) -> None:
        """Take the losses of the cohort, and say which of its networks are or were solved."""
        cohort = self._cohort
        if cohort.drawn < len(cohort.places) or not len(cohort.places):
            return
        labels, outputs, losses = evaluated(cohort)
        places, outputs, losses = (
            cohort.places[cohort.active],
            outputs[cohort.active],
            losses[cohort.active],
        )
        self.losses[places] = losses
        share = cohort.recipe.table.share_to_solve
        solved = (losses < GOAL) & enough_right(right_rows(outputs, labels), share)
        self.is_solved[places] = solved
        self.solved_at[places[solved & (self.solved_at[places] == NEVER)]] = cohort.step
        was_solved = self.solved_at[places] != NEVER
        kinds = np.where(was_solved, CODES[LOST], CODES[STILL_LEARNING])
        kinds[solved] = CODES[SOLVED]
        self.kinds[places] = kinds

    def _left_undecided(self, cohort: Cohort) -> Undecided:
        """What is neither solved nor was, of a cohort that has been settled."""
        places = cohort.places
        left = cohort.active & (self.solved_at[places] == NEVER) & ~np.isnan(self.losses[places])
        return Undecided(places[left], cohort.parameters.T[left], cohort.kept.T[left])

    def _decide(self, count: int) -> None:
        """Take the kinds of the first `count` networks that are undecided."""
        if self._undecided is None or not len(self._undecided.places):
            return
        some, self._undecided = self._undecided.split(count)
        network, places = self._network, some.places
        start = network.draw(self.seeds[places].tolist())
        firsts = losses_of(network, start.T)
        seeds = self.seeds[places].tolist()
        step = self._cohort.step
        found = verdicts(
            network, some.parameters, self.losses[places], firsts, some.kept, step, seeds
        )
        self.kinds[places] = [CODES[kind] for kind in found]

    @property
    def _network(self) -> Network:
        return _network(self.recipe)

    def left(self, steps: int) -> float:
        """The work left to do, in steps of one network trained with the others; see `spent`."""
        cohort, waiting = self._cohort, len(self._waiting)
        now = _work(len(cohort.places), cohort.is_exact) * (steps - cohort.step)
        return now + _work(waiting, is_exact=True) * steps

    def _next_cohort(self) -> Cohort:
        count = stacked_networks(self.recipe)
        places, self._waiting = self._waiting[:count], self._waiting[count:]
        return Cohort(self.recipe, np.array(places, dtype=np.int64), is_exact=True)

    def _leave(self, cohort: Cohort, distrusted: NDArray[np.bool_]) -> None:
        """Leave these networks of a cohort to the exact kernel."""
        if not distrusted.any():
            return
        places = cohort.places[distrusted]
        self._waiting += places.tolist()
        self.is_exact[places] = True
        self.reached[places] = 0
        self.solved_at[places] = NEVER
        self.is_solved[places] = False
        self.losses[places] = np.nan
        self.kinds[places] = CODES[STILL_LEARNING]
        cohort.drop(distrusted)

    def _leave_ties(self, cohort: Cohort) -> None:
        """Leave those to the exact kernel whose last digits say whether they end solved."""
        if not cohort.is_exact:
            losses = self.losses[cohort.places]
            is_sure = np.isfinite(losses) & (np.abs(losses / GOAL - 1) > TIE)
            self._leave(cohort, cohort.active & ~is_sure)

    def _train_together(self, cohort: Cohort, steps: int, end: float) -> None:
        """Train a cohort chunk by chunk until `end`, or until some are left to the exact kernel."""
        count = len(cohort.places)
        kernel = loaded_kernel(cohort)
        distrusted = np.zeros(count, dtype=bool)
        while cohort.step < steps and not distrusted.any():
            # The first step is looked at alone: many a start is too steep.
            most = kernel.most_steps if cohort.is_calm else kernel.few_steps
            chunk = min(most if cohort.step else 1, steps - cohort.step)
            marks = kernel.run(cohort.step, chunk)
            distrusted = cohort.active & ~kernel.trusted(marks)[:count]
            cohort.is_calm = kernel.is_calm
            is_low = kernel.lowest[:count] < (1 + TIE) * kernel.mark_of_goal
            self._note_solved(cohort, marks, kernel.mark_of_goal, is_low, distrusted)
            with np.errstate(invalid="ignore"):
                self.is_solved[cohort.places] = marks[-1, :count] < kernel.mark_of_goal
            cohort.step += chunk
            self.spent += _work(count, is_exact=False) * chunk
            if time.perf_counter() >= end:
                break
        cohort.parameters = kernel.parameters[:, :count].copy()
        cohort.kept = kernel.update.kept[:, :count].copy()
        self._leave(cohort, distrusted)
        self.reached[cohort.places[cohort.active]] = cohort.step

    def _note_solved(
        self,
        cohort: Cohort,
        marks: Array,
        goal: float,
        is_low: NDArray[np.bool_],
        distrusted: NDArray[np.bool_],
    ) -> None:
        """Note the steps when marks [steps, networks] first are below the goal; distrust ties.

        Of the cohort's networks it may be so with those whose lowest mark `is_low`.
        """
        low, high = (1 - TIE) * goal, (1 + TIE) * goal
        is_fresh = is_low & cohort.active & ~distrusted
        fresh = np.flatnonzero(is_fresh & (self.solved_at[cohort.places] == NEVER))
        if len(fresh):
            surely, perhaps = marks[:, fresh] < low, marks[:, fresh] < high
            at = surely.argmax(axis=0)
            is_tied = ~surely.any(axis=0) | (at != perhaps.argmax(axis=0))
            distrusted[fresh[is_tied]] = True
            self.solved_at[cohort.places[fresh[~is_tied]]] = cohort.step + at[~is_tied]

    def _train_exactly(self, cohort: Cohort, steps: int) -> None:
        """Train a cohort for a chunk, and note what `Trainer` would; what diverged is dropped."""
        kernel, places = exact_kernel_of(cohort), cohort.places
        count = len(places)
        start = padded(cohort.parameters, kernel.networks).T
        kept = padded(cohort.kept, kernel.networks).T
        now, seeds = min(kernel.most_steps, steps - cohort.step), self.seeds[places].tolist()
        chunk = kernel.run(cohort.step, start, now, kept, seeds)
        parameters, losses = chunk.parameters[:, :count], chunk.losses[:, :count]
        finite = np.isfinite(losses).all(axis=0) & np.isfinite(parameters[-1]).all(axis=1)
        lost = cohort.active & ~finite
        ends = np.full(count, len(losses))  # from where on nothing counts
        if lost.any():
            sound = np.isfinite(losses[:, lost]) & np.isfinite(parameters[:, lost]).all(axis=2)
            ends[lost] = sound.argmin(axis=0)
        with np.errstate(invalid="ignore"):
            solved = losses < GOAL
        share = cohort.recipe.table.share_to_solve
        is_right = enough_right(right_rows(chunk.outputs[-1, :count], kernel.labels), share)
        self.is_solved[places] = solved[-1] & is_right & finite
        solved &= cohort.active & (self.solved_at[places] == NEVER)
        solved &= np.arange(len(losses))[:, np.newaxis] < ends
        if solved.any():
            fresh = np.flatnonzero(solved.any(axis=0))
            outputs = chunk.outputs[:, fresh]
            solved[:, fresh] &= enough_right(right_rows(outputs, kernel.labels), share)
            new = solved.any(axis=0)
            self.solved_at[places[new]] = cohort.step + solved[:, new].argmax(axis=0)
        cohort.parameters = parameters[-1].T.copy()
        cohort.kept = chunk.kept[-1, :count].T.copy()
        if lost.any():
            diverged = places[lost]
            self.reached[diverged] = self.diverged_at[diverged] = cohort.step + ends[lost]
            self.losses[diverged] = losses[ends[lost], lost]
            self.kinds[diverged] = CODES[DIVERGED]
            cohort.drop(lost)
        self.spent += _work(count, is_exact=True) * (chunk.last - cohort.step)
        cohort.step = chunk.last
        self.reached[cohort.places[cohort.active]] = cohort.step


def _work(networks: int, is_exact: bool) -> float:
    """About what a step of so many networks takes, in steps of one network among many."""
    each, start = (EXACT_WORK, EXACT_START) if is_exact else (WORK, START)
    return each * (networks + start) if networks else 0.0


@lru_cache(maxsize=2)
def _network(recipe: Recipe) -> Network:
    return Network(recipe)
