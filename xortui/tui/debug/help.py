"""The help of the debug screen: its keys, and the words that it uses."""

from itertools import groupby

from rich.table import Table
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import Static

from xortui.tui.debug.keys import DEBUG_KEYS
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.screens.help import HelpScreen

WORDS = {
    "✓ ✗": "a line whose values are right; one that is wrong, or follows from a wrong one",
    "≠": "a number that is not the true one",
    "true": "what it should be, in the scale and with the sign that your line has",
    "direction": "1: your update goes exactly down the gradient of the loss",
    "factor": "how far it goes: the same for all parameters where the gradients are right",
    "step k": "the state after k of your updates",
    "z, a, ŷ, y": "a weighted sum, what the activation makes of it, the output, the label",
    "∂L/∂W": "how the loss, summed over the patterns, grows with a weight",
    "A·B": "the product of matrices (A @ B)",
    "recorded": "some of your steps, early and late, are recorded; the others run at full speed",
    "done right": "the same network from the same start, trained with the true gradient",
}
MORE = (
    ("tab escape", "Go to the next pane; leave it"),
    ("ctrl+c", "End the script while it runs; twice: quit"),
    ("ctrl+p", "Command palette"),
    ("q ctrl+q", "Quit"),
    ("mouse", "A click chooses a line, a tab, or a place on the bar of steps"),
)


class DebugHelp(HelpScreen):
    """Keys and words, over the debug screen."""

    CSS_PATH = "../screens/screens.tcss"

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as box:
            box.border_title = "Help"
            box.border_subtitle = "escape closes"
            with Container(id="columns"):
                yield Static(self._keys())
                with Vertical():
                    yield Static("[dim]Words[/dim]")
                    yield Static(self._words())

    def _keys(self) -> Table:
        table = _grid()
        groups = list(dict.fromkeys(key.group for key in DEBUG_KEYS))
        ordered = sorted(DEBUG_KEYS, key=lambda key: groups.index(key.group))
        for group, keys in groupby(ordered, key=lambda key: key.group):
            table.add_row("", f"[dim]{group}[/dim]")
            for key in keys:
                table.add_row(drawn(self.app, key.shown), drawn(self.app, key.words))
            table.add_row()
        for key_words, words in MORE:
            table.add_row(key_words, words)
        table.add_row()
        return table

    def _words(self) -> Table:
        table = _grid()
        for word, meaning in WORDS.items():
            table.add_row(drawn(self.app, word), drawn(self.app, meaning))
        return table


def _grid() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column()
    return table
