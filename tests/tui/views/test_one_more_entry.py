"""A new activation or loss can be looked at as the others can."""

from collections.abc import Callable

import pytest

from tests.core.toys import RECIPES, add_toys
from tests.tui.painting import assert_well_painted
from xortui.core.model.recipe import Recipe
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer
from xortui.tui.drawing.lines import Line, plain_text
from xortui.tui.operation_cursor import OperationCursor
from xortui.tui.panes.truth_table import paint_truth_table
from xortui.tui.panes.weights_table import paint_weights
from xortui.tui.views.diagram import paint_diagram
from xortui.tui.views.hidden_space import paint_hidden_space
from xortui.tui.views.hidden_units import paint_hidden_units
from xortui.tui.views.norms import paint_norms
from xortui.tui.views.operations import paint_operations
from xortui.tui.views.surface import paint_surface

SIZE = 100, 40


@pytest.fixture(params=RECIPES)
def snapshot(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    add_toys(monkeypatch)
    trainer = Trainer(Recipe(**RECIPES[request.param]))
    trainer.seek(60)
    return trainer.snapshot()


@pytest.mark.parametrize(
    "paint",
    [
        paint_truth_table,
        paint_weights,
        paint_surface,
        paint_hidden_units,
        paint_hidden_space,
        paint_diagram,
        paint_norms,
    ],
)
def test_panes_and_views_paint_it(paint: Callable[..., list[Line]], snapshot: Snapshot) -> None:
    assert_well_painted(paint(snapshot, *SIZE), *SIZE)


def test_every_operation_is_shown_with_its_arithmetic(snapshot: Snapshot) -> None:
    for index in range(len(snapshot.results)):
        cursor = OperationCursor(snapshot, index)
        lines = paint_operations(snapshot, *SIZE, cursor)
        assert_well_painted(lines, *SIZE)
        assert f"{cursor.explanation.left} " in plain_text(lines)
