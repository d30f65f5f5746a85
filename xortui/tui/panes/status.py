"""The lines above the controls: in plain words, what is seen, why, and what to try."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.timer import Timer

from xortui.core.model.mistakes import MISTAKES
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import Line, fitted, line_width
from xortui.tui.drawing.pane import Pane
from xortui.tui.frame import Frame

if TYPE_CHECKING:
    from xortui.core.analysis.finding import Diagnosis

# While training runs, words that change faster than this can't be read.
MIN_SECONDS = 0.5
# Where there is much to look at, the next look is so many times as far away as the last one took:
# keys wait for it.
REST = 40
# And where one takes longer than this, it waits until no key has been pressed for a moment.
LONG_LOOK, PAUSE = 0.02, 0.15
GOOD = ("solved",)
# What is said where there is nothing to say of the run: the longest that fits.
HINTS = (
    "space runs it · . is one step · n looks inside a step · 4 to 9 and 0 are views of the network "
    "· e changes it · ? lists all keys",
    "space runs it · n looks inside a step · 4 to 9 and 0 are views · ? lists all keys",
    "space runs it · n looks inside · 4-9, 0 views · ? all keys",
)


def paint_status(
    snapshot: Snapshot,
    width: int,
    found: "tuple[Diagnosis, ...]",
    show_fault: bool = True,
    height: int = 2,
    at: int | None = None,
) -> list[Line]:
    """The most telling diagnosis over `height` lines: what is seen, why, and what to try.

    Where it does not all fit, why gives way, and what to try is whole. Where there is nothing to
    say of the run, the keys that matter most. `at` is the step of which it is said, where that may
    not be the step shown.
    """
    said: Line = []
    if snapshot.recipe.mistake is not None:
        words = MISTAKES[snapshot.recipe.mistake].title
        words = words if show_fault else "which operation is wrong?"
        said.append((f"✗ broken on purpose: {words}", "bad"))
    if found:
        first = found[0]
        mark, style = ("✓", "good") if first.kind in GOOD else ("▲", "warn")
        seen, why, try_this = (
            (f"{mark} {'' if at is None else f'step {at:,}: '}{first.seen}", style),
            (first.why, "label"),
            (first.try_this, "text"),
        )
        choices = [[seen, why, try_this], [seen, try_this], [seen]]
        said += next((some for some in choices if _fits([*said, *some], width, height)), [seen])
    if not said:
        hints: list[Line] = [[(words, "label")] for words in HINTS]
        said = next((words for words in hints if _fits(words, width, height)), hints[-1])
    return [fitted(line, width) for line in wrapped_line(said, width, height)]


def _fits(said: Line, width: int, height: int) -> bool:
    return len(wrapped_line(said, width, height + 1)) <= height


def wrapped_line(said: Line, width: int, height: int) -> list[Line]:
    """Sentences, each in a style of its own, over as many lines as they take, at most `height`."""
    lines: list[Line] = [[]]
    for text, style in said:
        for place, word in enumerate(text.split()):
            gap = "  " if place == 0 and lines[-1] else " "
            if lines[-1] and line_width(lines[-1]) + len(gap) + len(word) > width:
                lines.append([])
                gap = " "
            lines[-1].append((gap + word, style))
    return lines[:height]


class Status(Pane, can_focus=False):
    """The status line."""

    _found: "tuple[Diagnosis, ...]" = ()
    _found_at = 0.0
    _found_step = 0
    _took = 0.0  # seconds of the last look
    _next_look: Timer | None = None
    _is_shown = False
    clock: Callable[[], float] = staticmethod(time.perf_counter)  # a film has one of its own

    def watch_frame(self, frame: Frame | None) -> None:
        now = self.clock()
        if frame is None or frame.snapshot.step == 0:
            self._found, self._found_at = (), 0.0  # what was seen was of another run
        if frame is None:
            return
        if not self._is_shown:  # the first frame does not wait for words
            self.screen.call_after_refresh(self._look_at_first)
        elif not frame.running and self._took > LONG_LOOK:
            if self._next_look is not None:
                self._next_look.stop()
            self._next_look = self.set_timer(PAUSE, self._look)
        elif not frame.running or now - self._found_at > max(MIN_SECONDS, REST * self._took):
            self._look()

    def _look_at_first(self) -> None:
        if not self._is_shown:
            self._is_shown = True
            self._look()

    def _look(self) -> None:
        """Find what is to be said of the step that is shown."""
        from xortui.core.analysis.diagnosis import diagnose

        if self.snapshot is not None:
            began = self.clock()
            self._found, self._found_at = diagnose(self.snapshot), self.clock()
            self._took = self._found_at - began
            self._found_step = self.snapshot.step
            self.refresh()

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        frame = self.frame or Frame(snapshot)
        is_behind = frame.running or self._found_step != snapshot.step
        at = self._found_step if is_behind else None
        return paint_status(snapshot, width, self._found, frame.show_fault, height, at)
