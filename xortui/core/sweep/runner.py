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
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

import numpy as np

from xortui.core.analysis.ends import DIVERGED, SOLVED
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.batched_kernel import LANES, SweepKernel, fitting_networks
from xortui.core.sweep.block import CODES, NEVER, Block, networks_per_block
from xortui.core.sweep.exact_kernel import exact_kernel, is_trained_exactly, stacked_networks
from xortui.core.sweep.plan import Plan
from xortui.core.sweep.results import Cell, Results

# How long a turn works. A key waits for the rest of one turn at most.
TURN_SECONDS = 0.004
# A process starts in about a third of a second: fewer networks are done before it has.
PROCESSES_FROM = 10_000
# A process hands its block back so often: cancelling waits no longer, and counts fill in.
TASK_SECONDS = 0.2
MAX_PROCESSES = 32
# Networks of a recipe that are tried when the duration is estimated.
_SAMPLED = 64

Turns = Generator[None, None, None]


@dataclass(frozen=True)
class Progress:
    """How far a sweep has come after `seconds` of work: `share` of it, from 0 to 1.

    Of `networks` in all, `begun` have been; `finished` have reached the last step or diverged.
    `solved` and `diverged` count how they stand so far.
    """

    networks: int
    begun: int
    finished: int
    solved: int
    diverged: int
    share: float
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        """What remains at the pace so far; None before there is one."""
        return self.seconds * (1 - self.share) / self.share if self.share > 0 else None


