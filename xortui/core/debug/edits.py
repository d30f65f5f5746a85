"""Edits of a script, and how its lines and names are written."""

import ast
from dataclasses import dataclass

import numpy as np

from xortui.core.debug.locate import Locator
from xortui.core.debug.noting import SourceNode, lines_of
from xortui.core.debug.tape import LOADS
from xortui.core.model.functions import Array


@dataclass(frozen=True)
class LineEdit:
    """Lines [first, last] (from 1) are replaced by `text`, which may be several lines."""

    first: int
    last: int
    text: str


def apply(source: str, edits: list[LineEdit]) -> str:
    """The script with its lines replaced."""
    lines = lines_of(source)
    for edit in sorted(edits, key=lambda one: -one.first):
        lines[edit.first - 1 : edit.last] = edit.text.split("\n")
    return "\n".join(lines) + "\n"


class Writer:
    """Writes in their names: what a quantity is called, and lines with one part exchanged."""

    def __init__(self, locator: Locator, source: str) -> None:
        self.locator = locator
        self.tape = locator.tape
        self.context = locator.context
        self.lines = lines_of(source)

    def name(self, quantity: Array, scope: str, sign_only: bool = False) -> str | None:
        """What a quantity is called where a line stands; `sign_only`: up to a factor."""
        base = self.locator.base
        wanted = quantity[base]
        update = self.context.updates[base]
        start, end = update.passes[-1].one.start, self.locator.ranges[base][1]
        best: str | None = None
        for event in self.tape.events[max(0, start - 12) : end]:
            node, array = self.tape.nodes[event.node], event.value.array
            if array is None or array.size != wanted.size or not array.size:
                continue
            if node.kind in LOADS and node.operator != "T":
                text = node.text
            elif node.target not in ("", "return") and node.target.replace(".", "").isidentifier():
                text = node.target
            else:
                continue
            reachable = node.scope == scope or not node.scope or text.startswith("self.")
            if not reachable:
                continue
            for turned in (wanted, wanted.T):
                flat, own = turned.ravel(), array.ravel()
                at = int(np.abs(flat).argmax())
                if flat[at] == 0:
                    continue
                factor = float(own[at] / flat[at]) if sign_only else 1.0
                better = best is None or (node.scope == scope and len(text) < len(best))
                if better and np.allclose(own, factor * flat, rtol=1e-9, atol=1e-12):
                    best = text
        return best

    def _replaced(self, node: SourceNode, text: str) -> LineEdit | None:
        """The line with one expression exchanged."""
        if node.line != node.end_line:
            return None
        line = self.lines[node.line - 1].encode()
        before, after = line[: node.column].decode(), line[node.end_column :].decode()
        is_in_brackets = before.rstrip().endswith("(") and after.lstrip().startswith(")")
        text = without_brackets(text) if is_in_brackets else text
        return LineEdit(node.line, node.line, before + text + after)

    def _right_side(self, node: SourceNode, text: str) -> LineEdit | None:
        """The statement with its right side exchanged."""
        first, last = self.tape.trace.statements[node.statement]
        if first != last:
            return None
        line = self.lines[first - 1]
        head, equals, _ = line.partition(" = ")
        if not equals:
            head, equals, _ = line.partition("= ")
        return LineEdit(first, first, f"{head}{equals}{text}") if equals else None

    def _whole(self, node: SourceNode) -> str:
        line = self.lines[self.tape.trace.statements[node.statement][0] - 1]
        return line.partition("=")[2].strip()

    def slope_text(self, layer: int, scope: str) -> str | None:
        """The slope of a layer's activation, in their names."""
        at = layer - 1
        function = self.locator.network.layers[at].function.name
        a = self.name(self.context.a[at], scope)
        z = self.name(self.context.z[at], scope)
        if function == "sigmoid" and a:
            return f"{a} * (1 - {a})"
        if function == "tanh" and a:
            return f"(1 - {a} ** 2)"
        if function == "relu" and (a or z):
            return f"({z or a} > 0)"
        return None

    def _factor(self, text: str) -> str:
        """A text as the factor of a product."""
        return f"({text})" if "+" in text or " - " in text or "@" in text else text

    def _source_of(self, quantity: Array, scope: str) -> str | None:
        """How a quantity is written: its name, or the expression that makes it."""
        name = self.name(quantity, scope, sign_only=True)
        if name:
            return name
        hits = [
            hit
            for hit in self.locator.any_hits(quantity)
            if self.tape.nodes[hit.event.node].scope == scope
        ]
        return self.tape.nodes[hits[-1].event.node].text if hits else None

    def _loads(self, node: SourceNode) -> list[SourceNode]:
        return [
            part
            for part in self.tape.nodes
            if part.statement == node.statement and part.kind in ("Name", "Attribute", "Subscript")
        ]


def without_brackets(expression: str) -> str:
    """An expression without the brackets around all of it."""
    while expression.startswith("(") and expression.endswith(")"):
        inside = expression[1:-1].strip()
        try:
            whole, bare = ast.parse(expression, mode="eval"), ast.parse(inside, mode="eval")
        except SyntaxError:  # the first bracket and the last are no pair
            break
        if ast.dump(whole) != ast.dump(bare) or isinstance(bare.body, ast.Tuple):
            break
        expression = inside
    return expression


def is_proportional(array: Array, wanted: Array) -> bool:
    for turned in (wanted, wanted.T):
        flat, own = turned.ravel(), array.ravel()
        at = int(np.abs(flat).argmax())
        if flat[at] != 0 and own[at] != 0:
            factor = own[at] / flat[at]
            if np.allclose(own, factor * flat, rtol=1e-9, atol=1e-14):
                return True
    return False


def indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
