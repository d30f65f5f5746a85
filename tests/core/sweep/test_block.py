"""Networks trained together end as each of them does alone."""

import pickle
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.sample import examples, some
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.analysis.ends import (
    DIVERGED,
    GOT_WORSE,
    KINDS,
    LOCAL_MINIMUM,
    LOST,
    OSCILLATES,
    PLATEAU,
    SADDLE,
    SOLVED,
    STILL_LEARNING,
)
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_words import in_words
from xortui.core.sweep import block as sweep_block
from xortui.core.sweep.block import NEVER, Block
from xortui.core.training.kernel import training_loop
from xortui.core.training.solved import GOAL
from xortui.core.training.trainer import Trainer

UNSOLVED = [
    57, 156, 158, 266, 273, 385, 512, 572, 602, 630, 670, 673, 687, 742, 760, 804, 902, 917, 923,
]  # fmt: skip


# Outputs near 1 are right to some 1e-15, so of losses below this no digits are known.
MIN_LOSS = 1e-20


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
            assert block.losses[index] == pytest.approx(loss, rel=1e-9, abs=MIN_LOSS), seed


def compare_with_exact(recipe: Recipe, seeds: range, steps: int) -> None:
    """The networks trained together, and all of them exactly."""
    together = trained(recipe, seeds, steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep_block, "is_trained_exactly", lambda recipe: True)
        exactly = trained(recipe, seeds, steps)
    assert exactly.is_exact.all()
    assert together.solved_at.tolist() == exactly.solved_at.tolist()
    assert together.diverged_at.tolist() == exactly.diverged_at.tolist()
    assert kinds(together) == kinds(exactly)
    for found, loss in zip(together.losses.tolist(), exactly.losses.tolist(), strict=True):
        assert found == pytest.approx(loss, rel=1e-9, abs=MIN_LOSS, nan_ok=True)


recipes = st.builds(
    Recipe,
    problem=st.sampled_from(["xor", "and", "x1", "false", "parity3", "01101000", "parity4"]),
    hidden=st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple),
    activation=st.sampled_from(["sigmoid", "tanh", "relu"]),
    bias=st.booleans(),
    loss=st.sampled_from(["squared-error", "cross-entropy"]),
    init=st.sampled_from(["uniform", "symmetric", "xavier", "he", "zeros"]),
    # Up to and over the edge of stability: rounding errors grow from about 0.1 to 1 on.
    learning_rate=st.floats(-2, 1.3).map(lambda power: round(10**power, 4)),
)


@pytest.mark.slow
@examples(50)
@given(recipes, st.integers(0, 2**32 - 4), st.integers(1, 300))
@example(Recipe(problem="parity8", hidden=(3,), bias=True, learning_rate=0.001), 0, 10)
@example(Recipe(hidden=(64, 64, 64, 64), learning_rate=1e-4), 5, 3)
@example(Recipe(problem="parity4", hidden=(32, 32), bias=True, learning_rate=1e-3), 5, 70)
@example(Recipe(mistake="equal-start"), 5, 70)
@example(Recipe(hidden=(1,), frozen=("W1[0,0]",)), 1, 100)
def test_every_recipe_ends_as_it_does_alone(recipe: Recipe, seed: int, steps: int) -> None:
    compare(recipe, range(seed, seed + 3), steps)


@pytest.mark.slow
@examples(25)
@given(recipes, st.integers(0, 2**32 - 40), st.integers(300, 1500))
def test_training_together_finds_what_training_exactly_finds(
    recipe: Recipe, seed: int, steps: int
) -> None:
    compare_with_exact(recipe, range(seed, seed + 40), steps)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("recipe", "seeds", "steps"),
    [
        # Above the edge of stability: thrown about for ever, or until they diverge.
        (Recipe(learning_rate=1.0), [11], 3000),
        (Recipe(learning_rate=3.0), [2, 9, 10, 11, 14], 3000),
        (Recipe(learning_rate=4.0), [0, 4, 5, 16, 22], 3000),
        (
            Recipe(problem="parity3", hidden=(3,), activation="tanh", learning_rate=0.2),
            [10, 13, 18, 25],
            1500,
        ),
        (
            Recipe(problem="parity3", hidden=(4,), activation="tanh", bias=True),
            [0, 3, 4, 6],
            1500,
        ),
        # Stable, but for a spell in which the curvature is strong: the loss only ever falls.
        (
            Recipe(
                hidden=(3, 2), bias=True, loss="cross-entropy", init="xavier", learning_rate=0.735
            ),
            [2034, 2084, 2087],
            300,
        ),
        # On a ridge that nothing but a rounding error leaves.
        (
            Recipe(
                hidden=(2, 2),
                activation="tanh",
                loss="cross-entropy",
                init="xavier",
                learning_rate=0.065,
            ),
            [4881, 4919],
            1000,
        ),
        # A spell that is over within some ten steps; the loss leaps up in it.
        (
            Recipe(
                hidden=(3, 2),
                activation="tanh",
                bias=True,
                loss="cross-entropy",
                init="he",
                learning_rate=0.562,
            ),
            [2701],
            3000,
        ),
        (
            Recipe(
                problem="parity3",
                hidden=(4, 3, 1),
                activation="tanh",
                bias=True,
                loss="cross-entropy",
                init="he",
                learning_rate=0.0729,
            ),
            [15420],
            60,
        ),
        # Thrown about where a sum of losses is large, and the curvature is weak now and then.
        (
            Recipe(
                problem="parity3",
                hidden=(2, 3),
                activation="tanh",
                loss="cross-entropy",
                learning_rate=0.6781,
            ),
            [62941],
            100,
        ),
        # ReLU's sum comes down to 0 without end, so that a rounding error switches the unit off.
        (
            Recipe(
                problem="parity4", hidden=(1,), activation="relu", init="he", learning_rate=0.0374
            ),
            [39444],
            2000,
        ),
        # Equal units, which stay equal or not by the last bit.
        (Recipe(hidden=(5,), bias=True, init="zeros", learning_rate=0.5), [0], 3000),
    ],
)
def test_where_the_last_digits_matter_a_network_ends_as_it_does_in_the_app(
    recipe: Recipe, seeds: list[int], steps: int
) -> None:
    compare(recipe, seeds, steps)
    assert trained(recipe, seeds, steps).is_exact.all()


