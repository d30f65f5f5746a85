"""DebugFrame: everything that the debug screen shows at one moment."""

from dataclasses import dataclass

from xortui.core.debug.examination import Examination
from xortui.core.debug.recorded import RecordedStep, Stop


@dataclass(frozen=True, eq=False)
class DebugFrame:
    """A script, what was found in it, and where in their run we stand.

    `examination` is None until the script has been run. `position` is that of the recorded step,
    `at` the number of the value in it that is looked at, or None. `line` is where the cursor
    stands, from 1. `seconds` says for how long the script has been running, None while it is not;
    `changed` that the file is another by now. `problem` is why it could not be run.
    """

    path: str
    source: str
    limit: float = 20.0
    examination: Examination | None = None
    position: int = 0
    at: int | None = None
    line: int = 1
    seconds: float | None = None
    changed: bool = False
    problem: str = ""

    @property
    def step(self) -> RecordedStep | None:
        """The recorded step that is looked at."""
        return None if self.examination is None else self.examination.step(self.position)

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The values of that step, in order."""
        step = self.step
        return () if step is None else step.stops

    @property
    def stop(self) -> Stop | None:
        """The value that is looked at; None between steps."""
        return self.stops[self.at] if self.at is not None and self.at < len(self.stops) else None
