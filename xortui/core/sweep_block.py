"""A block of networks that are trained together, and what becomes of each of them."""

import time
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from xortui.core.functions import Array
from xortui.core.kernel import Kernel, PlainLoop, training_loop
from xortui.core.network import Network
from xortui.core.recipe import Recipe
from xortui.core.sweep_kernel import LANES, SweepKernel, draw_parameters, fitting_networks
from xortui.core.sweep_singly import SingleKernel, evaluate_exactly, is_trained_singly
from xortui.core.timeline import GOAL, right_rows

Whole = NDArray[np.int64]

NEVER = -1

KINDS = SOLVED, PLATEAU, LOCAL_MINIMUM, DIVERGED, STILL_LEARNING = (
    "solved",
    "plateau",
    "local minimum",
    "diverged",
    "still learning",
)
CODES = {kind: code for code, kind in enumerate(KINDS)}

# At rest: as many steps again, at the present pace, would lower the loss by less than this share.
REST = 0.05
# On a plateau: no output is further than this from the mean of the labels (0.5 for XOR).
PLATEAU_WIDTH = 0.1

_DRAWN_AT_ONCE = 64

# Steps back to which a network is trained again; 20,000 take a tenth of a second.
MOST_REDONE = 20_000


def networks_per_block(recipe: Recipe) -> int:
    """How many networks of a recipe are best trained together; a multiple of `LANES`."""
    return LANES if is_trained_singly(recipe) else fitting_networks(recipe)


