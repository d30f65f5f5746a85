"""Weighted sums on symbols: numbers of parameters and of data, and how they add and multiply.

NumPy works with them as with numbers, in arrays of objects.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from xortui.core.debug.tape import BITS, CHANGING, CONSTANT
from xortui.core.debug.trace import Event, TracedValue
from xortui.core.model.functions import Array

Objects = np.ndarray[Any, np.dtype[np.object_]]


class NotLinearError(Exception):
    """An expression that is no weighted sum of inputs."""


class _NotLinear:
    """What comes of numbers that make no weighted sum: NumPy's products bear no exception."""

    def _same(self, *other: Any) -> "_NotLinear":
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = _same


NOT_LINEAR = _NotLinear()


class Leaf:
    """A value that the sums begin with: a parameter, or data."""

    def __init__(
        self, event: Event, value: TracedValue, class_: str, key: str, computed: bool = False
    ) -> None:
        self.event = event
        self.value = value
        self.class_ = class_
        self.key = key
        self.computed = computed  # worked out of other values: no parameter
        self.is_one = False

    @property
    def array(self) -> Array:
        assert self.value.array is not None
        return self.value.array


class Raw:
    """One number of a leaf."""

    __slots__ = ("index", "leaf")

    def __init__(self, leaf: Leaf, index: int) -> None:
        self.leaf = leaf
        self.index = index

    def _sum(self) -> "LinearSum":
        return LinearSum({(self.leaf, self.index, None): 1.0})

    def __add__(self, other: Any) -> Any:
        return self._sum() + other

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._sum() - other

    def __rsub__(self, other: Any) -> Any:
        return -1.0 * self._sum() + other

    def __neg__(self) -> Any:
        return Minus(self)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Input):
            if self.leaf.computed:
                return NOT_LINEAR
            return LinearSum({(self.leaf, self.index, other): 1.0})
        if isinstance(other, Raw):
            if self.leaf.computed or other.leaf.computed:
                return NOT_LINEAR
            for factor, one in ((self, other), (other, self)):
                if factor.leaf.is_one:  # a bias that is written as a weight of 1
                    return one
            ranks = {BITS: 0, CONSTANT: 1, CHANGING: 2}
            mine, its = ranks[self.leaf.class_], ranks[other.leaf.class_]
            if mine == its:
                if mine != 1:
                    return NOT_LINEAR
                mine += len(self.leaf.array.shape) < len(other.leaf.array.shape)
            weight, data = (self, other) if mine > its else (other, self)
            if data.leaf.class_ == CONSTANT and data.leaf.array.size < 2:  # a learning rate, say
                return NOT_LINEAR
            atom = Input(("x", data.leaf.key, data.index), float(data.leaf.array.flat[data.index]))
            return LinearSum({(weight.leaf, weight.index, atom): 1.0})
        if isinstance(other, Minus):
            return -1.0 * (self * other.of)
        if isinstance(other, (int, float)):
            return self if other == 1 else float(other) * self._sum()
        return NOT_LINEAR

    __rmul__ = __mul__


class Minus:
    """A number of data, of a parameter or of an activation with its sign turned."""

    __slots__ = ("of",)

    def __init__(self, of: "Input | Raw") -> None:
        self.of = of

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Minus):
            return self.of * other.of
        if isinstance(other, (Raw, Input)):
            return -1.0 * (other * self.of)
        return self._sum() * other if isinstance(self.of, Raw) else NOT_LINEAR

    __rmul__ = __mul__

    def __neg__(self) -> Any:
        return self.of

    def _sum(self) -> Any:
        return -1.0 * LinearSum({(self.of.leaf, self.of.index, None): 1.0})  # type: ignore[union-attr]

    def __add__(self, other: Any) -> Any:
        return self._sum() + other if isinstance(self.of, Raw) else NOT_LINEAR

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._sum() - other if isinstance(self.of, Raw) else NOT_LINEAR

    def __rsub__(self, other: Any) -> Any:
        return self.of + other if isinstance(self.of, Raw) else NOT_LINEAR


