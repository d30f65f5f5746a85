"""The real app's screen as SVG or text, with no terminal."""

import asyncio

from xortui.core.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.panes.views import Views


def picture(trainer: Trainer, size: tuple[int, int], as_text: bool, view: str | None = None) -> str:
    """The app as it looks where the run stands, at `size` = (columns, rows).

    `view` is the id of the view to open; on a narrow screen it has the screen to itself.
    """
    return asyncio.run(_picture(XorApp(trainer), size, as_text, view))


async def _picture(app: XorApp, size: tuple[int, int], as_text: bool, view: str | None) -> str:
    async with app.run_test(size=size) as pilot:
        if view is not None:
            app.screen.add_class("-looking")
            app.query_one(Views).show(view)
        await pilot.pause()
        await app.workers.wait_for_complete()  # a view may take a few turns to work out
        await pilot.pause()
        return screen_text(app) if as_text else app.export_screenshot()


def screen_text(app: XorApp) -> str:
    """The characters on the screen, without trailing blanks."""
    rows = app.screen._compositor.render_strips()
    return "\n".join(row.text.rstrip() for row in rows) + "\n"
