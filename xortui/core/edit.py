"""Edits: what a person changes in the middle of a run; part of its history, replayed with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xortui.core.functions import Array
from xortui.core.mistakes import EQUAL_START, MISTAKES
from xortui.core.names import parameter_name, row_name
from xortui.core.network import Network
from xortui.core.recipe import MOST_SEED, Recipe, RecipeError

KINDS = ("learning_rate", "weight", "label", "freeze", "free", "noise", "mistake")
MOST_VALUE = 1e9


class EditError(ValueError):
    """An edit that this run cannot take. The message is one sentence."""


@dataclass(frozen=True)
class Edit:
    """One change to a run.

    | kind          | where                     | value                              |
    |---------------|---------------------------|------------------------------------|
    | learning_rate |                           | the new learning rate              |
    | weight        | parameter, as W1[0,1]     | its new value                      |
    | label         | row of the truth table    | flips it                           |
    | freeze, free  | parameter                 |                                    |
    | noise         | seed of the noise         | its standard deviation             |
    | mistake       | its name, or None: right  |                                    |

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
        else:
            is_place = self.where is None
        if not is_place:
            raise EditError(f"the edit {self.kind} cannot be made at {self.where!r}")
        if self.kind == "noise" and _is_value(self.value) and not (self.value or 0) > 0:
            raise EditError(f"the standard deviation of noise cannot be {self.value!r}")
        needs_value = self.kind in ("learning_rate", "weight", "noise")
        if not (_is_value(self.value) if needs_value else self.value is None):
            raise EditError(f"the edit {self.kind} cannot have the value {self.value!r}")

    def apply(self, recipe: Recipe, parameters: Array) -> tuple[Recipe, Array]:
        """The recipe and the flat parameter vector after the edit; neither argument is changed.

        Raises EditError where the run has no such parameter or row.
        """
        match self.kind:
            case "learning_rate":
                return self._replaced(recipe, learning_rate=self.value), parameters
            case "mistake":
                if self.where == EQUAL_START:
                    raise EditError("weights can start equal only at the start: begin a new run")
                return self._replaced(recipe, mistake=self.where), parameters
            case "label":
                return self._replaced(recipe, problem=self._flipped(recipe)), parameters
        if self.kind == "noise":
            random = np.random.RandomState(int(self.where or 0))
            noise: Array = random.standard_normal(len(parameters)) * float(self.value or 0)
            return recipe, parameters + noise * Network(recipe).free
        if not recipe.has_parameter(self.where):
            raise EditError(f"this network has no parameter {self.where}")
        if self.kind == "weight":
            changed = parameters.copy()
            changed[Network(recipe).names.index(str(self.where))] = self.value
            return recipe, changed
        frozen = [name for name in recipe.frozen if name != self.where]
        if self.kind == "freeze":
            frozen.append(str(self.where))
        return self._replaced(recipe, frozen=tuple(frozen)), parameters

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
            case "learning_rate":
                return f"η = {self.value:g}"
            case "weight":
                return f"{place} = {self.value:g}"
            case "label":
                return f"label of {place} flipped"
            case "freeze":
                return f"{place} frozen"
            case "free":
                return f"{place} set free"
            case "mistake":
                return "the mistake mended" if self.where is None else f"broken: {self.where}"
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

    def _replaced(self, recipe: Recipe, **fields: Any) -> Recipe:
        try:
            return replace(recipe, **fields)
        except RecipeError as error:
            raise EditError(str(error)) from None

    def _flipped(self, recipe: Recipe) -> str:
        labels = list(recipe.table.labels)
        row = int(self.where or 0)
        if row >= len(labels):
            raise EditError(f"there is no label Y[{row}]; the last one is Y[{len(labels) - 1}]")
        labels[row] = 1 - labels[row]
        return "".join(map(str, labels))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_SEED


def _is_value(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= MOST_VALUE  # not so for NaN
    )
