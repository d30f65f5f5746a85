"""Events in one burst, on what the first of them closes or has not opened yet."""

from pathlib import Path

import pytest
from rich.style import Style
from textual import events
from textual.command import CommandList, CommandPalette
from textual.css.query import NoMatches
from textual.geometry import Offset
from textual.widgets import OptionList
from textual.widgets._toast import Toast

from tests.tui.driving import mouse, press, said, settle, until
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.screens.help import HelpScreen
from xortui.tui.screens.pane_menu import PaneMenu


@pytest.fixture
def app() -> XorApp:
    return XorApp(Trainer(Recipe()))


async def test_of_two_clicks_in_a_dialog_the_first_counts(app: XorApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, "m")
        await until(pilot, lambda: app.screen.query(OptionList))
        await settle(pilot)
        x, y = app.screen.query_one(OptionList).content_region.offset
        for _ in range(2):
            mouse(pilot, events.MouseDown, x + 5, y)
            mouse(pilot, events.MouseUp, x + 5, y)
        await until(pilot, lambda: app.screen is app.screen_stack[0])
        await settle(pilot)
        assert len(app.screen_stack) == 1
        await press(pilot, ".")
        assert app.session.trainer.step_number == 1


async def test_a_screen_closed_twice_leaves_the_one_below(app: XorApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        for _ in range(2):
            await app.push_screen(HelpScreen())
        upper = app.screen

        def close() -> None:
            upper.dismiss()

        upper.call_later(close)
        upper.call_later(close)
        await until(pilot, lambda: len(app.screen_stack) < 3)
        await settle(pilot)
        assert len(app.screen_stack) == 2


async def test_a_question_answered_twice_is_answered_once(app: XorApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        menu = PaneMenu([("x", "freeze", "freeze")], Offset(3, 3))
        answers: list[str | None] = []
        await app.push_screen(menu, answers.append)
        await until(pilot, lambda: app.screen is menu and menu.is_mounted)
        menu.call_later(menu.on_click)
        menu.call_later(menu.on_click)
        await until(pilot, lambda: app.screen is app.screen_stack[0])
        await settle(pilot)
        assert answers == [None]
        await press(pilot, ".")
        assert app.session.trainer.step_number == 1


async def test_a_dialog_left_twice_by_keys_that_waited(app: XorApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, "k")
        dialog = app.screen
        assert dialog is not app.screen_stack[0]
        for _ in range(2):  # as keys in the queue are: in the name of the app
            app.call_later(dialog.run_action, "leave")
        await until(pilot, lambda: app.screen is app.screen_stack[0])
        await settle(pilot)
        assert len(app.screen_stack) == 1


async def test_the_palette_opened_again_while_it_is_closing(app: XorApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, "ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        app.screen.dismiss()
        app.action_command_palette()
        await settle(pilot)
        assert isinstance(app.screen, CommandPalette)
        await press(pilot, "escape")
        assert len(app.screen_stack) == 1


async def test_a_click_where_the_window_was_before(app: XorApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        palette = app.screen
        assert isinstance(palette, CommandPalette)
        beyond = events.Click(palette, 200, 0, 0, 0, 1, False, False, False, 200, 0)
        palette.post_message(beyond)
        await settle(pilot)
        assert app.screen is palette


@pytest.mark.parametrize("opener", ["ctrl+p", "m", "B"])
async def test_a_page_down_before_the_list_is_laid_out(app: XorApp, opener: str) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, opener, "pagedown", "pageup")
        await settle(pilot)
        await press(pilot, "escape", "escape", ".")
        assert app.session.trainer.step_number == 1


@pytest.mark.parametrize("size", [(1, 1), (4, 20), (9, 9), (20, 1)])
async def test_the_palette_in_a_window_of_a_few_cells(app: XorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await press(pilot, "ctrl+p")
        await until(pilot, lambda: app.screen.query(OptionList))
        await settle(pilot)
        await press(pilot, "down", "escape", ".")
        assert app.session.trainer.step_number == 1


async def test_the_mouse_on_a_notice_that_is_going_away(app: XorApp) -> None:
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        app.notify("A notice")
        await until(pilot, lambda: app.screen.query(Toast))
        await settle(pilot)
        notice = app.screen.query_one(Toast)
        x, y = notice.region.center
        # Gone, and still what the screen shows there.
        holder = notice.parent
        assert holder is not None
        notice._detach()
        assert not notice.is_attached
        for kind in (events.MouseDown, events.MouseMove, events.MouseUp):
            mouse(pilot, kind, int(x), int(y))
        await settle(pilot)
        assert "A notice" in said(app)
        notice._attach(holder)
    assert app._exception is None


async def test_what_fails_in_a_widget_that_was_closed_changes_nothing(app: XorApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await app.push_screen(HelpScreen())
        closed = app.screen
        await app.pop_screen()
        with closed._context():
            app._handle_exception(ValueError("its children have gone"))
        await press(pilot, ".")
        assert app.session.trainer.step_number == 1
    assert app.return_code in (None, 0)


async def test_what_fails_once_the_app_is_leaving_changes_nothing(
    app: XorApp, tmp_path: Path
) -> None:
    async with app.run_test(size=(120, 36)):
        app.leave(130)
        app._handle_exception(ValueError("too late"))
    assert app.return_code == 130


async def test_a_palette_that_has_no_list_yet_or_any_more_says_nothing(app: XorApp) -> None:
    async with app.run_test(size=(80, 24)):
        palette = CommandPalette()
        with pytest.raises(NoMatches):
            palette.query_one(CommandList)
        palette._watch__list_visible()


async def test_a_click_on_an_option_that_is_gone_does_nothing(app: XorApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, "m")
        await until(pilot, lambda: app.screen.query(OptionList))
        await settle(pilot)
        options = app.screen.query_one(OptionList)
        click = events.Click(options, 3, 2, 0, 0, 1, False, False, False)
        click.style = Style.from_meta({"option": options.option_count - 1})
        options.clear_options()
        await options._on_click(click)
        assert options.is_attached
