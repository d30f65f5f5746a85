"""The app in a browser: over the pipes of textual-serve, and in a real one where there is one."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import pyte
import pytest

from xortui.core.training.run_file import RunFile

from .browser import CHROMIUM, Browser

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform == "win32", reason="the guard looks at POSIX pipes"),
]
SERVED = {
    "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "COLUMNS": "100",
    "ROWS": "30",
}
PATIENCE = 25.0  # seconds that a test may take: reading a pipe has no end of its own
READY = "Truth table"


class Served:
    """The app, as textual-serve starts it: a packet is a letter, its length and its bytes."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "xortui", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, **SERVED, "PYTHONPATH": str(ROOT)}
            | {"XDG_STATE_HOME": str(folder / "state")}
            | variables,
        )
        self.screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self.screen)
        self.told: list[dict[str, object]] = []
        self.chunks: list[bytes] = []
        self.last_row = 0  # the lowest row to which the cursor was sent

    @property
    def _out(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    def begin(self) -> None:
        assert self._out.readline() == b"__GANGLION__\n"

    def send(self, kind: str, payload: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(kind.encode() + len(payload).to_bytes(4, "big") + payload)
        self.process.stdin.flush()

    def tell(self, **payload: object) -> None:
        self.send("M", json.dumps(payload).encode())

    def packet(self) -> bool:
        """Take one packet; False where the app has ended, with nothing but packets written."""
        head = self._out.read(5)
        if not head:
            return False
        kind, payload = head[:1], self._out.read(int.from_bytes(head[1:], "big"))
        assert kind in (b"D", b"M", b"P")
        if kind == b"D":
            self._stream.feed(payload)
            rows = [int(row) for row in re.findall(rb"\x1b\[(\d+);\d+H", payload)]
            self.last_row = max([self.last_row, *rows])
        elif kind == b"M":
            self.told.append(json.loads(payload))
        else:
            self.chunks.append(payload)
        return True

    def wait_for(self, pattern: str) -> re.Match[str]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := re.search(pattern, "\n".join(self.screen.display)):
                return found
            assert self.packet(), "the app has ended:\n" + "\n".join(self.screen.display)
        raise AssertionError(f"{pattern!r} is not in:\n" + "\n".join(self.screen.display))

    def wait_until_told(self, kind: str) -> dict[str, object]:
        while not any(told["type"] == kind for told in self.told):
            assert self.packet()
        return next(told for told in self.told if told["type"] == kind)

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self.packet():
            pass
        return self.process.wait(10)


@contextmanager
def served(folder: Path, *arguments: str, **variables: str) -> Iterator[Served]:
    app = Served(folder, *arguments, **variables)
    alarm = threading.Timer(PATIENCE, app.process.kill)
    alarm.start()
    try:
        app.begin()
        yield app
    finally:
        alarm.cancel()
        app.process.kill()
        app.process.communicate()


class TestOverPipes:
    def test_it_shows_the_panes_runs_and_quits(self, tmp_path: Path) -> None:
        with served(tmp_path) as app:
            app.wait_for(READY)
            app.send("D", b" ")
            app.wait_for(r"step [1-9][\d,]*  ")
            app.send("D", b"q")
            assert app.end() == 0
            assert app.told[-1] == {"type": "exit"}

    def test_it_leaves_when_the_page_is_closed(self, tmp_path: Path) -> None:
        with served(tmp_path, "--run") as app:
            app.wait_for(READY)
            app.tell(type="quit")
            assert app.end() == 0

    def test_it_leaves_when_the_server_is_gone(self, tmp_path: Path) -> None:
        with served(tmp_path, "--run") as app:
            app.wait_for(READY)
            for pipe in (app.process.stdin, app.process.stdout):
                assert pipe is not None
                pipe.close()
            assert app.process.wait(5) == 129
            assert app.process.stderr is not None
            assert b"Traceback" not in app.process.stderr.read()
            app.process.stdin = app.process.stdout = None

    def test_signals_end_it(self, tmp_path: Path) -> None:
        with served(tmp_path) as app:
            app.wait_for(READY)
            app.process.send_signal(signal.SIGTERM)
            assert app.end() in (0, 143)

    @pytest.mark.parametrize("odd", [b"\xff\xfe", b"\x1b[<0;1;999999999999M", b"\x1b[200;200;0t"])
    def test_odd_bytes_do_not_deafen_it(self, odd: bytes, tmp_path: Path) -> None:
        with served(tmp_path) as app:
            app.wait_for(READY)
            app.send("D", odd)
            app.send("D", b".")
            app.wait_for("step 1 ")

    def test_sizes_are_bounded(self, tmp_path: Path) -> None:
        with served(tmp_path, COLUMNS="99999999", ROWS="99999999") as app:
            while "─╯" not in "".join(app.screen.display):  # the last panes are painted
                assert app.packet()
            assert app.last_row == 200
            app.tell(type="resize", width=10**9, height=10**9)
            app.tell(type="quit")
            assert app.end() == 0
            assert app.last_row == 200

    def test_a_size_that_comes_at_once_is_the_one_that_stays(self, tmp_path: Path) -> None:
        with served(tmp_path, COLUMNS="300", ROWS="80") as app:
            app.tell(type="resize", width=100, height=30)
            app.wait_for("space run/pause .* help q quit")

    def test_sizes_that_are_none_are_ignored(self, tmp_path: Path) -> None:
        with served(tmp_path) as app:
            app.wait_for(READY)
            app.tell(type="resize", width="wide", height=None)
            app.tell(type="resize")
            app.send("D", b".")
            app.wait_for("step 1 ")

    def test_a_run_is_saved_by_the_browser_and_nothing_by_the_server(self, tmp_path: Path) -> None:
        with served(tmp_path) as app:
            app.wait_for(READY)
            app.send("D", b"...u\r\x13")  # three steps, noise, ctrl+s
            told = app.wait_until_told("deliver_file_start")
            app.tell(type="deliver_chunk_request", key=told["key"], size=2**20)
            while not app.chunks:
                assert app.packet()
            start = app.chunks[0].index(b"{")
            run = RunFile.from_text(app.chunks[0][start : app.chunks[0].rindex(b"}") + 1].decode())
            assert run.position == 3
            app.send("D", b"q")
            assert app.end() == 0
            assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_nobody_is_offered_the_runs_of_others(self, tmp_path: Path) -> None:
        with served(tmp_path) as app:
            app.wait_for(READY)
            app.send("D", b"o")
            app.wait_for("no previous run")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.skipif(find_spec("textual_serve") is None, reason="textual-serve is not installed")
def test_textual_serve_shows_it_in_a_real_browser(tmp_path: Path) -> None:
    port = free_port()
    serve = (
        "from textual_serve.server import Server; "
        f"Server({f'{sys.executable} -m xortui'!r}, '127.0.0.1', {port}).serve()"
    )
    environment = {name: value for name, value in os.environ.items() if name != "TEXTUAL_DRIVER"}
    server = subprocess.Popen(
        [sys.executable, "-c", serve],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path / "state")},
    )
    try:
        assert server.stdout is not None
        while b"Serving" not in server.stdout.readline():
            assert server.poll() is None
        asyncio.run(watch(f"http://127.0.0.1:{port}/", tmp_path / "profile"))
    finally:
        server.terminate()
        server.communicate()


async def watch(address: str, profile: Path) -> None:
    """Open the page, see the panes, run, and see the step count go on."""
    async with Browser(profile) as browser:
        await browser.open(address)
        for pane in (READY, "Weights and gradients", "Loss", "Decision surface"):
            await browser.wait_for(pane)
        await browser.press(" ")
        first = await browser.wait_for(r"step ([1-9][\d,]*) ")
        end = time.monotonic() + 20
        while (await browser.wait_for(r"step ([\d,]+) "))[1] == first[1]:
            assert time.monotonic() < end
            await asyncio.sleep(0.1)
        await browser.press("q")
