"""The language of lessons: what it can say, and that it can do nothing else."""

import math
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xortui.core.lessons.expression import MAX_LENGTH, read
from xortui.core.lessons.functions import FUNCTIONS
from xortui.core.lessons.scope import ExpressionError, Scope
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer

TRAINER = Trainer(Recipe())
TRAINER.seek(3)


def further(step: int) -> object:
    trainer = Trainer(Recipe())
    trainer.seek(step)
    return trainer.snapshot()


SCOPE = Scope(TRAINER.snapshot(), further, {"answer": 2.0})  # type: ignore[arg-type]
VALUES = SCOPE.snapshot.values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 ** 2 / 4 - -1", 6.5),
        ("W1[1,0]", VALUES["W1"][1, 0]),
        ("yhat[2]", VALUES["yhat"][2, 0]),
        ("-learning_rate * dW1[0,1]", -0.1 * VALUES["dW1"][0, 1]),
        ("new_W2[0,0]", VALUES["W2"][0, 0] - 0.1 * VALUES["dW2"][0, 0]),
        ("loss * rows - L", 0.0),
        ("max(abs(dW1))", np.abs(VALUES["dW1"]).max()),
        ("max(1, 3, 2) + min(1, 3, 2)", 4),
        ("norm(row(a1, 1) - row(a1, 2))", np.linalg.norm(VALUES["a1"][1] - VALUES["a1"][2])),
        ("sum(column(a1, 0) * column(dyhat, 0))", VALUES["dW2"][0, 0]),
        ("length(W2, 0) * 10 + length(W2, 1)", 21),
        ("sigmoid(z1[3,1]) + tanh(0) + relu(-1)", VALUES["a1"][3, 1]),
        ("count(dW1 > 0)", 4),
        ("step + answer", 5),
        ("at(0, loss)", 0.14451072667400197),
        ("exp(log(sqrt(16)))", 4),
        ("sign(-0.5) + mean(X)", -0.5),
        ("chance_loss", 0.125),
        ("difference(W1[0,1], 0.00001)", VALUES["dW1"][0, 1]),
        ('verdicts(dW1, "right") + verdicts(dW2, "wrong")', 4),
        ("interval_low(10, 10) < interval_high(10, 10)", 1),
    ],
)
def test_it_says_numbers_of_the_step(text: str, value: float) -> None:
    assert read(text).number(SCOPE) == pytest.approx(float(value), rel=1e-7, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("1 < step < 4", True),
        ("not solved and not diverged", True),
        ("solved or loss < 1", True),
        ("all(row(X, 0) == 0)", True),
        ("any(dW1 < 0)", False),
        ("is_wrong(dz1)", False),
        ("breaks_first(losses)", False),
        ("is_finite(loss)", True),
        ("True and not False", True),
    ],
)
def test_it_says_what_is_true(text: str, truth: bool) -> None:
    assert read(text).truth(SCOPE) is truth


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "W1[0,",
        "__import__('os').system('true')",
        "loss.__class__",
        "(lambda: 1)()",
        "[x for x in X]",
        "{1: 2}",
        "(1, 2)",
        "'text'",
        "f'{loss}'",
        "b'a'",
        "1j",
        "None",
        "...",
        "loss if solved else 1",
        "loss := 1",
        "x = 1",
        "import os",
        "W1[0:1]",
        "W1[-1,0]",
        "W1[W2[0,0],0]",
        "W1[0][1]",
        "abs",
        "abs()",
        "abs(1, 2)",
        "abs(*X)",
        "abs(x=1)",
        "eval('1')",
        "abs('1')",
        "1 in X",
        "1 is 1",
        "X @ X",
        "1 // 2",
        "1 % 2",
        "1 << 9",
        "~1",
        "await loss",
        "nothing",
        "W9[0,0]",
        "W1[5,5]",
        "dW1[0]",
        "not loss",
        "X and Y",
        "W1 + X",
        "row(W1, 9)",
        "length(loss, 0)",
        "length(W1, 2)",
        "at(-1, loss)",
        "at(100001, loss)",
        "at(step, loss)",
        "difference(loss, 1)",
        "difference(1, 1)",
        "is_wrong(1)",
        "verdicts(dW1, 'maybe')",
        "solved_of(0, 1)",
        "solved_of(10000, 10000)",
        "interval_low(5, 4)",
        "interval_low(0.5, 4)",
        "1" * 301,
        "-" * 200 + "1",
        "(" * 150 + "1" + ")" * 150,
        "1\x00",
    ],
)
def test_whatever_else_is_tried_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ExpressionError) as error:
        read(text).number(SCOPE)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500


def test_great_numbers_end_in_infinity_and_not_in_waiting() -> None:
    assert read("9**9**9**9").number(SCOPE) == math.inf
    with pytest.raises(ExpressionError):
        read("9" * MAX_LENGTH + "0").number(SCOPE)


def test_arrays_are_no_numbers_and_numbers_no_truths() -> None:
    with pytest.raises(ExpressionError, match="not one number"):
        read("W1").number(SCOPE)
    with pytest.raises(ExpressionError, match="neither true nor false"):
        read("loss").truth(SCOPE)


@given(st.text(max_size=60))
def test_no_text_does_harm(text: str) -> None:
    with suppress(ExpressionError):
        read(text).evaluate(SCOPE)


@given(
    st.lists(st.sampled_from([*FUNCTIONS, "W1", "X", "loss", "(", ")", ",", "0", "+", "[", "]"]))
)
def test_no_mixture_of_its_own_words_does_harm(words: list[str]) -> None:
    with suppress(ExpressionError):
        read("".join(words)).evaluate(SCOPE)


def test_every_function_is_used_as_it_says() -> None:
    for function in FUNCTIONS.values():
        usage = function.usage.partition(" or ")[0]
        for letter in "xyz":
            usage = usage.replace(f"({letter}", "(4").replace(f", {letter}", ", 9")
        usage = usage.replace("(array)", "(W1)").replace("solved_of(100, 2500)", "solved_of(2, 10)")
        read(usage).evaluate(SCOPE)
