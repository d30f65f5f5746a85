"""A click on a key in the footer presses it; what run screens say where something cannot be."""

import pytest
from textual import events

from tests.tui.driving import mouse, press, said, settle, shown
from tests.tui.test_keys import WIDE, opened
from xortui.core.training.edit import Edit, EditError
from xortui.tui.app import XorApp
from xortui.tui.main_screen import MainScreen
from xortui.tui.screens.help import HelpScreen
from xortui.tui.screens.offers import OffersScreen


def is_on(app: XorApp, screen: type) -> bool:
    return isinstance(app.screen, screen)


@pytest.mark.parametrize(("words", "screen"), [("? help", HelpScreen), (". step", None)])
async def test_a_click_on_an_entry_of_the_footer_presses_its_key(
    words: str, screen: type | None
) -> None:
    async with opened(step=7, size=WIDE) as (app, pilot):
        line = shown(app)[-1]
        for kind in (events.MouseDown, events.MouseUp):
            mouse(pilot, kind, line.index(words) + 2, 35)
        await settle(pilot)
        await press(pilot)
        if screen is not None:
            assert is_on(app, screen)
        assert app.session.trainer.step_number == (7 if screen else 8)


async def test_of_several_runs_that_were_left_one_is_chosen_and_resumed() -> None:
    async with opened(step=7) as (app, pilot):
        for step in (20, 30):
            app.session.trainer.seek(step)
            app.session.edit(Edit("label", 0))
            app.session.start_again()
        await press(pilot, "o")
        assert is_on(app, OffersScreen)
        await press(pilot, "escape")
        assert app.session.trainer.step_number == 0
        await press(pilot, "o", "down", "enter")
        assert is_on(app, MainScreen)
        assert [at for at, _ in app.session.edits] == [20]


async def test_what_cannot_be_redone_or_copied_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(step=7) as (app, pilot):

        def refuse() -> None:
            raise EditError("it has gone")

        monkeypatch.setattr(app.session, "redo", refuse)
        await press(pilot, "Z")
        assert "It has gone." in said(app)
        app.session.edit(Edit("label", 0))
        app.main_screen.action_copy_command()
        await settle(pilot)
        assert "A run with edits needs a file" in said(app)
