"""Entries that are not in the tables, to see that one more is all that a new one takes."""

import math
from typing import Any

import pytest

from xortui.core.model.tables import ACTIVATIONS, INITIALISERS, LOSSES, Activation, LossFunction

SOFTSIGN = Activation(
    "x / (1 + np.abs(x))",
    "((1 - np.abs({a})) ** 2)",
    "(1 − |{a}|)²",
    limits=(-1.0, 1.0),
    steepest=1.0,
    bend=2.0,
)
LEAKY = Activation(
    "np.maximum(x, 0.1 * x)",
    "(0.1 + 0.9 * ({a} > 0))",
    "(0.1 + 0.9·[{a} > 0])",
    limits=(-math.inf, math.inf),
    steepest=1.0,
    bend=0.0,
    has_kink=True,
)


def _least(share: float) -> float:
    answers = [step / 1000 for step in range(1001)]
    return min(
        (1 - share) * math.log(math.cosh(answer)) + share * math.log(math.cosh(answer - 1))
        for answer in answers
    )


LOG_COSH = LossFunction(
    "np.log(np.cosh(yhat - Y))",
    "log cosh(ŷ − y)",
    "the logarithm of the hyperbolic cosine of the error",
    output="linear",
    delta="np.tanh(yhat - Y)",
    delta_notation="tanh(ŷ − y)",
    delta_words="The derivative of log cosh is tanh.",
    curvature="1 - np.tanh(yhat - Y) ** 2",
    bend=1.0,
    of_one_answer=_least,
)
BRIER = LossFunction(
    "(yhat - Y) ** 2",
    "(ŷ − y)²",
    "the Brier score",
    output="sigmoid",
    delta="2 * (yhat - Y) * yhat * (1 - yhat)",
    delta_notation="2(ŷ − y)ŷ(1 − ŷ)",
    delta_words="The derivative of the square, times the slope of the sigmoid.",
    curvature="2 * yhat * (1 - yhat) * (yhat * (1 - yhat) + (yhat - Y) * (1 - 2 * yhat))",
    bend=0.16,
    of_one_answer=lambda share: share * (1 - share),
)

# Fields of recipes that have them: a recipe itself could not be made before they are there.
RECIPES: dict[str, dict[str, Any]] = {
    "softsign": {"activation": "softsign", "bias": True, "init": "symmetric", "seed": 3},
    "softsign, no bias": {"activation": "softsign", "hidden": (3,), "init": "symmetric", "seed": 1},
    "softsign, deep": {
        "problem": "parity3",
        "activation": "softsign",
        "hidden": (4, 3),
        "bias": True,
        "init": "xavier",
        "learning_rate": 0.02,
    },
    "leaky": {"activation": "leaky", "hidden": (3,), "bias": True, "init": "symmetric", "seed": 2},
    "log-cosh": {"loss": "log-cosh", "hidden": (3,), "bias": True, "init": "symmetric"},
    "brier": {
        "loss": "brier",
        "activation": "tanh",
        "hidden": (3,),
        "learning_rate": 0.5,
        "init": "he",
    },
    "all": {
        "activation": "softsign",
        "loss": "brier",
        "hidden": (3, 2),
        "init": "halves",
        "learning_rate": 0.3,
    },
}


def add_toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the toys into the tables for the time of one test."""
    monkeypatch.setitem(ACTIVATIONS, "softsign", SOFTSIGN)
    monkeypatch.setitem(ACTIVATIONS, "leaky", LEAKY)
    monkeypatch.setitem(LOSSES, "log-cosh", LOG_COSH)
    monkeypatch.setitem(LOSSES, "brier", BRIER)
    monkeypatch.setitem(INITIALISERS, "halves", ("random.uniform(-0.5, 0.5, ({i}, {o}))",))
