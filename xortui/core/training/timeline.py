"""A branch's past: checkpoints to replay any step from, its edits, and its bounded loss curve."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

import numpy as np

from xortui.core.model.functions import Array, constant_loss
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit, apply_all
from xortui.core.training.held_out import TestCurve, TestCurveRecorder
from xortui.core.training.kernel import Chunk
from xortui.core.training.loss_curve import LossCurve, LossCurveRecorder
from xortui.core.training.solved import GOAL, enough_right, right_rows

NEAR_CHANCE = 0.01  # the share of the loss of one answer for every row that counts as being at it
MAX_CHECKPOINTS = 4096
CHECKPOINT_BYTES = 2**24
MAX_PAUSES = 64


@dataclass(frozen=True, eq=False)
class State:
    """Where a run stands: the step, its flat parameter vector, the recipe with the edits so far.

    `kept` is what the optimiser keeps, and `rose` whether the loss rose with the step that led
    here.
    """

    step: int
    parameters: Array
    recipe: Recipe
    kept: Array
    rose: bool = False


def _most_kept(recipe: Recipe, edits: tuple[tuple[int, Edit], ...]) -> int:
    """The most numbers that any optimiser of a branch keeps."""
    names = [str(edit.where) for _, edit in edits if edit.kind == "optimiser"]
    recipes = [recipe, *map(recipe.with_optimiser, dict.fromkeys(names))]
    return max(Network(item).kept_size for item in recipes)


def _step(edit: tuple[int, Edit]) -> int:
    return edit[0]


@lru_cache(maxsize=2)
def _network(recipe: Recipe) -> Network:
    return Network(recipe)


class Timeline:
    """All steps that one branch has reached; `pauses` are those at which a breakpoint came true.

    Parameters are kept at steps whose spacing doubles as the run grows, so that a branch of any
    length takes the same memory; a step between is replayed from the checkpoint before it.
    """

    def __init__(self, recipe: Recipe, edits: tuple[tuple[int, Edit], ...] = ()) -> None:
        """A branch that has reached only step 0. `edits` are (step, edit), in order."""
        self.recipe = recipe
        self.edits = edits
        self.last_step = 0
        self.solved_at: int | None = None
        self.diverged_at: int | None = None
        self.pauses: tuple[int, ...] = ()
        self._recorder = LossCurveRecorder()
        self._tested = TestCurveRecorder()
        self.spacing = 1  # steps from one checkpoint to the next: the most that a seek replays
        numbers = Network(recipe).size + _most_kept(recipe, edits)
        self._most = max(2, min(MAX_CHECKPOINTS, CHECKPOINT_BYTES // (8 * numbers)))
        self._checkpoints: dict[int, State] = {0: self._start()}

    def _start(self) -> State:
        network = Network(self.recipe)
        start = State(0, network.initial_parameters(), self.recipe, network.initial_kept())
        return self.edited(start)

    def edited(self, state: State) -> State:
        """The state after the edits made at its step."""
        edits = self._edits_at(state.step)
        recipe, parameters = apply_all(edits, state.recipe, state.parameters)
        kept = state.kept
        if any(edit.kind == "optimiser" for edit in edits):
            kept = Network(recipe).initial_kept()
        return State(state.step, parameters, recipe, kept, state.rose)

    def _edits_at(self, step: int) -> list[Edit]:
        first = bisect_left(self.edits, step, key=_step)
        last = bisect_right(self.edits, step, key=_step)
        return [edit for _, edit in self.edits[first:last]]

    def next_edit(self, step: int) -> int | None:
        """The first step after `step` at which there is an edit."""
        place = bisect_right(self.edits, step, key=_step)
        return self.edits[place][0] if place < len(self.edits) else None

    def nearest(self, step: int) -> State:
        """The last checkpoint at or before `step`."""
        at = step - step % self.spacing
        while at not in self._checkpoints:
            at -= self.spacing
        return self._checkpoints[at]

    def path(self, step: int, most: int) -> tuple[State, ...]:
        """The way to `step`: at most `most` checkpoints, evenly spread."""
        last = step // self.spacing
        parts = max(1, min(last, most - 1))
        chosen = dict.fromkeys(part * last // parts for part in range(parts + 1))
        states = [self._checkpoints.get(index * self.spacing) for index in chosen]
        return tuple(state for state in states if state is not None)

    def curve(self) -> LossCurve:
        """The losses of all steps so far."""
        return self._recorder.curve()

    def test_curve(self) -> TestCurve | None:
        """The losses on the points that are set aside; None where there are none."""
        return self._tested.curve() if self.recipe.table.test_labels else None

    def note_pause(self, step: int) -> None:
        """Remember that a breakpoint came true at a step; of too many the newest are kept."""
        if step not in self.pauses:
            self.pauses = (*self.pauses, step)[-MAX_PAUSES:]

    def record(self, chunk: Chunk, recipe: Recipe, labels: Array, rose: bool = False) -> None:
        """Take in what a chunk reached for the first time. Its first step is at most the last_step.

        The chunk ends where the run diverges; what it holds at an edit's step is as after the edit.
        `rose` is whether the loss rose with the step before it.
        """
        is_finite = np.isfinite(chunk.losses[-1]) and np.isfinite(chunk.parameters[-1]).all()
        if not is_finite:
            self.diverged_at = chunk.last
        known = self._recorder.steps - chunk.first
        fresh = slice(known, None if is_finite else -1)
        losses, outputs = chunk.losses[fresh], chunk.outputs[fresh]
        if self.solved_at is None and (losses < GOAL).any():
            share = recipe.table.share_to_solve
            solved = (losses < GOAL) & enough_right(right_rows(outputs, labels), share)
            if solved.any():
                self.solved_at = self._recorder.steps + int(solved.argmax())
        if recipe.table.test_labels:
            parameters = chunk.parameters[fresh]
            self._tested.record(_network(recipe), self._recorder.steps, losses, parameters)
        chance = constant_loss(labels, recipe.loss)
        self._recorder.append(losses, np.abs(losses - chance) > NEAR_CHANCE * chance)
        self.last_step = max(self.last_step, chunk.last)
        self._keep_checkpoints(chunk, recipe, chunk.first + max(0, known), rose)

    def _keep_checkpoints(self, chunk: Chunk, recipe: Recipe, start: int, rose: bool) -> None:
        for step in range(start + -start % self.spacing, chunk.last + 1, self.spacing):
            if step not in self._checkpoints:
                at = step - chunk.first
                parameters, losses = chunk.parameters[at].copy(), chunk.losses
                has_risen = bool(losses[at] > losses[at - 1]) if at else rose
                kept = chunk.kept[at].copy()
                self._checkpoints[step] = State(step, parameters, recipe, kept, has_risen)
        while len(self._checkpoints) > self._most:
            self.spacing *= 2
            self._checkpoints = {
                step: state for step, state in self._checkpoints.items() if step % self.spacing == 0
            }

    def shared_until(self, other: "Timeline") -> int:
        """The last step up to which this branch and another are one and the same."""
        end = min(self.last_step, other.last_step)
        pairs = zip(self.edits, other.edits, strict=False)
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        ways = [timeline.edits[alike][0] for timeline in (self, other) if timeline.edits[alike:]]
        return min([end, *ways])

    def fork(self, step: int, edits: tuple[tuple[int, Edit], ...]) -> "Timeline":
        """A branch that shares this one's past before `step` and has other edits from there on.

        It stands a little before `step`, at the last point from where its curve can be recorded
        again; it is for the trainer to replay it up to `step`.
        """
        branch = Timeline(self.recipe, edits)
        branch.spacing = self.spacing
        branch._recorder = self._recorder.until(step)
        branch._tested = self._tested.until(branch._recorder.steps)
        branch.last_step = max(0, branch._recorder.steps - 1)
        branch._checkpoints |= {
            at: state for at, state in self._checkpoints.items() if at < max(step, 1)
        }
        if step == 0:
            branch._checkpoints[0] = branch._start()
        if self.solved_at is not None and self.solved_at < branch._recorder.steps:
            branch.solved_at = self.solved_at
        branch.pauses = tuple(pause for pause in self.pauses if pause <= step)
        return branch
