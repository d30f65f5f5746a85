"""Why this number? One number after the other, over the main screen; training is paused."""

from functools import lru_cache

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from xortui.core.explain.places import Place, parse_place
from xortui.tui.panes.footer import KeyLine
from xortui.tui.panes.size_notice import SizeNotice
from xortui.tui.panes.why import WhyPane
from xortui.tui.screens.ask import Ask
from xortui.tui.session import RunSession


class WhyScreen(Screen[None]):
    """Shows where a number comes from. The run stays where it stands."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "WhyPane"
    BINDINGS = [
        Binding("escape,q", "dismiss", "close"),
        Binding("g", "name", "name", tooltip="Name another number of the same step"),
        Binding("y", "copy", "copy"),
    ]

    def __init__(self, session: RunSession, place: Place) -> None:
        super().__init__()
        self._at = lru_cache(maxsize=64)(session.trainer.snapshot_at)
        self._pane = WhyPane(place, self._at, session.show_fault)

    def compose(self) -> ComposeResult:
        yield self._pane
        yield SizeNotice()
        yield KeyLine()

    async def action_name(self) -> None:
        """Ask for a number by its name, in the step of the one that is shown."""
        snapshot = self._at(self._pane.trail[-1].step)

        def take(place: Place | None) -> None:
            if place is not None:
                self._pane.ask(place)

        hint = "such as dW1[0,1], a1[2,0], yhat[3], loss"
        question = f"Which number of step {snapshot.step:,}?"
        await self.app.push_screen(
            Ask(question, hint, "", lambda text: parse_place(snapshot, text)), take
        )

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._pane.as_text())
        self.notify("Sent to the terminal's clipboard.")
