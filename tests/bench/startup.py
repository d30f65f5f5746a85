"""Process start to first frame in a pseudo-terminal, against a bare Textual app in turn.

The bare app imports NumPy and shows one line. What xortui needs until all panes are painted is
measured, too. python -m tests.bench.startup [--quick]
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from tests.bench.figures import Figure, report_in_terminal
from tests.e2e.terminal import XORTUI, Terminal

FIRST_ALLOWED, WHOLE_ALLOWED = 1.2, 1.5  # times the bare app
VERSION_ALLOWED = 3.0  # times an empty Python

BARE_APP = """
import numpy
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("the bare app")

Bare().run()
"""
# What each has painted with its first frame, and what xortui's footer ends with.
BARE_FRAME, FIRST_FRAME, WHOLE_SCREEN = b"the bare app", b"Truth table", b"quit"


def seconds_until(command: Sequence[str], folder: str, *words: bytes) -> list[float]:
    """Start a program in a terminal of 120x36; when it has written each of the words."""
    variables = {"XDG_STATE_HOME": folder}
    started = time.monotonic()
    times = []
    with Terminal(
        command, 120, 36, folder, is_controlling=False, is_drawn=False, variables=variables
    ) as terminal:
        for word in words:
            while word not in terminal.output:
                if not terminal.read(5):
                    raise RuntimeError(f"no frame came: {bytes(terminal.output)!r:.500}")
            times.append(time.monotonic() - started)
    return times


def version_ratio(turns: int) -> float:
    """How long `xortui --version` takes, in times of a Python that does nothing."""

    def seconds(*arguments: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started

    ratios = [seconds("-m", "xortui", "--version") / seconds("-c", "") for _ in range(turns)]
    return statistics.median(ratios)


def _at_most(name: str, ratio: float, allowed: float) -> Figure:
    return Figure(name, f"{ratio:.2f}", f"at most {allowed:g}", ratio <= allowed)


def measure(is_quick: bool) -> list[Figure]:
    """Start both in turn; the ratio is of times that stand side by side."""
    bare_command = [sys.executable, "-c", BARE_APP]
    bare, first, whole = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(1 if is_quick else 16):
            [bare_seconds] = seconds_until(bare_command, folder, BARE_FRAME)
            seconds = seconds_until(XORTUI, folder, FIRST_FRAME, WHOLE_SCREEN)
            if turn or is_quick:  # the first may have to compile and to read the disk
                bare.append(bare_seconds)
                first.append(seconds[0])
                whole.append(seconds[1])
    ratios = sorted(mine / theirs for mine, theirs in zip(first, bare, strict=True))
    ratio = statistics.median(ratios)
    of_whole = statistics.median(mine / theirs for mine, theirs in zip(whole, bare, strict=True))
    version = version_ratio(1 if is_quick else 30)
    return [
        Figure("bare Textual app with NumPy", f"{statistics.median(bare) * 1e3:.0f} ms"),
        Figure("xortui, first frame", f"{statistics.median(first) * 1e3:.0f} ms"),
        Figure("xortui, whole screen", f"{statistics.median(whole) * 1e3:.0f} ms"),
        _at_most("first frame / bare", ratio, FIRST_ALLOWED),
        Figure("  least and greatest", f"{ratios[0]:.2f} {ratios[-1]:.2f}"),
        _at_most("whole screen / bare", of_whole, WHOLE_ALLOWED),
        Figure(
            "--version / an empty Python",
            f"{version:.1f}",
            f"at most {VERSION_ALLOWED:g}",
            version <= VERSION_ALLOWED,
        ),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where the start takes too long."""
    return report_in_terminal(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
