"""The line above the controls: in plain words, what is seen, why, and what to try."""

import time
from typing import TYPE_CHECKING

from xortui.core.model.mistakes import MISTAKES
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import Line, fitted, line_width
from xortui.tui.drawing.pane import Pane
from xortui.tui.frame import Frame

if TYPE_CHECKING:
    from xortui.core.analysis.finding import Diagnosis

# While training runs, words that change faster than this can't be read.
MIN_SECONDS = 0.5
GOOD = ("solved",)


def paint_status(
    snapshot: Snapshot, width: int, found: "tuple[Diagnosis, ...]", show_fault: bool = True
) -> list[Line]:
    """The most telling diagnosis, as much of it as fits: seen, what to try, then why."""
    line: Line = [(" ", "text")]
    if snapshot.recipe.mistake is not None:
        words = (
            MISTAKES[snapshot.recipe.mistake].title if show_fault else "which operation is wrong?"
        )
        line.append((f"✗ broken on purpose: {words}  ", "bad"))
    if found:
        first = found[0]
        mark, style = ("✓", "good") if first.kind in GOOD else ("▲", "warn")
        line.append((f"{mark} {first.seen}", style))
        for words in (first.try_this, first.why):
            if line_width(line) + len(words) + 3 <= width:
                line.append((f"  {words}", "text" if words == first.try_this else "label"))
    return [fitted(line, width)]


class Status(Pane, can_focus=False):
    """The status line."""

    ALLOW_MAXIMIZE = False

    _found: "tuple[Diagnosis, ...]" = ()
    _found_at = 0.0
    _is_shown = False

    def watch_frame(self, frame: Frame | None) -> None:
        now = time.perf_counter()
        if frame is None or frame.snapshot.step == 0:
            self._found, self._found_at = (), 0.0  # what was seen was of another run
        if frame is None:
            return
        if not self._is_shown:  # the first frame does not wait for words
            self._is_shown = True
            self.call_after_refresh(self._look)
        elif not frame.running or now - self._found_at > MIN_SECONDS:
            self._look()

    def _look(self) -> None:
        """Find what is to be said of the step that is shown."""
        from xortui.core.analysis.diagnosis import diagnose

        if self.snapshot is not None:
            self._found, self._found_at = diagnose(self.snapshot), time.perf_counter()
            self.refresh()

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        show_fault = self.frame is None or self.frame.show_fault
        return paint_status(snapshot, width, self._found, show_fault)
