"""The fields of a recipe, one by one: what each may be, its flag, how it is typed and checked.

Imports no NumPy, so that the command line can list and check choices before anything heavy loads.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from xortui.core.model.data_file import DataFile
from xortui.core.model.mistakes import MISTAKES, NO_MISTAKE
from xortui.core.model.optimisers import OPTIMISERS
from xortui.core.model.points import MAX_NOISE, MAX_POINTS, MAX_TEST, MIN_POINTS
from xortui.core.model.problem import (
    FIELDS_OF_DATA,
    FIELDS_OF_MADE,
    PROBLEMS_ALLOWED,
    find_problem,
    point_fields,
)
from xortui.core.model.schedules import SCHEDULES_ALLOWED, canonical
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
# What draws parameters towards 0.
DECAY_FIELDS = ("weight_decay", "l1")
# What points have numbers for. None of it changes the start weights of a seed.
POINT_NUMBERS = FIELDS_OF_MADE
POINT_FIELDS = tuple(dict.fromkeys((*FIELDS_OF_MADE, *FIELDS_OF_DATA)))
# The numbers of training, which may be changed in mid-run; and all numbers.
TRAINING_NUMBERS = ("learning_rate", *OPTIMISER_FIELDS, *DECAY_FIELDS)
NUMBERS = (*TRAINING_NUMBERS, "noise", "test")
SWITCHES = ("bias", "shuffle", "standardise")  # what is on or off
# What only some recipes have: it is not said where it is as it is by default.
RARE = (
    *("optimiser", *OPTIMISER_FIELDS, *DECAY_FIELDS, "batch", "shuffle", "schedule"),
    *("frozen", "mistake", *POINT_FIELDS, "flipped"),
)
FULL = "full"  # how it is said that a batch is the whole table
MAX_DECAY = 1000
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
    "weight_decay": f"a number from 0 to {MAX_DECAY:,}",
    "l1": f"a number from 0 to {MAX_DECAY:,}",
    "batch": f"{FULL}, or a whole number of rows",
    "shuffle": "true or false",
    "schedule": SCHEDULES_ALLOWED,
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
        what = "used" if value is True and reason else shortened(value)
        super().__init__(f"{field} cannot be {what}{why}")
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
    "weight_decay": "--weight-decay",
    "l1": "--l1",
    "batch": "--batch",
    "shuffle": "--shuffle",
    "schedule": "--schedule",
    "mistake": "--break",
    "points": "--points",
    "noise": "--noise",
    "test": "--test",
    "data_seed": "--data-seed",
    "data": "--data",
    "standardise": "--standardise",
}


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
            case "batch":
                return None if text == FULL else whole(text)
            case _ if field in SWITCHES:
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


def as_float(value: Any) -> Any:
    """A whole number as a float, infinite where it is too large; anything else as it is."""
    if not _is_whole(value):
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _is_named(value: object, table: Mapping[str, object]) -> bool:
    return isinstance(value, str) and value in table


def _is_problem(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(point_fields(value) or find_problem(value))
    except ValueError:
        return False


def _is_hidden(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and 1 <= len(value) <= MAX_HIDDEN_LAYERS
        and all(_is_whole(units) and 1 <= units <= MAX_UNITS for units in value)
    )


def _is_schedule(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(canonical(value))
    except ValueError:
        return False


def _is_decay(value: object) -> bool:
    return isinstance(value, float) and 0 <= value <= MAX_DECAY


CHECKS: dict[str, Callable[[Any], bool]] = {
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
    "weight_decay": lambda value: value is None or _is_decay(value),
    "l1": lambda value: _is_decay(value),
    "batch": lambda value: value is None or (_is_whole(value) and value > 0),
    "shuffle": lambda value: isinstance(value, bool),
    "schedule": lambda value: _is_schedule(value),
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
