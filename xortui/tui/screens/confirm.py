"""A question before something is lost for good; whoever types on without reading it keeps it."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Label

from xortui.core.text.harmless import harmless
from xortui.tui.drawing.plain_glyphs import drawn


class Confirm(ModalScreen[bool]):
    """Gives back whether it is to be done: by `y`, or its button. Enter alone does not."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "#no"
    BINDINGS = [
        Binding("escape,n", "dismiss(False)", "No"),
        Binding("y", "dismiss(True)", "Yes"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        with Vertical(id="confirm"):
            yield Label(drawn(self.app, harmless(self._question)), id="question", markup=False)
            with Horizontal():
                yield Button("No (n)", id="no", compact=True, action="screen.dismiss(False)")
                yield Button("Yes (y)", id="yes", compact=True, action="screen.dismiss(True)")
