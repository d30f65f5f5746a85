"""A weighted sum taken apart: which parameter meets which input.

The linear part of their forward pass is worked out once more on symbols instead of numbers. NumPy
does it, with arrays of objects: so rows or columns, loops over units and single scalars all come to
the same thing, a sum of parameter times input.
"""

import numpy as np

from xortui.core.debug.algebra import (
    NOT_LINEAR,
    Input,
    Leaf,
    LinearSum,
    NotLinearError,
    Objects,
    Raw,
    boxed,
    objects,
)
from xortui.core.debug.operations import Operations
from xortui.core.debug.tape import BITS, CHANGING, CONSTANT, LOADS, Tape
from xortui.core.debug.trace import Event, TracedValue
from xortui.core.model.functions import Array


class Symbols:
    """Symbols for recorded values; each value is worked out once."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.activations: dict[int, Event] = {}  # by the value's ref
        self.first_activation = len(tape.events)
        self._by_number: dict[float, tuple[Event, int]] = {}
        self._known: dict[int, Objects] = {}
        self._operations = Operations(tape, self.of, self._known)
        self._leaves: dict[tuple[str, int], Leaf] = {}
        self._classes: dict[int, str] = {}

    def add_activation(self, event: Event) -> None:
        """From now on this value is an input of whatever uses it."""
        ref = event.value.ref
        self.activations[ref] = event
        array = event.value.array
        assert array is not None
        self._known[ref] = objects(
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
        makers = [event] if self._is_operation(event) else []
        made = self.tape.maker(event.value)
        if made is not None and made is not event:
            makers.append(made)  # of an attribute or an item that only keeps it, say
        for maker in makers:
            symbols = self._made_by(maker, event, depth)
            if symbols is not None:
                return symbols
        return None

    def _made_by(self, maker: Event, event: Event, depth: int) -> Objects | None:
        """By one operation; None where that makes no weighted sum."""
        try:
            result = self._operations.result(maker, depth - 1)
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
        without = all(isinstance(one, LinearSum) and not one.has_inputs for one in flat)
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

    def _copied(self, value: TracedValue) -> Objects | None:
        """By its numbers: a copy of activations, perhaps with ones beside them."""
        array = value.array
        if array is None or value.kind not in "afml" or not array.size:
            return None
        maker = self.tape.maker(value)
        if maker is not None and self.tape.nodes[maker.node].kind in ("BinOp", "UnaryOp", "Change"):
            return None  # output - label is the output where the label is 0
        found, first = 0, self.tape.uses[value.ref][0]
        symbols = np.empty(array.size, dtype=object)
        for place, number in enumerate(array.ravel().tolist()):
            if number in (1.0, -1.0):
                symbols[place] = Input(("x", "one", 0), number)
                continue
            hit = self._by_number.get(number)
            if hit is None or number == 0:
                return None
            place_of_hit = hit[0].place
            if place_of_hit > first or not self.tape.are_together(place_of_hit, first):
                return None  # what was there before is no copy, but the same by chance
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
            return boxed(self.of(outer, 1)[outer.value.items.index(value.ref)])
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
        return objects(np.zeros(shape), lambda index: Raw(leaf, index))

    def _origin(self, value: TracedValue) -> Event | None:
        """The event that made a value, before it was kept within limits or copied."""
        maker = self.tape.maker(value)
        for _ in range(FEW):
            if maker is None or self.tape.nodes[maker.node].operator not in _KEEPS:
                break
            shape = np.shape(value.array)  # type: ignore[arg-type]
            same = [
                one
                for one in self.tape.operands(maker)
                if one is not None and one.value.array is not None
                and one.value.array.shape == shape
            ]  # fmt: skip
            if len(same) != 1:
                break
            maker = self.tape.maker(same[0].value)
        return maker

    def _is_computed(self, value: TracedValue) -> bool:
        """Whether a value comes from an operation that is no update of a parameter."""
        maker = self._origin(value)
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
        if node.kind in ("List", "Tuple"):
            values = self.tape.trace.values
            return any(self._is_computed(values[item]) for item in value.items if item >= 0)
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
                    if isinstance(one, Input) or (isinstance(one, LinearSum) and one.has_inputs):
                        return True
        return False


def _are_bits(array: Array) -> bool:
    return set(array.ravel().tolist()) <= {0.0, 1.0, -1.0}


FEW = 4
_KEEPS = ("clip", "copy", "array", "asarray", "maximum", "minimum", "round", "around", "float64")
_WORKED_OUT = ("BinOp", "Call", "IfExp", "UnaryOp", "Compare")
