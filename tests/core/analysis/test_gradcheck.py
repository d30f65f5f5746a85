"""The gradient check, itself checked: by hand, by the complex step, and by mistakes put in."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.core import reference
from tests.core.recipes import parameters, recipes
from tests.sample import examples
from xortui.core.analysis.gradcheck import (
    AT_KINK,
    NOT_FINITE,
    RIGHT,
    TOLERANCE,
    UNCERTAIN,
    WRONG,
    ParameterCheck,
    check_parameters,
    check_sigmoid,
    has_sigmoid,
    passed,
    summary,
)
from xortui.core.model.functions import Array
from xortui.core.model.mistakes import MISTAKES as CLASSIC
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer

SMOOTH = ("sigmoid", "tanh")


def checks(recipe: Recipe, vector: Array | None = None) -> dict[str, ParameterCheck]:
    network = Network(recipe)
    if vector is None:
        vector = network.initial_parameters()
    return {check.name: check for check in check_parameters(network, vector)}


# -- sigmoid, as in the reference ----------------------------------------------------------------


def test_sigmoid_check_prints_the_figures_of_the_reference() -> None:
    rows = check_sigmoid()
    assert [row.at for row in rows] == [0, 1]  # of the labels 0, 1, 1, 0, each once
    assert tuple(round(row.analytic, 8) for row in rows) == reference.SIGMOID_ANALYTIC[:2]
    assert tuple(round(row.numerical, 8) for row in rows) == reference.SIGMOID_NUMERICAL[:2]


def test_a_sigmoid_is_checked_only_where_there_is_one() -> None:
    assert has_sigmoid(Recipe())
    assert has_sigmoid(Recipe(activation="tanh", loss="cross-entropy"))
    assert not has_sigmoid(Recipe(activation="tanh"))
    assert not has_sigmoid(Recipe(activation="relu"))


def test_sigmoid_check_is_better_with_a_larger_step_until_it_is_worse() -> None:
    """A difference that were not computed would not know of its step."""
    errors = {
        step: max(abs(row.analytic - row.numerical) for row in check_sigmoid(step))
        for step in (1e-2, 1e-4, 1e-8, 1e-14)
    }
    assert errors[1e-8] < errors[1e-4] < errors[1e-2]
    assert errors[1e-8] < errors[1e-14]


# -- against derivatives that share nothing with the package -------------------------------------


def gradient_by_hand(weights: list[float]) -> list[float]:
    """dL/dw of the reference network for XOR, L summed over the rows; with math only.

    The output is v0 s0 + v1 s1 with s = sigmoid(a w0 + b w1) for each hidden unit; the derivatives
    of (output - label)^2 / 2 are written out one by one.
    """
    w00, w01, w10, w11, v0, v1 = weights
    gradient = [0.0] * 6
    for a, b, label in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        s0 = 1 / (1 + math.exp(-(a * w00 + b * w10)))
        s1 = 1 / (1 + math.exp(-(a * w01 + b * w11)))
        error = v0 * s0 + v1 * s1 - label
        gradient[0] += error * v0 * s0 * (1 - s0) * a
        gradient[1] += error * v1 * s1 * (1 - s1) * a
        gradient[2] += error * v0 * s0 * (1 - s0) * b
        gradient[3] += error * v1 * s1 * (1 - s1) * b
        gradient[4] += error * s0
        gradient[5] += error * s1
    return gradient


@given(st.lists(st.floats(-4, 4), min_size=6, max_size=6))
def test_reference_network_has_the_gradient_derived_by_hand(weights: list[float]) -> None:
    found = list(checks(Recipe(), np.array(weights)).values())
    expected = gradient_by_hand(weights)
    np.testing.assert_allclose([c.analytic for c in found], expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose([c.numerical for c in found], expected, rtol=1e-6, atol=1e-7)


Complex = NDArray[np.complex128]


def tanh(z: Complex) -> Complex:
    """The hyperbolic tangent, whose imaginary part NumPy loses far from 0."""
    decay = np.exp(-2 * np.abs(z.real))
    result: Complex = np.tanh(z.real) + 4j * decay / (1 + decay) ** 2 * z.imag
    return result


def summed_loss(recipe: Recipe, vector: Complex) -> complex:
    """The summed loss at complex parameters: a network of its own, a row of inputs at a time."""
    total, table = 0j, recipe.table
    for bits, label in zip(table.bits, table.labels, strict=True):
        signal = np.array(bits, dtype=complex)
        rest = vector
        for layer, units in enumerate(recipe.sizes[1:], start=1):
            count = len(signal) * units
            weights, rest = rest[:count].reshape(len(signal), units), rest[count:]
            signal = weights.T @ signal
            if recipe.bias:
                signal, rest = signal + rest[:units], rest[units:]
            if layer < len(recipe.sizes) - 1:
                is_tanh = recipe.activation == "tanh"
                signal = tanh(signal) if is_tanh else (1 + tanh(signal / 2)) / 2
        z = complex(signal[0])
        if recipe.loss == "squared-error":
            total += (z - label) ** 2 / 2
        else:
            away = -z if label else z  # -log of the probability of the label: log(1 + exp(away))
            total += np.log(1 + np.exp(-away)) + away if away.real > 0 else np.log(1 + np.exp(away))
    penalty = recipe.decay / 2 * vector**2 if recipe.optimiser != "adamw" else 0 * vector
    return total + complex((penalty + recipe.l1 * np.sign(vector.real) * vector).sum())


@pytest.mark.slow
@examples(60)
@given(st.data())
def test_smooth_networks_have_the_gradient_of_the_complex_step(data: st.DataObject) -> None:
    """f'(x) = Im f(x + ih) / h (Squire and Trapp, 1998): exact, for nothing is subtracted."""
    recipe = data.draw(recipes(most_bits=3, most_units=5, activations=SMOOTH))
    vector = data.draw(parameters(recipe, spread=1.0))
    steps = 1e-30j * np.eye(len(vector))
    exact = [summed_loss(recipe, vector + step).imag / 1e-30 for step in steps]
    found = list(checks(recipe, vector).values())
    np.testing.assert_allclose([c.analytic for c in found], exact, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose([c.numerical for c in found], exact, rtol=1e-5, atol=1e-5)


# -- the verdict ---------------------------------------------------------------------------------


@pytest.mark.slow
@examples(60)
@given(st.data())
def test_every_right_gradient_of_a_usual_size_is_found_right(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=3, most_units=6))
    vector = data.draw(parameters(recipe, spread=1.0))
    found = checks(recipe, vector)
    assert list(found) == Network(recipe).names
    for check in found.values():
        if check.verdict == AT_KINK:
            assert recipe.activation == "relu" or recipe.l1
        elif check.verdict == UNCERTAIN:
            least = 0.1 if recipe.penalties else 1e-4  # L is greater, and so is its rounding
            assert max(abs(check.analytic), abs(check.numerical)) < least, check
        else:
            assert check.verdict == RIGHT, check


