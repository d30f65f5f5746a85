"""The calls that a sweep's step is made of: NumPy functions with their arrays, made beforehand.

Arrays are [..., networks], the networks contiguous.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.ufuncs import BoundCall

# Broadcasting starts as slowly as about so many plain calls.
MAX_PIECES = 12


def piecewise(function: np.ufunc, *operands: Array) -> Iterator[BoundCall]:
    """Calls of a ufunc, the last operand being where to, that broadcast nothing if they are few.

    NumPy does contiguous operands of one shape in a plain loop, and starts it in a quarter of the
    time that broadcasting takes; so what broadcasts over few rows or units is done one by one.
    """
    pieces = list(_pieces(operands))
    if len(pieces) > MAX_PIECES:
        pieces = [operands]
    for piece in pieces:
        yield partial(function, *piece)


def _pieces(operands: tuple[Array, ...]) -> Iterator[tuple[Array, ...]]:
    shape = operands[-1].shape
    if len(shape) == 1 or all(
        array.ndim == 0 or (array.shape == shape and array.flags.c_contiguous) for array in operands
    ):
        yield operands
        return
    for index in range(shape[0]):
        yield from _pieces(
            tuple(
                array if array.ndim < len(shape) else array[0 if len(array) == 1 else index]
                for array in operands
            )
        )


def sum_rows(parts: Array, total: Array, scratch: Array) -> Iterator[BoundCall]:
    """Calls that set `total` [...] to the sum of `parts` [rows, ...], by halves.

    `scratch` is as large as `parts`, and may be `parts` itself where those are not needed any more.
    """
    half = len(parts) // 2
    while half > 1:
        yield partial(np.add, parts[:half], parts[half : 2 * half], scratch[:half])
        parts, half = scratch[:half], half // 2
    yield partial(np.add, parts[0], parts[1], total)
