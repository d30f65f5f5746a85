"""From an operation's NumPy expression to the calculation of one cell, and to its shapes.

Both walk the syntax tree of the very text that the network evaluates, so that neither can say
anything but what is computed.
"""

import ast
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from xortui.core.explain.arithmetic import Binary, Call, Cell, Negated, Node, Number, Rest, Sum
from xortui.core.model.functions import Array, activation_function
from xortui.core.model.layout import Shape
from xortui.core.model.names import notation
from xortui.core.model.network import Result
from xortui.core.model.operation import Operation
from xortui.core.model.optimisers import COUNT, OPTIMISERS
from xortui.core.model.penalties import PENALTIES
from xortui.core.model.schedules import STEP
from xortui.core.model.tables import ACTIVATIONS, symbol_of

# What a person gave is written in full; what was computed is rounded.
_GIVEN = {"learning_rate", COUNT, STEP, *PENALTIES} | {
    name for optimiser in OPTIMISERS.values() for name in optimiser.numbers
}
_BINARY = {ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_ADDING, _MULTIPLYING, _RAISING, _WHOLE = range(4)


def calculation_of(result: Result, index: Shape, most_terms: int) -> Node:
    """How the cell at `index` of the result came about, with the numbers of its operands.

    Sums over more than `most_terms` keep the rest as one `Rest`. Raises NotImplementedError where
    the expression has something that no operation of a network has.
    """
    walk = _Walk(result.operands, most_terms)
    return walk.cell(_parsed(result.operation), index)


def shapes_line(result: Result) -> str:
    """The expression with shapes in place of names: [4,2]ᵀ·[4,1] → [2,1]."""
    text, _ = _Walk(result.operands, 0).shapes(_parsed(result.operation))
    return f"{text} → {_shape_text(result.value.shape) or 'one number'}"


@lru_cache(maxsize=256)
def _parsed(operation: Operation) -> ast.expr:
    return ast.parse(operation.expression, mode="eval").body


class _Walk:
    """Walks an expression over these operands."""

    def __init__(self, operands: Mapping[str, Array], most_terms: int) -> None:
        self._operands = operands
        self._most_terms = most_terms

    def cell(self, node: ast.expr, index: Shape) -> Node:
        """The calculation of the cell at `index` of what `node` gives."""
        match node:
            case ast.Constant(value=int() | float() as value):
                return Number(value, exact=True)
            case ast.Name(id=name):
                array = self._operands[name]
                return Number(float(array[index]), Cell(name, index), exact=name in _GIVEN)
            case ast.Attribute(value=ast.Name(id="np"), attr="pi"):
                return Number(np.pi)
            case ast.Attribute(value=inner, attr="T"):
                return self.cell(inner, index[::-1])
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                row, column = index
                inner_index = range(self.shape(left)[1])
                return self._sum(
                    [
                        Binary("*", self.cell(left, (row, k)), self.cell(right, (k, column)))
                        for k in inner_index
                    ]
                )
            case ast.BinOp(left=left, op=operator, right=right):
                first, second = self._stretched(left, index), self._stretched(right, index)
                if isinstance(operator, ast.Add):
                    return Sum((*_terms(first), *_terms(second)))
                if isinstance(operator, ast.Sub):
                    return Sum((*_terms(first), Negated(second)))
                return Binary(_BINARY[type(operator)], first, second)
            case ast.Compare(left=left, ops=[ast.Gt()], comparators=[right]):
                return Binary(">", self._stretched(left, index), self._stretched(right, index))
            case ast.Call():
                return self._call(node, index)
        raise _unreadable(node)

    def _call(self, node: ast.Call, index: Shape) -> Node:
        match node:
            case ast.Call(func=ast.Name(id=name), args=[inner]) if name in ACTIVATIONS:
                template, function = f"{symbol_of(name)}({{}})", activation_function(name)
                return Call(template, function, self.cell(inner, index))
            case ast.Call(func=ast.Attribute(attr="logaddexp"), args=[ast.Constant(0), inner]):
                return Call("log(1 + exp({}))", _softplus, self.cell(inner, index))
            case ast.Call(func=ast.Attribute(attr="power"), args=[base, exponent]):
                return Binary("^", self._stretched(base, index), self._stretched(exponent, index))
            case ast.Call(func=ast.Attribute(attr="minimum"), args=[left, right]):
                return Binary("min", self._stretched(left, index), self._stretched(right, index))
            case ast.Call(func=ast.Attribute(attr="zeros_like")):
                return Number(0, exact=True)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr=name), args=[inner]):
                return Call(f"{name}({{}})", getattr(np, name), self.cell(inner, index))
            case ast.Call(func=ast.Attribute(value=inner, attr="sum"), keywords=[]):
                places = np.ndindex(*self.shape(inner))
                return self._sum([self.cell(inner, place) for place in places])
            case ast.Call(func=ast.Attribute(value=inner, attr="sum")):
                rows = range(self.shape(inner)[0])
                return self._sum([self.cell(inner, (row, *index)) for row in rows])
            case ast.Call(func=ast.Attribute(value=inner, attr="reshape")):
                flat = int(np.ravel_multi_index(index, self.shape(node)))
                place = np.unravel_index(flat, self.shape(inner))
                return self.cell(inner, tuple(int(at) for at in place))
        raise _unreadable(node)

    def _stretched(self, node: ast.expr, index: Shape) -> Node:
        """As `cell`, where NumPy may have repeated what `node` gives to the shape of the whole.

        Networks repeat single numbers, and biases for every row: only leading axes.
        """
        return self.cell(node, index[len(index) - len(self.shape(node)) :])

    def _sum(self, terms: list[Node]) -> Node:
        if len(terms) > self._most_terms + 1:
            terms = [*terms[: self._most_terms], Rest(tuple(terms[self._most_terms :]))]
        return Sum(tuple(terms)) if len(terms) > 1 else terms[0]

    def shape(self, node: ast.expr) -> Shape:
        """The shape of what `node` gives."""
        match node:
            case ast.Constant():
                return ()
            case ast.Name(id=name):
                return self._operands[name].shape
            case ast.Attribute(value=ast.Name(id="np"), attr="pi"):
                return ()
            case ast.Attribute(value=inner, attr="T"):
                return self.shape(inner)[::-1]
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return (self.shape(left)[0], self.shape(right)[1])
            case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
                return np.broadcast_shapes(self.shape(left), self.shape(right))
            case ast.Call(func=ast.Attribute(attr="sum"), keywords=[]):
                return ()
            case ast.Call(func=ast.Attribute(value=inner, attr="sum")):
                return self.shape(inner)[1:]
            case ast.Call(func=ast.Attribute(attr="reshape"), args=lengths):
                return tuple(ast.literal_eval(length) for length in lengths)
            case ast.Call(func=ast.Attribute(attr="minimum"), args=[left, right]):
                return np.broadcast_shapes(self.shape(left), self.shape(right))
            case ast.Call(args=[*_, inner]):
                return self.shape(inner)
        raise _unreadable(node)

    def shapes(self, node: ast.expr) -> tuple[str, int]:
        """`node` with shapes in place of names, and how tightly that text holds together."""
        match node:
            case ast.Constant(value=value):
                return f"{value!r}", _WHOLE
            case ast.Name(id=name):
                return _shape_text(self.shape(node)) or notation(name), _WHOLE
            case ast.Attribute(value=ast.Name(id="np"), attr="pi"):
                return "π", _WHOLE
            case ast.Attribute(value=inner, attr="T"):
                return f"{self._shapes_held(inner, _WHOLE)}ᵀ", _WHOLE
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
                sign = "+" if isinstance(operator, ast.Add) else "−"
                first, _ = self.shapes(left)
                return f"{first} {sign} {self._shapes_held(right, _MULTIPLYING)}", _ADDING
            case ast.BinOp(left=left, op=ast.Pow()):
                return f"{self._shapes_held(left, _WHOLE)}²", _RAISING
            case ast.BinOp(left=left, op=operator, right=right):
                first = self._shapes_held(left, _MULTIPLYING)
                second = self._shapes_held(right, _RAISING)
                is_each = isinstance(operator, ast.Mult) and self.shape(left) and self.shape(right)
                joint = "/" if isinstance(operator, ast.Div) else " ⊙ " if is_each else "·"
                return f"{first}{joint}{second}", _MULTIPLYING
            case ast.Compare(left=left, comparators=[right]):
                return f"[{self.shapes(left)[0]} > {self.shapes(right)[0]}]", _WHOLE
            case ast.Call(func=ast.Attribute(value=inner, attr="sum"), keywords=axis):
                of_rows = "rows of " if axis else ""
                return f"Σ {of_rows}{self._shapes_held(inner, _WHOLE)}", _MULTIPLYING
            case ast.Call(func=ast.Attribute(value=inner, attr="reshape" as name)):
                return f"{name}({self.shapes(inner)[0]})", _WHOLE
            case ast.Call(func=ast.Attribute(attr="logaddexp"), args=[_, inner]):
                return f"log(1 + exp {self._shapes_held(inner, _WHOLE)})", _WHOLE
            case ast.Call(func=ast.Attribute(attr="power"), args=[base, exponent]):
                return f"{self.shapes(base)[0]}^{self.shapes(exponent)[0]}", _RAISING
            case ast.Call(func=ast.Attribute(attr="minimum"), args=[left, right]):
                return f"min({self.shapes(left)[0]}, {self.shapes(right)[0]})", _WHOLE
            case ast.Call(func=ast.Attribute(attr="zeros_like"), args=[inner]):
                return f"zeros like {self._shapes_held(inner, _WHOLE)}", _MULTIPLYING
            case ast.Call(func=ast.Name(id=name), args=[inner]):
                return f"{symbol_of(name)}({self.shapes(inner)[0]})", _WHOLE
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr=name), args=[inner]):
                return f"{name}({self.shapes(inner)[0]})", _WHOLE
        raise _unreadable(node)

    def _shapes_held(self, node: ast.expr, strength: int) -> str:
        text, own = self.shapes(node)
        return f"({text})" if own < strength else text


def _terms(node: Node) -> tuple[Node, ...]:
    return node.terms if isinstance(node, Sum) else (node,)


def _shape_text(shape: Shape) -> str:
    return f"[{','.join(map(str, shape))}]" if shape else ""


def _softplus(value: Array) -> Array:
    result: Array = np.logaddexp(0, value)
    return result


def _unreadable(node: ast.expr) -> NotImplementedError:
    return NotImplementedError(f"cannot explain {ast.unparse(node)}")