def exact_gradient(recipe: Recipe, vector: Array) -> Array:
    """By the complex step; for ReLU, which has no complex form, the right network's own."""
    if recipe.activation == "relu":
        network = Network(replace(recipe, mistake=None))
        values = network.evaluate(vector).values
        return np.concatenate([values[f"d{name}"].ravel() for name in network.shapes])
    with np.errstate(all="ignore"):
        steps = 1e-30j * np.eye(len(vector))
        return np.array([summed_loss(recipe, vector + step).imag / 1e-30 for step in steps])


@pytest.mark.slow
@examples(150)
@given(st.data())
def test_no_verdict_is_ever_false(data: st.DataObject) -> None:
    """Of any network, at parameters of any size, with any classic mistake or none.

    What is called right is right, what is called wrong is wrong; so a mistake that makes a
    difference is found, or rounding forbids a verdict.
    """
    recipe = data.draw(recipes(most_bits=3, most_units=4, with_mistakes=True))
    vector = data.draw(parameters(recipe, 10.0 ** data.draw(st.integers(-3, 3))))
    if data.draw(st.booleans()):
        vector[:: data.draw(st.integers(1, 4))] = 0
    exact = exact_gradient(recipe, vector)
    for check, truth in zip(checks(recipe, vector).values(), exact, strict=True):
        larger = max(abs(check.analytic), abs(truth))
        error = abs(check.analytic - truth) / larger if larger else 0.0
        if check.verdict == RIGHT:
            assert error <= 1.01 * TOLERANCE, (check, truth)
        if check.verdict == WRONG:
            assert error >= 0.99 * TOLERANCE, (check, truth)
        if check.verdict != AT_KINK and np.isfinite(check.uncertainty):
            allowed = check.uncertainty + digits_lost(recipe, vector) * abs(truth)
            assert abs(check.numerical - truth) <= allowed


