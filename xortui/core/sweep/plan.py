"""What a sweep is to do: recipes, seeds and steps, validated before anything starts.

Imports no NumPy, so that the command line can check what was asked for before anything heavy loads.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xortui.core.model.optimisers import OPTIMISERS
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import (
    DECAY_FIELDS,
    MAX_SEED,
    MAX_STEPS,
    OPTIMISER_FIELDS,
    POINT_NUMBERS,
    parse_field,
)
from xortui.core.text.whole_number import whole

MAX_CELLS = 400
# What is kept of a network: three whole numbers, the loss, its kind.
RESULT_BYTES = 3 * 8 + 8 + 1
MAX_RESULT_BYTES = 2**28
MAX_NETWORKS = MAX_RESULT_BYTES // RESULT_BYTES
MAX_SECONDS = 24 * 3600.0

# The fields of a recipe that a sweep can vary.
VARIED = (
    "problem",
    "hidden",
    "activation",
    "bias",
    "loss",
    "init",
    "learning_rate",
    "optimiser",
    *OPTIMISER_FIELDS,
    *DECAY_FIELDS,
    "batch",
    "shuffle",
    "schedule",
    *POINT_NUMBERS,
)

SEEDS_ALLOWED = f"a range A:B with 0 <= A < B <= {MAX_SEED + 1} (B is left out), such as 0:1000"


class SweepError(ValueError):
    """A sweep that cannot be done as asked for. The message is one sentence."""


@dataclass(frozen=True)
class Plan:
    """Every recipe (its own seed does not matter) with every seed, for `steps` steps each.

    Raises SweepError where that is nothing, or more than can be kept in memory.
    """

    recipes: tuple[Recipe, ...]
    seeds: range
    steps: int

    def __post_init__(self) -> None:
        unseeded = tuple(replace(recipe, seed=0) for recipe in self.recipes)
        object.__setattr__(self, "recipes", unseeded)
        if not 1 <= len(unseeded) <= MAX_CELLS:
            raise SweepError(f"a sweep has from 1 to {MAX_CELLS} recipes, not {len(unseeded):,}")
        if len(set(unseeded)) < len(unseeded):
            raise SweepError("a sweep tries each recipe once, and here one is given twice")
        if not (
            self.seeds and self.seeds.step == 1 and 0 <= self.seeds[0] <= self.seeds[-1] <= MAX_SEED
        ):
            raise SweepError(
                f"seeds cannot be {_format_seeds(self.seeds)}; allowed: {SEEDS_ALLOWED}"
            )
        if not 1 <= self.steps <= MAX_STEPS:
            raise SweepError(f"steps cannot be {self.steps}; allowed: from 1 to {MAX_STEPS:,}")
        if self.networks > MAX_NETWORKS:
            size = self.networks * RESULT_BYTES / 2**20
            raise SweepError(
                f"the results of {self.networks:,} networks would take {size:,.0f} MiB of memory; "
                f"allowed: {MAX_RESULT_BYTES // 2**20} MiB, which is {MAX_NETWORKS:,} networks"
            )

    @property
    def networks(self) -> int:
        """How many networks are trained."""
        return len(self.recipes) * len(self.seeds)


def parse_seeds(text: str) -> range:
    """The seeds that a person writes as `0:1000`: from 0 to 999. Raises SweepError."""
    first, colon, last = text.partition(":")
    try:
        seeds = range(whole(first), whole(last)) if colon else range(0)
    except ValueError:
        seeds = range(0)
    if not seeds or seeds[-1] > MAX_SEED:
        shown = text if len(text) <= 40 else f"{text[:37]}..."
        raise SweepError(f"seeds cannot be {shown!r}; allowed: {SEEDS_ALLOWED}")
    return seeds


def parse_values(field: str, texts: Sequence[str]) -> tuple[Any, ...]:
    """The values of one recipe field from what a person typed, once for each value or with commas.

    A comma separates values, but for `hidden`, where it separates layers; a repeated value counts
    once. Raises RecipeError for a value that is not allowed.
    """
    pieces = texts if field == "hidden" else [part for text in texts for part in text.split(",")]
    values = [parse_field(field, piece.strip()) for piece in pieces]
    return tuple(dict.fromkeys(values))


def grid(recipe: Recipe, varied: Mapping[str, Sequence[Any]]) -> tuple[Recipe, ...]:
    """The recipe with every combination of these values; the last field changes fastest.

    `varied` maps a field of `VARIED` to its values. Where optimisers vary, each takes the numbers
    that mean something for it, and what is then the same recipe counts once.

    Raises RecipeError for a value that is not allowed, and SweepError for a field that cannot vary,
    has no values, or for too many recipes.
    """
    count = 1
    for field, values in varied.items():
        if field not in VARIED:
            raise SweepError(f"a sweep cannot vary {field}; it can vary {', '.join(VARIED)}")
        if not values:
            raise SweepError(f"a sweep needs at least one value of {field}")
        count *= len(values)
    if count > MAX_CELLS:
        raise SweepError(f"a sweep has from 1 to {MAX_CELLS} recipes, not {count:,}")
    bases = [recipe.with_optimiser(name) for name in varied.get("optimiser", [recipe.optimiser])]
    for field in set(OPTIMISER_FIELDS) & set(varied):
        if not any(field in OPTIMISERS[base.optimiser].fields for base in bases):
            bases[0].check_meaning(field, varied[field][0])
    recipes = (
        _with(recipe, dict(zip(varied, values, strict=True)))
        for values in itertools.product(*varied.values())
    )
    return tuple(dict.fromkeys(recipes))


def _with(recipe: Recipe, fields: Mapping[str, Any]) -> Recipe:
    """The recipe with these fields, but for numbers that its optimiser does not use."""
    base = recipe.with_optimiser(fields.get("optimiser", recipe.optimiser))
    used = OPTIMISERS[base.optimiser].fields
    unused = [field for field in OPTIMISER_FIELDS if field not in used]
    return replace(base, **{name: value for name, value in fields.items() if name not in unused})


def varying_fields(recipes: Sequence[Recipe]) -> tuple[str, ...]:
    """The fields in which these recipes differ, in the order of `VARIED`."""
    return tuple(
        field for field in VARIED if len({getattr(recipe, field) for recipe in recipes}) > 1
    )


def check_duration(plan: Plan, seconds: float) -> None:
    """Raise SweepError where a plan would take longer than a day; `seconds` is the estimate."""
    if seconds > MAX_SECONDS:
        raise SweepError(
            f"{plan.networks:,} networks x {plan.steps:,} steps would take about "
            f"{format_seconds(seconds)} on this machine; allowed: {format_seconds(MAX_SECONDS)}"
        )


def format_seconds(seconds: float) -> str:
    """A duration in words: 3 s, 12 min, 5 h, 40 days."""
    for unit, length, most in (("s", 1, 100), ("min", 60, 100), ("h", 3600, 48)):
        if seconds < most * length:
            return f"{max(1, round(seconds / length))} {unit}"
    return f"{round(seconds / 86400):,} days"


def _format_seeds(seeds: range) -> str:
    return f"{seeds.start}:{seeds.stop}"
