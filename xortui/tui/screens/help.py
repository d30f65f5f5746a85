"""The help: every key, and the words that the screen uses."""

from collections.abc import Callable
from functools import partial
from itertools import groupby

from rich.table import Table
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from xortui.core.analysis.ends import AT_REST, ENDS
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.keys import KEYS

WORDS = {
    "step k": "the state after k updates of the weights",
    "loss": "how far the outputs are from the labels: the mean over the N rows, L/N",
    "L": "the loss summed over the rows: what gradient descent descends",
    "gradient ∂L/∂W": "how L grows with a weight; an update goes against it",
    "row 01, W₁ x₂→h₁": "a row by its bits, a weight by its ends; in the code W1[1,0], from 0 on",
    "η": "the learning rate: an update subtracts η times the gradient",
    "always 0.5": "the loss of answering 0.5 to every row",
    "right": "a row whose output is on its label's side of 0.5, and at most 3 away from it",
}


class HelpScreen(ModalScreen[None]):
    """Keys and words, over the main screen."""

    CSS_PATH = "screens.tcss"
    BINDINGS = [Binding("escape,q,question_mark,f1", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as box:
            box.border_title = "Help"
            box.border_subtitle = "escape closes"
            yield Static(_keys())
            words = partial(drawn, self.app)
            yield Static(_table(WORDS, words))
            yield Static("\n[dim]The state of a run, here and in a sweep[/dim]")
            yield Static(_table(ENDS, words))
            yield Static(words(AT_REST))


def _keys() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column()
    ordered = sorted(KEYS, key=lambda key: [k.group for k in KEYS].index(key.group))
    for group, keys in groupby(ordered, key=lambda key: key.group):
        table.add_row("", f"[dim]{group}[/dim]")
        for key in keys:
            shown = key.shown.replace("[", r"\[")
            table.add_row(shown, key.words)
        table.add_row()
    table.add_row("ctrl+p", "Command palette")
    table.add_row("tab escape", "Go to the next pane; leave it")
    table.add_row()
    return table


def _table(words: dict[str, str], drawn: Callable[[str], str]) -> Table:
    """What the words mean, `drawn` with the glyphs that are wanted."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column()
    for word, meaning in words.items():
        table.add_row(drawn(word), drawn(meaning))
    return table
