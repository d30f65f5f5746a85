"""Many networks of one recipe trained at once: the arithmetic of `network.py`, seed axis last.

Every array is [..., networks] with the networks contiguous, so that one NumPy call does the same
arithmetic for thousands of networks at once; a block of them is sized to stay in the cache. The
sums are the readable network's, but not always in its order: losses agree within about 1e-12
relative, not to the bit. Where a network stops being finite, the exact kernel says at which step.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from xortui.core.functions import ACTIVATIONS, INITIALISERS, LOSSES, Array
from xortui.core.network import Network
from xortui.core.recipe import Recipe
from xortui.core.timeline import GOAL, right_rows

# What a step touches has to fit into the second-level cache, or every call waits for memory.
BLOCK_BYTES = 2**21
MOST_NETWORKS = 6144
# Vector instructions do a few networks at once; a whole number of those leaves no tail that other
# instructions would do, so a network's numbers do not depend on its place in the block.
LANES = 32

# A chunk of steps is examined at once. It takes a few milliseconds at most.
MOST_STEPS = 64
CHUNK_BYTES = 2**24

Call = Callable[[], Any]


def floats_per_network(recipe: Recipe) -> int:
    """How many numbers the training of one network touches in a step."""
    network = Network(recipe)
    rows = len(recipe.table.bits)
    return 2 * network.size + rows * (4 * sum(recipe.hidden) + max(recipe.hidden) + 4)


def networks_per_block(recipe: Recipe) -> int:
    """How many networks of a recipe are best trained together; a multiple of `LANES`."""
    fitting = BLOCK_BYTES // (8 * floats_per_network(recipe))
    return max(LANES, min(MOST_NETWORKS, fitting // LANES * LANES))


def draw_parameters(network: Network, seed: int, random: np.random.RandomState) -> Array:
    """The flat parameter vector of `network.initial_parameters()` for another seed.

    Seeding a generator anew gives the numbers of a new generator in a fiftieth of the time.
    """
    random.seed(seed)
    initialise = INITIALISERS[network.recipe.init]
    parameters = np.zeros(network.size)
    for name, view in network.views(parameters).items():
        if name.startswith("W"):
            view[...] = initialise(random, *view.shape)
    return parameters


class SweepKernel:
    """Trains `networks` networks of one recipe (its seed does not matter) in chunks of steps.

    `parameters` [P, networks] are the networks' flat parameter vectors, to be set before and read
    after a run. `networks` is a multiple of `LANES`.
    """

    def __init__(self, recipe: Recipe, networks: int) -> None:
        network = Network(recipe)
        self.recipe = recipe
        self.networks = networks
        self.labels = network.labels.ravel()
        rows, count = len(network.bits), networks
        step_bytes = 8 * floats_per_network(recipe) * count
        self.most_steps = max(1, min(MOST_STEPS, CHUNK_BYTES // step_bytes))
        self.parameters = np.zeros((network.size, count))
        self._gradient = np.zeros((network.size, count))
        self._weights = _views(network, self.parameters)
        self._gradients = _views(network, self._gradient)
        self._z = [np.zeros((rows, units, count)) for units in (*recipe.hidden, 1)]
        self._a = [
            ACTIVATIONS[recipe.activation].function(np.zeros((rows, units, count)))
            for units in recipe.hidden
        ]
        self._outputs = self._z[-1]
        if recipe.output == "sigmoid":
            self._outputs = np.empty((rows, 1, count))
        self._delta = np.empty((rows, 1, count))
        self._scratch = np.empty((rows, max(recipe.hidden), count))
        self._bits = network.bits
        self._column = network.labels[:, :, np.newaxis]  # [rows, 1, 1]
        # Without biases the row of zeros reaches no weight of the first layer, nor is reached.
        self._used_rows = slice(0 if recipe.bias else 1, None)
        self._marks = np.empty((self.most_steps, count))
        self._pass = [*self._forward(), *self._backward()]
        self._update = list(self._updates(recipe.learning_rate * network.free))
        self._records = [list(self._record(mark)) for mark in self._marks]
        self.mark_of_goal = self._mark_of_goal()

    def run(self, steps: int) -> Array:
        """Do at most `most_steps` steps; the marks [steps, networks] before each update.

        A mark is below `mark_of_goal` exactly where the network is solved, and not finite where the
        loss is not finite. The marks are good until the next run.
        """
        calls = self._pass + self._update
        with np.errstate(all="ignore"):
            for record in self._records[:steps]:
                for call in calls:
                    call()
                for call in record:
                    call()
        return self._marks[:steps]

    def evaluate(self) -> tuple[Array, Array, Array]:
        """Outputs [networks, rows], mean losses [networks] and summed squares of the gradient.

        The gradient is that of the summed loss, as in the readable network.
        """
        with np.errstate(all="ignore"):
            for call in self._pass:
                call()
            names = {"np": np, "yhat": self._outputs, "z": self._z[-1], "Y": self._column}
            losses = eval(LOSSES[self.recipe.loss].expression.format(z="z"), names)
            squares: Array = np.einsum("ps,ps->s", self._gradient, self._gradient)
        return self._outputs[:, 0].T.copy(), losses[:, 0].mean(axis=0), squares

    def _forward(self) -> Iterator[Call]:
        recipe, last = self.recipe, len(self.recipe.hidden)
        yield from self._bits_times_weights()
        for layer in range(last):
            rows = self._used_rows if layer == 0 else slice(None)
            yield from _activate(
                recipe.activation, self._z[layer][rows], self._a[layer][rows], layer == 0
            )
            z, weights = self._z[layer + 1], self._weights[f"W{layer + 2}"]
            yield partial(np.einsum, "nis,ijs->njs", self._a[layer], weights, out=z)
            if recipe.bias:
                yield partial(np.add, z, self._weights[f"b{layer + 2}"], z)
        if recipe.output == "sigmoid":
            yield from _activate("sigmoid", self._z[-1], self._outputs, is_negated=False)

    def _bits_times_weights(self) -> Iterator[Call]:
        """X . W1 + b1 for all patterns in counting order; negated for the sigmoid.

        Each bit, from the last on, doubles the patterns: those with the bit are those without it
        plus the bit's weights. The row of zeros stays 0 where there are no biases.
        """
        z, weights = self._z[0], self._weights["W1"]
        is_sigmoid = self.recipe.activation == "sigmoid"
        if self.recipe.bias:
            yield partial(np.negative if is_sigmoid else np.positive, self._weights["b1"], z[0])
        for place, bit_weights in enumerate(weights[::-1]):
            size = 2**place
            with_bit = z[size : 2 * size]
            add = np.subtract if is_sigmoid else np.add
            yield partial(add, z[:size], bit_weights, with_bit)

    def _backward(self) -> Iterator[Call]:
        yield partial(np.subtract, self._outputs, self._column, self._delta)
        delta = self._delta
        for layer in range(len(self.recipe.hidden), 0, -1):
            below, weights = self._a[layer - 1], self._weights[f"W{layer + 1}"]
            gradient = self._gradients[f"W{layer + 1}"]
            yield partial(np.einsum, "nis,njs->ijs", below, delta, out=gradient)
            if self.recipe.bias:
                bias_gradient = self._gradients[f"b{layer + 1}"]
                yield partial(np.add.reduce, delta, 0, None, bias_gradient)
            # z is not needed any more: its place takes the derivative by it.
            rows = self._used_rows if layer == 1 else slice(None)
            derivative = self._z[layer - 1][rows] if layer > 1 else self._first_derivative[rows]
            delta, below = delta[rows], below[rows]
            if delta.shape[1] == 1:
                yield partial(np.multiply, delta, weights[:, 0], derivative)
            else:
                yield partial(np.einsum, "njs,ijs->nis", delta, weights, out=derivative)
            slope = self._scratch[rows, : below.shape[1]]
            yield from _slope(self.recipe.activation, below, slope)
            yield partial(np.multiply, derivative, slope, derivative)
            delta = derivative
        yield from self._bits_times_deltas()

    def _bits_times_deltas(self) -> Iterator[Call]:
        """X^T . dz1: for each bit the sum over the patterns that have it; and the sum over all."""
        dz, gradient = self._first_derivative, self._gradients["W1"]
        inputs, rest = len(gradient), dz.shape[1:]
        for bit in range(inputs):
            with_bit = dz.reshape(2**bit, 2, 2 ** (inputs - 1 - bit), *rest)[:, 1]
            yield partial(np.add.reduce, with_bit, (0, 1), None, gradient[bit])
        if self.recipe.bias:
            yield partial(np.add.reduce, dz, 0, None, self._gradients["b1"])

    def _updates(self, rates: Array) -> Iterator[Call]:
        rate = np.array(rates[0]) if (rates == rates[0]).all() else rates[:, np.newaxis]
        yield partial(np.multiply, self._gradient, rate, self._gradient)
        yield partial(np.subtract, self.parameters, self._gradient, self.parameters)
