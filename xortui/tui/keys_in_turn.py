"""Keys one after the other: what a key opens or closes is done before the next key is looked at."""

import asyncio
import contextlib
from collections import deque

from textual import events
from textual.app import App
from textual.dom import DOMNode

PATIENCE = 0.25  # seconds that a key may take before the next one is looked at all the same
GLANCE = 0.02  # seconds between two looks whether a widget has gone


class KeysInTurn(App[None]):
    """An app in which fast typing goes where it is meant to.

    Textual gives a key to the widget that is focused when it arrives, and looks only later, when it
    has climbed back to the app, what it does. Of a quick `g2500` all went to the screen that `g`
    was about to cover.
    """

    _key_under_way: asyncio.Task[None] | None = None

    def __init__(self) -> None:
        super().__init__()
        self._keys_waiting: deque[events.Key] = deque()

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._key_under_way is not None:
            self._keys_waiting.append(event)
        else:
            await self._take_key(event)

    async def _take_key(self, key: events.Key) -> None:
        target = self.focused or self.screen
        await super().on_event(key)
        self._key_under_way = asyncio.create_task(self._follow(target))

    async def _follow(self, target: DOMNode) -> None:
        """Wait until all on the key's way up have looked at it; then it is the next one's turn."""
        for node in target.ancestors_with_self:
            await _all_handled(node)
        self.call_later(self._take_next_key)

    async def _take_next_key(self) -> None:
        self._key_under_way = None
        if self._keys_waiting:
            await self._take_key(self._keys_waiting.popleft())


async def _all_handled(node: DOMNode) -> None:
    """Wait until a node has handled all that is in its queue by now, or has gone."""
    handled, clock = asyncio.Event(), asyncio.get_running_loop().time
    end = clock() + PATIENCE
    is_there = node.call_later(handled.set)
    while is_there and not handled.is_set() and clock() < end:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(handled.wait(), GLANCE)
        is_there = node.is_running
