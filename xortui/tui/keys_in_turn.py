"""Keys one after the other: what a key opens or closes is done before the next key is looked at."""

import asyncio
from collections import deque

from textual import events
from textual.dom import DOMNode

from xortui.tui.terminal.app import TerminalApp

PATIENCE = 0.25  # seconds that a key may take before the next one is looked at all the same
GLANCE = 0.02  # seconds between two looks whether a widget has gone


class KeysInTurn(TerminalApp):
    """An app in which fast typing goes where it is meant to.

    Textual gives a key to the widget that is focused when it arrives, and looks only later, when it
    has climbed back to the app, what it does. Of a quick `g2500` all went to the screen that `g`
    was about to cover.
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys_waiting: deque[events.Key] = deque()
        self._is_busy = False  # with a key
        # The nodes on the present key's way up, from the one whose queue is waited for; and how
        # many queues have been waited for so far.
        self._way: deque[DOMNode] = deque()
        self._hops = 0

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._is_busy:
            self._keys_waiting.append(event)
        else:
            await self._take_key(event)

    async def _take_key(self, key: events.Key) -> None:
        self._is_busy = True
        target = self.focused or self.screen
        await super().on_event(key)
        # A key climbs up to the app, which acts; what comes of that may climb up once more.
        self._way.extend(2 * target.ancestors_with_self)
        self._wait_for_queue()

    def _wait_for_queue(self) -> None:
        """Go on when the next node on the way has handled all that is in its queue by now."""
        self._way[0].call_later(self._go_on, self._hops)
        clock = asyncio.get_running_loop()
        clock.call_later(GLANCE, self._look, self._hops, clock.time() + PATIENCE)

    def _look(self, hop: int, end: float) -> None:
        """Go on, too, where the node has gone, and its queue with it."""
        clock = asyncio.get_running_loop()
        if hop == self._hops:
            if self._way[0].is_running and clock.time() < end:
                clock.call_later(GLANCE, self._look, hop, end)
            else:
                self._go_on(hop)

    def _go_on(self, hop: int) -> None:
        if hop != self._hops:
            return  # it was waited for no longer
        self._hops += 1
        self._way.popleft()
        if self._way:
            self._wait_for_queue()
        elif self._keys_waiting:
            self.call_later(self._take_key, self._keys_waiting.popleft())
        else:
            self._is_busy = False
