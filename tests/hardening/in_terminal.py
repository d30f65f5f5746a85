"""The app in a pseudo-terminal: storms of input, kills at any moment, slow terminals."""

import contextlib
import random
import re
import signal
import time
from pathlib import Path

from tests.e2e.terminal import XORTUI, Terminal, is_gone
from tests.hardening import storm
from tests.hardening.attack import Attack
from xortui.core.training.run_file import read_run

PAINTED = b"Loss"
READING = b"\x1b[?2004h"  # before that, the terminal itself takes some keys
CTRL_Q = b"\x11"
MAX_SECONDS = 6.0  # until it has ended, on a busy machine


class Case:
    """A terminal with the app in it, and what is wrong when it has ended."""

    def __init__(self, folder: Path, size: tuple[int, int] = (120, 36), *arguments: str) -> None:
        self.state = folder / "state"
        variables = {"XDG_STATE_HOME": str(self.state), "HOME": str(folder)}
        self.terminal = Terminal(
            [*XORTUI, *arguments], *size, cwd=folder, is_drawn=False, is_controlling=False,
            variables=variables,
        )  # fmt: skip

    @property
    def has_ended(self) -> bool:
        return self.terminal.process.poll() is not None

    def send(self, data: bytes) -> None:
        """As much as the program takes: it may have ended."""
        with contextlib.suppress(OSError):
            self.terminal.send_bytes(data)

    def watch(self, seconds: float, rate: float | None = None) -> None:
        """Read what is written for so long or until it ends; `rate` is in bytes a second."""
        if rate is not None:
            self.terminal.read_slowly(rate, seconds)
            return
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.has_ended:
            self.terminal.read(min(0.05, seconds))

    def until(self, sign: bytes) -> None:
        """Read until that has been written."""
        end = time.monotonic() + 20
        while sign not in self.terminal.output and time.monotonic() < end and not self.has_ended:
            self.terminal.read(0.05)

    def wrong(self, codes: set[int], rate: float | None = None) -> str | None:
        """What is wrong about how it ends."""
        self.watch(MAX_SECONDS, rate)
        code = self.terminal.process.poll()
        if code is None:
            return f"it goes on after {MAX_SECONDS} s"
        while self.terminal.read(0.05):
            pass
        if re.search(b"Traceback|xortui crashed", self.terminal.output):
            said = bytes(self.terminal.output[-3000:]).decode("utf-8", "replace")
            return f"it ends with {code}: {said}"
        if code not in codes:
            return f"it ends with {code}, not with one of {sorted(codes)}"
        if not self.terminal.is_as_found:
            return f"it leaves the terminal otherwise than it was; modes {self.terminal.modes}"
        return None

    def kept(self) -> list[Path]:
        """Files with kept runs; each has to be whole. Raises RunFileError."""
        found = sorted(self.state.rglob("*.run.json"))
        for path in found:
            read_run(str(path))
        return found

    def __enter__(self) -> "Case":
        return self

    def __exit__(self, *error: object) -> None:
        self.terminal.__exit__(None, None, None)


def storm_of_input(chance: random.Random, folder: Path) -> str | None:
    """It lives through it, or was told to leave; ctrl+q is heard behind all of it."""
    columns, lines = storm.size(chance)
    with Case(folder, (columns, lines), *(["--run"] if chance.random() < 0.4 else [])) as case:
        case.until(READING)
        case.watch(chance.choice((0.0, 0.6, 1.0)))
        for _ in range(chance.randint(2, 15)):
            if chance.random() < 0.2:
                columns, lines = storm.size(chance)
                case.terminal.resize(columns, lines)
            case.send(storm.burst(chance, columns, lines))
            case.watch(chance.choice((0.0, 0.01, 0.1)))
        case.send(b"\x1b[201~" + CTRL_Q)  # which cannot be heard within a paste
        return case.wrong({0})


def kill_at_any_moment(chance: random.Random, folder: Path) -> str | None:
    """The exit code tells the signal, the terminal is as it was, and the run is kept."""
    number = chance.choice((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    with Case(folder, (120, 36), "--run") as case:
        is_running = chance.random() < 0.5
        if is_running:
            case.until(PAINTED)
            case.watch(0.5)
        case.watch(chance.uniform(0.08, 0.8))
        for _ in range(chance.randint(1, 3)):
            if not case.has_ended:
                case.terminal.process.send_signal(number)
            time.sleep(chance.choice((0.0, 0.005, 0.02)))
        codes = {128 + number} if is_running else {128 + number, -number}
        wrong = case.wrong(codes)
        if wrong is None and is_running and not case.kept():
            wrong = "no run was kept"
        return wrong


def slow_terminal(chance: random.Random, folder: Path) -> str | None:
    """However little it reads: keys and signals end the app, and soon."""
    rate = chance.choice((0, 1_000, 3_000, 20_000))
    with Case(folder, (120, 36), "--run") as case:
        case.until(PAINTED)
        case.watch(chance.uniform(0.5, 2.0), rate)
        if chance.random() < 0.3:
            case.terminal.hang_up()
            case.watch(MAX_SECONDS, None)
            if not is_gone(case.terminal.process.pid, MAX_SECONDS):
                return "it outlives its terminal"
            return None if case.kept() else "no run was kept"
        if chance.random() < 0.5:
            case.terminal.process.send_signal(signal.SIGTERM)
            code = 128 + signal.SIGTERM
        else:
            key, code = chance.choice((b"q", CTRL_Q)), 0
            case.terminal.send_unread(key)
        return case.wrong({code}, rate)


ATTACKS = (
    Attack("storms", "input in a pseudo-terminal of 1x1 to 300x100", 4, 500, storm_of_input, True),
    Attack("kills", "signals at any moment", 5, 500, kill_at_any_moment, True),
    Attack("slow", "slow and closing terminals", 3, 100, slow_terminal, True),
)
