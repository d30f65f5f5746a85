"""The terminal's side of the app: bytes that are no keys, signals at any moment, slow terminals."""

import json
import os
import signal
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

from tests.e2e.terminal import XORTUI, Terminal
from tests.sample import some, some_pairs
from xortui.core.training.run_file import read_run

PAINTED = b"Loss"
CTRL_Q = "\x11"
SOON = 5.0  # seconds on a busy machine; alone it is well below one
# A run of the app whose event loop, or whose input, stops working after a second.
BROKEN = """
import sys, threading, time
from xortui.tui.app import XorApp
from xortui.__main__ import main
BREAK = {{}}
mount = XorApp.on_mount
def on_mount(self):
    mount(self)
    self.set_timer(1, lambda: BREAK["{what}"](self))
def stick(app):
    while True: time.sleep(0.01)
def cut(app):
    app._driver.process_message = lambda message: 1 / 0
BREAK.update(stick=stick, cut=cut)
XorApp.on_mount = on_mount
sys.exit(main(["--goto", "50"]))
"""

# A run that notes how many bytes wait and how many steps are done, twenty times a second.
WATCHED = """
import json, sys
from xortui.tui.app import XorApp
from xortui.__main__ import main
noted, mount = [], XorApp.on_mount
def on_mount(self):
    mount(self)
    trainer = self.session.trainer
    self.set_interval(0.05, lambda: noted.append((self._driver.pending, trainer.step_number)))
XorApp.on_mount = on_mount
code = main(["--run"])
with open("{log}", "w") as file:
    json.dump(noted, file)
sys.exit(code)
"""
ONE_FRAME = 60_000  # bytes, of all cells at 120x36


def start(folder: Path, *arguments: str, program: str | None = None) -> Terminal:
    """The app in a terminal of which only the bytes are kept; it has painted its first frame."""
    command = [*XORTUI, *arguments] if program is None else [sys.executable, "-c", program]
    variables = {"XDG_STATE_HOME": str(folder / "state"), "HOME": str(folder)}
    terminal = Terminal(
        command, 120, 36, folder, is_controlling=False, is_drawn=False, variables=variables
    )
    end = time.monotonic() + 20
    while PAINTED not in terminal.output:
        assert time.monotonic() < end, bytes(terminal.output)
        terminal.read(0.1)
    return terminal


def kept(folder: Path) -> list[int]:
    """The positions of the runs that were kept."""
    return [read_run(str(path)).position for path in (folder / "state").rglob("*.run.json")]


