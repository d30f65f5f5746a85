"""What screens have by themselves: their keys, the size notice, and the frame of the app."""

import pytest

from tests.sample import some_pairs
from tests.tui.driving import press, settle, shown, until
from tests.tui.test_keys import opened
from xortui.core.model.recipe import Recipe
from xortui.tui.frame import Frame
from xortui.tui.pacing import FASTEST, SPEEDS
from xortui.tui.panes.gradient_table import GradientTable
from xortui.tui.panes.title import Title
from xortui.tui.screens.gradient_check import GradientCheckScreen
from xortui.tui.screens.help import HelpScreen

OPENED_BY = {"the main screen": "", "the gradient check": "c", "the sweep": "w", "a number": "i"}
every_screen = pytest.mark.parametrize("key", OPENED_BY.values(), ids=OPENED_BY)


@pytest.mark.parametrize(
    ("key", "size"), some_pairs(OPENED_BY.values(), [(59, 24), (80, 17), (40, 8)], 3)
)
async def test_where_there_is_no_room_the_screen_says_the_size_and_the_one_needed(
    key: str, size: tuple[int, int]
) -> None:
    async with opened(size=size) as (app, pilot):
        await press(pilot, *key)
        words = [line.strip() for line in shown(app)[1:-1] if line.strip()]
        assert words == [f"The size is {size[0]}x{size[1]},", "needed is 60x18.", "q quits."]


@every_screen
async def test_the_size_that_is_said_is_the_one_that_the_terminal_has_now(key: str) -> None:
    async with opened(size=(60, 18)) as (app, pilot):
        await press(pilot, *key)
        assert "needed is" not in "\n".join(shown(app))
        for width in (50, 45):
            await pilot.resize_terminal(width, 12)
            await settle(pilot)
            assert f"The size is {width}x12," in "\n".join(shown(app))
        await pilot.resize_terminal(60, 18)
        await settle(pilot)
        assert "needed is" not in "\n".join(shown(app))


@every_screen
async def test_every_screen_has_help_and_quit(key: str) -> None:
    async with opened() as (app, pilot):
        await press(pilot, *key)
        closes = app.screen is not app.main_screen
        await until(pilot, lambda: "? help" in shown(app)[-1])
        assert ("quit" in shown(app)[-1]) is not closes
        screen = app.screen
        await press(pilot, "?")
        assert isinstance(app.screen, HelpScreen)
        await press(pilot, "escape")
        assert app.screen is screen
        if closes:
            await press(pilot, "q")
            assert app.screen is app.main_screen, "q closes what is on top before it quits"
        await pilot.press("q")
        assert app.return_code == 0


async def test_the_gradient_check_shows_the_frame_of_the_app_and_its_keys_change_it() -> None:
    async with opened(5) as (app, pilot):
        await press(pilot, "c")
        screen = app.screen
        assert isinstance(screen, GradientCheckScreen)
        for keys, step in ((".", 6), (",", 5), (">", 105), ("r", 0)):
            await press(pilot, keys)
            assert app.session.trainer.step_number == step
            assert screen.frame is app.frame
            assert f"step {step:,} " in screen.query_one(Title).as_text()
        await press(pilot, "escape")
        assert app.screen is app.main_screen
        assert app.main_screen.frame is app.frame


async def test_the_gradient_check_follows_a_network_that_shrinks_and_grows() -> None:
    async with opened(5, hidden=(3,)) as (app, pilot):
        await press(pilot, "c")
        screen = app.screen
        assert isinstance(screen, GradientCheckScreen)
        await until(pilot, lambda: screen.is_done)
        for hidden in (1, 4):
            screen.starting.start_again(hidden=(hidden,))
            await until(pilot, lambda: screen.is_done)
            table = screen.query_one(GradientTable)
            assert len(table.checks) == 3 * hidden
            assert f"{3 * hidden} of {3 * hidden} right" in table.as_text()


async def test_to_and_from_full_speed_is_one_key_on_every_screen() -> None:
    async with opened(5) as (app, pilot):
        app.training.speed = SPEEDS.index(100)
        await press(pilot, "M")
        assert app.training.speed == FASTEST
        await press(pilot, "c", "M")
        assert app.training.speed == SPEEDS.index(100)


async def test_a_key_publishes_one_frame() -> None:
    """Two would be painted twice, with two snapshots."""
    async with opened(5) as (app, pilot):
        frames: list[Frame] = []
        app.watch(app, "frame", lambda frame: frames.append(frame), init=False)
        for key in (".", ",", "right", "home", "end", "z", "n", "n", "b", "H", "[", "r", "N"):
            before = len(frames)
            await press(pilot, key)
            assert len(frames) == before + 1, key


async def test_the_sweep_is_of_the_run_as_it_is_when_it_is_opened() -> None:
    async with opened() as (app, pilot):
        for recipe in (Recipe(seed=3), Recipe(hidden=(3,), bias=True)):
            app.main_screen.starting.start(recipe)
            await press(pilot, "w")
            assert getattr(app.screen, "recipe") == recipe  # noqa: B009
            assert recipe.architecture in shown(app)[0]
            await press(pilot, "escape")
