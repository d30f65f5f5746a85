"""The base of all panes: paints lines from a frame, and nothing else."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding
from textual.geometry import Offset, Size
from textual.reactive import reactive

from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.edges import KeyWords, framed
from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.lines import Line, fitted, plain_text
from xortui.tui.drawing.plain_glyphs import drawing
from xortui.tui.frame import Frame
from xortui.tui.messages import MenuWanted
from xortui.tui.operation_cursor import OperationCursor

LEFT_BUTTON, RIGHT_BUTTON = 1, 3


class Pane(LineWidget, can_focus=True):
    """Paints itself from `frame`; subclasses define `paint`, pure in what it is given.

    Where the style sheet gives it a border, the first line painted stands in it. Bindings that are
    shown are in the lower edge, in the footer and in the help, where their tooltip says more.
    """

    # Whether the title is left out where a screen is low and has no frames.
    TITLE_GIVES_WAY: ClassVar[bool] = False

    # Whether it shows how training goes on, and not only what has come of it.
    SHOWS_PACE: ClassVar[bool] = False

    frame: reactive[Frame | None] = reactive(None, repaint=False)

    # Whether it is painted less often than the rest of the screen, and so names its own step.
    lags: reactive[bool] = reactive(False)

    # Those that worked in the last frame.
    _working_keys: Sequence[KeyWords] = ()

    # The key that focuses it.
    digit = ""

    def _watch_frame(self, before: Frame | None, after: Frame | None) -> None:
        """Paint what the frame shows, if that is another thing than before."""
        if not (before and after and not self.SHOWS_PACE and after.is_same_but_for_pace(before)):
            self.refresh()
        if self.has_focus and (keys := self.keys()) != self._working_keys:
            self._working_keys = keys
            self.refresh_bindings()

    @property
    def snapshot(self) -> Snapshot | None:
        """The numbers of the frame's step."""
        return None if self.frame is None else self.frame.snapshot

    @property
    def cursor(self) -> OperationCursor | None:
        """Where inside the step we stand; None between steps."""
        return None if self.frame is None else self.frame.cursor

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        """The pane's lines, title first, at most `height` of them and `width` cells wide."""
        raise NotImplementedError

    @property
    def asked(self) -> tuple[str, int | None]:
        """The number that is chosen here, by its name in the code, for "why this number?"; and the
        step that it is of, None for the one shown. Where nothing can be chosen it is the loss."""
        return "loss", None

    def more(self, snapshot: Snapshot) -> tuple[int, int]:
        """How many lines there are above and below those that are seen."""
        return 0, 0

    def content(self) -> list[Line] | None:
        """Its lines, title first; None where there is nothing to show yet."""
        return None if self.snapshot is None else self.paint(self.snapshot, *self.room)

    def hidden(self) -> tuple[int, int]:
        """As `more`, of what it shows now."""
        return (0, 0) if self.snapshot is None else self.more(self.snapshot)

    # -- the frame around it -------------------------------------------------------------------

    @property
    def is_framed(self) -> bool:
        """Whether it has edges, of which the upper one is the title."""
        return bool(self.styles.border.spacing.top)

    @property
    def is_untitled(self) -> bool:
        """Whether its title is not shown."""
        return self.TITLE_GIVES_WAY and not self.is_framed and self.screen.has_class("-low")

    @property
    def room(self) -> Size:
        """Columns and lines to paint in, the title's included."""
        width, height = self.outer_size
        if self.is_framed:
            return Size(max(0, width - 2), max(0, height - 1))
        return Size(width, height + self.is_untitled)

    def spot(self, event: events.MouseEvent) -> Offset:
        """Where the mouse is, in columns and lines as painted."""
        return Offset(event.x - self.is_framed, event.y + self.is_untitled)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The right button opens a menu of what can be done here."""
        if event.button == RIGHT_BUTTON and self.can_focus:
            self.post_message(MenuWanted(self, event.screen_offset))

    @classmethod
    def own_bindings(cls) -> list[Binding]:
        """The bindings of this kind of pane that are shown."""
        found = [item for kind in cls.__mro__ for item in vars(kind).get("BINDINGS", ())]
        return [item for item in found if isinstance(item, Binding) and item.show]

    def keys(self) -> list[KeyWords]:
        """The keys that work here now, as shown, with what they do."""
        return [
            (binding.key_display or binding.key, binding.description)
            for binding in self.own_bindings()
            if self.check_action(binding.action.partition("(")[0], ()) is not False
        ]

    def paint_lines(self, width: int, height: int) -> list[Line]:
        lines = self.content()
        if lines is None:
            return []
        hidden = zip("↑↓", self.hidden(), strict=True)
        more = " ".join(f"{arrow}{count}" for arrow, count in hidden if count)
        if self.is_framed:
            more = " · ".join([*self._own_step(), *([f"{more} more"] if more else [])])
            draw = drawing(self)
            # What is drawn with other glyphs may be longer, and an edge has no blanks to spare.
            head: Line = [(draw(text), style) for text, style in lines[0]] if lines else []
            keys = [(draw(key), draw(words)) for key, words in self.keys()]
            more = draw(more)
            return framed([head, *lines[1:]], width, height, self.digit, keys, more, self.has_focus)
        lines = lines[self.is_untitled :]
        more = " · ".join([*self._own_step(), *([more] if more else [])])
        if more and lines:  # at the end of the last line, over what is there
            lines[-1] = [*fitted(lines[-1], max(0, width - len(more) - 2)), (f" {more} ", "accent")]
        return lines

    def _own_step(self) -> list[str]:
        """The step that it shows, where that is not the title's."""
        return [f"step {self.snapshot.step:,}"] if self.lags and self.snapshot else []

    def as_text(self) -> str:
        """What the pane says, without its frame, as text to copy."""
        lines = self.content()
        return super().as_text() if lines is None else plain_text(lines)

    # -- what it asks for ----------------------------------------------------------------------

    def wanted_height(self, snapshot: Snapshot) -> int:
        """How many lines there are to show, the title's included."""
        return 1

    def wanted_widths(self) -> tuple[int, ...]:
        """The widths at which it shows more and more, from the least on."""
        return ()

    def outer_height(self) -> int:
        """How many lines of the screen it wants."""
        if self.snapshot is None:
            return 1
        return self.wanted_height(self.snapshot) + self.is_framed - self.is_untitled
