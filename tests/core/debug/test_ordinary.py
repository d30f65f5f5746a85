"""Their network as an ordinary run: what a recipe can say, and what it cannot."""

from dataclasses import replace

import pytest

from xortui.core.debug.ordinary import NoRecipeError, ordinary_recipe, run_of
from xortui.core.debug.report import Start
from xortui.core.model.recipe_words import in_words

XOR = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
START = Start(
    (((0.1, -0.2), (0.3, 0.4)), ((1.5,), (-0.5,))),
    ((0.0, 0.25), (0.75,)),
    XOR,
    ((0.0,), (1.0,), (1.0,), (0.0,)),
)


def test_the_run_stands_at_their_start() -> None:
    run = run_of(START, ("tanh", "linear"), 0.3)
    assert in_words(run.recipe) == "XOR 2-2-1 tanh, bias, seed 0, learning rate 0.3"
    parameters = run.trainer().snapshot().parameters
    assert sorted(parameters.tolist()) == sorted([0.1, -0.2, 0.3, 0.4, 1.5, -0.5, 0, 0.25, 0.75])


def test_a_sigmoid_output_goes_with_cross_entropy() -> None:
    assert ordinary_recipe(START, ("sigmoid", "sigmoid"), None).loss == "cross-entropy"


def test_other_labels_are_another_problem() -> None:
    start = replace(START, labels=((0.0,), (0.0,), (0.0,), (1.0,)))
    assert ordinary_recipe(start, ("relu", "linear"), 0.1).table.labels == (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("start", "activations", "reason"),
    [
        (START, ("linear", "sigmoid"), "hidden"),
        (START, ("sigmoid",), "no hidden layer"),
        (START, ("tanh", "tanh"), "output"),
        (replace(START, biases=((), (0.75,))), ("tanh", "linear"), "biases"),
        (replace(START, rows=tuple((2 * a, b) for a, b in XOR)), ("tanh", "linear"), "zeros"),
        (replace(START, rows=XOR[:3], labels=START.labels[:3]), ("tanh", "linear"), "table"),
    ],
)
def test_what_no_recipe_says_has_a_reason(
    start: Start, activations: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(NoRecipeError, match=reason):
        run_of(start, activations, 0.1)
