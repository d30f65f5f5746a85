"""What a long run costs: resident memory after 10^7 steps against 10^4, and seeks at 10^6.

python -m tests.bench.memory [--quick | --longest]    --longest: 10^8 steps, a quarter of an hour
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from functools import partial

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.bench.figures import Figure, report
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer

MAX_GROWTH = 2**21  # bytes: the checkpoints and the curve fill up to their bounds and stay there
MAX_SECONDS = 0.05  # for a seek at a million steps
MAX_SECONDS_BACK = 1 / 30  # for the step before: a frame
SEEKS = 40


def peak_memory() -> int:
    """The most memory that this process has had resident, in bytes."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def seek_times(trainer: Trainer) -> tuple[list[float], list[float]]:
    """Seconds for seeks from the end of the run to steps all over it, and on to those before."""
    choose, end = random.Random(0), trainer.step_number

    def seconds_to(step: int) -> float:
        started = time.perf_counter()
        trainer.seek(step)
        return time.perf_counter() - started

    there, back = [], []
    for _ in range(SEEKS):
        trainer.seek(end)
        target = choose.randrange(1, end)
        there.append(seconds_to(target))
        back.append(seconds_to(target - 1))
    return there, back


def measure(is_quick: bool, long: int = 10**7) -> list[Figure]:
    """One run, looked at on its way."""
    short, middle, long = (10**3, 10**4, 3 * 10**4) if is_quick else (10**4, 10**6, long)
    trainer = Trainer(Recipe())
    trainer.step(short)
    trainer.snapshot()
    before = peak_memory()
    started = time.perf_counter()
    trainer.step(middle - short)
    seconds = time.perf_counter() - started
    there, back = seek_times(trainer)
    trainer.seek(middle)
    trainer.step(long - middle)
    trainer.snapshot()
    growth = peak_memory() - before
    far, _ = seek_times(trainer)
    mega, allowed = growth / 2**20, MAX_GROWTH / 2**20
    return [
        Figure(f"steps a second, to {middle:,}", f"{(middle - short) / seconds:,.0f}"),
        Figure(f"seek at {middle:,}, median", f"{statistics.median(there) * 1e3:.1f} ms"),
        Figure(
            f"seek at {middle:,}, longest",
            f"{max(there) * 1e3:.1f} ms",
            f"at most {MAX_SECONDS * 1e3:.0f} ms",
            max(there) <= MAX_SECONDS,
        ),
        Figure(
            "  and on to the step before, longest",
            f"{max(back) * 1e3:.1f} ms",
            f"at most {MAX_SECONDS_BACK * 1e3:.0f} ms",
            max(back) <= MAX_SECONDS_BACK,
        ),
        Figure(f"peak memory at {short:,}", f"{before / 2**20:.1f} MiB"),
        Figure(
            f"growth to {long:,}",
            f"{mega:.1f} MiB",
            f"at most {allowed:.0f} MiB",
            growth <= MAX_GROWTH,
        ),
        Figure(f"seek at {long:,}, median", f"{statistics.median(far) * 1e3:.1f} ms"),
        Figure(f"seek at {long:,}, longest", f"{max(far) * 1e3:.1f} ms"),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where a long run takes more memory."""
    if os.name != "posix":
        print("memory cannot be measured here")
        return 0
    if list(arguments) == ["--longest"]:
        return report(partial(measure, long=10**8), [])
    return report(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
