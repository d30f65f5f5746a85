"""Runs a script in a child process with limits, and brings back what was recorded."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from xortui.core.debug.limits import GRACE, MEMORY
from xortui.core.debug.trace import Trace, TraceError, read_trace

CHILD = Path(__file__).with_name("child.py")


class StoppedError(Exception):
    """The run was asked to stop."""


class ChildDiedError(Exception):
    """The child ended without a recording. `code`: its exit code, below 0 that of a signal."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


def run_script(
    path: str,
    source: str,
    seconds: float,
    arguments: Sequence[str] = (),
    stopped: Callable[[], bool] = lambda: False,
    windows: int = 0,
    marks: Sequence[int] = (),
) -> Trace:
    """Run the script for at most so many seconds, or (where it is not 0) for so many windows.

    `marks` are passes of loops that are recorded, too. The child and all that it started are gone
    when this returns or raises: StoppedError where `stopped` (asked ten times a second) says so,
    ChildDiedError where nothing came back.
    """
    with tempfile.TemporaryDirectory(prefix="xortui-", dir=_place_apart(path)) as folder:
        result = Path(folder) / "trace"
        request = Path(folder) / "request.json"
        request.write_text(
            json.dumps(
                {
                    "script": path,
                    "source": source,
                    "seconds": seconds,
                    "parent": os.getpid(),
                    "arguments": list(arguments),
                    "folder": folder,
                    "result": str(result),
                    "memory": MEMORY,
                    "windows": windows,
                    "marks": list(marks),
                }
            ),
            encoding="utf-8",
        )
        environment = os.environ | {
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
            "MPLBACKEND": "Agg",
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder),
        }
        child = subprocess.Popen(
            [sys.executable, "-B", "-X", "utf8", str(CHILD), str(request)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=os.name == "posix",
        )
        try:
            _wait(child, seconds + GRACE, stopped)
        finally:
            _end(child)
        try:
            return read_trace(result.read_bytes())
        except (OSError, TraceError):
            raise ChildDiedError(child.returncode) from None


def _place_apart(path: str) -> str | None:
    """Where a folder of ours is not in the script's; None where there is no such place."""
    folder = Path(path).resolve().parent
    for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        apart = not Path(place).resolve().is_relative_to(folder)
        if apart and os.access(place, os.W_OK | os.X_OK):
            return place
    return None


def _wait(child: "subprocess.Popen[bytes]", seconds: float, stopped: Callable[[], bool]) -> None:
    for _ in range(int(seconds * 10) + 1):
        try:
            child.wait(0.1)
            return
        except subprocess.TimeoutExpired:
            if stopped():
                raise StoppedError from None


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End the child and, where the system has process groups, whatever it started."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:
        child.kill()
    child.wait()
