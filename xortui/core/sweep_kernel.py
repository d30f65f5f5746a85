"""Many networks of one recipe trained at once: the arithmetic of `network.py`, seed axis last.

Every array is [..., networks] with the networks contiguous, so that one NumPy call does the same
arithmetic for thousands of networks at once; a block of them is sized to stay in the cache. The
sums are the readable network's, but not always in its order: losses agree within about 1e-12
relative, not to the bit. Where a network stops being finite, the exact kernel says at which step.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np

from xortui.core.functions import ACTIVATIONS, INITIALISERS, LOSSES, Array
from xortui.core.network import Network
from xortui.core.recipe import Recipe
from xortui.core.timeline import GOAL

# What a step touches has to fit into the second-level cache, or every call waits for memory.
BLOCK_BYTES = 2**21
MOST_NETWORKS = 6144
# Vector instructions do a few networks at once; a whole number of those leaves no tail that other
# instructions would do, so a network's numbers do not depend on its place in the block.
LANES = 32

# A chunk of steps is examined at once. It takes a few milliseconds at most.
MOST_STEPS = 64
CHUNK_BYTES = 2**24

# Broadcasting starts as slowly as about so many plain calls.
MOST_PIECES = 12

Call = Callable[[], Any]


def floats_per_network(recipe: Recipe) -> int:
    """How many numbers the training of one network touches in a step."""
    network = Network(recipe)
    rows = len(recipe.table.bits)
    return 2 * network.size + rows * (
        2 * sum(recipe.hidden) + max(recipe.hidden) + recipe.hidden[-1] + 4
    )


def networks_per_block(recipe: Recipe) -> int:
    """How many networks of a recipe are best trained together; a multiple of `LANES`."""
    fitting = BLOCK_BYTES // (8 * floats_per_network(recipe))
    return max(LANES, min(MOST_NETWORKS, fitting // LANES * LANES))


def draw_parameters(network: Network, seeds: Iterable[int]) -> Array:
    """The parameter vectors [P, seeds] that `network.initial_parameters()` has for these seeds.

    Seeding one generator anew gives the numbers of a new one in a fiftieth of the time.
    """
    random = np.random.RandomState(0)
    initialise = INITIALISERS[network.recipe.init]
    parameters = np.zeros(network.size)
    views = network.views(parameters)
    weights = [view for name, view in views.items() if name.startswith("W")]
    columns = []
    for seed in seeds:
        random.seed(seed)
        for view in weights:
            view[...] = initialise(random, *view.shape)
        columns.append(parameters.copy())
    return np.array(columns).T


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
        self._scratch = np.empty(rows * max(recipe.hidden) * count)
        self._spread = np.empty((rows, recipe.hidden[-1], count))  # delta for every unit
        self._total = np.empty(count)
        self._wrong = np.empty(count, dtype=bool)
        self._free = network.free
        # As large as the outputs: NumPy subtracts equal shapes faster than it broadcasts.
        self._targets = np.repeat(network.labels[:, :, np.newaxis], count, axis=2)
        # Without biases the row of zeros reaches no weight of the first layer, nor is reached.
        self._used_rows = slice(0 if recipe.bias else 1, None)
        self._marks = np.empty((self.most_steps, count))
        self.mark_of_goal, self._goal_means_right = _mark_of_goal(recipe.output, rows)
        self._pass = [*self._forward(), *self._backward()]
        self._update = list(self._updates(recipe.learning_rate * network.free))
        self._records = [list(self._record(mark)) for mark in self._marks]

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

        The gradient is that of the summed loss, as in the readable network, by what is not frozen.
        """
        with np.errstate(all="ignore"):
            for call in self._pass:
                call()
            names = {"np": np, "yhat": self._outputs, "z": self._z[-1], "Y": self._targets}
            losses = eval(LOSSES[self.recipe.loss].expression.format(z="z"), names)
            free = self._gradient * self._free[:, np.newaxis]
            squares: Array = np.einsum("ps,ps->s", free, free)
        return self._outputs[:, 0].T.copy(), losses[:, 0].mean(axis=0), squares

    def _room(self, shape: tuple[int, ...]) -> Array:
        """A part of the scratch array in this shape: good until the next one is written to."""
        return self._scratch[: math.prod(shape)].reshape(shape)

    def _forward(self) -> Iterator[Call]:
        recipe, last = self.recipe, len(self.recipe.hidden)
        yield from self._bits_times_weights()
        for layer in range(last):
            rows = self._used_rows if layer == 0 else slice(None)
            yield from _activate(
                recipe.activation, self._z[layer][rows], self._a[layer][rows], layer == 0
            )
            z, weights = self._z[layer + 1], self._weights[f"W{layer + 2}"]
            if layer == last - 1:
                products = self._room(self._a[layer].shape)
                yield from _piecewise(np.multiply, self._a[layer], weights[:, 0], products)
                yield from _sum_units(products, z[:, 0])
            else:
                yield partial(np.einsum, "nis,ijs->njs", self._a[layer], weights, out=z)
            if recipe.bias:
                yield from _piecewise(np.add, z, self._weights[f"b{layer + 2}"], z)
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
            yield from _piecewise(add, z[:size], bit_weights, with_bit)

    def _backward(self) -> Iterator[Call]:
        recipe, last = self.recipe, len(self.recipe.hidden)
        yield partial(np.subtract, self._outputs, self._targets, self._delta)
        delta = self._delta
        for layer in range(last, 0, -1):
            below, gradient = self._a[layer - 1], self._gradients[f"W{layer + 1}"]
            # z is not needed any more: the derivative by it takes its place.
            derivative, slope = self._z[layer - 1], self._room(below.shape)
            rows = self._used_rows if layer == 1 else slice(None)
            if recipe.bias:
                bias_gradient, room = self._gradients[f"b{layer + 1}"], self._room(delta.shape)
                yield from _sum_rows(delta, bias_gradient, room)
            if layer == last:
                yield from self._through_output(below, gradient[:, 0], derivative, rows)
            else:
                yield partial(np.einsum, "nis,njs->ijs", below, delta, out=gradient)
                weights = self._weights[f"W{layer + 1}"]
                yield partial(np.einsum, "njs,ijs->nis", delta[rows], weights, out=derivative[rows])
                yield from _slope(recipe.activation, below[rows], slope[rows])
                yield partial(np.multiply, derivative[rows], slope[rows], derivative[rows])
            delta = derivative
        yield from self._bits_times_deltas()

    def _through_output(
        self, below: Array, gradient: Array, derivative: Array, rows: slice
    ) -> Iterator[Call]:
        """Calls for the output weights' gradient, and the derivative by the last hidden layer's z.

        With one hidden layer the derivative still lacks the factor W2, which is the same for all
        patterns: what is summed over them can be multiplied afterwards, which is less to multiply.
        """
        spread, products = self._spread, self._room(below.shape)
        yield partial(np.copyto, spread, self._delta)
        yield partial(np.multiply, below, spread, products)
        match self.recipe.activation:
            case "sigmoid":  # delta a (1 - a)
                yield partial(np.subtract, np.array(1.0), below[rows], derivative[rows])
                yield partial(np.multiply, derivative[rows], products[rows], derivative[rows])
            case activation:
                yield from _slope(activation, below[rows], derivative[rows])
                yield partial(np.multiply, derivative[rows], spread[rows], derivative[rows])
        yield from _sum_rows(products, gradient, products)
        if len(self.recipe.hidden) > 1:
            weights = self._weights[f"W{len(self.recipe.hidden) + 1}"][:, 0]
            yield from _piecewise(np.multiply, derivative[rows], weights, derivative[rows])

    def _bits_times_deltas(self) -> Iterator[Call]:
        """X^T . dz1: for each bit the sum over the patterns that have it; and the sum over all."""
        dz, gradient = self._z[0], self._gradients["W1"]
        inputs, rest = len(gradient), dz.shape[1:]
        for bit in range(inputs):
            with_bit = dz.reshape(2**bit, 2, 2 ** (inputs - 1 - bit), *rest)[:, 1]
            if inputs == 2:
                yield partial(np.add, *with_bit.reshape(2, *rest), gradient[bit])
            else:
                yield partial(np.add.reduce, with_bit, (0, 1), None, gradient[bit])
        sums = [*gradient]
        if self.recipe.bias:
            yield from _sum_rows(dz, self._gradients["b1"], self._room(dz.shape))
            sums.append(self._gradients["b1"])
        if len(self.recipe.hidden) == 1:
            for total in sums:
                yield partial(np.multiply, total, self._weights["W2"][:, 0], total)

    def _updates(self, rates: Array) -> Iterator[Call]:
        rate = np.array(rates[0]) if (rates == rates[0]).all() else rates[:, np.newaxis]
        yield partial(np.multiply, self._gradient, rate, self._gradient)
        yield partial(np.subtract, self.parameters, self._gradient, self.parameters)

    def _record(self, mark: Array) -> Iterator[Call]:
        """Calls that set `mark` [networks]: see `run`."""
        delta, one, zero = self._delta[:, 0], np.array(1.0), np.array(0.0)
        scratch, total, wrong = self._room(delta.shape), self._total, self._wrong
        if self.recipe.output == "linear":
            yield partial(np.multiply, delta, delta, scratch)
            yield from _sum_rows(scratch, mark, scratch)
        else:
            # The loss is -log(1 - |delta|) summed, so its exponential is a product, and cheaper.
            yield partial(np.absolute, delta, scratch)
            yield partial(np.subtract, one, scratch, scratch)
            yield partial(np.multiply.reduce, scratch, 0, None, mark)
            yield partial(np.subtract, one, mark, mark)
            # A sum too large for a float gives a loss that is none, though the output is 0 or 1.
            yield partial(np.absolute, self._z[-1][:, 0], scratch)
            yield partial(np.add.reduce, scratch, 0, None, total)
            yield partial(np.multiply, total, zero, total)
            yield partial(np.add, mark, total, mark)
        if not self._goal_means_right:
            sides = np.sign(self._targets[:, :1, 0] - 0.5)
            yield partial(np.subtract, self._outputs[:, 0], np.array(0.5), scratch)
            yield partial(np.multiply, scratch, sides, scratch)
            yield partial(np.minimum.reduce, scratch, 0, None, total)
            yield partial(np.less_equal, total, zero, wrong)
            yield partial(np.maximum, mark, self.mark_of_goal, mark, where=wrong)


