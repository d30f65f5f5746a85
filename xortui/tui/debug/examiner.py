"""Examiner: runs a script in a thread of its own, while the screen goes on living."""

import threading
from collections.abc import Callable

from xortui.core.debug.examination import Examination, ScriptFile
from xortui.core.debug.runner import StoppedError
from xortui.core.debug.source import SourceError, read_source

PATIENCE = 1.0  # seconds that the script's process may take to be gone

# What came of it: the source that was run, what was found (None: it was stopped), and a problem.
Done = Callable[[str | None, Examination | None, str], object]


class Examiner:
    """One script at a time; `stop` ends it with all that it has started."""

    def __init__(self, script: ScriptFile) -> None:
        self.script = script
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether a script is being run or looked at."""
        return self._thread is not None and self._thread.is_alive() and not self._stop.is_set()

    def start(self, done: Done) -> None:
        """Read the script and run it; `done` is called in the thread, unless it was stopped."""
        self.stop()
        stop = self._stop = threading.Event()
        # A daemon: whoever quits does not wait for the numbers to be looked through.
        self._thread = threading.Thread(target=self._examine, args=(stop, done), daemon=True)
        self._thread.start()

    def _examine(self, stop: threading.Event, done: Done) -> None:
        source: str | None = None
        found: Examination | None = None
        problem = ""
        try:
            source = read_source(self.script.path)
            found = Examination.of(self.script, source, stop.is_set)
        except StoppedError:
            return
        except (SourceError, OSError) as error:
            problem = str(error)
        if not stop.is_set():
            done(source, found, problem)

    def stop(self) -> None:
        """End the script; what came of it is not told."""
        self._stop.set()

    def close(self) -> None:
        """End the script and wait until its process is gone."""
        self.stop()
        if self._thread is not None:
            self._thread.join(PATIENCE)
