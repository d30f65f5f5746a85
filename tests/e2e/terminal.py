"""A program in a pseudo-terminal, as a person at a keyboard has it: keys in, a screen out."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyte

ROOT = Path(__file__).parents[2]
XORTUI = (sys.executable, "-m", "xortui")
PATIENCE = 20.0  # seconds: a busy machine is no failure
BREATH = 0.02  # seconds of output that are taken at once

ALTERNATE_SCREEN, CURSOR, PASTE, FOCUS, IN_BAND_RESIZE = 1049, 25, 2004, 1004, 2048
MOUSE = (1000, 1002, 1003, 1005, 1006, 1015, 1016)

# A terminal is only the controlling one of a session that asks for it.
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; "
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)
# Queries and the keyboard protocol, which pyte would print in part; and colours, over which it
# takes nearly all of its time.
_NOT_FOR_PYTE = re.compile(rb"\x1b\[(?:[0-9;:]*m|[<>=]\d*u|\?u|\?\d+\$p|>[0-9;]*[a-zA-Z])")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;?<>=$]*)?$")
_SCREEN = re.compile(rb"\x1b\[\?1049([hl])")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")


def environment(**changes: str) -> dict[str, str]:
    """The environment for a program under test: what a person's own settings change is gone."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TEXTUAL", "PYTHON"))
        and name not in ("NO_COLOR", "COLUMNS", "LINES")
    }
    source = {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    # An escape alone is told from a longer sequence by waiting; nobody here is on a slow line.
    return kept | source | {"LC_ALL": "C.UTF-8", "ESCDELAY": "30"} | changes


class Terminal:
    """Runs a command in a pseudo-terminal and keeps its screen; a context manager.

    `output` is everything that was written so far. `is_controlling` makes it the terminal that
    sends signals, for which the command is started a few milliseconds later. Without `is_drawn`
    what is written is only kept: drawing takes much more time than it takes a real terminal.
    """

    def __init__(
        self,
        command: Sequence[str],
        columns: int = 80,
        lines: int = 24,
        cwd: str | Path | None = None,
        is_controlling: bool = True,
        is_drawn: bool = True,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.output = bytearray()
        self._fed = 0
        self._is_drawn = is_drawn
        self._normal = self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._master, self._slave = pty.openpty()
        os.set_blocking(self._master, False)
        self._set_size(columns, lines)
        self.settings_before = self.settings
        if is_controlling:
            command = [sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL, *command]
        self.process = subprocess.Popen(
            command,
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=cwd,
            env=environment(**variables or {}),
            start_new_session=True,
        )

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.hang_up()
        os.close(self._slave)

    # -- what a person does --------------------------------------------------------------------

    def send(self, keys: str) -> None:
        """Press keys, given as the characters that a terminal makes of them."""
        self.send_bytes(keys.encode())

    def send_bytes(self, rest: bytes) -> None:
        """Send what no keyboard sends."""
        end = time.monotonic() + PATIENCE
        while rest:
            self.read(0)
            try:
                rest = rest[os.write(self._master, rest) :]
            except BlockingIOError:
                assert time.monotonic() < end, "the program reads no keys"
                self.read(0.01)

    def send_unread(self, keys: bytes) -> None:
        """Send a few bytes without looking at what has been written meanwhile."""
        os.write(self._master, keys)

    def resize(self, columns: int, lines: int) -> None:
        """Make the window another size."""
        self.read(0)
        for screen in (self._normal, self._screen):
            screen.resize(lines, columns)
        self._set_size(columns, lines)  # which sends SIGWINCH to what is in the foreground

    def hang_up(self) -> None:
        """Close the window."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    # -- what a person sees --------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The screen as it is now."""
        return "\n".join(self._screen.display)

    @property
    def lines(self) -> list[str]:
        """The lines of the screen as it is now."""
        return list(self._screen.display)

    def wait_for(self, what: str | Callable[[str], Any], seconds: float = PATIENCE) -> str:
        """Wait until the screen shows a text, or until what is given the screen's text says yes."""
        seen = (lambda text: what in text) if isinstance(what, str) else what
        end = time.monotonic() + seconds
        while not seen(text := self.text):
            words = repr(what) if isinstance(what, str) else "what was waited for"
            assert time.monotonic() < end, f"{words} did not come; the screen shows:\n{text}"
            has_ended = self.process.poll() is not None
            is_new = self.read(0.1)
            assert is_new or not has_ended, f"ended before {words} came; it shows:\n{text}"
        return text

    def wait(self, seconds: float = PATIENCE) -> int:
        """Wait until the program has ended; its exit code, or the negative number of a signal."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it goes on; the screen shows:\n{self.text}"
            self.read(0.02)
        while self.read(0):
            pass
        return self.process.returncode

    def read(self, seconds: float) -> bool:
        """Take what has been written, waiting that long for it to come; whether there was any."""
        if self._master < 0:
            time.sleep(seconds)
            return False
        before = len(self.output)
        end = time.monotonic() + BREATH
        while select.select([self._master], [], [], seconds)[0]:
            try:
                new = os.read(self._master, 65536)
            except OSError:  # nobody has the other end any more
                break
            self.output += new
            seconds = 0
            if not new or time.monotonic() > end:
                break
        if self._is_drawn:
            self._draw()
        return len(self.output) > before

    def read_slowly(self, rate: float, seconds: float) -> None:
        """Take so many bytes a second at most, for so long or until the program has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            time.sleep(0.02)
            if rate and select.select([self._master], [], [], 0)[0]:
                with contextlib.suppress(OSError):  # nobody has the other end any more
                    self.output += os.read(self._master, max(1, int(rate * 0.02)))

    def _draw(self) -> None:
        """Draw what is new, but for a sequence of which the end is still to come."""
        new = bytes(self.output[self._fed :])
        if unfinished := _UNFINISHED.search(new):
            new = new[: unfinished.start()]
        self._fed += len(new)
        text, *switches = _SCREEN.split(_NOT_FOR_PYTE.sub(b"", new))
        self._stream.feed(text)
        for switch, text in zip(switches[::2], switches[1::2], strict=True):
            self._stream.detach(self._screen)
            if switch == b"h":
                self._screen = pyte.Screen(self._normal.columns, self._normal.lines)
            else:
                self._screen = self._normal
            self._stream.attach(self._screen)
            self._stream.feed(text)

    # -- what is left behind -------------------------------------------------------------------

    @property
    def settings(self) -> list[Any]:
        """The terminal's settings (termios): echo, line mode, the keys that send signals."""
        return termios.tcgetattr(self._slave)

    @property
    def modes(self) -> set[int]:
        """The private modes that are on by now, by their numbers; the cursor is on at first."""
        on = {CURSOR}
        for numbers, switch in _MODE.findall(self.output):
            for number in map(int, numbers.split(b";")):
                (on.add if switch == b"h" else on.discard)(number)
        return on

    @property
    def is_as_found(self) -> bool:
        """Whether the terminal is left as it was: settings, screen, cursor, mouse, paste."""
        pushed = len(re.findall(rb"\x1b\[>\d+u", self.output))
        popped = len(re.findall(rb"\x1b\[<\d*u", self.output))
        return (
            self.settings == self.settings_before
            and pushed == popped
            and self.modes.isdisjoint({ALTERNATE_SCREEN, PASTE, FOCUS, IN_BAND_RESIZE, *MOUSE})
            and CURSOR in self.modes
        )


def is_gone(process: int, seconds: float = PATIENCE) -> bool:
    """Whether nothing is left, soon, of the process group that a process led."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False
