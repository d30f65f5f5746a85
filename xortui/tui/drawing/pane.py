"""The base of all panes: paints lines from a frame, and nothing else."""

from textual.geometry import Size
from textual.reactive import reactive

from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.lines import Line
from xortui.tui.frame import Frame
from xortui.tui.operation_cursor import OperationCursor


class Pane(LineWidget, can_focus=True):
    """Paints itself from `frame`; subclasses define `paint`, pure in what it is given."""

    ALLOW_MAXIMIZE = True

    frame: reactive[Frame | None] = reactive(None)

    @property
    def snapshot(self) -> Snapshot | None:
        """The numbers of the frame's step."""
        return None if self.frame is None else self.frame.snapshot

    @property
    def cursor(self) -> OperationCursor | None:
        """Where inside the step we stand; None between steps."""
        return None if self.frame is None else self.frame.cursor

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        """The pane's lines, at most `height` of them and `width` cells wide."""
        raise NotImplementedError

    def paint_lines(self, width: int, height: int) -> list[Line]:
        return [] if self.snapshot is None else self.paint(self.snapshot, width, height)

    def wanted_height(self, snapshot: Snapshot) -> int:
        """How many lines there are to show, where the style sheet says `height: auto`."""
        return 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 if self.snapshot is None else self.wanted_height(self.snapshot)
