"""The lesson's card, in the place of the status line: what it says, its task, and what was said."""

import textwrap
from collections.abc import Callable

from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.lessons.lesson import Choice, Press, Reach
from xortui.core.lessons.staged import LETTERS
from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.lines import Line, fitted, spread
from xortui.tui.drawing.plain_glyphs import drawing
from xortui.tui.lessons.play import LessonPlay

MIN_LINES = 5
LEAVES = " L leaves "


def paint_card(play: LessonPlay, width: int, draw: Callable[[str], str] = str) -> list[Line]:
    """All that the card says; `draw` gives text the glyphs that are wanted."""

    def wrapped(text: str, style: str, indent: str = "") -> list[Line]:
        lines = textwrap.wrap(
            draw(text), max(20, width - 2), subsequent_indent=indent, break_on_hyphens=False
        )
        return [[(f" {line}", style)] for line in lines]

    lesson = play.lesson
    name = f"Lesson {play.number}" if play.number else "Lesson"
    if play.is_over:
        head = spread([(f" {name} is done ", "brand")], [(f"{keys(play)} ", "label")], width)
        return [head, *wrapped(lesson_summary(play), "text")]
    card, state = play.card, play.state
    where = f" {name}, {play.place + 1} of {len(play.cards)} "
    left: Line = [(draw(where), "brand"), (draw(f" {lesson.title}"), "title")]
    can = f" {draw(keys(play))} "
    if sum(len(text) for text, _ in left) + len(can) + len(LEAVES) <= width:
        can += LEAVES
    lines = [spread(left, [(can, "accent")], width)]
    lines += wrapped(card.words(card.card.say), "text")
    lines += wrapped(card.words(card.card.ask), "heading")
    if isinstance(card.task, Choice):
        for letter, option in zip(LETTERS, card.task.options, strict=False):
            lines += wrapped(f"  {letter}  {card.words(option.say)}", "text", "     ")
    if state.is_done:
        mark, style = ("–", "label") if state.was_shown else ("✓", "good")
        lines += wrapped(f"{mark} {state.said}", style, "  ")
        if card.shown_sum:
            lines += wrapped(f"  {card.shown_sum}", "text", "  ")
    elif state.said:
        lines += wrapped(f"✗ {state.said}", "bad", "  ")
    return lines


def keys(play: LessonPlay) -> str:
    """What can be pressed now."""
    if play.is_over:
        return "A next bug  L lessons" if play.is_bug else "A next lesson  L lessons"
    if play.state.is_done:
        return "A goes on"
    if isinstance(play.card.task, Press | Reach):
        return "S skips"
    return "A answer  S show"


def lesson_summary(play: LessonPlay) -> str:
    """How the lesson went."""
    count = len(play.cards)
    if play.is_bug:
        state = play.states[0]
        return "It was shown." if state.was_shown else f"Found at try {state.wrong + 1}."
    if play.first_tries == count:
        return f"All {count} were right at the first try. {play.lesson.aim}"
    later = [str(at + 1) for at, state in enumerate(play.states) if not state.is_first_try]
    words = f"{play.first_tries} of {count} were right at the first try"
    return f"{words}; not so: {', '.join(later)}. {play.lesson.aim}"


class LessonCard(LineWidget, can_focus=True):
    """The card; where it is higher than its room it scrolls."""

    BINDINGS = [
        Binding("up", "scroll_by(-1)", "scroll", key_display="↑↓", tooltip="Scroll the card"),
        Binding("down", "scroll_by(1)", "Down", show=False),
    ]

    first = reactive(0)

    def __init__(self, play: LessonPlay) -> None:
        super().__init__()
        self.play = play

    def wanted_height(self, width: int) -> int:
        """How many lines it has at a width."""
        return len(paint_card(self.play, width, drawing(self)))

    def paint_lines(self, width: int, height: int) -> list[Line]:
        lines = paint_card(self.play, width, drawing(self))
        first = max(0, min(self.first, len(lines) - height))
        shown = lines[first : first + height]
        above, below = first, len(lines) - first - height
        if shown and (above > 0 or below > 0):
            arrows = [f"{sign}{n}" for sign, n in (("↑", above), ("↓", below)) if n > 0]
            note = drawing(self)(f" {' '.join(arrows)} more ")
            shown[-1] = [*fitted(shown[-1], max(0, width - len(note))), (note, "accent")]
        return shown

    def action_scroll_by(self, lines: int) -> None:
        most = max(0, self.wanted_height(self.outer_size.width) - self.outer_size.height)
        self.first = max(0, min(self.first + lines, most))

    def on_mouse_scroll_down(self) -> None:
        self.action_scroll_by(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_scroll_by(-1)
