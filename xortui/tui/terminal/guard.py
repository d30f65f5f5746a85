"""Ends the app when it is asked to or when its terminal is gone, whatever it is doing then."""

import contextlib
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from xortui import exit_codes as exits

LOOK_EVERY = 0.25  # seconds between two looks whether the terminal is still there
PATIENCE = 2.0  # seconds that leaving may take
IMPATIENCE = 0.2  # seconds that it may still take when asked for a second time
WEB_DRIVER = "textual.drivers.web_driver:WebDriver"
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
QUIT = 0  # asked for by a key, in place of a signal's number


class Guard(threading.Thread):
    """A thread that hears signals, also while the event loop is stuck.

    The first signal asks the app to leave. A second one, or two seconds in which it has not left,
    calls `give_up` with the exit code, in this thread; that has to end the process.

    The interpreter tells the numbers of signals to a socket as they come; handlers in Python, which
    wait for the main thread, do nothing. A terminal that is gone counts as SIGHUP, also where that
    is ignored (nohup) or never comes.
    """

    def __init__(self, give_up: Callable[[int], object]) -> None:
        super().__init__(name="guard", daemon=True)
        self._give_up = give_up
        self._leave: Callable[[int], object] | None = None
        self._asked: int | None = None
        self._lock = threading.Lock()  # held by whoever ends the process
        self._is_over = threading.Event()
        self._told, self._teller = socket.socketpair()
        self._teller.setblocking(False)
        self._before: dict[int, Any] = {}

    def start(self) -> None:
        """Listen; to be called in the main thread, before the alternate screen."""
        for name in NAMES:
            number = getattr(signal, name, None)  # Windows has few
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._hear)
        if sys.platform != "win32":  # where the event loop has that place
            signal.set_wakeup_fd(self._teller.fileno(), warn_on_full_buffer=False)
        super().start()

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if sys.platform == "win32":
            self._teller.send(bytes([number]))

    def attend(self, leave: Callable[[int], object]) -> None:
        """`leave` is called with the exit code, in this thread, when the app is to leave."""
        with self._lock:
            self._leave = leave
            if self._asked is not None:
                leave(code_of(self._asked))

    def quit(self) -> None:
        """Leave as by a signal, with exit code 0; for any thread."""
        with contextlib.suppress(OSError):
            self._teller.send(bytes([QUIT]))

    def finish(self) -> None:
        """The app has left. Returns only where the guard has not given up on it meanwhile."""
        self._lock.acquire()
        self._is_over.set()
        self._lock.release()

    def stop(self) -> None:
        """All is done. Signals that still come, while the interpreter puts itself away, would
        change the exit code: they are ignored, but for SIGQUIT (ctrl+backslash)."""
        if sys.platform != "win32":
            signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            is_quit = number == getattr(signal, "SIGQUIT", None)
            signal.signal(number, handler if is_quit else signal.SIG_IGN)

    def run(self) -> None:
        while self._asked is None:
            if self._is_over.is_set():
                return
            number = self._next(LOOK_EVERY)
            if number is None and not has_terminal():
                number = exits.HUNG_UP - exits.OF_SIGNAL
            self._asked = number
        with self._lock, contextlib.suppress(RuntimeError):  # the loop has just ended by itself
            if self._leave is not None:
                self._leave(code_of(self._asked))
        end = time.monotonic() + PATIENCE
        while (left := end - time.monotonic()) > 0 and not self._is_over.is_set():
            if self._next(min(left, IMPATIENCE)):
                break
        if not self._is_over.wait(IMPATIENCE):
            with self._lock:
                if not self._is_over.is_set():
                    self._give_up(code_of(self._asked))

    def _next(self, seconds: float) -> int | None:
        """The next number that is one of ours, or None when none has come for so long."""
        if not select.select([self._told], [], [], seconds)[0]:
            return None
        number = self._told.recv(1)[0]
        return number if number == QUIT or number in self._before else None


def code_of(number: int) -> int:
    """The exit code for a signal's number."""
    return exits.OF_SIGNAL + number if number else exits.SOLVED


def is_in_browser() -> bool:
    """Whether textual-serve shows the app in a browser: it sets its driver, and speaks through
    pipes."""
    return os.environ.get("TEXTUAL_DRIVER") == WEB_DRIVER


def has_terminal() -> bool:
    """Whether stdin is still a terminal; in a browser, whether its server is still there."""
    if is_in_browser():
        return not _is_hung_up(0)
    try:
        return sys.__stdin__ is not None and sys.__stdin__.isatty()
    except ValueError:  # closed
        return False


def _is_hung_up(fileno: int) -> bool:
    """Whether nobody is left at the other end of a pipe. Where that cannot be asked, somebody is:
    the server also says when a browser has gone."""
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(fileno, 0)
    return bool(poll.poll(0))  # it is told of that only


def kill_children() -> None:
    """End processes that were started, which would outlive us."""
    multiprocessing = sys.modules.get("multiprocessing")
    for child in multiprocessing.active_children() if multiprocessing else ():
        child.kill()
