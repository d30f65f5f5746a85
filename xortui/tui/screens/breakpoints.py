"""The breakpoints of a run: switch them on and off, and add one with a limit of one's own."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, SelectionList
from textual.widgets.selection_list import Selection

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


class BreakpointsScreen(ModalScreen[tuple[Breakpoint, ...]]):
    """Gives back those that are switched on."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "SelectionList"
    BINDINGS = [Binding("escape,k", "leave", "Leave")]

    def __init__(self, session: RunSession) -> None:
        super().__init__()
        self._chosen = session.trainer.breakpoints

    def compose(self) -> ComposeResult:
        with Vertical(id="breakpoints") as box:
            box.border_title = "Breakpoints: the run pauses where one comes true"
            box.border_subtitle = "space switches · tab: one of your own · escape closes"
            offered = dict.fromkeys((*PROPOSED, *self._chosen))
            yield SelectionList(*(self._selection(item) for item in offered), compact=True)
            yield Input(placeholder="add: loss<0.0001 or gradient<0.001", compact=True)
            yield Label(HINT, id="hint", markup=False)

    def _selection(self, item: Breakpoint) -> Selection[Breakpoint]:
        return Selection(Content(drawn(self.app, item.words)), item, item in self._chosen)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self._add(Breakpoint.parse(event.value))
        except BreakpointError as error:
            hint = self.query_one("#hint", Label)
            hint.update(drawn(self.app, harmless(str(error))))
            hint.add_class("-wrong")
        else:
            event.input.clear()

    def _add(self, item: Breakpoint) -> None:
        choices = self.query_one(SelectionList)
        if item not in {choices.get_option_at_index(k).value for k in range(choices.option_count)}:
            if choices.option_count >= MAX_BREAKPOINTS:
                raise BreakpointError(f"there can be at most {MAX_BREAKPOINTS} breakpoints")
            choices.add_option(self._selection(item))
        choices.select(item)

    def action_leave(self) -> None:
        self.dismiss(tuple(self.query_one(SelectionList).selected))