@dataclass(eq=False)
class Block:
    """Networks of one recipe with different seeds, and how far they have come. It can be pickled.

    `parameters` [P, networks rounded up to whole lanes] are those at `step`, of which the first
    `drawn` have been initialised. For each network, `solved_at` and `diverged_at` are the first
    step at which that was so, or NEVER; `losses` are the mean losses at the block's step, NaN until
    it is judged (a diverged network's is that of the step where it diverged), and `kinds` the
    indexes into KINDS.
    """

    recipe: Recipe
    seeds: Whole
    step: int = 0
    drawn: int = 0
    finished: bool = False
    parameters: Array = field(init=False)
    solved_at: Whole = field(init=False)
    diverged_at: Whole = field(init=False)
    losses: Array = field(init=False)
    kinds: NDArray[np.int8] = field(init=False)
    _replays: "list[_Replay]" = field(init=False, default_factory=list)
    _exact: set[int] = field(init=False, default_factory=set)  # replayed from step 0

    def __post_init__(self) -> None:
        count = len(self.seeds)
        self.parameters = np.zeros((Network(self.recipe).size, -(-count // LANES) * LANES))
        self.solved_at = np.full(count, NEVER)
        self.diverged_at = np.full(count, NEVER)
        self.losses = np.full(count, np.nan)
        self.kinds = np.full(count, CODES[STILL_LEARNING], dtype=np.int8)

    def advance(self, steps: int, seconds: float) -> None:
        """Train towards step `steps` for about `seconds`: at least one chunk, then while time is.

        The block is finished, and judged, when it gets there or when all its networks diverged.
        """
        end = time.perf_counter() + seconds
        if self.drawn < len(self.seeds):
            self._draw(end)
            if self.drawn < len(self.seeds):
                return
        kernel = self._kernel()
        while self._replays or (self.step < steps and (self.diverged_at == NEVER).any()):
            if self._replays:
                self._redo(kernel, self._replays[-1])
            else:
                self._run_chunk(kernel, min(kernel.most_steps, steps - self.step))
            if time.perf_counter() >= end:
                break
        self.parameters = kernel.parameters.copy()
        done = self.step == steps or (self.diverged_at != NEVER).all()
        if done and not self._replays:
            self.judge()
            self.finished = True

    def judge(self) -> None:
        """Take losses and kinds at the step where the networks stand.

        | kind           | when                                                                   |
        |----------------|------------------------------------------------------------------------|
        | diverged       | at some step a weight or the loss was not finite                       |
        | solved         | at some step, this one included, the run was solved                    |
        | plateau        | at rest, and every output within 0.1 of the mean of the labels         |
        | local minimum  | at rest elsewhere                                                      |
        | still learning | none of these: on its way, or thrown about by too large steps          |

        The first that holds counts. A network is at rest where `step` steps more at the present
        pace would lower its loss by less than 5%: one step of gradient descent lowers the mean loss
        by about learning_rate · |gradient of the summed loss|² / rows.
        """
        if self.drawn < len(self.seeds):
            return
        count, recipe = len(self.seeds), self.recipe
        kernel = self._kernel()
        outputs, losses, squares = (part[:count] for part in kernel.evaluate())
        sound = self.diverged_at == NEVER
        doubtful = sound & ~(kernel.trusted()[:count] & np.isfinite(losses))
        for index in np.flatnonzero(doubtful).tolist():
            outputs[index], losses[index], squares[index] = evaluate_exactly(
                _exact_loop(recipe), recipe, self.parameters[:, index]
            )
        self.diverged_at[sound & ~np.isfinite(losses)] = self.step
        self.losses[sound] = losses[sound]
        solved = (losses < GOAL) & right_rows(outputs, kernel.labels).all(axis=1)
        self.solved_at[solved & sound & (self.solved_at == NEVER)] = self.step
        with np.errstate(all="ignore"):
            pace = recipe.learning_rate * squares / len(kernel.labels)
            resting = pace * max(self.step, 1) < REST * losses
            flat = (np.abs(outputs - kernel.labels.mean()) < PLATEAU_WIDTH).all(axis=1)
        kinds = np.where(resting, CODES[LOCAL_MINIMUM], CODES[STILL_LEARNING])
        kinds[resting & flat] = CODES[PLATEAU]
        kinds[self.solved_at != NEVER] = CODES[SOLVED]
        kinds[self.diverged_at != NEVER] = CODES[DIVERGED]
        self.kinds[:] = kinds

    def _kernel(self) -> SweepKernel | SingleKernel:
        kernel = _kernel_of(self.recipe, self.parameters.shape[1])
        kernel.parameters[...] = self.parameters
        return kernel

    def _draw(self, end: float) -> None:
        network = Network(self.recipe)
        while self.drawn < len(self.seeds):
            part = slice(self.drawn, min(self.drawn + _DRAWN_AT_ONCE, len(self.seeds)))
            self.parameters[:, part] = draw_parameters(network, self.seeds[part].tolist())
            self.drawn = part.stop
            if time.perf_counter() >= end:
                return

    def _run_chunk(self, kernel: SweepKernel | SingleKernel, steps: int) -> None:
        """Do `steps` steps of all networks and note which were solved or diverged at which."""
        count = len(self.seeds)
        before = kernel.parameters.copy()
        marks = kernel.run(steps)[:, :count]
        with np.errstate(all="ignore"):
            trusted = kernel.trusted()[:count] & np.isfinite(marks.max(axis=0))
            fresh = np.flatnonzero(
                (marks.min(axis=0) < kernel.mark_of_goal)
                & trusted
                & (self.solved_at == NEVER)
                & (self.diverged_at == NEVER)
            )
        if len(fresh):
            below = marks[:, fresh] < kernel.mark_of_goal
            self.solved_at[fresh] = self.step + below.argmax(axis=0)
        for column in np.flatnonzero(~trusted & (self.diverged_at == NEVER)).tolist():
            self._replays.append(self._replay_of(column, before[:, column].copy()))
        self.step += steps

    def _replay_of(self, column: int, before: Array) -> "_Replay":
        """What the exact loop has to do of a network that is not to be trusted in this chunk.

        Before it diverges a run is often chaotic, so that a rounding moves the step: the first time
        the network is trained again from step 0, unless that is too far back.
        """
        if column in self._exact or self.step > MOST_REDONE:
            return _Replay(column, self.step, before)
        self._exact.add(column)
        self.solved_at[column] = NEVER
        return _Replay(column, 0)

    def _redo(self, kernel: SweepKernel | SingleKernel, replay: "_Replay") -> None:
        """Do a part of a replay, and note what happens; the network goes on from its end.

        A network that diverged goes on from zeros, which cost nothing and are looked at no more.
        """
        loop, column, first = _exact_loop(self.recipe), replay.column, replay.step
        if replay.parameters is None:
            (start,) = draw_parameters(Network(self.recipe), [int(self.seeds[column])]).T
            replay.parameters = start
        count = min(loop.most_steps, self.step - first)
        chunk = loop.run(first, replay.parameters, count)
        finite = np.isfinite(chunk.losses) & np.isfinite(chunk.parameters).all(axis=1)
        end = count + 1 if finite.all() else int(finite.argmin())
        solved = (chunk.losses < GOAL) & right_rows(chunk.outputs, loop.labels).all(axis=1)
        if self.solved_at[column] == NEVER and solved[:end].any():
            self.solved_at[column] = first + int(solved.argmax())
        replay.step, replay.parameters = first + count, chunk.parameters[-1].copy()
        if end <= count:
            self.diverged_at[column] = first + end
            self.losses[column] = chunk.losses[end]
            replay.parameters = np.zeros_like(replay.parameters)
        if end <= count or replay.step == self.step:
            kernel.parameters[:, column] = replay.parameters
            self._replays.remove(replay)


@dataclass(eq=False)
class _Replay:
    """A network that the exact loop trains up to the block's step; it stands at `step`.

    Its parameters are None until it begins at step 0: drawing those of a thousand takes too long
    for one turn.
    """

    column: int
    step: int
    parameters: Array | None = None


@lru_cache(maxsize=2)
def _kernel_of(recipe: Recipe, networks: int) -> SweepKernel | SingleKernel:
    if is_trained_singly(recipe):
        return SingleKernel(recipe, networks)
    return SweepKernel(recipe, networks)


@lru_cache(maxsize=2)
def _exact_loop(recipe: Recipe) -> Kernel | PlainLoop:
    return training_loop(replace(recipe, seed=0))
