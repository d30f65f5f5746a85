"""Arithmetic written out with its numbers plugged in, in as few digits as still add up.

A calculation is a small tree of numbers, sums, products, powers, comparisons and calls. Writing it
rounds every number, and works out what the *rounded* numbers give: `write_adding_up` takes more
digits until that agrees with the result shown.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from xortui.core.model.functions import Array

DIGITS = 4  # significant digits of a result
MAX_DIGITS = 17  # with so many, every float is written exactly


@dataclass(frozen=True)
class Cell:
    """One number of an array, by the array's name and its index; () where it is a single number."""

    name: str
    index: tuple[int, ...]


@dataclass(frozen=True)
class Number:
    """A number of the calculation. `cell` is where it was read, None for a constant.

    Constants and single numbers are `exact`: written in full, however many digits that takes.
    """

    value: float
    cell: Cell | None = None
    exact: bool = False


@dataclass(frozen=True)
class Negated:
    """What is subtracted in a sum."""

    part: "Node"


@dataclass(frozen=True)
class Sum:
    """Terms added up from left to right."""

    terms: tuple["Node", ...]


@dataclass(frozen=True)
class Rest:
    """The terms of a long sum that are not written one by one, only counted and added up."""

    terms: tuple["Node", ...]


@dataclass(frozen=True)
class Binary:
    """Two parts joined by one of the symbols * / ** ^ > min. ** is the square, ^ another power."""

    symbol: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Call:
    """A function of one part; `template` says how it is written, such as σ({})."""

    template: str
    function: Callable[[Array], Array]
    part: "Node"


Node = Number | Negated | Sum | Rest | Binary | Call


@dataclass(frozen=True)
class Written:
    """A calculation as text, and what the rounded numbers in the text give.

    `strength` says how tightly the text holds together, for parentheses.
    """

    text: str
    value: np.float64
    strength: int


_ADDING, _MULTIPLYING, _RAISING, _WHOLE = range(4)

_BINARY: dict[str, Callable[[np.float64, np.float64], np.float64]] = {
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "**": lambda left, right: left**right,
    "^": lambda left, right: left**right,
    ">": lambda left, right: np.float64(left > right),
    "min": lambda left, right: np.float64(np.minimum(left, right)),
}
_JOINTS = {"*": "·", "/": "/"}


def format_number(value: float, digits: int = DIGITS, signed: bool = False) -> str:
    """A number in `digits` (4 or more) significant digits: 0.5000, -12.35, 1.234e-07.

    Whole numbers below 1000 are written as such: 12. `signed` gives what is above zero a plus. What
    is not finite is NaN, inf or -inf.
    """
    sign = "+" if signed else ""
    if value == 0:
        return "0"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return f"{value:{sign}}"
    if value == int(value) and abs(value) < 1000:
        return f"{int(value):{sign}}"
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
    if -4 <= exponent <= 5:
        return f"{value:{sign}.{max(0, digits - 1 - exponent)}f}"
    return f"{value:{sign}.{digits - 1}e}"


def write_adding_up(node: Node, result: float, digits: int = DIGITS) -> tuple[str, int]:
    """The calculation as text, in so many digits that the text gives `result` in `digits` digits.

    Also says how many that took. Where even all digits are not enough (sums whose terms cancel
    down to the rounding of floats), they are all written.
    """
    shown = format_number(result, digits)
    with np.errstate(all="ignore"):
        for more_digits in range(digits, MAX_DIGITS):
            written = write(node, more_digits)
            if format_number(float(written.value), digits) == shown:
                return written.text, more_digits
        return write(node, MAX_DIGITS).text, MAX_DIGITS


def write(node: Node, digits: int, signed: bool = False) -> Written:
    """The calculation with every number in it rounded to `digits` significant digits.

    `signed` writes a plus where the calculation is but one number above zero.
    """
    match node:
        case Number(value=value, exact=exact):
            text = _in_full(value) if exact else format_number(value, digits, signed)
            return Written(text, np.float64(text), _WHOLE)
        case Sum():
            return _write_sum(node, digits)
        case Rest(terms=terms):
            text = format_number(float(value_of(node)), digits, signed=True)
            return Written(f"({len(terms)} more terms = {text})", np.float64(text), _WHOLE)
        case Negated(part=part):
            written = write(part, digits)
            return Written(f"−{_held(written, _MULTIPLYING)}", -written.value, _ADDING)
        case Binary():
            return _write_binary(node, digits)
        case Call(template=template, function=function, part=part):
            written = write(part, digits, signed=True)
            value = np.float64(function(np.asarray(written.value)))
            return Written(template.format(written.text), value, _WHOLE)


def _write_sum(node: Sum, digits: int) -> Written:
    first = write(node.terms[0], digits)
    text, values = first.text, [first.value]
    for term in node.terms[1:]:
        is_taken = isinstance(term, Negated)
        written = write(term.part if isinstance(term, Negated) else term, digits)
        text += f" {'−' if is_taken else '+'} {_held(written, _MULTIPLYING)}"
        values.append(-written.value if is_taken else written.value)
    return Written(text, reduce(add, values), _ADDING)


def _write_binary(node: Binary, digits: int) -> Written:
    is_product = node.symbol == "*"
    left, right = write(node.left, digits), write(node.right, digits, signed=is_product)
    value = _BINARY[node.symbol](left.value, right.value)
    if node.symbol == ">":
        return Written(f"[{left.text} > {right.text}]", value, _WHOLE)
    if node.symbol == "min":
        return Written(f"min({left.text}, {right.text})", value, _WHOLE)
    if node.symbol == "^":
        return Written(f"{_held(left, _WHOLE)}^{_held(right, _WHOLE)}", value, _RAISING)
    if node.symbol == "**":
        return Written(f"{_held(left, _WHOLE)}²", value, _RAISING)
    text = f"{_held(left, _MULTIPLYING)}{_JOINTS[node.symbol]}{_held(right, _RAISING)}"
    return Written(text, value, _MULTIPLYING)


def _held(written: Written, strength: int) -> str:
    """The text, in parentheses where it would fall apart among its neighbours."""
    is_loose = written.strength < strength or written.text[0] in "+-"
    return f"({written.text})" if is_loose else written.text


def _in_full(value: float) -> str:
    is_whole = math.isfinite(value) and value == int(value) and abs(value) < 1000
    return str(int(value)) if is_whole else repr(float(value))


def value_of(node: Node) -> np.float64:
    """What the calculation gives with its numbers as they are."""
    match node:
        case Number(value=value):
            return np.float64(value)
        case Sum(terms=terms) | Rest(terms=terms):
            return reduce(add, map(value_of, terms))
        case Negated(part=part):
            return np.float64(-value_of(part))
        case Binary():
            return _BINARY[node.symbol](value_of(node.left), value_of(node.right))
        case Call(function=function, part=part):
            return np.float64(function(np.asarray(value_of(part))))


def cells_of(node: Node) -> Iterator[Cell]:
    """Every cell that the calculation reads, in the order written."""
    match node:
        case Number(cell=cell):
            if cell is not None:
                yield cell
        case Sum(terms=terms) | Rest(terms=terms):
            for term in terms:
                yield from cells_of(term)
        case Negated(part=part) | Call(part=part):
            yield from cells_of(part)
        case Binary(left=left, right=right):
            yield from cells_of(left)
            yield from cells_of(right)
