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
from xortui.tui.glossary import WORDS
from xortui.tui.keys import KEYS
from xortui.tui.panes.gradient_table import GradientTable
from xortui.tui.panes.loss import LossPane
from xortui.tui.panes.truth_table import TruthTable
from xortui.tui.panes.weights import Weights
from xortui.tui.sweep.bindings import IN_FIELDS, SWEEP_BINDINGS
from xortui.tui.views.views import VIEWS

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
