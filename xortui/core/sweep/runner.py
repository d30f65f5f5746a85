"""Sweeps: many seeds of one recipe or several, trained in slices that a screen can wait for.

A screen or a command pumps the iterator that `Sweep.run` gives: each turn works for a few
milliseconds and says how far the sweep has come. Between turns `Sweep.cells` holds the results so
far. Closing the iterator cancels the sweep and keeps what is done:

    sweep = Sweep(Plan((recipe,), seeds=range(1000), steps=10_000))
    with closing(sweep.run()) as turns:
        for progress in turns:
            ...  # paint; await asyncio.sleep(0) a few times; or break
    for cell in sweep.cells():
        print(cell.solved, cell.interval)
"""

import contextlib
import multiprocessing
import time
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from xortui.core.analysis.ends import DIVERGED, SOLVED
from xortui.core.sweep.batched_kernel import LANES
from xortui.core.sweep.block import CODES, NEVER, Block, networks_per_block
from xortui.core.sweep.plan import Plan
from xortui.core.sweep.processes import (
    TASK_SECONDS,
    TURN_SECONDS,
    Turns,
    advanced,
    nothing,
    start_process,
    wait_in_turns,
)
from xortui.core.sweep.results import GridCell, Results

MAX_PROCESSES = 32


@dataclass(frozen=True)
class Progress:
    """How far a sweep has come after `seconds`: `share` of the work, from 0 to 1.

    The first `starting` seconds went into starting processes, before there was any work.
    Of `networks` in all, `begun` have been; `finished` have reached the last step or diverged.
    `solved` and `diverged` count how they stand so far. All networks trained together finish
    together: `step`, of `steps`, is how far they have come on the average.
    """

    networks: int
    begun: int
    finished: int
    solved: int
    diverged: int
    share: float
    seconds: float
    starting: float = 0.0
    step: int = 0
    steps: int = 0

    @property
    def seconds_left(self) -> float | None:
        """What remains at the pace so far; None before there is one."""
        if self.share <= 0:
            return None
        return (self.seconds - self.starting) * (1 - self.share) / self.share


