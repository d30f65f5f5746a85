"""What a person types to train otherwise from here on: adam beta2=0.9 batch=2."""

from typing import Any

from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import DECAY_FIELDS, OPTIMISER_FIELDS, RecipeError, parse_field
from xortui.core.text.shortened import shortened
from xortui.core.training.edit import Edit

# What can be changed, by the name that is typed: that of its flag on the command line.
CHANGED = {
    field.replace("_", "-"): field
    for field in ("optimiser", *OPTIMISER_FIELDS, *DECAY_FIELDS, "batch", "shuffle", "schedule")
}
CHANGES_ALLOWED = f"an optimiser, or {', '.join(f'{name}=...' for name in list(CHANGED)[1:])}"


def parse_changes(recipe: Recipe, text: str) -> tuple[Edit, ...]:
    """The edits that a text asks for, in an order in which a run with this recipe can take them.

    What is as it was needs none. Raises ValueError with one sentence.
    """
    typed: dict[str, str] = {}
    for word in text.split():
        name, sign, value = word.partition("=")
        name, value = (name, value) if sign else ("optimiser", word)
        if name not in CHANGED:
            raise ValueError(f"there is nothing called {shortened(name)}; type {CHANGES_ALLOWED}")
        typed[CHANGED[name]] = value
    edits: list[Edit] = []
    for field in CHANGED.values():  # the optimiser first, and a batch before it is shuffled
        if field not in typed:
            continue
        edit = _edit(field, parse_field(field, typed[field]))
        before, recipe = recipe, edit.recipe_after(recipe)
        if recipe != before:
            edits.append(edit)
    return tuple(edits)


def _edit(field: str, value: Any) -> Edit:
    if field in (*OPTIMISER_FIELDS, *DECAY_FIELDS):
        return Edit(field, value=value)
    if field == "optimiser":
        Recipe().with_optimiser(value)  # which says what there is
    elif field == "batch" and value == 0:
        raise RecipeError(field, value)
    return Edit(field, value)
