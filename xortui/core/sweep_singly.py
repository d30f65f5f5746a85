"""Networks trained one after the other by the exact loop, where that is the faster or only way."""

import numpy as np
from numpy.typing import NDArray

from xortui.core.functions import Array
from xortui.core.kernel import Kernel, PlainLoop, training_loop
from xortui.core.network import Network
from xortui.core.recipe import Recipe
from xortui.core.timeline import GOAL, right_rows

# Multiplications of one forward pass between hidden layers, from which matrix products of one
# network are faster than those of many networks at once (measured: 40 µs a step each).
MANY_PRODUCTS = 8_000

CHUNK_SECONDS = 0.004
MOST_STEPS = 64


def hidden_products(recipe: Recipe) -> int:
    """How many multiplications a forward pass does between one hidden layer and the next."""
    pairs = zip(recipe.hidden, recipe.hidden[1:], strict=False)
    return len(recipe.table.bits) * sum(before * after for before, after in pairs)


def is_broken(recipe: Recipe) -> bool:
    """Whether its operations are not those of a right network: a mistake made on purpose."""
    return any(operation.fault for operation in Network(recipe).operations)


def is_trained_singly(recipe: Recipe) -> bool:
    """Whether the networks of a recipe are better trained one after the other."""
    return hidden_products(recipe) > MANY_PRODUCTS or is_broken(recipe)


class SingleKernel:
    """As `SweepKernel`, by the loop that `Trainer` uses: equal to it to the bit."""

    mark_of_goal = GOAL

    def __init__(self, recipe: Recipe, networks: int) -> None:
        self.recipe = recipe
        self._loop = training_loop(recipe)
        self.labels = self._loop.labels
        self.parameters = np.zeros((Network(recipe).size, networks))
        # Rough seconds a step, for chunks that are short enough.
        each = 2e-4 if is_broken(recipe) else 1e-5 + 3e-10 * hidden_products(recipe)
        self.most_steps = max(1, min(MOST_STEPS, int(CHUNK_SECONDS / (each * networks))))
        self._marks = np.empty((self.most_steps, networks))

    def run(self, steps: int) -> Array:
        """Do at most `most_steps` steps; the marks [steps, networks] before each update."""
        for column in range(self.parameters.shape[1]):
            chunk = self._loop.run(0, self.parameters[:, column], steps)
            right = right_rows(chunk.outputs, self.labels).all(axis=1)
            marks = np.where(right, chunk.losses, np.maximum(chunk.losses, GOAL))
            self._marks[:steps, column] = marks[:-1]
            self.parameters[:, column] = chunk.parameters[-1]
        return self._marks[:steps]

    def trusted(self) -> NDArray[np.bool_]:
        """Which networks' parameters are finite."""
        with np.errstate(all="ignore"):
            finite: NDArray[np.bool_] = np.isfinite(self.parameters.sum(axis=0))
        return finite

    def evaluate(self) -> tuple[Array, Array, Array]:
        """Outputs [networks, rows], mean losses [networks] and summed squares of the gradient."""
        ends = [evaluate_exactly(self._loop, self.recipe, column) for column in self.parameters.T]
        outputs, losses, squares = zip(*ends, strict=True)
        return np.array(outputs), np.array(losses), np.array(squares)


def evaluate_exactly(
    loop: Kernel | PlainLoop, recipe: Recipe, parameters: Array
) -> tuple[Array, float, float]:
    """One network's outputs [rows], mean loss, and summed squares of what its update goes by."""
    chunk = loop.run(0, parameters, 1)
    with np.errstate(all="ignore"):
        change = (chunk.parameters[1] - chunk.parameters[0]) / recipe.learning_rate
        squares = float(change @ change)
    return chunk.outputs[0].copy(), float(chunk.losses[0]), squares
