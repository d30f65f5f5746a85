"""The small language in which lessons say what is right: arithmetic over the numbers of a step.

It is Python's notation for expressions, read with `ast` and walked here; no text of a file is ever
evaluated by Python. There are

- numbers, + - * / **, comparisons, `and`, `or`, `not`, parentheses;
- arrays and numbers by the names of the code: W1, dW1[0,1], yhat[2], loss; new_W1 is W1 after the
  update of the step;
- what is known of the run: step, rows, right_rows, solved, diverged, solved_at, diverged_at, ...;
- the functions of `functions.py`.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from xortui.core.explain.places import UPDATED, Place, arrays_of
from xortui.core.explain.why import SnapshotAt
from xortui.core.text.shortened import shortened
from xortui.core.training.snapshot import Snapshot

MAX_LENGTH, MAX_PARTS = 300, 120  # characters, and nodes of the syntax tree
NEW = "new_"

Value = Any  # a float, a truth value, or an array of either

_BINARY: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARED: dict[type[ast.cmpop], Callable[[Value, Value], Value]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class ExpressionError(ValueError):
    """An expression that cannot be read or has no value here. The message is one sentence."""


@dataclass(frozen=True, eq=False)
class Scope:
    """What an expression is about: a step of a run, and the run's other steps.

    `extra` are further names, such as what a learner has answered.
    """

    snapshot: Snapshot
    at: SnapshotAt
    extra: Mapping[str, float] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """What a name stands for. Raises ExpressionError."""
        if name in self.extra:
            return np.float64(self.extra[name])
        snapshot = self.snapshot
        facts = KNOWN.get(name)
        if facts is not None:
            return facts(snapshot)
        wanted = name.removeprefix(NEW) + UPDATED if name.startswith(NEW) else name
        arrays = arrays_of(snapshot)
        if wanted not in arrays:
            raise ExpressionError(f"there is nothing called {shortened(name)} here")
        return arrays[wanted]


def _or_nan(step: int | None) -> np.float64:
    return np.float64(np.nan if step is None else step)


# What can be asked of a run besides its arrays.
KNOWN: dict[str, Callable[[Snapshot], Value]] = {
    "step": lambda snapshot: np.float64(snapshot.step),
    "last_step": lambda snapshot: np.float64(snapshot.last_step),
    "rows": lambda snapshot: np.float64(len(snapshot.labels)),
    "right_rows": lambda snapshot: np.float64(snapshot.right.sum()),
    "solved": lambda snapshot: snapshot.solved,
    "diverged": lambda snapshot: snapshot.diverged,
    "solved_at": lambda snapshot: _or_nan(snapshot.solved_at),
    "diverged_at": lambda snapshot: _or_nan(snapshot.diverged_at),
    "chance_loss": lambda snapshot: np.float64(snapshot.chance_loss),
    "gradient_norm": lambda snapshot: np.float64(snapshot.gradient_norm),
    "has_bias": lambda snapshot: snapshot.recipe.bias,
    "is_xnor": lambda snapshot: snapshot.recipe.table.labels == (1, 0, 0, 1),
    "is_right": lambda snapshot: snapshot.right,
}


@dataclass(frozen=True)
class Expression:
    """An expression that was read: its text, and the tree that is walked."""

    text: str
    tree: ast.expr = field(compare=False, repr=False)

    def evaluate(self, scope: Scope) -> Value:
        """Its value. Raises ExpressionError where it has none."""
        with np.errstate(all="ignore"):
            try:
                return walked(self.tree, scope)
            except (IndexError, KeyError, TypeError, ArithmeticError):
                raise ExpressionError(f"{shortened(self.text)} has no value here") from None
            except ValueError as error:
                if isinstance(error, ExpressionError):
                    raise
                raise ExpressionError(f"{shortened(self.text)} has no value here") from None

    def number(self, scope: Scope) -> float:
        """Its value where that is one number. Raises ExpressionError."""
        value = np.asarray(self.evaluate(scope))
        if value.size != 1 or value.dtype.kind not in "fiub":
            raise ExpressionError(f"{shortened(self.text)} is not one number")
        return float(value.reshape(()))

    def truth(self, scope: Scope) -> bool:
        """Its value where that is true or false. Raises ExpressionError."""
        value = np.asarray(self.evaluate(scope))
        if value.size != 1 or value.dtype.kind != "b":
            raise ExpressionError(f"{shortened(self.text)} is neither true nor false")
        return bool(value.reshape(()))

    @property
    def place(self) -> tuple[str, tuple[int, ...]] | None:
        """Array and index where it is just the name of one number, as dW1[0,1]; else None."""
        return place_of(self.tree)


@lru_cache(maxsize=1024)
def read(text: str) -> Expression:
    """The expression that a text is. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(f"{shortened(text)} is no expression") from None
    if sum(1 for _ in ast.walk(tree)) > MAX_PARTS:
        raise ExpressionError(f"{shortened(text)} has more than {MAX_PARTS} parts")
    _check(tree, text)
    return Expression(text, tree)


