"""How the program ends: exit codes, the errors behind them, signals, and closed streams."""

import contextlib
import os
import signal
import sys
from types import FrameType
from typing import TextIO

from xortui.core.files import remove_unfinished
from xortui.core.text.harmless import harmless

SOLVED = 0
UNSOLVED = 1
USAGE = 2
BAD_FILE = 3
BUG = 70
OF_SIGNAL = 128  # and the signal's number: 130 interrupted, 143 terminated, 129 hung up, 141 pipe
PIPE = 13
INTERRUPTED = 130
HUNG_UP = 129

MEANINGS = {
    SOLVED: "solved, or the check passed",
    UNSOLVED: "it ran and was not solved, or the check failed",
    USAGE: "a bad command line",
    BAD_FILE: "a file that cannot be read or written",
    BUG: "a bug in xortui",
    HUNG_UP: "its terminal has gone",
    INTERRUPTED: "interrupted by ctrl+c",
    OF_SIGNAL + PIPE: "the reader of its output has gone",
    OF_SIGNAL + 15: "terminated",
}

MAX_LETTERS = 500


class UsageError(Exception):
    """What was asked for makes no sense. The message is one sentence."""


class FileError(Exception):
    """A file that cannot be read or written. The message is one sentence."""


class SignalledError(Exception):
    """A signal asked the program to end before it had anything to show. `code` says with what."""

    def __init__(self, code: int) -> None:
        super().__init__(f"stopped by signal {code - OF_SIGNAL}")
        self.code = code


class Signals:
    """Notes the first signal that asks the program to end; a second one ends it at once.

    A context manager. Signals that the caller's environment ignores (nohup) stay ignored.
    """

    NAMES = ("SIGINT", "SIGTERM", "SIGHUP")

    def __init__(self) -> None:
        self.received: int | None = None

    def __enter__(self) -> "Signals":
        self._before = {}
        for name in self.NAMES:
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.received is not None:
            remove_unfinished()
            os._exit(OF_SIGNAL + number)
        self.received = number

    @property
    def exit_code(self) -> int | None:
        """128 and the number of the signal that was received, or None."""
        return None if self.received is None else OF_SIGNAL + self.received

    def check(self) -> None:
        """Raise SignalledError where a signal was received."""
        if self.received is not None:
            raise SignalledError(OF_SIGNAL + self.received)


def say(words: object) -> None:
    """One remark on stderr, whatever is in it: one harmless line, and not pages of it.

    Where stderr takes nothing (a full disk, a closed pipe) there is nobody to tell.
    """
    line = harmless(str(words))
    if len(line) > MAX_LETTERS:
        line = f"{line[: MAX_LETTERS // 2]} ... {line[-MAX_LETTERS // 2 :]}"
    try:
        print(f"xortui: {line}", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        discard(sys.stderr)


def open_closed_streams() -> None:
    """Let streams that the caller has closed (`>&-`) be /dev/null.

    Otherwise the next file that is opened would take their place, and what is printed to stderr
    would come out on stdout.
    """
    if sys.stdin and sys.stdout and sys.stderr:
        return
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass  # it takes the lowest number that is free: that of a stream that was closed
    os.close(handle)
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def discard_stdout() -> None:
    """Point stdout nowhere, so that closing a broken pipe raises nothing more at the very end."""
    discard(sys.stdout)


def discard(*streams: TextIO) -> None:
    """Point streams nowhere, with what could not be written yet."""
    for stream in streams:
        with contextlib.suppress(OSError, ValueError):  # one that is no file of the system's
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
