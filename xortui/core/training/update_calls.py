"""An optimiser's update for all parameters at once, as calls that allocate nothing.

The lines are those of `optimisers.py`. What in them is made of given numbers alone is worked out
beforehand, and spread over vectors, as ufuncs are slow with operands of different shapes; single
numbers, such as a bias correction, are worked out for a whole chunk of steps before it is done.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.optimisers import COUNT
from xortui.core.model.penalties import gradient_line
from xortui.core.model.schedules import STEP
from xortui.core.model.ufuncs import UfuncCalls, ufunc_calls

GRADIENT, PARAMETERS = "dW", "W"
ERROR_GRADIENT = "eW"  # what the backward pass makes, where penalties are added to it


class UpdateCalls:
    """The update of a network's optimiser: lines of calls over vectors [P] by the lines' names.

    A call reads `W`, `dW`, what is kept (`mW`, `vW`), `constants`, and the single numbers of its
    step, each spread over a vector; `lines` say which of these each line makes.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        given = dict(network.numbers) | {"free_W": network.free}
        folding = _Folding(given, network.size)
        self.lines: list[tuple[str, UfuncCalls]] = []
        penalties = network.recipe.penalties
        # What the backward pass makes, and what the update begins with.
        self.gradient = ERROR_GRADIENT if penalties else GRADIENT
        added = [gradient_line(penalties)] if penalties else []
        for line in (*added, *(line for line in network.update_lines if not line.is_single)):
            folded = folding.visit(ast.parse(line.expression, mode="eval").body)
            self.lines.append((line.target, ufunc_calls(ast.unparse(folded))))
        # Vectors [P] that stay as they are.
        self.constants = folding.constants
        self.single_lines = network.single_lines

    @cached_property
    def singles(self) -> tuple[str, ...]:
        """The names of the single numbers of a step, but for the count."""
        return tuple(line.target for line in self.single_lines)

    def fill(self, kept: Array, singles: Mapping[str, Array], first: int, count: int) -> None:
        """Work out the single numbers of the next `count` steps, from step `first` on.

        `kept` [steps + 1, ..., K] is what is kept at each step, of which the first is there; each
        of `singles` is [steps, ..., P].
        """
        steps = np.arange(count, dtype=np.float64).reshape(-1, *[1] * (kept.ndim - 2))
        names = dict(self._network.numbers)
        if self._network.optimiser.counts:
            names[COUNT] = kept[0, ..., -1] + (steps + 1)
            kept[1 : count + 1, ..., -1] = names[COUNT]
        if self.single_lines:
            names[STEP] = first + steps
        # Where a lone exponent is 2, as in the readable network, NumPy squares, which rounds
        # otherwise than its power of many.
        second = np.nonzero(names.get(COUNT, steps[:0]) == 2)
        lone = names | {COUNT: np.array(2.0)}
        for line in self.single_lines:
            value = np.array(_value(line.expression, names))
            if second[0].size and line in self._network.optimiser.single_lines:
                value[second] = _value(line.expression, lone)
            singles[line.target][:count] = value[..., np.newaxis]


def _value(expression: str, names: Mapping[str, Array]) -> Array:
    return np.asarray(eval(compile(expression, "<single>", "eval"), {"np": np}, dict(names)))


class _Folding(ast.NodeTransformer):
    """Puts a constant in place of all that is made of given numbers alone."""

    def __init__(self, given: Mapping[str, Array], size: int) -> None:
        self._given, self._size = given, size
        self.constants: dict[str, Array] = {}

    def visit(self, node: ast.AST) -> ast.AST:
        names = set(_names(node))
        if not isinstance(node, ast.expr) or not names or not names <= set(self._given):
            return super().visit(node)  # type: ignore[no-any-return]
        value = eval(compile(ast.Expression(node), "<given>", "eval"), {}, dict(self._given))
        name = f"given_{len(self.constants)}"
        self.constants[name] = np.full(self._size, value)
        return ast.copy_location(ast.Name(name, ast.Load()), node)


def _names(node: ast.AST) -> Iterator[str]:
    return (item.id for item in ast.walk(node) if isinstance(item, ast.Name))
