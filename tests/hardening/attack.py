"""What an attack is: many cases, each made by a generator of its own, so it can be repeated."""

import random
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

MAX_FAILURES = 5  # after so many an attack has said enough


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

    def failures(self, seed: int, numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
        """The cases that fail, with what went wrong; not all of very many."""
        found = 0
        for number in numbers:
            wrong = self.case(seed, number)
            if wrong is not None:
                yield number, wrong
                found += 1
                if found == MAX_FAILURES:
                    return


@dataclass(frozen=True)
class Outcome:
    """What came of an attack."""

    attack: Attack
    cases: int
    failed: int
    seconds: float


def carry_out(attack: Attack, seed: int, numbers: range, tell: Callable[[str], None]) -> Outcome:
    """Try the cases and tell of each that fails how to repeat it."""
    began, failed = time.monotonic(), 0
    for number, wrong in attack.failures(seed, numbers):
        failed += 1
        tell(
            f"{attack.name}: case {number} failed: {wrong.strip()}\n"
            f"again: python -m tests.hardening --only {attack.name} --seed {seed} --case {number}"
        )
    return Outcome(attack, len(numbers), failed, time.monotonic() - began)
