"""Builds their network from the passes that were read."""

from collections import Counter

import numpy as np

from xortui.core.debug.activations import is_single
from xortui.core.debug.algebra import Input, Leaf, Minus, NotLinearError, Raw
from xortui.core.debug.labels import find_labels
from xortui.core.debug.network import Layer, Parameter, Step, TheirNetwork
from xortui.core.debug.passes import Finder, add_linear_outputs
from xortui.core.debug.tape import Tape, written_text
from xortui.core.debug.units import Pass, UnitPass
from xortui.core.model.functions import Array

CLOSE = 1e-9


def find_network(tape: Tape) -> tuple[TheirNetwork | None, Finder]:
    """The network that is trained; None where there is none to be found."""
    finder = Finder(tape)
    passes = finder.passes()
    linear = finder.linear_nodes() if not any(len(one.layers) > 1 for one in passes) else None
    if linear:
        finder = Finder(tape, linear)
        passes = finder.passes()
    add_linear_outputs(finder, passes)
    passes = [one for one in passes if one.layers]
    if not passes:
        return None, finder
    votes = Counter(_family(one) for one in passes)
    deepest = max(
        len(family) for family, count in votes.items() if count >= 0.1 * max(votes.values())
    )
    family = max((family for family in votes if len(family) == deepest), key=lambda one: votes[one])
    chosen = [one for one in passes if _family(one) == family]
    network = _Builder(tape, finder, chosen).network()
    if network is not None:
        _note_gaps(network, finder, passes)
    return network, finder


def _note_gaps(network: TheirNetwork, finder: Finder, passes: list[Pass]) -> None:
    """Note where a pass was, or may have been, that is not among the steps.

    What changes across such a place is more than one update, and tells nothing of either.
    """
    one = network.steps[-1].one
    pairs = {(unit.z_event.node, unit.a_event.node) for layer in one.layers for unit in layer}
    nodes = {node for _, node in pairs}
    # An activation may be worked out again, for its slope: its sum is that of a known pass.
    sums = {
        unit.z_event.place for step in network.steps for layer in step.one.layers for unit in layer
    }
    units = [unit for other in passes for layer in other.layers for unit in layer]
    network.gaps = sorted(
        [
            unit.a_event.place
            for unit in units
            if (unit.z_event.node, unit.a_event.node) in pairs and unit.z_event.place not in sums
        ]
        + [
            event.place
            for event in finder.unread
            if event.node in nodes and not finder.is_of_activation(event)
        ]
    )


def _family(one: Pass) -> tuple[object, ...]:
    return tuple(
        (len(layer), len(layer[0].weights), layer[0].function.name) for layer in one.layers
    )


