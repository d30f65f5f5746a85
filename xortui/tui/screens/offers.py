"""The runs that can be resumed: set aside in this session, or left unsaved by another."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from xortui.core.text.harmless import harmless
from xortui.exit_codes import FileError
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.recovery import Offered, Recovery
from xortui.tui.screens.confirm import Confirm


class OffersScreen(ModalScreen[Offered | None]):
    """Lists the runs, deletes them if asked to, and gives back the one to resume, or None."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "OptionList"
    BINDINGS = [
        Binding("escape,o", "dismiss(None)", "Leave"),
        Binding("delete,d", "delete", "Delete"),
    ]

    def __init__(self, recovery: Recovery) -> None:
        super().__init__()
        self._recovery = recovery
        self._offered: list[Offered] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="offers") as box:
            box.border_title = "Previous runs"
            box.border_subtitle = "enter resumes · d deletes · escape closes"
            yield OptionList(compact=True, markup=False)
            yield Label("", id="hint", markup=False)

    def on_mount(self) -> None:
        self._list()

    def _list(self) -> None:
        self._offered = self._recovery.offered()
        choices = self.query_one(OptionList)
        here = choices.highlighted or 0
        choices.clear_options()
        choices.add_options(Option(drawn(self.app, harmless(item.words))) for item in self._offered)
        if self._offered:
            choices.highlighted = min(here, len(self._offered) - 1)
        else:
            self._say("There are no more.")

    def _say(self, words: str) -> None:
        self.query_one("#hint", Label).update(drawn(self.app, harmless(words)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        chosen = self._offered[event.option_index]
        if chosen.run is None:
            self._say("This file cannot be read, so it can only be deleted.")
        else:
            self.dismiss(chosen)

    def action_delete(self) -> None:
        here = self.query_one(OptionList).highlighted
        if here is None:
            return
        chosen = self._offered[here]

        def delete(is_sure: bool | None) -> None:
            if is_sure:
                try:
                    self._recovery.delete(chosen)
                except FileError as error:
                    self._say(str(error))
                else:
                    self._list()

        self.app.push_screen(Confirm(f"{chosen.words}: delete it for good?"), delete)
