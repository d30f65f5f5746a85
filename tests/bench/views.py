"""The app at full speed in a pseudo-terminal, with each of its views open in turn.

python -m tests.bench.views [--quick]
"""

import sys
from collections.abc import Sequence

from tests.bench.app import p95, watch_training
from tests.bench.figures import Figure, report_in_terminal
from xortui.tui.views.views import VIEWS


def measure(is_quick: bool) -> list[Figure]:
    """One line for each view: share of the time in training, frames a second, key to action.

    Quickly, of the first and the last only.
    """
    figures = []
    views = list(VIEWS.values())
    for view in (views[0], views[-1]) if is_quick else views:
        seen = watch_training(view.digit, *((0.1, 0.3) if is_quick else (2, 12)))
        words = f"{seen.share:.0%}  {seen.frames:.1f}  {p95(seen.late) * 1e3:.1f} ms"
        figures.append(Figure(view.words, words, "75%  25  16 ms", seen.keeps_promises))
    return figures


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where a view costs too much."""
    return report_in_terminal(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
