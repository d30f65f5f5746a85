"""Why this number: the operation that made it, its sum written out, and what it is made of."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.explain.arithmetic import format_number
from xortui.core.explain.calculation import shapes_line
from xortui.core.explain.places import UPDATED, Place, arrays_of, place_text
from xortui.core.explain.why import SnapshotAt, Why, related, title_of, why
from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.lines import Line, fitted, line_width, sign_style
from xortui.tui.drawing.plain_glyphs import drawing

MIN_ENTRIES = 3  # lines of numbers to go on with that always have room
VALUE_WIDTH = 10
MADE_OF, SEE_ALSO = "It is made of", "See also"
PHASES = {
    "forward": "forward pass",
    "loss": "loss",
    "backward": "backward pass",
    "update": "update",
}


@dataclass(frozen=True)
class AskedNumber:
    """A number that can be asked on: its names, its value, and the term of the sum it stands in."""

    place: Place
    title: str
    value: float
    term: str = ""


@dataclass(frozen=True, eq=False)
class Answer:
    """All that is shown of one number: where it comes from, and what can be asked next."""

    link: Why
    shapes: str
    count: int
    made_of: tuple[AskedNumber, ...]
    see_also: tuple[AskedNumber, ...]

    @property
    def entries(self) -> tuple[AskedNumber, ...]:
        """All that can be asked, in the order shown."""
        return self.made_of + self.see_also


def answer_of(place: Place, at: SnapshotAt) -> Answer:
    """What there is to show of the number at a place."""
    snapshot, link = at(place.step), why(place, at)
    terms: dict[Place, str] = {}
    for part in link.parts:
        for item in part.places:
            terms.setdefault(item, f"one of {part.more} terms" if part.more else part.text)
    made_of = tuple(_entry(item, place.step, at, term) for item, term in terms.items())
    others = [item for item in related(place, snapshot) if item not in terms]
    see_also = tuple(_entry(item, place.step, at) for item in others)
    shapes, count = "", 0
    if link.number is not None:
        step = link.places[0].step if link.places else place.step
        results = at(step).results
        shapes, count = shapes_line(results[link.number - 1]), len(results)
    return Answer(link, shapes, count, made_of, see_also)


def _entry(place: Place, here: int, at: SnapshotAt, term: str = "") -> AskedNumber:
    """An entry of the answer about a number of step `here`."""
    snapshot = at(place.step)
    value = float(arrays_of(snapshot)[place.name][place.index])
    when = f", step {place.step:,}" if place.step != here else ""
    when += ", updated" if place.name.endswith(UPDATED) else ""
    return AskedNumber(place, title_of(place, snapshot) + when, value, term)


def paint_why(
    trail: Sequence[Place],
    answer: Answer,
    chosen: int,
    width: int,
    height: int,
    show_fault: bool = True,
    draw: Callable[[str], str] = str,
) -> list[Line]:
    """The way here, the operation, the sum, and the numbers that it is made of.

    `chosen` is the entry that the cursor is on. Where there is little room, blank lines give way
    first, then the shapes, then the reason; the sum never does. `draw` gives text the glyphs that
    are wanted.
    """
    return [line for line, _ in _painted(trail, answer, chosen, width, height, show_fault, draw)]


def _painted(
    trail: Sequence[Place],
    answer: Answer,
    chosen: int,
    width: int,
    height: int,
    show_fault: bool,
    draw: Callable[[str], str],
) -> list[tuple[Line, int | None]]:
    """The lines, each with the entry that stands in it, if one does."""
    head = _head(trail, answer, width, height, show_fault, draw)
    body = _body(answer, chosen, width, draw)
    at = next((at for at, (_, entry) in enumerate(body) if entry == chosen), 0)
    room = max(1, height - len(head))
    first = min(max(0, at - max(0, room - 2)), max(0, len(body) - room))
    shown = body[first : first + room]
    hidden = [f"{sign}{n}" for sign, n in (("↑", first), ("↓", len(body) - first - room)) if n > 0]
    if hidden and shown:
        line, entry = shown[-1]
        note = draw(f" {' '.join(hidden)} more ")
        shown[-1] = [*fitted(line, max(0, width - len(note))), (note, "accent")], entry
    none: list[tuple[Line, int | None]] = [(line, None) for line in head]
    return [*none, *shown][:height]


def _head(
    trail: Sequence[Place],
    answer: Answer,
    width: int,
    height: int,
    show_fault: bool,
    draw: Callable[[str], str],
) -> list[Line]:
    """The blocks above the list of numbers, as many as leave room for a few of those."""
    link, operation = answer.link, answer.link.operation

    def wrapped(text: str, style: str) -> list[Line]:
        inside = max(20, width - 2)
        lines = textwrap.wrap(draw(text), inside, subsequent_indent="  ", break_on_hyphens=False)
        return [[(f" {line}", style)] for line in lines]

    value = format_number(link.value, signed=True)
    asked = f"{link.title} = {value} at step {link.place.step:,}"
    top = [_crumbs(trail, width, draw), *wrapped(asked, "heading")]
    made, shapes, fault, total = [], [], [], []
    reason = wrapped(link.words, "label")
    if operation is not None and link.explanation is not None:
        made = wrapped(operation.formula, "accent") + wrapped(_where(answer), "label")
        code = f"{operation.target} = {operation.expression}"
        shapes = wrapped(f"{code}    {answer.shapes}", "label")
        fault = wrapped(f"Wrong: {operation.fault}", "bad") if operation.fault else []
        fault = fault if show_fault else []
        total = wrapped(link.explanation.text, "text")
    blank: list[Line] = [[]]
    choices = [
        [*top, *blank, *made, *shapes, *reason, *fault, *blank, *total, *blank],
        [*top, *made, *shapes, *reason, *fault, *total],
        [*top, *made, *reason, *fault, *total],
        [*top, *made, *fault, *total],
    ]
    least = 1 + min(MIN_ENTRIES, len(answer.entries))
    return next((lines for lines in choices if len(lines) + least <= height), choices[-1])


def _where(answer: Answer) -> str:
    """Which operation of the step it is, and of which step where that is an earlier one."""
    link, operation = answer.link, answer.link.operation
    assert operation is not None
    words = f"Operation {link.number} of {answer.count}, {PHASES[operation.phase]}"
    step = link.places[0].step if link.places else link.place.step
    return words if step == link.place.step else f"{words} of step {step:,}"


def _crumbs(trail: Sequence[Place], width: int, draw: Callable[[str], str]) -> Line:
    """The way here, the newest last; where it is too long the oldest numbers give way."""
    names: list[str] = []
    for at, place in enumerate(trail):
        is_new_step = at == 0 or trail[at - 1].step != place.step
        names.append(place_text(place) + (f" at step {place.step:,}" if is_new_step else ""))
    for dropped in range(len(names)):
        shown = [*(["…"] if dropped else []), *names[dropped:]]
        text = draw(" › ".join(shown))
        if len(text) + 2 <= width:
            break
    before, _, here = text.rpartition(draw(" › "))
    joint = draw(" › ") if before else ""
    return [(f" {before}{joint}", "label"), (here, "accent")]


def _body(
    answer: Answer, chosen: int, width: int, draw: Callable[[str], str]
) -> list[tuple[Line, int | None]]:
    """The numbers that can be asked, under their heads."""
    entries = answer.entries
    names = [place_text(entry.place) for entry in entries]
    titles = [draw(entry.title) for entry in entries]
    longest = max(map(len, names), default=0), max(map(len, titles), default=0)
    lines: list[tuple[Line, int | None]] = []
    for index, entry in enumerate(entries):
        if index == 0 and answer.made_of:
            lines.append(([(f" {MADE_OF}", "title")], None))
        if index == len(answer.made_of):
            lines.append(([(f" {SEE_ALSO}", "title")], None))
        is_chosen = index == chosen
        line: Line = [
            (draw(" › ") if is_chosen else "   ", "accent"),
            (names[index].ljust(longest[0]), "chosen" if is_chosen else "text"),
            ("  ", "text"),
        ]
        if 3 + sum(longest) + 4 + VALUE_WIDTH <= width:
            line.append((titles[index].ljust(longest[1] + 2), "label"))
        value = format_number(entry.value, signed=True)
        line.append((value.rjust(VALUE_WIDTH), sign_style(entry.value)))
        term = draw(f"   {entry.term}")
        if entry.term and line_width(line) + len(term) <= width:
            line.append((term, "label"))
        lines.append((line, index))
    return lines


class WhyPane(LineWidget, can_focus=True):
    """One number after the other, and the way back."""

    BINDINGS = [
        Binding("up", "move(-1)", "number", key_display="↑↓", tooltip="Choose a number"),
        Binding("down", "move(1)", "Number below", show=False),
        Binding("pageup", "move(-10)", "Ten numbers up", show=False),
        Binding("pagedown", "move(10)", "Ten numbers down", show=False),
        Binding("home", "move(-10000)", "First number", show=False),
        Binding("end", "move(10000)", "Last number", show=False),
        Binding("i,enter", "ask", "why?", key_display="i", tooltip="Ask for the chosen number"),
        Binding("backspace", "back", "back", key_display="⌫", tooltip="The number before"),
    ]

    answer: reactive[Answer | None] = reactive(None)
    chosen = reactive(0)

    def __init__(self, place: Place, at: SnapshotAt, show_fault: bool) -> None:
        super().__init__()
        self._at, self._show_fault = at, show_fault
        # The numbers asked so far, each with the entry that was chosen there.
        self._trail: list[tuple[Place, int]] = []
        self.ask(place)

    @property
    def trail(self) -> tuple[Place, ...]:
        """The numbers asked so far, the one that is shown last."""
        return tuple(place for place, _ in self._trail)

    def ask(self, place: Place) -> None:
        """Go on to a number."""
        if self._trail:
            self._trail[-1] = self._trail[-1][0], self.chosen
        self._trail.append((place, 0))
        self._show()

    def _show(self) -> None:
        place, self.chosen = self._trail[-1]
        self.answer = answer_of(place, self._at)

    def paint_lines(self, width: int, height: int) -> list[Line]:
        return [line for line, _ in self._painted(width, height)]

    def _painted(self, width: int, height: int) -> list[tuple[Line, int | None]]:
        assert self.answer is not None
        shown = self.trail, self.answer, self.chosen
        return _painted(*shown, width, height, self._show_fault, drawing(self))

    def action_move(self, by: int) -> None:
        if self.answer is not None:
            self.chosen = max(0, min(self.chosen + by, len(self.answer.entries) - 1))

    def action_ask(self) -> None:
        if self.answer is not None and self.answer.entries:
            self.ask(self.answer.entries[self.chosen].place)

    def action_back(self) -> None:
        if len(self._trail) > 1:
            self._trail.pop()
            self._show()

    def on_click(self, event: events.Click) -> None:
        """Choose the number that is clicked; a click on the chosen one asks for it."""
        painted = self._painted(*self.outer_size)
        entry = painted[event.y][1] if event.y < len(painted) else None
        if entry is not None and entry == self.chosen:
            self.action_ask()
        elif entry is not None:
            self.chosen = entry

    def on_mouse_scroll_down(self) -> None:
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-1)