class Input:
    """One number that a layer gets: of the data, or an activation of the layer before."""

    __slots__ = ("atom", "value")

    def __init__(self, atom: tuple[Any, ...], value: float) -> None:
        self.atom = atom
        self.value = value

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Raw):
            return other * self
        if isinstance(other, (int, float)) and other == 1:
            return self
        return NOT_LINEAR

    __rmul__ = __mul__

    def __neg__(self) -> Any:
        return Minus(self)

    def _no(self, other: Any) -> Any:
        if isinstance(other, (int, float)) and other == 0:
            return self
        return NOT_LINEAR

    __add__ = __radd__ = __sub__ = _no

    def __rsub__(self, other: Any) -> Any:
        return NOT_LINEAR


class LinearSum:
    """Sum of coefficient * parameter * input; `offset` is a constant beside it."""

    __slots__ = ("offset", "terms")

    def __init__(self, terms: dict[tuple[Leaf, int, Input | None], float], offset: float = 0.0):
        self.terms = terms
        self.offset = offset

    @property
    def has_inputs(self) -> bool:
        return any(atom is not None for _, _, atom in self.terms)

    def __add__(self, other: Any) -> Any:
        if other is NOT_LINEAR or (isinstance(other, Raw) and other.leaf.computed):
            return NOT_LINEAR
        if isinstance(other, Minus):
            return self - other.of
        if isinstance(other, Raw):
            other = other._sum()
        if isinstance(other, LinearSum):
            return LinearSum(self.terms | other.terms, self.offset + other.offset)
        if isinstance(other, (int, float)):
            return self if other == 0 else LinearSum(self.terms, self.offset + other)
        return NOT_LINEAR

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Minus):
            return self + other.of
        if isinstance(other, Raw):
            if other.leaf.computed or (other.leaf.class_ == BITS and self.has_inputs):
                return NOT_LINEAR  # an error, say: output minus label
            other = other._sum()
        if isinstance(other, LinearSum):
            return self + -1.0 * other
        if isinstance(other, (int, float)):
            return self + -other
        return NOT_LINEAR

    def __rsub__(self, other: Any) -> Any:
        return -1.0 * self + other

    def __neg__(self) -> Any:
        return -1.0 * self

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, (int, float)):
            scaled = {key: other * part for key, part in self.terms.items()}
            return LinearSum(scaled, other * self.offset)
        return NOT_LINEAR

    __rmul__ = __mul__


def einsum(subscripts: str, left: Objects, right: Objects) -> Objects:
    """The products of two arrays, summed as the subscripts say: `ij,jk->ik`."""
    operands, _, result = subscripts.replace(" ", "").partition("->")
    one, _, other = operands.partition(",")
    if not result or "." in subscripts or (len(one), len(other)) != (left.ndim, right.ndim):
        raise NotLinearError
    sizes = dict(zip(one + other, left.shape + right.shape, strict=True))
    letters = result + "".join(letter for letter in sizes if letter not in result)
    total = np.full([sizes[letter] for letter in result], 0, dtype=object)
    for index in np.ndindex(*[sizes[letter] for letter in letters]):
        at = dict(zip(letters, index, strict=True))
        product = left[tuple(at[i] for i in one)] * right[tuple(at[i] for i in other)]
        place = index[: len(result)]
        total[place] = total[place] + product
    return total


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "Add": lambda a, b: np.add(boxed(a), boxed(b)) if any_array(a, b) else a + b,
    "Sub": lambda a, b: np.subtract(boxed(a), boxed(b)) if any_array(a, b) else a - b,
    "Mult": lambda a, b: np.multiply(boxed(a), boxed(b)) if any_array(a, b) else a * b,
    "MatMult": lambda a, b: np.dot(a, b),
}


def any_array(a: Any, b: Any) -> bool:
    return isinstance(a, np.ndarray) or isinstance(b, np.ndarray)


def boxed(one: Any) -> Objects:
    if isinstance(one, np.ndarray):
        return one
    box = np.empty((), dtype=object)
    box[()] = one
    return box


def objects(array: Array, make: Callable[[int], Any]) -> Objects:
    result = np.empty(array.size, dtype=object)
    for index in range(array.size):
        result[index] = make(index)
    return result.reshape(array.shape)
