"""The base of all panes: paints lines from a snapshot, and nothing else."""

from itertools import groupby
from operator import itemgetter
from typing import Self

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from xortui.core.snapshot import Snapshot
from xortui.tui.lines import ASCII, STYLES, Line, plain_text


class Pane(Widget, can_focus=True):
    """Paints itself from `snapshot`; subclasses define `paint`, pure in what it is given.

    The styles that `paint` names are component classes, coloured in xortui.tcss.
    """

    COMPONENT_CLASSES = {f"pane--{name}" for name in STYLES}  # noqa: RUF012
    ALLOW_MAXIMIZE = True
    ALLOW_SELECT = False

    snapshot: reactive[Snapshot | None] = reactive(None)

    _lines: list[Line] | None = None
    # Styles cost more to look up than lines to paint, so they are kept until the theme changes.
    _styles: dict[str, Style] | None = None

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        """The pane's lines, at most `height` of them and `width` cells wide."""
        raise NotImplementedError

    def wanted_height(self, snapshot: Snapshot) -> int:
        """How many lines there are to show, where the style sheet says `height: auto`."""
        return 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 if self.snapshot is None else self.wanted_height(self.snapshot)

    def lines(self) -> list[Line]:
        """The lines as they stand on the screen; painted once for each change."""
        if self._lines is None:
            width, height = self.size
            self._lines = [] if self.snapshot is None else self.paint(self.snapshot, width, height)
        return self._lines

    def as_text(self) -> str:
        """What the pane shows, as text to copy."""
        return plain_text(self.lines())

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Drop what was painted, as any change of a reactive, the size or the theme asks for."""
        self._lines = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_line(self, y: int) -> Strip:
        """One line of the pane as Textual wants it."""
        lines = self.lines()
        if self._styles is None:
            self._styles = {name: self.get_component_rich_style(f"pane--{name}") for name in STYLES}
        table = ASCII if getattr(self.app, "ascii_glyphs", False) else None
        segments, width = [], 0
        # Neighbours of one style in one go: the terminal has less to read.
        for style, spans in groupby(lines[y] if y < len(lines) else [], key=itemgetter(1)):
            text = "".join(text for text, _ in spans)
            width += len(text)
            named = style if isinstance(style, Style) else self._styles[style]
            segments.append(Segment(text.translate(table) if table else text, named))
        room = self.size.width
        if width < room:
            segments.append(Segment(" " * (room - width), self._styles["text"]))
        strip = Strip(segments, max(width, room))
        return strip if width <= room else strip.crop(0, room)

    def notify_style_update(self) -> None:
        """Another theme, or another state such as focus."""
        self._styles = None
        super().notify_style_update()
