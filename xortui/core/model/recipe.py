"""The recipe of a run: all that determines it, validated once, to and from JSON.

Imports no NumPy, so that the command line can list and check choices before anything heavy loads.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from xortui.core.model.data_file import DataFile
from xortui.core.model.mistakes import MISTAKES, NO_MISTAKE, Setting
from xortui.core.model.optimisers import OPTIMISERS, users_of
from xortui.core.model.points import (
    MAX_NOISE,
    MAX_POINTS,
    MAX_TEST,
    MIN_POINTS,
    PLANE_INPUTS,
    POINTS,
    test_rows,
)
from xortui.core.model.problem import (
    DATA,
    PROBLEMS_ALLOWED,
    Problem,
    data_problem,
    find_points,
    find_problem,
)
from xortui.core.model.tables import ACTIVATIONS, INITIALISERS, LOSSES
from xortui.core.text.shortened import shortened
from xortui.core.text.whole_number import whole

MAX_HIDDEN_LAYERS = 4
MAX_UNITS = 64
REFERENCE_STEPS = 10_000  # of the reference run
MAX_STEPS = 10**9  # that can be asked for at once
MAX_SEED = 2**32 - 1
MAX_LEARNING_RATE = 1e6
# What optimisers have numbers for, besides the learning rate.
OPTIMISER_FIELDS = ("momentum", "beta2", "epsilon")
# What points have numbers for. None of it changes the start weights of a seed.
POINT_NUMBERS = ("points", "noise", "test", "data_seed")
POINT_FIELDS = (*POINT_NUMBERS, "data", "standardise")
NUMBERS = ("learning_rate", *OPTIMISER_FIELDS, "noise", "test")
# Of one forward pass over all points, so that a step is short: see README, Points.
MAX_PRODUCTS = 2_000_000
MAX_CHARACTERS = 400  # of a number: any float can be written with fewer

ALLOWED: dict[str, str] = {
    "problem": PROBLEMS_ALLOWED,
    "hidden": f"1 to {MAX_HIDDEN_LAYERS} layers of 1 to {MAX_UNITS} units, such as 2 or 4,3",
    "activation": ", ".join(ACTIVATIONS),
    "bias": "true or false",
    "loss": ", ".join(LOSSES),
    "init": ", ".join(INITIALISERS),
    "seed": f"a whole number from 0 to {MAX_SEED}",
    "learning_rate": f"a number above 0 and at most {MAX_LEARNING_RATE:,.0f}",
    "optimiser": ", ".join(OPTIMISERS),
    "momentum": "a number from 0 up to, but not, 1",
    "beta2": "a number from 0 up to, but not, 1",
    "epsilon": "a number above 0 and at most 1",
    "points": f"a whole number from {MIN_POINTS} to {MAX_POINTS:,}",
    "noise": f"a number from 0 to {MAX_NOISE:g}, the standard deviation in each direction",
    "test": f"a number from 0 to {MAX_TEST:g}, the share of the points that is set aside",
    "data_seed": f"a whole number from 0 to {MAX_SEED}, which draws the points",
    "data": "a CSV file of numbers whose last column is the label, 0 or 1",
    "standardise": "true or false",
    "flipped": "numbers of training rows, counted from 0",
    "frozen": "names of the network's parameters, such as W1[0,1]",
    "mistake": ", ".join(MISTAKES),
}


class RecipeError(ValueError):
    """A field of a recipe has a value that is not allowed. The message is one sentence.

    `reason` says why, where the value is allowed in other recipes but not in this one.
    """

    def __init__(self, field: str, value: object, reason: str = "") -> None:
        why = f": {reason}" if reason else f"; allowed: {ALLOWED[field]}"
        super().__init__(f"{field} cannot be {shortened(value)}{why}")
        self.field = field

    def called(self, name: str) -> str:
        """The sentence with another name for the field, such as --lr or η."""
        return name + str(self).removeprefix(self.field)


# The command-line flag of each field. What can only come about in the course of a run has none.
FLAGS: dict[str, str] = {
    "problem": "--problem",
    "hidden": "--hidden",
    "activation": "--activation",
    "bias": "--bias",
    "loss": "--loss",
    "init": "--init",
    "seed": "--seed",
    "learning_rate": "--lr",
    "optimiser": "--optimiser",
    "momentum": "--momentum",
    "beta2": "--beta2",
    "epsilon": "--epsilon",
    "mistake": "--break",
    "points": "--points",
    "noise": "--noise",
    "test": "--test",
    "data_seed": "--data-seed",
    "data": "--data",
    "standardise": "--standardise",
}


@dataclass(frozen=True)
class Recipe:
    """All that determines a run. The default is the reference run: XOR with a 2-2-1 network.

    `momentum` (β₁ of Adam), `beta2` and `epsilon` keep their defaults where they mean nothing for
    the optimiser, and so do `points` and what follows it for a truth table. `data_seed` draws
    `points` points, with `noise`; the share `test` of them is set aside. `data` are the rows of a
    file instead, `standardise`d or not. `flipped` are the points whose labels were turned round.
    Raises RecipeError where a field has a value that is not allowed.
    """

    problem: str = "xor"
    hidden: tuple[int, ...] = (2,)
    activation: str = "sigmoid"
    bias: bool = False
    loss: str = "squared-error"
    init: str = "uniform"
    seed: int = 0
    learning_rate: float = 0.1
    optimiser: str = "sgd"
    momentum: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    frozen: tuple[str, ...] = ()
    mistake: str | None = None
    points: int = 200
    noise: float = 0.1
    test: float = 0.3
    data_seed: int = 0
    data: DataFile | None = None
    standardise: bool = False
    flipped: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for field in ("hidden", "frozen", "flipped"):
            if isinstance(getattr(self, field), list):
                object.__setattr__(self, field, tuple(getattr(self, field)))
        for field in NUMBERS:
            if _is_whole(getattr(self, field)):
                object.__setattr__(self, field, _as_float(getattr(self, field)))
        for field, is_allowed in _CHECKS.items():
            if not is_allowed(getattr(self, field)):
                raise RecipeError(field, getattr(self, field))
        if (self.problem == DATA) != (self.data is not None):
            reason = "it needs a file of points: --data FILE"
            reason = "the data file is the problem" if self.data else reason
            raise RecipeError("problem", self.problem, reason)
        for field in (*OPTIMISER_FIELDS, *POINT_FIELDS, "flipped"):
            if getattr(self, field) != getattr(Recipe, field):
                self.check_meaning(field, getattr(self, field))
        if self.is_points:
            self._check_points()
        if not (isinstance(self.frozen, tuple) and all(map(self.has_parameter, self.frozen))):
            raise RecipeError("frozen", self.frozen)
        if self.mistake and (reason := MISTAKES[self.mistake].obstacle(self.setting)):
            raise RecipeError("mistake", self.mistake, reason)

    @property
    def is_points(self) -> bool:
        """Whether the network is to learn points, and not a truth table."""
        return self.problem in POINTS or self.problem == DATA

    @property
    def table(self) -> Problem:
        """The truth table, or the points, that the network is to learn."""
        if self.problem in POINTS:
            how = self.points, self.noise, self.test, self.data_seed
            return find_points(self.problem, *how, self.flipped)
        if self.data is not None:
            how_data = self.test, self.data_seed, self.standardise
            return data_problem(self.data, *how_data, self.flipped)
        return find_problem(self.problem)

    @property
    def inputs(self) -> int:
        """The number of inputs, for which no points have to be made."""
        if self.data is not None:
            return len(self.data.inputs[0])
        return PLANE_INPUTS if self.is_points else self.table.inputs

    @property
    def rows(self) -> int:
        """The number of rows that are trained on, for which no points have to be made."""
        if not self.is_points:
            return len(self.table.labels)
        count = self.points if self.data is None else len(self.data.labels)
        return count - test_rows(count, self.test)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units per layer, from the inputs to the single output: (2, 2, 1)."""
        return (self.inputs, *self.hidden, 1)

    @property
    def output(self) -> str:
        """The output unit's activation, which goes with the loss: linear for squared error."""
        return LOSSES[self.loss].output

    @property
    def setting(self) -> Setting:
        """What a mistake has to know of the network."""
        return Setting(self.activation, self.sizes, self.bias, self.optimiser)

    def check_meaning(self, field: str, value: object) -> None:
        """Raise RecipeError where a field, given a value, means nothing for this recipe."""
        if field in OPTIMISER_FIELDS and field not in OPTIMISERS[self.optimiser].fields:
            reason = f"{self.optimiser} does not use it; these optimisers do: {users_of(field)}"
            raise RecipeError(field, value, reason)
        if field in (*POINT_FIELDS, "flipped") and not self.is_points:
            reason = f"{self.table.title} is a truth table; these problems have points: "
            raise RecipeError(field, value, f"{reason}{', '.join(POINTS)}")
        if self.data is not None and field in ("points", "noise"):
            raise RecipeError(field, value, "the points come from a file, and stay as they are")
        if self.data is None and field == "standardise":
            raise RecipeError(field, value, "only data from a file is standardised")

    def _check_points(self) -> None:
        """Raise RecipeError where points and the rest of the recipe do not go together."""
        if any(row >= self.rows for row in self.flipped):
            raise RecipeError("flipped", self.flipped)
        products = self.rows * sum(before * after for before, after in pairwise(self.sizes))
        if products > MAX_PRODUCTS:
            reason = f"{self.rows:,} training points and these layers take"
            raise RecipeError(
                "hidden",
                self.hidden,
                f"{reason} {products:,} multiplications a pass, and at most {MAX_PRODUCTS:,} keep "
                "a step short",
            )

    def given(self, field: str) -> Any:
        """The value of a field; None where it means nothing for the optimiser."""
        is_unused = field in OPTIMISER_FIELDS and field not in OPTIMISERS[self.optimiser].fields
        is_unused |= field in POINT_FIELDS and not self.is_points
        return None if is_unused else getattr(self, field)

    def with_optimiser(self, name: str) -> "Recipe":
        """The recipe with another optimiser; what means nothing for that one gets its default.

        Raises RecipeError.
        """
        if not _is_named(name, OPTIMISERS):
            raise RecipeError("optimiser", name)
        unused = [field for field in OPTIMISER_FIELDS if field not in OPTIMISERS[name].fields]
        defaults: dict[str, Any] = {field: getattr(Recipe, field) for field in unused}
        return replace(self, optimiser=name, **defaults)

    def has_parameter(self, name: object) -> bool:
        """Whether the network has a parameter of this name, such as W1[0,1] or b2[0]."""
        return isinstance(name, str) and name in _parameter_names(self.sizes, self.bias)

    def describe(self) -> str:
        """The recipe in a few words: XOR 2-2-1 sigmoid, no bias, seed 0, learning rate 0.1."""
        words = [
            f"{self.table.title} {self.architecture} {self.activation}",
            "bias" if self.bias else "no bias",
        ]
        # The reference's own choices go without saying.
        words += [name for name in (self.loss, self.init) if name not in (Recipe.loss, Recipe.init)]
        words += [*self.points_words, f"seed {self.seed}", *self.optimiser_words]
        words += [f"learning rate {self.learning_rate:g}"]
        return ", ".join(words if self.mistake is None else [*words, f"broken: {self.mistake}"])

    @property
    def points_words(self) -> list[str]:
        """How many points there are and how they were made, in words; none for a truth table."""
        if not self.is_points:
            return []
        count = self.points if self.data is None else len(self.data.labels)
        words = [f"{count} points"]
        words += [f"noise {self.noise:g}"] if self.data is None else []
        words += ["standardised"] if self.standardise else []
        words += [f"test {self.test:g}"] if self.test else ["no test"]
        return [*words, *([f"data seed {self.data_seed}"] if self.data_seed else [])]

    @property
    def optimiser_words(self) -> list[str]:
        """The optimiser and what of it is not the default, in words; none for plain SGD."""
        if self.optimiser == Recipe.optimiser:
            return []
        changed = [
            f"{field} {getattr(self, field):g}"
            for field in OPTIMISERS[self.optimiser].fields
            if getattr(self, field) != getattr(Recipe, field)
        ]
        return [" ".join([self.optimiser, *changed])]

    @property
    def architecture(self) -> str:
        """The sizes of the layers as people write them: 2-2-1."""
        return "-".join(map(str, self.sizes))

    def to_json(self) -> dict[str, Any]:
        """The recipe as a JSON object; what only some runs have is left out where it is absent."""
        data = {field.name: getattr(self, field.name) for field in fields(self)}
        data |= {name: list(data[name]) for name in ("hidden", "frozen", "flipped")}
        if self.data is not None:
            data["data"] = self.data.to_json()
        rare = ("frozen", "mistake", "optimiser", *OPTIMISER_FIELDS, *POINT_FIELDS, "flipped")
        return {
            key: value
            for key, value in data.items()
            if key not in rare or data[key] != _DEFAULTS[key]
        }

    def to_arguments(self) -> list[str]:
        """The command-line flags that give this recipe; none for the default."""
        arguments: list[str] = []
        for field, flag in FLAGS.items():
            value = getattr(self, field)
            if value == getattr(Recipe, field) or value == DATA:
                continue
            if field == "bias":
                arguments += ["--bias" if value else "--no-bias"]
            elif field == "standardise":
                arguments.append(flag)
            else:
                text = ",".join(map(str, value)) if field == "hidden" else str(value)
                arguments += [flag, text]
        return arguments

    @classmethod
    def from_json(cls, data: object) -> "Recipe":
        """The recipe that a JSON object describes; absent keys keep their defaults.

        Raises ValueError for anything but an object of known keys, RecipeError for a bad value.
        """
        if not isinstance(data, Mapping):
            raise ValueError(f"a recipe is a JSON object, not {shortened(data)}")
        known = [field.name for field in fields(cls)]
        for key in data:
            if key not in known:
                raise ValueError(
                    f"a recipe has no key {shortened(key)}; its keys: {', '.join(known)}"
                )
        given = dict(data)
        if given.get("data") is not None:
            try:
                given["data"] = DataFile.from_json(given["data"])
            except ValueError as error:
                raise RecipeError("data", given["data"], str(error)) from None
        return cls(**given)

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> "Recipe":
        """The recipe with these fields given as a person types them: {"hidden": "4,3"}.

        A data file is the problem. Raises RecipeError; and DataError, and OSError, for such a file.
        """
        if "data" in texts:
            texts = {"problem": DATA} | dict(texts)
        recipe = cls(**{field: parse_field(field, text) for field, text in texts.items()})
        for field in (*OPTIMISER_FIELDS, *POINT_FIELDS):
            if field in texts:  # even where it is the default: it was asked for
                recipe.check_meaning(field, getattr(recipe, field))
        return recipe


