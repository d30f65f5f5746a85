"""Keeping: writes the run to its recovery file now and then, so that a kill or a power cut loses
little."""

import time
from collections.abc import Callable

from textual.app import App
from textual.timer import Timer

from xortui.tui.session import RunSession

KEEP_SECONDS = 60
KEEP_SOON = 0.2  # seconds after an edit
MOST_KEEPING = 0.02  # share of the time that goes into keeping the run


class Keeping:
    """Keeps the run of a session; `tell` is given, once, why it cannot be kept."""

    def __init__(self, app: App[None], session: RunSession, tell: Callable[[str], object]) -> None:
        self._app, self._session, self._tell = app, session, tell
        self._timer: Timer | None = None
        self._after = KEEP_SOON

    @property
    def is_possible(self) -> bool:
        """Whether this machine is the person's own. In a browser it is somebody else's."""
        return not (self._app.is_headless or self._app.is_web)

    def begin(self) -> None:
        """Keep it every minute from now on."""
        self._app.set_interval(KEEP_SECONDS, self.now)

    def soon(self) -> None:
        """After an edit: a program that is killed loses none. Several quick ones count as one."""
        if self.is_possible and self._timer is None:
            self._timer = self._app.set_timer(self._after, self.now)

    def now(self) -> None:
        """Keep it; where that is impossible, it is told."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        started = time.perf_counter()
        if words := self._session.keep_now_and_then():
            self._tell(words)
        took = time.perf_counter() - started
        self._after = max(KEEP_SOON, took / MOST_KEEPING)
