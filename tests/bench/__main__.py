"""All benchmarks, one after the other: python -m tests.bench [--quick]

Each can be run alone, too: python -m tests.bench.kernel, .sweep, .startup, .app, .views,
.sweep_screen, .memory, .painters, .points. The exit code is 1 where a promise is broken. Nothing
else should be going on meanwhile.
"""

import subprocess
import sys

BENCHMARKS = (
    *("kernel", "sweep", "startup", "app", "views"),
    *("sweep_screen", "memory", "painters", "points"),
)


def main(arguments: list[str]) -> int:
    """Run all of them, each in a process of its own; the greatest exit code."""
    codes = []
    for name in BENCHMARKS:
        print(f"\n{name}", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{name}", *arguments], check=False
        )
        codes.append(done.returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