class Sweep:
    """Trains the networks of a plan, and holds what became of them so far."""

    def __init__(self, plan: Plan, processes: int | None = None) -> None:
        """`processes` bounds how many share the work (default: one for each processor).

        None is started for fewer than `PROCESSES_FROM` networks.
        """
        self.plan = plan
        enough = plan.networks >= PROCESSES_FROM
        self.processes = max(1, min(processes or _processors(), MAX_PROCESSES)) if enough else 1
        self._results = [Results(len(plan.seeds)) for _ in plan.recipes]
        self._spent = 0.0  # on the blocks that are finished: see Block.spent
        self._share = 0.0
        self._begun = self._finished = 0
        self._solved = self._diverged = 0  # of the blocks that are finished
        self._under_way: dict[_Place, Block] = {}

    def run(self, seconds: float = TURN_SECONDS) -> Generator[Progress, None, None]:
        """Train, about `seconds` of work a turn, until all is done or the iterator is closed.

        Closing it ends the processes, and judges the networks under way at the step they reached.
        """
        places = _places(self.plan, self.processes)
        started = time.perf_counter()
        turns = (
            self._turns(places, seconds)
            if self.processes == 1
            else self._shared_turns(places, seconds)
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

    def cells(self) -> tuple[Cell, ...]:
        """The results so far, one cell for each recipe of the plan: copies that stay as is."""
        for place, block in self._under_way.items():
            self._results[place.cell].write(place.first, block)
        return tuple(
            results.cell(recipe, self.plan)
            for recipe, results in zip(self.plan.recipes, self._results, strict=True)
        )

    def _turns(self, places: Iterator["_Place"], seconds: float) -> Turns:
        for place in places:
            block = self._begin(place)
            while not block.finished:
                block.advance(self.plan.steps, seconds)
                yield
            self._keep(place, block)
        yield

    def _shared_turns(self, places: Iterator["_Place"], seconds: float) -> Turns:
        """The same with processes: each has a block for a while and hands it back."""
        context = multiprocessing.get_context("spawn")
        cancelled = context.Event()
        pool = ProcessPoolExecutor(self.processes, context, _start_process, (cancelled,))
        futures: dict[Future[Block], _Place] = {}
        try:
            # Starting and ending processes takes tens of milliseconds, which a turn has not.
            yield from _wait_in_turns(pool.submit, _nothing, seconds=seconds)
            while True:
                # One more than there are processes, so that none waits for its next block.
                while len(futures) <= self.processes and (place := next(places, None)):
                    futures[pool.submit(_advanced, self._begin(place), self.plan.steps)] = place
                if not futures:
                    break
                done, _ = wait(futures, timeout=seconds, return_when=FIRST_COMPLETED)
                for future in done:
                    place, block = futures.pop(future), future.result()
                    self._under_way[place] = block
                    if block.finished:
                        self._keep(place, block)
                    else:
                        futures[pool.submit(_advanced, block, self.plan.steps)] = place
                yield
            yield from _wait_in_turns(pool.shutdown, seconds=seconds)
        finally:
            cancelled.set()
            pool.shutdown(wait=True, cancel_futures=True)
        yield

    def _begin(self, place: "_Place") -> Block:
        seeds = self.plan.seeds[place.first : place.first + place.count]
        block = Block(self.plan.recipes[place.cell], np.array(seeds, dtype=np.int64))
        self._under_way[place] = block
        self._begun += place.count
        return block

    def _keep(self, place: "_Place", block: Block) -> None:
        del self._under_way[place]
        self._results[place.cell].write(place.first, block)
        self._finished += place.count
        self._spent += block.spent
        self._solved += int((block.kinds == CODES[SOLVED]).sum())
        self._diverged += int((block.kinds == CODES[DIVERGED]).sum())

    def _progress(self, seconds: float) -> Progress:
        spent, left, finished = self._spent, 0.0, self._finished
        solved, diverged = self._solved, self._diverged
        for block in self._under_way.values():
            has_diverged = block.diverged_at != NEVER
            spent += block.spent
            left += block.left(self.plan.steps)
            finished += int((has_diverged | (block.reached == self.plan.steps)).sum())
            diverged += int(has_diverged.sum())
            solved += int((block.is_solved & ~has_diverged).sum())
        # What has not begun is taken to be like what has. More work than was thought makes the
        # share stand still, rather than fall.
        networks = self.plan.networks
        whole = (spent + left) * networks / max(self._begun, 1)
        self._share = max(self._share, spent / whole if whole else 0.0)
        return Progress(networks, self._begun, finished, solved, diverged, self._share, seconds)


def measured_seconds(plan: Plan, processes: int | None = None, budget: float = 0.3) -> float:
    """How long a plan would take on this machine, from rates measured for `budget` seconds or so.

    Networks that diverge need less.
    """
    rates = _measured_rates(plan, budget)
    seconds = sum(rates) * len(plan.seeds) * plan.steps
    return seconds / Sweep(plan, processes).processes


def _measured_rates(plan: Plan, budget: float) -> list[float]:
    """For each recipe, the seconds that a step of one network takes, on the average of networks.

    The rates of training together and of training exactly are measured for every kind of network;
    and for every recipe, how many of a few networks have to be trained exactly, as far as their
    first steps tell: more may later. All of it takes `budget` seconds or so.
    """
    kinds = [replace(recipe, init="uniform", learning_rate=0.1) for recipe in plan.recipes]
    part = budget / 3
    both_rates = lru_cache(maxsize=None)(
        lambda kind: _rates(kind, len(plan.seeds), part / len(set(kinds)))
    )
    rates = []
    for recipe, kind in zip(plan.recipes, kinds, strict=True):
        together, exactly = both_rates(kind)
        sample = Block(recipe, np.array(plan.seeds[:_SAMPLED]))
        sample.advance(plan.steps, 0)  # only draws
        sample.advance(plan.steps, part / len(kinds))
        share = float(sample.is_exact.mean())
        rates.append(together + (exactly - together) * share)
    return rates


def _rates(recipe: Recipe, networks: int, seconds: float) -> tuple[float, float]:
    """Seconds for one step of one network, trained together with others and trained exactly."""
    exact = exact_kernel(recipe, min(stacked_networks(recipe), networks))
    parameters = np.tile(Network(recipe).initial_parameters(), (exact.networks, 1))
    exactly = _duration(lambda: exact.run(0, parameters, exact.most_steps), seconds)
    exactly /= exact.networks * exact.most_steps
    if is_trained_exactly(recipe):
        return exactly, exactly
    width = min(fitting_networks(recipe), -(-networks // LANES) * LANES)
    kernel = SweepKernel(recipe, width)
    kernel.parameters[...] = parameters[:1].T
    together = _duration(lambda: kernel.trusted(kernel.run(kernel.most_steps)), seconds)
    return together / (min(width, networks) * kernel.most_steps), exactly


def _duration(call: Callable[[], object], seconds: float) -> float:
    """How long a call takes, measured for so many seconds."""
    call()
    calls, started = 0, time.perf_counter()
    while not calls or time.perf_counter() < started + seconds:
        call()
        calls += 1
    return (time.perf_counter() - started) / calls


@dataclass(frozen=True)
class _Place:
    """Where a block belongs: the cell, and the index of its first seed and their number there."""

    cell: int
    first: int
    count: int


def _places(plan: Plan, processes: int) -> Iterator[_Place]:
    """The plan in blocks of nearly equal size, small enough for the cache and for every process."""
    each = -(-plan.networks // processes)
    for cell, recipe in enumerate(plan.recipes):
        seeds = len(plan.seeds)
        blocks = -(-seeds // max(LANES, min(networks_per_block(recipe), each)))
        for block in range(blocks):
            first, end = seeds * block // blocks, seeds * (block + 1) // blocks
            yield _Place(cell, first, end - first)


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _wait_in_turns(function: Callable[..., object], *arguments: object, seconds: float) -> Turns:
    """Call the function in a thread, and give a turn every `seconds` until it has returned."""
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(seconds)
            yield
    finally:
        thread.join()


# -- in the processes --------------------------------------------------------------------------

_cancelled: Event | None = None


def _start_process(cancelled: Event) -> None:
    """Ctrl+C is the parent's to handle; when the parent is gone, however it went, so is this."""
    global _cancelled
    _cancelled = cancelled
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(10)  # a screen that shows the sweep answers keys first
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _nothing() -> None:
    """What a pool is given to do so that its processes start."""


def _advanced(block: Block, steps: int) -> Block:
    end = time.perf_counter() + TASK_SECONDS
    while not block.finished and time.perf_counter() < end:
        if _cancelled is not None and _cancelled.is_set():
            break
        block.advance(steps, TURN_SECONDS)
    return block
