"""Hypothesis strategies for recipes, parameters and edits."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from xortui.core.model.functions import Array
from xortui.core.model.mistakes import EQUAL_START, MISTAKES
from xortui.core.model.network import Network
from xortui.core.model.optimisers import OPTIMISERS
from xortui.core.model.problem import GATES
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import MAX_SEED
from xortui.core.model.schedules import CONSTANT, SCHEDULES
from xortui.core.model.tables import ACTIVATIONS, INITIALISERS, LOSSES
from xortui.core.training.edit import Edit

SMALL = 5  # units in a layer where the size is not what a test is about


def tables(most_bits: int) -> st.SearchStrategy[str]:
    """Labels written out, for 2 to `most_bits` bits."""
    return st.integers(2, most_bits).flatmap(
        lambda bits: st.text("01", min_size=2**bits, max_size=2**bits)
    )


def problems(most_bits: int = 8) -> st.SearchStrategy[str]:
    """Gates, parities and tables."""
    parities = [f"parity{bits}" for bits in range(2, most_bits + 1)]
    return st.sampled_from([*GATES, *parities]) | tables(most_bits)


def learning_rates(greatest: float = 1e6) -> st.SearchStrategy[float]:
    """Usual ones more often than others."""
    usual = [rate for rate in (0.01, 0.1, 0.5, 1.0, 10.0) if rate <= greatest]
    return st.sampled_from(usual) | st.floats(1e-6, greatest)


def mistakes(recipe: Recipe) -> st.SearchStrategy[str | None]:
    """None, or a mistake that this recipe can have."""
    possible = [name for name in MISTAKES if not MISTAKES[name].obstacle(recipe.setting)]
    return st.none() | st.sampled_from(possible)


@st.composite
def optimisers(draw: st.DrawFn, recipe: Recipe) -> Recipe:
    """The recipe with any optimiser, and any numbers that mean something for it."""
    name = draw(st.sampled_from(tuple(OPTIMISERS)))
    shares = st.sampled_from([0.0, 0.5, 0.9, 0.999]) | st.floats(0, 0.999)
    numbers = {"momentum": shares, "beta2": shares, "epsilon": st.sampled_from([1e-8, 1e-3])}
    fields: dict[str, Any] = {field: draw(numbers[field]) for field in OPTIMISERS[name].fields}
    return replace(recipe, optimiser=name, **fields)


@st.composite
def decays(draw: st.DrawFn, recipe: Recipe) -> Recipe:
    """The recipe with any decay; often with none."""
    sizes = st.sampled_from([0.0, 0.0, 0.001, 0.1]) | st.floats(0, 0.5)
    return replace(recipe, weight_decay=draw(st.none() | sizes), l1=draw(sizes))


def schedules() -> st.SearchStrategy[str]:
    """Any schedule; often none."""
    names = st.sampled_from(tuple(SCHEDULES))
    lengths = st.sampled_from([1, 3, 10, 100, 10_000])
    return st.just(CONSTANT) | st.builds("{}:{}".format, names, lengths)


@st.composite
def batches(draw: st.DrawFn, recipe: Recipe) -> Recipe:
    """The recipe with any batches and any schedule; often with none."""
    rows = len(recipe.table.labels)
    batch = draw(st.none() | st.integers(1, rows))
    shuffle = draw(st.booleans()) and batch not in (None, rows)
    return replace(recipe, batch=batch, shuffle=shuffle, schedule=draw(schedules()))


@st.composite
def recipes(
    draw: st.DrawFn,
    most_bits: int = 8,
    most_units: int = 64,
    activations: tuple[str, ...] = tuple(ACTIVATIONS),
    greatest_rate: float = 1e6,
    with_frozen: bool = True,
    with_mistakes: bool = False,
    with_optimisers: bool = True,
) -> Recipe:
    """Any recipe, some of its parameters frozen; small layers more often than large ones."""
    units = st.integers(1, min(SMALL, most_units)) | st.integers(1, most_units)
    recipe = Recipe(
        problem=draw(problems(most_bits)),
        hidden=tuple(draw(st.lists(units, min_size=1, max_size=4))),
        activation=draw(st.sampled_from(activations)),
        bias=draw(st.booleans()),
        loss=draw(st.sampled_from(tuple(LOSSES))),
        init=draw(st.sampled_from(tuple(INITIALISERS))),
        seed=draw(st.integers(0, MAX_SEED)),
        learning_rate=draw(learning_rates(greatest_rate)),
    )
    if with_optimisers:
        recipe = draw(batches(draw(decays(draw(optimisers(recipe))))))
    if with_mistakes:
        recipe = replace(recipe, mistake=draw(mistakes(recipe)))
    if not with_frozen or draw(st.booleans()):
        return recipe
    names = st.sampled_from(Network(recipe).names)
    return replace(recipe, frozen=tuple(draw(st.lists(names, max_size=4, unique=True))))


@st.composite
def parameters(draw: st.DrawFn, recipe: Recipe, spread: float = 2.0) -> Array:
    """Parameters away from where a recipe starts, biases included: normal, of this deviation."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    vector: Array = random.normal(scale=spread, size=Network(recipe).size)
    return vector


@st.composite
def edits(draw: st.DrawFn, recipe: Recipe) -> Edit:
    """Any edit that a run of this recipe can take."""
    name = st.sampled_from(Network(recipe).names)
    row_count = len(recipe.table.labels)
    row = st.integers(0, row_count - 1)
    value = st.floats(-5, 5)
    mistake = mistakes(recipe).filter(lambda name: name != EQUAL_START)
    # One of the mistakes can be made with plain SGD only: no other edit makes it impossible.
    optimiser = st.sampled_from(tuple(OPTIMISERS) if recipe.mistake != "early-update" else ("sgd",))
    mistake = mistake.filter(lambda name: name != "early-update")
    edit: Edit = draw(
        st.one_of(
            st.builds(Edit, st.just("learning_rate"), st.none(), learning_rates(50.0)),
            st.builds(Edit, st.just("optimiser"), optimiser),
            st.builds(Edit, st.sampled_from(("weight_decay", "l1")), st.none(), st.floats(0, 0.5)),
            st.builds(Edit, st.just("batch"), st.none() | st.integers(1, row_count)),
            st.builds(Edit, st.just("schedule"), schedules()),
            st.builds(Edit, st.just("weight"), name, value),
            st.builds(Edit, st.just("label"), row),
            st.builds(Edit, st.sampled_from(("freeze", "free")), name),
            st.builds(Edit, st.just("noise"), st.integers(0, MAX_SEED), st.floats(1e-6, 2)),
            st.builds(Edit, st.just("mistake"), mistake),
        )
    )
    return edit
