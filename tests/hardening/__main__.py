"""Attack the program from all sides; the exit code is 1 where something did not hold.

python -m tests.hardening [--quick] [--only NAME] [--seed N] [--cases A:B] [--jobs J]

Without --seed one is drawn and printed. Every failure is told with the line that repeats it.
"""

import argparse
import os
import random
import sys
from collections.abc import Sequence
from functools import partial

from tests.hardening.attack import Attack, carry_out


def attacks() -> list[Attack]:
    """All that can be carried out here."""
    from tests.hardening import arguments, by_pilot, files

    found = [files.ATTACK, arguments.ATTACK]
    if os.name == "posix":
        from tests.hardening import disks, in_terminal

        found += [by_pilot.ATTACK, *in_terminal.ATTACKS, disks.ATTACK]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out what is asked for; returns the exit code."""
    known = {attack.name: attack for attack in attacks()}
    parser = argparse.ArgumentParser(prog="python -m tests.hardening", allow_abbrev=False)
    parser.add_argument("--quick", action="store_true", help="less than a minute of it")
    parser.add_argument("--only", choices=known, help="one kind of attack")
    parser.add_argument("--seed", type=int, help="what the cases are made from")
    parser.add_argument("--case", type=int, help="one case")
    parser.add_argument("--cases", metavar="A:B", help="cases A up to B, B left out")
    parser.add_argument("--jobs", type=int, default=1, help="processes that share the cases")
    options = parser.parse_args(arguments)
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    has_failed = False
    for attack in known.values():
        if options.only not in (None, attack.name):
            continue
        numbers = range(attack.quick if options.quick else attack.full)
        if options.cases is not None:
            first, _, end = options.cases.partition(":")
            numbers = range(int(first), int(end))
        if options.case is not None:
            numbers = range(options.case, options.case + 1)
        outcome = carry_out(attack, seed, numbers, partial(print, flush=True), options.jobs)
        has_failed = has_failed or outcome.failed > 0
        print(
            f"{attack.name:<10} {attack.words:<46} {outcome.cases:>7,} cases "
            f"{outcome.failed:>3} failed {outcome.seconds:>7.1f} s",
            flush=True,
        )
    return int(has_failed)


if __name__ == "__main__":
    sys.exit(main())
