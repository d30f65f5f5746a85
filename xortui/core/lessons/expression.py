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
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from xortui.core.explain.places import arrays_of
from xortui.core.lessons.functions import FUNCTIONS
from xortui.core.lessons.scope import ExpressionError, Scope, Value, named_place, place_of
from xortui.core.text.shortened import shortened

MAX_LENGTH, MAX_PARTS = 300, 120  # characters, and nodes of the syntax tree

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


def walked(node: ast.expr, scope: Scope) -> Value:
    """The value of a tree that was checked."""
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
            return FUNCTIONS[name].call(arguments, scope, walked)
    raise ExpressionError("an expression has a part that is not allowed")


def _one_truth(value: Value) -> bool:
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind != "b":
        raise ExpressionError("and, or and not are about what is true or false")
    return bool(array.reshape(()))
