"""KeyQueue: what a key opens or closes is done before the next key is looked at."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.widgets import Input

PATIENCE = 0.25  # seconds that a widget may take with a key before the wait for it is given up
MOST_REMEMBERED = 12  # keys
GLANCE = 0.02  # seconds between two looks whether a widget has gone


class KeyQueue:
    """Makes fast typing go where it is meant to.

    Textual gives a key to the widget that is focused when it arrives, and looks only later, when it
    has climbed back to the app, what it does. Of a quick `g2500` all went to the screen that `g`
    was about to cover. `deliver` is Textual's way to handle a key.
    """

    def __init__(self, app: App[None], deliver: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app, self._deliver = app, deliver
        # The last ones that were delivered. What is typed into a field is no one else's business.
        self.last: deque[str] = deque(maxlen=MOST_REMEMBERED)
        self._keys: asyncio.Queue[events.Key] = asyncio.Queue()

    async def put(self, key: events.Key) -> None:
        """Have a key delivered after those that came before it; at once where there are none."""
        self._keys.put_nowait(key)
        await asyncio.sleep(0)  # the turn in which `run` takes it

    async def until_empty(self) -> None:
        """Wait until all keys have been acted on."""
        await self._keys.join()

    async def run(self) -> None:
        """Deliver keys, one at a time; without end."""
        while True:
            key = await self._keys.get()
            while not self._app.screen.is_mounted:  # it has no widgets yet
                await asyncio.sleep(GLANCE)
            target = self._app.focused or self._app.screen
            is_text = isinstance(target, Input) and key.is_printable
            self.last.append("(text)" if is_text else key.key)
            await self._deliver(key)
            # A key climbs up to the app, which acts; what comes of that may climb up once more.
            for node in 2 * target.ancestors_with_self:
                await _until_handled(node)
            self._keys.task_done()


async def _until_handled(node: DOMNode) -> None:
    """Wait until a node has handled all that is in its queue by now, or has gone."""
    is_done = asyncio.Event()
    node.call_later(is_done.set)
    for _ in range(round(PATIENCE / GLANCE)):
        if not node.is_running:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(GLANCE):
                await is_done.wait()
            return
