"""What is used of Textual's private parts still does what it did in the release that is named."""

from importlib.metadata import version

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Footer, Static

from xortui.tui.terminal.textual_private import (
    LAST_SEEN_TO_WORK,
    footer_keys,
    screen_rows,
    standing_notifications,
)


class Small(App[None]):
    BINDINGS = [Binding("a", "bell", "Ring")]

    def compose(self) -> ComposeResult:
        yield Static("hello")
        yield Footer()


async def test_entries_of_a_footer_and_rows_of_a_screen() -> None:
    app = Small()
    async with app.run_test(size=(40, 4)) as pilot:
        await pilot.pause()
        words = f"last seen to work with Textual {LAST_SEEN_TO_WORK}; this is {version('textual')}"
        shown = [(key.key_display, key.description) for key in footer_keys(app.query_one(Footer))]
        assert ("a", "Ring") in shown, words
        rows = screen_rows(app.screen)
        assert [len(row) for row in rows] == [40] * 4, words
        assert rows[0].rstrip() == "hello", words


async def test_notifications_that_still_stand() -> None:
    app = Small()
    async with app.run_test() as pilot:
        app.notify("one")
        await pilot.pause()
        assert standing_notifications(app) == ["one"]
        app.clear_notifications()
        await pilot.pause()
        assert standing_notifications(app) == []
