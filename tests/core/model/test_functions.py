"""Activations, losses and initialisers against what mathematics says of them."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from xortui.core.model.functions import (
    ACTIVATIONS,
    INITIALISERS,
    LOSSES,
    Array,
    relu,
    sigmoid,
    tanh,
)
from xortui.core.model.recipe import ACTIVATION_NAMES, INITIALISER_NAMES, LOSS_NAMES

POINTS = np.array([-30.0, -3.5, -1.0, -1e-8, 0.0, 1e-8, 0.25, 2.0, 30.0])

# One number at a time, with math only.
BY_HAND: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "relu": lambda x: x if x > 0 else 0.0,
}


def test_the_tables_offer_what_a_recipe_allows() -> None:
    assert tuple(ACTIVATIONS) == ACTIVATION_NAMES
    assert tuple(LOSSES) == LOSS_NAMES
    assert tuple(INITIALISERS) == INITIALISER_NAMES


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_is_its_definition(name: str) -> None:
    expected = [BY_HAND[name](x) for x in POINTS]
    np.testing.assert_allclose(ACTIVATIONS[name].function(POINTS), expected, rtol=1e-14, atol=0)


def test_activations_hold_at_the_ends() -> None:
    ends = np.array([-np.inf, -1e4, 1e4, np.inf])
    with np.errstate(over="ignore"):  # exp overflows on purpose; the result is right
        assert sigmoid(ends).tolist() == [0, 0, 1, 1]
    assert tanh(ends).tolist() == [-1, -1, 1, 1]
    assert relu(ends).tolist() == [0, 0, 1e4, np.inf]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_in_terms_of_the_output_is_the_slope(name: str) -> None:
    activation = ACTIVATIONS[name]
    points = np.array([-4.0, -1.0, -0.3, 0.2, 1.5, 4.0])  # not at ReLU's kink
    half = 1e-6
    slope = (activation.function(points + half) - activation.function(points - half)) / (2 * half)
    a = activation.function(points)
    derivative = eval(activation.derivative.format(a="a"), {"a": a})
    np.testing.assert_allclose(derivative, slope, rtol=1e-7, atol=1e-10)


def test_relu_has_no_slope_at_zero_and_below() -> None:
    a = relu(np.array([-1.0, 0.0, 1.0]))
    assert eval(ACTIVATIONS["relu"].derivative.format(a="a"), {"a": a}).tolist() == [0, 0, 1]


def test_squared_error_is_half_the_square() -> None:
    names = {"np": np, "yhat": np.array([0.5, -1.0, 3.0]), "Y": np.array([1.0, 0.0, 1.0])}
    assert eval(LOSSES["squared-error"].expression, names).tolist() == [0.125, 0.5, 2.0]


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_cross_entropy_is_minus_the_log_of_the_probability_given_to_the_label(label: float) -> None:
    z = np.array([-20.0, -2.0, 0.0, 0.5, 20.0])
    probability = np.array([1 / (1 + math.exp(-x if label else x)) for x in z])
    loss = eval(LOSSES["cross-entropy"].expression.format(z="z"), {"np": np, "z": z, "Y": label})
    np.testing.assert_allclose(loss, -np.log(probability), rtol=1e-6, atol=1e-12)


def test_cross_entropy_does_not_overflow() -> None:
    z = np.array([-1e5, 1e5])
    loss = eval(LOSSES["cross-entropy"].expression.format(z="z"), {"np": np, "z": z, "Y": 1.0})
    assert loss.tolist() == [1e5, 0]


def drawn(name: str, inputs: int, outputs: int, seed: int = 0) -> Array:
    return INITIALISERS[name](np.random.RandomState(seed), inputs, outputs)


@pytest.mark.parametrize("name", INITIALISERS)
def test_initialiser_gives_the_shape_and_the_same_numbers_for_the_same_seed(name: str) -> None:
    assert drawn(name, 3, 5).shape == (3, 5)
    assert drawn(name, 3, 5, seed=7).tolist() == drawn(name, 3, 5, seed=7).tolist()
    assert name == "zeros" or drawn(name, 3, 5, seed=7).tolist() != drawn(name, 3, 5).tolist()


def test_uniform_is_the_legacy_generator_of_the_reference() -> None:
    expected = np.random.RandomState(0).uniform(size=(2, 2))
    assert drawn("uniform", 2, 2).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("uniform", 0.0, 1.0),
        ("symmetric", -1.0, 1.0),
        ("xavier", -math.sqrt(6 / 128), math.sqrt(6 / 128)),
    ],
)
def test_even_initialisers_fill_their_range(name: str, low: float, high: float) -> None:
    weights = drawn(name, 64, 64)
    assert low <= weights.min() < low + 0.01 * (high - low)
    assert high - 0.01 * (high - low) < weights.max() < high
    assert weights.mean() == pytest.approx((low + high) / 2, abs=0.02 * (high - low))


@pytest.mark.parametrize("inputs", [2, 8, 64])
def test_he_is_normal_with_the_deviation_of_its_inputs(inputs: int) -> None:
    weights = np.concatenate([drawn("he", inputs, 64, seed).ravel() for seed in range(64)])
    assert weights.std() == pytest.approx(math.sqrt(2 / inputs), rel=0.05)
    assert weights.mean() == pytest.approx(0, abs=0.05 * weights.std())
    within = np.abs(weights) < weights.std()
    assert within.mean() == pytest.approx(0.6827, abs=0.02)  # one deviation of a normal


def test_zeros_are_zeros() -> None:
    assert not drawn("zeros", 4, 4).any()
