"""A pane of a few cells, as in a window that is being resized: little fits, and nothing fails."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.tui.painting import snapshot_of
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import Line, plain_text
from xortui.tui.panes.loss import paint_loss
from xortui.tui.panes.loss_chart import paint_loss_chart
from xortui.tui.panes.truth_table import paint_outputs_over_run, paint_truth_table
from xortui.tui.panes.weight_paths import paint_weights_over_run
from xortui.tui.panes.weights_table import paint_weights
from xortui.tui.views.diagram import paint_diagram
from xortui.tui.views.hidden_space import paint_hidden_space
from xortui.tui.views.hidden_units import paint_hidden_units
from xortui.tui.views.norms import paint_norms
from xortui.tui.views.operations import paint_operations
from xortui.tui.views.surface import paint_surface

PAINTERS: tuple[Callable[[Snapshot, int, int], list[Line]], ...] = (
    paint_loss,
    paint_loss_chart,
    paint_truth_table,
    paint_outputs_over_run,
    paint_weights,
    paint_weights_over_run,
    paint_diagram,
    paint_hidden_space,
    paint_hidden_units,
    paint_norms,
    partial(paint_operations, cursor=None),
    paint_surface,
)
WIDTHS, HEIGHTS = (1, 2, 3, 5, 7, 8, 12, 20, 26), (1, 2, 3, 5, 9, 14, 30)


@pytest.mark.parametrize("run", ["solved", "eight units", "two layers", "diverged"])
@pytest.mark.parametrize("paint", PAINTERS)
def test_it_bears_every_size(paint: Callable[[Snapshot, int, int], list[Line]], run: str) -> None:
    for width in WIDTHS:
        for height in HEIGHTS:
            lines = paint(snapshot_of(run), width, height)
            assert all(plain_text([line]).isprintable() for line in lines)
