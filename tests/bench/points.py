"""As `app.py`, with points: how fluent the app is with 500 of them, and with as many as it takes.

python -m tests.bench.points [--quick]
"""

import sys
from collections.abc import Sequence

from tests.bench.app import MAX_LATENCY, p95, watch_training
from tests.bench.figures import Figure, report_in_terminal

MIN_FRAMES = 20
COMMON = "--activation tanh --bias --loss cross-entropy --optimiser adam --lr 0.001 --init xavier"
# Of the first, promises are kept; the others are the largest that can be trained.
RECIPES = {
    "500 points, 8,8": "--problem spiral --points 500 --hidden 8,8",
    "500 points, 64,64": "--problem spiral --points 500 --hidden 64,64",
    "2,000 points, 32,32": "--problem spiral --points 2000 --hidden 32,32",
}


def measure(is_quick: bool) -> list[Figure]:
    """Frames a second, and how late keys are carried out, of each of the recipes.

    Quickly, of the first only.
    """
    figures = []
    for number, (name, recipe) in enumerate(list(RECIPES.items())[: 1 if is_quick else None]):
        warm_up, seconds = (0.1, 0.3) if is_quick else (2, 10)
        # Full speed; the surface is open from the start.
        seen = watch_training("M", warm_up, seconds, [*recipe.split(), *COMMON.split()])
        late, is_promised = p95(seen.late), number == 0
        words = f"{seen.frames:.1f}", f"{late * 1e3:.1f} ms", f"{seen.late[-1] * 1e3:.1f} ms"
        figures += [
            Figure(f"{name}: steps a second", f"{seen.steps:,.0f}"),
            Figure(
                f"{name}: frames a second",
                words[0],
                f"at least {MIN_FRAMES}" * is_promised,
                seen.frames >= MIN_FRAMES if is_promised else None,
            ),
            Figure(
                f"{name}: key to action, p95",
                words[1],
                "at most 16 ms" * is_promised,
                late <= MAX_LATENCY if is_promised else None,
            ),
            Figure(f"{name}: key to action, longest", words[2]),
        ]
    return figures


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where a promise is broken."""
    return report_in_terminal(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
