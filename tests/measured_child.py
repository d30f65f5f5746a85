"""Runs `core/debug/child.py`, in whose place it is started while coverage measures the tests.

The guard, which lets a script write no files, would keep coverage from writing its own: it is told
to let those pass once the run is over.
"""

import os
import runpy
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

CHILD = Path(__file__).parents[1] / "xortui" / "core" / "debug" / "child.py"

_exit = os._exit  # that of coverage, which saves first


def _save_and_exit(status: int) -> NoReturn:
    guard, here = sys.modules["_xortui_guard"].FileGuard, threading.get_ident()
    is_allowed = guard._inside

    def inside(*given: Any) -> bool:
        return threading.get_ident() == here or bool(is_allowed(*given))

    guard._inside = inside
    _exit(status)


if __name__ == "__main__":
    os._exit = _save_and_exit
    runpy.run_path(str(CHILD), run_name="__main__")
