"""The menu that the right button opens on a pane: all that its keys do, and nothing flipped."""

from textual import events
from textual.pilot import Pilot
from textual.widgets import OptionList

from tests.tui.driving import press, settle, shown
from tests.tui.test_keys import WIDE, opened
from xortui.tui.app import XorApp
from xortui.tui.drawing.pane import RIGHT_BUTTON, Pane
from xortui.tui.screens.ask import Ask
from xortui.tui.screens.pane_menu import PaneMenu, entries_of
from xortui.tui.views.views import PANES, VIEWS


async def right_click(app: XorApp, pilot: Pilot[None], pane: str) -> None:
    """Press and release the right button on the pane's third line."""
    region = app.screen.query_one(pane).region
    x, y = region.x + 12, region.y + 2
    for kind in (events.MouseDown, events.MouseUp):
        app.post_message(kind(None, x, y, 0, 0, RIGHT_BUTTON, False, False, False, x, y))
    await settle(pilot)


async def choose(pilot: Pilot[None], words: str) -> None:
    """Go down to an entry, and press enter."""
    choices = pilot.app.screen.query_one(OptionList)
    lines = [str(option.prompt) for option in choices.options]
    (place,) = [place for place, line in enumerate(lines) if words in line]
    await press(pilot, *["down"] * (place - (choices.highlighted or 0)), "enter")


async def test_every_pane_has_one_inside_the_screen() -> None:
    async with opened(5) as (app, pilot):
        for pane in (*(name for name, _ in PANES.values()), *VIEWS):
            if pane in VIEWS:
                await press(pilot, VIEWS[pane].digit)
            await right_click(app, pilot, f"#{pane}")
            assert isinstance(app.screen, PaneMenu), pane
            menu = app.screen.query_one(OptionList)
            assert app.screen.region.contains_region(menu.region), pane
            assert menu.virtual_size.height <= menu.content_size.height, "all entries are seen"
            entries = entries_of(app.main_screen.query_one(f"#{pane}", Pane))
            text = "\n".join(shown(app))
            assert all(words in text for _, words, _ in entries), pane
            await press(pilot, "escape")
            assert app.screen_stack[-1] is app.main_screen
            assert app.focused is app.main_screen.query_one(f"#{pane}"), pane
            assert not app.session.edits


async def test_an_entry_does_what_its_key_does() -> None:
    async with opened(5) as (app, pilot):
        await right_click(app, pilot, "#truth")
        assert not app.session.edits, "the right button only opens the menu"
        await choose(pilot, "Flip")
        assert [edit.kind for _, edit in app.session.edits] == ["label"]
        await right_click(app, pilot, "#weights")
        await choose(pilot, "Type a new value")
        assert isinstance(app.screen, Ask)
        await press(pilot, "escape")
        await right_click(app, pilot, "#weights")
        await choose(pilot, "Maximise")
        assert app.main_screen.maximised_pane is app.main_screen.query_one("#weights")


async def test_a_click_beside_it_closes_it() -> None:
    async with opened(5, size=WIDE) as (app, pilot):
        await right_click(app, pilot, "#truth")
        await pilot.click(offset=(100, 30))
        assert app.screen is app.main_screen