def digits_lost(recipe: Recipe, vector: Array) -> float:
    """The relative error of a slope a(1 - a) that rounding leaves: a unit that is all but saturated
    keeps few digits of 1 - a, in the network as in every difference of it."""
    values = Network(recipe).evaluate(vector).values
    layers = range(1, len(recipe.hidden) + 1) if recipe.activation != "relu" else ()
    room = [float((1 - np.abs(values[f"a{layer}"])).min()) for layer in layers]
    return 1e-14 + 4 * float(np.finfo(float).eps) / max(min(room, default=1.0), 1e-300)


@examples(30)
@given(st.data())
def test_along_a_run_no_verdict_is_ever_false(data: st.DataObject) -> None:
    rate = data.draw(st.sampled_from([0.1, 1.0, 10.0, 1000.0]))
    mistake = data.draw(st.sampled_from([None, "mean-for-sum", "no-derivative", "early-update"]))
    recipe = Recipe(learning_rate=rate, seed=data.draw(st.integers(0, 999)), mistake=mistake)
    trainer = Trainer(recipe)
    trainer.seek(data.draw(st.integers(0, 30)))
    vector = trainer.snapshot().parameters.copy()
    exact = exact_gradient(recipe, vector)
    for check, truth in zip(checks(recipe, vector).values(), exact, strict=True):
        is_right = abs(check.analytic - truth) <= TOLERANCE * max(abs(check.analytic), abs(truth))
        assert check.verdict in (UNCERTAIN, RIGHT if is_right else WRONG), (check, truth)


def test_a_gradient_four_times_too_short_is_wrong_however_great_the_loss_is() -> None:
    trainer = Trainer(Recipe(learning_rate=1000.0, mistake="mean-for-sum"))
    trainer.seek(4)
    snapshot = trainer.snapshot()
    assert snapshot.loss > 1e7
    found = list(check_parameters(snapshot.network, snapshot.parameters))
    assert [check.verdict for check in found] == [UNCERTAIN] * 4 + [WRONG] * 2
    assert found[4].relative_error == pytest.approx(0.75)
    assert not passed(found)


@pytest.mark.parametrize("name", [name for name in CLASSIC if not CLASSIC[name].no_gradient_error])
@pytest.mark.parametrize("step", [0, 100, 1000])
def test_a_classic_mistake_is_found_all_along_the_reference_run(name: str, step: int) -> None:
    """At the parameters of the right run, so that nothing else differs."""
    recipe = Recipe(bias=True)
    trainer = Trainer(recipe)
    trainer.seek(step)
    vector = trainer.snapshot().parameters.copy()
    found = checks(replace(recipe, mistake=name), vector).values()
    assert WRONG in {check.verdict for check in found}
    assert {check.verdict for check in checks(recipe, vector).values()} == {RIGHT}


