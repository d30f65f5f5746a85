"""The branches of a run: switch to one, or delete it."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from xortui.core.text.harmless import harmless
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.plain_glyphs import drawn

WIDTH = 76  # of the box
BESIDE_NAME = 5 + 34 + 6  # cells left of the name, right of it, and of the box


class BranchesScreen(ModalScreen[tuple[str, int] | None]):
    """Gives back ("switch", index) or ("delete", index), or None."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "OptionList"
    BINDINGS = [
        Binding("escape,B,q", "dismiss(None)", "Leave"),
        Binding("delete,d", "delete", "Delete"),
    ]

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._snapshot = snapshot

    def compose(self) -> ComposeResult:
        with Vertical(id="branches") as box:
            box.border_title = "Branches"
            box.border_subtitle = "enter switches · d deletes · escape leaves"
            if not self._snapshot.branches:
                yield Label("There is one branch so far. An edit made in the past starts another.")
                return
            room = min(WIDTH, self.app.size.width) - BESIDE_NAME
            options = [
                Option(
                    f"{drawn(self.app, '●') if branch.current else ' '} {index + 1}  "
                    f"{self._fitted(branch.name, room)} "
                    f"step {branch.last_step:>11,}   loss {branch.loss:.3e}"
                )
                for index, branch in enumerate(self._snapshot.branches)
            ]
            yield OptionList(*options, compact=True, markup=False)

    def _fitted(self, name: str, room: int) -> str:
        """A branch's name in so many cells; where it is cut off, that is seen."""
        name = drawn(self.app, harmless(name))
        end = drawn(self.app, "…")
        return f"{name if len(name) <= room else name[: room - len(end)] + end:<{room}}"

    def on_mount(self) -> None:
        for choices in self.query(OptionList):
            choices.highlighted = [branch.current for branch in self._snapshot.branches].index(True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(("switch", event.option_index))

    def action_delete(self) -> None:
        for choices in self.query(OptionList):
            if choices.highlighted is not None:
                self.dismiss(("delete", choices.highlighted))
