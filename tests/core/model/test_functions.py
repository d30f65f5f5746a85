"""Activations, losses and initialisers against what mathematics says of them."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from xortui.core.model.functions import (
    Array,
    activation_function,
    initialiser,
    row_curvatures,
    row_deltas,
    row_losses,
    sigmoid,
    slope_of,
)
from xortui.core.model.tables import ACTIVATIONS, INITIALISERS, LOSSES

POINTS = np.array([-30.0, -3.5, -1.0, -1e-8, 0.0, 1e-8, 0.25, 2.0, 30.0])

# One number at a time, with math only.
BY_HAND: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "relu": lambda x: x if x > 0 else 0.0,
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_is_its_definition(name: str) -> None:
    expected = [BY_HAND[name](x) for x in POINTS]
    np.testing.assert_allclose(activation_function(name)(POINTS), expected, rtol=1e-14, atol=0)


def test_activations_hold_at_the_ends() -> None:
    ends = np.array([-np.inf, -1e4, 1e4, np.inf])
    with np.errstate(over="ignore"):  # exp overflows on purpose; the result is right
        assert sigmoid(ends).tolist() == [0, 0, 1, 1]
    assert activation_function("tanh")(ends).tolist() == [-1, -1, 1, 1]
    assert activation_function("relu")(ends).tolist() == [0, 0, 1e4, np.inf]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_in_terms_of_the_output_is_the_slope(name: str) -> None:
    activation, function = ACTIVATIONS[name], activation_function(name)
    points = np.array([-4.0, -1.0, -0.3, 0.2, 1.5, 4.0])  # not at ReLU's kink
    half = 1e-6
    slope = (function(points + half) - function(points - half)) / (2 * half)
    a = function(points)
    derivative = eval(activation.derivative.format(a="a"), {"a": a})
    np.testing.assert_allclose(derivative, slope, rtol=1e-7, atol=1e-10)


def test_relu_has_no_slope_at_zero_and_below() -> None:
    a = activation_function("relu")(np.array([-1.0, 0.0, 1.0]))
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


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_keeps_to_what_its_entry_says_of_it(name: str) -> None:
    entry, function = ACTIVATIONS[name], activation_function(name)
    points = np.linspace(-20, 20, 40_000)  # 0, where ReLU has its kink, is not among them
    values, slopes = function(points), slope_of(name, function(points))
    assert entry.limits[0] <= values.min() <= values.max() <= entry.limits[1]
    assert slopes.max() <= entry.steepest
    assert slopes.max() == pytest.approx(entry.steepest, rel=1e-3)
    bends = np.abs(np.diff(slopes) / np.diff(points))
    bends = bends[np.sign(points[1:]) == np.sign(points[:-1])]
    assert bends.max() == pytest.approx(entry.bend, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("label", [0.0, 1.0])
@pytest.mark.parametrize("name", LOSSES)
def test_the_derivatives_of_a_loss_are_its_slope_and_curvature(name: str, label: float) -> None:
    z, half = np.linspace(-6, 6, 301), 1e-4
    labels = np.full_like(z, label)

    def output(z: Array) -> Array:
        is_linear = LOSSES[name].output == "linear"
        return z if is_linear else activation_function(LOSSES[name].output)(z)

    def loss(z: Array) -> Array:
        return row_losses(name, output(z), z, labels)

    slope = (loss(z + half) - loss(z - half)) / (2 * half)
    curvature = (loss(z + half) - 2 * loss(z) + loss(z - half)) / half**2
    np.testing.assert_allclose(row_deltas(name, output(z), labels), slope, rtol=1e-6, atol=1e-8)
    found = np.broadcast_to(row_curvatures(name, output(z), labels), z.shape)
    np.testing.assert_allclose(found, curvature, rtol=1e-5, atol=1e-6)
    assert found.max() == pytest.approx(LOSSES[name].bend, rel=1e-9)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("name", LOSSES)
def test_no_single_answer_to_every_row_has_a_smaller_loss(name: str, share: float) -> None:
    answers = np.linspace(0, 1, 1001)[1:-1]
    z = answers if LOSSES[name].output == "linear" else np.log(answers / (1 - answers))
    zeros, ones = (row_losses(name, answers, z, np.full_like(z, label)) for label in (0.0, 1.0))
    least = ((1 - share) * zeros + share * ones).min()
    assert LOSSES[name].of_one_answer(share) <= least
    assert LOSSES[name].of_one_answer(share) == pytest.approx(least, abs=2e-3)


def drawn(name: str, inputs: int, outputs: int, seed: int = 0) -> Array:
    return initialiser(name)(np.random.RandomState(seed), inputs, outputs)


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
