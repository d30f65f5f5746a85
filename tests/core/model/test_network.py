"""The readable network: its parameters, and the operations of one step."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core import reference
from tests.core.recipes import parameters, recipes
from tests.sample import examples
from xortui.core.model.functions import Array, activation_function
from xortui.core.model.names import notation
from xortui.core.model.network import Network
from xortui.core.model.operation import BACKWARD, FORWARD, LOSS, UPDATE
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import ACTIVATIONS, LOSSES

DEEP = Recipe(problem="parity3", hidden=(4, 2), bias=True)


# -- parameters --------------------------------------------------------------------------------


def test_shapes_are_inputs_by_outputs() -> None:
    assert Network(Recipe()).shapes == {"W1": (2, 2), "W2": (2, 1)}
    assert Network(DEEP).shapes == {
        "W1": (3, 4),
        "b1": (4,),
        "W2": (4, 2),
        "b2": (2,),
        "W3": (2, 1),
        "b3": (1,),
    }
    assert Network(DEEP).size == 3 * 4 + 4 + 4 * 2 + 2 + 2 * 1 + 1


def test_names_follow_the_flat_vector() -> None:
    assert Network(Recipe(hidden=(1,), bias=True)).names == [
        "W1[0,0]",
        "W1[1,0]",
        "b1[0]",
        "W2[0,0]",
        "b2[0]",
    ]


@given(recipes(most_bits=3, most_units=6))
def test_each_name_is_that_number_of_the_flat_vector(recipe: Recipe) -> None:
    network = Network(recipe)
    views = network.views(np.arange(network.size, dtype=np.float64))
    for place, name in enumerate(network.names):
        array, index = name.rstrip("]").split("[")
        assert views[array][tuple(map(int, index.split(",")))] == place


def test_writing_to_a_view_writes_to_the_vector() -> None:
    network = Network(Recipe())
    vector = network.initial_parameters()
    network.views(vector)["W2"][1, 0] = 5
    assert vector[5] == 5


def test_initial_parameters_of_the_reference() -> None:
    expected = reference.plain_run(steps=1).weights[0]
    assert Network(Recipe()).initial_parameters().tolist() == expected.tolist()


def test_weights_are_drawn_layer_by_layer_and_biases_start_at_zero() -> None:
    network = Network(replace(DEEP, seed=5))
    views = network.views(network.initial_parameters())
    random = np.random.RandomState(5)
    for layer in (1, 2, 3):
        drawn = random.uniform(size=network.shapes[f"W{layer}"])
        assert views[f"W{layer}"].tolist() == drawn.tolist()
        assert not views[f"b{layer}"].any()


def test_free_is_zero_where_frozen() -> None:
    network = Network(replace(DEEP, frozen=("b2[1]", "W1[0,0]")))
    frozen = [name for name, free in zip(network.names, network.free, strict=True) if not free]
    assert frozen == ["W1[0,0]", "b2[1]"]


# -- a step ------------------------------------------------------------------------------------


def test_a_step_of_the_reference_worked_out_by_hand() -> None:
    """Weights all 1: every sigmoid is of 0, 1, 1 or 2."""
    network = Network(Recipe())
    values = network.evaluate(np.ones(6)).values
    half, one, two = 0.5, 0.7310585786300049, 0.8807970779778823
    assert values["z1"].tolist() == [[0, 0], [1, 1], [1, 1], [2, 2]]
    np.testing.assert_allclose(values["a1"], [[half] * 2, [one] * 2, [one] * 2, [two] * 2])
    outputs = np.array([1.0, 2 * one, 2 * one, 2 * two])
    errors = outputs - [0, 1, 1, 0]
    np.testing.assert_allclose(values["yhat"][:, 0], outputs)
    np.testing.assert_allclose(values["losses"][:, 0], 0.5 * errors**2)
    np.testing.assert_allclose(values["loss"], 0.5 * (errors**2).mean())
    np.testing.assert_allclose(values["dW2"], [[errors @ [half, one, one, two]]] * 2)
    slopes = np.array([0.25, one * (1 - one), one * (1 - one), two * (1 - two)])
    through = errors * slopes
    np.testing.assert_allclose(values["dW1"][0], [through[2] + through[3]] * 2)
    np.testing.assert_allclose(values["dW1"][1], [through[1] + through[3]] * 2)


def test_first_hundred_steps_are_the_plain_loop_bit_for_bit() -> None:
    network, run = Network(Recipe()), reference.plain_run()
    vector = network.initial_parameters()
    for step in range(100):
        evaluation = network.evaluate(vector)
        assert vector.tobytes() == run.weights[step].tobytes()
        assert float(evaluation.values["loss"]) == run.losses[step]
        assert evaluation.values["yhat"][:, 0].tolist() == run.outputs[step].tolist()
        vector = network.updated(evaluation)


@pytest.mark.slow
@given(recipes(most_bits=3, most_units=6, with_optimisers=False))
def test_update_is_against_the_gradient_and_leaves_the_frozen_alone(recipe: Recipe) -> None:
    network = Network(recipe)
    evaluation = network.evaluate(network.initial_parameters())
    gradient = np.concatenate([evaluation.values[f"d{name}"].ravel() for name in network.shapes])
    before = np.concatenate([evaluation.values[name].ravel() for name in network.shapes])
    after = network.updated(evaluation)
    expected = before - recipe.learning_rate * network.free * gradient
    assert after.tolist() == expected.tolist()
    frozen = network.free == 0
    assert after[frozen].tolist() == before[frozen].tolist()


def test_row_of_zeros_gives_the_hidden_weights_no_gradient() -> None:
    network = Network(Recipe())
    vector = network.initial_parameters()
    as_it_is = network.evaluate(vector).values
    flipped = Network(Recipe(problem="1110")).evaluate(vector).values
    assert as_it_is["dW1"].tolist() == flipped["dW1"].tolist()
    assert as_it_is["a1"][0].tolist() == [0.5, 0.5]


# -- operations --------------------------------------------------------------------------------


def namespace(before: Mapping[str, Array]) -> dict[str, Any]:
    functions = {name: activation_function(name) for name in ACTIVATIONS}
    return {"np": np, **functions, **before}


@examples(50)
@given(st.data())
def test_every_result_is_its_expression_of_its_operands(data: st.DataObject) -> None:
    recipe = data.draw(recipes(most_bits=3, most_units=6))
    vector = data.draw(parameters(recipe))
    for result in Network(recipe).evaluate(vector).results:
        operation = result.operation
        assert set(result.operands) == set(operation.operands)
        with np.errstate(all="ignore"):
            value = eval(operation.expression, namespace(result.operands))
        assert np.asarray(value).tobytes() == result.value.tobytes()
        assert operation.formula
        assert operation.why.endswith(".")


@pytest.mark.slow
@given(recipes(most_bits=3, most_units=6))
def test_operations_read_only_what_is_there_and_go_through_the_phases_in_order(
    recipe: Recipe,
) -> None:
    network = Network(recipe)
    there = {"X", "Y", *network.numbers, *network.shapes}
    there |= set(network.kept_views(network.initial_kept()))
    there |= set(network.given_at(0))
    there |= {f"free_{name}" for name in network.shapes}
    for operation in network.operations:
        assert set(operation.operands) <= there
        there.add(operation.target)
    phases = [operation.phase for operation in network.operations]
    assert list(dict.fromkeys(phases)) == [FORWARD, LOSS, BACKWARD, UPDATE]
    assert phases == sorted(phases, key=[FORWARD, LOSS, BACKWARD, UPDATE].index)
    # One gradient and one update for every array of parameters, each of the parameters' shape.
    values = network.evaluate(network.initial_parameters()).values
    for name, shape in network.shapes.items():
        assert values[f"d{name}"].shape == values[name].shape == shape
    updated = [item.target for item in network.operations if item.phase == UPDATE]
    assert [name for name in updated if name in network.shapes] == list(network.shapes)


def test_operations_of_the_reference() -> None:
    lines = [(item.target, item.expression) for item in Network(Recipe()).operations]
    assert lines == [
        ("z1", "X @ W1"),
        ("a1", "sigmoid(z1)"),
        ("yhat", "a1 @ W2"),
        ("losses", "0.5 * (yhat - Y) ** 2"),
        ("L", "losses.sum()"),
        ("loss", "L / 4"),
        ("dyhat", "yhat - Y"),
        ("dW2", "a1.T @ dyhat"),
        ("da1", "dyhat @ W2.T"),
        ("dz1", "da1 * (a1 * (1 - a1))"),
        ("dW1", "X.T @ dz1"),
        ("W1", "W1 - learning_rate * dW1"),
        ("W2", "W2 - learning_rate * dW2"),
    ]


def test_what_is_descended_has_a_name_before_any_gradient_of_it() -> None:
    for loss in LOSSES:
        lines = [item for item in Network(Recipe(loss=loss)).operations if item.phase == LOSS]
        assert [item.formula for item in lines][1:] == ["L = Σℓ", "loss = L/4"]


def test_a_slope_of_relu_says_that_0_at_0_is_a_convention() -> None:
    slope = next(
        item for item in Network(Recipe(activation="relu")).operations if item.target == "dz1"
    )
    assert "at 0 itself it has none, and 0 is taken by convention" in slope.why


def test_cross_entropy_is_shown_as_defined_and_says_why_it_is_computed_otherwise() -> None:
    recipe = Recipe(loss="cross-entropy")
    line = next(item for item in Network(recipe).operations if item.target == "losses")
    assert line.formula == "ℓ = −[y log ŷ + (1 − y) log(1 − ŷ)]"
    assert line.expression == "np.logaddexp(0, z2) - Y * z2"
    assert "log(1 + exp z₂) − y·z₂" in line.why
    assert "log ŷ = z₂ − log(1 + exp z₂)" in line.why
    values = Network(recipe).evaluate(Network(recipe).initial_parameters()).values
    y, yhat, z2 = values["Y"], values["yhat"], values["z2"]
    defined = -(y * np.log(yhat) + (1 - y) * np.log(1 - yhat))
    np.testing.assert_allclose(values["losses"], defined, rtol=1e-12)
    np.testing.assert_allclose(np.log(yhat), z2 - np.log(1 + np.exp(z2)), rtol=1e-12)
    np.testing.assert_allclose(np.log(1 - yhat), -np.log(1 + np.exp(z2)), rtol=1e-12)


@pytest.mark.parametrize("rate", [0.1, 1000.0])
def test_no_update_is_called_small(rate: float) -> None:
    """How long a step is depends on the learning rate and the gradient."""
    for item in Network(Recipe(learning_rate=rate)).operations:
        assert item.phase != UPDATE or "small" not in item.why


def test_operands_are_in_the_order_they_are_written() -> None:
    operands = {item.target: item.operands for item in Network(Recipe()).operations}
    assert operands["dz1"] == ("da1", "a1")
    assert operands["W2"] == ("W2", "learning_rate", "dW2")
    assert operands["a1"] == ("z1",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("W1", "W₁"),
        ("b2", "b₂"),
        ("yhat", "ŷ"),
        ("Y", "y"),
        ("dW1", "∂L/∂W₁"),
        ("dyhat", "∂L/∂ŷ"),
        ("learning_rate", "η"),
        ("L", "L"),
        ("loss", "loss"),
    ],
)
def test_names_as_a_person_writes_them(name: str, expected: str) -> None:
    assert notation(name) == expected


# -- evaluations -------------------------------------------------------------------------------


def test_values_are_those_at_the_step_and_not_after_it() -> None:
    network = Network(Recipe())
    vector = network.initial_parameters()
    evaluation = network.evaluate(vector)
    at_step = np.concatenate([evaluation.values[name].ravel() for name in network.shapes])
    assert at_step.tolist() == vector.tolist()
    assert (network.updated(evaluation) != vector).all()


def test_evaluation_is_read_only_and_changes_with_nothing() -> None:
    network = Network(DEEP)
    vector = network.initial_parameters()
    evaluation = network.evaluate(vector)
    before = {name: value.copy() for name, value in evaluation.values.items()}
    vector[:] = 9
    network.evaluate(vector)
    for name, value in evaluation.values.items():
        assert not value.flags.writeable, name
        assert value.tolist() == before[name].tolist(), name
    for result in evaluation.results:
        assert not result.value.flags.writeable
        assert not any(operand.flags.writeable for operand in result.operands.values())


def test_only_the_phases_asked_for_are_evaluated() -> None:
    network = Network(Recipe())
    vector = network.initial_parameters()
    assert "losses" not in network.evaluate(vector, (FORWARD,)).values
    values = network.evaluate(vector, (FORWARD, LOSS)).values
    assert "loss" in values
    assert "dW1" not in values


def test_other_patterns_can_be_put_through_the_forward_pass() -> None:
    network = Network(Recipe())
    vector = network.initial_parameters()
    bits = np.array([[1.0, 1.0], [0.5, 0.5], [0.0, 1.0]])
    outputs = network.evaluate(vector, (FORWARD,), bits).values["yhat"][:, 0]
    whole = network.evaluate(vector).values["yhat"][:, 0]
    np.testing.assert_allclose(outputs[[0, 2]], whole[[3, 1]], rtol=1e-14)
    assert bits.flags.writeable  # the caller's array stays the caller's


def test_overflow_of_exp_is_silent_and_right() -> None:
    network = Network(Recipe())
    values = network.evaluate(np.array([-800.0, 800, -800, 800, 1, 1])).values
    assert values["a1"][3].tolist() == [0, 1]
    assert np.isfinite(values["loss"])
