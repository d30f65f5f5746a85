"""Textual's driver for a browser, fenced: see WebDriver. Not to be imported on Windows."""

import asyncio
import contextlib
import os
from codecs import getincrementaldecoder
from collections.abc import Iterable
from threading import Event
from typing import Any

from textual import events
from textual.app import App
from textual.drivers import web_driver
from textual.drivers._byte_stream import ByteStream
from textual.geometry import Size
from textual.message import Message

from xortui.tui.terminal.driver import LOOK_EVERY, QUIT_KEY, SturdyParser
from xortui.tui.terminal.modes import clamped


class WebDriver(web_driver.WebDriver):
    """What it does otherwise than Textual 8.2's own:

    - Sizes, which a browser may claim as it likes, are clamped.
    - What comes in and is not UTF-8 is replaced, and what the parser cannot bear is dropped.
      Textual's thread ends there, and the app hears nothing any more.
    - A size that comes at once is not undone by the one that the app starts with.
    - Where the server has gone, what is written goes nowhere; the guard then ends the app.
    """

    def __init__(self, app: App[Any], **how: Any) -> None:
        super().__init__(app, **how)
        self._size = clamped(*(self._size or (80, 24)))
        self._may_listen = Event()
        self._write = self._write_all  # type: ignore[assignment]

    def _write_all(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            while data:
                data = data[os.write(self.fileno, data) :]

    def start_application_mode(self) -> None:
        super().start_application_mode()

        async def listen() -> None:
            self._may_listen.set()

        # Textual gives the app its first size in a task, which is so done before this one.
        asyncio.run_coroutine_threadsafe(listen(), asyncio.get_running_loop())

    def run_input_thread(self) -> None:
        """Read packets, and hand what is in them to the app, until the server has gone."""
        while not self._may_listen.wait(LOOK_EVERY):
            if self.exit_event.is_set():
                return
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser, packets = SturdyParser(self._debug), ByteStream()
        with contextlib.suppress(web_driver._ExitInput):
            for data in self._input_reader:
                for kind, payload in packets.feed(data) if data else ():
                    if kind == "D":
                        self._hand_over(parser.take(decode(payload)))
                    else:
                        self._on_meta(kind, payload)
                self._hand_over(parser.look())

    def _hand_over(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """What is no key: another size, leaving, a file that goes to the browser."""
        if packet_type == "resize":
            try:
                width, height = int(str(payload["width"])), int(str(payload["height"]))
            except (KeyError, ValueError):
                return
            payload["width"], payload["height"] = clamped(width, height)
        super().on_meta(packet_type, payload)

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.Key) and message.key == QUIT_KEY:
            self._app.quit_at_once()  # type: ignore[attr-defined]
            return
        if isinstance(message, events.Resize):
            size = Size(*clamped(*message.size))
            message = events.Resize(size, size)
        super().process_message(message)
