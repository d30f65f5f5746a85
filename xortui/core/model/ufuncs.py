"""NumPy text as calls of ufuncs that allocate nothing: what the fast loops are made of.

`1 / (1 + np.exp(-x))` becomes negative(x) -> out, exp(out) -> out, add(1, out) -> out,
reciprocal(out) -> out: the same arithmetic in the same order, so the same bits.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.tables import ACTIVATIONS, LOSSES

# What the calls write to, besides names of their own for what they put aside: _1, _2, ...
OUT = "out"

# Ufuncs that want to be told by name where to write.
OUT_BY_NAME = ("maximum", "minimum")

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "true_divide",
    ast.Pow: "power",
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
}

Operand = str | float

# A function of NumPy with its arrays, ready to be called again and again.
BoundCall = Callable[[], Any]


@dataclass(frozen=True)
class UfuncCall:
    """One call of the ufunc called `function`: operands by name, or constants, and where to."""

    function: str
    operands: tuple[Operand, ...]
    out: str

    def bound(self, arrays: Mapping[str, Array]) -> BoundCall:
        """The call with its arrays."""
        operands = [
            arrays[item] if isinstance(item, str) else np.array(item) for item in self.operands
        ]
        function = getattr(np, self.function)
        if self.function in OUT_BY_NAME:
            return partial(function, *operands, out=arrays[self.out])
        return partial(function, *operands, arrays[self.out])

    def renamed(self, names: Mapping[str, str]) -> "UfuncCall":
        """The call with other names for what it reads and writes."""
        operands = tuple(
            names.get(item, item) if isinstance(item, str) else item for item in self.operands
        )
        return UfuncCall(self.function, operands, names.get(self.out, self.out))


@dataclass(frozen=True)
class UfuncCalls:
    """An expression as calls, the last of which writes to `out`.

    `asides` are the names of the arrays, as large as `out`, that hold what has to be put aside.
    """

    calls: tuple[UfuncCall, ...]
    asides: tuple[str, ...]

    def bound(self, out: Array, **arrays: Array) -> list[BoundCall]:
        """The calls with their arrays; those to put things aside in are made here."""
        named = arrays | {OUT: out} | {name: np.empty_like(out) for name in self.asides}
        return [call.bound(named) for call in self.calls]

    def starts_with(self, *functions: str) -> bool:
        """Whether it is made from nothing but these functions of `x`, done one after the other."""
        first, rest = self.calls[: len(functions)], self.calls[len(functions) :]
        read: Operand = "x"
        for call, function in zip(first, functions, strict=False):
            if (call.function, call.operands) != (function, (read,)):
                return False
            read = call.out
        return bool(rest) and not any("x" in call.operands for call in rest)

    def after(self, count: int) -> "UfuncCalls":
        """The calls after the first `count`, with `x` in place of what those give.

        For expressions that start with functions of `x`: see `starts_with`.
        """
        given, rest = self.calls[count - 1].out, list(self.calls[count:])
        place = next(at for at, call in enumerate(rest) if given in call.operands)
        reads = tuple("x" if item == given else item for item in rest[place].operands)
        rest[place] = replace(rest[place], operands=reads)
        return replace(self, calls=tuple(rest))

    def factor(self, name: str) -> "UfuncCalls | None":
        """What `name` is multiplied by in the last call; None where that is not what it does."""
        *before, last = self.calls
        others = [item for item in last.operands if item != name]
        is_product = last.function == "multiply" and len(others) == 1
        if not before or not is_product or others[0] != before[-1].out:
            return None
        before[-1] = replace(before[-1], out=OUT)
        return replace(self, calls=tuple(before))


def activation_calls(activation: str) -> UfuncCalls:
    """The activation of `x`."""
    return ufunc_calls(ACTIVATIONS[activation].expression)


def slope_calls(activation: str) -> UfuncCalls:
    """The activation's derivative in terms of the activation `a`."""
    entry = ACTIVATIONS[activation]
    calls = ufunc_calls(entry.derivative.format(a="a"))
    if entry.limits[0] < 0:
        return calls
    # [a > 0] as a float is the sign of what is never negative; so nothing has to be converted.
    return replace(
        calls,
        calls=tuple(
            UfuncCall("sign", ("a",), call.out)
            if (call.function, call.operands) == ("greater", ("a", 0.0))
            else call
            for call in calls.calls
        ),
    )


def delta_calls(loss: str, has_batches: bool = False) -> UfuncCalls:
    """The derivative of every row's loss, in terms of `yhat` and `Y`, and of `in_batch`, if any."""
    delta = LOSSES[loss].delta
    return ufunc_calls(f"({delta}) * in_batch" if has_batches else delta)


def loss_calls(loss: str) -> UfuncCalls:
    """Every row's loss, in terms of `yhat`, its weighted sum `z` and `Y`."""
    return ufunc_calls(LOSSES[loss].expression.format(z="z"))


@lru_cache(maxsize=64)
def ufunc_calls(expression: str) -> UfuncCalls:
    """A NumPy expression over names and numbers as calls.

    Raises NotImplementedError where it has anything but arithmetic, comparisons and ufuncs of
    NumPy that give one number for one.
    """
    writer = _Writer()
    result = writer.write(ast.parse(expression, mode="eval").body)
    if not writer.calls or not isinstance(result, str):
        writer.calls.append(UfuncCall("positive", (result,), OUT))
    # The last call reads all that is still held, so it may write where it likes.
    writer.calls[-1] = replace(writer.calls[-1], out=OUT)
    used = dict.fromkeys(call.out for call in writer.calls)
    return UfuncCalls(tuple(writer.calls), tuple(name for name in used if name != OUT))


@dataclass
class _Writer:
    """Writes the calls of an expression, and gives out the arrays that hold what is between."""

    calls: list[UfuncCall] = field(default_factory=list)
    free: list[str] = field(default_factory=lambda: [OUT])
    made: int = 0

    def write(self, node: ast.expr) -> Operand:
        """The calls for what `node` gives; gives where that is."""
        match node:
            case ast.Constant(value=int() | float() as value):
                return float(value)
            case ast.Name(id=name):
                return name
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return -float(value)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self._call("negative", inner)
            case ast.BinOp(left=ast.Constant(1), op=ast.Div(), right=right):
                return self._call("reciprocal", right)
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(2)):
                return self._call("square", left)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
                return self._call(_BINARY[type(operator)], left, right)
            case ast.Compare(left=left, ops=[operator], comparators=[right]) if (
                type(operator) in _COMPARE
            ):
                return self._call(_COMPARE[type(operator)], left, right)
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="np"), attr=name), args=parts, keywords=[]
            ) if isinstance(getattr(np, name, None), np.ufunc):
                return self._call(name, *parts)
        raise NotImplementedError(f"cannot be done by ufuncs alone: {ast.unparse(node)}")

    def _call(self, function: str, *parts: ast.expr) -> str:
        operands = tuple(map(self.write, parts))
        held = [item for item in operands if isinstance(item, str) and self._is_ours(item)]
        self.free += [item for item in dict.fromkeys(held) if item not in self.free]
        self.free.sort(key=lambda name: name != OUT)  # `out` first
        if self.free:
            out = self.free.pop(0)
        else:
            self.made += 1
            out = f"_{self.made}"
        self.calls.append(UfuncCall(function, operands, out))
        return out

    def _is_ours(self, name: str) -> bool:
        return name == OUT or name.startswith("_")
