"""The branches of a run: switch to one, or delete it."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from xortui.core.model.mistakes import unnamed
from xortui.core.text.harmless import harmless
from xortui.core.training.snapshot import BranchSummary
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.frame import Frame

WIDTH, AROUND = 76, 6  # columns of the dialog, and of its edges


class BranchesScreen(ModalScreen[tuple[str, int] | None]):
    """Gives back ("switch", index) or ("delete", index), or None."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "OptionList"
    BINDINGS = [
        Binding("escape,B,q", "dismiss(None)", "Leave"),
        Binding("delete,d", "delete", "Delete"),
    ]

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._branches, self._show_fault = frame.snapshot.branches, frame.show_fault

    def compose(self) -> ComposeResult:
        with Vertical(id="branches") as box:
            box.border_title = "Branches"
            if not self._branches:
                box.border_subtitle = "escape leaves"
                yield Label("There is one branch so far. An edit made in the past starts another.")
                return
            box.border_subtitle = "enter switches · d deletes · escape leaves"
            options = map(Option, self._lines(min(WIDTH, self.app.size.width) - AROUND))
            yield OptionList(*options, compact=True, markup=False)

    def _lines(self, room: int) -> list[str]:
        """Each branch in a line, or in two where its name leaves no room for its numbers."""
        names, ends = [], []
        for index, branch in enumerate(self._branches):
            name = branch.name if self._show_fault else unnamed(branch.name)
            mark = "●" if branch.current else " "
            names.append(drawn(self.app, f"{mark} {index + 1}  {harmless(name)}"))
            ends.append(f"step {branch.last_step:,}   {_end(branch)}")
        wide, long = max(map(len, names)), max(map(len, ends))
        joint = "  " if wide + 2 + long <= room else f"\n{' ' * 5}"
        if joint == "  ":
            names, ends = [f"{name:<{wide}}" for name in names], [f"{end:<{long}}" for end in ends]
        return [f"{name}{joint}{end}" for name, end in zip(names, ends, strict=True)]

    def on_mount(self) -> None:
        for choices in self.query(OptionList):
            choices.highlighted = [branch.current for branch in self._branches].index(True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(("switch", event.option_index))

    def action_delete(self) -> None:
        for choices in self.query(OptionList):
            if choices.highlighted is not None:
                self.dismiss(("delete", choices.highlighted))


def _end(branch: BranchSummary) -> str:
    """How a branch stands at its last step."""
    return "diverged" if branch.diverged else f"loss {branch.loss:.3e}"
