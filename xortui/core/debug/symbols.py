"""A weighted sum taken apart: which parameter meets which input.

The linear part of their forward pass is worked out once more on symbols instead of numbers. NumPy
does it, with arrays of objects: so rows or columns, loops over units and single scalars all come to
the same thing, a sum of parameter times input.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from xortui.core.debug.tape import (
    BITS,
    CHANGING,
    CONSTANT,
    LOADS,
    Tape,
    keywords,
    written_index,
    written_text,
)
from xortui.core.debug.trace import Event, Value
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
    """A value that the sums begin with: a parameter, or data. `order` is rows, columns or none."""

    def __init__(
        self, event: Event, value: Value, class_: str, key: str, computed: bool = False
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

    def _sum(self) -> "Sum":
        return Sum({(self.leaf, self.index, None): 1.0})

    def __add__(self, other: Any) -> Any:
        return self._sum() + other

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._sum() - other

    def __rsub__(self, other: Any) -> Any:
        return -1.0 * self._sum() + other

    def __neg__(self) -> Any:
        return Minus(self) if self.leaf.class_ == BITS else -1.0 * self._sum()

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Input):
            if self.leaf.computed:
                return NOT_LINEAR
            return Sum({(self.leaf, self.index, other): 1.0})
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
            return Sum({(weight.leaf, weight.index, atom): 1.0})
        if isinstance(other, Minus):
            return -1.0 * (self * other.of)
        if isinstance(other, (int, float)):
            return self if other == 1 else float(other) * self._sum()
        return NOT_LINEAR

    __rmul__ = __mul__


class Minus:
    """An input with its sign turned."""

    __slots__ = ("of",)

    def __init__(self, of: "Input | Raw") -> None:
        self.of = of

    def __mul__(self, other: Any) -> Any:
        return other * self if isinstance(other, Raw) else NOT_LINEAR

    __rmul__ = __mul__

    def _no(self, other: Any) -> Any:
        return NOT_LINEAR

    __add__ = __radd__ = __sub__ = __rsub__ = _no


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


class Sum:
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
        if isinstance(other, Raw):
            other = other._sum()
        if isinstance(other, Sum):
            return Sum(self.terms | other.terms, self.offset + other.offset)
        if isinstance(other, (int, float)):
            return self if other == 0 else Sum(self.terms, self.offset + other)
        return NOT_LINEAR

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Raw):
            if other.leaf.computed or (other.leaf.class_ == BITS and self.has_inputs):
                return NOT_LINEAR  # an error, say: output minus label
            other = other._sum()
        if isinstance(other, Sum):
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
            return Sum(scaled, other * self.offset)
        return NOT_LINEAR

    __rmul__ = __mul__


class Symbols:
    """Symbols for recorded values; each value is worked out once."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.activations: dict[int, Event] = {}  # by the value's ref
        self.first_activation = len(tape.events)
        self._by_number: dict[float, tuple[Event, int]] = {}
        self._known: dict[int, Objects] = {}
        self._leaves: dict[tuple[str, int], Leaf] = {}
        self._classes: dict[int, str] = {}

    def add_activation(self, event: Event) -> None:
        """From now on this value is an input of whatever uses it."""
        ref = event.value.ref
        self.activations[ref] = event
        array = event.value.array
        assert array is not None
        self._known[ref] = _objects(
            array, lambda index: Input(("a", event.place, index), float(array.flat[index]))
        )
        for index, number in enumerate(array.ravel().tolist()):
            self._by_number[number] = (event, index)

    def of(self, event: Event, depth: int = 60) -> Objects:
        """Symbols of what an event gave. Raises NotLinearError."""
        value = event.value
        if value.array is None and value.kind != "l":
            raise NotLinearError
        shared = value.array is not None and not value.array.shape and self._class(event) == BITS
        if not shared and value.ref in self._known:
            return self._known[value.ref]
        if depth <= 0:
            raise NotLinearError
        found = self._made(event, depth)
        if found is None:
            found = self._copied(value)
        if found is None:
            found = self._leaf(event)
        if not shared:
            self._known[value.ref] = found
        return found

    def _class(self, event: Event) -> str:
        """The class of a value: the steadiest of the names it goes by."""
        value = event.value
        if value.array is not None and value.kind in "ibAM" and _are_bits(value.array):
            return BITS
        if value.array is None or not value.array.shape:
            outer = self.tape.container(value)
            items = None if outer is None else outer.value.array
            if items is not None and value.array is not None and _are_bits(items):
                return BITS
            return self.tape.class_of(event.node)
        if value.ref not in self._classes:
            nodes = {self.tape.events[place].node for place in self.tape.uses[value.ref][:40]}
            classes = {self.tape.class_of(node) for node in nodes}
            self._classes[value.ref] = next(
                one for one in (BITS, CONSTANT, CHANGING) if one in classes
            )
        return self._classes[value.ref]

    def _made(self, event: Event, depth: int) -> Objects | None:
        """By the operation that made it, where this leads to inputs (or only moves numbers)."""
        if self._begins_a_sum(event):
            zero = np.empty((), dtype=object)
            zero[()] = 0.0
            return zero
        maker = event if self._is_operation(event) else self.tape.maker(event.value)
        if maker is None:
            return None
        try:
            result = self._operation(maker, depth - 1)
        except (
            NotLinearError,
            ValueError,
            IndexError,
            TypeError,
            KeyError,
            AttributeError,
            SyntaxError,
        ):
            return None
        if result is None:
            return None
        symbols = np.empty(np.shape(result), dtype=object)
        symbols[...] = result
        expected = event.value.array
        if expected is None or symbols.shape != expected.shape:
            return None
        flat = symbols.ravel().tolist()
        if any(one is NOT_LINEAR for one in flat):
            return None
        if all(isinstance(one, (Raw, int, float)) for one in flat):
            return symbols if any(isinstance(one, Raw) for one in flat) else None
        without = all(isinstance(one, Sum) and not one.has_inputs for one in flat)
        if without and self.tape.nodes[maker.node].kind != "UnaryOp":
            return None  # a parameter after its update, say
        return symbols

    def _begins_a_sum(self, event: Event) -> bool:
        """Whether this is the 0 that a sum in a loop begins with: `s += ...`, `s = s + ...`."""
        node, array = self.tape.nodes[event.node], event.value.array
        if node.kind != "Name" or array is None or array.shape or float(array) != 0:
            return False
        return (
            node.text in self.tape.targets_of(node.statement)
            and self.tape.maker(event.value) is None
        )

    def _is_operation(self, event: Event) -> bool:
        kind = self.tape.nodes[event.node].kind
        if kind in ("Subscript", "Attribute"):
            return True
        return kind not in ("Name", "Constant") and self.tape.makes(event)

    def _operation(self, event: Event, depth: int) -> Any:
        node = self.tape.nodes[event.node]
        operands = self.tape.operands(event)
        written = self.tape.operand_nodes(event)

        def operand(place: int) -> Any:
            one, text = operands[place], written[place]
            if one is not None:
                symbols = self.of(one, depth)
                return symbols if symbols.shape else symbols.item()
            if text is not None and text.constant is not None:
                return text.constant
            raise NotLinearError

        match node.kind:
            case "BinOp" if node.operator == "Mult" and self._is_matrix(operands):
                return np.dot(operand(0), operand(1))
            case "BinOp":
                return _BINARY[node.operator](operand(0), operand(1))
            case "Change":
                return _BINARY[node.operator](operand(0), operand(1))
            case "UnaryOp":
                return -operand(0) if node.operator == "USub" else operand(0)
            case "Attribute":
                if node.operator == "T":
                    return np.asarray(operand(0)).T
                raise NotLinearError
            case "Subscript":
                return self._subscript(event, operands, depth)
            case "IfExp":
                for place, one in enumerate(operands):
                    if one is not None:
                        return operand(place)
                raise NotLinearError
            case "List" | "Tuple" | "ListComp":
                return self._items(event, depth)
            case "Call":
                return self._call(event, operands, operand, depth)
        raise NotLinearError

    def _is_matrix(self, operands: list[Event | None]) -> bool:
        """Whether * is a product of matrices here, as it is for np.matrix."""
        return all(one is not None and one.value.kind in "mM" for one in operands)

    def _items(self, event: Event, depth: int) -> Any:
        parts = []
        for item in event.value.items:
            value = self.tape.trace.values[item]
            if item in self._known:
                part = self._known[item]
            else:
                maker = self.tape.maker(value)
                if maker is None:
                    raise NotLinearError
                part = self.of(maker, depth)
            parts.append(part if part.shape else part.item())
        result = np.empty((len(parts), *np.shape(parts[0])) if parts else (0,), dtype=object)
        for place, part in enumerate(parts):
            result[place] = part
        return result

    def _subscript(self, event: Event, operands: list[Event | None], depth: int) -> Any:
        base = operands[0]
        if base is None:
            raise NotLinearError
        symbols = self.of(base, depth)
        node = self.tape.nodes[event.node]
        if len(operands) > 1 and operands[1] is not None:
            number = operands[1].value.array
            if number is None or number.shape:
                if number is not None and number.ndim == 1 and operands[1].value.kind in "AM":
                    return symbols[number.astype(int)]
                raise NotLinearError
            return symbols[int(number)]
        index: Any = written_index(node.text)
        return symbols[index]

    def _call(
        self,
        event: Event,
        operands: list[Event | None],
        operand: Callable[[int], Any],
        depth: int,
    ) -> Any:
        node = self.tape.nodes[event.node]
        given = [place for place, one in enumerate(operands) if one is not None]
        options = keywords(node.text)
        name = node.operator
        if name in ("dot", "matmul", "inner", "vdot") and len(given) == 2:
            left, right = operand(given[0]), operand(given[1])
            if name == "inner" and np.ndim(left) == 2:
                right = np.asarray(right).T
            return np.dot(left, right)
        if name in ("add", "subtract", "multiply") and len(given) == 2:
            symbol = {"add": "Add", "subtract": "Sub", "multiply": "Mult"}[name]
            return _BINARY[symbol](operand(given[0]), operand(given[1]))
        if name == "einsum" and len(given) == 2:
            return _einsum(written_text(node.text), operand(given[0]), operand(given[1]))
        if name in ("sum", "fsum") and given:
            terms = np.asarray(operand(given[0]), dtype=object)
            written = [one.constant for one in self.tape.operand_nodes(event) if one is not None]
            numbers = [number for number in written if number is not None]
            axis: Any = options.get("axis", int(numbers[0]) if numbers else None)
            if operands[given[0]].value.kind == "l":  # type: ignore[union-attr]
                axis = 0  # Python's own sum adds the items up
            return np.sum(terms, axis=axis, keepdims=bool(options.get("keepdims", False)))
        expected = event.value.array
        if name in _MOVES and given and expected is not None:
            return np.asarray(operand(given[0]), dtype=object).reshape(expected.shape)
        if name in ("transpose",) and given:
            return np.asarray(operand(given[0])).T
        if name in ("hstack", "vstack", "concatenate", "column_stack", "append", "insert"):
            return self._joined(event, operand, depth)
        if given and expected is not None:  # a helper that gives back what it was given
            for place in given:
                if operands[place].value.ref == event.value.ref:  # type: ignore[union-attr]
                    return operand(place)
        raise NotLinearError

    def _joined(self, event: Event, operand: Callable[[int], Any], depth: int) -> Any:
        """Arrays put side by side, as NumPy does it."""
        node = self.tape.nodes[event.node]
        arguments: list[Any] = []
        for place, one in enumerate(self.tape.operands(event)):
            written = self.tape.operand_nodes(event)[place]
            if one is not None and one.value.kind == "l" and one.value.array is None:
                arguments.append(self._parts(one, depth))
            elif one is not None:
                arguments.append(np.asarray(operand(place), dtype=object))
            elif written is not None and written.constant is not None:
                arguments.append(int(written.constant))
        if node.kind == "Call" and ".c_[" in node.text:
            return np.column_stack(arguments)
        options = {"axis": keywords(node.text)["axis"]} if "axis" in keywords(node.text) else {}
        return getattr(np, node.operator)(*arguments, **options)

    def _parts(self, event: Event, depth: int) -> list[Objects]:
        """Symbols of the items of a list that is no table."""
        parts = []
        for item in event.value.items:
            value = self.tape.trace.values[item]
            places = self.tape.uses.get(item, [])
            earlier = [place for place in places if place < event.place]
            if not earlier or value.array is None:
                raise NotLinearError
            parts.append(self.of(self.tape.events[earlier[-1]], depth))
        return parts

    def _copied(self, value: Value) -> Objects | None:
        """By its numbers: a copy of activations, perhaps with ones beside them."""
        array = value.array
        if array is None or value.kind not in "afml" or not array.size:
            return None
        maker = self.tape.maker(value)
        if maker is not None and self.tape.nodes[maker.node].kind in ("BinOp", "UnaryOp", "Change"):
            return None  # output - label is the output where the label is 0
        found = 0
        symbols = np.empty(array.size, dtype=object)
        for place, number in enumerate(array.ravel().tolist()):
            if number in (1.0, -1.0):
                symbols[place] = Input(("x", "one", 0), number)
                continue
            hit = self._by_number.get(number)
            if hit is None or number == 0:
                return None
            found += 1
            symbols[place] = Input(("a", hit[0].place, hit[1]), number)
        return symbols.reshape(array.shape) if found else None

    def _leaf(self, event: Event) -> Objects:
        """A parameter or data, known by the name it is loaded from."""
        value = event.value
        array = value.array
        if array is None:
            raise NotLinearError
        outer = self.tape.container(value) if value.kind in "lf" else None
        if outer is not None and outer.value.array is not None and outer.value.array.ndim < 3:
            return _boxed(self.of(outer, 1)[outer.value.items.index(value.ref)])
        node = self.tape.nodes[event.node]
        shape = array.shape
        key = f"{node.scope}:{node.text}" if node.kind in LOADS else f"{event.node}"
        class_ = self._class(event)
        if outer is not None and value.kind == "l":
            place = outer.value.items.index(value.ref)
            outer_node = self.tape.nodes[outer.node]
            key = f"{outer_node.scope}:{outer_node.text}[{place}]"
            class_ = CHANGING if class_ != BITS else BITS
        token = (key, value.ref)
        if token not in self._leaves:
            computed = class_ == CHANGING and self._is_computed(value)
            leaf = Leaf(event, value, class_, key, computed)
            leaf.is_one = class_ == BITS and not shape and self.tape.is_always(event.node, 1.0)
            self._leaves[token] = leaf
        leaf = self._leaves[token]
        return _objects(np.zeros(shape), lambda index: Raw(leaf, index))

    def _is_computed(self, value: Value) -> bool:
        """Whether a value comes from an operation that is no update of a parameter."""
        maker = self.tape.maker(value)
        if maker is None and value.base >= 0:  # a row of it, say
            maker = self.tape.maker(self.tape.trace.values[value.base])
        changed = maker is not None and self.tape.nodes[maker.node].operator == "Set"
        if maker is None or changed:  # changed in place since it was made
            first = self.tape.first_of.get(value.identity)
            maker = None if first is None else self.tape.maker(first)
        if maker is None or maker.place < self.first_activation:
            return False
        node = self.tape.nodes[maker.node]
        if node.kind == "Change":
            return False
        additive = node.kind == "BinOp" and node.operator in ("Add", "Sub")
        additive |= node.kind == "Call" and node.operator in ("add", "subtract")
        if not additive:
            return node.kind in _WORKED_OUT
        for operand in self.tape.operands(maker):
            if operand is None:
                continue
            known = self._known.get(operand.value.ref)
            if known is not None:
                for one in known.ravel().tolist():
                    if isinstance(one, Input) or (isinstance(one, Sum) and one.has_inputs):
                        return True
        return False


