"""The real app's screen as SVG or text, with no terminal."""

import asyncio
from dataclasses import dataclass

from textual.pilot import Pilot

from xortui.core.text.harmless import harmless
from xortui.core.text.whole_number import whole
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.screens.gradient_check import GradientCheckScreen
from xortui.tui.sweep.screen import SweepScreen
from xortui.tui.terminal.textual_private import screen_rows
from xortui.tui.views.views import VIEWS, Views

# Screens that open over the main one; as a view they are named like this.
SCREENS = ("check", "sweep", "help", "branches")
MAX_SECONDS = 60.0


@dataclass(frozen=True)
class ScreenshotOptions:
    """How the app is to look: the view opened, the operation stood at, the theme, the glyphs."""

    view: str | None = None
    operation: int | None = None
    theme: str | None = None
    ascii_glyphs: bool = False

    @classmethod
    def parse(
        cls,
        trainer: Trainer,
        view: str | None,
        operation: str | None,
        theme: str | None,
        ascii_glyphs: bool,
    ) -> "ScreenshotOptions":
        """The options from what a person typed. Raises ValueError with one sentence."""
        if view is not None and view not in (*VIEWS, *SCREENS):
            names = ", ".join([*VIEWS, *SCREENS])
            raise ValueError(f"--view cannot be {view!r}; allowed: {names}")
        count = trainer.operation_count
        at = None
        if operation is not None:
            try:
                at = whole(operation, 1, count)
            except ValueError:
                raise ValueError(
                    f"--operation cannot be {operation!r}; allowed: 1 to {count}"
                ) from None
        themes = XorApp(trainer).available_themes
        if theme is not None and theme not in themes:
            raise ValueError(f"--theme cannot be {theme!r}; allowed: {', '.join(sorted(themes))}")
        return cls(view, at, theme, ascii_glyphs)


def screenshot(
    trainer: Trainer, size: tuple[int, int], as_text: bool, how: ScreenshotOptions | None = None
) -> str:
    """The app as it looks where the run stands, at `size` = (columns, rows).

    On a narrow screen a view that is opened has the screen to itself.
    """
    how = how or ScreenshotOptions()
    return asyncio.run(_screenshot(app_for(trainer, how), size, as_text, how))


def app_for(trainer: Trainer, how: ScreenshotOptions) -> XorApp:
    """The app where the run stands, not opened yet."""
    app = XorApp(trainer, goto=trainer.step_number, ascii_glyphs=how.ascii_glyphs)
    if how.theme is not None:
        app.theme = how.theme
    return app


async def _screenshot(
    app: XorApp, size: tuple[int, int], as_text: bool, how: ScreenshotOptions
) -> str:
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await open_view(app, pilot, how)
        await pilot.pause()
        return screen_text(app) if as_text else app.export_screenshot()


async def open_view(app: XorApp, pilot: Pilot[None], how: ScreenshotOptions) -> None:
    """Step inside and open the view or screen that is asked for."""
    if how.operation is not None:
        app.main_screen.action_operation(how.operation)
    if how.view in SCREENS:
        await pilot.pause()
        await _open_screen(app, pilot, str(how.view))
    elif how.view is not None:
        app.main_screen.action_view(how.view)
        app.main_screen.set_focus(None)
        await pilot.pause()
        await until_worked_out(app)


async def until_worked_out(app: XorApp) -> None:
    """Wait until the views show all: one may take a few turns to work out.

    One by one: `wait_for_complete` of none waits for all, and the worker of the keys never ends.
    """
    pane = app.query_one(Views).pane
    for worker in [worker for worker in app.workers if worker.node is pane]:
        await worker.wait()


async def _open_screen(app: XorApp, pilot: Pilot[None], name: str) -> None:
    """Open a screen and wait until it has worked out what it shows."""
    actions = {
        "check": app.main_screen.action_gradient_check,
        "sweep": app.main_screen.action_sweep,
        "help": app.action_help,
        "branches": app.main_screen.action_branches,
    }
    await actions[name]()
    await pilot.pause()
    async with asyncio.timeout(MAX_SECONDS):
        if isinstance(app.screen, GradientCheckScreen):
            while not app.screen.is_done:
                await asyncio.sleep(0.01)
        if isinstance(app.screen, SweepScreen):
            app.screen.action_start()
            while app.screen.sweeping:
                await asyncio.sleep(0.01)


def screen_text(app: XorApp) -> str:
    """The characters on the screen, without trailing blanks."""
    return "\n".join(harmless(row.rstrip()) for row in screen_rows(app.screen)) + "\n"
