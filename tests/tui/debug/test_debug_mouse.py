"""The debug screen by the mouse and by the palette."""

import pytest
from textual import events

from tests.own_script import WRONG
from tests.tui.debug.test_debug_screen import app_of, opened, shown
from tests.tui.driving import mouse, settle
from xortui.tui.debug.keys import DEBUG_KEYS
from xortui.tui.debug.source_pane import SourcePane

pytestmark = [pytest.mark.pilot, pytest.mark.slow]


async def test_a_click_on_a_line_of_the_script_chooses_it_and_the_wheel_moves_on() -> None:
    async with opened() as (pilot, screen):
        pane = screen.query_one(SourcePane)
        across, down = pane.region.x + 8, pane.region.y + 4
        for kind in (events.MouseDown, events.MouseUp):
            mouse(pilot, kind, across, down)
        await settle(pilot)
        line = screen.shown.line
        assert WRONG.splitlines()[line - 1].strip() in shown(pilot).splitlines()[down]
        for wheel, expected in ((pane.on_mouse_scroll_down, line + 3),
                                (pane.on_mouse_scroll_up, line)):  # fmt: skip
            wheel()
            await settle(pilot)
            assert screen.shown.line == expected


async def test_the_palette_has_every_key_of_the_screen_and_a_way_out() -> None:
    async with opened() as (pilot, _):
        app = app_of(pilot)
        commands = list(app.get_system_commands(app.screen))
        words = [key.words for key in DEBUG_KEYS]
        assert [one.title for one in commands] == [*words, "Theme", "Quit"]
        assert "What is loss?" not in {one.title for one in commands}
