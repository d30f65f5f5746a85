"""The recipe of the run, to be changed: every field with its choices, each explained briefly."""

from dataclasses import replace
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Select

from xortui.core.model.data_file import DataError
from xortui.core.model.mistakes import MISTAKES, NO_MISTAKE
from xortui.core.model.optimisers import OPTIMISERS
from xortui.core.model.problem import DATA, point_fields
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import (
    OPTIMISER_FIELDS,
    POINT_FIELDS,
    SWITCHES,
    RecipeError,
    parse_field,
)
from xortui.core.text.harmless import harmless
from xortui.tui.drawing.plain_glyphs import drawn

NAMES = {
    "problem": "problem",
    "hidden": "hidden units",
    "activation": "activation",
    "bias": "biases",
    "loss": "loss",
    "init": "start weights",
    "seed": "seed",
    "learning_rate": "η",
    "optimiser": "optimiser",
    "momentum": "momentum",
    "beta2": "β₂",
    "epsilon": "ε",
    "weight_decay": "weight decay",
    "l1": "L1 penalty",
    "batch": "batch",
    "shuffle": "shuffled",
    "schedule": "schedule of η",
    "mistake": "mistake",
    "points": "points",
    "noise": "noise",
    "test": "test share",
    "data_seed": "data seed",
    "data": "data file",
    "standardise": "standardise",
}
# What is typed, with what it means.
TYPED = {
    "problem": "also and, 0110, spiral",
    "hidden": "2; or 4,3 for two layers",
    "seed": "draws the start weights",
    "learning_rate": "how long a step is",
    "momentum": "what stays of v; β₁ of Adam",
    "beta2": "of RMSprop and Adam",
    "epsilon": "of RMSprop and Adam",
    "weight_decay": "λ: draws weights to 0",
    "l1": "λ₁: draws weights to 0",
    "batch": "full, or rows for a step",
    "schedule": "or step, cosine, warmup:100",
    "points": "how many, with the test",
    "noise": "deviation of each point",
    "test": "0.3: 30% are set aside",
    "data_seed": "draws the points",
    "data": "CSV: inputs, label 0 or 1",
}
# What is chosen, with what each choice means.
CHOICES: dict[str, dict[str, str]] = {
    "activation": {
        "sigmoid": "an S from 0 to 1",
        "tanh": "an S from −1 to 1",
        "relu": "the sum, or 0 if below",
    },
    "bias": {
        "false": "sums are 0 at input 0",
        "true": "each unit adds its own",
    },
    "loss": {
        "squared-error": "½(ŷ − y)², ŷ is linear",
        "cross-entropy": "for yes or no, ŷ = σ(z)",
    },
    "init": {
        "uniform": "between 0 and 1",
        "symmetric": "between −1 and 1",
        "xavier": "smaller in wide layers",
        "he": "normal; made for ReLU",
        "zeros": "all 0: units are alike",
    },
    "shuffle": {
        "false": "rows in the table's order",
        "true": "a new order each epoch",
    },
    "optimiser": {name: optimiser.words for name, optimiser in OPTIMISERS.items()},
    "standardise": {
        "false": "data as it is",
        "true": "mean 0, deviation 1",
    },
    "mistake": {NO_MISTAKE: "none: everything is right"}
    | {name: mistake.title for name, mistake in MISTAKES.items()},
}
MAX_TYPED = 260
HINT = "enter in a field starts again; frozen weights stay frozen."


