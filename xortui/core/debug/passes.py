"""Forward passes: the layers of a network, read from what was recorded of each."""

from collections import Counter

from xortui.core.debug.activations import LINEAR, ActivationFunction, find_activations
from xortui.core.debug.algebra import Input, Leaf, LinearSum, NotLinearError
from xortui.core.debug.symbols import Symbols
from xortui.core.debug.tape import CHANGING, LOADS, Tape
from xortui.core.debug.trace import Event
from xortui.core.debug.units import Pass, UnitPass

# Passes that are read of the first window with any, and of each later one.
MOST_PASSES = (90, 14)
MOST_ROWS = 16  # that go through a layer before the first goes on


class Finder:
    """Finds the passes of a recorded run."""

    def __init__(self, tape: Tape, linear: frozenset[int] = frozenset()) -> None:
        self.tape = tape
        self.symbols = Symbols(tape)
        self.activations = find_activations(tape)
        for node in linear:  # sums that go on as they are
            for place in tape.of_node[node]:
                if tape.makes(tape.events[place]):
                    self.activations[place] = [(LINEAR, tape.events[place])]
        self.unread: list[Event] = []  # activations whose argument is no weighted sum
        self.bias_of_rows: Event | None = None  # a sum whose rows have biases of their own
        self._layer_of: dict[tuple[int, int], tuple[int, int, int]] = {}

    def passes(self) -> list[Pass]:
        """All complete passes, in order."""
        passes: list[Pass] = []
        current = Pass()
        keys: set[tuple[object, ...]] = set()
        counts: Counter[int] = Counter()
        places = sorted(self.activations)
        if places:
            self.symbols.first_activation = places[0]
        limits = self._limits(places)
        for place in places:
            window = self.tape.window_of(place)
            if counts[window] >= limits.get(window, 0):
                continue
            event = self.tape.events[place]
            units = None
            for function, z_event in self.activations[place]:
                units = self.units(z_event, event, function)
                if units is not None:
                    break
            if units is None:
                self.unread.append(event)
                continue
            self.symbols.add_activation(event)
            layer = self._layer(units, current)
            new = {unit.key for unit in units}
            if layer is None and self._join_earlier(units, passes[-MOST_ROWS:]):
                continue
            again = layer == 0 and len(current.layers) > 1
            # The units of a whole layer come at once, from one sum.
            if layer is not None and layer < len(current.layers):
                beside = current.layers[layer][0]
                again |= len(units) > 1 or units[0].values_in != beside.values_in
                again |= self._is_newer(units[0], beside)
            if layer is None or keys & new or again:
                if current.layers:
                    passes.append(current)
                    counts[window] += len(current.layers) > 1 or layer is None
                current, keys = Pass(), set()
                layer = self._layer(units, current)
                if layer is None:
                    continue
            if layer == len(current.layers):
                current.layers.append([])
            self._add(units, current, layer)
            keys |= new
        if current.layers:
            passes.append(current)
        return passes

    def _join_earlier(self, units: list[UnitPass], passes: list[Pass]) -> bool:
        """Add units to the pass that they go on with, where rows go through layer by layer."""
        for one in reversed(passes):
            number = self._layer(units, one)
            if number is None or number < len(one.layers) - 1:
                continue
            if number == len(one.layers):
                one.layers.append([])
            elif {unit.key for unit in one.layers[number]} & {unit.key for unit in units}:
                continue
            self._add(units, one, number)
            return True
        return False

    def _add(self, units: list[UnitPass], one: Pass, layer: int) -> None:
        first = len(one.layers[layer])
        one.layers[layer] += units
        for number, unit in enumerate(units, start=first):
            for row, position in enumerate(unit.places):
                self._layer_of[unit.a_event.place, position] = (layer, number, row)

    def _is_newer(self, unit: UnitPass, other: UnitPass) -> bool:
        """Whether a unit has weights that were made after another unit was used."""
        makers = [self.tape.maker(leaf.value) for leaf, _, _ in unit.weights]
        return any(
            one is not None
            and one.place > other.a_event.place
            and self.tape.nodes[one.node].kind not in LOADS
            for one in makers
        )

    def is_of_activation(self, event: Event) -> bool:
        """Whether an activation is activated once more, as in a wrong slope."""
        return any(
            source.value.ref in self.symbols.activations
            for _, source in self.activations[event.place]
        )

    def linear_nodes(self) -> frozenset[int]:
        """Where sums are made that are inputs of other sums, with no activation between them."""
        nodes = set()
        for event in self.unread[:40]:
            for _, z_event in self.activations[event.place]:
                nodes |= self._sums_below(z_event)
        if not self.activations:
            for event in [one for one in self.tape.events if is_difference(self.tape, one)][:40]:
                for operand in self.tape.operands(event):
                    if operand is not None:
                        nodes |= self._sums_below(self.tape.maker(operand.value) or operand)
        return frozenset(nodes)

    def _sums_below(self, z_event: Event) -> set[int]:
        nodes = set()
        for event in (z_event, *self.tape.ancestors(z_event, 4)):
            node = self.tape.nodes[event.node]
            if node.operator not in ("dot", "matmul", "MatMult", "Mult"):
                continue
            for operand in self.tape.operands(event):
                if operand is None:
                    continue
                maker = self.tape.maker(operand.value)
                if maker is not None and self.units(maker, maker, LINEAR) is not None:
                    nodes.add(maker.node)
        return nodes

    def _limits(self, places: list[int]) -> dict[int, int]:
        """How many passes are read of each window."""
        used = sorted({self.tape.window_of(place) for place in places})
        first, later = MOST_PASSES
        return {window: later if number else first for number, window in enumerate(used)}

    def _layer(self, units: list[UnitPass], current: Pass) -> int | None:
        """Which layer of the pass these units belong to; None where they begin another."""
        events = {
            one.atom[1]
            for unit in units
            for inputs in unit.inputs
            for one in inputs
            if one.atom[0] == "a"
        }
        if not events:
            return 0
        for number, layer in enumerate(current.layers):
            if events <= {unit.a_event.place for unit in layer}:
                return number + 1
        return None

    def units(
        self, z_event: Event, a_event: Event, function: ActivationFunction
    ) -> list[UnitPass] | None:
        """The units that a weighted sum consists of; None where it is none."""
        try:
            symbols = self.symbols.of(z_event)
        except (NotLinearError, RecursionError):
            return None
        flat = symbols.ravel().tolist()
        if not flat or not all(isinstance(one, LinearSum) and one.has_inputs for one in flat):
            return None
        groups: dict[tuple[object, ...], list[int]] = {}
        for position, total in enumerate(flat):
            key = tuple(sorted((leaf.key, leaf.value.ref, index) for leaf, index, _ in total.terms))
            groups.setdefault(key, []).append(position)
        if len(groups) == len(flat) > 1 and self._has_bias_of_rows(flat):
            self.bias_of_rows = z_event
            return None
        units = []
        for positions in groups.values():
            unit = self._unit(flat, positions, z_event, a_event, function)
            if unit is None:
                return None
            units.append(unit)
        sizes = {(len(unit.weights), len(unit.places)) for unit in units}
        return units if len(sizes) == 1 else None

    def _has_bias_of_rows(self, flat: list[LinearSum]) -> bool:
        """Whether rows that share all weights have biases of their own."""
        weights = Counter(
            tuple(
                sorted(
                    (leaf.key, leaf.value.ref, index)
                    for leaf, index, atom in total.terms
                    if atom is not None
                )
            )
            for total in flat
        )
        biased = all(any(atom is None for _, _, atom in total.terms) for total in flat)
        return biased and len(weights) < len(flat)

    def _unit(
        self,
        flat: list[LinearSum],
        positions: list[int],
        z_event: Event,
        a_event: Event,
        function: ActivationFunction,
    ) -> UnitPass | None:
        weights: list[tuple[Leaf, int, float]] = []
        bias: list[tuple[Leaf, int, float]] = []
        rows: list[list[Input]] = []
        for (leaf, index, atom), coefficient in flat[positions[0]].terms.items():
            if atom is None:
                bias.append((leaf, index, coefficient))
            else:
                weights.append((leaf, index, coefficient))
                rows.append([atom])
        place = {(leaf, index): number for number, (leaf, index, _) in enumerate(weights)}
        for position in positions[1:]:
            if len(flat[position].terms) != len(flat[positions[0]].terms):
                return None
            for leaf, index, atom in flat[position].terms:
                if atom is not None:
                    if (leaf, index) not in place:
                        return None
                    rows[place[leaf, index]].append(atom)
        if any(len(row) != len(positions) for row in rows):
            return None
        return UnitPass(weights, rows, bias, positions, z_event, a_event, function)

    def position(self, atom: tuple[object, ...]) -> tuple[int, int, int] | None:
        """Layer, unit and row of an activation that is an input."""
        return self._layer_of.get((atom[1], atom[2]))  # type: ignore[arg-type]


