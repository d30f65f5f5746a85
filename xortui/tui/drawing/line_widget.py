"""A widget made of painted lines, which repaints only the lines that changed."""

from itertools import zip_longest
from typing import ClassVar, Self

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.containers import Container
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from xortui.tui.drawing import theme
from xortui.tui.drawing.lines import Line, plain_text


class LineWidget(Widget):
    """Subclasses define `paint_lines`. The style sheet gives it no border and no padding.

    The styles that its lines name are the theme's INKS.
    """

    ALLOW_SELECT = False

    # What a person calls it.
    NAME: ClassVar[str] = ""

    _lines: list[Line] | None = None
    _painted_size: Size | None = None
    _is_seen = False
    # By place: the line that a strip was made of, and the strip.
    _strips: dict[int, tuple[Line | None, Strip]] | None = None
    # Styles cost more to look up than lines to paint, so they are kept until the theme changes.
    _styles: dict[str, Style] | None = None
    _ground: Color | None = None

    def paint_lines(self, width: int, height: int) -> list[Line]:
        """The lines as they stand now, at most `height` of them and `width` cells wide."""
        raise NotImplementedError

    def lines(self) -> list[Line]:
        """The lines as they stand on the screen; painted once for each change."""
        size = self.outer_size
        if self._lines is None or size != self._painted_size:
            if size != self._painted_size:
                self._strips = None
            self._painted_size = size
            self._lines = self.paint_lines(*size) if size.area else []
        return self._lines

    def as_text(self) -> str:
        """What is shown, as text to copy."""
        return plain_text(self.lines())

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Repaint the lines that changed, which in most frames are few.

        What nobody sees is not repainted at all: it is painted when it is shown.
        """
        before, size = self._lines, self._painted_size
        if not regions:
            self._lines = None
        if not self._is_seen and not (layout or recompose):
            return self
        is_whole = before is None or size != self.outer_size
        if regions or layout or recompose or not repaint or is_whole:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        assert before is not None
        changed = []
        after = self.lines()
        left, top = self.content_offset  # from where Textual counts, inside the border
        for y, (old, new) in enumerate(zip_longest(before, after)):
            if old != new:
                changed.append(Region(-left, y - top, self.outer_size.width, 1))
            elif old is not None:
                after[y] = old  # whose strip stays as it is
        return super().refresh(*changed) if changed else self

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A word of the glossary under the mouse is explained."""
        from xortui.tui.glossary import word_at

        text = plain_text(self.lines()[event.y : event.y + 1])
        word = word_at(text, event.x)
        # Words are no markup: some have brackets.
        self.tooltip = None if word is None else Content(f"{word.name}: {word.meaning}")

    def on_show(self) -> None:
        self._is_seen = True
        self.refresh()

    def on_hide(self) -> None:
        self._is_seen = False

    def notify_style_update(self) -> None:
        """Another theme, or another state such as focus."""
        self._styles = self._lines = self._strips = None
        super().notify_style_update()
        super().refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The part of the widget that Textual asks for, which is most of it in every frame.

        Its own way looks at borders and filters for every line of every widget: at full speed that
        took about 4% of the time from training.
        """
        lines = self.lines()
        if self._strips is None:
            self._strips, self._ground = {}, self.background_colors[1]
        assert self._ground is not None
        strips = []
        for y in crop.line_range:
            line = lines[y] if y < len(lines) else None
            made = self._strips.get(y)
            if made is None or made[0] is not line:
                strip = self.render_line(y)
                for line_filter in self.get_line_filters():
                    strip = strip.apply_filter(line_filter, self._ground)
                made = self._strips[y] = line, strip
            strips.append(made[1])
        if crop.column_span != (0, self.outer_size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """One line as Textual wants it."""
        lines, room = self.lines(), self.outer_size.width
        if self._styles is None:
            self._styles = self._named_styles()
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
        if width < room:
            segments.append(Segment(" " * (room - width), self._styles["text"]))
        strip = Strip(segments, max(width, room))
        return strip if width <= room else strip.crop(0, room)

    def _segment(self, text: str, style: str | Style) -> Segment:
        named = self._styles[style] if self._styles and isinstance(style, str) else style
        assert isinstance(named, Style)
        return Segment(text, named)

    def _named_styles(self) -> dict[str, Style]:
        """The theme's inks; the title tells whether this, or what it is part of, is focused."""
        is_focused = any(
            node.has_focus for node in self.ancestors_with_self if isinstance(node, Widget)
        )
        return theme.styles(self.app.theme_variables, self.rich_style, is_focused)


class Panel(LineWidget, Container):
    """A container, which shows nothing but its background between the widgets that it holds."""

    def paint_lines(self, width: int, height: int) -> list[Line]:
        return []