@lru_cache(maxsize=4)
def _parameter_names(sizes: tuple[int, ...], bias: bool) -> frozenset[str]:
    """The names of all parameters, exactly as Network.names writes them."""
    names = set()
    for layer, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
        names |= {f"W{layer}[{i},{j}]" for i in range(inputs) for j in range(outputs)}
        if bias:
            names |= {f"b{layer}[{j}]" for j in range(outputs)}
    return frozenset(names)


def parse_field(field: str, text: str) -> Any:
    """The value of one recipe field from what a person typed.

    Raises RecipeError; and DataError, and OSError, for a data file.
    """
    try:
        match field:
            case "hidden":
                return tuple(whole(units) for units in text.split(","))
            case "seed" | "points" | "data_seed":
                return whole(text)
            case "data":
                return DataFile.read(text) if text else None
            case _ if field in NUMBERS:
                return _parse_number(text)
            case "bias" | "standardise":
                return {"true": True, "false": False}[text]
            case "mistake":
                return None if text == NO_MISTAKE else text
            case _:
                return text
    except (ValueError, KeyError):
        raise RecipeError(field, text) from None


def _parse_number(text: str) -> float:
    """A number in plain digits: float() alone would take 1_000 and Arabic-Indic ones, too."""
    if "_" in text or not text.isascii() or len(text) > MAX_CHARACTERS:
        raise ValueError(text)
    return float(text)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _is_named(value: object, table: Mapping[str, object]) -> bool:
    return isinstance(value, str) and value in table


