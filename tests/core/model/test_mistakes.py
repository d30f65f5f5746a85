"""Classic mistakes: each breaks the lines it says, and the gradient check finds what it spoils."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import parameters, recipes
from tests.sample import examples
from xortui.core.analysis.gradcheck import WRONG, check_parameters
from xortui.core.model.functions import Array
from xortui.core.model.mistakes import EQUAL_WEIGHT, MISTAKES
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import FLAGS, RecipeError
from xortui.core.model.recipe_words import in_words
from xortui.core.training.kernel import Kernel, PlainLoop, training_loop
from xortui.core.training.trainer import Trainer

# Each mistake in networks that can have it; nowhere is a unit dead or a gradient 0 by chance.
NETWORKS = (
    Recipe(bias=True, init="symmetric", seed=1),
    Recipe(hidden=(3,), bias=True, activation="tanh", loss="cross-entropy", init="xavier", seed=3),
    Recipe(problem="parity3", hidden=(4, 3), bias=True, init="symmetric", seed=2),
    Recipe(problem="implies", hidden=(2, 2, 3), bias=True, activation="tanh", init="xavier"),
)
BREAKING_LINES = [name for name in MISTAKES if name != "equal-start"]


def away_from_start(recipe: Recipe) -> Array:
    """Parameters at which biases are not 0, and nothing is alike."""
    return np.random.default_rng(5).normal(size=Network(recipe).size)


def found_by_check(recipe: Recipe, vector: Array) -> set[str]:
    return {
        check.name for check in check_parameters(Network(recipe), vector) if check.verdict == WRONG
    }


def is_misplaced(recipe: Recipe, name: str) -> bool:
    """Whether the turned product gives this weight of the first layer the gradient of another."""
    if not name.startswith("W1["):
        return False
    inputs, units = recipe.sizes[:2]
    row, column = map(int, name[3:-1].split(","))
    return divmod(row * units + column, inputs) != (column, row)


def spoiled(recipe: Recipe) -> set[str]:
    """The parameters whose gradients the recipe's mistake makes wrong.

    Where right and wrong happen to be the same number (a dead unit, weights of 0, the later layer's
    weights frozen) there is nothing to be found.
    """
    names = Network(recipe).names
    match recipe.mistake:
        case "no-derivative" | "double-activation" | "early-update":
            return {name for name in names if int(name[1]) <= len(recipe.hidden)}
        case "wrong-transpose":
            return {name for name in names if is_misplaced(recipe, name)}
        case "mean-for-sum":
            return set(names)
        case "no-bias-gradient":
            return {name for name in names if name.startswith("b")}
        case "wrong-sign" | "equal-start":
            return set()
    raise AssertionError(f"nothing is said of {recipe.mistake}")


def changed_lines(recipe: Recipe) -> dict[str, str]:
    """The lines that the mistake exchanged, as they are now."""
    assert recipe.mistake is not None
    right = Network(replace(recipe, mistake=None)).operations
    return {
        operation.target: operation.expression
        for operation in Network(recipe).operations
        if (operation.target, operation.expression)
        not in {(other.target, other.expression) for other in right}
    }


@pytest.mark.parametrize("recipe", NETWORKS, ids=lambda recipe: recipe.architecture)
@pytest.mark.parametrize("name", MISTAKES)
def test_the_gradient_check_finds_exactly_what_a_mistake_spoils(name: str, recipe: Recipe) -> None:
    broken = replace(recipe, mistake=name)
    expected = spoiled(broken)
    assert found_by_check(broken, away_from_start(recipe)) == expected
    assert bool(expected) != bool(MISTAKES[name].no_gradient_error)


@examples(25)
@given(st.data())
def test_it_never_blames_what_a_mistake_leaves_alone(data: st.DataObject) -> None:
    activations = ("sigmoid", "tanh")
    recipe = data.draw(recipes(3, 4, activations, with_optimisers=False))
    recipe = replace(recipe, bias=True, frozen=(), hidden=(*recipe.hidden[:2], 2)[-2:])
    recipe = replace(recipe, hidden=(max(2, recipe.hidden[0]), *recipe.hidden[1:]))
    broken = replace(recipe, mistake=data.draw(st.sampled_from([*MISTAKES])))
    vector = data.draw(parameters(recipe, spread=1.0))
    assert found_by_check(broken, vector) <= spoiled(broken)


@pytest.mark.parametrize("step", [0, 1000])
def test_an_early_update_is_found_in_the_reference_run(step: int) -> None:
    """It spoils gradients by only as much as one step moves W2: 12% at step 0, 0.2% at 1,000."""
    trainer = Trainer(Recipe(mistake="early-update"))
    trainer.seek(step)
    snapshot = trainer.snapshot()
    assert found_by_check(snapshot.recipe, snapshot.parameters) == {
        f"W1[{row},{column}]" for row in (0, 1) for column in (0, 1)
    }


def test_lines_exchanged_in_the_reference() -> None:
    def lines(name: str, **fields: object) -> dict[str, str]:
        return changed_lines(replace(Recipe(mistake=None), **fields, mistake=name))  # type: ignore[arg-type]

    assert lines("no-derivative") == {"dz1": "da1"}
    assert lines("double-activation") == {"dz1": "da1 * (sigmoid(a1) * (1 - sigmoid(a1)))"}
    assert lines("double-activation", activation="tanh") == {
        "dz1": "da1 * (1 - tanh(a1) * tanh(a1))"
    }
    assert lines("wrong-transpose") == {"dW1": "dz1.T @ X"}
    assert lines("wrong-transpose", hidden=(3,)) == {"dW1": "(dz1.T @ X).reshape(2, 3)"}
    assert lines("mean-for-sum") == {"dyhat": "(yhat - Y) / 4"}
    assert lines("mean-for-sum", loss="cross-entropy") == {"dz2": "(yhat - Y) / 4"}
    assert lines("no-bias-gradient", bias=True) == {
        "db2": "np.zeros_like(b2)",
        "db1": "np.zeros_like(b1)",
    }
    assert lines("wrong-sign") == {
        "W1": "W1 + learning_rate * dW1",
        "W2": "W2 + learning_rate * dW2",
    }
    assert lines("early-update") == lines("equal-start") == {}


def test_an_early_update_moves_lines_and_changes_none() -> None:
    recipe = Recipe(hidden=(3, 2), bias=True)
    right = Network(recipe).operations
    wrong = Network(replace(recipe, mistake="early-update")).operations
    assert sorted(line.code.co_filename for line in right) == sorted(
        line.code.co_filename for line in wrong
    )
    targets = [operation.target for operation in wrong]
    assert targets[targets.index("dW3") :] == [
        *("dW3", "W3", "db3", "da2", "dz2"),
        *("dW2", "W2", "db2", "da1", "dz1"),
        *("dW1", "db1", "W1", "b1", "b2", "b3"),
    ]


@pytest.mark.parametrize("name", MISTAKES)
def test_the_broken_lines_say_so_and_no_others(name: str) -> None:
    recipe = Recipe(hidden=(2, 3), bias=True, mistake=name)
    faulty = {operation.target for operation in Network(recipe).operations if operation.fault}
    expected = set(changed_lines(recipe)) or ({"W2", "W3"} if name == "early-update" else set())
    assert faulty == expected
    assert all(not operation.fault for operation in Network(Recipe()).operations)


@pytest.mark.parametrize("name", MISTAKES)
def test_formula_and_expression_are_exchanged_together(name: str) -> None:
    recipe = Recipe(hidden=(2, 3), bias=True)
    right = {
        operation.target: operation.formula
        for operation in Network(recipe).operations
        if operation.phase != "forward"
    }
    changed = changed_lines(replace(recipe, mistake=name))
    for operation in Network(replace(recipe, mistake=name)).operations:
        if operation.target in right:
            is_changed = operation.target in changed
            assert (operation.formula != right[operation.target]) == is_changed


# -- what is said of them is so -----------------------------------------------------------------


def gradients(recipe: Recipe, vector: Array) -> dict[str, Array]:
    network = Network(recipe)
    values = network.evaluate(vector).values
    return {name: values[f"d{name}"] for name in network.shapes}


@pytest.mark.slow
def test_without_the_slope_signs_may_be_wrong_and_the_last_layer_is_right() -> None:
    """At every hundredth step of the broken run."""
    trainer = Trainer(Recipe(mistake="no-derivative"))
    right_signs = wrong_signs = 0
    for step in range(0, 10_000, 100):
        trainer.seek(step)
        vector = trainer.snapshot().parameters
        right = gradients(Recipe(), vector)
        found = gradients(Recipe(mistake="no-derivative"), vector)
        assert np.array_equal(found["W2"], right["W2"])
        is_wrong = np.sign(found["W1"]) != np.sign(right["W1"])
        wrong_signs += int(is_wrong.sum())
        right_signs += int((~is_wrong).sum())
    assert wrong_signs > 300  # of 400
    assert right_signs > 0
    description = MISTAKES["no-derivative"].description
    assert "may have the wrong sign" in description
    assert "signs are right" not in description


@pytest.mark.parametrize("problem", ["xor", "parity3"])
@pytest.mark.parametrize("units", [2, 3, 4, 5])
def test_with_the_wrong_transpose_first_and_last_keep_their_own(problem: str, units: int) -> None:
    recipe = Recipe(problem=problem, hidden=(units,), init="symmetric", seed=4)
    vector = Network(recipe).initial_parameters()
    right = gradients(recipe, vector)["W1"].ravel()
    found = gradients(replace(recipe, mistake="wrong-transpose"), vector)["W1"].ravel()
    kept = np.isclose(found, right, rtol=1e-12)
    assert kept[0]
    assert kept[-1]
    assert not kept.all()
    np.testing.assert_allclose(np.sort(found), np.sort(right))  # those of others, not new ones
    assert "the first and the last, keep their own" in MISTAKES["wrong-transpose"].description


@pytest.mark.parametrize("loss", ["squared-error", "cross-entropy"])
def test_mean_for_sum_is_the_right_direction_n_times_too_short(loss: str) -> None:
    recipe = Recipe(problem="parity3", hidden=(3,), bias=True, init="symmetric", loss=loss)
    vector = away_from_start(recipe)
    right = gradients(recipe, vector)
    found = gradients(replace(recipe, mistake="mean-for-sum"), vector)
    for name, gradient in found.items():
        np.testing.assert_allclose(8 * gradient, right[name], rtol=1e-12, atol=1e-15)
    description = MISTAKES["mean-for-sum"].description
    assert "gradient of the mean, N times too short" in description
    assert "smaller learning rate" in description


def test_all_weights_start_equal() -> None:
    network = Network(Recipe(hidden=(3,), bias=True, mistake="equal-start"))
    views = network.views(network.initial_parameters())
    assert {float(x) for name in ("W1", "W2") for x in views[name].flat} == {EQUAL_WEIGHT}
    assert not views["b1"].any()


def test_units_that_start_equal_stay_equal() -> None:
    trainer = Trainer(Recipe(hidden=(3,), mistake="equal-start"))
    trainer.step(500)
    weights = trainer.snapshot().values["W1"]
    assert np.ptp(weights, axis=1) == pytest.approx(0, abs=1e-12)
    assert weights[0, 0] != EQUAL_WEIGHT


def test_a_flipped_sign_makes_the_loss_grow() -> None:
    trainer = Trainer(Recipe(mistake="wrong-sign"))
    before = trainer.snapshot().loss
    trainer.step(20)
    assert trainer.snapshot().loss > before


@pytest.mark.parametrize("name", MISTAKES)
def test_training_with_a_mistake_is_the_broken_step_again_and_again(name: str) -> None:
    network = Network(Recipe(hidden=(3,), bias=True, init="symmetric", mistake=name))
    trainer = Trainer(network.recipe)
    parameters = network.initial_parameters()
    for _ in range(30):
        parameters = network.updated(network.evaluate(parameters))
    trainer.step(30)
    assert np.array_equal(trainer.snapshot().parameters, parameters)


@examples(20)
@given(recipes(most_bits=3, most_units=6, greatest_rate=1.0))
def test_the_plain_loop_is_the_kernel_bit_for_bit(recipe: Recipe) -> None:
    kernel, plain = Kernel(recipe), PlainLoop(recipe)
    start = Network(recipe).initial_parameters()
    assert plain.most_steps == kernel.most_steps
    assert np.array_equal(plain.labels, kernel.labels)
    fast, slow = kernel.run(7, start, 12), plain.run(7, start, 12)
    assert (slow.first, slow.last) == (fast.first, fast.last) == (7, 19)
    for field in ("parameters", "outputs", "losses"):
        assert np.array_equal(getattr(slow, field), getattr(fast, field), equal_nan=True)


def test_the_fast_loop_trains_whatever_has_no_broken_line() -> None:
    assert isinstance(training_loop(Recipe()), Kernel)
    assert isinstance(training_loop(Recipe(mistake="equal-start")), Kernel)
    for name in BREAKING_LINES:
        assert isinstance(training_loop(Recipe(bias=True, mistake=name)), PlainLoop)


def test_there_are_the_eight_and_each_is_told_in_plain_words() -> None:
    assert len(MISTAKES) == 8
    for name, mistake in MISTAKES.items():
        assert name.replace("-", "").isalpha()
        assert mistake.description.endswith(".")
        assert not mistake.title.endswith(".")
    no_error = [name for name, mistake in MISTAKES.items() if mistake.no_gradient_error]
    assert no_error == ["wrong-sign", "equal-start"]
    assert all("not a gradient error" in MISTAKES[name].no_gradient_error for name in no_error)


@pytest.mark.parametrize(
    ("name", "fields", "reason"),
    [
        ("no-bias-gradient", {}, "it needs a network with biases"),
        ("wrong-transpose", {"hidden": (1,)}, "at least 2 units in the first hidden layer"),
        ("double-activation", {"activation": "relu"}, "with relu it changes nothing"),
    ],
)
def test_a_mistake_that_a_network_cannot_have_is_refused(
    name: str, fields: dict[str, object], reason: str
) -> None:
    with pytest.raises(RecipeError, match=reason) as caught:
        Recipe(mistake=name, **fields)  # type: ignore[arg-type]
    assert caught.value.field == "mistake"
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", ["", "typo", 1, True, ["no-derivative"]])
def test_an_unknown_mistake_is_refused_with_the_names_there_are(value: object) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe(mistake=value)  # type: ignore[arg-type]
    assert all(name in str(caught.value) for name in MISTAKES)


def test_a_recipe_with_a_mistake_goes_to_json_and_flags_and_back() -> None:
    recipe = Recipe(mistake="no-derivative")
    assert recipe.to_json()["mistake"] == "no-derivative"
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert FLAGS["mistake"] == "--break"
    assert recipe.to_arguments() == ["--break", "no-derivative"]
    assert Recipe.parse({"mistake": "no-derivative"}) == recipe
    assert "no-derivative" in in_words(recipe)


def test_a_recipe_without_one_says_nothing_of_mistakes() -> None:
    assert "mistake" not in Recipe().to_json()
    assert Recipe().to_arguments() == []
    assert "broken" not in in_words(Recipe())
