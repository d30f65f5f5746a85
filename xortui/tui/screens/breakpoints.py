"""The breakpoints of a run: switch them on and off, and add one with a limit of one's own."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList

from xortui.core.text.harmless import harmless
from xortui.core.training.breakpoints import (
    KINDS,
    LIMITS,
    MAX_BREAKPOINTS,
    REFERENCE_END,
    Breakpoint,
    BreakpointError,
)
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.session import RunSession

# What is proposed. Where the reference run ends, a run that is watched pauses anyway.
PROPOSED = tuple(Breakpoint(kind, LIMITS.get(kind)) for kind in KINDS if kind != REFERENCE_END)
HINT = "Up to 10,000 steps/s a run also pauses where it is first solved, and at step 10,000."
TOO_MANY = f"at most {MAX_BREAKPOINTS} breakpoints can be on at a time"


class Switches(OptionList):
    """The list. That one is on is said by a mark, and not by a colour alone: no SelectionList."""

    BINDINGS = [Binding("space", "select", "on or off")]


class BreakpointsScreen(ModalScreen[tuple[Breakpoint, ...]]):
    """Gives back those that are switched on."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "Switches"
    BINDINGS = [Binding("escape,k", "leave", "Leave")]

    def __init__(self, session: RunSession) -> None:
        super().__init__()
        # All in the list, and whether each is on.
        self.switches = dict.fromkeys(PROPOSED, False)
        self.switches |= dict.fromkeys(session.trainer.breakpoints, True)

    def compose(self) -> ComposeResult:
        with Vertical(id="breakpoints") as box:
            box.border_title = "Breakpoints: the run pauses where one comes true"
            box.border_subtitle = "space switches · tab: one of your own · escape closes"
            yield Switches(*map(self._words, self.switches), compact=True, markup=False)
            yield Input(placeholder="add: loss<0.0001 or gradient<0.001", compact=True)
            yield Label(HINT, id="hint", markup=False)

    def _words(self, item: Breakpoint) -> Content:
        return Content(drawn(self.app, f"{'●' if self.switches[item] else '○'} {item.words}"))

    @property
    def chosen(self) -> tuple[Breakpoint, ...]:
        """Those that are on."""
        return tuple(item for item, is_on in self.switches.items() if is_on)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        item = list(self.switches)[event.option_index]
        try:
            self._switch(item, not self.switches[item])
        except BreakpointError as error:
            self._say(str(error), is_wrong=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self._switch(Breakpoint.parse(event.value), True)
        except BreakpointError as error:
            self._say(str(error), is_wrong=True)
        else:
            event.input.clear()

    def _switch(self, item: Breakpoint, is_on: bool) -> None:
        """Switch one on or off; a new one is added. Raises BreakpointError."""
        if is_on and item not in self.chosen and len(self.chosen) >= MAX_BREAKPOINTS:
            raise BreakpointError(TOO_MANY)
        is_new = item not in self.switches
        self.switches[item] = is_on
        choices = self.query_one(Switches)
        if is_new:
            choices.add_option(self._words(item))
        else:
            place = list(self.switches).index(item)
            choices.replace_option_prompt_at_index(place, self._words(item))
        self._say(HINT)

    def _say(self, words: str, is_wrong: bool = False) -> None:
        hint = self.query_one("#hint", Label)
        hint.update(drawn(self.app, harmless(words)))
        hint.set_class(is_wrong, "-wrong")

    def action_leave(self) -> None:
        self.dismiss(self.chosen)
