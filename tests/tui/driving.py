"""How tests drive the app by keys and by mouse: it may be training meanwhile."""

import asyncio
from collections.abc import Callable

import numpy as np
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input

from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.screenshot import screen_text

PATIENCE = 20.0  # seconds: a busy machine is no failure
HOPS = 3  # a pane's message takes so many to the app and back


async def settle(pilot: Pilot[None]) -> None:
    """Let every message get to where it goes.

    The pilot's own waiting is for a processor that has nothing to do, which a training one has.
    """
    for _ in range(HOPS - 1):
        await pilot._wait_for_screen()
    await pilot.pause(0)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys as fast as fingers can, and see what they have led to."""
    app = pilot.app
    assert isinstance(app, XorApp)
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        app.post_message(events.Key(name, key if len(key) == 1 else None))
    await pilot.pause(0)
    async with asyncio.timeout(PATIENCE):
        await app.key_queue.until_empty()
    await settle(pilot)


async def click(
    pilot: Pilot[None], widget: str | type[Widget], offset: tuple[int, int] | None = None
) -> None:
    """Click on a widget: in its middle, or so many cells into it."""
    region = pilot.app.screen.query_one(widget).region
    x, y = region.center if offset is None else region.offset + offset
    mouse(pilot, events.MouseDown, int(x), int(y))
    mouse(pilot, events.MouseUp, int(x), int(y))
    await settle(pilot)


def mouse(pilot: Pilot[None], kind: type[events.MouseEvent], x: int, y: int) -> None:
    """The mouse is pressed, moved or let go at a place of the screen, as a terminal tells it."""
    # A terminal names the button when it is let go, too.
    pilot.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))


def pause(app: XorApp) -> None:
    """Stop training, or a long way, and show where the run stands."""
    app.training.pause()
    app.training.publish()


async def answer(pilot: Pilot[None], text: str) -> None:
    """Put a text in place of what stands in the field that has the focus, and press enter."""
    field = pilot.app.screen.focused
    assert isinstance(field, Input)
    field.value = text
    await press(pilot, "enter")


async def typed(pilot: Pilot[None], text: str) -> None:
    """Type an answer into the question that is open, and enter it."""
    pilot.app.screen.query_one("#answer", Input).value = text
    await press(pilot, "enter")


async def until(pilot: Pilot[None], is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():
            await pilot.pause(0.001)


def said(app: XorApp) -> str:
    """All that notices have said and still say."""
    return "\n".join(note.message for note in app._notifications)


def shown(app: XorApp) -> list[str]:
    """The lines of the screen, as text."""
    return screen_text(app).splitlines()


def is_same(one: Trainer, other: Trainer) -> bool:
    """Whether two runs stand at the same step with the same parameters, to the bit."""
    first, second = one.snapshot(), other.snapshot()
    return first.step == second.step and np.array_equal(
        first.parameters, second.parameters, equal_nan=True
    )


def is_consistent(app: XorApp) -> bool:
    """Whether all numbers that are shown belong to the step at which the run stands."""
    here, now, cursor = app.frame.snapshot, app.session.trainer.snapshot(), app.frame.cursor
    return (
        here.step == now.step
        and np.array_equal(here.parameters, now.parameters, equal_nan=True)
        and (cursor is None or cursor.snapshot is here)
    )
