"""What was recorded of one forward pass: its units, layer by layer."""

from dataclasses import dataclass, field

from xortui.core.debug.activations import ActivationFunction
from xortui.core.debug.algebra import Input, Leaf
from xortui.core.debug.trace import Event
from xortui.core.model.functions import Array


@dataclass(eq=False)
class UnitPass:
    """A unit in one pass: for every row the weighted sum, taken apart, and where it is stored.

    `weights` are (leaf, index, coefficient) in the order of `inputs` [weights][rows]; `bias` the
    same for what meets no input. `places` are the positions of the rows in the arrays z and a.
    """

    weights: list[tuple[Leaf, int, float]]
    inputs: list[list[Input]]
    bias: list[tuple[Leaf, int, float]]
    places: list[int]
    z_event: Event
    a_event: Event
    function: ActivationFunction

    @property
    def key(self) -> tuple[object, ...]:
        """What tells the unit from others: its weights."""
        return tuple((leaf.key, leaf.value.identity, index) for leaf, index, _ in self.weights)

    @property
    def values_in(self) -> list[list[float]]:
        """The numbers that come in, [weights][rows]."""
        return [[one.value for one in row] for row in self.inputs]

    @property
    def z(self) -> Array:
        return self._rows(self.z_event)

    @property
    def a(self) -> Array:
        return self._rows(self.a_event)

    def _rows(self, event: Event) -> Array:
        assert event.value.array is not None
        return event.value.array.ravel()[self.places]


@dataclass(eq=False)
class Pass:
    """One forward pass: units by layer, and the rows of data that went in."""

    layers: list[list[UnitPass]] = field(default_factory=list)

    @property
    def start(self) -> int:
        return min(unit.z_event.place for unit in self.layers[0])

    @property
    def end(self) -> int:
        return max(unit.a_event.place for unit in self.layers[-1])
