"""Networks trained together with momentum end as each of them does alone."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.sweep.test_block import compare, compare_with_exact, trained
from tests.sample import examples
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_words import in_words
from xortui.core.sweep.batched_kernel import SweepKernel
from xortui.core.sweep.trust import (
    MAX_QUALITY,
    SHARE,
    SHARE_WITH_MOMENTUM,
    greatest_steepness,
)
from xortui.core.training.exact_kernel import TOGETHER, is_trained_exactly
from xortui.core.training.kernel import Kernel

CALM = [
    Recipe(optimiser="momentum"),
    Recipe(optimiser="momentum", momentum=0.5, hidden=(3, 2), bias=True, learning_rate=0.05),
    Recipe(optimiser="nesterov", learning_rate=0.05, frozen=("W1[0,0]",)),
    Recipe(optimiser="nesterov", loss="cross-entropy", bias=True, schedule="cosine"),
]

with_momentum = st.builds(
    Recipe,
    problem=st.sampled_from(["xor", "and", "parity3", "01101000"]),
    hidden=st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple),
    activation=st.sampled_from(["sigmoid", "tanh"]),
    bias=st.booleans(),
    loss=st.sampled_from(["squared-error", "cross-entropy"]),
    init=st.sampled_from(["uniform", "symmetric", "xavier", "he"]),
    optimiser=st.sampled_from(["momentum", "nesterov"]),
    momentum=st.sampled_from([0.0, 0.5, 0.9, 0.99]),
    schedule=st.sampled_from(["constant", "step", "cosine", "warmup"]),
    learning_rate=st.floats(-2.5, 0).map(lambda power: round(10**power, 5)),
)


@pytest.mark.slow
@examples(30)
@given(with_momentum, st.integers(0, 2**32 - 40), st.integers(200, 1500))
def test_training_together_finds_what_training_exactly_finds(
    recipe: Recipe, seed: int, steps: int
) -> None:
    compare_with_exact(recipe, range(seed, seed + 40), steps)


@pytest.mark.parametrize("recipe", CALM, ids=in_words)
def test_what_is_calm_is_trained_once_and_ends_as_it_does_in_the_app(recipe: Recipe) -> None:
    compare(recipe, range(4), 400)
    assert not trained(recipe, range(4), 400).is_exact.any()


def test_swings_that_hardly_fade_end_as_they_do_in_the_app() -> None:
    # Several of them, which mix chaotically, though the curvature is weak and the loss only falls.
    recipe = Recipe(
        problem="01101000",
        hidden=(2, 2),
        activation="tanh",
        optimiser="momentum",
        momentum=0.99,
        learning_rate=0.0142,
    )
    compare(recipe, [96034], 1500)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(optimiser="momentum", learning_rate=1.0),
        Recipe(optimiser="nesterov", learning_rate=0.3),
    ],
    ids=in_words,
)
def test_what_is_thrown_about_ends_as_it_does_in_the_app(recipe: Recipe) -> None:
    compare(recipe, range(3), 400)
    assert trained(recipe, range(3), 400).is_exact.all()


@pytest.mark.parametrize(
    "recipe", [*CALM, *(Recipe(optimiser=name) for name in TOGETHER)], ids=in_words
)
def test_an_update_is_the_fast_loops(recipe: Recipe) -> None:
    kernel, loop = SweepKernel(recipe, 8), Kernel(recipe)
    starts = Network(recipe).draw(range(8))
    kernel.parameters[...] = starts
    kernel.run(0, kernel.few_steps)
    kernel.run(kernel.few_steps, 3)
    for place in range(8):
        chunk = loop.run(0, starts[:, place].copy(), kernel.few_steps + 3)
        for found, expected in (
            (kernel.parameters, chunk.parameters),
            (kernel.update.kept, chunk.kept),
        ):
            assert found[:, place] == pytest.approx(expected[-1], rel=1e-9, abs=1e-15)


# -- where differences grow ----------------------------------------------------------------------


def grows(step: Callable[[np.ndarray], np.ndarray], size: int) -> bool:
    """Whether a linear step has a direction in which what it is given grows."""
    matrix = np.array([step(column) for column in np.eye(size)]).T
    return float(np.abs(np.linalg.eigvals(matrix)).max()) > 1


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9, 0.99])
def test_the_limits_are_those_of_a_quadratic(momentum: float) -> None:
    """With the parameter w and what is kept, v, and η c for the steepness; the gradient is c w."""

    def plain(steepness: float) -> bool:
        return grows(lambda w: w - steepness * w, 1)

    def velocity(steepness: float) -> bool:
        return grows(lambda s: velocity_step(s, steepness, ahead=False), 2)

    def nesterov(steepness: float) -> bool:
        return grows(lambda s: velocity_step(s, steepness, ahead=True), 2)

    def velocity_step(state: np.ndarray, steepness: float, ahead: bool) -> np.ndarray:
        w, v = state
        kept = momentum * v + steepness * w
        return np.array([w - (steepness * w + momentum * kept if ahead else kept), kept])

    nesterovs = Recipe(optimiser="nesterov", momentum=momentum)
    most = 2 * (1 + momentum) / (1 + 2 * momentum)
    trusted = min(SHARE_WITH_MOMENTUM * most, (MAX_QUALITY * (1 - momentum)) ** 2)
    assert greatest_steepness(nesterovs) == pytest.approx(trusted, rel=1e-12)
    for is_growing, limit in ((plain, greatest_steepness(Recipe()) / SHARE), (nesterov, most)):
        assert is_growing(1.001 * limit)
        assert not is_growing(0.999 * limit)
    assert not velocity(0.999 * most)
    momentums = greatest_steepness(replace(nesterovs, optimiser="momentum"))
    assert momentums == pytest.approx(trusted, rel=1e-12)


def test_what_is_trained_together() -> None:
    assert not any(map(is_trained_exactly, CALM))
    for recipe in CALM:
        assert is_trained_exactly(replace(recipe, batch=2))
    assert is_trained_exactly(Recipe(optimiser="momentum", activation="relu"))
    assert is_trained_exactly(Recipe(optimiser="momentum", weight_decay=0.01))
    for name in ("rmsprop", "adam", "adamw"):
        assert is_trained_exactly(Recipe(optimiser=name, learning_rate=0.001))
