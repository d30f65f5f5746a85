"""Textual's driver for Linux and macOS, fenced: see Driver. Not to be imported on Windows."""

import os
import re
import selectors
import shutil
import signal
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Protocol, cast

from textual import events
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from xortui.tui.terminal.guard import has_terminal
from xortui.tui.terminal.modes import CANCEL, RESET, RESET_POINTER, clamped
from xortui.tui.terminal.output import TerminalOutput

LOOK_EVERY = 0.1  # seconds between two looks whether reading is to end
SHORTEST_LOOK = 0.005  # seconds
QUIT_KEY = "ctrl+q"
BEFORE_ESCAPE = re.compile(r"(?=\x1b)")


class Driven(Protocol):
    """What the driver asks of its app: see TerminalApp."""

    def hold_painting(self, is_behind: bool) -> None: ...

    def quit_at_once(self) -> None: ...

    def fail(self, error: BaseException) -> None: ...


class Driver(LinuxDriver):
    """What it does otherwise than Textual 8.2's own:

    - Its output is never waited for. Textual's is a thread with a queue of 30 texts: a terminal
      that reads slowly has the whole app wait, one that does not read stops it for ever.
    - What comes in and is not UTF-8 is replaced, and what the parser cannot bear is dropped.
      Textual ends with a traceback and exit code 0.
    - ctrl+q overtakes all that waits.
    - Sizes are clamped, and the terminal's own goes before COLUMNS and LINES.
    - Every mode is put back by one sequence that is also written on the quickest way out.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        self._output: TerminalOutput | None = None
        self._has_pointer = False
        self._driven = cast(Driven, app)
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._size = self._size or self._get_terminal_size()

    # -- out -----------------------------------------------------------------------------------

    @property
    def _writer_thread(self) -> Any:
        return self._output

    @_writer_thread.setter
    def _writer_thread(self, thread: object) -> None:
        """Textual makes its thread anew whenever the app comes to the front: ours for it."""
        if thread is not None:
            assert self._file is not None
            self._output = TerminalOutput(
                self._file.fileno(), self._loop, self._driven.hold_painting
            )

    @property
    def pending(self) -> int:
        """Bytes that the terminal has not taken yet."""
        return 0 if self._output is None else self._output.pending

    def write(self, data: str) -> None:
        if data.startswith("\x1b]22;"):
            self._has_pointer = True
        super().write(data)

    def flush(self) -> None:
        """A frame is complete: write it in this turn of the event loop."""
        if self._output is not None:
            self._output.flush()

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._is_in_front = self._output is not None
        self._driven.hold_painting(False)  # the output is new: nothing waits

    _is_in_front = False

    def stop_application_mode(self) -> None:
        """Put the terminal back; on a slow one, without what it has not got yet."""
        if self._is_in_front:
            self.disable_input()
            self.reset()

    def reset(self, seconds: float = 1.0) -> None:
        """Put the terminal back at once, from any thread and whatever is under way."""
        if not self._is_in_front or self._output is None:
            return
        self._is_in_front = False
        # From the background, all that follows would stop the process.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        try:
            self._output.abandon()
            pointer = RESET_POINTER * self._has_pointer
            self._output.stop(seconds, CANCEL + pointer + RESET)
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        except termios.error:
            pass  # the terminal is gone
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def close(self) -> None:
        if self._output is not None:
            self._output.stop()

    # -- in ------------------------------------------------------------------------------------

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            return clamped(*os.get_terminal_size(self.fileno))
        except (OSError, ValueError):
            return clamped(*shutil.get_terminal_size())

    def _run_input_thread(self) -> None:
        """Whatever ends reading ends the app, too: it could not be operated any more."""
        try:
            self.run_input_thread()
        except BaseException as error:
            self._app.call_later(self._driven.fail, error)

    def run_input_thread(self) -> None:
        """Read bytes, make messages of them, and hand these to the app, until told to end."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser = SturdyParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(parser.seconds_left(LOOK_EVERY)):
                    if not (data := self._read()):
                        if has_terminal():
                            raise EOFError("the terminal reports the end of its input")
                        return  # it is gone, which the guard sees for itself
                    self._hand_over(parser.take(decode(data)))
                self._hand_over(parser.look())

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _hand_over(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.Key) and message.key == QUIT_KEY:
            self._driven.quit_at_once()
            return
        if isinstance(message, events.Resize):
            size = Size(*clamped(*message.size))
            if size != message.size:
                message = events.Resize(size, size)
        super().process_message(message)

    def _disable_mouse_support(self) -> None:
        """With the mode for pixels, which Textual turns on but not off."""
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
        super()._disable_mouse_support()


class SturdyParser(XTermParser):
    """Textual's parser, which a sequence that makes no sense does not end.

    An exception ends a parser for good: it starts anew at the next escape character.
    """

    def _safely(self, parse: Callable[[], Iterable[Message]]) -> list[Message]:
        found: list[Message] = []
        try:
            for message in parse():
                found.append(message)
        except Exception:
            kept = self.mouse_pixels, self.terminal_size, self.terminal_pixel_size
            self.__init__(False)  # type: ignore[misc]
            self.mouse_pixels, self.terminal_size, self.terminal_pixel_size = kept
        return found

    def take(self, text: str) -> list[Message]:
        """What the text says, as far as it is complete."""
        found: list[Message] = []
        for part in BEFORE_ESCAPE.split(text):
            if part:
                found += self._safely(partial(self.feed, part))
        return found

    def look(self) -> list[Message]:
        """What a pause says: an escape that nothing follows is a key."""
        return self._safely(self.tick)

    def seconds_left(self, most: float) -> float:
        """Until that pause has lasted long enough, if one is waited for."""
        if self._timeout_time is None:
            return most
        return min(most, max(SHORTEST_LOOK, self._timeout_time - get_time()))

    def parse_mouse_code(self, code: str) -> Message | None:
        """A terminal that reports a size of no pixels has no mouse in pixels either."""
        sizes = (*(self.terminal_size or (0, 0)), *(self.terminal_pixel_size or (0, 0)))
        if not all(sizes):
            self.mouse_pixels = False
        return super().parse_mouse_code(code)
