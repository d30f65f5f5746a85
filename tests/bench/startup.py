"""Process start to first frame in a pseudo-terminal, against a bare Textual app in turn.

The bare app imports NumPy and shows one line. xortui's first frame counts as there when its last
line is. python -m tests.bench.startup [--quick]
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence

from tests.bench.figures import Figure, report
from tests.e2e.terminal import XORTUI, Terminal

ALLOWED = 1.3

BARE_APP = """
import numpy
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("the bare app quit")

Bare().run()
"""
LAST_WORD = b"quit"


def seconds_to_first_frame(command: Sequence[str], folder: str) -> float:
    """Start a program in a terminal of 120x36 and wait until it has painted its first frame."""
    variables = {"XDG_STATE_HOME": folder}
    started = time.monotonic()
    with Terminal(
        command, 120, 36, folder, is_controlling=False, is_drawn=False, variables=variables
    ) as terminal:
        while LAST_WORD not in terminal.output:
            if not terminal.read(5):
                raise RuntimeError(f"no frame came: {bytes(terminal.output)!r:.500}")
        return time.monotonic() - started


def measure(is_quick: bool) -> list[Figure]:
    """Start both in turn; the ratio is of times that stand side by side."""
    bare_command = [sys.executable, "-c", BARE_APP]
    with tempfile.TemporaryDirectory() as folder:
        if not is_quick:  # what is compiled and in the disk cache for the one is so for the other
            seconds_to_first_frame(bare_command, folder)
            seconds_to_first_frame(XORTUI, folder)
        bare, ours = [], []
        for _ in range(1 if is_quick else 15):
            bare.append(seconds_to_first_frame(bare_command, folder))
            ours.append(seconds_to_first_frame(XORTUI, folder))
    ratios = sorted(mine / theirs for mine, theirs in zip(ours, bare, strict=True))
    ratio = statistics.median(ratios)
    return [
        Figure("bare Textual app with NumPy", f"{statistics.median(bare) * 1e3:.0f} ms"),
        Figure("xortui", f"{statistics.median(ours) * 1e3:.0f} ms"),
        Figure("xortui / bare", f"{ratio:.2f}", f"at most {ALLOWED}", ratio <= ALLOWED),
        Figure("  least and greatest", f"{ratios[0]:.2f} {ratios[-1]:.2f}"),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where the start takes too long."""
    if os.name != "posix":
        print("there are no pseudo-terminals here")
        return 0
    return report(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
