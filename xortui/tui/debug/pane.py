"""The base of the debug screen's panes: as any other pane, but painted from a DebugFrame."""

from collections.abc import Sequence

from textual.binding import Binding
from textual.reactive import reactive
from textual.strip import Strip

from xortui.core.text.ascii import to_ascii
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.highlight import FILLER, to_print
from xortui.tui.drawing.lines import Line, line_width, title
from xortui.tui.drawing.pane import Pane


class DebugPane(Pane):
    """Subclasses define `paint_debug`, pure in what it is given."""

    shown: reactive[DebugFrame | None] = reactive(None, repaint=False)

    def watch_shown(self, before: DebugFrame | None, after: DebugFrame | None) -> None:
        self.refresh()

    def content(self) -> list[Line] | None:
        return None if self.shown is None else self.paint_debug(self.shown, *self.room)

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        """The pane's lines, title first, at most `height` of them and `width` cells wide."""
        raise NotImplementedError

    def hidden(self) -> tuple[int, int]:
        return (0, 0) if self.shown is None else self.beyond(self.shown)

    def beyond(self, frame: DebugFrame) -> tuple[int, int]:
        """How many lines there are above and below those that are seen."""
        return 0, 0

    def height_for(self, frame: DebugFrame, width: int) -> int:
        """How many lines there are to show in `width` cells, the title's included."""
        return 1

    def render_line(self, y: int) -> Strip:
        """Wide characters stand for two, so that lines can be laid out by their length."""
        strip = super().render_line(y)
        if all(segment.text.isascii() and FILLER not in segment.text for segment in strip):
            return strip
        segments = [segment._replace(text=to_print(segment.text)) for segment in strip]
        return Strip(segments, strip.cell_length)

    def as_text(self) -> str:
        return to_print(super().as_text())


class ScrolledPane(DebugPane):
    """A pane whose lines, below the title, scroll where not all fit. Subclasses define `whole`."""

    BINDINGS = [
        Binding("up", "scroll(-1)", "scroll", key_display="↑↓", tooltip="Scroll"),
        Binding("down", "scroll(1)", "Scroll down", show=False),
    ]

    _first = 0

    def whole(self, frame: DebugFrame, width: int) -> list[Line]:
        """All its lines, title first."""
        raise NotImplementedError

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        lines = self.whole(frame, width)
        self._first = max(0, min(self._first, len(lines) - height))
        return [*lines[:1], *lines[1 + self._first :]][:height]

    def beyond(self, frame: DebugFrame) -> tuple[int, int]:
        width, height = self.room
        count = len(self.whole(frame, width))
        return self._first, max(0, count - self._first - height)

    def height_for(self, frame: DebugFrame, width: int) -> int:
        return len(self.whole(frame, width))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Scrolling is offered where there is something to scroll."""
        if action != "scroll" or self.shown is None:
            return True
        return len(self.whole(self.shown, self.room.width)) > self.room.height

    def action_scroll(self, by: int) -> None:
        self._first = max(0, self._first + by)
        self.refresh()

    def on_mouse_scroll_down(self) -> None:
        self.action_scroll(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_scroll(-1)


def _cells(line: Line) -> int:
    """The cells of a line, in whichever glyphs it takes more."""
    return max(line_width(line), sum(len(to_ascii(text)) for text, _ in line))


def roomy_title(name: str, choices: Sequence[Line], width: int) -> Line:
    """A pane's first line; at the right the first of the choices that leaves the name whole."""
    room = width - len(name) - 4  # blanks, and the digit in a frame's edge
    return title(name, next((one for one in choices if _cells(one) <= room), []), width)
