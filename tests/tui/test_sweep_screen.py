"""The sweep screen: a form, a sweep that runs meanwhile, what it found, and a way into each run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Select

from tests.sample import some
from tests.tui.driving import press, shown
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.sweep.comparison import SweepComparison
from xortui.tui.sweep.form import PROPOSED
from xortui.tui.sweep.histogram import LossesHistogram, StepsHistogram
from xortui.tui.sweep.progress import SweepCounts, SweepProgress
from xortui.tui.sweep.screen import SweepScreen
from xortui.tui.sweep.table import SweepTable
from xortui.tui.sweep.unsolved_list import UnsolvedList

SIZES = [(80, 24), (109, 40), (120, 36), (200, 60)]
# Too long to end by itself while a test waits.
LONG = {"seeds": "0:1000", "steps": "3000000"}


@asynccontextmanager
async def sweep_screen(
    recipe: Recipe | None = None, size: tuple[int, int] = (120, 36), running: bool = False
) -> AsyncIterator[tuple[XorApp, Pilot[None], SweepScreen]]:
    """The app with the sweep screen open, as `w` opens it."""
    app = XorApp(Trainer(recipe or Recipe()), running=running)
    async with app.run_test(size=size) as pilot:
        await app.main_screen.action_sweep()
        await pilot.pause()
        assert isinstance(app.screen, SweepScreen)
        yield app, pilot, app.screen


async def fill(pilot: Pilot[None], **entries: str) -> None:
    """Fill in the form: what varies first, since that proposes values."""
    screen = pilot.app.screen
    for name in ("first", "second"):
        if name in entries:
            screen.query_one(f"#{name}", Select).value = entries.pop(name)
    await pilot.pause()
    for name, text in entries.items():
        screen.query_one(f"#{name}", Input).value = text


async def over(screen: SweepScreen) -> None:
    """Wait until the sweep is over."""
    async with asyncio.timeout(30):
        while screen.sweeping:
            await asyncio.sleep(0.01)


async def swept(pilot: Pilot[None], screen: SweepScreen, **entries: str) -> None:
    """Do a whole sweep."""
    await fill(pilot, **entries)
    screen.action_start()
    await over(screen)
    await pilot.pause()


async def started(screen: SweepScreen) -> None:
    """Start the sweep and wait until some networks have been trained."""
    screen.action_start()
    async with asyncio.timeout(30):
        while screen.outcome is None or not screen.outcome.solved:
            await asyncio.sleep(0.01)


def sentence(screen: SweepScreen) -> str:
    return str(screen.query_one("#sentence", Label).render())


async def test_w_opens_it_with_the_run_of_the_app_and_holds_that_run() -> None:
    app = XorApp(Trainer(Recipe(hidden=(3,))), running=True)
    async with app.run_test(size=(120, 36)) as pilot:
        assert app.training.running
        await pilot.press("w")
        screen = app.screen
        assert isinstance(screen, SweepScreen)
        assert not app.training.running
        assert screen.recipe == Recipe(hidden=(3,))
        assert screen.query_one("#seeds", Input).value == "0:1000"
        assert screen.query_one("#steps", Input).value == "10000"

        before = app.session.trainer, app.session.trainer.step_number
        await pilot.press("space", "full_stop", "N", "r", "greater_than_sign", "1", "u")
        assert (app.session.trainer, app.session.trainer.step_number) == before
        assert not app.training.running
        assert app.screen is screen


async def test_letters_go_to_a_field_and_escape_leaves_it_first() -> None:
    async with sweep_screen() as (app, pilot, screen):
        field = screen.query_one("#seeds", Input)
        field.focus()
        await pilot.press("q", "w", "s")
        assert field.value == "qws"
        await pilot.press("escape")
        assert screen.focused is screen.query_one("#start", Button)
        assert app.screen is screen
        await pilot.press("q")
        await pilot.pause()
        assert not screen.is_current


async def test_a_sweep_finds_what_the_reference_says_and_copies_it_as_a_table() -> None:
    async with sweep_screen() as (app, pilot, screen):
        await swept(pilot, screen, seeds="0:1000", steps="2500")
        assert screen.outcome is not None
        assert (screen.outcome.solved, screen.outcome.trials) == (451, 1000)
        assert "451 solved 45.1% (42.0% to 48.2%)" in screen.query_one(SweepCounts).as_text()
        assert "done: 1,000 of 1,000" in screen.query_one(SweepProgress).as_text()
        assert "1,000 networks x 2,500 steps in " in sentence(screen)
        await pilot.press("y")
        assert "95% interval" in app.clipboard
        assert "not solved: " in app.clipboard


@pytest.mark.slow
async def test_a_running_sweep_fills_in_and_escape_keeps_what_is_done_then_leaves() -> None:
    async with sweep_screen() as (app, pilot, screen):
        await fill(pilot, **LONG)
        await started(screen)
        assert "1,000 networks x 3,000,000 steps will take about " in sentence(screen)
        assert "left  escape stops" in screen.query_one(SweepProgress).as_text()
        assert screen.outcome is not None
        first = screen.outcome
        assert not first.whole
        async with asyncio.timeout(30):
            while screen.outcome.solved == first.solved:
                await asyncio.sleep(0.01)
        assert screen.outcome.solved > first.solved

        screen.action_back()
        await over(screen)
        await pilot.pause()
        assert screen.outcome.solved > first.solved
        assert (
            "stopped early: 0 of 1,000 networks finished"
            in screen.query_one(SweepProgress).as_text()
        )
        assert app.screen is screen

        await swept(pilot, screen, seeds="0:10", steps="100")
        assert screen.before is None, "only a whole sweep is kept for comparison"
        await pilot.press("escape")
        assert app.screen is app.screen_stack[0]


async def test_many_networks_are_shared_by_processes() -> None:
    async with sweep_screen() as (_app, pilot, screen):
        await swept(pilot, screen, seeds="0:10000", steps="20")
        assert screen.outcome is not None
        assert screen.outcome.whole
        assert screen.outcome.trials == 10_000


async def test_quitting_while_it_runs_ends_it() -> None:
    async with sweep_screen() as (app, pilot, screen):
        await fill(pilot, **LONG)
        await started(screen)
        app.exit()


BAD_INPUT: list[tuple[dict[str, str], str]] = [
    ({"seeds": "5:5"}, "seeds cannot be '5:5'; allowed: a range A:B"),
    ({"seeds": "9:2"}, "seeds cannot be '9:2'"),
    ({"seeds": ""}, "seeds cannot be ''"),
    ({"seeds": "0:4000000000"}, "would take"),
    ({"steps": "1e4"}, "steps cannot be '1e4'; allowed: a whole number from 1"),
    ({"steps": "0"}, "steps cannot be '0'"),
    ({"first": "learning_rate", "first_values": "0.1 fast"}, "learning rate cannot be"),
    ({"first": "hidden", "first_values": " "}, "hidden needs at least one value"),
    ({"first": "bias", "second": "bias"}, "bias is chosen twice"),
]


async def test_bad_input_gets_one_sentence_and_starts_nothing() -> None:
    right = {"seeds": "0:10", "steps": "10", "first": "", "second": ""}
    async with sweep_screen() as (_app, pilot, screen):
        for entries, words in BAD_INPUT:
            await fill(pilot, **(right | entries))
            screen.action_start()
            assert not screen.sweeping
            assert words in sentence(screen)
            assert screen.query_one("#sentence").has_class("-wrong")
        await swept(pilot, screen, **(right | {"seeds": "0:1000000", "steps": "1000000000"}))
        assert "on this machine; allowed: 24 h" in sentence(screen)
        assert screen.outcome is None


@pytest.mark.slow
async def test_enter_opens_the_very_run_at_the_step_where_it_ended() -> None:
    async with sweep_screen(Recipe(seed=7)) as (app, pilot, screen):
        await swept(pilot, screen, seeds="0:100", steps="2000")
        assert screen.focused is screen.query_one(UnsolvedList)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert screen.outcome is not None
        found, ending = screen.outcome, screen.outcome.endings[0]
        assert app.screen is app.screen_stack[0]
        assert app.session.trainer.recipe == Recipe(seed=ending.recipe.seed)
        assert app.session.trainer.step_number == 2000
        assert not app.training.running
        assert app.session.trainer.snapshot().loss == pytest.approx(ending.loss, rel=1e-9)

        await pilot.press("w")
        assert app.screen is screen
        assert screen.outcome is found, "it is as it was left"
        assert screen.query_one("#seeds", Input).value == "0:100"

        diverging = {"first": "learning_rate", "first_values": "100"}
        await swept(pilot, screen, seeds="0:1", steps="500", **diverging)
        screen.query_one(UnsolvedList).focus()
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.session.trainer.step_number == 92
        assert app.session.trainer.snapshot().diverged


@pytest.mark.slow
async def test_the_sweep_before_stands_beside_this_one() -> None:
    async with sweep_screen() as (app, pilot, screen):
        await swept(pilot, screen, seeds="0:300", steps="2500")
        comparison = screen.query_one(SweepComparison)
        assert not comparison.display
        await swept(pilot, screen)
        assert not comparison.display, "the same once more is nothing to compare"
        await swept(pilot, screen, first="hidden", first_values="3")
        assert comparison.display
        text = comparison.as_text()
        assert "before: hidden 2" in text
        assert "now: hidden 3" in text
        assert "The intervals do not overlap: the second really solves more." in text

        app.theme = "xortui-light"
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            for pane in (SweepTable, SweepComparison, StepsHistogram, LossesHistogram):
                assert_shown(screen.query_one(pane), width, height)
            assert_shown(screen.query_one(UnsolvedList), width, height)


def assert_shown(widget: Widget, width: int, height: int) -> None:
    region = widget.region
    assert region.width > 0
    assert region.height >= 3
    assert region.right <= width
    assert region.bottom < height


async def test_two_things_that_vary_make_a_map_of_the_run_in_the_app_as_it_is_now() -> None:
    async with sweep_screen() as (app, pilot, screen):
        await press(pilot, "escape")
        app.main_screen.starting.start(replace(Recipe(), bias=True))
        await press(pilot, "w")
        await swept(
            pilot,
            screen,
            seeds="0:30",
            steps="500",
            first="learning_rate",
            first_values="0.1, 0.2",
            second="hidden",
            second_values="2 3 4,3",
        )
        assert screen.outcome is not None
        cells = screen.outcome.cells
        assert len(cells) == 6
        assert all(cell.recipe.bias for cell in cells)
        assert "hidden ↓  learning rate →" in screen.query_one(SweepTable).as_text()


async def test_the_button_keeps_its_word_when_the_terminal_is_resized_meanwhile() -> None:
    async with sweep_screen() as (app, pilot, screen):
        await fill(pilot, **LONG)
        await started(screen)
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        screen.action_back()
        await over(screen)
        await pilot.pause()
        assert "▶ Start" in shown(app)[1]


@pytest.mark.parametrize("size", some([(60, 18), (80, 24), (120, 36)], 3))
async def test_a_stopped_sweep_says_whole_how_many_steps_were_done(size: tuple[int, int]) -> None:
    async with sweep_screen(size=size) as (_, pilot, screen):
        await fill(pilot, **LONG)
        await started(screen)
        screen.action_back()
        await over(screen)
        await pilot.pause()
        outcome = screen.outcome
        assert outcome is not None
        done = sum(int(cell.stopped_at.sum()) for cell in outcome.cells)
        assert 0 < done < 1000 * 3_000_000
        assert f"{done:,} of 3,000,000,000 steps, all networks together" in sentence(screen)
        line = screen.query_one(SweepProgress).as_text()
        assert "stopped early: 0 of 1,000 networks finished" in line
        assert line.endswith(("finished", "reached", "begun")), "no word is cut"


async def test_where_a_network_diverged_a_whole_sweep_says_up_to_how_many_steps() -> None:
    async with sweep_screen(Recipe(learning_rate=10.0)) as (_, pilot, screen):
        await swept(pilot, screen, seeds="0:100", steps="1000")
        assert sentence(screen).startswith("100 networks x up to 1,000 steps in ")


@pytest.mark.parametrize("size", [(60, 18), (80, 24)])
async def test_the_values_to_try_are_seen_whole(size: tuple[int, int]) -> None:
    async with sweep_screen(size=size) as (app, pilot, _):
        await fill(pilot, first="learning_rate")
        await pilot.pause()
        assert PROPOSED["learning_rate"] in "\n".join(shown(app))
        assert "learning rate 0.1" in shown(app)[0]
        assert "s start/stop" in shown(app)[-1]


async def test_the_help_of_the_sweep_begins_with_its_own_keys() -> None:
    async with sweep_screen() as (app, pilot, _):
        await press(pilot, "question_mark")
        text = "\n".join(shown(app))
        for words in ("Start the sweep, or stop it", "Copy the table of results as text"):
            assert words in text