def _check(node: ast.expr, text: str) -> None:
    """Raise ExpressionError for anything that the language does not have."""
    from xortui.core.lessons.functions import FUNCTIONS

    match node:
        case ast.Constant(value=bool() | int() | float()) | ast.Name():
            return
        case ast.Subscript(value=ast.Name()) if place_of(node) is not None:
            return
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            parts = [left, right]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=operand):
            parts = [operand]
        case ast.BoolOp(values=parts):
            pass
        case ast.Compare(left=left, ops=ops, comparators=rest) if set(map(type, ops)) <= set(
            _COMPARED
        ):
            parts = [left, *rest]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            function = FUNCTIONS[name]
            least, most = function.counts
            if not least <= len(arguments) <= most or any(
                isinstance(argument, ast.Starred) for argument in arguments
            ):
                raise ExpressionError(f"{name} is used as {function.usage}")
            parts = [
                argument
                for argument in arguments
                if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str))
            ]
        case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
            raise ExpressionError(
                f"there is no function {shortened(name)}; there are {', '.join(FUNCTIONS)}"
            )
        case _:
            raise ExpressionError(f"{shortened(text)} has a part that is not allowed")
    for part in parts:
        _check(part, text)


def place_of(node: ast.expr) -> tuple[str, tuple[int, ...]] | None:
    """Array and index of what is just the name of one number; None for anything else."""
    if isinstance(node, ast.Name):
        return node.id, ()
    if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)):
        return None
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    index = [item.value for item in inner if isinstance(item, ast.Constant)]
    if len(index) != len(inner) or not all(type(at) is int and at >= 0 for at in index):
        return None
    return node.value.id, tuple(int(str(at)) for at in index)


def named_place(node: ast.expr, scope: Scope) -> Place:
    """The place that an argument names. Raises ExpressionError."""
    found = place_of(node)
    if found is None:
        raise ExpressionError(f"{shortened(ast.unparse(node))} is not the name of a number")
    name, index = found
    name = name.removeprefix(NEW) + UPDATED if name.startswith(NEW) else name
    array = arrays_of(scope.snapshot).get(name)
    if array is not None and len(index) == 1 and array.ndim == 2 and array.shape[1] == 1:
        index = (*index, 0)
    if array is None or len(index) != array.ndim or not _is_inside(index, array.shape):
        raise ExpressionError(f"there is no number {ast.unparse(node)} here")
    return Place(name, index, scope.snapshot.step)


def _is_inside(index: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return all(at < length for at, length in zip(index, shape, strict=True))


def walked(node: ast.expr, scope: Scope) -> Value:
    """The value of a tree that was checked."""
    from xortui.core.lessons.functions import FUNCTIONS

    match node:
        case ast.Constant(value=bool() as value):
            return value
        case ast.Constant(value=int() | float() as value):
            return np.float64(value)
        case ast.Name(id=name):
            return scope.value(name)
        case ast.Subscript():
            place = named_place(node, scope)
            return np.float64(arrays_of(scope.snapshot)[place.name][place.index])
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](walked(left, scope), walked(right, scope))
        case ast.UnaryOp(op=op, operand=operand):
            value = walked(operand, scope)
            if isinstance(op, ast.Not):
                return not _one_truth(value)
            return -value if isinstance(op, ast.USub) else value
        case ast.BoolOp(op=op, values=values):
            truths = (_one_truth(walked(part, scope)) for part in values)
            return all(truths) if isinstance(op, ast.And) else any(truths)
        case ast.Compare(left=left, ops=ops, comparators=rest):
            values = [walked(part, scope) for part in (left, *rest)]
            pairs = zip(ops, values, values[1:], strict=False)
            return np.logical_and.reduce([_COMPARED[type(op)](a, b) for op, a, b in pairs])
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name].call(arguments, scope)
    raise ExpressionError("an expression has a part that is not allowed")


def _one_truth(value: Value) -> bool:
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind != "b":
        raise ExpressionError("and, or and not are about what is true or false")
    return bool(array.reshape(()))