class _Builder:
    def __init__(self, tape: Tape, finder: Finder, passes: list[Pass]) -> None:
        self.tape = tape
        self.finder = finder
        self.passes = passes

    def network(self) -> TheirNetwork | None:
        self.bias = [
            sum(bool(one.layers[number][0].bias) for one in self.passes) * 2 > len(self.passes)
            for number in range(len(self.passes[0].layers))
        ]
        raw = [self._read(number, one) for number, one in enumerate(self.passes)]
        read = [one for one in raw if one is not None]
        if not read:
            return None
        first = read[-1]
        self.layers = [
            Layer(len(layer[0].weights), len(layer), layer[0].function, self.bias[number])
            for number, layer in enumerate(first.one.layers)
        ]
        self._find_ones(read)
        network = TheirNetwork(
            self.tape, self.layers, self._parameters(first), [], _layout(self.finder, first.one), {}
        )
        steps = self._consistent(network, read)
        if not steps:
            return None
        network.steps = steps
        find_labels(network)
        return network

    def _read(self, at: int, one: Pass) -> Step | None:
        """The numbers of a pass; None where it is not like the others."""
        theta: list[float] = []
        zs, activations = [], []
        x: Array | None = None
        orders: list[list[int]] = []
        for number, layer in enumerate(one.layers):
            order = self._order(number, layer)
            if order is None:
                return None
            units = len(layer)
            weights = np.empty((len(order[0]), units))
            for column, unit in enumerate(layer):
                for row, place in enumerate(order[column]):
                    leaf, index, coefficient = unit.weights[place]
                    weights[row, column] = coefficient * leaf.array.flat[index]
            theta += weights.ravel().tolist()
            if self.bias[number]:
                for unit in layer:
                    if len(unit.bias) != 1:
                        return None
                    leaf, index, coefficient = unit.bias[0]
                    theta.append(coefficient * float(leaf.array.flat[index]))
            elif layer[0].bias:
                return None
            zs.append(np.stack([unit.z for unit in layer], axis=1))
            activations.append(np.stack([unit.a for unit in layer], axis=1))
            if number == 0:
                unit = layer[0]
                x = np.array([[inp.value for inp in unit.inputs[place]] for place in order[0]]).T
            orders += order
        assert x is not None
        window = self.tape.window_of(one.start)
        return Step(at, window, one.end, x, None, np.array(theta), zs, activations, one)

    def _order(self, number: int, layer: list[UnitPass]) -> list[list[int]] | None:
        """For every unit the order of its weights that makes input i the same for all units."""
        features: dict[tuple[object, ...], int] = {}
        orders = []
        for unit in layer:
            order: dict[int, int] = {}
            for place, inputs in enumerate(unit.inputs):
                feature = self._feature(number, inputs)
                if feature is None:
                    return None
                at = features.setdefault(feature, len(features))
                if at in order:  # inputs that share a name, one after the other
                    return self._as_they_come(layer) if number == 0 else None
                order[at] = place
            orders.append(order)
        if any(len(order) != len(features) for order in orders):
            return None
        ranks = sorted(features, key=lambda feature: _feature_rank(feature, features[feature]))
        return [[order[features[feature]] for feature in ranks] for order in orders]

    def _as_they_come(self, layer: list[UnitPass]) -> list[list[int]] | None:
        """Every unit's weights in the order in which they were added up."""
        counts = {len(unit.weights) for unit in layer}
        return [list(range(len(unit.weights))) for unit in layer] if len(counts) == 1 else None

    def _feature(self, number: int, inputs: list[Input]) -> tuple[object, ...] | None:
        atoms = [one.atom for one in inputs]
        values = [one.value for one in inputs]
        if number == 0:
            return ("x", atoms[0][1], atoms[0][2])
        if all(atom[0] == "x" for atom in atoms):
            return ("one", 0, 0) if len(set(values)) == 1 else None
        units = set()
        for atom in atoms:
            position = self.finder.position(atom)
            if position is None or position[0] != number - 1:
                return None
            units.add(position[1])
        return ("a", 0, units.pop()) if len(units) == 1 else None

    def _find_ones(self, steps: list[Step]) -> None:
        """Inputs that are always the same number: biases in disguise."""
        x = np.concatenate([step.x for step in steps if step.x.shape[1] == self.layers[0].inputs])
        distinct = len(np.unique(x, axis=0)) > 1
        for column in range(x.shape[1]):
            if distinct and (x[:, column] == x[0, column]).all() and x[0, column] in (1.0, -1.0):
                self.layers[0].ones.append(column)
        for number in range(1, len(self.layers)):
            before = self.layers[number - 1].units
            extra = self.layers[number].inputs - before
            # `_order` puts units first and ones last.
            self.layers[number].ones = list(range(before, before + extra))

    def _parameters(self, step: Step) -> list[Parameter]:
        """Their arrays, and where their numbers are in the flat vector."""
        groups: dict[tuple[str, int, str], list[tuple[int, int]]] = {}
        leaves: dict[tuple[str, int, str], Leaf] = {}
        slot = 0
        for number, layer in enumerate(step.one.layers):
            order = self._order(number, layer)
            assert order is not None
            for row in range(len(order[0])):
                for column, unit in enumerate(layer):
                    leaf, index, _ = unit.weights[order[column][row]]
                    key = (leaf.key + f"#{leaf.value.identity}", number + 1, "W")
                    groups.setdefault(key, []).append((index, slot))
                    leaves[key] = leaf
                    slot += 1
            if self.bias[number]:
                for unit in layer:
                    leaf, index, _ = unit.bias[0]
                    key = (leaf.key + f"#{leaf.value.identity}", number + 1, "b")
                    groups.setdefault(key, []).append((index, slot))
                    leaves[key] = leaf
                    slot += 1
        found = []
        for key, pairs in groups.items():
            leaf = leaves[key]
            pairs.sort()
            whole = len(pairs) == leaf.array.size
            shape = leaf.array.shape if whole else (len(pairs),)
            name = self._name(leaf)
            if not whole and len(pairs) == 1 and leaf.array.size > 1:
                name = f"{name}[{_index_text(pairs[0][0], leaf.array.shape)}]"
            found.append(
                Parameter(name, key[1], key[2], shape, tuple(slot for _, slot in pairs), leaf.key)
            )
        return found

    def _name(self, leaf: Leaf) -> str:
        scope, _, text = leaf.key.partition(":")
        text = text or leaf.key
        node = self.tape.nodes[leaf.event.node]
        if node.kind == "Name":
            outer = self.tape.container(leaf.value)
            if outer is not None:
                place = outer.value.items.index(leaf.value.ref)
                return f"{self.tape.nodes[outer.node].text}[{place}]"
            better = self.tape.name_of(leaf.value)
            if "." in better and scope:
                return better
        return text

    def _consistent(self, network: TheirNetwork, steps: list[Step]) -> list[Step]:
        """The steps whose recorded values the network really gives."""
        good = []
        size = sum(
            layer.inputs * layer.units + layer.units * layer.bias for layer in network.layers
        )
        for step in steps:
            if len(step.theta) != size or step.x.shape[1] != network.layers[0].inputs:
                continue
            if not network.is_chained:
                return []
            with np.errstate(all="ignore"):
                _, zs, activations = network.forward(step.theta, step.x)
            if all(
                _same(mine, its)
                for mine, its in zip([*zs, *activations], [*step.z, *step.a], strict=True)
            ):
                good.append(step)
        return good if len(good) >= 0.5 * len(steps) else []