def watch(terminal: Terminal, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        terminal.read(0.05)


class TestInput:
    @pytest.mark.parametrize("byte", some([b"\xe9", b"\xff\xfe", b"\xf0\x9f", b"\x9b"], 4))
    def test_a_byte_that_is_no_utf8_is_a_key_that_does_nothing(
        self, tmp_path: Path, byte: bytes
    ) -> None:
        with start(tmp_path) as terminal:
            terminal.send_bytes(byte)
            watch(terminal, 0.3)
            terminal.send("q")
            assert terminal.wait() == 0
            assert terminal.is_as_found
            assert b"Traceback" not in terminal.output

    def test_when_no_more_keys_can_be_read_it_ends_with_70_and_keeps_the_run(
        self, tmp_path: Path
    ) -> None:
        with start(tmp_path, program=BROKEN.format(what="cut")) as terminal:
            watch(terminal, 1.2)
            terminal.send("x")
            assert terminal.wait() == 70
            assert terminal.is_as_found
            assert b"ZeroDivisionError" in terminal.output
        assert kept(tmp_path) == [50]

    @pytest.mark.parametrize(
        "size", some(["99999;99999;0;0", "0;0;0;0", "99999;99999;999999;999999"], 3)
    )
    def test_a_size_that_cannot_be_is_not_believed(self, tmp_path: Path, size: str) -> None:
        with start(tmp_path) as terminal:
            terminal.send(f"\x1b[48;{size}t\x1b[<35;5;5M")
            watch(terminal, 0.3)
            began = time.monotonic()
            terminal.send(CTRL_Q)
            assert terminal.wait() == 0
            assert time.monotonic() - began < SOON
            assert terminal.is_as_found

    def test_the_mouse_in_pixels_is_turned_off_again(self, tmp_path: Path) -> None:
        with start(tmp_path) as terminal:
            terminal.send("\x1b[?2048;2$y")
            watch(terminal, 0.5)
            assert {2048, 1016} <= terminal.modes
            terminal.send("q")
            assert terminal.wait() == 0
            assert terminal.is_as_found

    @pytest.mark.parametrize("opener", some(["\x10", "m", "B"], 2, ascii))
    def test_a_page_down_right_behind_the_key_that_opens_a_list(
        self, tmp_path: Path, opener: str
    ) -> None:
        with start(tmp_path) as terminal:
            terminal.send(opener + "\x1b[6~")
            watch(terminal, 1)
            terminal.send(CTRL_Q)
            assert terminal.wait() == 0
            assert terminal.is_as_found

    def test_ctrl_q_overtakes_keys_that_wait(self, tmp_path: Path) -> None:
        with start(tmp_path, "--run") as terminal:
            began = time.monotonic()
            terminal.send("\t" * 60 + CTRL_Q)
            assert terminal.wait() == 0
            assert time.monotonic() - began < 3
            assert terminal.is_as_found


class TestSignals:
    @pytest.mark.parametrize(
        ("name", "times"), some_pairs(["SIGINT", "SIGTERM", "SIGHUP"], [1, 3], 2)
    )
    def test_the_terminal_is_put_back_and_the_run_kept(
        self, tmp_path: Path, name: str, times: int
    ) -> None:
        number = getattr(signal, name)
        with start(tmp_path, "--run") as terminal:
            watch(terminal, 0.5)
            for _ in range(times):
                terminal.process.send_signal(number)
                time.sleep(0.02)
            assert terminal.wait() == 128 + number
            assert terminal.is_as_found
            assert b"To return to it" in terminal.output
        assert len(kept(tmp_path)) == 1

    def test_at_any_moment_of_the_start_it_is_quiet_and_prompt(self, tmp_path: Path) -> None:
        # Coverage, which starts before us, swallows an interrupt that comes while it is imported.
        variables = {"XDG_STATE_HOME": str(tmp_path), "COVERAGE_PROCESS_CONFIG": ""}
        for tenth in range(1, 13, 2):
            with Terminal(
                XORTUI, 80, 24, is_controlling=False, is_drawn=False, variables=variables
            ) as terminal:
                time.sleep(tenth * 0.04)
                began = time.monotonic()
                terminal.process.send_signal(signal.SIGINT)
                code = terminal.wait()
                assert time.monotonic() - began < SOON
                assert terminal.is_as_found
                # Before Python has come as far as our first line, it ends in its own way.
                is_of_python = b"xortui" not in terminal.output
                assert code == 130 or (is_of_python and code in (1, -signal.SIGINT))
                assert b"Traceback" not in terminal.output or is_of_python

    @pytest.mark.parametrize("way", some(["twice", "once", CTRL_Q], 2, repr))
    def test_an_app_that_is_stuck_ends_all_the_same(self, tmp_path: Path, way: str) -> None:
        with start(tmp_path, program=BROKEN.format(what="stick")) as terminal:
            watch(terminal, 1.5)
            if way == CTRL_Q:
                terminal.send(way)
            else:
                terminal.process.send_signal(signal.SIGTERM)
            if way == "twice":
                time.sleep(0.05)
                terminal.process.send_signal(signal.SIGTERM)
            assert terminal.wait(SOON) == (0 if way == CTRL_Q else 143)
            assert terminal.is_as_found
            assert b"step 50" in terminal.output.rpartition(b"?1049l")[2]
        assert kept(tmp_path) == [50]


class TestSlowTerminal:
    @pytest.mark.parametrize(
        ("way", "rate"), some_pairs(["q", CTRL_Q, "SIGTERM"], [20_000, 3_000], 2, repr)
    )
    def test_it_ends_soon(self, tmp_path: Path, rate: int, way: str) -> None:
        with start(tmp_path, "--run") as terminal:
            terminal.read_slowly(rate, 2)
            began = time.monotonic()
            if way == "SIGTERM":
                terminal.process.send_signal(signal.SIGTERM)
            else:
                terminal.send_unread(way.encode())
            terminal.read_slowly(rate, 20)
            assert time.monotonic() - began < SOON
            assert terminal.wait() == (143 if way == "SIGTERM" else 0)
            assert terminal.is_as_found

    def test_nobody_reads_and_a_signal_ends_it(self, tmp_path: Path) -> None:
        with start(tmp_path, "--run") as terminal:
            time.sleep(2)
            terminal.process.send_signal(signal.SIGTERM)
            terminal.read_slowly(0, SOON)
            assert terminal.process.poll() == 143
            terminal.wait()
            assert terminal.is_as_found
        assert len(kept(tmp_path)) == 1

    def test_no_more_than_a_frame_waits_while_training_goes_on(self, tmp_path: Path) -> None:
        log = tmp_path / "log.json"
        with start(tmp_path, program=WATCHED.format(log=log)) as terminal:
            watch(terminal, 1)
            time.sleep(3)
            watch(terminal, 1)
            terminal.send("q")
            assert terminal.wait() == 0
        pending, steps = zip(*json.loads(log.read_text()), strict=True)
        assert max(pending) > 0, "it was never behind"
        assert max(pending) < ONE_FRAME
        assert max(later - sooner for sooner, later in pairwise(steps)) > 0
        assert sum(later > sooner for sooner, later in pairwise(steps)) > 0.8 * len(steps)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_slow_pace_needs_next_to_no_time(tmp_path: Path) -> None:
    def seconds(process: int) -> float:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    with start(tmp_path) as terminal:
        terminal.send("[" * 12 + " ")  # an operation in a second and a half
        watch(terminal, 2)
        before = seconds(terminal.process.pid)
        watch(terminal, 6)
        assert (seconds(terminal.process.pid) - before) / 6 < 0.02
        terminal.send("q")
        assert terminal.wait() == 0
