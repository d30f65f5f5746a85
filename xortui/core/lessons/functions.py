"""The functions of the lessons' language: of numbers and arrays, of the run, of many seeds."""

import ast
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from xortui.core.analysis.gradcheck import (
    AT_KINK,
    RIGHT,
    UNCERTAIN,
    WRONG,
    ParameterCheck,
    check_parameters,
)
from xortui.core.analysis.statistics import wilson_interval
from xortui.core.lessons.scope import ExpressionError, Scope, Value, named_place
from xortui.core.model.batch import evaluate_many
from xortui.core.model.functions import activation_function
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.sweep.plan import Plan
from xortui.core.sweep.runner import Sweep
from xortui.core.text.shortened import shortened

MAX_STEP = 100_000  # of another step that is looked at
MAX_SWEPT = 2_000_000  # seeds times steps
VERDICTS = (RIGHT, WRONG, UNCERTAIN, AT_KINK)


Parts = Sequence[ast.expr]
# Gives the value of a part of an expression.
Evaluator = Callable[[ast.expr, Scope], Value]


@dataclass(frozen=True)
class LessonFunction:
    """A function of the language: how it is used, how many arguments it takes, what it does."""

    usage: str
    counts: tuple[int, int]
    call: Callable[[Parts, Scope, Evaluator], Value]


def _plain(name: str, function: Callable[..., Value], count: int = 1) -> LessonFunction:
    """A function of values only."""
    letters = ", ".join("xyz"[:count])

    def call(arguments: Parts, scope: Scope, walk: Evaluator) -> Value:
        return function(*(walk(argument, scope) for argument in arguments))

    return LessonFunction(f"{name}({letters})", (count, count), call)


def _extreme(name: str, of_array: Callable[[Value], Value]) -> LessonFunction:
    """max or min: of one array, or of several numbers."""

    def call(arguments: Parts, scope: Scope, walk: Evaluator) -> Value:
        values = [walk(argument, scope) for argument in arguments]
        return of_array(np.asarray(values[0] if len(values) == 1 else values))

    return LessonFunction(f"{name}(array) or {name}(x, y)", (1, 9), call)


def _whole(node: ast.expr, least: int, most: int) -> int:
    """A whole number written out. Raises ExpressionError."""
    if isinstance(node, ast.Constant) and type(node.value) is int and least <= node.value <= most:
        return node.value
    text = shortened(ast.unparse(node))
    raise ExpressionError(f"{text} is not a whole number from {least} to {most:,}")


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    raise ExpressionError(f"{shortened(ast.unparse(node))} is not the name of an array")


def _at(arguments: Parts, scope: Scope, walk: Evaluator) -> Value:
    step = _whole(arguments[0], 0, MAX_STEP)
    return walk(arguments[1], Scope(scope.at(step), scope.at, scope.extra))


def _line(arguments: Parts, scope: Scope, walk: Evaluator, axis: int) -> Value:
    array = np.asarray(walk(arguments[0], scope))
    place = _whole(arguments[1], 0, 10_000)
    if array.ndim != 2 or place >= array.shape[axis]:
        raise ExpressionError(f"{shortened(ast.unparse(arguments[0]))} has no such row or column")
    return np.take(array, place, axis)


def _length(arguments: Parts, scope: Scope, walk: Evaluator) -> Value:
    array, axis = np.asarray(walk(arguments[0], scope)), _whole(arguments[1], 0, 1)
    if axis >= array.ndim:
        raise ExpressionError(f"{shortened(ast.unparse(arguments[0]))} has fewer axes")
    return np.float64(array.shape[axis])


def _difference(arguments: Parts, scope: Scope, walk: Evaluator, steps: tuple[int, int]) -> Value:
    """(L at w + up·h − L at w + down·h) over the distance, of the parameter that is named."""
    place, step = named_place(arguments[0], scope), float(walk(arguments[1], scope))
    network = scope.snapshot.network
    if place.name not in network.shapes:
        raise ExpressionError(f"{place.name} is no parameter")
    inside = ",".join(map(str, place.index))
    at = network.places[f"{place.name}[{inside}]"]
    ends = np.stack([scope.snapshot.parameters] * 2)
    ends[:, at] += np.array(steps) * step
    upper, lower = evaluate_many(network, ends)["L"]
    return (upper - lower) / ((steps[0] - steps[1]) * step)


