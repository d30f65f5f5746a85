"""The fast loop: equal to the readable network, and to the plain loop, to the bit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.core import reference
from tests.core.recipes import parameters, recipes
from tests.sample import examples
from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.kernel import MAX_ROWS, Kernel


def same_bits(left: Array, right: Array) -> bool:
    """Equal to the bit, the sign of zero included; one NaN is like another."""
    is_nan = np.isnan(left)
    if left.shape != right.shape or not np.array_equal(is_nan, np.isnan(right)):
        return False
    return bool(np.array_equal(left[~is_nan].view(np.int64), right[~is_nan].view(np.int64)))


def test_same_bits_can_tell() -> None:
    assert same_bits(np.array([1.0, np.nan]), np.array([1.0, -np.nan]))
    assert not same_bits(np.array([0.0]), np.array([-0.0]))
    assert not same_bits(np.array([0.1 + 0.2]), np.array([0.3]))
    assert not same_bits(np.array([np.nan]), np.array([1.0]))
    assert not same_bits(np.array([1.0]), np.array([1.0, 1.0]))


@pytest.mark.slow
@examples(200)
@given(st.sampled_from([4, 8, 16, 32, 64, 128, 256]), st.integers(1, 40), st.data())
def test_the_sum_over_the_rows_divided_is_the_mean_to_the_bit(
    rows: int, steps: int, data: st.DataObject
) -> None:
    """One step's L / N, as the network says it, and the kernel's means of a chunk."""
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    spread = 10.0 ** random.uniform(-300, 300, (steps, 1))
    losses = random.exponential(size=(steps, rows)) * spread
    with np.errstate(all="ignore"):
        means = losses.mean(axis=1)
        for step in range(steps):
            column = losses[step].reshape(-1, 1).copy()
            assert same_bits(np.asarray(column.sum() / rows), np.asarray(column.mean()))
            assert same_bits(np.asarray(column.sum() / rows), means[step])


# -- the reference -------------------------------------------------------------------------------


def reference_run() -> reference.PlainRun:
    """The default recipe through the kernel, in the shape of the plain loop's run."""
    kernel = Kernel(Recipe())
    vector = Network(Recipe()).initial_parameters()
    weights, losses, outputs, step = [vector[np.newaxis]], [], [], 0
    while step < reference.STEPS:
        count = min(kernel.most_steps, reference.STEPS - step)
        chunk = kernel.run(step, vector, count)
        assert (chunk.first, chunk.last) == (step, step + count)
        weights.append(chunk.parameters[1:].copy())
        losses.append(chunk.losses[:-1].copy())
        outputs.append(chunk.outputs[:-1].copy())
        vector, step = chunk.parameters[-1].copy(), chunk.last
    return reference.PlainRun(
        np.concatenate(weights), np.concatenate(losses), np.concatenate(outputs)
    )


@pytest.mark.slow
def test_ten_thousand_steps_are_the_plain_loop_bit_for_bit() -> None:
    found, plain = reference_run(), reference.plain_run()
    assert found.weights.tobytes() == plain.weights.tobytes()
    assert found.losses.tobytes() == plain.losses.tobytes()
    assert found.outputs.tobytes() == plain.outputs.tobytes()


def test_figures_of_the_reference() -> None:
    found = reference_run()
    for step, loss in reference.LOSSES.items():
        assert found.losses[step] == pytest.approx(loss, rel=1e-12, abs=0)
    assert tuple(found.outputs[-1].round(8)) == reference.LAST_OUTPUTS
    views = Network(Recipe()).views(found.weights[-1])
    assert views["W1"].round(8).tolist() == [list(row) for row in reference.W_HIDDEN]
    assert views["W2"].round(8).tolist() == [list(row) for row in reference.W_OUTPUT]


@pytest.mark.parametrize(("seed", "learning_rate"), [(1, 0.1), (57, 0.5), (266, 0.05), (0, 1.0)])
def test_other_seeds_and_rates_are_the_plain_loop_too(seed: int, learning_rate: float) -> None:
    plain = reference.plain_run(MAX_ROWS, seed, learning_rate)
    recipe = Recipe(seed=seed, learning_rate=learning_rate)
    chunk = Kernel(recipe).run(0, Network(recipe).initial_parameters(), MAX_ROWS)
    assert chunk.parameters.tobytes() == plain.weights.tobytes()
    assert chunk.losses[:-1].tobytes() == plain.losses.tobytes()


# -- the readable network ------------------------------------------------------------------------


def assert_equal_to_the_network(recipe: Recipe, vector: Array, steps: int) -> None:
    network, kernel = Network(recipe), Kernel(recipe)
    kept = network.initial_kept()
    chunk = kernel.run(0, vector, min(steps, kernel.most_steps))
    for step in range(chunk.last + 1):
        evaluation = network.evaluate(vector, kept=kept, step=step)
        values = evaluation.values
        assert same_bits(chunk.parameters[step], vector), f"parameters at step {step}"
        assert same_bits(chunk.kept[step], kept), f"what is kept at step {step}"
        assert same_bits(chunk.outputs[step], values["yhat"][:, 0]), f"outputs at step {step}"
        assert same_bits(chunk.losses[step], values["loss"]), f"loss at step {step}"
        vector, kept = network.updated(evaluation), network.updated_kept(evaluation)


