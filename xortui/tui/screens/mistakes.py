"""Break it on purpose: a menu of classic mistakes, one of which can be made at a time."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from xortui.core.model.mistakes import MISTAKES, NO_MISTAKE
from xortui.core.model.recipe import Recipe
from xortui.tui.drawing.plain_glyphs import drawn


class MistakesScreen(ModalScreen[str | None]):
    """Gives back the name of a mistake, "none", or None where nothing is to change."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "OptionList"
    BINDINGS = [Binding("escape,m,q", "dismiss(None)", "Leave")]

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._recipe = recipe

    def compose(self) -> ComposeResult:
        with Vertical(id="mistakes") as box:
            box.border_title = "Break it on purpose"
            box.border_subtitle = "enter chooses · escape cancels"
            yield OptionList(*self._options(), markup=False)
            yield Label("", id="hint", markup=False)

    def _options(self) -> list[Option]:
        here = self._recipe.mistake or NO_MISTAKE
        options = [
            Option(
                f"{'●' if here == NO_MISTAKE else ' '} no mistake: everything is right",
                id=NO_MISTAKE,
            )
        ]
        for name, mistake in MISTAKES.items():
            obstacle = mistake.obstacle(self._recipe.setting)
            mark, why = "●" if name == here else " ", f" ({obstacle})" if obstacle else ""
            words = drawn(self.app, f"{mark} {mistake.title}{why}")
            options.append(Option(words, id=name, disabled=bool(obstacle)))
        return options

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        name = str(event.option_id)
        words = "" if name == NO_MISTAKE else MISTAKES[name].description
        self.query_one("#hint", Label).update(drawn(self.app, words))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(str(event.option_id))
