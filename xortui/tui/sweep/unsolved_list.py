"""The unsolved runs of a sweep, by kind, each of which can be opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from xortui.core.analysis.ends import ENDS, SOLVED
from xortui.core.sweep.outcome import Ending, Outcome
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.sweep.sweep_pane import MARKS, cell_words, loss_words, varied_in


def listed(outcome: Outcome) -> Iterable[tuple[str, Ending | None]]:
    """The lines of the list: a heading with what its kind means for each recipe and kind, then its
    runs. A heading has no ending."""
    fields = varied_in(outcome.plan)
    counts = {
        (cell_words(cell.recipe, fields), kind): count
        for cell in outcome.cells
        for kind, count in cell.counts.items()
    }

    def place(ending: Ending) -> tuple[str, str]:
        return cell_words(ending.recipe, fields), ending.kind

    for (cell, kind), group in groupby(outcome.endings, key=place):
        of_cell = f" with {cell}" if cell else ""
        yield f"{MARKS[kind]} {kind}{of_cell}: {counts[cell, kind]:,} - {ENDS[kind]}", None
        shown = list(group)
        for ending in shown:
            yield (
                f"   seed {ending.recipe.seed:<10} loss {loss_words(ending.loss):<10} "
                f"at step {ending.step:,}",
                ending,
            )
        if more := counts[cell, kind] - len(shown):
            yield f"   … and {more:,} more", None


class UnsolvedList(OptionList):
    """The runs that were not solved; enter opens one."""

    outcome: reactive[Outcome | None] = reactive(None)

    @dataclass
    class Chosen(Message):
        """A run to open."""

        ending: Ending

    def __init__(self) -> None:
        super().__init__(compact=True, markup=False, id="unsolved")
        self._endings: list[Ending | None] = []

    def watch_outcome(self, outcome: Outcome | None) -> None:
        """List what there is; nothing while a sweep still runs."""
        self.clear_options()
        self._endings = []
        if outcome is None:
            return
        lines = list(listed(outcome))
        if not lines:
            none = f"{MARKS[SOLVED]} every network is solved" if outcome.trials else "nothing tried"
            lines = [(none, None)]
        self._endings = [ending for _, ending in lines]
        self.add_options(
            Option(drawn(self.app, text), disabled=ending is None) for text, ending in lines
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        ending = self._endings[event.option_index]
        if ending is not None:
            self.post_message(self.Chosen(ending))
