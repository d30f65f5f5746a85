"""What can be done with a pane, as a menu where it was clicked with the right button."""

from collections.abc import Sequence
from typing import Any

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from xortui.tui.drawing.lines import plain_text
from xortui.tui.drawing.pane import Pane
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.glossary import words_in
from xortui.tui.keys import KEYS
from xortui.tui.messages import MenuWanted

# What a mouse does by clicks needs no entry.
BY_CLICKS = ("up", "down", "left", "right")
FOR_EVERY_PANE = ("maximise", "copy")
MenuEntry = tuple[str, str, str]  # key, words, action


def entries_of(pane: Pane, line: int | None = None) -> list[MenuEntry]:
    """What the keys of the pane do, then those that concern every pane, and what the words of a
    line mean."""
    own = [
        (binding.key_display or binding.key, binding.tooltip or binding.description, binding.action)
        for binding in pane.own_bindings()
        if binding.key not in BY_CLICKS
        and pane.check_action(binding.action.partition("(")[0], ()) is not False
    ]
    common = [
        (key.shown, key.words, f"screen.{key.action}") for key in KEYS if key.id in FOR_EVERY_PANE
    ]
    lines = pane.lines()
    text = "" if line is None or line >= len(lines) else plain_text([lines[line]])
    words = [
        ("", f"What is {word.name}?", f"app.explain_word({word.name!r})") for word in words_in(text)
    ]
    return [*own, *common, *words]


async def open_menu(app: App[Any], message: MenuWanted) -> None:
    """Focus the pane that was clicked, open its menu there, and do what is chosen."""
    pane = message.pane
    assert isinstance(pane, Pane)

    async def take(action: str | None) -> None:
        if action is not None:
            await app.run_action(action, pane)

    pane.focus()
    entries = entries_of(pane, message.place.y - pane.region.y)
    await app.push_screen(PaneMenu(entries, message.place), take)


class PaneMenu(ModalScreen[str | None]):
    """Gives back the action that was chosen, or None."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "OptionList"
    BINDINGS = [Binding("escape,q", "dismiss(None)", "Leave")]

    def __init__(self, entries: Sequence[MenuEntry], place: Offset) -> None:
        super().__init__()
        self._entries, self._place = entries, place

    def compose(self) -> ComposeResult:
        lines = [drawn(self.app, f"{key:>5}  {words}") for key, words, _ in self._entries]
        menu = OptionList(*map(Option, lines), id="menu", compact=True, markup=False)
        width, height = max(map(len, lines)) + 4, len(lines) + 2
        x, y = self._place
        # Where there is no room for it below and to the right, it is moved.
        menu.styles.offset = (
            max(0, min(x, self.app.size.width - width)),
            max(0, min(y, self.app.size.height - height)),
        )
        menu.styles.width = min(width, self.app.size.width)
        yield menu

    def on_click(self) -> None:
        """A click beside the menu closes it."""
        self.dismiss(None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._entries[event.option_index][2])
