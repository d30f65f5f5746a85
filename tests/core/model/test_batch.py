"""Many networks at once: each gets what the readable network says of it alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import parameters, recipes
from tests.sample import examples
from xortui.core.model import batch
from xortui.core.model.batch import evaluate_many, evaluated_in_blocks, gradients_of, losses_of
from xortui.core.model.network import Network
from xortui.core.model.operation import BACKWARD, FORWARD, LOSS
from xortui.core.model.recipe import Recipe


@pytest.mark.slow
@examples(60)
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


def test_a_gradient_that_reads_weights_updated_too_early_is_that_of_the_network() -> None:
    network = Network(Recipe(hidden=(3,), learning_rate=0.3, mistake="early-update"))
    vector = network.initial_parameters()
    alone = network.layout.joined(network.evaluate(vector).values, "d")
    np.testing.assert_allclose(gradients_of(network, vector[None])[0], alone, rtol=1e-12)


def test_blocks_give_what_all_at_once_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BLOCK_NUMBERS", 300)
    network = Network(Recipe())
    vectors = np.random.default_rng(3).normal(size=(20, network.size))
    blocks = list(evaluated_in_blocks(network, vectors, (FORWARD,)))
    assert len(blocks) > 1
    found = np.concatenate([values["yhat"] for values in blocks])
    np.testing.assert_allclose(found, evaluate_many(network, vectors, (FORWARD,))["yhat"])