def is_difference(tape: Tape, event: Event) -> bool:
    """Whether one thing is subtracted from another here."""
    node = tape.nodes[event.node]
    return (node.kind, node.operator) in (("BinOp", "Sub"), ("Call", "subtract"))


def add_linear_outputs(finder: Finder, passes: list[Pass]) -> None:
    """Add the last layer where it has no activation: a sum that is compared with labels."""
    tape = finder.tape
    by_event = {unit.a_event.place: one for one in passes for layer in one.layers for unit in layer}
    alone: dict[int, Pass] = {}  # networks of one linear layer
    hits: list[tuple[Pass, Event, list[UnitPass]]] = []
    for event in tape.events:
        if not is_difference(tape, event):
            continue
        operands = [operand for operand in tape.operands(event) if operand is not None]
        if len(operands) != 2:
            continue
        for output, label in (operands, operands[::-1]):
            if tape.class_of(label.node) == CHANGING:
                continue
            maker = tape.maker(output.value)
            if maker is None or maker.place in finder.activations:
                continue
            units = finder.units(maker, maker, LINEAR)
            if units is None:
                continue
            sources = {one.atom[1] for unit in units for row in unit.inputs for one in row
                       if one.atom[0] == "a"}  # fmt: skip
            if not sources and not passes:
                alone.setdefault(maker.place, Pass([units]))
            owners = {
                id(by_event[place]): by_event[place] for place in sources if place in by_event
            }
            if len(owners) != 1:
                continue
            (owner,) = owners.values()
            if sources <= {unit.a_event.place for unit in owner.layers[-1]}:
                hits.append((owner, maker, units))
    passes += alone.values()
    done: set[int] = set()
    for owner, maker, units in hits:
        if maker.place in done:
            continue
        done.add(maker.place)
        events = {unit.a_event.place for unit in owner.layers[-1]}
        sources = {one.atom[1] for unit in units for row in unit.inputs for one in row}
        if sources & events:
            owner.layers.append(units)
