"""Many networks at once: each gets what the readable network says of it alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.recipes import parameters, recipes
from xortui.core.model.batch import evaluate_many, gradients_of, losses_of
from xortui.core.model.network import Network
from xortui.core.model.operation import BACKWARD, FORWARD, LOSS, PHASES
from xortui.core.model.recipe import Recipe


@pytest.mark.slow
@settings(max_examples=60)
@given(st.data())
def test_each_network_has_the_values_of_the_readable_one(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=4, most_units=8, with_mistakes=True))
    network = Network(recipe)
    vectors = np.array([data.draw(parameters(recipe)) for _ in range(3)])
    many = evaluate_many(network, vectors, (FORWARD, LOSS, BACKWARD))
    for index, vector in enumerate(vectors):
        alone = network.evaluate(vector, (FORWARD, LOSS, BACKWARD))
        for name in [result.operation.target for result in alone.results]:
            found = many[name][index].reshape(alone.values[name].shape)
            np.testing.assert_allclose(found, alone.values[name], rtol=1e-9, atol=1e-9)


def test_losses_and_gradients_have_one_row_for_each_network() -> None:
    network = Network(Recipe(hidden=(3, 2), bias=True))
    vectors = np.random.default_rng(1).normal(size=(5, network.size))
    assert losses_of(network, vectors).shape == (5,)
    assert gradients_of(network, vectors).shape == (5, network.size)


def test_a_step_against_the_gradient_lowers_every_loss() -> None:
    network = Network(Recipe(hidden=(3,), bias=True, activation="tanh"))
    vectors = np.random.default_rng(2).normal(size=(20, network.size))
    moved = vectors - 1e-4 * gradients_of(network, vectors)
    assert (losses_of(network, moved) < losses_of(network, vectors)).all()


def test_weights_near_divergence_give_no_warning() -> None:
    network = Network(Recipe())
    assert not np.isfinite(losses_of(network, np.full((2, network.size), 1e300))).any()


def test_no_networks_give_no_losses() -> None:
    network = Network(Recipe())
    assert losses_of(network, np.empty((0, network.size))).shape == (0,)


def test_networks_cannot_be_updated_together() -> None:
    network = Network(Recipe())
    with pytest.raises(ValueError, match="not updated"):
        evaluate_many(network, network.initial_parameters()[None], PHASES)
