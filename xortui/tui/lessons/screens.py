"""The list of lessons, and the line in which a card is answered."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from xortui.core.lessons.bug import LEVEL_WORDS
from xortui.core.lessons.course import lesson, lesson_names
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.lessons.progress import LessonProgress
from xortui.tui.screens.ask import Ask

LEAVE, BUG = "leave", "bug"  # BUG is followed by the level
STYLES = "../screens/screens.tcss"


class LessonsScreen(ModalScreen[str | None]):
    """Gives back a lesson's number, BUG and a level, LEAVE for the one that is played, or None."""

    CSS_PATH = STYLES
    AUTO_FOCUS = "OptionList"
    BINDINGS = [Binding("escape,q,L", "dismiss(None)", "Close")]

    def __init__(self, progress: LessonProgress, is_playing: bool) -> None:
        super().__init__()
        self._progress, self._is_playing = progress, is_playing

    def compose(self) -> ComposeResult:
        options = [Option("     Leave the lesson: back to your own run", id=LEAVE)]
        options = options if self._is_playing else []
        for number in range(1, len(lesson_names()) + 1):
            options.append(Option(drawn(self.app, self._line(number)), id=str(number)))
        for level, words in LEVEL_WORDS.items():
            options.append(Option(f"     Find the bug: {words}", id=f"{BUG}-{level}"))
        with Vertical(id="lessons") as box:
            box.border_title = "Lessons"
            box.border_subtitle = drawn(self.app, "enter begins · escape closes")
            yield OptionList(*options, compact=True, markup=False)

    def _line(self, number: int) -> str:
        item = lesson(number)
        done = self._progress.get(number)
        mark = "✓" if done else " "
        score = f", {done[0]} of {done[1]} at first try" if done else ""
        return f"{mark}{number:3} {item.title} ({item.minutes} min{score})"

    def on_mount(self) -> None:
        """Stand on the first that is not done yet."""
        left = [n for n in range(1, len(lesson_names()) + 1) if n not in self._progress]
        if left and not self._is_playing:
            self.query_one(OptionList).highlighted = left[0] - 1

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


class AnswerScreen(Ask[str]):
    """The line of an answer, at the top, so that the card can be read meanwhile."""

    CSS_PATH = STYLES

    def __init__(self, question: str, hint: str, understand: Callable[[str], str]) -> None:
        super().__init__(question, hint, "", understand)