@pytest.mark.slow
@pytest.mark.parametrize(
    "recipe",
    some(
        [
            Recipe(),
            Recipe(learning_rate=0.2),
            Recipe(hidden=(3,)),
            Recipe(hidden=(4,)),
            Recipe(loss="cross-entropy", learning_rate=0.1, bias=True),
            Recipe(bias=True),
        ],
        2,
        in_words,
    ),
)
def test_what_is_stable_is_trained_once(recipe: Recipe) -> None:
    assert trained(recipe, range(200), 10_000).is_exact.sum() <= 1


def test_a_network_that_solves_in_a_tie_is_left_to_the_exact_kernel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe, steps = Recipe(), 3000
    plain = trained(recipe, range(6), steps)
    assert not plain.is_exact.any()
    monkeypatch.setattr(sweep_block, "TIE", 0.5)
    tied = trained(recipe, range(6), steps)
    assert (tied.is_exact == ((plain.solved_at != NEVER) | (plain.losses < 1.5 * GOAL))).all()
    assert tied.is_exact.any()
    assert tied.solved_at.tolist() == plain.solved_at.tolist()


def test_a_network_that_was_solved_and_has_lost_it_is_not_called_solved() -> None:
    recipe = Recipe(learning_rate=3.0)
    block = trained(recipe, range(60), 3000)
    lost = (block.solved_at != NEVER) & (block.losses > GOAL) & (block.diverged_at == NEVER)
    assert lost.any()
    (seed, *_) = np.flatnonzero(lost).tolist()
    compare(recipe, [seed], 3000)
    assert [KINDS[code] == LOST for code in block.kinds] == lost.tolist()
    solved = [KINDS[code] == SOLVED for code in block.kinds]
    assert solved == block.is_solved.tolist() == (block.losses < GOAL).tolist()


def test_every_tanh_network_that_steps_too_far_has_lost_what_it_had_solved() -> None:
    block = trained(Recipe(activation="tanh", learning_rate=0.3), range(20), 6000)
    assert kinds(block) == [LOST] * 20
    for seed in (0, 7, 19):
        trainer = Trainer(Recipe(activation="tanh", learning_rate=0.3, seed=seed))
        trainer.step(6000)
        assert trainer.solved_at == block.solved_at[seed]
        assert not trainer.snapshot().solved


@pytest.mark.slow
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
    assert (block.reached == block.diverged_at).all()
    assert (block.reached < 1000).all()
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
        Network, "draw", lambda network, seeds: np.repeat(vector[:, np.newaxis], len(seeds), axis=1)
    )
    block = trained(recipe, [0, 1], 50)
    losses = training_loop(recipe).run(0, vector, 50).losses
    assert block.is_exact.all()
    assert block.losses.tolist() == [losses[-1]] * 2


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


def test_a_slice_does_a_little_and_then_stops() -> None:
    block = Block(Recipe(), np.arange(2000))
    for _ in range(3):
        block.advance(10**6, 0.0)
    assert block.spent == 0  # only some weights have been drawn
    while not block.reached.any():
        block.advance(10**6, 0.0)
    before = block.reached.copy()
    block.advance(10**6, 0.0)
    assert (block.reached - before > 0).all()
    assert (block.reached - before <= 64).all()


def test_the_work_left_shrinks_as_work_is_spent() -> None:
    block = Block(Recipe(learning_rate=1.0), np.arange(200))
    left = []
    while not block.finished:
        block.advance(200, 0.0)
        left.append(block.left(200))
    # It grows once: when it turns out that all of them have to be trained exactly.
    assert sum(after > before for before, after in pairwise(left)) <= 1
    assert left[-1] == 0
    assert block.spent > 200 * 200


def test_a_block_goes_on_after_it_was_pickled() -> None:
    block = Block(Recipe(learning_rate=1.0), np.arange(20))
    while not block.finished:
        block.advance(300, 0.0)
        block = pickle.loads(pickle.dumps(block))
    whole = trained(Recipe(learning_rate=1.0), range(20), 300)
    assert block.losses.tolist() == whole.losses.tolist()
    assert block.solved_at.tolist() == whole.solved_at.tolist()