def _feature_rank(feature: tuple[object, ...], seen: int) -> tuple[int, int]:
    """Data as it comes, activations by their unit, ones at the end."""
    kind = str(feature[0])
    return {"x": 0, "a": 0, "one": 1}[kind], int(str(feature[2])) if kind == "a" else seen


def _index_text(index: int, shape: tuple[int, ...]) -> str:
    return "][".join(str(part) for part in np.unravel_index(index, shape))


def _same(mine: Array, its: Array) -> bool:
    if mine.shape != its.shape:
        return False
    finite = np.isfinite(mine) & np.isfinite(its)
    difference = np.abs(mine - its)[finite]
    close = 1e-5 if is_single(its) else CLOSE
    return bool((difference <= close * (1 + np.abs(its[finite]))).all())


def _layout(finder: Finder, one: Pass) -> str | None:
    """Whether patterns are rows (X·W) or columns (W·X); None for scalars."""
    tape = finder.tape
    keys = {leaf.key for unit in one.layers[0] for leaf, _, _ in unit.weights}
    z_event = one.layers[0][0].z_event
    for event in (z_event, *tape.ancestors(z_event, 4)):
        node = tape.nodes[event.node]
        operands = [operand for operand in tape.operands(event) if operand is not None]
        matrices = node.operator == "Mult" and all(one.value.kind in "mM" for one in operands)
        if len(operands) != 2 or not (matrices or node.operator in _PRODUCTS):
            continue
        for place, operand in enumerate(operands):
            try:
                symbols = finder.symbols.of(operand).ravel().tolist()
            except NotLinearError:
                continue
            leaves = [part.of if isinstance(part, Minus) else part for part in symbols]
            if all(isinstance(one, Raw) and one.leaf.key in keys for one in leaves):
                if node.operator == "einsum":
                    return _layout_of_subscripts(written_text(node.text), place)
                return "rows" if place == 1 else "columns"
    return None


def _layout_of_subscripts(text: str, place: int) -> str:
    """The layout of `ij,jk->ik`, where the weights are its first operand or its second."""
    operands, _, result = text.replace(" ", "").partition("->")
    units = [letter for letter in operands.split(",")[place] if letter in result]
    if len(result) != 2 or len(units) != 1:
        return "rows" if place == 1 else "columns"
    return "rows" if result[1] == units[0] else "columns"


_PRODUCTS = ("dot", "matmul", "MatMult", "inner", "einsum")
