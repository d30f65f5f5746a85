"""Networks trained together end as each of them does alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xortui.core import sweep_block
from xortui.core.network import Network
from xortui.core.recipe import Recipe
from xortui.core.sweep_block import (
    DIVERGED,
    KINDS,
    LOCAL_MINIMUM,
    NEVER,
    PLATEAU,
    SOLVED,
    STILL_LEARNING,
    Block,
)
from xortui.core.sweep_kernel import draw_parameters
from xortui.core.trainer import Trainer

UNSOLVED = [
    57, 156, 158, 266, 273, 385, 512, 572, 602, 630, 670, 673, 687, 742, 760, 804, 902, 917, 923,
]  # fmt: skip


# Outputs near 1 are right to about 1e-16, so of losses below this no digits are known.
LEAST_LOSS = 1e-20


def trained(recipe: Recipe, seeds: range | list[int], steps: int) -> Block:
    block = Block(recipe, np.array(seeds, dtype=np.int64))
    while not block.finished:
        block.advance(steps, 0.1)
    return block


def kinds(block: Block) -> list[str]:
    return [KINDS[code] for code in block.kinds]


def alone(recipe: Recipe, steps: int) -> tuple[int, int, float]:
    """First step solved, first step diverged, loss at the end: as the app would have it."""
    trainer = Trainer(recipe)
    trainer.step(steps)
    found = [NEVER if at is None else at for at in (trainer.solved_at, trainer.diverged_at)]
    return found[0], found[1], trainer.snapshot().loss


def compare(recipe: Recipe, seeds: range | list[int], steps: int) -> None:
    block = trained(recipe, seeds, steps)
    for index, seed in enumerate(seeds):
        solved_at, diverged_at, loss = alone(replace(recipe, seed=seed), steps)
        assert block.solved_at[index] == solved_at, seed
        assert block.diverged_at[index] == diverged_at, seed
        if diverged_at == NEVER:
            assert block.losses[index] == pytest.approx(loss, rel=1e-9, abs=LEAST_LOSS), seed


recipes = st.builds(
    Recipe,
    problem=st.sampled_from(["xor", "and", "x1", "false", "parity3", "01101000", "parity4"]),
    hidden=st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple),
    activation=st.sampled_from(["sigmoid", "tanh", "relu"]),
    bias=st.booleans(),
    loss=st.sampled_from(["squared-error", "cross-entropy"]),
    init=st.sampled_from(["uniform", "symmetric", "xavier", "he", "zeros"]),
    learning_rate=st.sampled_from([0.003, 0.01, 0.03]),
)


@settings(max_examples=60, deadline=None)
@given(recipes, st.integers(0, 2**32 - 4), st.integers(1, 150))
@example(Recipe(problem="parity8", hidden=(3,), bias=True, learning_rate=0.001), 0, 10)
@example(Recipe(hidden=(64, 64, 64, 64), learning_rate=1e-4), 5, 3)
@example(Recipe(problem="parity4", hidden=(32, 32), bias=True, learning_rate=1e-3), 5, 70)
@example(Recipe(mistake="equal-start"), 5, 70)
@example(Recipe(hidden=(1,), frozen=("W1[0,0]",)), 1, 100)
def test_every_recipe_ends_as_it_does_alone(recipe: Recipe, seed: int, steps: int) -> None:
    compare(recipe, range(seed, seed + 3), steps)


@pytest.mark.parametrize(
    ("recipe", "steps"),
    [
        (Recipe(), 3000),
        (Recipe(bias=True, activation="tanh", init="xavier", hidden=(4,)), 1500),
        (Recipe(loss="cross-entropy", bias=True, hidden=(3,), learning_rate=0.5), 1500),
        (Recipe(activation="relu", init="he", hidden=(4, 4), bias=True), 800),
        (Recipe(problem="and", bias=True), 2500),
        (Recipe(problem="parity3", hidden=(9,), bias=True, init="he", learning_rate=0.02), 2500),
    ],
)
def test_the_first_solved_step_is_the_one_that_the_app_finds(recipe: Recipe, steps: int) -> None:
    compare(recipe, range(4), steps)
    assert (trained(recipe, range(4), steps).solved_at != NEVER).any()


@pytest.mark.parametrize(("learning_rate", "step"), [(5.0, 869), (10.0, 255), (100.0, 92)])
def test_seed_0_diverges_at_the_references_step(learning_rate: float, step: int) -> None:
    block = trained(Recipe(learning_rate=learning_rate), [0, 1], 1000)
    assert block.diverged_at[0] == step
    assert kinds(block)[0] == DIVERGED
    assert not np.isfinite(block.losses[0])


def test_divergence_is_found_at_the_step_where_the_app_finds_it() -> None:
    compare(Recipe(learning_rate=10.0), range(8), 400)
    # Chaotic for hundreds of steps before, so that the last bit of a sum moves the step.
    chaotic = Recipe(problem="parity3", hidden=(6,), activation="tanh", bias=True)
    (_, diverged_at, _) = alone(replace(chaotic, seed=1), 1500)
    assert trained(chaotic, [1], 1500).diverged_at[0] == diverged_at != NEVER
    compare(Recipe(activation="relu", init="he", learning_rate=3.0), range(6), 100)
    compare(Recipe(activation="tanh", bias=True, learning_rate=2.0, hidden=(3, 3)), range(4), 300)
    relu = Recipe(activation="relu", loss="cross-entropy", learning_rate=1e6, hidden=(4, 4))
    compare(relu, range(6), 60)


def test_a_block_of_diverged_networks_ends_early_and_the_others_go_on() -> None:
    block = trained(Recipe(learning_rate=10.0), range(3), 10**9)
    assert kinds(block) == [DIVERGED] * 3
    assert block.step < 1000
    recipe = Recipe(activation="tanh", hidden=(8,), learning_rate=0.5)
    mixed = trained(recipe, range(20), 200)
    assert 0 < kinds(mixed).count(DIVERGED) < 20
    for seed in range(20):
        _, diverged_at, _ = alone(replace(recipe, seed=seed), 200)
        assert mixed.diverged_at[seed] == diverged_at


def test_weights_too_large_for_products_of_exponentials_are_left_to_the_exact_kernel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = Recipe(learning_rate=1e-3)
    vector = np.array([800.0, 1.0, -801.0, 1.0, 0.5, 0.5])
    monkeypatch.setattr(
        sweep_block,
        "draw_parameters",
        lambda network, seeds: np.repeat(vector[:, np.newaxis], len(seeds), axis=1),
    )
    block = trained(recipe, [0, 1], 50)
    network = Network(recipe)
    for _ in range(50):
        results = network.evaluate(vector).results
        updated = {r.operation.target: r.value for r in results if r.operation.phase == "update"}
        vector = np.concatenate([updated[name].ravel() for name in ("W1", "W2")])
    assert (block.diverged_at == NEVER).all()
    np.testing.assert_allclose(block.parameters[:, 0], vector, rtol=1e-9)


def test_a_loss_below_the_goal_with_a_wrong_row_is_not_solved() -> None:
    # Zeros with ReLU answer 0 to everything for ever, which is wrong in one row of 128 only.
    recipe = Recipe(problem="0" * 127 + "1", activation="relu", init="zeros")
    compare(recipe, range(2), 20)
    block = trained(recipe, [0], 20)
    assert block.losses[0] == 0.5 / 128
    assert block.solved_at[0] == NEVER
    assert kinds(block) != [SOLVED]


def test_where_a_network_stands_in_a_block_does_not_change_it() -> None:
    recipe = Recipe(hidden=(3, 2), bias=True, learning_rate=1.5)
    together = trained(recipe, range(19), 200)
    for seeds in ([4], [11, 4], range(3, 9)):
        apart = trained(recipe, seeds, 200)
        index = list(seeds).index(4)
        assert apart.losses[index] == together.losses[4]


@pytest.mark.parametrize("init", ["uniform", "symmetric", "xavier", "he", "zeros"])
def test_seeds_draw_what_a_run_alone_draws(init: str) -> None:
    recipe = Recipe(init=init, hidden=(3, 2), bias=True)
    seeds = [0, 1, 77, 2**32 - 1]
    drawn = draw_parameters(Network(recipe), seeds)
    for column, seed in enumerate(seeds):
        expected = Network(replace(recipe, seed=seed)).initial_parameters()
        assert np.array_equal(drawn[:, column], expected)


def test_a_slice_does_a_little_and_then_stops() -> None:
    block = Block(Recipe(), np.arange(500))
    block.advance(10**6, 0.0)
    assert 0 < block.drawn < 500
    while block.drawn < 500:
        block.advance(10**6, 0.0)
    before = block.step
    block.advance(10**6, 0.0)
    assert 0 < block.step - before <= 64


def test_the_kinds_of_end_are_told_apart() -> None:
    assert kinds(trained(Recipe(), [0, 156], 10_000)) == [SOLVED, PLATEAU]
    assert kinds(trained(Recipe(), [0], 1000)) == [STILL_LEARNING]
    # With too large steps XOR's networks come to rest where three outputs are 2/3: loss 1/12.
    resting = trained(Recipe(learning_rate=0.5), range(3), 10_000)
    assert kinds(resting) == [LOCAL_MINIMUM] * 3
    assert resting.losses == pytest.approx(1 / 12, abs=3e-4)
    # Equal weights stay equal; every output comes to 1/2 and stays there.
    assert kinds(trained(Recipe(init="zeros"), [0], 2000)) == [PLATEAU]
    # ReLU's units can all be dead: every output 0, no gradient at all, loss 1/4.
    dead = trained(Recipe(activation="relu", init="he"), range(30), 2000)
    losses = dead.losses[dead.kinds == KINDS.index(LOCAL_MINIMUM)]
    assert np.isclose(losses, 0.25).any()


def test_the_19_seeds_that_are_not_solved_by_10_000_steps_and_what_becomes_of_them() -> None:
    early = trained(Recipe(), UNSOLVED, 10_000)
    assert (early.solved_at == NEVER).all()
    late = trained(Recipe(), UNSOLVED, 100_000)
    ends = dict(zip(UNSOLVED, kinds(late), strict=True))
    assert {seed for seed, kind in ends.items() if kind == PLATEAU} == {156, 673, 760}
    minima = {seed for seed, kind in ends.items() if kind == LOCAL_MINIMUM}
    assert minima == {266, 630, 742, 902, 917}
    assert list(ends.values()).count(SOLVED) == 992 - 981
