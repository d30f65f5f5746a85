"""The base of all panes: paints lines from a snapshot, and nothing else."""

from itertools import zip_longest
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
    _painted_size: Size | None = None
    _is_seen = False
    # Styles cost more to look up than lines to paint, so they are kept until the theme changes.
    _styles: dict[str, Style] | None = None
    _glyphs: dict[int, str] | None = None

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
            self._painted_size = self.size
            width, height = self.size
            self._lines = []
            if self.snapshot is not None and width and height:
                self._lines = self.paint(self.snapshot, width, height)
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
        """Repaint the lines that have become others, which in most frames are few.

        A pane that nobody sees is not repainted at all: it is painted when it is shown.
        """
        before, size = self._lines, self._painted_size
        if not regions:
            self._lines = None
        if not self._is_seen and not (layout or recompose):
            return self
        if regions or layout or recompose or not repaint or before is None or size != self.size:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        changed = changed_lines(before, self.lines(), self.size)
        return super().refresh(*changed) if changed else self

    def on_show(self) -> None:
        self._is_seen = True
        self.refresh()

    def on_hide(self) -> None:
        self._is_seen = False

    def render_line(self, y: int) -> Strip:
        """One line of the pane as Textual wants it."""
        lines = self.lines()
        if self._styles is None:
            self._glyphs = ASCII if getattr(self.app, "ascii_glyphs", False) else None
            self._styles = {name: self.get_component_rich_style(f"pane--{name}") for name in STYLES}
        segments: list[Segment] = []
        width, run, last = 0, "", None
        # Neighbours of one style in one go: the terminal has less to read. Styles are compared by
        # identity, which is enough and much cheaper.
        for text, style in lines[y] if y < len(lines) else []:
            width += len(text)
            if style is last:
                run += text
                continue
            if run and last is not None:
                segments.append(self._segment(run, last))
            run, last = text, style
        if run and last is not None:
            segments.append(self._segment(run, last))
        room = self.size.width
        if width < room:
            segments.append(Segment(" " * (room - width), self._styles["text"]))
        strip = Strip(segments, max(width, room))
        return strip if width <= room else strip.crop(0, room)

    def _segment(self, text: str, style: str | Style) -> Segment:
        named = self._styles[style] if self._styles and isinstance(style, str) else style
        assert isinstance(named, Style)
        return Segment(text.translate(self._glyphs) if self._glyphs else text, named)

    def notify_style_update(self) -> None:
        """Another theme, or another state such as focus."""
        self._styles = self._lines = None
        super().notify_style_update()


def changed_lines(before: list[Line], after: list[Line], size: Size) -> list[Region]:
    """The lines of a widget of this size that are others now."""
    nothing: Line = []
    pairs = zip_longest(before[: size.height], after[: size.height], fillvalue=nothing)
    return [Region(0, y, size.width, 1) for y, (old, new) in enumerate(pairs) if old != new]
