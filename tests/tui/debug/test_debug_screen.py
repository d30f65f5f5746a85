"""The debug screen by its keys, the running of the script, and the run beside theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.own_script import (
    CRASH,
    NO_NETWORK,
    NO_RECIPE,
    RIGHT,
    WRONG,
    WRONG_LINE,
    examined,
    script_in,
)
from tests.tui.driving import PATIENCE, click, press, settle
from xortui.core.debug.examination import ScriptFile
from xortui.tui.app import XorApp
from xortui.tui.debug.app import DebugApp, DoneRightScreen
from xortui.tui.debug.bars import DebugTabs, StepsBar
from xortui.tui.debug.help import DebugHelp
from xortui.tui.debug.keys import DEBUG_KEYS
from xortui.tui.debug.loss_pane import TheirLoss
from xortui.tui.debug.screen import DebugScreen
from xortui.tui.screens.pane_menu import PaneMenu
from xortui.tui.screenshot import screen_text
from xortui.tui.sweep.screen import SweepScreen
from xortui.tui.terminal.textual_private import standing_notifications

pytestmark = [pytest.mark.pilot, pytest.mark.slow]

Driven = tuple[Pilot[None], DebugScreen]


@asynccontextmanager
async def opened(
    source: str = WRONG, size: tuple[int, int] = (120, 36), ascii_glyphs: bool = False
) -> AsyncIterator[Driven]:
    """The screen on a script that was examined before."""
    app = DebugApp(ScriptFile("my_net.py"), source, examined(source), ascii_glyphs)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot, app.debug_screen


def app_of(pilot: Pilot[None]) -> DebugApp:
    app = pilot.app
    assert isinstance(app, DebugApp)
    return app


def top(pilot: Pilot[None]) -> object:
    """The screen that has the keys."""
    return pilot.app.screen


def shown(pilot: Pilot[None]) -> str:
    return screen_text(app_of(pilot))


async def until(screen: DebugScreen, is_running: bool) -> None:
    async with asyncio.timeout(PATIENCE):
        while screen.runs_script != is_running:
            await asyncio.sleep(0.02)


async def until_step(pilot: Pilot[None], step: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while app_of(pilot).session.trainer.step_number != step:
            await asyncio.sleep(0.02)
    await settle(pilot)


# -- lines and steps -------------------------------------------------------------------------------


async def test_the_cursor_stands_on_the_first_wrong_line() -> None:
    async with opened() as (pilot, screen):
        assert screen.shown.line == WRONG_LINE
        assert "▸21 ✗" in shown(pilot)


async def test_where_nothing_is_wrong_it_stands_on_the_first_line_that_is_known() -> None:
    async with opened(RIGHT) as (_, screen):
        assert screen.shown.line == 14


async def test_n_and_b_walk_through_their_lines() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "n")
        assert screen.shown.line == WRONG_LINE
        assert "Line 21: dh" in shown(pilot)
        await press(pilot, "n", "n")
        assert screen.shown.line == 23
        await press(pilot, "b")
        assert screen.shown.line == 22


async def test_a_walk_goes_over_the_end_of_a_step_into_the_next() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "home", "n")
        for _ in range(4):
            await press(pilot, "n")
        assert (screen.shown.position, screen.shown.line) == (0, 25)
        await press(pilot, "n")
        assert (screen.shown.position, screen.shown.line) == (1, 14)
        await press(pilot, "b")
        assert (screen.shown.position, screen.shown.line) == (0, 25)


async def test_x_goes_to_the_first_wrong_line() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "n", "n", "n", "x")
        assert screen.shown.line == WRONG_LINE
        assert screen.shown.stop is not None


async def test_the_timeline_moves_through_their_recorded_steps() -> None:
    async with opened() as (pilot, screen):
        last = screen.count - 1
        await press(pilot, "home")
        assert screen.shown.position == 0
        for key, position in ((".", 1), (">", 101), ("<", 1), (",", 0), (",", 0)):
            await press(pilot, key)
            assert screen.shown.position == position
        await press(pilot, "right")
        assert screen.shown.position == max(1, screen.count // 100)
        await press(pilot, "left")
        assert screen.shown.position == 0
        await press(pilot, "end", ".")
        assert screen.shown.position == last
        step = screen.shown.step
        assert step is not None
        assert f"step {step.number}" in shown(pilot)


async def test_g_goes_to_the_nearest_recorded_step() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "g", "7", "enter")
        step = screen.shown.step
        assert step is not None
        assert step.number == 7
        await press(pilot, "g", "a", "enter")
        assert "is not the number of a step" in shown(pilot)
        await press(pilot, "escape")


async def test_the_bar_of_steps_can_be_clicked() -> None:
    async with opened() as (pilot, screen):
        await click(pilot, StepsBar, (118, 0))
        assert screen.shown.position == screen.count - 1


async def test_arrows_in_the_script_choose_a_line_and_its_value() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "1", "up")
        assert screen.shown.line == 20
        assert screen.shown.stop is not None
        assert screen.shown.stop.line == 20
        await press(pilot, "pageup", "pageup", "pageup")
        assert screen.shown.line == 1
        assert screen.shown.stop is None
        await press(pilot, "pagedown", "down")
        assert screen.shown.line > 2


# -- panes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_every_digit_shows_and_focuses_its_pane(size: tuple[int, int]) -> None:
    names = ["script", "updates", "loss", "truth", "weights", "surface", "network"]
    async with opened(size=size) as (pilot, screen):
        for digit, name in enumerate(names, start=1):
            await press(pilot, str(digit))
            assert screen.focused is not None
            assert screen.focused.id == name
            assert screen.focused.region.area > 0


async def test_a_tab_opens_its_pane() -> None:
    async with opened(size=(80, 24)) as (pilot, screen):
        await click(pilot, DebugTabs, (24, 0))
        assert screen.focused is not None
        assert screen.focused.id == "loss"


async def test_what_does_not_fit_scrolls() -> None:
    async with opened(size=(80, 20)) as (pilot, _):
        await press(pilot, "5")
        assert "self.w1 W₁" in shown(pilot)
        assert "self.b2 b₂" not in shown(pilot)
        await press(pilot, "down", "down", "down", "down")
        assert "self.w1 W₁" not in shown(pilot)
        assert "self.b2 b₂" in shown(pilot)
        await press(pilot, "up", "up", "up", "up")
        assert "self.w1 W₁" in shown(pilot)


async def test_the_right_button_opens_a_menu_of_what_a_pane_can_do() -> None:
    async with opened() as (pilot, screen):
        x, y = screen.query_one("#loss").region.center
        for kind in (events.MouseDown, events.MouseUp):
            pilot.app.post_message(kind(None, x, y, 0, 0, 3, False, False, False, x, y))
        await settle(pilot)
        assert isinstance(pilot.app.screen, PaneMenu)
        await press(pilot, "enter")
        assert not screen.query_one(TheirLoss).log_steps


async def test_f_gives_a_pane_all_the_room_and_back() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "3", "f")
        loss = screen.query_one("#loss")
        assert loss.region.width == 120
        assert not screen.query_one("#script").display
        await press(pilot, "f")
        assert screen.query_one("#script").display


async def test_escape_leaves_one_thing_at_a_time() -> None:
    async with opened(size=(80, 24)) as (pilot, screen):
        await press(pilot, "n", "4")
        await press(pilot, "escape")
        assert screen.shown.stop is None
        await press(pilot, "escape")
        assert screen.focused is None
        await press(pilot, "escape")
        assert screen.opened == "script"


async def test_y_copies_the_focused_pane_or_the_report() -> None:
    async with opened() as (pilot, _):
        await press(pilot, "y")
        assert "Update of".lower() in pilot.app.clipboard.lower()
        await press(pilot, "4", "y")
        assert pilot.app.clipboard.lstrip().startswith("Truth table")


async def test_l_turns_the_axis_of_the_steps() -> None:
    async with opened() as (pilot, _):
        await press(pilot, "3")
        assert "400 log" in shown(pilot)
        await press(pilot, "l")
        assert "400 log" not in shown(pilot)


async def test_every_key_of_the_table_is_bound_and_in_the_help() -> None:
    async with opened(size=(150, 60)) as (pilot, screen):
        bound = {binding.id for binding in screen._bindings.key_to_bindings["n"]}
        assert "operation" in bound
        await press(pilot, "?")
        assert isinstance(pilot.app.screen, DebugHelp)
        text = shown(pilot)
        for key in DEBUG_KEYS[:20]:
            assert key.words.split(":")[0] in text
        await press(pilot, "escape")
        assert top(pilot) is screen


async def test_in_ascii_nothing_else_is_drawn() -> None:
    async with opened(size=(120, 36), ascii_glyphs=True) as (pilot, _):
        await press(pilot, "n")
        rows = "".join(
            segment.text
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in strip
        )
        assert rows
        text = "".join(
            segment.text
            for strip in pilot.app.screen._compositor.render_strips()
            for line_filter in pilot.app.get_line_filters()
            for segment in strip.apply_filter(line_filter, pilot.app.background_colors[1])
        )
        assert text.isascii()


async def test_too_small_a_terminal_is_told() -> None:
    async with opened(size=(50, 12)) as (pilot, _):
        assert "needed is 60x18" in shown(pilot)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "Line 21" in shown(pilot)


# -- the script is run -----------------------------------------------------------------------------


async def test_it_is_run_in_the_background_and_again_after_a_change(tmp_path: Path) -> None:
    source = f"import time\ntime.sleep(2)\n{NO_NETWORK}"
    app = DebugApp(script_in(tmp_path, source), source)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.debug_screen
        assert screen.runs_script
        assert "Running your script…" in shown(pilot)
        await until(screen, is_running=False)
        await settle(pilot)
        assert "There is no neural network" in shown(pilot)
        script_in(tmp_path, CRASH)
        screen._look_at_file()
        await settle(pilot)
        assert "my_net.py has changed: r runs it again" in shown(pilot)
        await press(pilot, "r")
        await until(screen, is_running=False)
        await settle(pilot)
        assert "it crashed" in shown(pilot)
        assert "has changed" not in shown(pilot)


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_a_script_that_takes_long_can_be_ended(tmp_path: Path, key: str) -> None:
    source = "import time\nwhile True:\n    time.sleep(0.01)\n"
    app = DebugApp(script_in(tmp_path, source), source)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.debug_screen
        await asyncio.sleep(0.3)
        await press(pilot, key)
        assert not screen.runs_script
        assert "It was stopped before anything was found out" in shown(pilot)
        app.examiner.close()
        thread = app.examiner._thread
        assert thread is not None
        assert not thread.is_alive()


async def test_what_is_no_python_any_more_is_said(tmp_path: Path) -> None:
    app = DebugApp(script_in(tmp_path, NO_NETWORK), NO_NETWORK, examined(NO_NETWORK))
    async with app.run_test(size=(80, 24)) as pilot:
        script_in(tmp_path, "x = (\n")
        await press(pilot, "r")
        await until(app.debug_screen, is_running=False)
        await settle(pilot)
        assert "is no Python" in " ".join(shown(pilot).split())


# -- done right ------------------------------------------------------------------------------------


async def test_o_opens_the_same_network_as_a_run_beside_theirs() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "o")
        app = app_of(pilot)
        assert isinstance(app.screen, DoneRightScreen)
        trainer = app.session.trainer
        start = examined(WRONG).step(0)
        assert start is not None
        assert trainer.step_number == 0
        assert trainer.snapshot().outputs.tolist() == pytest.approx(start.outputs[:, 0].tolist())
        await press(pilot, ">")
        await until_step(pilot, 100)
        text = shown(pilot)
        assert "yours" in text
        assert "done right" in text
        await press(pilot, "D")
        assert top(pilot) is screen
        await press(pilot, "o")
        assert trainer.step_number == 100


async def test_the_help_there_begins_with_the_way_back() -> None:
    async with opened() as (pilot, _):
        await press(pilot, "o", "question_mark")
        assert "D  Back to your script" in shown(pilot)


async def test_escape_at_last_leads_back_to_the_script() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "o", "5", "escape")
        assert isinstance(pilot.app.screen, DoneRightScreen)
        for _ in range(3):
            await press(pilot, "escape")
        assert top(pilot) is screen


async def test_reset_goes_back_to_their_start() -> None:
    async with opened() as (pilot, _):
        await press(pilot, "o", ">")
        await until_step(pilot, 100)
        await press(pilot, "r")
        assert not app_of(pilot).session.recovery._aside  # their start is in their script
        trainer = app_of(pilot).session.trainer
        start = examined(WRONG).step(0)
        assert start is not None
        assert trainer.step_number == 0
        assert trainer.snapshot().outputs.tolist() == pytest.approx(start.outputs[:, 0].tolist())


async def test_w_sweeps_their_network() -> None:
    async with opened() as (pilot, screen):
        await press(pilot, "w")
        sweep = pilot.app.screen
        assert isinstance(sweep, SweepScreen)
        assert sweep.recipe.sizes == (2, 3, 1)
        await press(pilot, "q")
        assert top(pilot) is screen


@pytest.mark.parametrize("source", [NO_RECIPE, NO_NETWORK], ids=["no recipe", "no network"])
@pytest.mark.parametrize("key", ["o", "w"])
async def test_what_no_recipe_says_is_no_run(source: str, key: str) -> None:
    async with opened(source) as (pilot, screen):
        await press(pilot, key)
        assert top(pilot) is screen
        (words,) = standing_notifications(pilot.app)
        assert words.startswith("xortui cannot")


@pytest.mark.parametrize("source", [NO_NETWORK, CRASH], ids=["no network", "crash"])
async def test_without_recorded_steps_no_key_does_harm(source: str) -> None:
    async with opened(source) as (pilot, screen):
        keys = [key.keys.split(",")[0] for key in DEBUG_KEYS if key.id not in ("rerun", "help")]
        await press(pilot, *keys)
        assert top(pilot) is screen


async def test_q_leaves() -> None:
    async with opened() as (pilot, _):
        await pilot.press("q")
        assert pilot.app.return_code == 0
        assert isinstance(pilot.app, XorApp)
        assert app_of(pilot).farewell(None).startswith("Line 21: the slope")
