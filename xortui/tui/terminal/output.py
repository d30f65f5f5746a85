"""What is written to the terminal: it is never waited for, and it is known how much is left."""

import asyncio
import contextlib
import os
import select
import sys
import threading
import time
from collections.abc import Callable

if sys.platform != "win32":
    import termios

MAX_AT_ONCE = 1 << 16  # bytes
GLANCE = 0.01  # seconds between two attempts where the event loop cannot watch a terminal


def reopened(fileno: int) -> int:
    """A file number of our own for a terminal, of which a write never blocks.

    O_NONBLOCK belongs to what was opened, not to the number: set on the shell's own it would stay
    when we are gone. Where the terminal has no name that can be opened (a container's), it is the
    same one, and may block. Raises OSError.
    """
    try:
        return os.open(os.ttyname(fileno), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return os.dup(fileno)


class TerminalOutput:
    """Stands where Textual has a thread that writes, with a queue of unknown size.

    `changed` is called in the event loop with True when something is left that the terminal does
    not take yet, and with False when all is written. Writing is for any thread.
    """

    def __init__(
        self, fileno: int, loop: asyncio.AbstractEventLoop, changed: Callable[[bool], object]
    ) -> None:
        self._fileno, self._loop, self._changed = reopened(fileno), loop, changed
        self._given = fileno
        self._pending = bytearray()
        self._lock = threading.RLock()
        self._is_due = self._is_closed = self.is_behind = False

    @property
    def pending(self) -> int:
        """Bytes that are not written yet."""
        return len(self._pending)

    def start(self) -> None:
        """Nothing: there is no thread."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._given

    def write(self, text: str) -> None:
        """Write a text as soon as the terminal takes it, if it does in this turn of the loop."""
        with self._lock:
            if self._is_closed:
                return
            self._pending += text.encode("utf-8", "backslashreplace")
            if self._is_due or self.is_behind:
                return
            self._is_due = True
        with contextlib.suppress(RuntimeError):  # the loop is closed: `stop` writes the rest
            self._loop.call_soon_threadsafe(self.flush)

    def flush(self) -> None:
        """Write what the terminal takes now; the rest follows when it takes more."""
        with self._lock:
            self._is_due = False
            if self._is_closed:
                return
            self._write_some()
            is_behind = bool(self._pending)
            if is_behind == self.is_behind:
                if is_behind and not self._is_watched:
                    self._loop.call_later(GLANCE, self.flush)
                return
            self.is_behind = is_behind
            if is_behind:
                self._watch()
            else:
                self._unwatch()
        self._changed(is_behind)

    _is_watched = False

    def _watch(self) -> None:
        try:
            self._loop.add_writer(self._fileno, self.flush)
            self._is_watched = True
        except (NotImplementedError, OSError):
            self._loop.call_later(GLANCE, self.flush)

    def _unwatch(self) -> None:
        if self._is_watched:
            self._is_watched = False
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self._loop.remove_writer(self._fileno)

    def _write_some(self) -> None:
        while self._pending:
            try:
                written = os.write(self._fileno, self._pending[:MAX_AT_ONCE])
            except BlockingIOError:
                return
            except OSError:  # the terminal is gone, and nobody is left to write to
                self._pending.clear()
                return
            del self._pending[:written]

    def abandon(self) -> None:
        """Forget what has not got through, also what the system holds: it is of no use any more."""
        with self._lock:
            if not self._pending:
                return
            self._pending.clear()
            if sys.platform != "win32":
                with contextlib.suppress(termios.error):
                    termios.tcflush(self._fileno, termios.TCOFLUSH)

    def stop(self, seconds: float = 1.0, last: str = "") -> None:
        """Write the rest, and `last` after it, waiting so long at most; then nothing any more.

        For any thread. What another thread writes from now on goes nowhere.
        """
        end = time.monotonic() + seconds
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            self._pending += last.encode()
            self._write_some()
            while self._pending and (left := end - time.monotonic()) > 0:
                select.select([], [self._fileno], [], min(left, 0.1))
                self._write_some()
            if threading.current_thread() is threading.main_thread():
                self._unwatch()
            os.close(self._fileno)


def write_to_terminal(text: str, seconds: float = 0.5) -> None:
    """Write to stdout, a terminal that perhaps nobody reads: after so long it is let be."""
    if sys.platform == "win32":
        print(text, end="", flush=True)
        return
    if sys.__stdout__ is None:
        return
    with contextlib.suppress(OSError, ValueError):  # it is gone, or closed
        if not sys.__stdout__.isatty():  # in a browser, packets go there
            return
        own, rest = reopened(sys.__stdout__.fileno()), text.encode("utf-8", "backslashreplace")
        end = time.monotonic() + seconds
        try:
            while rest and (left := end - time.monotonic()) > 0:
                if select.select([], [own], [], left)[1]:
                    with contextlib.suppress(BlockingIOError):
                        rest = rest[os.write(own, rest) :]
        finally:
            os.close(own)
