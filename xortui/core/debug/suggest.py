"""A wrong line as it could be, in their names: proposals, which are then tried out."""

from collections.abc import Iterator

from xortui.core.debug.blame import event_of_change
from xortui.core.debug.edits import LineEdit, Writer, indent, is_proportional
from xortui.core.debug.mistakes import LayerFault
from xortui.core.debug.network import Parameter
from xortui.core.debug.noting import SourceNode
from xortui.core.debug.rates import path_of
from xortui.core.debug.tape import CHANGING, LOADS
from xortui.core.debug.trace import Event
from xortui.core.model.functions import Array


class Proposer(Writer):
    """Proposes edits for changes that were located."""

    def proposals(self, change: LayerFault) -> Iterator[LineEdit]:
        """Edits that may mend a change, the likeliest first."""
        event = event_of_change(self.locator, change)
        if event is None:
            return
        node = self.tape.nodes[event.node]
        if node.line > len(self.lines):
            return
        match change.kind:
            case "slope":
                yield from self._slope(change, event)
            case "back":
                yield from self._back(change, event)
            case "dw" | "db":
                yield from self._gradient(change, event)
            case "sign" | "uphill":
                yield from self._sign(node)
            case "scale":
                yield from self._scale(change, node)
            case "still":
                yield from self._still(change, node)
            case "shape":
                yield from self._shape(event)

    def _slope(self, change: LayerFault, event: Event) -> Iterator[LineEdit]:
        node = self.tape.nodes[event.node]
        scope, at = node.scope, change.layer - 1
        if change.slug == "sign":
            yield from self._sign(node)
            return
        slope = self.slope_text(change.layer, scope)
        edits: list[LineEdit | None] = []
        if change.slug in ("derivative-left-out", "output-slope-missing"):
            if slope:
                edits.append(self._right_side(node, f"{self._factor(self._whole(node))} * {slope}"))
        elif change.wrong is not None:
            hits = self.locator.any_hits(change.wrong)
            if hits:
                site = self.tape.nodes[self.locator.call_site(hits[0].event).node]
                if site.kind == "Call" and "(" in site.text:
                    called = site.text.partition("(")[0]
                    for name in (
                        self.name(self.context.a[at], scope), self.name(self.context.z[at], scope),
                    ):  # fmt: skip
                        if name and f"{called}({name})" != site.text:
                            edits.append(self._replaced(site, f"{called}({name})"))
                            if ", " in site.text:
                                rest = site.text.partition(", ")[2]
                                edits.append(self._replaced(site, f"{called}({name}, {rest}"))
                if slope:
                    edits.append(self._replaced(site, f"({slope})"))
            back = self._source_of(self.context.back[at], scope)
            if slope and back:
                edits.append(self._right_side(node, f"{self._factor(back)} * {slope}"))
        yield from (edit for edit in edits if edit is not None)

    def _operand(self, event: Event, quantity: Array, text: str | None) -> Iterator[LineEdit]:
        """The operand that gives a quantity, exchanged for another name."""
        if text is None:
            return
        wanted = quantity[self.locator.base]
        node = self.tape.nodes[event.node]
        start, end = self.locator.ranges[self.locator.base]
        for other in self.tape.events[start:end]:
            part, array = self.tape.nodes[other.node], other.value.array
            if part.statement != node.statement or part.kind not in LOADS or array is None:
                continue
            if part.operator == "T" and part.kind == "Attribute":
                continue
            if array.size != wanted.size or not is_proportional(array, wanted):
                continue
            if part.text != text:
                edit = self._replaced(part, text)
                if edit is not None:
                    yield edit

    def _back(self, change: LayerFault, event: Event) -> Iterator[LineEdit]:
        node = self.tape.nodes[event.node]
        context, at = self.context, change.layer - 1
        if change.slug == "hidden-error-from-raw-error":
            name = self.name(context.delta[at + 1], node.scope, sign_only=True)
            for quantity in (context.back[at + 1], context.error):
                yield from self._operand(event, quantity, name)
        elif change.slug == "weight-used-after-update":
            yield from self._moved(change, node)
        elif change.slug == "loss-instead-of-error":
            error = self.name(context.error, node.scope, sign_only=True)
            yield from self._operand(event, context.error**2, error)
        elif change.slug == "wrong-weight":
            names = [p.name for p in self.locator.network.parameters if p.layer == change.layer + 1]
            for old in names:
                for new in names:
                    yield from self._renamed(node, old, new)
        elif change.slug == "matrix-turned-round":
            for part in self._loads(node):
                turned = part.text.removesuffix(".T")
                turned = turned if turned != part.text else f"{part.text}.T"
                turn = self._replaced(part, turned)
                if turn is not None:
                    yield turn

    def _renamed(self, node: SourceNode, old: str, new: str) -> Iterator[LineEdit]:
        if old == new:
            return
        for part in self._loads(node):
            if part.text == old:
                edit = self._replaced(part, new)
                if edit is not None:
                    yield edit

    def _moved(self, change: LayerFault, node: SourceNode) -> Iterator[LineEdit]:
        """The update of the weights moved to below the line that uses them."""
        first, last = self.tape.trace.statements[node.statement]
        for parameter in self.locator.network.parameters:
            if parameter.layer != change.layer + 1 or parameter.kind != "W":
                continue
            event = self.locator.update_event(parameter)
            if event is None:
                continue
            statement = self.tape.nodes[event.node].statement
            start, end = self.tape.trace.statements[statement]
            if end < first:
                moved = self.lines[start - 1 : end]
                kept = self.lines[end:last]
                if indent(moved[0]) == indent(self.lines[first - 1]):
                    yield LineEdit(start, last, "\n".join([*kept, *moved]))

    def _gradient(self, change: LayerFault, event: Event) -> Iterator[LineEdit]:
        node = self.tape.nodes[event.node]
        context, at = self.context, change.layer - 1
        parameter = change.parameter
        assert parameter is not None
        if change.slug == "bias-gradient-summed-over-units":
            axis = 1 if self.locator.network.layout == "columns" else 0
            options = f"axis={axis}" + (", keepdims=True" if len(parameter.shape) == 2 else "")
            if node.kind == "Call" and node.text.endswith(")"):
                inside = node.text[:-1]
                edit = self._replaced(
                    node, f"{inside}{'' if inside.endswith('(') else ', '}{options})"
                )
                if edit is not None:
                    yield edit
        elif change.slug == "bias-gradient-not-summed":
            name = self.name(context.delta[at], node.scope, sign_only=True)
            if name:
                yield from self._operand(event, context.delta[at], f"{name}.sum(axis=0)")
        elif change.slug in ("output-slope-missing", "derivative-left-out"):
            name = self.name(context.delta[at], node.scope, sign_only=True)
            yield from self._operand(event, context.back[at], name)
        elif change.slug == "wrong-layer-input":
            name = self.name(context.inputs[at], node.scope)
            for part in self._loads(node):
                if name and part.text != name:
                    edit = self._replaced(part, name)
                    if edit is not None:
                        yield edit
        elif change.slug == "matrix-turned-round":
            x = self.name(context.inputs[at], node.scope)
            d = self.name(context.delta[at], node.scope, sign_only=True)
            if x and d:
                text = (
                    f"{d} @ {x}.T" if self.locator.network.layout == "columns" else f"{x}.T @ {d}"
                )
                edit = self._replaced(node, f"({text})")
                if edit is not None:
                    yield edit
        elif change.slug == "rows-not-summed":
            line = self.lines[node.line - 1]
            if " = " in line:
                yield LineEdit(node.line, node.line, line.replace(" = ", " += ", 1))

    def _sign(self, node: SourceNode) -> Iterator[LineEdit]:
        first, last = self.tape.trace.statements[node.statement]
        if first != last:
            return
        line = self.lines[first - 1]
        for old, new in (("+=", "-="), ("-=", "+=")):
            if old in line:
                yield LineEdit(first, first, line.replace(old, new, 1))
                return
        head, equals, right = line.partition(" = ")
        for old, new in ((" + ", " - "), (" - ", " + ")):
            if equals and old in right:
                yield LineEdit(first, first, head + equals + right.replace(old, new, 1))
        if equals:
            yield LineEdit(first, first, f"{head}{equals}-({right.strip()})")

    def _scale(self, change: LayerFault, node: SourceNode) -> Iterator[LineEdit]:
        assert change.parameter is not None
        first, last = self.tape.trace.statements[node.statement]
        line = self.lines[first - 1]
        mark = next((one for one in ("+= ", "-= ", " = ") if one in line), None)
        if first != last or mark is None:
            return
        head, equals, right = line.partition(mark)
        if change.slug == "learning-rate-missing":
            for other in self.locator.network.parameters:
                for scalar in path_of(self.locator, other).scalars:
                    if abs(scalar.value * change.ratio - 1) < 1e-5:
                        yield LineEdit(
                            first, first, f"{head}{equals}{scalar.text} * {self._factor(right)}"
                        )
                        return
        if abs(change.ratio - round(change.ratio)) < 1e-6 and round(change.ratio) > 1:
            by = f" / {round(change.ratio)}"
        elif abs(1 / change.ratio - round(1 / change.ratio)) < 1e-6:
            by = f" * {round(1 / change.ratio)}"
        else:
            return
        if mark != " = " or node.target not in (change.parameter.name,):
            yield LineEdit(first, first, f"{head}{equals}{self._factor(right)}{by}")

    def _shape(self, event: Event) -> Iterator[LineEdit]:
        """The labels in the outputs' shape, where the two are compared."""
        operands = [one for one in self.tape.operands(event) if one is not None]
        nodes = [self.tape.nodes[one.node] for one in operands]
        node = self.tape.nodes[event.node]
        line = self.lines[node.line - 1]
        for label, output in (nodes, nodes[::-1]):
            if self.tape.class_of(event.node) == CHANGING and label.text in line:
                changing = self.tape.class_of(operands[nodes.index(label)].node) == CHANGING
                if not changing:
                    new = line.replace(node.text, node.text.replace(
                        label.text, f"{label.text}.reshape({output.text}.shape)"))  # fmt: skip
                    yield LineEdit(node.line, node.line, new)

    def _still(self, change: LayerFault, node: SourceNode) -> Iterator[LineEdit]:
        """An update like that of the layer's weights, below it."""
        parameter = change.parameter
        assert parameter is not None
        first, last = self.tape.trace.statements[node.statement]
        line = self.lines[first - 1]
        delta = self.name(self.context.delta[change.layer - 1], node.scope, sign_only=True)
        weights = self._weights(change.layer)
        if delta is None or weights is None or parameter.kind != "b":
            return
        rates = path_of(self.locator, weights).scalars
        rate = f"{rates[0].text} * " if rates else ""
        axis = 1 if self.locator.network.layout == "columns" else 0
        keep = ", keepdims=True" if len(parameter.shape) == 2 else ""
        sums = [f"{delta}.sum(axis={axis}{keep})", delta]
        if len(self.context.delta[0][0]) == 1:
            sums.reverse()
        for total in sums:
            if "+=" in line or "-=" in line:
                sign = "+=" if "+=" in line else "-="
                text = f"{parameter.name} {sign} {rate}{total}"
            else:
                sign = "+" if f"{weights.name} + " in line else "-"
                text = f"{parameter.name} = {parameter.name} {sign} {rate}{total}"
            kept = "\n".join(self.lines[first - 1 : last])
            yield LineEdit(first, last, f"{kept}\n{indent(line)}{text}")

    def _weights(self, layer: int) -> Parameter | None:
        for parameter in self.locator.network.parameters:
            if parameter.layer == layer and parameter.kind == "W":
                return parameter
        return None
