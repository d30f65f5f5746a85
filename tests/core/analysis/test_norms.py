"""Norms of weights, gradients and updates, saturated units, histograms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.core.recipes import parameters, recipes
from tests.sample import examples
from xortui.core.analysis.norms import norms, norms_of_run, weight_histogram
from xortui.core.model.functions import Array, euclidean, saturated_pairs
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer


@examples(40)
@given(st.data())
def test_norms_are_those_of_the_step_itself(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=3, most_units=6, greatest_rate=10.0))
    network = Network(recipe)
    vectors = np.array([data.draw(parameters(recipe)) for _ in range(2)])
    found = norms(network, (3, 8), vectors)
    assert found.steps == (3, 8)
    for row, vector in enumerate(vectors):
        evaluation = network.evaluate(vector, step=found.steps[row])
        change = network.updated(evaluation) - vector
        for layer in range(len(recipe.hidden) + 1):
            names = [name for name in network.shapes if name.endswith(str(layer + 1))]
            parts = [network.views(change)[name].ravel() for name in names]
            gradients = [evaluation.values[f"d{name}"].ravel() for name in names]
            weights = [evaluation.values[name].ravel() for name in names]
            for part, known in (
                (found.weights, weights),
                (found.gradients, gradients),
                (found.updates, parts),
            ):
                expected = np.linalg.norm(np.concatenate(known))
                assert part[row, layer] == pytest.approx(expected, rel=1e-7, abs=1e-9)


def test_frozen_parameters_do_not_count_as_updated() -> None:
    names = tuple(name for name in Network(Recipe()).names if name.startswith("W1"))
    network = Network(Recipe(frozen=names))
    found = norms(network, (0,), network.initial_parameters()[None])
    assert found.gradients[0, 0] > 0
    assert found.updates[0, 0] == 0
    assert found.updates[0, 1] > 0


def test_a_long_run_is_done_in_blocks() -> None:
    network = Network(Recipe(problem="parity6", hidden=(64,)))
    vectors = np.tile(network.initial_parameters(), (200, 1))
    found = norms(network, tuple(range(200)), vectors)
    assert found.gradients.shape == (200, 2)
    np.testing.assert_allclose(found.gradients, found.gradients[:1].repeat(200, axis=0))


def test_no_steps_have_no_norms() -> None:
    found = norms(Network(Recipe()), (), np.empty((0, 6)))
    assert found.weights.shape == found.gradients.shape == (0, 2)
    assert found.saturated.shape == (0, 1)


def test_steps_and_vectors_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="2 steps cannot have 1"):
        norms(Network(Recipe()), (0, 1), np.ones((1, 6)))


@pytest.mark.parametrize(
    ("activation", "flat", "steep"),
    [
        ("sigmoid", [0.0, 0.002, 0.998, 1.0], [0.5, 0.01, 0.99]),
        ("tanh", [-1.0, -0.996, 0.996, 1.0], [0.0, -0.99, 0.99]),
        ("relu", [0.0], [0.1, 5.0]),
    ],
)
def test_an_activation_is_saturated_where_its_slope_is_nearly_0(
    activation: str, flat: list[float], steep: list[float]
) -> None:
    assert saturated_pairs(activation, np.array(flat)).all()
    assert not saturated_pairs(activation, np.array(steep)).any()


def test_what_is_not_finite_is_not_called_saturated() -> None:
    assert not saturated_pairs("sigmoid", np.array([np.nan])).any()


def test_an_explosion_is_seen_coming_in_the_norms() -> None:
    trainer, path = Trainer(Recipe(learning_rate=5.0)), []
    for _ in range(20):
        path.append(trainer.snapshot().parameters)
        trainer.step(5)
    found = norms(Network(Recipe(learning_rate=5.0)), tuple(range(0, 100, 5)), np.array(path))
    assert (np.diff(found.updates[2:, 1]) > 0).all()
    assert found.saturated[-1, 0] >= 0.5
    assert found.saturated[0, 0] == 0


def test_a_histogram_counts_all_finite_numbers_about_0() -> None:
    found = weight_histogram(np.array([-1.0, -0.2, 0.3, 2.0, np.nan, np.inf]), bins=4)
    assert found.counts.tolist() == [0, 2, 1, 1]
    np.testing.assert_allclose(found.edges, [-2, -1, 0, 1, 2])


@pytest.mark.parametrize("numbers", [[], [0.0, 0.0], [np.nan]])
def test_a_histogram_of_nothing_or_zeros_has_edges(numbers: list[float]) -> None:
    found = weight_histogram(np.array(numbers, dtype=float), bins=5)
    assert len(found.edges) == 7  # an even number of bins, so that 0 is an edge
    assert found.counts.sum() == sum(np.isfinite(numbers))


def test_each_step_of_a_run_has_the_norms_of_what_was_in_force_there() -> None:
    trainer = Trainer(Recipe())
    trainer.step(40)
    trainer.edit(Edit("learning_rate", value=0.4))
    trainer.step(30)
    trainer.edit(Edit("freeze", "W2[0,0]"))
    trainer.step(30)
    found = norms_of_run(trainer.snapshot())
    for place, step in enumerate(found.steps):
        trainer.seek(step)
        snapshot = trainer.snapshot()
        for layer, name in enumerate(snapshot.network.shapes):
            update = np.linalg.norm(snapshot.change(name))
            assert found.updates[place, layer] == pytest.approx(update, rel=1e-12)
    assert found.steps[-1] == 100


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e155, 1e300])
def test_norms_do_not_overflow_or_vanish_where_the_numbers_do_not(size: float) -> None:
    network = Network(Recipe())
    found = norms(network, (0,), np.full((1, network.size), size))
    assert found.weights[0] == pytest.approx([2 * size, np.sqrt(2) * size])


@given(arrays(float, (3, 4), elements=st.floats(-8e307, 8e307)))
def test_a_length_is_between_the_largest_part_and_its_double(vectors: Array) -> None:
    lengths, largest = euclidean(vectors), np.abs(vectors).max(axis=1)
    assert (lengths >= largest * (1 - 1e-12)).all()
    # Four parts: at most twice the largest.
    assert (lengths / 2 <= largest * (1 + 1e-12)).all()


def test_what_is_not_finite_has_no_finite_length() -> None:
    found = euclidean(np.array([[np.inf, 1.0], [np.nan, 1.0], [0.0, 0.0], [3.0, 4.0]]))
    assert np.array_equal(found, [np.inf, np.nan, 0.0, 5.0], equal_nan=True)
