"""Points on the screen: a table that scrolls, marks on pictures, a test curve; never too much."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from tests.core.points import OVERFITTING, SPIRAL, data_file
from tests.sample import some_pairs
from tests.tui.driving import answer, press, until
from tests.tui.painting import SIZES, assert_well_painted, snapshot_at
from tests.tui.test_keys import opened
from xortui.core.model.recipe import Recipe
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import plain_text
from xortui.tui.panes.loss import paint_loss
from xortui.tui.panes.points_table import count_points, paint_points_table
from xortui.tui.panes.truth_table import TruthTable
from xortui.tui.screenshot import screen_text
from xortui.tui.views.diagram import paint_diagram
from xortui.tui.views.hidden_space import paint_hidden_space
from xortui.tui.views.hidden_units import paint_hidden_units
from xortui.tui.views.points import TEST, TRAINING
from xortui.tui.views.surface import paint_surface

LARGE = Recipe(
    problem="data",
    data=data_file(2000, 8),
    standardise=True,
    hidden=(4,),
    bias=True,
    activation="tanh",
    learning_rate=1e-4,
)
RUNS = {
    "spiral": (SPIRAL, 90),
    "overfitting": (OVERFITTING, 300),
    "2,000 rows": (LARGE, 20),
    "one unit": (Recipe(problem="gauss", points=30, hidden=(1,), learning_rate=0.001), 5),
    "two units": (Recipe(problem="moons", learning_rate=0.001, test=0.0), 5),
    "diverged": (Recipe(problem="moons"), 10_000),
}


def snapshot_of(run: str) -> Snapshot:
    return snapshot_at(*RUNS[run])


@pytest.mark.parametrize("run", RUNS)
def test_everything_fits_however_many_points_there_are(run: str) -> None:
    snapshot = snapshot_of(run)
    for width, height in SIZES:
        for paint in (
            paint_points_table,
            paint_surface,
            paint_hidden_units,
            paint_hidden_space,
            paint_loss,
        ):
            assert_well_painted(paint(snapshot, width, height), width, height)
        assert_well_painted(paint_diagram(snapshot, width, height, 3), width, height)


def test_the_table_shows_the_points_from_any_of_them_on_and_then_those_set_aside() -> None:
    snapshot = snapshot_of("2,000 rows")
    assert count_points(snapshot) == 2000
    lines = plain_text(paint_points_table(snapshot, 120, 10, first=1396)).splitlines()[3:]
    names = [" ".join(line.split()[: 1 + ("test" in line)]) for line in lines]
    assert names == ["1397", "1398", "1399", "1400", "test 1", "test 2", "test 3"]


def test_the_summary_has_training_and_test_side_by_side() -> None:
    snapshot = snapshot_of("spiral")
    assert snapshot.held_out is not None
    summary = plain_text(paint_points_table(snapshot, 56, 8)).splitlines()[1]
    right, test = int(snapshot.right.sum()), int(snapshot.held_out.right.sum())
    assert summary.startswith(f" right {right} of 140, loss {snapshot.loss:.3g}")
    assert summary.endswith(f"test {test} of 60, {snapshot.held_out.loss:.3g}")


def test_training_and_test_and_both_labels_are_told_apart_without_colour() -> None:
    for paint in (paint_surface, paint_hidden_space, paint_hidden_units):
        text = plain_text(paint(snapshot_of("spiral"), 100, 50))
        assert all(glyph in text for glyph in TRAINING + TEST)
        assert "test" in text


def test_the_loss_says_overfitting_where_that_is_so_and_only_there() -> None:
    assert "overfitting since" in plain_text(paint_loss(snapshot_of("overfitting"), 70, 12))
    text = plain_text(paint_loss(snapshot_of("spiral"), 70, 12))
    assert "overfitting" not in text
    assert "(dotted)" in text


def test_units_are_not_named_after_gates() -> None:
    text = plain_text(paint_hidden_units(snapshot_of("two units"), 100, 50))
    assert "like" not in text
    assert "pattern" not in text


# -- in the app ------------------------------------------------------------------------------------


def spoken(recipe: Recipe) -> dict[str, Any]:
    return {name: getattr(recipe, name) for name in Recipe.__dataclass_fields__}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("recipe", "size"),
    some_pairs([replace(SPIRAL, points=500), LARGE], [(80, 24), (120, 36)], 2, str),
)
async def test_points_are_trained_looked_at_and_scrolled(
    recipe: Recipe, size: tuple[int, int]
) -> None:
    async with opened(0, size=size, **spoken(recipe)) as (app, pilot):
        await press(pilot, "space")
        await until(pilot, lambda: app.session.trainer.step_number > 3)
        await press(pilot, "space", "1", "pagedown", "pagedown", "up")
        table = app.screen.query_one(TruthTable)
        assert table.row == 19
        for key in ("4", "5", "6", "7", "8", "9", "0"):
            await press(pilot, key)
            lines = screen_text(app).splitlines()
            assert len(lines) <= size[1]
            assert max(map(len, lines)) <= size[0]
            assert "row 0" not in "\n".join(lines)


@pytest.mark.slow
async def test_the_label_of_a_point_can_be_turned_round_but_not_of_a_test_point() -> None:
    async with opened(5, **spoken(SPIRAL)) as (app, pilot):
        await press(pilot, "1", "down", "enter")
        assert app.session.trainer.current_recipe.flipped == (1,)
        app.screen.query_one(TruthTable).row = 150
        await press(pilot, "enter")
        assert app.session.trainer.current_recipe.flipped == (1,)


@pytest.mark.slow
async def test_the_recipe_dialog_takes_points_and_files(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("\n".join([*data_file().lines(), "1,2,1"]))
    async with opened(5) as (app, pilot):
        await press(pilot, "e")
        app.screen.query_one("#problem", Input).value = "moons"
        await answer(pilot, "moons")
        assert app.session.trainer.recipe == Recipe(problem="moons")
        await press(pilot, "e")
        app.screen.query_one("#data", Input).value = str(path)
        app.screen.query_one("#data", Input).focus()
        await press(pilot, "enter")
        assert "line 13 has 3 columns" in screen_text(app)
        path.write_text("\n".join(data_file().lines()))
        await press(pilot, "enter")
        assert app.session.trainer.recipe == Recipe(problem="data", data=data_file())
        await press(pilot, "e")
        app.screen.query_one("#problem", Input).value = "xor"
        app.screen.query_one("#data", Input).value = ""
        app.screen.query_one("#problem", Input).focus()
        await press(pilot, "enter")
        assert app.session.trainer.recipe == Recipe()
