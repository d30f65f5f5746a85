"""The recipe: its default, what it refuses and how it says so, and its way to text and back."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import recipes
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import ALLOWED, FLAGS, RecipeError, parse_field


def test_default_is_the_reference_run() -> None:
    recipe = Recipe()
    assert recipe.table.labels == (0, 1, 1, 0)
    assert recipe.sizes == (2, 2, 1)
    assert (recipe.activation, recipe.output, recipe.bias) == ("sigmoid", "linear", False)
    assert (recipe.loss, recipe.init) == ("squared-error", "uniform")
    assert (recipe.seed, recipe.learning_rate) == (0, 0.1)


def test_recipe_is_frozen_and_hashable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Recipe().seed = 1  # type: ignore[misc]
    assert len({Recipe(), Recipe(hidden=(2,)), Recipe(seed=1)}) == 2


def test_cross_entropy_has_a_sigmoid_output() -> None:
    assert Recipe(loss="cross-entropy").output == "sigmoid"


def test_lists_and_whole_learning_rates_are_taken_for_what_they_are() -> None:
    recipe = Recipe(hidden=[4, 3], learning_rate=1, frozen=["W1[0,0]"])  # type: ignore[arg-type]
    assert recipe == Recipe(hidden=(4, 3), learning_rate=1.0, frozen=("W1[0,0]",))
    assert type(recipe.learning_rate) is float


# -- bad values --------------------------------------------------------------------------------

BAD_VALUES: list[tuple[str, object]] = [
    ("problem", "nonsense"),
    ("problem", "XOR"),
    ("problem", "parity1"),
    ("problem", "parity9"),
    ("problem", "011"),
    ("problem", "01" * 256),
    ("problem", ""),
    ("problem", "two\nlines"),
    ("problem", 6),
    ("problem", None),
    ("problem", ["xor"]),
    ("problem", {"name": "xor"}),
    ("hidden", ()),
    ("hidden", []),
    ("hidden", 2),
    ("hidden", "2"),
    ("hidden", (0,)),
    ("hidden", (-1,)),
    ("hidden", (65,)),
    ("hidden", (2, 2, 2, 2, 2)),
    ("hidden", (2.0,)),
    ("hidden", (True,)),
    ("hidden", (2, None)),
    ("hidden", [[2]]),
    ("hidden", None),
    ("activation", "softmax"),
    ("activation", "Sigmoid"),
    ("activation", ""),
    ("activation", None),
    ("activation", 1),
    ("activation", ["relu"]),
    ("bias", 1),
    ("bias", 0),
    ("bias", "true"),
    ("bias", None),
    ("loss", "mse"),
    ("loss", None),
    ("loss", {}),
    ("init", "ones"),
    ("init", None),
    ("init", 0.5),
    ("seed", -1),
    ("seed", 2**32),
    ("seed", 10**30),
    ("seed", 1.0),
    ("seed", float("nan")),
    ("seed", "0"),
    ("seed", True),
    ("seed", None),
    ("learning_rate", 0),
    ("learning_rate", 0.0),
    ("learning_rate", -0.1),
    ("learning_rate", 1_000_001),
    ("learning_rate", 1e300),
    ("learning_rate", float("nan")),
    ("learning_rate", float("inf")),
    ("learning_rate", "0.1"),
    ("learning_rate", True),
    ("learning_rate", None),
    ("learning_rate", [0.1]),
    ("frozen", "W1[0,0]"),
    ("frozen", None),
    ("frozen", ("W1",)),
    ("frozen", ("W1[0]",)),
    ("frozen", ("W1[2,0]",)),
    ("frozen", ("W1[0,2]",)),
    ("frozen", ("W1[00,0]",)),
    ("frozen", ("W1[0,00]",)),
    ("frozen", ("W1[ 0,0]",)),
    ("frozen", ("W1[0,٠]",)),
    ("frozen", ("W1[0,0]\n",)),
    ("frozen", ("W1[0," + "9" * 5000 + "]",)),
    ("frozen", ("W0[0,0]",)),
    ("frozen", ("W3[0,0]",)),
    ("frozen", ("b1[0]",)),  # the default has no biases
    ("frozen", ("W1[0,0]", "w2[0,0]")),
    ("frozen", (0,)),
    ("mistake", "nonsense"),
    ("mistake", ""),
    ("mistake", 1),
    ("mistake", ["wrong-sign"]),
]

BAD_TEXTS: list[tuple[str, str]] = [
    ("problem", "xor "),
    ("hidden", ""),
    ("hidden", "2,"),
    ("hidden", "2;3"),
    ("hidden", "two"),
    ("hidden", "-2"),
    ("hidden", "+2"),
    ("hidden", "2.0"),
    ("hidden", "1e1"),
    ("hidden", "1_0"),
    ("hidden", "٤"),
    ("hidden", "²"),
    ("activation", "step"),
    ("bias", "yes"),
    ("bias", "True"),
    ("bias", ""),
    ("loss", "squared error"),
    ("init", "random"),
    ("seed", ""),
    ("seed", "1_000"),
    ("seed", "١٢"),  # Arabic-Indic digits
    ("seed", "１２"),  # full-width digits
    ("seed", "0x10"),
    ("seed", "1e3"),
    ("seed", "-1"),
    ("seed", "+1"),
    ("seed", "9" * 5000),
    ("seed", "1.0"),
    ("learning_rate", ""),
    ("learning_rate", "fast"),
    ("learning_rate", "1_000"),
    ("learning_rate", "0.0_1"),
    ("learning_rate", "٠.٥"),
    ("learning_rate", "0,1"),
    ("learning_rate", "0x1p-3"),
    ("learning_rate", "1e"),
]

# Texts that are numbers, but not allowed: the message shows the number.
BAD_NUMBERS: list[tuple[str, str, str]] = [
    ("seed", "4294967296", "4294967296"),
    ("hidden", "65", "65"),
    ("hidden", "0", "0"),
    ("hidden", "2,2,2,2,2", "2,2,2,2,2"),
    ("learning_rate", "0", "0.0"),
    ("learning_rate", "-0.1", "-0.1"),
    ("learning_rate", "nan", "nan"),
    ("learning_rate", "Infinity", "inf"),
    ("learning_rate", "1e999", "inf"),
    ("learning_rate", "1e-999", "0.0"),
    ("learning_rate", "1000001", "1000001.0"),
]


def shown(value: object) -> str:
    """A value as a message shows it: texts and objects as JSON, long ones cut."""
    if isinstance(value, tuple) and value and all(type(item) is int for item in value):
        return ",".join(map(str, value))
    text = json.dumps(value) if isinstance(value, str | dict) else repr(value)
    return text if len(text) <= 60 else text[:57]


def assert_one_sentence(error: RecipeError, field: str, *values: str) -> None:
    message = str(error)
    assert error.field == field
    assert message.startswith(f"{field} cannot be ")
    assert message.endswith(f"; allowed: {ALLOWED[field]}")
    assert all(value in message.split("; allowed: ")[0] for value in values)
    assert len(message.splitlines()) == 1
    assert ". " not in message


@pytest.mark.parametrize(("field", "value"), BAD_VALUES)
def test_bad_value_gets_a_sentence_with_field_value_and_what_is_allowed(
    field: str, value: object
) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe(**{field: value})  # type: ignore[arg-type]
    if isinstance(value, list | tuple):
        assert_one_sentence(caught.value, field, *(str(item).strip()[:40] for item in value))
    elif field == "learning_rate" and type(value) is int:
        assert_one_sentence(caught.value, field, str(float(value)))  # shown as what it became
    else:
        assert_one_sentence(caught.value, field, shown(value))


@pytest.mark.parametrize(("field", "value"), BAD_VALUES)
def test_bad_value_in_json_is_refused_alike(field: str, value: object) -> None:
    try:
        value = json.loads(json.dumps(value))
    except TypeError:
        pytest.skip("not a JSON value")
    with pytest.raises(RecipeError, match=f"^{field} cannot be "):
        Recipe.from_json({field: value})


@pytest.mark.parametrize(("field", "text"), BAD_TEXTS)
def test_bad_text_is_refused_as_it_was_typed(field: str, text: str) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe.parse({field: text})
    assert_one_sentence(caught.value, field, shown(text))


@pytest.mark.parametrize(("field", "text", "number"), BAD_NUMBERS)
def test_number_out_of_bounds_is_refused(field: str, text: str, number: str) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe.parse({field: text})
    assert_one_sentence(caught.value, field, number)


def test_long_values_are_shortened() -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe(problem="01" * 5000)
    assert len(str(caught.value)) < 100 + len(ALLOWED["problem"])


ANY_TEXT = st.text() | st.from_regex(r"[-+0-9._e,]{1,8}")
ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
ALL_FIELDS = [field.name for field in dataclasses.fields(Recipe)]


def complaint(make: Callable[[], Recipe]) -> str | None:
    """What is said where a recipe is refused; other exceptions are failures."""
    try:
        make()
    except RecipeError as error:
        return str(error)
    return None


@pytest.mark.slow
@given(st.sampled_from([field for field in FLAGS if field != "data"]), ANY_TEXT)
def test_whatever_is_typed_gives_a_recipe_or_one_sentence(field: str, text: str) -> None:
    message = complaint(lambda: Recipe.parse({field: text}))
    if message is not None:
        assert message.startswith(f"{field} cannot be ")
        assert len(message.splitlines()) == 1


@pytest.mark.slow
@given(st.sampled_from(ALL_FIELDS), ANY_JSON)
def test_whatever_json_says_gives_a_recipe_or_one_sentence(field: str, value: Any) -> None:
    message = complaint(lambda: Recipe.from_json({field: value}))
    if message is not None:
        assert message.startswith(f"{field} cannot be ")
        assert len(message.splitlines()) == 1


# -- what is typed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("problem", "parity3", "parity3"),
        ("hidden", "2", (2,)),
        ("hidden", "4,3", (4, 3)),
        ("hidden", "4, 3", (4, 3)),
        ("activation", "tanh", "tanh"),
        ("bias", "true", True),
        ("bias", "false", False),
        ("loss", "cross-entropy", "cross-entropy"),
        ("init", "he", "he"),
        ("seed", "4294967295", 4294967295),
        ("seed", "007", 7),
        ("learning_rate", "0.5", 0.5),
        ("learning_rate", ".5", 0.5),
        ("learning_rate", "1e-3", 0.001),
        ("learning_rate", "1000000", 1e6),
    ],
)
def test_typed_text_is_read(field: str, text: str, value: object) -> None:
    assert parse_field(field, text) == value
    assert getattr(Recipe.parse({field: text}), field) == value


# -- names of parameters -----------------------------------------------------------------------


@pytest.mark.slow
@given(recipes(most_bits=4, most_units=6))
def test_parameters_can_be_frozen_by_exactly_the_names_of_the_network(recipe: Recipe) -> None:
    names = Network(recipe).names
    assert all(recipe.has_parameter(name) for name in names)
    last = len(recipe.sizes) - 1
    inputs, outputs = recipe.sizes[0], recipe.sizes[1]
    outside = [
        f"W{last + 1}[0,0]",
        f"W1[{inputs},0]",
        f"W1[0,{outputs}]",
        f"b1[{outputs}]",
        "W1[0]",
    ]
    assert not any(recipe.has_parameter(name) for name in outside)
    assert recipe.has_parameter("b1[0]") == recipe.bias


# -- there and back ----------------------------------------------------------------------------


@given(recipes(with_mistakes=True))
def test_json_reads_back_to_the_same_recipe(recipe: Recipe) -> None:
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


def test_json_of_the_default() -> None:
    assert Recipe().to_json() == {
        "problem": "xor",
        "hidden": [2],
        "activation": "sigmoid",
        "bias": False,
        "loss": "squared-error",
        "init": "uniform",
        "seed": 0,
        "learning_rate": 0.1,
    }


def test_absent_keys_keep_their_defaults() -> None:
    assert Recipe.from_json({}) == Recipe()
    assert Recipe.from_json({"seed": 7}) == Recipe(seed=7)


@pytest.mark.parametrize("key", ["lr", "Seed", "", "optimizer", "problem ", "ключ", "two\nlines"])
def test_unknown_keys_are_refused_by_name(key: str) -> None:
    with pytest.raises(ValueError, match="a recipe has no key") as caught:
        Recipe.from_json({"seed": 1, key: 1})
    assert json.dumps(key) in str(caught.value)
    assert "learning_rate" in str(caught.value)  # the keys there are
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("data", [None, True, 3, "xor", [], [["seed", 1]]])
def test_only_an_object_is_a_recipe(data: object) -> None:
    with pytest.raises(ValueError, match="a recipe is a JSON object, not"):
        Recipe.from_json(data)


@given(recipes(with_frozen=False, with_mistakes=True))
def test_arguments_give_the_same_recipe(recipe: Recipe) -> None:
    fields = {flag: field for field, flag in FLAGS.items()} | {
        "--no-bias": "bias",
        "--no-shuffle": "shuffle",
    }
    arguments = recipe.to_arguments()
    texts: dict[str, str] = {}
    while arguments:
        flag = arguments.pop(0)
        is_switch = fields[flag] in ("bias", "shuffle")
        is_on = not flag.startswith("--no-")
        texts[fields[flag]] = str(is_on).lower() if is_switch else arguments.pop(0)
    assert Recipe.parse(texts) == recipe


def test_arguments_are_only_what_differs_from_the_default() -> None:
    assert Recipe().to_arguments() == []
    assert Recipe(seed=3).to_arguments() == ["--seed", "3"]
    recipe = Recipe("parity3", (4, 3), "tanh", True, "cross-entropy", "xavier", 9, 0.5)
    assert " ".join(recipe.to_arguments()) == (
        "--problem parity3 --hidden 4,3 --activation tanh --bias --loss cross-entropy "
        "--init xavier --seed 9 --lr 0.5"
    )