def _einsum(subscripts: str, left: Objects, right: Objects) -> Objects:
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


def _are_bits(array: Array) -> bool:
    return set(array.ravel().tolist()) <= {0.0, 1.0, -1.0}


_WORKED_OUT = ("BinOp", "Call", "IfExp", "UnaryOp", "Compare")
_MOVES = (
    "reshape", "ravel", "flatten", "squeeze", "array", "asarray", "atleast_2d", "atleast_1d",
    "copy", "float", "matrix", "mat", "expand_dims", "list", "tuple", "item", "astype", "float64",
)  # fmt: skip

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "Add": lambda a, b: np.add(_boxed(a), _boxed(b)) if _any_array(a, b) else a + b,
    "Sub": lambda a, b: np.subtract(_boxed(a), _boxed(b)) if _any_array(a, b) else a - b,
    "Mult": lambda a, b: np.multiply(_boxed(a), _boxed(b)) if _any_array(a, b) else a * b,
    "MatMult": lambda a, b: np.dot(a, b),
}


def _any_array(a: Any, b: Any) -> bool:
    return isinstance(a, np.ndarray) or isinstance(b, np.ndarray)


def _boxed(one: Any) -> Objects:
    if isinstance(one, np.ndarray):
        return one
    box = np.empty((), dtype=object)
    box[()] = one
    return box


def _objects(array: Array, make: Callable[[int], Any]) -> Objects:
    result = np.empty(array.size, dtype=object)
    for index in range(array.size):
        result[index] = make(index)
    return result.reshape(array.shape)
