"""What a long run costs: resident memory after 10^7 steps against 10^4, and seeks at 10^6.

python -m tests.bench.memory [--quick]
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Sequence

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.bench.figures import Figure, report
from xortui.core.recipe import Recipe
from xortui.core.trainer import Trainer

MOST_GROWTH = 2**21  # bytes: the checkpoints and the curve fill up to their bounds and stay there
SEEKS = 40


def peak_memory() -> int:
    """The most memory that this process has had resident, in bytes."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def seek_times(trainer: Trainer) -> list[float]:
    """Seconds for seeks from the end of the run to steps all over it."""
    choose, times, end = random.Random(0), [], trainer.step_number
    for _ in range(SEEKS):
        trainer.seek(end)
        target = choose.randrange(end)
        started = time.perf_counter()
        trainer.seek(target)
        times.append(time.perf_counter() - started)
    return times


def measure(is_quick: bool) -> list[Figure]:
    """One run, looked at on its way."""
    short, middle, long = (10**3, 10**4, 3 * 10**4) if is_quick else (10**4, 10**6, 10**7)
    trainer = Trainer(Recipe())
    trainer.step(short)
    trainer.snapshot()
    before = peak_memory()
    started = time.perf_counter()
    trainer.step(middle - short)
    seconds = time.perf_counter() - started
    times = seek_times(trainer)
    trainer.seek(middle)
    trainer.step(long - middle)
    trainer.snapshot()
    growth = peak_memory() - before
    mega, allowed = growth / 2**20, MOST_GROWTH / 2**20
    return [
        Figure(f"steps a second, to {middle:,}", f"{(middle - short) / seconds:,.0f}"),
        Figure(f"seek at {middle:,}, median", f"{statistics.median(times) * 1e3:.1f} ms"),
        Figure(f"seek at {middle:,}, longest", f"{max(times) * 1e3:.1f} ms"),
        Figure(f"peak memory at {short:,}", f"{before / 2**20:.1f} MiB"),
        Figure(
            f"growth to {long:,}",
            f"{mega:.1f} MiB",
            f"at most {allowed:.0f} MiB",
            growth <= MOST_GROWTH,
        ),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where a long run takes more memory."""
    if os.name != "posix":
        print("memory cannot be measured here")
        return 0
    return report(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
