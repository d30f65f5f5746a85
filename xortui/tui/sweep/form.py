"""The form of a sweep: seeds, steps, and one or two things to vary."""

import re
from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, Input, Label, Select

from xortui.core.model.optimisers import OPTIMISERS
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import MAX_STEPS
from xortui.core.model.tables import ACTIVATIONS, INITIALISERS, LOSSES
from xortui.core.sweep.plan import Plan, SweepError, grid, parse_seeds, parse_values
from xortui.core.text.whole_number import whole
from xortui.tui.sweep.sweep_pane import head_of

NOTHING = ""
# What can vary, and the values that the form proposes: those people ask about.
PROPOSED = {
    "learning_rate": "0.01 0.05 0.1 0.2 0.5 1 2 5 10",
    "optimiser": " ".join(OPTIMISERS),
    "momentum": "0.5 0.9 0.99",
    "weight_decay": "0 0.0001 0.001 0.01",
    "l1": "0 0.0001 0.001 0.01",
    "batch": "full 1 2",
    "schedule": "constant step cosine warmup",
    "hidden": "2 3 4",
    "bias": "false true",
    "activation": " ".join(ACTIVATIONS),
    "init": " ".join(INITIALISERS),
    "loss": " ".join(LOSSES),
}
SEEDS, STEPS = "0:1000", "10000"


@dataclass(frozen=True)
class Entries:
    """What stands in the form, as text. A field is a recipe's, or NOTHING."""

    seeds: str = SEEDS
    steps: str = STEPS
    first: str = NOTHING
    first_values: str = ""
    second: str = NOTHING
    second_values: str = ""

    def plan(self, recipe: Recipe) -> Plan:
        """The sweep of a recipe that is asked for. Raises ValueError with one sentence."""
        varied: dict[str, tuple[Any, ...]] = {}
        for field, text in ((self.first, self.first_values), (self.second, self.second_values)):
            if not field:
                continue
            if field in varied:
                raise SweepError(
                    f"{head_of(field)} is chosen twice; choose something else, or nothing"
                )
            varied[field] = _values(field, text)
        return Plan(grid(recipe, varied), parse_seeds(self.seeds.strip()), _steps(self.steps))


def _values(field: str, text: str) -> tuple[Any, ...]:
    """The values in a text: with blanks between them, or with commas but for hidden sizes."""
    separator = r"\s+" if field == "hidden" else r"[\s,]+"
    pieces = [piece for piece in re.split(separator, text) if piece]
    if not pieces:
        raise SweepError(
            f"{head_of(field)} needs at least one value to try, such as {PROPOSED[field]}"
        )
    return parse_values(field, pieces)


def _steps(text: str) -> int:
    try:
        return whole(text.replace(",", ""), 1, MAX_STEPS)
    except ValueError:
        raise SweepError(
            f"steps cannot be {text[:30]!r}; allowed: a whole number from 1 to {MAX_STEPS:,}"
        ) from None


class SweepForm(Vertical):
    """Fields, and the button that starts and stops."""

    @dataclass
    class Submitted(Message):
        """Enter was pressed in a field, or the button."""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label("seeds")
            yield Input(SEEDS, id="seeds", compact=True, select_on_focus=True, max_length=40)
            yield Label("steps")
            yield Input(STEPS, id="steps", compact=True, select_on_focus=True, max_length=20)
            yield Button("▶ Start", id="start", compact=True)
        with Container(id="varied"):
            for which, words in (("first", "vary "), ("second", "and  ")):
                yield from self._vary(which, words)

    def _vary(self, which: str, words: str) -> ComposeResult:
        """One thing to vary, and its values."""
        with Horizontal():
            yield Label(words)
            yield Select(
                [("nothing", NOTHING), *((head_of(field), field) for field in PROPOSED)],
                allow_blank=False,
                value=NOTHING,
                id=which,
                compact=True,
            )
            yield Input(id=f"{which}_values", compact=True, disabled=True, placeholder="as it is")

    @property
    def entries(self) -> Entries:
        """What stands in the form."""
        texts = {str(field.id): field.value for field in self.query(Input)}
        chosen = {str(choice.id): str(choice.value) for choice in self.query(Select)}
        return Entries(**texts, **chosen)

    def show_running(self, running: bool) -> None:
        """The button stops a sweep that runs."""
        button = self.query_one("#start", Button)
        button.label = "Stop" if running else "▶ Start"
        button.set_class(running, "-running")

    def on_select_changed(self, event: Select.Changed) -> None:
        """Propose values for what was chosen."""
        event.stop()
        values = self.query_one(f"#{event.select.id}_values", Input)
        values.disabled = event.value == NOTHING
        values.value = PROPOSED.get(str(event.value), "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted())

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Submitted())