@pytest.mark.slow
@examples(100)
@given(recipes(), st.integers(0, 8))
@example(Recipe("parity8", (64, 64, 64, 64), "tanh", True, "cross-entropy", "xavier"), 5)
@example(Recipe("parity8", (1,), "relu", True, "squared-error", "he"), 5)
@example(Recipe("parity5", (1, 64, 1, 63), "sigmoid", True), 5)
@example(Recipe(init="zeros", activation="relu"), 5)
@example(Recipe(init="zeros", activation="relu", bias=True), 5)
@example(Recipe(learning_rate=1e6, activation="tanh"), 8)  # diverges within these steps
@example(Recipe(frozen=("W1[0,0]", "W2[1,0]")), 8)
def test_kernel_is_the_network_bit_for_bit(recipe: Recipe, steps: int) -> None:
    assert_equal_to_the_network(recipe, Network(recipe).initial_parameters(), steps)


@pytest.mark.slow
@examples(60)
@given(st.data())
def test_kernel_is_the_network_from_any_parameters(data: st.DataObject) -> None:
    """Biases and hidden weights of every sign, which no initialisation has."""
    recipe = data.draw(recipes(most_bits=5, most_units=20))
    spread = data.draw(st.sampled_from((0.1, 1.0, 30.0)))
    assert_equal_to_the_network(recipe, data.draw(parameters(recipe, spread)), 4)


@pytest.mark.parametrize("learning_rate", reference.DIVERGENCE)
def test_kernel_is_the_network_into_divergence(learning_rate: float) -> None:
    recipe = Recipe(learning_rate=learning_rate)
    network = Network(recipe)
    vector = network.initial_parameters()
    for _ in range(reference.DIVERGENCE[learning_rate] - 20):
        vector = network.updated(network.evaluate(vector))
    assert_equal_to_the_network(recipe, vector, 40)


@pytest.mark.slow
@examples(30)
@given(recipes(most_bits=3, most_units=6, greatest_rate=1.0), st.lists(st.integers(0, 30)))
def test_chunks_of_any_sizes_give_the_same_steps(recipe: Recipe, sizes: list[int]) -> None:
    kernel, total = Kernel(recipe), sum(sizes)
    vector, kept = Network(recipe).initial_parameters(), Network(recipe).initial_kept()
    at_once = Kernel(recipe).run(0, vector, min(total, MAX_ROWS))
    step = 0
    for size in sizes:
        if step + size > MAX_ROWS:
            break
        chunk = kernel.run(step, vector, size, kept)
        assert same_bits(chunk.parameters, at_once.parameters[step : step + size + 1])
        assert same_bits(chunk.losses, at_once.losses[step : step + size + 1])
        vector, kept, step = chunk.parameters[-1].copy(), chunk.kept[-1].copy(), chunk.last


# -- chunks --------------------------------------------------------------------------------------


def test_a_chunk_of_no_steps_is_the_step_itself() -> None:
    vector = Network(Recipe()).initial_parameters()
    chunk = Kernel(Recipe()).run(7, vector, 0)
    assert (chunk.first, chunk.last) == (7, 7)
    assert chunk.parameters.tolist() == [vector.tolist()]
    assert chunk.losses.tolist() == [reference.plain_run().losses[0]]


def test_a_shortened_chunk_is_its_beginning() -> None:
    chunk = Kernel(Recipe()).run(100, Network(Recipe()).initial_parameters(), 10)
    short = chunk.head(4)
    assert (short.first, short.last) == (100, 104)
    assert short.parameters.tolist() == chunk.parameters[:5].tolist()
    assert short.outputs.tolist() == chunk.outputs[:5].tolist()
    assert short.losses.tolist() == chunk.losses[:5].tolist()


def test_the_parameters_given_are_left_alone() -> None:
    vector = Network(Recipe()).initial_parameters()
    before = vector.tolist()
    Kernel(Recipe()).run(0, vector, 50)
    assert vector.tolist() == before


def test_frozen_parameters_do_not_move() -> None:
    recipe = replace(Recipe(bias=True), frozen=("W1[1,0]", "b1[1]", "W2[0,0]"))
    network = Network(recipe)
    chunk = Kernel(recipe).run(0, network.initial_parameters(), 50)
    moved = (chunk.parameters != chunk.parameters[0]).any(axis=0)
    names = [name for name, has_moved in zip(network.names, moved, strict=True) if not has_moved]
    assert names == sorted(recipe.frozen, key=network.names.index)


def test_a_large_network_takes_shorter_chunks_and_bounded_memory() -> None:
    large = Kernel(Recipe(problem="parity8", hidden=(64, 64, 64, 64)))
    assert 1 <= large.most_steps < MAX_ROWS == Kernel(Recipe()).most_steps
