"""The operations of a forward pass, done on symbols instead of numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from xortui.core.debug.algebra import BINARY, NotLinearError, Objects, einsum
from xortui.core.debug.tape import Tape, keywords, written_index, written_text
from xortui.core.debug.trace import Event


class Operations:
    """Does recorded operations once more; `of` gives the symbols of a value, `known` has some."""

    def __init__(
        self, tape: Tape, of: Callable[[Event, int], Objects], known: dict[int, Objects]
    ) -> None:
        self.tape = tape
        self._of = of
        self._known = known

    def result(self, event: Event, depth: int) -> Any:
        node = self.tape.nodes[event.node]
        operands = self.tape.operands(event)
        written = self.tape.operand_nodes(event)

        def operand(place: int) -> Any:
            one, text = operands[place], written[place]
            if one is not None:
                symbols = self._of(one, depth)
                return symbols if symbols.shape else symbols.item()
            if text is not None and text.constant is not None:
                return text.constant
            raise NotLinearError

        match node.kind:
            case "BinOp" if node.operator == "Mult" and self._is_matrix(operands):
                return np.dot(operand(0), operand(1))
            case "BinOp":
                return BINARY[node.operator](operand(0), operand(1))
            case "Change":
                return BINARY[node.operator](operand(0), operand(1))
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
                part = self._of(maker, depth)
            parts.append(part if part.shape else part.item())
        result = np.empty((len(parts), *np.shape(parts[0])) if parts else (0,), dtype=object)
        for place, part in enumerate(parts):
            result[place] = part
        return result

    def _subscript(self, event: Event, operands: list[Event | None], depth: int) -> Any:
        base = operands[0]
        if base is None:
            raise NotLinearError
        symbols = self._of(base, depth)
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
            return BINARY[symbol](operand(given[0]), operand(given[1]))
        if name == "einsum" and len(given) == 2:
            return einsum(written_text(node.text), operand(given[0]), operand(given[1]))
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
            parts.append(self._of(self.tape.events[earlier[-1]], depth))
        return parts


_MOVES = (
    "reshape", "ravel", "flatten", "squeeze", "array", "asarray", "atleast_2d", "atleast_1d",
    "copy", "float", "matrix", "mat", "expand_dims", "list", "tuple", "item", "astype", "float64",
)  # fmt: skip
