"""Where each array of parameters lies in the flat vector that holds them all.

What an optimiser keeps for each parameter would be laid out the same way.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from xortui.core.model.functions import Array

Shape = tuple[int, ...]


@dataclass(frozen=True)
class ParameterLayout:
    """The order W1, b1, W2, b2, ..., biases only where there are any; weights [inputs, outputs].

    Every way of taking a vector apart gives views: writing to one writes to the vector.
    """

    sizes: tuple[int, ...]
    bias: bool

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """The shape of every array, by its name."""
        shapes: dict[str, Shape] = {}
        for layer, (inputs, outputs) in enumerate(pairwise(self.sizes), start=1):
            shapes[f"W{layer}"] = (inputs, outputs)
            if self.bias:
                shapes[f"b{layer}"] = (outputs,)
        return MappingProxyType(shapes)

    @cached_property
    def size(self) -> int:
        """The number of parameters."""
        return sum(map(math.prod, self.shapes.values()))

    @cached_property
    def parts(self) -> Mapping[str, slice]:
        """Which part of the vector every array is."""
        parts, start = {}, 0
        for name, shape in self.shapes.items():
            parts[name] = slice(start, start + math.prod(shape))
            start = parts[name].stop
        return MappingProxyType(parts)

    @property
    def places(self) -> Mapping[str, int]:
        """Where in the vector each number is, by its name: W1[0,0], W1[0,1], ..., b1[0], ..."""
        return _places(self)

    def split(self, vectors: Array) -> dict[str, Array]:
        """The arrays [..., *shape] in vectors [..., P]."""
        before = vectors.shape[:-1]
        return {
            name: vectors[..., part].reshape(*before, *self.shapes[name])
            for name, part in self.parts.items()
        }

    def matrices(self, vectors: Array) -> dict[str, Array]:
        """As `split`, but biases are rows, [..., 1, units]: they broadcast over the rows."""
        before = vectors.shape[:-1]
        return {
            name: vectors[..., part].reshape(*before, *(1, *self.shapes[name])[-2:])
            for name, part in self.parts.items()
        }

    def split_columns(self, columns: Array) -> dict[str, Array]:
        """The arrays [*shape, S] in the vectors that are the columns of [P, S]."""
        return {
            name: columns[part].reshape(*self.shapes[name], *columns.shape[1:])
            for name, part in self.parts.items()
        }

    def joined(self, arrays: Mapping[str, Array], before: str = "") -> Array:
        """The vectors [..., P] of arrays as `split` gives them; `before` is put before the names.

        `joined(values, "d")` is the gradient.
        """
        leading = arrays[f"{before}W1"].shape[:-2]
        vectors = [
            arrays[f"{before}{name}"].reshape(*leading, math.prod(shape))
            for name, shape in self.shapes.items()
        ]
        return np.concatenate(vectors, axis=-1)


@lru_cache(maxsize=4)
def _places(layout: ParameterLayout) -> Mapping[str, int]:
    names = (
        f"{name}[{','.join(map(str, index))}]"
        for name, shape in layout.shapes.items()
        for index in np.ndindex(*shape)
    )
    return MappingProxyType({name: place for place, name in enumerate(names)})
