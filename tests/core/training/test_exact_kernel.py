"""Stacked networks are trained to the very bits of the loop that trains one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import RecipeError
from xortui.core.training.exact_kernel import (
    LoneKernel,
    StackKernel,
    exact_kernel,
    is_trained_exactly,
    stacked_networks,
)
from xortui.core.training.kernel import training_loop

recipes = st.builds(
    Recipe,
    problem=st.sampled_from(["xor", "and", "x1", "parity3", "01101000", "parity4", "parity6"]),
    hidden=st.lists(st.integers(1, 12), min_size=1, max_size=4).map(tuple),
    activation=st.sampled_from(["sigmoid", "tanh", "relu"]),
    bias=st.booleans(),
    loss=st.sampled_from(["squared-error", "cross-entropy"]),
    init=st.sampled_from(["uniform", "symmetric", "xavier", "he", "zeros"]),
    learning_rate=st.sampled_from([0.01, 0.1, 1.0, 10.0, 1e6]),
)


def compare(recipe: Recipe, networks: int, steps: int) -> None:
    stacked, alone = exact_kernel(recipe, networks), training_loop(recipe)
    steps = min(steps, stacked.most_steps, alone.most_steps)
    starts = [Network(replace(recipe, seed=seed)).initial_parameters() for seed in range(networks)]
    together = stacked.run(7, np.array(starts), steps)
    assert (together.first, together.last) == (7, 7 + steps)
    for index, start in enumerate(starts):
        chunk = alone.run(7, start, steps)
        for name in ("parameters", "outputs", "losses"):
            found, expected = getattr(together, name)[:, index], getattr(chunk, name)
            assert np.array_equal(found, expected, equal_nan=True), (name, index)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(recipes, st.integers(1, 20), st.integers(1, 40))
@example(Recipe(), 256, 40)
@example(Recipe(problem="parity8", hidden=(64, 64), bias=True), 2, 3)
@example(Recipe(hidden=(64,), activation="tanh"), 3, 10)
@example(Recipe(frozen=("W1[0,0]", "W2[1,0]")), 5, 40)
def test_a_stack_is_trained_to_the_bits_of_each_network_alone(
    recipe: Recipe, networks: int, steps: int
) -> None:
    compare(recipe, networks, steps)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_recipe_with_a_mistake_is_trained_by_its_own_operations(mistake: str) -> None:
    try:
        recipe = Recipe(bias=True, loss="cross-entropy", hidden=(3, 3), mistake=mistake)
    except RecipeError:
        recipe = Recipe(hidden=(2, 2), mistake=mistake)
    assert is_trained_exactly(recipe)
    compare(recipe, stacked_networks(recipe), 10)


def test_a_chunk_goes_on_where_the_last_one_ended() -> None:
    recipe = Recipe(learning_rate=1.0)
    start = np.array([Network(replace(recipe, seed=seed)).initial_parameters() for seed in (1, 2)])
    kernel = StackKernel(recipe, 2)
    whole = kernel.run(0, start, 20).parameters[-1].copy()
    half = kernel.run(0, start, 10).parameters[-1].copy()
    assert np.array_equal(kernel.run(10, half, 10).parameters[-1], whole)


def test_small_networks_are_trained_exactly_only_where_they_have_to_be() -> None:
    assert not is_trained_exactly(Recipe())
    assert not is_trained_exactly(Recipe(hidden=(4, 4), bias=True))
    assert is_trained_exactly(Recipe(init="zeros"))
    assert is_trained_exactly(Recipe(problem="parity8", hidden=(32,)))
    assert isinstance(exact_kernel(Recipe(mistake="equal-start"), 8), StackKernel)
    assert isinstance(exact_kernel(Recipe(mistake="wrong-sign"), 1), LoneKernel)


def test_a_stack_of_large_networks_is_small() -> None:
    assert stacked_networks(Recipe()) == 256
    assert stacked_networks(Recipe(problem="parity8", hidden=(64, 64, 64, 64))) == 1
