"""What an attack is: many cases, each made by a generator of its own, so it can be repeated."""

import random
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

MAX_FAILURES = 5  # after so many an attack has said enough
PART = 20  # cases that a process tries in one go


@dataclass(frozen=True)
class Attack:
    """`one` tries a case in a folder of its own; it returns what went wrong, or None.

    `quick` and `full` are how many cases are tried.
    """

    name: str
    words: str
    quick: int
    full: int
    one: Callable[[random.Random, Path], str | None]
    needs_terminal: bool = False

    def case(self, seed: int, number: int) -> str | None:
        """Try one case; an exception is a failure like any other."""
        chance = random.Random(f"{self.name} {seed} {number}")
        try:
            with TemporaryDirectory(prefix="xortui-") as folder:
                return self.one(chance, Path(folder))
        except Exception:
            return traceback.format_exc()

    def cases(self, seed: int, numbers: Iterable[int]) -> Iterator[tuple[int, str | None]]:
        """Try cases one after the other: each with what went wrong."""
        return ((number, self.case(seed, number)) for number in numbers)


@dataclass(frozen=True)
class Outcome:
    """What came of an attack: how many cases were tried, and how many of them failed."""

    attack: Attack
    cases: int
    failed: int
    seconds: float


def carry_out(
    attack: Attack,
    seed: int,
    numbers: Sequence[int],
    tell: Callable[[str], None],
    jobs: int = 1,
) -> Outcome:
    """Try the cases, in so many processes, and tell of each that fails how to repeat it."""
    began, tried, failed = time.monotonic(), 0, 0
    for number, wrong in _carried_out(attack, seed, numbers, jobs):
        tried += 1
        if wrong is None:
            continue
        failed += 1
        tell(
            f"{attack.name}: case {number} failed: {wrong.strip()}\n"
            f"again: python -m tests.hardening --only {attack.name} --seed {seed} --case {number}"
        )
        if failed == MAX_FAILURES:
            break
    return Outcome(attack, tried, failed, time.monotonic() - began)


def _carried_out(
    attack: Attack, seed: int, numbers: Sequence[int], jobs: int
) -> Iterator[tuple[int, str | None]]:
    """The cases with what went wrong, in any order."""
    if jobs == 1:
        yield from attack.cases(seed, numbers)
        return
    parts = [numbers[start : start + PART] for start in range(0, len(numbers), PART)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        tasks = [pool.submit(_part, attack, seed, part) for part in parts]
        try:
            for task in as_completed(tasks):
                yield from task.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _part(attack: Attack, seed: int, numbers: Sequence[int]) -> list[tuple[int, str | None]]:
    return list(attack.cases(seed, numbers))
