"""Break it on purpose: a menu of classic mistakes, one of which can be made at a time."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.recipe import Recipe
from xortui.tui.drawing.plain_glyphs import drawn

NO_MISTAKE = "none"


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
            blocked = name in self._obstacles
            mark = "●" if name == here else " "
            options.append(Option(f"{mark} {mistake.title}", id=name, disabled=blocked))
        return options

    @property
    def _obstacles(self) -> dict[str, str]:
        """Why this recipe cannot have a mistake, for those that it cannot."""
        setting = self._recipe.setting
        found = {name: mistake.obstacle(setting) for name, mistake in MISTAKES.items()}
        return {name: words for name, words in found.items() if words}

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        name = str(event.option_id)
        words = "" if name == NO_MISTAKE else MISTAKES[name].description
        blocked = "; ".join(
            f"{MISTAKES[other].title}: {why}" for other, why in self._obstacles.items()
        )
        not_here = f"\n\nNot with this network: {blocked}." if blocked else ""
        self.query_one("#hint", Label).update(drawn(self.app, words + not_here))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(str(event.option_id))
