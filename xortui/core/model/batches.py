"""Batches: which rows a step learns from.

An epoch goes through the whole table once, in batches of as many rows as the recipe says; the last
one may be smaller. The rows come in the table's order or, shuffled, in a permutation for each epoch
that is drawn from the recipe's seed and the epoch alone. So the batch of any step is known without
the steps before it, and start weights, which have a generator of their own, do not change.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import Array
from xortui.core.model.recipe import Recipe

IN_BATCH = "in_batch"  # [N, 1]: 1 where the row is in the step's batch, 0 where it is not
# Seeds of NumPy's generators have 32 bits: after so many epochs the same orders come again.
EPOCHS = 2**32


def batches_in_epoch(recipe: Recipe) -> int:
    """How many steps an epoch has: 1 where every step learns from the whole table."""
    rows = len(recipe.table.labels)
    return 1 if recipe.batch is None else -(-rows // recipe.batch)


def rows_of_step(recipe: Recipe, step: int, seed: int | None = None) -> NDArray[np.int64]:
    """The rows in the batch of the step that starts at `step`, in the order of the epoch.

    `seed` stands for the recipe's own where it is given.
    """
    rows = len(recipe.table.labels)
    epoch, place = divmod(int(step), batches_in_epoch(recipe))
    if recipe.batch is None or not recipe.shuffle:
        order = _in_order(rows)
    else:
        order = _shuffled(recipe.seed if seed is None else seed, epoch % EPOCHS, rows)
    size = recipe.batch or rows
    return order[place * size : (place + 1) * size]


def masks(recipe: Recipe, steps: Iterable[int], seed: int | None = None) -> Array:
    """For each of the steps 1 where a row is in its batch, and 0 elsewhere, [steps, N, 1]."""
    chosen = [rows_of_step(recipe, step, seed) for step in steps]
    found = np.zeros((len(chosen), len(recipe.table.labels), 1))
    for mask, rows in zip(found, chosen, strict=True):
        mask[rows] = 1.0
    return found


@lru_cache(maxsize=8)
def _in_order(rows: int) -> NDArray[np.int64]:
    return np.arange(rows)


@lru_cache(maxsize=1024)
def _shuffled(seed: int, epoch: int, rows: int) -> NDArray[np.int64]:
    order: NDArray[np.int64] = np.random.RandomState([seed, epoch]).permutation(rows)
    return order