def _piecewise(function: np.ufunc, *operands: Array) -> Iterator[Call]:
    """Calls of a ufunc, the last operand being where to, that broadcast nothing if they are few.

    NumPy does contiguous operands of one shape in a plain loop, and starts it in a quarter of the
    time that broadcasting takes; so what broadcasts over few rows or units is done one by one.
    """
    pieces = list(_pieces(operands))
    if len(pieces) > MOST_PIECES:
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


def _sum_rows(parts: Array, total: Array, scratch: Array) -> Iterator[Call]:
    """Calls that set `total` [...] to the sum of `parts` [rows, ...], by halves.

    `scratch` is as large as `parts`, and may be `parts` itself where those are not needed any more.
    """
    half = len(parts) // 2
    while half > 1:
        yield partial(np.add, parts[:half], parts[half : 2 * half], scratch[:half])
        parts, half = scratch[:half], half // 2
    yield partial(np.add, parts[0], parts[1], total)


def _sum_units(parts: Array, total: Array) -> Iterator[Call]:
    """Calls that set `total` [rows, networks] to the sum of `parts` [rows, units, networks]."""
    rows, units, _ = parts.shape
    if rows * units > MOST_PIECES:
        yield partial(np.add.reduce, parts, 1, None, total)
        return
    for row, row_total in zip(parts, total, strict=True):
        first, *others = row
        if not others:
            yield partial(np.positive, first, row_total)
        for part in others:
            yield partial(np.add, first, part, row_total)
            first = row_total


