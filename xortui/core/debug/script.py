"""A script, and how it is run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xortui.core.debug.limits import SECONDS
from xortui.core.debug.runner import StoppedError, run_script
from xortui.core.debug.trace import Trace


@dataclass(frozen=True)
class Script:
    """A script, its own arguments, and a time limit; `stopped` says when to give up."""

    path: str
    source: str
    arguments: Sequence[str] = ()
    seconds: float = SECONDS
    stopped: Callable[[], bool] = lambda: False

    def run(self, marks: Sequence[int] = ()) -> Trace:
        """Run it; `marks` are passes of loops to be recorded. Raises as `run_script` does."""
        return run_script(
            self.path, self.source, self.seconds, self.arguments, self.stopped, marks=marks
        )

    def check(self) -> None:
        """Raise StoppedError where it is time to give up."""
        if self.stopped():
            raise StoppedError
