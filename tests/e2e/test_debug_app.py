"""`xortui debug SCRIPT` in a pseudo-terminal: opened, run, left; nothing of the script stays."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

from tests.e2e.terminal import ALTERNATE_SCREEN, XORTUI, Terminal, is_gone
from tests.own_script import HOSTILE, NO_NETWORK, WRONG, script_in
from tests.sample import some

CTRL_C, ESCAPE = "\x03", "\x1b[27u"
ENDLESS = """\
import time
while True:
    time.sleep(0.01)
"""


@contextlib.contextmanager
def debugged(
    folder: Path, source: str, *arguments: str, columns: int = 80, lines: int = 24
) -> Iterator[Terminal]:
    script_in(folder, source)
    variables = {"XDG_STATE_HOME": str(folder / "state"), "HOME": str(folder)}
    command = [*XORTUI, "debug", "my_net.py", *arguments]
    with Terminal(command, columns, lines, cwd=folder, variables=variables) as terminal:
        yield terminal


def children_of(process: int) -> list[int]:
    """The processes that it or one of its threads has started; elsewhere than on Linux none."""
    files = Path(f"/proc/{process}/task").glob("*/children")
    found = [int(word) for file in files for word in file.read_text().split()]
    return [*found, *(deeper for one in found for deeper in children_of(one))]


@pytest.mark.parametrize("size", some([(120, 36), (80, 24)], 2))
def test_it_opens_on_the_script_and_says_what_is_wrong(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    columns, lines = size
    with debugged(tmp_path, WRONG, columns=columns, lines=lines) as terminal:
        terminal.wait_for("Running your script")
        terminal.wait_for("Line 21: the slope is taken of a value that is activated already")
        assert ALTERNATE_SCREEN in terminal.modes
        terminal.send("n")
        terminal.wait_for("Line 21: dh")
        terminal.send("o")
        terminal.wait_for("XOR 2-3-1")
        terminal.send("D")
        terminal.wait_for("my_net.py")
        terminal.send("q")
        assert terminal.wait() == 0
        assert ALTERNATE_SCREEN not in terminal.modes
        assert "Line 21: the slope" in terminal.text


def test_with_a_format_it_prints_the_report(tmp_path: Path) -> None:
    with debugged(tmp_path, NO_NETWORK, "--format", "text") as terminal:
        assert terminal.wait() == 1
        assert "There is no neural network" in terminal.text
        assert b"\x1b[?1049h" not in terminal.output


@pytest.mark.parametrize("keys", [ESCAPE, CTRL_C])
def test_the_script_is_ended_by_a_key_and_the_app_stays(tmp_path: Path, keys: str) -> None:
    with debugged(tmp_path, ENDLESS) as terminal:
        terminal.wait_for("Running your script")
        terminal.wait_for("1.")
        children = children_of(terminal.process.pid)
        assert children or sys.platform != "linux"
        terminal.send(keys)
        terminal.wait_for("It was stopped")
        assert all(is_gone(child) for child in children)
        terminal.send("q")
        assert terminal.wait() == 0


def test_quitting_ends_the_script(tmp_path: Path) -> None:
    with debugged(tmp_path, ENDLESS) as terminal:
        terminal.wait_for("1.")
        children = children_of(terminal.process.pid)
        assert children or sys.platform != "linux"
        terminal.send("q")
        assert terminal.wait() == 0
        assert all(is_gone(child) for child in children)


def test_a_signal_ends_app_and_script(tmp_path: Path) -> None:
    with debugged(tmp_path, ENDLESS) as terminal:
        terminal.wait_for("1.")
        children = children_of(terminal.process.pid)
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait() == 143
        assert ALTERNATE_SCREEN not in terminal.modes
        assert all(is_gone(child) for child in children)


def test_nothing_of_a_hostile_script_reaches_the_terminal(tmp_path: Path) -> None:
    with debugged(tmp_path, HOSTILE) as terminal:
        terminal.wait_for("There is no neural network")
        terminal.send("q")
        assert terminal.wait() == 0
        for harm in (b"\x1b]0;", b'\x1b[31m")', b"\x1b[2J \xe2", "\u202e".encode()):
            assert harm not in terminal.output


def test_a_file_that_is_no_script_is_no_app(tmp_path: Path) -> None:
    with debugged(tmp_path, "x = (\n") as terminal:
        assert terminal.wait() == 3
        assert "is no Python" in terminal.text
