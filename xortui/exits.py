"""How the program ends: exit codes, the errors behind them, and signals."""

import os
import signal
import sys
from types import FrameType
from typing import TextIO

SOLVED = 0
UNSOLVED = 1
USAGE = 2
BAD_FILE = 3
BUG = 70
OF_SIGNAL = 128  # and the signal's number: 130 interrupted, 143 terminated, 129 hung up, 141 pipe
PIPE = 13
INTERRUPTED = 130
HUNG_UP = 129


class UsageError(Exception):
    """What was asked for makes no sense. The message is one sentence."""


class FileError(Exception):
    """A file that cannot be read or written. The message is one sentence."""


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
            os._exit(OF_SIGNAL + number)
        self.received = number

    @property
    def exit_code(self) -> int | None:
        """128 and the number of the signal that was received, or None."""
        return None if self.received is None else OF_SIGNAL + self.received


def discard_stdout() -> None:
    """Point stdout nowhere, so that closing a broken pipe raises nothing more at the very end."""
    discard(sys.stdout)


def discard(*streams: TextIO) -> None:
    """Point streams nowhere, with what could not be written yet."""
    for stream in streams:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
