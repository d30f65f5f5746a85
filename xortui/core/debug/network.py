"""Their network: layers, parameters with their names, and the training steps that were recorded."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from xortui.core.debug.activations import ActivationFunction
from xortui.core.debug.tape import Tape
from xortui.core.debug.trace import Event
from xortui.core.debug.units import Pass
from xortui.core.model.functions import Array


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
    function: ActivationFunction
    bias: bool
    ones: list[int] = field(default_factory=list)


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
class TheirNetwork:
    """Their network, and every recorded pass through it."""

    tape: Tape
    layers: list[Layer]
    parameters: list[Parameter]
    steps: list[Step]
    layout: str | None
    patterns: dict[tuple[float, ...], tuple[float, ...]]
    # Where labels and outputs became a square, by the node.
    broadcasts: dict[int, Event] = field(default_factory=dict)
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
            a = layer.function.f(z)
            activations.append(a)
        return inputs, zs, activations

    def with_ones(self, number: int, a: Array) -> Array:
        """The activations of the layer before, with the column of ones that this layer wants."""
        for place in self.layers[number].ones:
            a = np.insert(a, place, 1.0, axis=1)
        return a
