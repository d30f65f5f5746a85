"""How long each painter takes for a frame, while the reference run goes on: its processor time.

python -m tests.bench.painters [--quick]
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence

from tests.bench.figures import Figure, report
from xortui.core.model.recipe import Recipe
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer
from xortui.tui.drawing.lines import Line
from xortui.tui.panes.loss_chart import paint_loss_chart
from xortui.tui.panes.weights_table import paint_weights
from xortui.tui.views.diagram import paint_diagram
from xortui.tui.views.hidden_space import paint_hidden_space
from xortui.tui.views.hidden_units import paint_hidden_units
from xortui.tui.views.surface import paint_surface

Painter = Callable[[Snapshot, int, int], list[Line]]

PAINTERS: dict[str, Painter] = {
    "loss": paint_loss_chart,
    "network": paint_diagram,
    "surface": paint_surface,
    "hidden space": paint_hidden_space,
    "hidden units": paint_hidden_units,
    "weights": paint_weights,
}
SIZES = {(60, 30): 2.0, (119, 64): 4.0}  # the milliseconds that a frame may take
FRAMES, APART = 60, 40  # and the steps from one to the next


def milliseconds(painter: Painter, snapshots: Sequence[Snapshot], size: tuple[int, int]) -> float:
    """The median over frames of different steps."""
    taken = []
    for snapshot in snapshots:
        start = time.process_time()
        painter(snapshot, *size)
        taken.append(time.process_time() - start)
    return statistics.median(taken) * 1e3


def measure(is_quick: bool) -> list[Figure]:
    """One line for each painter and size."""
    trainer = Trainer(Recipe())
    snapshots = []
    for _ in range(3 if is_quick else FRAMES):
        trainer.step(APART)
        snapshots.append(trainer.snapshot())
    figures = []
    for name, painter in PAINTERS.items():
        for size, most in SIZES.items():
            found = milliseconds(painter, snapshots, size)
            words = f"{name} {size[0]}x{size[1]}"
            figures.append(Figure(words, f"{found:.2f} ms", f"at most {most:g} ms", found <= most))
    return figures


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where a painter is too slow."""
    return report(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