class Sweep:
    """Trains the networks of a plan, and holds what became of them so far."""

    def __init__(self, plan: Plan, processes: int = 1) -> None:
        """`processes` share the work; `estimated` says how many are worth starting."""
        self.plan = plan
        self.processes = max(1, min(processes, MAX_PROCESSES))
        self._results = [Results(len(plan.seeds)) for _ in plan.recipes]
        self._spent = 0.0  # on the blocks that are finished: see Block.spent
        self._share = self._starting = 0.0
        self._step = 0
        self._begun = self._finished = 0
        self._solved = self._diverged = 0  # of the blocks that are finished
        self._under_way: dict[BlockPlace, Block] = {}

    def run(self, seconds: float = TURN_SECONDS) -> Generator[Progress, None, None]:
        """Train, about `seconds` of work a turn, until all is done or the iterator is closed.

        Closing it ends the processes, and judges the networks under way at the step they reached.
        """
        found = places(self.plan, self.processes)
        self._started = started = time.perf_counter()
        turns = (
            self._turns(found, seconds)
            if self.processes == 1
            else self._shared_turns(found, seconds)
        )
        try:
            with contextlib.closing(turns):
                for _ in turns:
                    yield self._progress(time.perf_counter() - started)
        finally:
            for place, block in self._under_way.items():
                block.judge()
                self._results[place.cell].write(place.first, block)
            self._under_way.clear()

    def cells(self) -> tuple[GridCell, ...]:
        """The results so far, one cell for each recipe of the plan: copies that stay as is."""
        for place, block in self._under_way.items():
            self._results[place.cell].write(place.first, block)
        return tuple(
            results.cell(recipe, self.plan)
            for recipe, results in zip(self.plan.recipes, self._results, strict=True)
        )

    def _turns(self, places: Iterator["BlockPlace"], seconds: float) -> Turns:
        for place in places:
            block = self._begin(place)
            while not block.finished:
                block.advance(self.plan.steps, seconds)
                yield
            self._keep(place, block)
        yield

    def _shared_turns(self, places: Iterator["BlockPlace"], seconds: float) -> Turns:
        """The same with processes: each has a block for a while and hands it back."""
        context = multiprocessing.get_context("spawn")
        cancelled = context.Event()
        pool = ProcessPoolExecutor(self.processes, context, start_process, (cancelled,))
        futures: dict[Future[Block], BlockPlace] = {}
        try:
            # Starting and ending processes takes tens of milliseconds, which a turn has not.
            yield from wait_in_turns(pool.submit, nothing, seconds=seconds)
            while True:
                # One more than there are processes, so that none waits for its next block.
                while len(futures) <= self.processes and (place := next(places, None)):
                    futures[pool.submit(advanced, self._begin(place), self.plan.steps)] = place
                if not futures:
                    break
                done, _ = wait(futures, timeout=seconds, return_when=FIRST_COMPLETED)
                if done and not self._starting:
                    waited = time.perf_counter() - self._started
                    self._starting = max(0.0, waited - TASK_SECONDS)
                for future in done:
                    place, block = futures.pop(future), future.result()
                    self._under_way[place] = block
                    if block.finished:
                        self._keep(place, block)
                    else:
                        futures[pool.submit(advanced, block, self.plan.steps)] = place
                yield
            yield from wait_in_turns(pool.shutdown, seconds=seconds)
        finally:
            cancelled.set()
            pool.shutdown(wait=True, cancel_futures=True)
        yield

    def _begin(self, place: "BlockPlace") -> Block:
        seeds = self.plan.seeds[place.first : place.first + place.count]
        block = Block(self.plan.recipes[place.cell], np.array(seeds, dtype=np.int64))
        self._under_way[place] = block
        self._begun += place.count
        return block

    def _keep(self, place: "BlockPlace", block: Block) -> None:
        del self._under_way[place]
        self._results[place.cell].write(place.first, block)
        self._finished += place.count
        self._spent += block.spent
        self._solved += int((block.kinds == CODES[SOLVED]).sum())
        self._diverged += int((block.kinds == CODES[DIVERGED]).sum())

    def _progress(self, seconds: float) -> Progress:
        spent, left, finished = self._spent, 0.0, self._finished
        solved, diverged = self._solved, self._diverged
        done = self._finished * self.plan.steps
        for block in self._under_way.values():
            has_diverged = block.diverged_at != NEVER
            spent += block.spent
            left += block.left(self.plan.steps)
            done += int(np.where(has_diverged, self.plan.steps, block.reached).sum())
            finished += int((has_diverged | (block.reached == self.plan.steps)).sum())
            diverged += int(has_diverged.sum())
            solved += int((block.is_solved & ~has_diverged).sum())
        # What has not begun is taken to be like what has. More work than was thought makes the
        # share stand still, rather than fall.
        networks = self.plan.networks
        self._step = max(self._step, done // networks)
        whole = (spent + left) * networks / max(self._begun, 1)
        self._share = max(self._share, spent / whole if whole else 0.0)
        return Progress(
            networks,
            self._begun,
            finished,
            solved,
            diverged,
            self._share,
            seconds,
            min(self._starting, seconds),
            self._step,
            self.plan.steps,
        )


@dataclass(frozen=True)
class BlockPlace:
    """Where a block belongs: the cell, and the index of its first seed and their number there."""

    cell: int
    first: int
    count: int


def places(plan: Plan, processes: int) -> Iterator[BlockPlace]:
    """The plan in blocks of nearly equal size, small enough for the cache and for every process."""
    each = -(-plan.networks // processes)
    for cell, recipe in enumerate(plan.recipes):
        seeds = len(plan.seeds)
        blocks = -(-seeds // max(LANES, min(networks_per_block(recipe), each)))
        for block in range(blocks):
            first, end = seeds * block // blocks, seeds * (block + 1) // blocks
            yield BlockPlace(cell, first, end - first)