def _mark_of_goal(output: str, rows: int) -> tuple[float, bool]:
    """The mark of a mean loss at the goal, and whether any loss below it means all rows are right.

    It does where a single row at 0.5 would cost more than what the goal allows for all rows.
    """
    allowed = rows * GOAL
    if output == "linear":
        return 2 * allowed, allowed < 0.5 * 0.5**2
    return -math.expm1(-allowed), allowed < math.log(2)


def _views(network: Network, parameters: Array) -> dict[str, Array]:
    """Views of [P, networks] by name, each [the shape in the network, networks]."""
    views, start = {}, 0
    for name, shape in network.shapes.items():
        end = start + math.prod(shape)
        views[name] = parameters[start:end].reshape(*shape, -1)
        start = end
    return views


def _activate(activation: str, z: Array, a: Array, is_negated: bool) -> Iterator[Call]:
    """Calls that set `a`; `is_negated` says that z holds the negative of what is activated."""
    one = np.array(1.0)
    match activation:
        case "sigmoid":
            yield partial(np.exp, z, a) if is_negated else partial(np.negative, z, a)
            if not is_negated:
                yield partial(np.exp, a, a)
            yield partial(np.add, a, one, a)
            yield partial(np.reciprocal, a, a)
        case "tanh":
            yield partial(np.tanh, z, a)
        case "relu":
            yield partial(np.maximum, z, np.array(0.0), a)


def _slope(activation: str, a: Array, slope: Array) -> Iterator[Call]:
    one = np.array(1.0)
    match activation:
        case "sigmoid":
            yield partial(np.subtract, one, a, slope)
            yield partial(np.multiply, a, slope, slope)
        case "tanh":
            yield partial(np.multiply, a, a, slope)
            yield partial(np.subtract, one, slope, slope)
        case "relu":
            yield partial(np.sign, a, slope)  # [a > 0] as a float: a is never negative
