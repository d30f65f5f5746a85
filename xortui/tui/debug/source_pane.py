"""Their script, each recognised line with what it is and whether it is right."""

from functools import lru_cache

from textual import events
from textual.binding import Binding
from textual.message import Message

from xortui.core.debug.mistakes import MISTAKES
from xortui.core.debug.recorded import LineNote
from xortui.core.debug.report import CRASHED
from xortui.core.debug.roles import FOLLOWS, OK, WRONG
from xortui.core.text.ascii import to_ascii
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.highlight import cut, highlighted, in_cells
from xortui.tui.debug.pane import DebugPane, roomy_title
from xortui.tui.drawing.lines import Line, Span, fitted, line_width
from xortui.tui.drawing.theme import INKS

MARKS: dict[str, Span] = {OK: ("✓", "good"), WRONG: ("✗", "bad"), FOLLOWS: ("✗", "warn")}
NOTE_INKS = {OK: "label", WRONG: "bad", FOLLOWS: "warn"}
# On what a line stands: wrong, following from what is wrong, and where the cursor is.
TINTS = {WRONG: "bad:3", FOLLOWS: "warn:2"}
CURSOR, CURSOR_TINT = "▸", "accent:2"
CUT = "…"
GAP = 2  # cells between a line and what is said of it

source_lines = lru_cache(maxsize=8)(highlighted)


def code_width(source: str, width: int) -> int:
    """The cells that a line of the script has, in a pane of that width."""
    return max(1, width - len(str(len(source_lines(source)))) - 4)


def note_at(frame: DebugFrame, line: int) -> LineNote | None:
    """What is known of a line."""
    found = frame.examination
    if found is None:
        return None
    note = None if found.recording is None else found.recording.notes.get(line)
    if line in found.report.lines or line == found.report.line:
        return LineNote("" if note is None else note.what, WRONG)
    return note


def first_wrong(frame: DebugFrame) -> int | None:
    """The first wrong line, if one was found."""
    report = None if frame.examination is None else frame.examination.report
    if report is None:
        return None
    return report.lines[0] if report.lines else report.line


def margin_words(frame: DebugFrame, note: LineNote) -> list[str]:
    """What is said of a line, the longest first; the last is empty."""
    report = None if frame.examination is None else frame.examination.report
    wrong = first_wrong(frame)
    short = note.what.partition(" = ")[0].partition(" ←")[0]
    if report is not None and report.verdict == CRASHED:
        return ["✗ it crashed here", ""]
    if note.verdict == WRONG:
        why = MISTAKES.get((report.mistake if report else None) or "", "") or "wrong"
        return [f"{note.what}  ✗ {why}".strip(), f"{note.what}  ✗ wrong".strip(), short, ""]
    if note.verdict == FOLLOWS and wrong is not None:
        follows = f"follows from line {wrong}"
        return [f"{note.what}  {follows}", f"{short}: {follows}", follows, short, ""]
    return [note.what, short, ""]


def paint_source(frame: DebugFrame, width: int, height: int, first: int = 0) -> list[Line]:
    """The script from line `first` + 1 on, as many lines as fit."""
    lines = source_lines(frame.source)
    digits = len(str(len(lines)))
    shown = range(first, min(len(lines), first + max(1, height - 1)))
    name = in_cells(frame.path.replace("\\", "/").rpartition("/")[2])
    head = roomy_title(name, _heads(frame), width)
    return [head, *(_line(frame, lines[at], at + 1, digits, width) for at in shown)]


def _heads(frame: DebugFrame) -> list[Line]:
    """How many of their steps can be looked at, in more words and fewer."""
    found = frame.examination
    if found is None or found.recording is None:
        return []
    total = found.recording.total
    of = f" of {total:,}" if total else ""
    count = f"{found.count:,}{of} steps"
    return [[(f"{count} recorded ", "label")], [(f"{count} ", "label")]]


def _line(frame: DebugFrame, code: Line, number: int, digits: int, width: int) -> Line:
    note = note_at(frame, number)
    is_here = number == frame.line
    mark: Span = (" ", "text") if note is None else MARKS.get(note.verdict, ("?", "label"))
    room = max(0, width - digits - 4)
    size = line_width(code)
    words, ink = "", "label"
    if note is not None:
        choices = margin_words(frame, note)
        # A long line is told apart from what is said of it; where both do not fit, the line stays.
        words = next((one for one in choices if size + GAP + len(to_ascii(one)) + 1 <= room), "")
        ink = NOTE_INKS.get(note.verdict, "label")
    left = room - (len(words) + 1 if words else 0)
    shown = cut(code, 0, left)
    if size > left:
        shown = [*cut(code, 0, left - 1), (CUT, "accent")]
    line: Line = [
        (f"{CURSOR if is_here else ' '}{number:{digits}} ", "accent" if is_here else "label"),
        mark,
        (" ", "text"),
        *fitted(shown, left),
    ]
    if words:
        line += [(words, ink), (" ", "text")]
    tint = TINTS.get(note.verdict) if note is not None and note.verdict == WRONG else None
    tint = tint or (CURSOR_TINT if is_here else None)
    return line if tint is None else [_on(span, tint) for span in fitted(line, width)]


def _on(span: Span, tint: str) -> Span:
    """A span on a tinted ground; inks that have a ground of their own keep it."""
    text, style = span
    is_plain = isinstance(style, str) and style in INKS and INKS[style].on is None
    return (text, f"{style}@{tint}") if is_plain else span


class SourcePane(DebugPane):
    """The script; arrows move the cursor, and a click puts it on a line."""

    BINDINGS = [
        Binding("up", "move(-1)", "line", key_display="↑↓", tooltip="Choose a line"),
        Binding("down", "move(1)", "Line below", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]

    class LineChosen(Message):
        """The cursor is to stand on another line."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    _first = 0

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        self._scroll(frame, height - 1)
        return paint_source(frame, width, height, self._first)

    def _scroll(self, frame: DebugFrame, rows: int) -> None:
        """Keep the cursor among the lines that are seen, with some around it."""
        count, line = len(source_lines(frame.source)), frame.line - 1
        margin = min(3, max(0, (rows - 1) // 2))
        if not self._first + margin <= line < self._first + rows - margin:
            is_far = not self._first - rows <= line < self._first + 2 * rows
            if is_far:
                self._first = line - rows // 2
            elif line < self._first + margin:
                self._first = line - margin
            else:
                self._first = line - rows + 1 + margin
        self._first = max(0, min(self._first, count - rows))

    def beyond(self, frame: DebugFrame) -> tuple[int, int]:
        if not self.is_framed:  # it would stand on what is said of the last line
            return 0, 0
        rows = self.room.height - 1
        return self._first, max(0, len(source_lines(frame.source)) - self._first - rows)

    def action_move(self, by: int) -> None:
        if self.shown is not None:
            last = len(source_lines(self.shown.source))
            self.post_message(self.LineChosen(min(max(1, self.shown.line + by), last)))

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self.room.height - 2))

    def on_mouse_scroll_down(self) -> None:
        self.action_move(3)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-3)

    def on_click(self, event: events.Click) -> None:
        row = self.spot(event).y - 1
        if self.shown is not None and row >= 0:
            last = len(source_lines(self.shown.source))
            self.post_message(self.LineChosen(min(self._first + row + 1, last)))
