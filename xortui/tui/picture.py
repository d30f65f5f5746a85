"""The real app's screen as SVG or text, with no terminal."""

import asyncio

from xortui.core.trainer import Trainer
from xortui.tui.app import XorApp


def picture(trainer: Trainer, size: tuple[int, int], as_text: bool) -> str:
    """The app as it looks where the run stands, at `size` = (columns, rows)."""
    return asyncio.run(_picture(XorApp(trainer), size, as_text))


async def _picture(app: XorApp, size: tuple[int, int], as_text: bool) -> str:
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        return screen_text(app) if as_text else app.export_screenshot()


def screen_text(app: XorApp) -> str:
    """The characters on the screen, without trailing blanks."""
    rows = app.screen._compositor.render_strips()
    return "\n".join(row.text.rstrip() for row in rows) + "\n"
