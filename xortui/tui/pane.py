"""The base of all panes: paints lines from a snapshot, and nothing else."""

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
        segments = [
            Segment(self._glyphs(text), self._style(style))
            for text, style in (lines[y] if y < len(lines) else [])
        ]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def _glyphs(self, text: str) -> str:
        return text.translate(ASCII) if getattr(self.app, "ascii_glyphs", False) else text

    def _style(self, style: str | Style) -> Style:
        if isinstance(style, Style):
            return style
        return self.get_component_rich_style(f"pane--{style}")
