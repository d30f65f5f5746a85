"""Ends the app when its terminal is gone, whatever it is doing then."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable

LOOK_EVERY = 0.25  # seconds
PATIENCE = 2.0  # seconds


class HangUpWatch(threading.Thread):
    """Looks whether stdin is still a terminal, also where SIGHUP is ignored (nohup) or never comes.

    `leave` is to end the app. Textual can be stuck by then, for ever: it waits for a thread that
    died when it wrote to a terminal that was gone. So `give_up` follows.
    """

    def __init__(self, leave: Callable[[], object], give_up: Callable[[], object]) -> None:
        super().__init__(name="hang-up watch", daemon=True)
        self._leave, self._give_up = leave, give_up

    def run(self) -> None:
        while sys.__stdin__ is not None and sys.__stdin__.isatty():
            time.sleep(LOOK_EVERY)
        with contextlib.suppress(RuntimeError):  # the app has just ended by itself
            self._leave()
        time.sleep(PATIENCE)
        self._give_up()