@pytest.mark.parametrize("learning_rate", reference.DIVERGENCE)
def test_huge_weights_of_a_run_that_diverges_are_checked_to_the_end(learning_rate: float) -> None:
    """The hidden units are saturated: what gradient they have is lost in rounding."""
    run = reference.DIVERGENCE[learning_rate]
    network = Network(Recipe(learning_rate=learning_rate))
    vector = network.initial_parameters()
    for _ in range(run - 1):
        vector = network.updated(network.evaluate(vector))
    assert np.abs(vector).max() > 1e100
    verdicts = {check.name[:2]: check.verdict for check in check_parameters(network, vector)}
    assert verdicts == {"W1": UNCERTAIN, "W2": RIGHT}
    vector = network.updated(network.evaluate(vector))
    found = list(check_parameters(network, vector))
    assert WRONG not in {check.verdict for check in found}
    assert not passed(found)


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [(Recipe(init="zeros"), 0.0), (Recipe(init="zeros", bias=True, activation="relu"), 0.0)],
)
def test_what_cannot_matter_is_no_matter_of_rounding(recipe: Recipe, expected: float) -> None:
    """With W2 = 0 the loss does not depend on W1 at all: 0 is right, and anything else wrong."""
    network = Network(recipe)
    vector = network.initial_parameters()
    if recipe.activation == "relu":
        vector[-1] = 0.3
        vector[4:6] = -1.0  # dead units
    found = {check.name: check for check in check_parameters(network, vector)}
    assert found["W1[0,0]"].analytic == found["W1[0,0]"].numerical == expected
    assert found["W1[0,0]"].verdict == RIGHT
    broken = spoiled(recipe, "dW1", "X.T @ dz1 + 1e-9")
    found = {check.name: check for check in check_parameters(broken, vector)}
    assert found["W1[0,0]"].verdict == WRONG


def counted(**numbers: int) -> list[ParameterCheck]:
    verdicts = {"right": RIGHT, "wrong": WRONG, "uncertain": UNCERTAIN, "kink": AT_KINK}
    return [
        ParameterCheck("W1[0,0]", 1.0, 1.0, 0.0, 0.0, verdicts[name])
        for name, number in numbers.items()
        for _ in range(number)
    ]


@pytest.mark.parametrize(
    ("numbers", "words", "is_passed"),
    [
        ({"right": 6}, "6 of 6 right", True),
        ({"right": 7, "kink": 2}, "7 of 9 right, 2 not checked (at a kink)", True),
        ({"wrong": 2, "right": 4}, "2 of 6 wrong, 4 right", False),
        (
            {"wrong": 1, "right": 1, "uncertain": 1, "kink": 1},
            "1 of 4 wrong, 1 right, 1 cannot tell (lost in rounding), 1 not checked (at a kink)",
            False,
        ),
        ({"uncertain": 6}, "6 of 6 cannot tell (lost in rounding)", False),
        ({"kink": 3}, "3 of 3 not checked (at a kink)", False),
        ({}, "nothing checked", False),
    ],
)
def test_the_verdict_counts(numbers: dict[str, int], words: str, is_passed: bool) -> None:
    found = counted(**numbers)
    assert summary(found) == words
    assert passed(found) is is_passed


def spoiled(recipe: Recipe, target: str, expression: str) -> Network:
    """The recipe's network with one line of its step exchanged."""
    network = Network(recipe)
    assert target in [operation.target for operation in network.operations]
    exchanged = tuple(
        replace(item, expression=expression) if item.target == target else item
        for item in network.operations
    )
    object.__setattr__(network, "operations", exchanged)
    return network


ALL = {"W1", "b1", "W2", "b2"}
MISTAKES = [
    ("dyhat", "Y - yhat", ALL),  # the sign turned round
    ("dyhat", "(yhat - Y) / 4", ALL),  # of the mean, where the sum is meant
    ("dyhat", "yhat * (yhat - Y)", ALL),
    ("dW2", "a1.T @ dyhat / 2", {"W2"}),
    ("dW2", "z1.T @ dyhat", {"W2"}),  # the sum instead of the activation
    ("db2", "dyhat.mean(axis=0)", {"b2"}),
    ("da1", "dyhat @ np.ones_like(W2).T", {"W1", "b1"}),  # the weight forgotten
    ("dz1", "da1 * 1", {"W1", "b1"}),  # the slope forgotten
    ("dz1", "da1 * (z1 * (1 - z1))", {"W1", "b1"}),  # the slope of the sum, not of the output
    ("dz1", "da1 * (a1 * (1 + a1))", {"W1", "b1"}),
    ("dW1", "X.T @ da1", {"W1"}),
    ("dW1", "X.T @ dz1 * 1.0001", {"W1"}),  # a little wrong is wrong
    ("db1", "dz1[0]", {"b1"}),  # one row instead of all
]


