"""What is used of Textual's private parts still does what it did in the release that is named."""

from importlib.metadata import version

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from xortui.tui.terminal.textual_private import (
    LAST_SEEN_TO_WORK,
    paint_at_once,
    screen_rows,
    standing_notifications,
)


class Small(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("hello")


async def test_rows_of_a_screen() -> None:
    app = Small()
    async with app.run_test(size=(40, 4)) as pilot:
        await pilot.pause()
        words = f"last seen to work with Textual {LAST_SEEN_TO_WORK}; this is {version('textual')}"
        rows = screen_rows(app.screen)
        assert [len(row) for row in rows] == [40] * 4, words
        assert rows[0].rstrip() == "hello", words


async def test_what_has_changed_is_painted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a turn of the event loop in between."""
    app = Small()
    async with app.run_test(size=(40, 4)) as pilot:
        await pilot.pause()
        words = f"last seen to work with Textual {LAST_SEEN_TO_WORK}; this is {version('textual')}"
        painted: list[object] = []
        monkeypatch.setattr(app, "_display", lambda screen, update: painted.append(update))
        static = app.query_one(Static)
        static.update("other", layout=False)
        paint_at_once(app.screen, [static])
        assert len(painted) == 1, words
        paint_at_once(app.screen, [static])
        assert len(painted) == 1, "nothing has changed since"


async def test_notifications_that_still_stand() -> None:
    app = Small()
    async with app.run_test() as pilot:
        app.notify("one")
        await pilot.pause()
        assert standing_notifications(app) == ["one"]
        app.clear_notifications()
        await pilot.pause()
        assert standing_notifications(app) == []
