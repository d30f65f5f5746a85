"""The help: every key, of the program and of each pane, and the words that the screen uses."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby

from rich.table import Table
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from xortui.core.analysis.ends import AT_REST, ENDS
from xortui.tui.drawing.pane import Pane
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.keys import KEYS
from xortui.tui.panes.gradient_table import GradientTable
from xortui.tui.panes.loss import LossPane
from xortui.tui.panes.truth_table import TruthTable
from xortui.tui.panes.weights import Weights
from xortui.tui.sweep.bindings import IN_FIELDS, SWEEP_BINDINGS
from xortui.tui.views.views import VIEWS

WORDS = {
    "step k": "the state after k updates of the weights",
    "loss": "how far the outputs are from the labels: the mean over the N rows, L/N",
    "L": "the loss summed over the rows: what gradient descent descends",
    "gradient ∂L/∂W": "how L grows with a weight; an update goes against it",
    "row 01, W₁ x₂→h₁": "a row by its bits, a weight by its ends; in the code W1[1,0], from 0 on",
    "η": "the learning rate: an update subtracts η times the gradient",
    "always 0.5": "the loss of answering 0.5 to every row",
    "right": "a row whose output is on its label's side of 0.5, and at most 3 away from it",
    "z, a, ŷ, y": "a weighted sum, what the activation makes of it, the output, the label",
    "σ, σ′": "the activation, and its slope at z: σ(z)(1 − σ(z)) for the sigmoid",
    "Aᵀ": "a matrix with its rows and columns exchanged (A.T in NumPy)",
    "A·B, A ⊙ B": "the product of matrices (A @ B), and that of numbers in the same places (A * B)",
    "seed": "the number from which the first weights are drawn: the same seed, the same run",
    "branch": "another future of the run: it starts where an edit was made in the past",
    "saturated": "an activation so near to its end that its slope, and the gradient, is almost 0",
    "frozen *": "a weight that updates leave as it is",
    "bit, parity": "an input, 0 or 1; 1 where an odd number of bits is 1, which is XOR for two",
    "plateau, saddle": "where the loss is almost flat; a flat place from which it falls to a side",
    "local minimum": "where every small change makes the loss larger, and yet nothing is solved",
    "norm": "the length of many numbers taken together: the root of the sum of their squares",
    "[0,1], 1e-3": "row 0 and column 1, counted from 0; 0.001, which is 10 to the power of −3",
}
COLUMNS_FROM = 124  # columns of the screen from which on the words stand beside the keys
# What the panes are called, where they have keys of their own.
PANES: dict[str, type[Pane]] = {
    "1 Truth table": TruthTable,
    "2 Weights": Weights,
    "3 Loss": LossPane,
    "c Gradient check": GradientTable,
}


class HelpScreen(ModalScreen[None]):
    """Keys and words, over the main screen."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "#help"
    BINDINGS = [Binding("escape,q,question_mark,f1", "dismiss", "Close")]

    def __init__(self, is_sweep: bool = False, of_screen: Sequence[Binding] = ()) -> None:
        """`is_sweep`: opened from the sweep, whose keys then come first. `of_screen`: keys that
        only the screen has from which it was opened."""
        super().__init__()
        self._is_sweep, self._of_screen = is_sweep, of_screen

    def compose(self) -> ComposeResult:
        words = partial(drawn, self.app)
        with VerticalScroll(id="help") as box:
            box.border_title = "Help"
            box.border_subtitle = "escape closes"
            with Container(id="columns"):
                if not self._is_sweep:
                    yield Static(_keys(words, self._of_screen))
                with Vertical():
                    yield Static(_pane_keys(words, self._is_sweep))
                    yield Static("\n[dim]Words[/dim]")
                    yield Static(_table(WORDS, words))
                    yield Static("\n[dim]The state of a run, here and in a sweep[/dim]")
                    yield Static(_table(ENDS, words))
                    yield Static(words(AT_REST))
                if self._is_sweep:
                    yield Static(_keys(words))

    def on_mount(self) -> None:
        self.on_resize()

    def on_resize(self) -> None:
        self.set_class(self.app.size.width >= COLUMNS_FROM, "-columns")


def _keys(drawn: Callable[[str], str], of_screen: Sequence[Binding] = ()) -> Table:
    table = _grid()
    for binding in of_screen:
        table.add_row(drawn(binding.key_display or binding.key), drawn(binding.tooltip))
    ordered = sorted(KEYS, key=lambda key: [k.group for k in KEYS].index(key.group))
    for group, keys in groupby(ordered, key=lambda key: key.group):
        table.add_row("", f"[dim]{group}[/dim]")
        for key in keys:
            shown = key.shown.replace("[", r"\[")
            table.add_row(shown, drawn(key.words))
        table.add_row()
    table.add_row("ctrl+p", "Command palette")
    table.add_row("tab escape", "Go to the next pane; leave it")
    table.add_row(
        "mouse",
        "A click chooses, a double click edits, the right button lists what a pane can do; tabs, "
        "keys in the last line, buttons, the timeline and the loss can be clicked",
    )
    table.add_row()
    return table


def _pane_keys(drawn: Callable[[str], str], is_sweep: bool) -> Table:
    """The keys that work in one pane only, while it is focused, and those of the sweep: first where
    that `is_sweep`, from which the help was opened."""
    views = {f"{view.digit} {view.words}": view.pane for view in VIEWS.values()}
    table = _grid()
    if is_sweep:
        _add_sweep(table, drawn)
    for name, pane in (PANES | views).items():
        bindings = pane.own_bindings()
        if bindings:
            table.add_row("", f"[dim]In {name}[/dim]")
        for binding in bindings:
            shown = drawn(binding.key_display or binding.key)
            table.add_row(shown, drawn(binding.tooltip or binding.description))
    if not is_sweep:
        _add_sweep(table, drawn)
    return table


def _add_sweep(table: Table, drawn: Callable[[str], str]) -> None:
    """The keys of the screen of many seeds."""
    table.add_row("", "[dim]In w Many seeds[/dim]")
    for binding in SWEEP_BINDINGS:
        table.add_row(binding.key.replace(",", " "), drawn(binding.tooltip))
    for shown, words in IN_FIELDS.items():
        table.add_row(drawn(shown), drawn(words))


def _table(words: Mapping[str, str], drawn: Callable[[str], str]) -> Table:
    """What the words mean, `drawn` with the glyphs that are wanted."""
    table = _grid()
    for word, meaning in words.items():
        table.add_row(drawn(word), drawn(meaning))
    return table


def _grid() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column()
    return table
