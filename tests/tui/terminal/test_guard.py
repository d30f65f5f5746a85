"""The guard: one request to leave is passed on, two or no answer end the process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals are not sent there", allow_module_level=True)

ROOT = Path(__file__).parents[3]
# An app that prints what the guard asks of it; it leaves when asked, or is stuck.
PROGRAM = """
import os, sys, time
from xortui.tui.terminal import guard as module
from xortui.tui.terminal.guard import Guard
module.has_terminal = lambda: True
asked = []
def give_up(code):
    print("gave up", code, flush=True)
    os._exit(code)
guard = Guard(give_up)
guard.start()
guard.attend(asked.append)
print("ready", flush=True)
if sys.argv[1] == "key":
    guard.quit()
end = time.monotonic() + 20
while time.monotonic() < end and not (asked and sys.argv[1] != "stuck"):
    time.sleep(0.01)
guard.finish()
guard.stop()
print("left", asked, flush=True)
sys.exit(asked[0])
"""


def start(how: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PROGRAM, how]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
def test_a_signal_asks_to_leave(name: str) -> None:
    number = getattr(signal, name)
    process = start("willing")
    process.send_signal(number)
    said, _ = process.communicate(timeout=20)
    assert said == f"left [{128 + number}]\n"
    assert process.returncode == 128 + number


def test_a_key_asks_to_leave_with_success() -> None:
    process = start("key")
    assert process.communicate(timeout=20)[0] == "left [0]\n"
    assert process.returncode == 0


def test_a_second_signal_ends_what_is_stuck() -> None:
    process = start("stuck")
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20)[0] == "gave up 143\n"
    assert process.returncode == 143
    assert time.monotonic() - began < 1.5


@pytest.mark.slow
def test_two_seconds_end_what_is_stuck() -> None:
    process = start("stuck")
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=20)[0] == "gave up 143\n"


@pytest.mark.slow
def test_what_is_ignored_stays_ignored() -> None:
    command = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", sys.executable, "-c", PROGRAM, "x"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    os.kill(process.pid, signal.SIGHUP)
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGTERM)
    assert process.communicate(timeout=20)[0] == "left [143]\n"
