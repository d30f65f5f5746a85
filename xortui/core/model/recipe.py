"""The recipe of a run: all that determines it, validated once, to and from JSON.

Imports no NumPy, so that the command line can list and check choices before anything heavy loads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from xortui.core.model.data_file import DataFile
from xortui.core.model.mistakes import MISTAKES, Setting
from xortui.core.model.optimisers import OPTIMISERS, users_of
from xortui.core.model.penalties import PENALTIES, Penalty
from xortui.core.model.points import PLANE_INPUTS, POINTS, test_rows
from xortui.core.model.problem import (
    DATA,
    FIELDS_OF_DATA,
    Problem,
    data_problem,
    find_points,
    find_problem,
    point_fields,
)
from xortui.core.model.recipe_fields import (
    CHECKS,
    FLAGS,
    FULL,
    MAX_PRODUCTS,
    NUMBERS,
    OPTIMISER_FIELDS,
    POINT_FIELDS,
    RARE,
    SWITCHES,
    RecipeError,
    as_float,
    parse_field,
)
from xortui.core.model.schedules import CONSTANT, canonical
from xortui.core.model.tables import LOSSES
from xortui.core.text.shortened import shortened


@dataclass(frozen=True)
class Recipe:
    """All that determines a run. The default is the reference run: XOR with a 2-2-1 network.

    `momentum` (β₁ of Adam), `beta2` and `epsilon` keep their defaults where they mean nothing for
    the optimiser, and so do `points` and what follows it for a truth table. `weight_decay` is None
    where it is the optimiser's own: see `decay`. `batch` is the rows in a batch, None where it is
    the whole table; `shuffle` says whether each epoch has an order of its own. `data_seed` draws
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
    weight_decay: float | None = None
    l1: float = 0.0
    batch: int | None = None
    shuffle: bool = False
    schedule: str = CONSTANT
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
            object.__setattr__(self, field, as_float(getattr(self, field)))
        for field, is_allowed in CHECKS.items():
            if not is_allowed(getattr(self, field)):
                raise RecipeError(field, getattr(self, field))
        if (self.problem == DATA) != (self.data is not None):
            reason = "it needs a file of points: --data FILE"
            reason = "the data file is the problem" if self.data else reason
            raise RecipeError("problem", self.problem, reason)
        self._check_batch()
        object.__setattr__(self, "schedule", canonical(self.schedule))
        if self.weight_decay == OPTIMISERS[self.optimiser].decay:
            object.__setattr__(self, "weight_decay", None)
        for field in (*OPTIMISER_FIELDS, *POINT_FIELDS, "flipped"):
            if getattr(self, field) != getattr(Recipe, field):
                self.check_meaning(field, getattr(self, field))
        if self.is_points:
            self._check_points()
        if not (isinstance(self.frozen, tuple) and all(map(self.has_parameter, self.frozen))):
            raise RecipeError("frozen", self.frozen)
        if self.mistake and (reason := MISTAKES[self.mistake].obstacle(self.setting)):
            raise RecipeError("mistake", self.mistake, reason)

    def _check_batch(self) -> None:
        rows = self.rows
        if self.batch is not None and self.batch > rows:
            raise RecipeError("batch", self.batch, f"{self.table.title} has {rows} rows")
        if self.batch == rows and not self.shuffle:
            object.__setattr__(self, "batch", None)
        if self.shuffle and self.batch in (None, rows):
            reason = "a batch of all rows is the same in any order; give a smaller --batch"
            raise RecipeError("shuffle", True, reason)

    @property
    def is_points(self) -> bool:
        """Whether the network is to learn points, and not a truth table."""
        return bool(point_fields(self.problem))

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

    @property
    def decay(self) -> float:
        """λ, the weight decay: as given, or the optimiser's own, which is 0 but for AdamW."""
        own = OPTIMISERS[self.optimiser].decay
        return own if self.weight_decay is None else self.weight_decay

    @property
    def penalties(self) -> tuple[Penalty, ...]:
        """What is added to L besides the rows' losses. A decoupled weight decay is none of it."""
        is_part = self.decay and not OPTIMISERS[self.optimiser].is_decoupled
        chosen = [
            name for name, is_there in (("weight_decay", is_part), ("l1", self.l1)) if is_there
        ]
        return tuple(PENALTIES[name] for name in chosen)

    def number(self, field: str) -> float:
        """The value of a field that is a number."""
        return self.decay if field == "weight_decay" else float(getattr(self, field))

    def check_meaning(self, field: str, value: object) -> None:
        """Raise RecipeError where a field, given a value, means nothing for this recipe."""
        if field in OPTIMISER_FIELDS and field not in OPTIMISERS[self.optimiser].fields:
            reason = f"{self.optimiser} does not use it; these optimisers do: {users_of(field)}"
            raise RecipeError(field, value, reason)
        if field in (*POINT_FIELDS, "flipped") and not self.is_points:
            reason = f"{self.table.title} is a truth table; these problems have points: "
            raise RecipeError(field, value, f"{reason}{', '.join(POINTS)}")
        if field in POINT_FIELDS and field not in point_fields(self.problem):
            is_of_file = field in FIELDS_OF_DATA
            reason = "only data from a file is standardised"
            reason = reason if is_of_file else "the points come from a file, and stay as they are"
            raise RecipeError(field, value, reason)

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
        is_unused |= field in POINT_FIELDS and field not in point_fields(self.problem)
        if field == "weight_decay":
            return self.decay
        if field == "batch":
            return self.batch or FULL
        return None if is_unused else getattr(self, field)

    def with_optimiser(self, name: str) -> "Recipe":
        """The recipe with another optimiser; what means nothing for that one gets its default.

        Raises RecipeError.
        """
        if not CHECKS["optimiser"](name):
            raise RecipeError("optimiser", name)
        unused = [field for field in OPTIMISER_FIELDS if field not in OPTIMISERS[name].fields]
        defaults: dict[str, Any] = {field: getattr(Recipe, field) for field in unused}
        return replace(self, optimiser=name, **defaults)

    def has_parameter(self, name: object) -> bool:
        """Whether the network has a parameter of this name, such as W1[0,1] or b2[0]."""
        return isinstance(name, str) and name in _parameter_names(self.sizes, self.bias)

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
        return {
            key: value
            for key, value in data.items()
            if key not in RARE or data[key] != _DEFAULTS[key]
        }

    def to_arguments(self) -> list[str]:
        """The command-line flags that give this recipe; none for the default."""
        arguments: list[str] = []
        for field, flag in FLAGS.items():
            value = getattr(self, field)
            if value == getattr(Recipe, field) or value == DATA:
                continue
            if field in SWITCHES:
                arguments += [flag if value else f"--no-{flag.removeprefix('--')}"]
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


_DEFAULTS: dict[str, Any] = {
    **{field.name: field.default for field in fields(Recipe)},
    "frozen": [],
    "flipped": [],
}