class RecipeScreen(ModalScreen[Recipe]):
    """Gives back the recipe to start again with, or None."""

    CSS_PATH = "screens.tcss"
    AUTO_FOCUS = "#problem"
    BINDINGS = [Binding("escape", "dismiss(None)", "Leave")]

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._recipe = recipe

    def compose(self) -> ComposeResult:
        with Vertical(id="recipe") as box:
            box.border_title = "Recipe"
            box.border_subtitle = "tab moves · enter starts · escape cancels"
            with VerticalScroll(can_focus=False):
                for field, name in NAMES.items():
                    with Horizontal():
                        yield Label(drawn(self.app, name), classes="field", markup=False)
                        yield from self._entry(field)
            yield Label(HINT, id="hint", markup=False)
            yield Button("Start again", id="start", compact=True)

    def _entry(self, field: str) -> ComposeResult:
        # What is None in a recipe stands for something that is typed.
        is_given = field in ("weight_decay", "batch")
        value: Any = self._recipe.given(field) if is_given else getattr(self._recipe, field)
        if field in TYPED:
            text = ",".join(map(str, value)) if field == "hidden" else _typed(value)
            yield Input(text, id=field, compact=True, select_on_focus=True, max_length=MAX_TYPED)
            yield Label(drawn(self.app, TYPED[field]), classes="meaning", markup=False)
        else:
            options = [
                (Content(drawn(self.app, f"{_name(field, choice)}{meaning}")), choice)
                for choice, meaning in CHOICES[field].items()
            ]
            chosen = str(value or NO_MISTAKE) if field == "mistake" else str(value).lower()
            if field not in (*SWITCHES, "mistake"):
                chosen = value
            yield Select(options, value=chosen, allow_blank=False, id=field, compact=True)

    @property
    def chosen(self) -> Recipe:
        """The recipe that stands in the form.

        Raises RecipeError; and DataError, and OSError, for a data file.
        """
        texts = {str(entry.id): entry.value.strip() for entry in self.query(Input)}
        texts |= {str(entry.id): str(entry.value) for entry in self.query(Select)}
        if (
            texts["optimiser"] != self._recipe.optimiser
            and texts["weight_decay"] == f"{self._recipe.decay}"
        ):
            del texts["weight_decay"]  # each optimiser has a default of its own
        used = OPTIMISERS[texts["optimiser"]].fields
        for field in OPTIMISER_FIELDS:  # what was there before may mean nothing any more
            if field not in used and texts[field] == str(getattr(self._recipe, field)):
                del texts[field]
        if texts["data"] != _typed(self._recipe.data):  # a file is the problem, and back
            texts["problem"] = DATA if texts["data"] else texts["problem"]
        for field in {*POINT_FIELDS} - {*point_fields(texts["problem"])}:
            if texts[field].lower() == _typed(getattr(self._recipe, field)).lower():
                del texts[field]
        # A file is read only where it is another one: it may be somewhere else by now.
        is_same = texts.get("data") == _typed(self._recipe.data)
        given = {"data": self._recipe.data} if is_same else {}
        values: dict[str, Any] = {
            field: given[field] if field in given else parse_field(field, text)
            for field, text in texts.items()
        }
        recipe = Recipe(**values)
        # Labels that were turned round stay so where the points are the same.
        points = ("problem", *POINT_FIELDS)
        is_same = all(getattr(recipe, name) == getattr(self._recipe, name) for name in points)
        return replace(recipe, flipped=self._recipe.flipped) if is_same else recipe

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._start()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self._start()

    def _start(self) -> None:
        try:
            recipe = self.chosen
        except RecipeError as error:
            self._complain(error.field, error.called(NAMES[error.field]))
        except DataError as error:
            self._complain("data", f"data file: {error}")
        except OSError as error:
            self._complain("data", f"cannot read the data file: {error.strerror or error}")
        else:
            self.dismiss(recipe)

    def _complain(self, field: str, words: str) -> None:
        hint = self.query_one("#hint", Label)
        hint.update(drawn(self.app, harmless(words)))
        hint.add_class("-wrong")
        self.query_one(f"#{field}").focus()


def _typed(value: object) -> str:
    """A value as it is typed; nothing where there is none."""
    return "" if value is None else str(value)


def _name(field: str, choice: str) -> str:
    """The name of a choice, before its meaning. What a mistake means is name enough."""
    if field == "mistake":
        return ""
    name = {"true": "yes", "false": "no"}.get(choice, choice)
    return f"{name:<15}"