def _verdicts(arguments: Parts, scope: Scope, walk: Evaluator) -> Value:
    """How many numbers of a gradient the gradient check says this of."""
    name, word = _name(arguments[0]), arguments[1]
    if not (isinstance(word, ast.Constant) and word.value in VERDICTS):
        raise ExpressionError(f"the gradient check says one of {', '.join(VERDICTS)}")
    snapshot = scope.snapshot
    checks = _checks(snapshot.network, tuple(snapshot.parameters.tolist()))
    return np.float64(
        sum(
            f"d{item.name.partition('[')[0]}" == name
            for item in checks
            if item.verdict == word.value
        )
    )


@lru_cache(maxsize=16)
def _checks(network: Network, parameters: tuple[float, ...]) -> tuple[ParameterCheck, ...]:
    return tuple(check_parameters(network, np.array(parameters)))


def _is_wrong(arguments: Parts, scope: Scope, walk: Evaluator) -> Value:
    """Whether a mistake was made in the operation that makes this."""
    name = _name(arguments[0])
    return any(
        bool(operation.fault) and operation.target == name.removeprefix("new_")
        for operation in scope.snapshot.network.operations
    )


def _breaks_first(arguments: Parts, scope: Scope, walk: Evaluator) -> Value:
    """Whether this is what first was not finite, where the run diverged."""
    broke = scope.snapshot.broke
    return broke is not None and broke.operation.target == _name(arguments[0])


def _solved_of(arguments: Parts, scope: Scope, walk: Evaluator) -> Value:
    seeds, steps = _whole(arguments[0], 1, 10_000), _whole(arguments[1], 1, MAX_STEP)
    if seeds * steps > MAX_SWEPT:
        raise ExpressionError(f"seeds times steps is more than {MAX_SWEPT:,}")
    return np.float64(_swept(scope.snapshot.recipe, seeds, steps))


@lru_cache(maxsize=32)
def _swept(recipe: Recipe, seeds: int, steps: int) -> int:
    sweep = Sweep(Plan((recipe,), range(seeds), steps))
    with closing(sweep.run()) as turns:
        for _ in turns:
            pass
    return sweep.cells()[0].solved


def _wilson(successes: Value, trials: Value, end: int) -> Value:
    if not (float(successes).is_integer() and float(trials).is_integer()):
        raise ExpressionError("an interval is of whole numbers")
    return np.float64(wilson_interval(int(successes), int(trials))[end])


FUNCTIONS: dict[str, LessonFunction] = {
    "abs": _plain("abs", np.abs),
    "sign": _plain("sign", np.sign),
    "sqrt": _plain("sqrt", np.sqrt),
    "exp": _plain("exp", np.exp),
    "log": _plain("log", np.log),
    "sum": _plain("sum", np.sum),
    "mean": _plain("mean", np.mean),
    "norm": _plain("norm", lambda x: np.sqrt(np.sum(np.square(x)))),
    "count": _plain("count", lambda x: np.float64(np.count_nonzero(x))),
    "all": _plain("all", np.all),
    "any": _plain("any", np.any),
    "is_finite": _plain("is_finite", np.isfinite),
    "max": _extreme("max", np.max),
    "min": _extreme("min", np.min),
    "row": LessonFunction("row(W1, 0)", (2, 2), partial(_line, axis=0)),
    "column": LessonFunction("column(W1, 0)", (2, 2), partial(_line, axis=1)),
    "length": LessonFunction("length(W1, 0)", (2, 2), _length),
    **{
        name: _plain(name, lambda x, name=name: activation_function(name)(np.asarray(x)))
        for name in ACTIVATIONS
    },
    "at": LessonFunction("at(100, loss)", (2, 2), _at),
    "difference": LessonFunction(
        "difference(W1[0,0], 1e-5)",
        (2, 2),
        partial(_difference, steps=(1, -1)),
    ),
    "forward_difference": LessonFunction(
        "forward_difference(W1[0,0], 1e-5)",
        (2, 2),
        partial(_difference, steps=(1, 0)),
    ),
    "verdicts": LessonFunction('verdicts(dW1, "wrong")', (2, 2), _verdicts),
    "is_wrong": LessonFunction("is_wrong(dz1)", (1, 1), _is_wrong),
    "breaks_first": LessonFunction("breaks_first(losses)", (1, 1), _breaks_first),
    "solved_of": LessonFunction("solved_of(100, 2500)", (2, 2), _solved_of),
    "interval_low": _plain("interval_low", lambda x, y: _wilson(x, y, 0), 2),
    "interval_high": _plain("interval_high", lambda x, y: _wilson(x, y, 1), 2),
}
