"""Trainer: owns a run. Steps it, runs it for a while, goes to any step, edits, gives snapshots."""

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from xortui.core.curve import Curve
from xortui.core.edit import Edit, EditError
from xortui.core.functions import Array
from xortui.core.kernel import Chunk, Kernel
from xortui.core.network import Network, Result
from xortui.core.recipe import Recipe
from xortui.core.timeline import GOAL, State, Timeline, right_rows


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything about one step of a run; all numbers in it belong to `step`. Arrays are read-only.

    `recipe` is the one in force at this step, with the edits so far. `values` holds parameters,
    activations and gradients by name, `results` the operations of the step that starts here.
    `right` [N] says which outputs are on their label's side of 0.5. `frontier` is the last step
    reached, `solved_at` and `diverged_at` the first at which that was so, or None.
    """

    recipe: Recipe
    network: Network
    step: int
    parameters: Array
    values: Mapping[str, Array]
    results: tuple[Result, ...]
    right: NDArray[np.bool_]
    solved: bool
    frontier: int
    solved_at: int | None
    diverged_at: int | None
    edits: tuple[tuple[int, Edit], ...]
    curve: Curve

    @property
    def loss(self) -> float:
        """The mean loss of the weights at this step."""
        return float(self.values["loss"])

    @property
    def outputs(self) -> Array:
        """The outputs [N] at this step."""
        return self.values["yhat"][:, 0]

    @property
    def labels(self) -> Array:
        """The labels [N] at this step."""
        return self.values["Y"][:, 0]

    @property
    def errors(self) -> Array:
        """Output minus label, [N]."""
        return self.outputs - self.labels

    @property
    def gradient_norm(self) -> float:
        """The Euclidean length of the whole gradient."""
        squares = sum(float((self.values[f"d{name}"] ** 2).sum()) for name in self.network.shapes)
        return math.sqrt(squares)

    def change(self, name: str) -> Array:
        """What the next update adds to the parameters called `name`, in their shape."""
        after = next(item.value for item in self.results if item.operation.target == name)
        return after - self.values[name]

    @property
    def diverged(self) -> bool:
        """Whether a weight or the loss is not finite at this step."""
        return self.diverged_at == self.step

    @property
    def rewound(self) -> bool:
        """Whether the run has been further than this step."""
        return self.step < self.frontier

    @property
    def chance_loss(self) -> float:
        """The loss of answering 0.5 to everything: 0.125, or log 2 with cross-entropy."""
        return 0.125 if self.recipe.loss == "squared-error" else float(np.log(2))


class Trainer:
    """A run of a recipe, from step 0 to as far as it has come, and where in it we stand."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._kernel = lru_cache(maxsize=4)(Kernel)
        self._network = lru_cache(maxsize=4)(Network)
        self._seconds_per_step = 1e-4  # a guess on the slow side until the first chunk is measured
        self.reset()

    def reset(self) -> None:
        """Back to step 0 of the same recipe; edits and all that was reached are gone."""
        self._timeline = Timeline(self.recipe)
        self._state = self._timeline.nearest(0)
        self._run_chunk(0)

    @property
    def step_number(self) -> int:
        """The step at which we stand."""
        return self._state.step

    @property
    def frontier(self) -> int:
        """The last step that was reached."""
        return self._timeline.frontier

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

    def run_for(self, seconds: float, at_most: int | None = None) -> int:
        """Do as many steps as fit into `seconds`, at least one; says how many were done.

        `at_most` bounds the number of steps. Raises nothing; a run that has diverged stands still.
        """
        now, done = time.perf_counter(), 0
        end = now + seconds
        while not self.at_end and done != at_most:
            count = int((end - now) / self._seconds_per_step)
            if count < 1 and done:
                break
            chunk = self._run_chunk(
                max(1, count if at_most is None else min(count, at_most - done))
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
        start = self._timeline.nearest(min(step, self.frontier))
        if not start.step <= self.step_number <= step:
            self._state = start
        while self.step_number < step and not self.at_end:
            self.run_for(seconds, at_most=step - self.step_number)
            yield self.step_number

    def snapshot(self) -> Snapshot:
        """All numbers of the present step."""
        state, timeline = self._state, self._timeline
        network = self._network(state.recipe)
        evaluation = network.evaluate(state.parameters)
        outputs, loss = evaluation.values["yhat"][:, 0], evaluation.values["loss"]
        right = right_rows(outputs, network.labels[:, 0])
        parameters = state.parameters.copy()
        parameters.flags.writeable = False
        return Snapshot(
            recipe=state.recipe,
            network=network,
            step=state.step,
            parameters=parameters,
            values=evaluation.values,
            results=evaluation.results,
            right=right,
            solved=bool(right.all() and loss < GOAL),
            frontier=timeline.frontier,
            solved_at=timeline.solved_at,
            diverged_at=timeline.diverged_at,
            edits=timeline.edits,
            curve=timeline.curve(),
        )

    def edit(self, edit: Edit) -> None:
        """Change the run at the step where we stand. What came after it until now is dropped.

        Raises EditError where this run cannot take the edit; then nothing is changed.
        """
        step = self.step_number
        if self.at_end:
            raise EditError(f"the run diverged at step {step}: go back before it, then edit")
        edit.apply(self._state.recipe, self._state.parameters)
        kept = tuple(item for item in self._timeline.edits if item[0] <= step)
        self._timeline = self._timeline.cut(step, (*kept, (step, edit)))
        self._state = self._timeline.nearest(self._timeline.frontier)
        self._run_chunk(0)
        self.seek(step)

    def _run_chunk(self, count: int) -> Chunk:
        """Do at most `count` steps: fewer at an edit, at divergence, and past a kernel's block."""
        timeline, state = self._timeline, self._state
        kernel = self._kernel(state.recipe)
        count = min(count, kernel.most_steps)
        for stop in (timeline.next_edit(state.step), timeline.diverged_at):
            if stop is not None:
                count = min(count, stop - state.step)
        chunk = _until_divergence(kernel.run(state.step, state.parameters, count))
        at_edit = chunk.last == timeline.next_edit(state.step)
        # What stands at an edit's step is what is there after the edit; that follows below.
        fresh = chunk.shortened(chunk.last - chunk.first - 1) if at_edit else chunk
        if chunk.last >= timeline.frontier:
            timeline.record(fresh, state.recipe, kernel.labels)
        self._state = State(chunk.last, chunk.parameters[-1].copy(), state.recipe)
        if at_edit:
            self._state = timeline.edited(self._state)
            self._run_chunk(0)
        return chunk


def _until_divergence(chunk: Chunk) -> Chunk:
    """The chunk up to and with the first step whose weights or loss are not finite."""
    if np.isfinite(chunk.losses).all() and np.isfinite(chunk.parameters[-1]).all():
        return chunk
    finite = np.isfinite(chunk.losses) & np.isfinite(chunk.parameters).all(axis=1)
    return chunk if finite.all() else chunk.shortened(int(finite.argmin()))
