"""The debug screen as SVG or text, with no terminal."""

import asyncio
from dataclasses import dataclass

from xortui.core.debug.examination import Examination, ScriptFile
from xortui.tui.debug.app import DebugApp
from xortui.tui.debug.bars import TABS
from xortui.tui.screenshot import screen_text


@dataclass(frozen=True)
class DebugLook:
    """How the screen is to look: the pane opened, the step gone to, how many lines are walked
    through from the first wrong one on, the theme, the glyphs."""

    view: str | None = None
    step: int | None = None
    lines: int | None = None
    theme: str | None = None
    ascii_glyphs: bool = False


def debug_screenshot(
    script: ScriptFile, found: Examination, size: tuple[int, int], as_text: bool, how: DebugLook
) -> str:
    """The screen of a script that was examined. Raises ValueError with one sentence."""
    app = DebugApp(script, found.report.source, found, how.ascii_glyphs)
    if how.view is not None and how.view not in TABS:
        raise ValueError(f"--view cannot be {how.view!r}; allowed: {', '.join(TABS)}")
    if how.theme is not None and how.theme not in app.available_themes:
        names = ", ".join(sorted(app.available_themes))
        raise ValueError(f"--theme cannot be {how.theme!r}; allowed: {names}")
    if how.theme is not None:
        app.theme = how.theme
    return asyncio.run(_screenshot(app, size, as_text, how))


async def _screenshot(app: DebugApp, size: tuple[int, int], as_text: bool, how: DebugLook) -> str:
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        screen = app.debug_screen
        if how.step is not None:
            screen.go_to_step(how.step)
        for _ in range(how.lines or 0):
            screen.action_walk(1)
        if how.view is not None:
            screen.action_open_pane(how.view)
            screen.set_focus(None)
        await pilot.pause()
        await pilot.pause()
        return screen_text(app) if as_text else app.export_screenshot()
