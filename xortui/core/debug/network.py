"""Their network: layers, parameters with their names, and the training steps that were recorded."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from xortui.core.debug.activations import SOFTMAX, Function, is_single
from xortui.core.debug.passes import (
    MOST_ROWS,
    Finder,
    Pass,
    Unit,
    add_linear_outputs,
    is_difference,
)
from xortui.core.debug.symbols import Input, Leaf, NotLinearError, Raw
from xortui.core.debug.tape import CHANGING, Tape
from xortui.core.debug.trace import Event, Value, Window
from xortui.core.model.functions import Array

CLOSE = 1e-9


@dataclass(frozen=True)
class Parameter:
    """One of their arrays, or a part of it that plays one role.

    `layer` counts from 1; `kind` is `W` or `b`. `slots` are its numbers' places in the flat vector
    of all parameters; `name` is what they call it.
    """

    name: str
    layer: int
    kind: str
    shape: tuple[int, ...]
    slots: tuple[int, ...]
    leaf: str = ""

    @property
    def role(self) -> str:
        return f"{self.kind}{self.layer}"


@dataclass(eq=False)
class Layer:
    """Shape of one layer: `inputs` counts a column of ones, too; `ones` are the places of such."""

    inputs: int
    units: int
    function: Function
    bias: bool
    ones: list[int] = field(default_factory=list)
    bias_sign: float = 1.0


@dataclass(eq=False)
class Step:
    """The `number`th forward pass: data [N, D], labels [N, K], all parameters as one flat vector.

    Parameters have the signs with which they enter the sums: W [inputs, units] and b [units] of one
    layer after the other. `z` and `a` are theirs, [N, units] a layer.
    """

    number: int
    window: int
    place: int
    x: Array
    y: Array | None
    theta: Array
    z: list[Array]
    a: list[Array]
    one: Pass


@dataclass(eq=False)
class Network:
    """Their network, and every recorded pass through it."""

    tape: Tape
    layers: list[Layer]
    parameters: list[Parameter]
    steps: list[Step]
    layout: str | None
    patterns: dict[tuple[float, ...], tuple[float, ...]]
    broadcast: Event | None = None  # where labels and outputs became a square
    gaps: list[int] = field(default_factory=list)  # places of passes that could not be read

    @property
    def sizes(self) -> list[int]:
        return [
            self.layers[0].inputs - len(self.layers[0].ones),
            *(layer.units for layer in self.layers),
        ]

    @property
    def is_chained(self) -> bool:
        """Whether each layer takes what the one before gives."""
        return all(
            layer.inputs == before.units + len(layer.ones)
            for before, layer in pairwise(self.layers)
        )

    @property
    def has_bias(self) -> bool:
        return any(layer.bias or layer.ones for layer in self.layers)

    def split(self, theta: Array) -> list[tuple[Array, Array]]:
        """W [inputs, units] and b [units] of every layer (zeros where there is none)."""
        parts, place = [], 0
        for layer in self.layers:
            size = layer.inputs * layer.units
            w = theta[place : place + size].reshape(layer.inputs, layer.units)
            place += size
            b = np.zeros(layer.units, dtype=theta.dtype)
            if layer.bias:
                b = theta[place : place + layer.units]
                place += layer.units
            parts.append((w, b))
        return parts

    def forward(self, theta: Array, x: Array) -> tuple[list[Array], list[Array], list[Array]]:
        """What goes into each layer, z and a of each, from all parameters and the data."""
        inputs, zs, activations = [], [], []
        a = x
        for number, (layer, (w, b)) in enumerate(zip(self.layers, self.split(theta), strict=True)):
            if number:
                a = self.with_ones(number, a)
            inputs.append(a)
            z = a @ w + b
            zs.append(z)
            if layer.function is SOFTMAX:
                e = np.exp(z - z.max(axis=1, keepdims=True))
                a = e / e.sum(axis=1, keepdims=True)
            else:
                a = layer.function.f(z)
            activations.append(a)
        return inputs, zs, activations

    def with_ones(self, number: int, a: Array) -> Array:
        """The activations of the layer before, with the column of ones that this layer wants."""
        for place in self.layers[number].ones:
            a = np.insert(a, place, 1.0, axis=1)
        return a


def find_network(tape: Tape) -> tuple[Network | None, Finder]:
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


def _note_gaps(network: Network, finder: Finder, passes: list[Pass]) -> None:
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
        self.broadcast: Event | None = None

    def network(self) -> Network | None:
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
        network = Network(
            self.tape, self.layers, self._parameters(first), [], _layout(self.finder, first.one), {}
        )
        steps = self._consistent(network, read)
        if not steps:
            return None
        network.steps = steps
        self._labels(network)
        network.broadcast = self.broadcast
        return network

    def _read(self, at: int, one: Pass) -> Step | None:
        """The numbers of a pass; None where it is not like the others."""
        theta: list[float] = []
        zs, activations = [], []
        x: Array | None = None
        orders: list[list[int]] = []
        for number, layer in enumerate(one.layers):
            order = self._order(number, layer, one)
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
        window = _window_of(self.tape.trace.windows, one.start)
        return Step(at, window, one.end, x, None, np.array(theta), zs, activations, one)

    def _order(self, number: int, layer: list[Unit], one: Pass) -> list[list[int]] | None:
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

    def _as_they_come(self, layer: list[Unit]) -> list[list[int]] | None:
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
            order = self._order(number, layer, step.one)
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

    def _consistent(self, network: Network, steps: list[Step]) -> list[Step]:
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

    # -- labels ------------------------------------------------------------------------------------

    def _labels(self, network: Network) -> None:
        """Find what the outputs are compared with, for every pattern."""
        tape = self.tape
        own: list[Array | None] = []
        places = [step.place for step in network.steps]
        differences = [
            event
            for event in tape.events
            if is_difference(tape, event) or tape.nodes[event.node].kind == "Change"
        ]
        number = 0
        for at, step in enumerate(network.steps):
            end = places[at + 1] if at + 1 < len(places) else len(tape.events)
            while number < len(differences) and differences[number].place < step.place:
                number += 1
            found = None
            for event in differences[number:]:
                if event.place >= end or found is not None:
                    break
                found = self._compared(event, step.a[-1])
            if found is None:
                found = self._compared_later(network.steps, at, differences[number:])
            own.append(found)
            if found is not None:  # the last ones hold: labels may change between trainings
                for row, label in zip(step.x, found, strict=True):
                    network.patterns[tuple(row.tolist())] = tuple(label.tolist())
        if not network.patterns and len(network.layers) > 1:
            self._other_labels(network)
        for step, labels in zip(network.steps, own, strict=True):
            known = [network.patterns.get(tuple(row.tolist())) for row in step.x]
            if labels is not None:
                step.y = labels.astype(float)
            elif all(label is not None for label in known):
                step.y = np.array(known, dtype=float)

    def _compared_later(self, steps: list[Step], at: int, differences: list[Event]) -> Array | None:
        """The labels, where several rows go forward before the first is compared with any."""
        step = steps[at]
        others = steps[at + 1 : at + MOST_ROWS]
        same = [one for one in others if np.array_equal(one.theta, step.theta)]
        if not same or any(np.array_equal(one.a[-1], step.a[-1]) for one in same):
            return None
        later = [one.place for one in others if one not in same]
        for event in differences:
            if later and event.place >= later[0]:
                return None
            found = self._compared(event, step.a[-1])
            if found is not None:
                return found
        return None

    def _compared(self, event: Event, output: Array) -> Array | None:
        """The labels [N, K], where this difference is between the outputs and them."""
        operands = [operand for operand in self.tape.operands(event) if operand is not None]
        if self.tape.nodes[event.node].kind == "Change":
            return (
                _taken_off(operands[0].value.array, event.value.array, output) if operands else None
            )
        if len(operands) != 2:
            return None
        for mine, other in (operands, operands[::-1]):
            values, labels = mine.value.array, other.value.array
            if values is None or labels is None or labels.size != output.size:
                continue
            if values.size != output.size or self.tape.class_of(other.node) == CHANGING:
                continue
            flat = values.ravel()
            if np.array_equal(flat, output.ravel()):
                order = output.shape
                result = labels.reshape(order)
            elif np.array_equal(flat, output.T.ravel()):
                result = labels.reshape(output.T.shape).T
            else:
                continue
            made = event.value.array
            if made is not None and made.size > output.size:
                self.broadcast = self.broadcast or event
            return result
        return None

    def _other_labels(self, network: Network) -> None:
        """Labels that meet the outputs in another way: in the terms of a cross-entropy, say."""
        tape = self.tape
        size = network.layers[-1].units
        for step in network.steps[:20]:
            for event in tape.events[step.place : step.place + 80]:
                array = event.value.array
                if array is None or array.size != step.a[-1].size:
                    continue
                if tape.class_of(event.node) == CHANGING or tape.nodes[event.node].kind != "Name":
                    continue
                if not set(array.ravel().tolist()) <= {0.0, 1.0, -1.0}:
                    continue
                if array.size == step.x.size and np.array_equal(array.ravel(), step.x.ravel()):
                    continue
                for row, label in zip(step.x, array.reshape(-1, size), strict=True):
                    network.patterns.setdefault(tuple(row.tolist()), tuple(label.tolist()))
                break


def _taken_off(before: Array | None, after: Array | None, output: Array) -> Array | None:
    """The labels, where 1 was taken off the outputs in place: `p[range(n), y] -= 1`."""
    if before is None or after is None or before.shape != output.shape != ():
        return None
    if not np.array_equal(before, output) or before.shape != after.shape:
        return None
    labels: Array = np.round(before - after)
    exact = np.allclose(labels, before - after, atol=1e-12)
    return (
        labels if exact and np.any(labels) and set(labels.ravel().tolist()) <= {0.0, 1.0} else None
    )


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


def _window_of(windows: list[Window], place: int) -> int:
    for number, window in enumerate(windows):
        if window.start <= place < window.end:
            return number
    return -1


def _layout(finder: Finder, one: Pass) -> str | None:
    """Whether patterns are rows (X·W) or columns (W·X); None for scalars."""
    tape = finder.tape
    keys = {leaf.key for unit in one.layers[0] for leaf, _, _ in unit.weights}
    z_event = one.layers[0][0].z_event
    for event in (z_event, *tape.ancestors(z_event, 4)):
        node = tape.nodes[event.node]
        operands = [operand for operand in tape.operands(event) if operand is not None]
        if node.operator not in ("dot", "matmul", "MatMult", "inner") or len(operands) != 2:
            continue
        for place, operand in enumerate(operands):
            try:
                symbols = finder.symbols.of(operand).ravel().tolist()
            except NotLinearError:
                continue
            if all(isinstance(part, Raw) and part.leaf.key in keys for part in symbols):
                return "rows" if place == 1 else "columns"
    return None


__all__ = ["Layer", "Network", "Parameter", "Step", "Value", "find_network"]
