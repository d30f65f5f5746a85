"""The timeline: where in the run we stand, its edits and pauses, and the step that solved it."""

from textual import events

from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import Line
from xortui.tui.drawing.pane import Pane
from xortui.tui.messages import StepChosen

MIN_STEPS = 1


def column_of(step: int, last_step: int, width: int) -> int:
    """The cell of a bar of `width` cells that stands for a step."""
    return min(width - 1, step * width // max(MIN_STEPS, last_step)) if width > 0 else 0


def paint_timeline(snapshot: Snapshot, width: int) -> list[Line]:
    """The bar with ends and position, as one line."""
    ends = " 0 ", f" {snapshot.last_step:,} "
    bar = bar_width(snapshot, width)
    cells: list[tuple[str, str]] = []
    here = column_of(snapshot.step, snapshot.last_step, bar)
    edits = {column_of(step, snapshot.last_step, bar) for step, _ in snapshot.edits}
    pauses = {column_of(step, snapshot.last_step, bar) for step in snapshot.pauses}
    solved = snapshot.solved_at
    solved_column = None if solved is None else column_of(solved, snapshot.last_step, bar)
    for column in range(bar):
        past = column <= here
        if column == here:
            cells.append(("●", "accent"))
        elif column in edits:
            cells.append(("◆", "warn"))
        elif column == solved_column:
            cells.append(("✓", "good"))
        elif column in pauses:
            cells.append(("■", "accent"))
        else:
            cells.append(("━" if past else "─", "accent" if past else "label"))
    return [[(ends[0], "label"), *cells, (ends[1], "label")]]


def bar_width(snapshot: Snapshot, width: int) -> int:
    """The cells of the bar itself, between the numbers at its ends."""
    return max(1, width - len(f" 0  {snapshot.last_step:,} "))


class TimelineBar(Pane, can_focus=False):
    """The timeline; a click or a drag goes to a step."""

    _dragging = False

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_timeline(snapshot, width)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._dragging = True
        self.capture_mouse()
        self._drag(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragging:
            self._drag(event.x)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self._dragging = False
        self.release_mouse()

    def _drag(self, x: int) -> None:
        if self.snapshot is not None:
            bar = bar_width(self.snapshot, self.size.width)
            share = min(1.0, max(0.0, (x - 3) / max(1, bar - 1)))
            self.post_message(StepChosen(round(share * self.snapshot.last_step)))
