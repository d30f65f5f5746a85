"""Marks: one number a step and network that says whether it is solved, as cheap as it can be had.

A mark rises and falls with the summed loss, and is not finite where that is not.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.ufuncs import BoundCall, loss_calls
from xortui.core.sweep.ufunc_calls import sum_rows
from xortui.core.training.solved import GOAL


@dataclass(frozen=True)
class Marks:
    """Marks of any loss: the summed loss itself. `loss` is its name.

    `goal` is the mark of a mean loss at the goal. `goal_means_right` says whether any loss below it
    means that all rows are right: it does where a single row at 0.5 would cost more than what the
    goal allows for all rows, and that is not known of every loss.
    """

    loss: str
    rows: int

    @property
    def goal(self) -> float:
        return self.rows * GOAL

    @property
    def goal_means_right(self) -> bool:
        return False

    def calls(self, arrays: Mapping[str, Array], mark: Array) -> Iterator[BoundCall]:
        """Calls that set `mark` [networks].

        `arrays` are yhat, its weighted sum z, Y, delta and a scratch, [rows, networks] each, and a
        total [networks].
        """
        scratch = arrays["scratch"]
        reads = {name: arrays[name] for name in ("yhat", "z", "Y")}
        yield from loss_calls(self.loss).bound(scratch, **reads)
        yield from sum_rows(scratch, mark, scratch)

    def as_losses(self, marks: Array) -> Array:
        """The summed losses that the marks stand for."""
        return marks


class SquaredDeltas(Marks):
    """Marks of the squared error, whose delta is yhat - Y: twice the summed loss."""

    @property
    def goal(self) -> float:
        return 2 * self.rows * GOAL

    @property
    def goal_means_right(self) -> bool:
        return self.rows * GOAL < 0.5 * 0.5**2

    def calls(self, arrays: Mapping[str, Array], mark: Array) -> Iterator[BoundCall]:
        delta, scratch = arrays["delta"], arrays["scratch"]
        yield partial(np.multiply, delta, delta, scratch)
        yield from sum_rows(scratch, mark, scratch)

    def as_losses(self, marks: Array) -> Array:
        return marks / 2


class Products(Marks):
    """Marks of cross-entropy, 1 - exp(-summed loss).

    The loss is -log(1 - |delta|) summed, so its exponential is a product, and cheaper.
    """

    @property
    def goal(self) -> float:
        return -math.expm1(-self.rows * GOAL)

    @property
    def goal_means_right(self) -> bool:
        return self.rows * GOAL < math.log(2)

    def calls(self, arrays: Mapping[str, Array], mark: Array) -> Iterator[BoundCall]:
        delta, scratch, total = arrays["delta"], arrays["scratch"], arrays["total"]
        one, zero = np.array(1.0), np.array(0.0)
        yield partial(np.absolute, delta, scratch)
        yield partial(np.subtract, one, scratch, scratch)
        yield partial(np.multiply.reduce, scratch, 0, None, mark)
        yield partial(np.subtract, one, mark, mark)
        # A sum too large for a float gives a loss that is none, though the output is 0 or 1.
        yield partial(np.absolute, arrays["z"], scratch)
        yield partial(np.add.reduce, scratch, 0, None, total)
        yield partial(np.multiply, total, zero, total)
        yield partial(np.add, mark, total, mark)

    def as_losses(self, marks: Array) -> Array:
        losses: Array = -np.log1p(-marks)  # marks hardly rise near 1
        return losses


_SHORTCUTS: dict[str, type[Marks]] = {"squared-error": SquaredDeltas, "cross-entropy": Products}


def marks_of(loss: str, rows: int) -> Marks:
    """The cheapest marks of a loss over so many rows."""
    return _SHORTCUTS.get(loss, Marks)(loss, rows)
