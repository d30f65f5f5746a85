"""Numbers over the run as lines: they end at the numbers of now, beside their names."""

import numpy as np
import pytest

from tests.tui.painting import RUNS, assert_well_painted, snapshot_of
from xortui.tui.drawing.lines import plain_text
from xortui.tui.panes.run_paths import LEFT, MIN_LINES, RunPaths, paint_run_paths
from xortui.tui.panes.truth_table import paint_outputs_over_run
from xortui.tui.panes.weight_paths import paint_weights_over_run

PATHS = RunPaths(
    np.array([0.0, 100.0]),
    np.array([[0.0, 1.0], [1.0, 0.5]]),
    ("up", "down"),
    0.0,
    1.0,
    {0.5: "half"},
)


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize(("width", "height"), [(0, 0), (20, 7), (30, 8), (58, 12), (118, 20)])
def test_any_run_can_be_painted_at_any_size(run: str, width: int, height: int) -> None:
    for paint in (paint_outputs_over_run, paint_weights_over_run):
        lines = paint(snapshot_of(run), width, height)
        if lines:
            assert_well_painted(lines, width, height)
            assert len(lines) == height


def test_a_line_ends_beside_its_name_at_the_number_of_now() -> None:
    lines = plain_text(paint_run_paths(PATHS, "Head", 60, 12)).splitlines()
    assert lines[0].split() == ["Head", "step", "0", "to", "100"]
    assert lines[1].endswith("up")
    [half] = [line for line in lines if line.startswith("  half")]
    assert half.endswith("down")
    assert lines[-1].split() == ["0", "100"]
    first = [line[LEFT] for line in lines[1:-1]]
    assert first[0] not in " ─", "one begins at the top"
    assert first[-1] not in " ─", "and one at the bottom"


def test_where_there_is_no_room_there_is_nothing() -> None:
    assert paint_run_paths(PATHS, "Head", 60, MIN_LINES - 1) == []
    assert paint_run_paths(PATHS, "Head", 20, 20) == []