def _is_problem(value: object) -> bool:
    if isinstance(value, str) and (value in POINTS or value == DATA):
        return True
    try:
        return isinstance(value, str) and bool(find_problem(value))
    except ValueError:
        return False


def _is_hidden(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and 1 <= len(value) <= MAX_HIDDEN_LAYERS
        and all(_is_whole(units) and 1 <= units <= MAX_UNITS for units in value)
    )


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "problem": _is_problem,
    "hidden": _is_hidden,
    "activation": lambda value: _is_named(value, ACTIVATIONS),
    "bias": lambda value: isinstance(value, bool),
    "loss": lambda value: _is_named(value, LOSSES),
    "init": lambda value: _is_named(value, INITIALISERS),
    "seed": lambda value: _is_whole(value) and 0 <= value <= MAX_SEED,
    "learning_rate": lambda value: isinstance(value, float) and 0 < value <= MAX_LEARNING_RATE,
    "optimiser": lambda value: _is_named(value, OPTIMISERS),
    "momentum": lambda value: isinstance(value, float) and 0 <= value < 1,
    "beta2": lambda value: isinstance(value, float) and 0 <= value < 1,
    "epsilon": lambda value: isinstance(value, float) and 0 < value <= 1,
    "mistake": lambda value: value is None or _is_named(value, MISTAKES),
    "points": lambda value: _is_whole(value) and MIN_POINTS <= value <= MAX_POINTS,
    "noise": lambda value: isinstance(value, float) and 0 <= value <= MAX_NOISE,
    "test": lambda value: isinstance(value, float) and 0 <= value <= MAX_TEST,
    "data_seed": lambda value: _is_whole(value) and 0 <= value <= MAX_SEED,
    "data": lambda value: value is None or isinstance(value, DataFile),
    "standardise": lambda value: isinstance(value, bool),
    "flipped": lambda value: (
        isinstance(value, tuple)
        and all(_is_whole(row) and row >= 0 for row in value)
        and list(value) == sorted(set(value))
    ),
}

_DEFAULTS: dict[str, Any] = {
    **{field.name: field.default for field in fields(Recipe)},
    "frozen": [],
    "flipped": [],
}