@pytest.mark.slow
def test_the_kinds_of_end_are_told_apart() -> None:
    assert kinds(trained(Recipe(), [0, 156], 10_000)) == [SOLVED, PLATEAU]
    assert kinds(trained(Recipe(), [0], 1000)) == [STILL_LEARNING]
    # With too large steps XOR's networks come to rest where three outputs are 2/3: loss 1/12.
    resting = trained(Recipe(learning_rate=0.5), range(3), 10_000)
    assert kinds(resting) == [LOCAL_MINIMUM] * 3
    assert resting.losses == pytest.approx(1 / 12, abs=3e-4)
    # Equal weights stay equal; every output comes to 1/2 and stays there.
    assert kinds(trained(Recipe(init="zeros"), [0], 2000)) == [PLATEAU]
    # ReLU's units can all be dead: every output 0, no gradient at all, loss 1/4. A ReLU's ground
    # has no curvature that would say more.
    dead = trained(Recipe(activation="relu", init="he"), range(30), 2000)
    losses = dead.losses[dead.kinds == KINDS.index(PLATEAU)]
    assert np.isclose(losses, 0.25).any()
    assert LOCAL_MINIMUM not in kinds(dead)


# Of seeds 5000 to 5199 these rest at loss 1/4. Twelve of them are solved by 60,000.
RESTING = [
    5025, 5038, 5042, 5051, 5061, 5068, 5075, 5123, 5139, 5141, 5158, 5165, 5167, 5174, 5177, 5184,
    5194,
]  # fmt: skip


@pytest.mark.slow
def test_where_a_direction_leads_down_a_network_at_rest_is_at_a_saddle() -> None:
    recipe = Recipe(learning_rate=1.5)
    assert kinds(trained(recipe, RESTING, 6000)) == [SADDLE] * len(RESTING)
    later = trained(recipe, RESTING, 60_000)
    assert kinds(later).count(SOLVED) == 12
    assert set(kinds(later)) == {SOLVED, SADDLE}
    parity = Recipe(problem="parity3", hidden=(4,), bias=True, learning_rate=0.2)
    assert LOCAL_MINIMUM not in kinds(trained(parity, range(60), 6000))


@pytest.mark.slow
def test_a_loss_above_that_at_the_start_is_not_still_learning() -> None:
    worse = trained(Recipe(mistake="wrong-sign"), range(4), 100)
    assert kinds(worse) == [GOT_WORSE] * 4
    thrown = trained(Recipe(learning_rate=3.0), range(100), 3000)
    assert OSCILLATES in kinds(thrown)
    recipes = (Recipe(learning_rate=3.0, seed=seed) for seed in range(100))
    starts = np.array([Trainer(recipe).snapshot().loss for recipe in recipes])
    learning = thrown.kinds == KINDS.index(STILL_LEARNING)
    assert (thrown.losses[learning] <= starts[learning]).all()


@pytest.mark.slow
@examples(15)
@given(recipes, st.integers(0, 2**32 - 40), st.integers(1200, 2500))
def test_a_sweep_and_the_status_line_say_the_same(recipe: Recipe, seed: int, steps: int) -> None:
    block = trained(recipe, range(seed, seed + 3), steps)
    for index, kind in enumerate(kinds(block)):
        trainer = Trainer(replace(recipe, seed=seed + index))
        trainer.step(steps)
        snapshot = trainer.snapshot()
        said = [item.kind for item in diagnose(snapshot) if item.kind in KINDS]
        if snapshot.solved or snapshot.diverged or kind == LOST:
            assert kind == said[0]
        for at_rest in {PLATEAU, SADDLE, LOCAL_MINIMUM} & set(said):
            assert kind == at_rest
        assert kind in (
            *said,
            GOT_WORSE,
            STILL_LEARNING,
            OSCILLATES,
            PLATEAU,
            SADDLE,
            LOCAL_MINIMUM,
        )


def test_judging_many_is_done_in_slices() -> None:
    block = Block(Recipe(learning_rate=0.01), np.arange(2_000))
    while not block.reached.all():
        block.advance(1, 0.0)
    slices = 0
    while not block.finished:
        block.advance(1, 0.0)
        slices += 1
    assert slices > 4


@pytest.mark.slow
def test_the_19_seeds_that_are_not_solved_by_10_000_steps_and_what_becomes_of_them() -> None:
    early = trained(Recipe(), UNSOLVED, 10_000)
    assert (early.solved_at == NEVER).all()
    late = trained(Recipe(), UNSOLVED, 100_000)
    ends = dict(zip(UNSOLVED, kinds(late), strict=True))
    assert {seed for seed, kind in ends.items() if kind == PLATEAU} == {156, 673, 760}
    minima = {seed for seed, kind in ends.items() if kind == LOCAL_MINIMUM}
    assert minima == {266, 630, 742, 902, 917}
    assert list(ends.values()).count(SOLVED) == 992 - 981
