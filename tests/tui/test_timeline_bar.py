"""The timeline and the loss curve by mouse and by keys: where they are pointed at, the run goes."""

from textual.events import MouseDown, MouseMove, MouseUp
from textual.pilot import Pilot

from tests.tui.driving import (
    click,
    is_consistent,
    is_same,
    mouse,
    pause,
    press,
    settle,
    shown,
    until,
)
from tests.tui.test_keys import opened
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.lines import plain_text
from xortui.tui.panes.loss import LossPane, columns_of, reading_at
from xortui.tui.panes.timeline_bar import TimelineBar

COMPACT = (80, 24)


async def drag(app: XorApp, pilot: Pilot[None], *columns: int) -> list[int]:
    """Drag the mouse along the timeline; the steps at which the run stood on the way.

    Columns count from the bar's own; the mouse strays from the line as a hand does.
    """
    region, steps = app.query_one(TimelineBar).region, []
    for index, column in enumerate(columns):
        kind, down = (MouseMove, index % 3) if index else (MouseDown, 0)
        mouse(pilot, kind, region.x + column, region.y - down)
        await settle(pilot)
        steps.append(app.session.trainer.step_number)
    mouse(pilot, MouseUp, region.x + columns[-1], region.y)
    await settle(pilot)
    return steps


async def test_a_drag_goes_along_and_stops_at_both_ends() -> None:
    async with opened(1000, size=COMPACT) as (app, pilot):
        last = 79
        steps = await drag(app, pilot, 40, 3, 0, 20, 60, last - 7, last)
        assert steps[1:3] == [0, 0]
        assert 0 < steps[3] < 300 < 700 < steps[4] < 1000
        assert steps[5:] == [1000, 1000]
        assert is_consistent(app)

        mouse(pilot, MouseMove, 20, app.query_one(TimelineBar).region.y)
        await settle(pilot)
        assert app.session.trainer.step_number == 1000, "the mouse was let go"


async def test_wherever_the_bar_is_clicked_the_mark_goes() -> None:
    async with opened(1000, size=COMPACT) as (app, pilot):
        bar = app.query_one(TimelineBar)
        for column in (3, 17, 40, 71, 72):
            await click(pilot, TimelineBar, (column, 0))
            assert abs(bar.as_text().index("●") - column) <= 1
            assert is_consistent(app)
        assert shown(app)[0].endswith("○ paused"), "its last cell is the last step"


async def test_at_step_0_there_is_nowhere_to_go() -> None:
    async with opened(size=COMPACT) as (app, pilot):
        assert await drag(app, pilot, 0, 3, 40, 79) == [0, 0, 0, 0]
        assert app.session.trainer.last_step == 0
        assert is_consistent(app)


async def test_a_click_pauses_a_run_there_and_running_on_goes_through_the_same_steps() -> None:
    async with opened(size=COMPACT) as (app, pilot):
        app.training.start()
        await until(pilot, lambda: app.session.trainer.step_number > 200)
        await click(pilot, TimelineBar, (20, 0))
        assert not app.training.running
        last_step = app.session.trainer.last_step
        assert 0 < app.session.trainer.step_number < last_step
        app.training.start()
        await until(pilot, lambda: app.session.trainer.last_step > last_step)
        pause(app)
        await settle(pilot)
        plain = Trainer(Recipe())
        plain.seek(app.session.trainer.step_number)
        assert is_same(app.session.trainer, plain)


async def test_after_divergence_both_ends_can_be_clicked() -> None:
    async with opened(300, size=COMPACT, learning_rate=10.0) as (app, pilot):
        for column, step, diverged in ((3, 0, False), (79, 255, True), (40, None, False)):
            await click(pilot, TimelineBar, (column, 0))
            assert step in (app.session.trainer.step_number, None)
            assert app.frame.snapshot.diverged == diverged
            assert is_consistent(app)


# -- the loss curve --------------------------------------------------------------------------------


def reading(app: XorApp) -> tuple[int, float] | None:
    loss = app.query_one(LossPane)
    if loss.column is None or loss.snapshot is None:
        return None
    return reading_at(loss.snapshot, *loss.size, loss.column)


async def test_a_click_reads_the_curve_and_a_second_one_goes_there() -> None:
    async with opened(300, size=COMPACT) as (app, pilot):
        await click(pilot, LossPane, (20, 1))
        read = reading(app)
        assert read is not None
        assert f"{read[1]!r} at step {read[0]}  enter goes there" in "\n".join(shown(app))
        assert "│" in plain_text(app.query_one(LossPane).lines())
        assert app.session.trainer.step_number == 300

        await click(pilot, LossPane, (20, 1))
        assert (app.session.trainer.step_number, app.session.trainer.snapshot().loss) == read

        await click(pilot, LossPane, (40, 1))
        other = reading(app)
        assert other is not None
        assert other[0] > read[0]
        assert app.session.trainer.step_number == read[0]


async def test_arrows_read_it_enter_goes_there_and_escape_leaves_it() -> None:
    async with opened(300, size=COMPACT) as (app, pilot):
        curve = app.query_one(LossPane)
        columns = columns_of(app.frame.snapshot, *curve.size)
        await press(pilot, "3", *["left"] * 5)
        assert curve.column == columns.stop - 5
        await press(pilot, *["right"] * 9)
        assert curve.column == columns.stop - 1
        await press(pilot, *["left"] * 30)
        read = reading(app)
        await press(pilot, "enter")
        assert (app.session.trainer.step_number, app.session.trainer.snapshot().loss) == read
        await press(pilot, "escape")
        assert app.query_one(LossPane).column is None
        assert "enter goes there" not in "\n".join(shown(app))


async def test_at_step_0_the_curve_has_its_one_loss() -> None:
    async with opened(size=COMPACT) as (app, pilot):
        await press(pilot, "3", "left", "left", "enter")
        assert reading(app) == (0, app.session.trainer.snapshot().loss)
        await click(pilot, LossPane, (9, 1))
        await click(pilot, LossPane, (9, 1))
        assert app.session.trainer.step_number == 0
        assert is_consistent(app)


async def test_while_training_runs_the_reading_follows_its_column() -> None:
    async with opened(100, size=COMPACT) as (app, pilot):
        await press(pilot, "3", "left", *["left"] * 20)
        before = reading(app)
        assert before is not None
        app.training.start()
        await until(pilot, lambda: app.session.trainer.step_number > 5000)
        pause(app)
        await settle(pilot)
        after = reading(app)
        assert after is not None
        assert after[0] > before[0]
        assert f"at step {after[0]:,}  enter goes there" in "\n".join(shown(app))
        await press(pilot, "enter")
        assert (app.session.trainer.step_number, app.session.trainer.snapshot().loss) == after
