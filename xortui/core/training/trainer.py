"""Trainer: owns a run. Steps it, runs it for a while, goes to any step, edits, gives snapshots."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import numpy as np

from xortui.core.model.network import Evaluation, Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.branch import Branch, Branches, Change
from xortui.core.training.breakpoints import Breakpoint, Hit, first_hits
from xortui.core.training.divergence import Break, first_broken
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.kernel import Chunk, training_loop
from xortui.core.training.loss_curve import LossCurve
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.take_snapshot import take_snapshot
from xortui.core.training.timeline import State, Timeline

FIRST_BRANCH = "original"


class Trainer:
    """A run of a recipe: its branches, and where in which of them we stand."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._kernel = lru_cache(maxsize=4)(training_loop)
        self._network = lru_cache(maxsize=4)(Network)
        self._seconds_per_step = 0.0  # not measured yet
        # What a person has asked the run to pause at, and what `run_for` paused at last.
        self.breakpoints: tuple[Breakpoint, ...] = ()
        self.hits: tuple[Hit, ...] = ()
        self.reset()

    def reset(self) -> None:
        """Back to step 0 of the same recipe; edits and all that was reached are gone."""
        self.restore([Branch(FIRST_BRANCH, Timeline(self.recipe))], 0)

    def restore(self, branches: list[Branch], current: int) -> None:
        """Take over branches as a file gives them, and stand at step 0 of one of them."""
        self._branches = Branches(branches, current)
        for index in (*range(len(branches)), current):  # so that each has a loss to show
            self._branches.place = index
            self._stand_at_start()

    @property
    def _timeline(self) -> Timeline:
        return self._branches.here.timeline

    @property
    def step_number(self) -> int:
        """The step at which we stand."""
        return self._state.step

    @property
    def current_recipe(self) -> Recipe:
        """The recipe in force at the present step, with the edits so far."""
        return self._state.recipe

    @property
    def operation_count(self) -> int:
        """How many operations the step that starts here has."""
        return len(self._network(self._state.recipe).operations)

    @property
    def last_step(self) -> int:
        """The last step that was reached."""
        return self._timeline.last_step

    @property
    def solved_at(self) -> int | None:
        """The first step at which the run was solved."""
        return self._timeline.solved_at

    @property
    def diverged_at(self) -> int | None:
        """The first step at which a weight or the loss was not finite."""
        return self._timeline.diverged_at

    @property
    def at_end(self) -> bool:
        """Whether the run has diverged and we stand there: no step can follow."""
        return self.diverged_at == self.step_number

    # -- going on and going back ---------------------------------------------------------------

    def step(self, count: int = 1) -> int:
        """Do `count` steps, or fewer where the run diverges; says how many were done."""
        return sum(chunk.last - chunk.first for chunk in self.run(count))

    def run(self, count: int) -> Iterator[Chunk]:
        """Do `count` steps, or fewer where the run diverges, chunk by chunk.

        A chunk's arrays are good until the next one is asked for.
        """
        while count > 0 and not self.at_end:
            chunk = self._run_chunk(count)
            count -= chunk.last - chunk.first
            yield chunk

    def run_for(
        self, seconds: float, at_most: int | None = None, until: Sequence[Breakpoint] = ()
    ) -> int:
        """Do as many steps as fit into `seconds`, at least one; says how many were done.

        `at_most` bounds the number of steps. The run pauses at the first step at which one of the
        breakpoints `until` comes true; those that do are then in `hits`, which is empty where none
        does. A run that has diverged stands still.
        """
        now, done = time.perf_counter(), 0
        end = now + seconds
        self.hits = ()
        while not (self.at_end or self.hits) and done != at_most:
            # The first step of all is done alone, to measure how long one takes.
            count = int((end - now) / self._seconds_per_step) if self._seconds_per_step else 1
            if count < 1 and done:
                break
            chunk = self._run_chunk(
                max(1, count if at_most is None else min(count, at_most - done)), until
            )
            steps = chunk.last - chunk.first
            done += steps
            started, now = now, time.perf_counter()
            # Leans towards the slower of what was measured, so that the budget is kept.
            self._seconds_per_step = max(
                (now - started) / max(steps, 1), 0.9 * self._seconds_per_step
            )
        return done

    def seek(self, step: int) -> None:
        """Stand at `step`: replayed to the bit where it was reached before, run to where not."""
        for _ in self.seeking(step, seconds=1.0):
            pass

    def seeking(self, step: int, seconds: float) -> Iterator[int]:
        """Go to `step` in slices of about `seconds`, giving the step reached after each."""
        step = max(0, step)
        start = self._timeline.nearest(min(step, self.last_step))
        if not start.step <= self.step_number <= step:
            self._state = start
        while self.step_number < step and not self.at_end:
            self.run_for(seconds, at_most=step - self.step_number)
            yield self.step_number

    @contextmanager
    def excursion(self) -> Iterator[None]:
        """Go elsewhere on this branch; afterwards we stand where we stood."""
        here = self._state
        try:
            yield
        finally:
            self._state = here

    @property
    def curve(self) -> LossCurve:
        """The losses of all steps reached."""
        return self._timeline.curve()

    # -- edits and branches --------------------------------------------------------------------

    @property
    def obstacle(self) -> str:
        """Why no edit can be made here; empty where edits can."""
        if not self.at_end:
            return ""
        return f"the run diverged at step {self.step_number:,}: go back before it, then edit"

    def edit(self, edit: Edit) -> None:
        """Change the run at the step where we stand.

        Where the run has been further, this starts a branch and the old future is kept; otherwise
        the branch goes on with the change. Raises EditError where this run cannot take the edit, or
        where there are too many branches; then nothing is changed.
        """
        step = self.step_number
        if self.obstacle:
            raise EditError(self.obstacle)
        edit.check(self._state.recipe)
        self._branches.edit(step, edit, edit.describe(self._state.recipe))
        self._stand_at(step, step)

    def undo(self) -> Change | None:
        """Take back the last edit of the branch on which we stand; None where there is none.

        Then we stand where it was made. An edit that started the branch takes the branch with it.
        No other branch is changed, and `redo` brings back all that goes. Where that step has not
        been replayed from a file yet, it is still to be sought.
        """
        undone = self._branches.undo(self.step_number)
        if undone is None:
            return None
        change, reached = undone
        self._stand_at(change.step, reached)
        return change

    def redo(self) -> Change | None:
        """Make the edit again that was taken back last on this branch; None where there is none.

        All that it had led to is back, and we stand where it is made. Raises EditError where there
        are too many branches or edits by now.
        """
        change = self._branches.redo(self.step_number)
        if change is not None:
            self._stand_at(change.step, self.last_step)
        return change

    @property
    def branches(self) -> tuple[Branch, ...]:
        """All branches, in the order in which they were made."""
        return self._branches.all

    @property
    def current_branch(self) -> int:
        """The place in `branches` of the one on which we stand."""
        return self._branches.place

    def switch(self, branch: int) -> None:
        """Stand on another branch, where it was left. Raises IndexError where there is none."""
        self._branches.switch(branch, self.step_number)
        self._stand_at_start()
        here = self._branches.here
        self.seek(min(here.position, here.timeline.last_step))

    def delete(self, branch: int) -> None:
        """Drop a branch on which we do not stand. Raises EditError otherwise."""
        self._branches.delete(branch)

    def _stand_at(self, step: int, reached: int) -> None:
        """Stand at `step` of the present branch if it was `reached`, or else before it.

        The branch may have been forked since it was.
        """
        timeline = self._timeline
        # Just before the step, from where the curve of a fork is recorded again.
        self._state = timeline.nearest(min(step, timeline.last_step))
        self._run_chunk(0)
        if step <= reached:
            self.seek(step)

    def _stand_at_start(self) -> None:
        self._state = self._timeline.nearest(0)
        self._run_chunk(0)

    # -- snapshots -----------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """All numbers of the present step."""
        network = self._network(self._state.recipe)
        evaluation = _evaluated(network, self._state)
        broke = self._broke(evaluation) if self.at_end else None
        return take_snapshot(self._state, self._branches, network, evaluation, broke)

    def snapshot_at(self, step: int) -> Snapshot:
        """All numbers of a step that was reached; we stand where we stood."""
        with self.excursion():
            self.seek(min(step, self.last_step))
            return self.snapshot()

    def _broke(self, evaluation: Evaluation) -> Break | None:
        """What first was not finite where the run diverged, and we stand there.

        Weights that are not finite came of the step before; else it is in the step that starts here
        and cannot be done.
        """
        state = self._state
        if np.isfinite(state.parameters).all():
            return first_broken(state.step, evaluation.results)
        with self.excursion():
            self.seek(state.step - 1)
            evaluation = _evaluated(self._network(self._state.recipe), self._state)
            return first_broken(self.step_number, evaluation.results)

    # -- the loop ------------------------------------------------------------------------------

    def _run_chunk(self, count: int, until: Sequence[Breakpoint] = ()) -> Chunk:
        """Do at most `count` steps: fewer at an edit, at divergence, where a breakpoint comes true,
        and past a kernel's block."""
        timeline, state = self._timeline, self._state
        kernel = self._kernel(state.recipe)
        count = min(count, kernel.most_steps)
        for stop in (timeline.next_edit(state.step), timeline.diverged_at):
            if stop is not None:
                count = min(count, stop - state.step)
        chunk = kernel.run(state.step, state.parameters, count, state.kept)
        chunk = _until_divergence(chunk)
        if until:
            self.hits = first_hits(until, chunk, self._network(state.recipe), state.rose)
            if self.hits:
                chunk = chunk.head(self.hits[0].step - chunk.first)
                timeline.note_pause(chunk.last)
        at_edit = chunk.last == timeline.next_edit(state.step)
        # What stands at an edit's step is what is there after the edit; that follows below.
        fresh = chunk.head(chunk.last - chunk.first - 1) if at_edit else chunk
        if chunk.last >= timeline.last_step:
            timeline.record(fresh, state.recipe, kernel.labels, state.rose)
        rose = bool(chunk.losses[-1] > chunk.losses[-2]) if len(chunk.losses) > 1 else state.rose
        parameters, kept = chunk.parameters[-1].copy(), chunk.kept[-1].copy()
        self._state = State(chunk.last, parameters, state.recipe, kept, rose)
        if at_edit:
            # The kernel's buffers are used again below, and the chunk is still to be read.
            chunk = chunk.copy()
            self._state = timeline.edited(self._state)
            self._run_chunk(0)
        return chunk


def _evaluated(network: Network, state: State) -> Evaluation:
    """The step that starts at a state."""
    return network.evaluate(state.parameters, kept=state.kept, step=state.step)


def _until_divergence(chunk: Chunk) -> Chunk:
    """The chunk up to and with the first step whose weights or loss are not finite."""
    if np.isfinite(chunk.losses).all() and np.isfinite(chunk.parameters[-1]).all():
        return chunk
    finite = np.isfinite(chunk.losses) & np.isfinite(chunk.parameters).all(axis=1)
    return chunk if finite.all() else chunk.head(int(finite.argmin()))
