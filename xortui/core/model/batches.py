"""Batches: which rows a step learns from.

An epoch goes through the whole table once, in batches of as many rows as the recipe says; the last
one may be smaller. The rows come in the table's order or, shuffled, in a permutation for each epoch
that is drawn from the recipe's seed and the epoch alone. So the batch of any step is known without
the steps before it, and start weights, which have a generator of their own, do not change.
"""

from collections.abc import Sequence
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
    return 1 if recipe.batch is None else -(-recipe.rows // recipe.batch)


def masks(recipe: Recipe, steps: Sequence[int], seed: int | None = None) -> Array:
    """For each of the steps 1 where a row is in its batch, and 0 elsewhere, [steps, N, 1].

    `seed` stands for the recipe's own where it is given.
    """
    epochs, places = np.divmod(np.array(steps, dtype=np.int64), batches_in_epoch(recipe))
    rows, size = recipe.rows, recipe.batch or recipe.rows
    if not recipe.shuffle:
        batch_of_rows = np.arange(rows) // size
    else:
        drawn, at = np.unique(epochs % EPOCHS, return_inverse=True)
        drawn_from = recipe.seed if seed is None else seed
        shuffled = [_shuffled(drawn_from, epoch, rows, size) for epoch in drawn.tolist()]
        batch_of_rows = np.array(shuffled).reshape(-1, rows)[at]
    found: Array = (batch_of_rows == places[:, np.newaxis]).astype(np.float64)
    return found[..., np.newaxis]


@lru_cache(maxsize=1024)
def _shuffled(seed: int, epoch: int, rows: int, size: int) -> NDArray[np.int64]:
    """The batch of the epoch that each row is in, [N]."""
    batch_of_rows = np.empty(rows, dtype=np.int64)
    order = np.random.RandomState([seed, epoch]).permutation(rows)
    batch_of_rows[order] = np.arange(rows) // size
    return batch_of_rows
