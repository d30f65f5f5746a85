"""One question with one line for the answer, checked before it is taken."""

from collections.abc import Callable
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from xortui.core.text.harmless import harmless, harmless_lines
from xortui.tui.drawing.plain_glyphs import drawn

Answer = TypeVar("Answer")


class Ask(ModalScreen[Answer | None], Generic[Answer]):
    """Asks for a line of text and gives back what `understand` makes of it, or None.

    `understand` raises ValueError with one sentence where the text will not do; it is shown and the
    question stays.
    """

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS = [Binding("escape", "dismiss(None)", "Leave")]

    def __init__(
        self, question: str, hint: str, value: str, understand: Callable[[str], Answer]
    ) -> None:
        super().__init__()
        self._question, self._hint, self._value = question, hint, value
        self._understand = understand

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Label(drawn(self.app, harmless(self._question)), id="question", markup=False)
            yield Input(self._value, id="answer", compact=True, select_on_focus=True)
            yield Label(drawn(self.app, harmless_lines(self._hint)), id="hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            answer = self._understand(event.value.strip())
        except ValueError as error:
            self.say(str(error))
        else:
            self.take(answer)

    def take(self, answer: Answer) -> None:
        """What is done with an answer that will do."""
        self.dismiss(answer)

    def say(self, words: str) -> None:
        """Say what is wrong with what was typed; it stays as it is."""
        hint = self.query_one("#hint", Label)
        hint.update(drawn(self.app, harmless(words)))
        hint.add_class("-wrong")
