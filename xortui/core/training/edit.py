"""Edits: what a person changes in the middle of a run; part of its history, replayed with it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.mistakes import EQUAL_START, MISTAKES
from xortui.core.model.names import notation, parameter_name, row_name
from xortui.core.model.network import Network
from xortui.core.model.optimisers import OPTIMISERS
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import FULL, MAX_SEED, TRAINING_NUMBERS, RecipeError
from xortui.core.text.harmless import harmless

KINDS = (
    *TRAINING_NUMBERS,
    "optimiser",
    "batch",
    "shuffle",
    "schedule",
    "weight",
    "label",
    "freeze",
    "free",
    "noise",
    "mistake",
)
MAX_VALUE = 1e9


class EditError(ValueError):
    """An edit that this run cannot take. The message is one sentence."""


@dataclass(frozen=True)
class Edit:
    """One change to a run.

    | kind          | where                     | value                              |
    |---------------|---------------------------|------------------------------------|
    | learning_rate |                           | the new learning rate              |
    | momentum, ... |                           | the new value of that number       |
    | optimiser     | its name                  |                                    |
    | batch         | rows in it, or None: all  |                                    |
    | shuffle       | true or false             |                                    |
    | schedule      | its name and steps        |                                    |
    | weight        | parameter, as W1[0,1]     | its new value                      |
    | label         | row of the truth table    | flips it                           |
    | freeze, free  | parameter                 |                                    |
    | noise         | seed of the noise         | its standard deviation             |
    | mistake       | its name, or None: right  |                                    |

    A change of the optimiser begins with nothing kept, as at the start of a run, and with the
    defaults of what the one before does not have; a weight decay that was the own one of the
    optimiser before becomes that of the new one. With every other edit what the optimiser keeps
    stays as it is. The numbers are the `TRAINING_NUMBERS` of a recipe. Batches and schedules count
    steps from the start of the run, whenever they are chosen; a batch of all rows is not shuffled.

    Raises EditError where the kind is unknown or a part has the wrong type.
    """

    kind: str
    where: str | int | None = None
    value: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise EditError(f"there is no edit called {self.kind!r}; there are {', '.join(KINDS)}")
        if self.kind in ("weight", "freeze", "free"):
            is_place = isinstance(self.where, str)
        elif self.kind in ("label", "noise"):
            is_place = _is_whole(self.where)
        elif self.kind == "mistake":
            is_place = self.where is None or self.where in tuple(MISTAKES)
        elif self.kind == "batch":
            is_place = self.where is None or (_is_whole(self.where) and self.where != 0)
        elif self.kind == "shuffle":
            is_place = isinstance(self.where, bool)
        elif self.kind == "schedule":
            is_place = isinstance(self.where, str)
        elif self.kind == "optimiser":
            is_place = isinstance(self.where, str) and self.where in OPTIMISERS
        else:
            is_place = self.where is None
        if not is_place:
            raise EditError(f"the edit {self.kind} cannot be made at {self.where!r}")
        if self.kind == "noise" and _is_value(self.value) and not (self.value or 0) > 0:
            raise EditError(f"the standard deviation of noise cannot be {self.value!r}")
        needs_value = self.kind in (*TRAINING_NUMBERS, "weight", "noise")
        if not (_is_value(self.value) if needs_value else self.value is None):
            raise EditError(f"the edit {self.kind} cannot have the value {self.value!r}")

    def apply(self, recipe: Recipe, parameters: Array) -> tuple[Recipe, Array]:
        """The recipe and the flat parameter vector after the edit; neither argument is changed.

        Raises EditError where the run has no such parameter or row.
        """
        return apply_all((self,), recipe, parameters)

    def check(self, recipe: Recipe) -> None:
        """Raise EditError where a run cannot take the edit while this recipe is in force."""
        self.recipe_after(recipe)

    def recipe_after(self, recipe: Recipe) -> Recipe:
        """The recipe after the edit, but for labels and what is frozen: these are left as they are.

        Raises EditError where a run cannot take the edit while this recipe is in force.
        """
        match self.kind:
            case field if field in TRAINING_NUMBERS:
                value: Any = float(self.value or 0)
                return self._changed(lambda: _with_number(recipe, field, value))
            case "optimiser":
                return self._changed(lambda: recipe.with_optimiser(str(self.where)))
            case "batch":
                return self._changed(lambda: _with_batch(recipe, self.where))
            case "shuffle":
                return self._changed(lambda: replace(recipe, shuffle=bool(self.where)))
            case "schedule":
                return self._changed(lambda: replace(recipe, schedule=str(self.where)))
            case "mistake":
                if self.where == EQUAL_START:
                    raise EditError("weights can start equal only at the start: begin a new run")
                return self._changed(
                    lambda: replace(recipe, mistake=None if self.where is None else str(self.where))
                )
            case "label":
                row, last = int(self.where or 0), recipe.rows - 1
                if row > last:
                    raise EditError(f"there is no label Y[{row}]; the last one is Y[{last}]")
            case "weight" | "freeze" | "free" if not recipe.has_parameter(self.where):
                raise EditError(f"this network has no parameter {harmless(str(self.where))}")
        return recipe

    def describe(self, recipe: Recipe | None = None) -> str:
        """The edit in a few words: η = 0.5, W₁ x₁→h₂ = -2, label of row 10 flipped.

        Without the recipe, parameters and rows are called as in the code, by their indices.
        """
        place = str(self.where)
        if recipe is not None and self.kind in ("weight", "freeze", "free"):
            place = parameter_name(recipe, place)
        elif self.kind == "label":
            row = int(self.where or 0)
            place = f"Y[{row}]" if recipe is None else row_name(recipe, row)
        match self.kind:
            case field if field in TRAINING_NUMBERS:
                return f"{notation(field)} = {self.value:g}"
            case "optimiser" | "schedule":
                return f"{self.kind} {harmless(str(self.where))}"
            case "batch":
                return f"batch {FULL if self.where is None else self.where}"
            case "shuffle":
                return "batches shuffled" if self.where else "batches in order"
            case "weight":
                return f"{place} = {self.value:g}"
            case "label":
                return f"label of {place} flipped"
            case "freeze":
                return f"{place} frozen"
            case "free":
                return f"{place} unfrozen"
            case "mistake":
                return "the mistake undone" if self.where is None else f"broken: {self.where}"
            case _:
                return f"noise of {self.value:g}"

    def to_json(self) -> dict[str, Any]:
        """The edit as a JSON object; absent parts are left out."""
        data = {"kind": self.kind, "where": self.where, "value": self.value}
        return {key: value for key, value in data.items() if value is not None}

    @classmethod
    def from_json(cls, data: object) -> "Edit":
        """The edit that a JSON object describes. Raises EditError."""
        if not isinstance(data, Mapping) or not set(data) <= {"kind", "where", "value"}:
            raise EditError("an edit is a JSON object with the keys kind, where and value")
        if "kind" not in data or not isinstance(data["kind"], str):
            raise EditError("an edit needs a kind")
        value: Any = data.get("value")
        return cls(data["kind"], data.get("where"), float(value) if _is_value(value) else value)

    def _changed(self, change: Callable[[], Recipe]) -> Recipe:
        try:
            return change()
        except RecipeError as error:
            raise EditError(str(error)) from None


def apply_all(edits: Iterable[Edit], recipe: Recipe, parameters: Array) -> tuple[Recipe, Array]:
    """The recipe and the flat parameter vector after all these edits, in this order.

    Thousands of them take no longer than a few. Neither argument is changed. Raises EditError
    where the run cannot take one.
    """
    changed = parameters.copy()
    labels = list(recipe.table.labels) if not recipe.is_points else []
    flipped = set(recipe.flipped)
    frozen = dict.fromkeys(recipe.frozen)
    fields: dict[str, Any] = {}
    places = Network(recipe).places
    now = replace(recipe, frozen=())  # which would be checked again with every edit
    for edit in edits:
        now = edit.recipe_after(now)
        match edit.kind:
            case "label":
                row = int(edit.where or 0)
                if recipe.is_points:
                    flipped ^= {row}
                    fields["flipped"] = tuple(sorted(flipped))
                else:
                    labels[row] ^= 1
                    fields["problem"] = "".join(map(str, labels))
            case "weight":
                changed[places[str(edit.where)]] = edit.value
            case "freeze":
                frozen.pop(str(edit.where), None)
                frozen[str(edit.where)] = None
            case "free":
                frozen.pop(str(edit.where), None)
            case "noise":
                free = np.ones(len(changed))
                free[[places[name] for name in frozen]] = 0
                random = np.random.RandomState(int(edit.where or 0))
                noise = random.standard_normal(len(changed)) * float(edit.value or 0)
                changed = changed + noise * free
    return replace(now, frozen=tuple(frozen), **fields), changed


def _with_number(recipe: Recipe, field: str, value: float) -> Recipe:
    """The recipe with another number. Raises RecipeError, also where the optimiser has no such."""
    recipe.check_meaning(field, value)
    changed: dict[str, Any] = {field: value}
    return replace(recipe, **changed)


def _with_batch(recipe: Recipe, batch: Any) -> Recipe:
    """The recipe with another batch; what is no batch any more is not shuffled."""
    return replace(recipe, batch=batch, shuffle=recipe.shuffle and batch not in (None, recipe.rows))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SEED


def _is_value(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= MAX_VALUE  # not so for NaN
    )