@pytest.mark.parametrize(("target", "expression", "arrays"), MISTAKES)
def test_a_mistake_is_found_where_it_is(target: str, expression: str, arrays: set[str]) -> None:
    recipe = Recipe(bias=True, init="symmetric", seed=1)
    vector = Network(recipe).initial_parameters() + 0.1
    found = list(check_parameters(spoiled(recipe, target, expression), vector))
    wrong = {check.name.split("[")[0] for check in found if check.verdict == WRONG}
    assert wrong == arrays
    assert all(check.verdict == WRONG for check in found if check.name.split("[")[0] in wrong)


@pytest.mark.parametrize("index", range(9))
def test_a_single_wrong_number_is_found(index: int) -> None:
    """The gradient of one parameter is off by 1e-4 of itself."""
    recipe = Recipe(bias=True, init="symmetric", seed=1)
    network = Network(recipe)
    vector = network.initial_parameters() + 0.1
    name = network.names[index]
    array, place = name.rstrip("]").split("[")
    right = next(item.expression for item in network.operations if item.target == f"d{array}")
    shape = network.shapes[array]
    flat = int(np.ravel_multi_index(tuple(map(int, place.split(","))), shape))
    factor = f"(1 + 1e-4 * (np.arange({math.prod(shape)}) == {flat}).reshape({shape}))"
    found = check_parameters(spoiled(recipe, f"d{array}", f"({right}) * {factor}"), vector)
    assert [check.name for check in found if check.verdict == WRONG] == [name]


def test_relative_error_is_over_the_larger_of_the_two() -> None:
    recipe = Recipe(bias=True)
    vector = Network(recipe).initial_parameters()
    network = spoiled(recipe, "db2", "2 * dyhat.sum(axis=0)")
    check = {check.name: check for check in check_parameters(network, vector)}["b2[0]"]
    assert check.analytic == pytest.approx(2 * check.numerical, rel=1e-6)
    assert check.relative_error == pytest.approx(0.5, rel=1e-6)


# -- ReLU ----------------------------------------------------------------------------------------

RELU = Recipe(activation="relu", bias=True, hidden=(1,))  # W1[0,0] W1[1,0] b1[0] W2[0,0] b2[0]


def verdicts(vector: list[float]) -> dict[str, str]:
    return {check.name: check.verdict for check in checks(RELU, np.array(vector)).values()}


def test_at_the_kink_of_relu_there_is_no_verdict() -> None:
    """With b1 = 0 the unit stands at its kink for the row 00, whatever its weights are."""
    assert verdicts([0.5, 0.7, 0.0, 0.8, 0.1]) == {
        "W1[0,0]": "right",
        "W1[1,0]": "right",
        "b1[0]": "not checked",
        "W2[0,0]": "right",
        "b2[0]": "right",
    }


def test_kink_is_met_only_by_the_parameters_that_move_it() -> None:
    """W1[0,0] = -b1: the row 10 is at the kink; W1[1,0] has no part in that row."""
    assert verdicts([-0.25, 0.7, 0.25, 0.8, 0.1]) == {
        "W1[0,0]": "not checked",
        "W1[1,0]": "right",
        "b1[0]": "not checked",
        "W2[0,0]": "right",
        "b2[0]": "right",
    }


def test_away_from_the_kink_relu_is_checked() -> None:
    assert set(verdicts([0.5, 0.7, 0.3, 0.8, 0.1]).values()) == {"right"}
    assert set(verdicts([-0.5, -0.7, -0.3, 0.8, 0.1]).values()) == {"right"}  # a dead unit


def test_smooth_activations_have_no_kink() -> None:
    for activation in SMOOTH:
        found = checks(replace(RELU, activation=activation), np.zeros(5)).values()
        assert {check.verdict for check in found} == {"right"}


def test_after_a_divergence_nothing_is_lost_in_rounding_but_not_finite() -> None:
    trainer = Trainer(Recipe(learning_rate=10.0))
    trainer.run_for(5.0, at_most=300)
    snapshot = trainer.snapshot()
    assert snapshot.diverged
    found = list(check_parameters(snapshot.network, snapshot.parameters))
    assert {check.verdict for check in found} == {NOT_FINITE}
    assert summary(found) == "6 of 6 not checked (L or its gradient is inf or NaN)"
    assert not passed(found)
