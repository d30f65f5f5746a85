"""Many networks of one recipe trained at once: the arithmetic of `network.py`, seed axis last.

Every array is [..., networks] with the networks contiguous, so that one NumPy call does the same
arithmetic for thousands of networks at once; a block of them is sized to stay in the cache. The
sums are the readable network's, but not always in its order: losses agree within about 1e-12
relative, not to the bit. Where such a difference would grow, the network is not `trusted`.
"""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import ACTIVATIONS, LOSSES, Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.curvature import greatest_curvature
from xortui.core.sweep.ufunc_calls import (
    Call,
    activate,
    activation_slope,
    piecewise,
    sum_rows,
    sum_units,
)
from xortui.core.training.timeline import GOAL

# What a step touches has to fit into the second-level cache, or every call waits for memory.
BLOCK_BYTES = 2**21
MAX_NETWORKS = 6144
# Vector instructions do a few networks at once; a whole number of those leaves no tail that other
# instructions would do, so a network's numbers do not depend on its place in the block.
LANES = 8

# A chunk of steps is examined at once. It is short, so that no spell of strong curvature goes by
# unnoticed, in which a difference grows and which is over before the next look. With several hidden
# layers, cross-entropy or ReLU a spell can be over within some ten steps.
MAX_STEPS, FEW_STEPS = 32, 8
# While learning rate times curvature is below this everywhere, a chunk may be twice as long.
CALM = 1.0
CHUNK_BYTES = 2**25

# exp of more than this, or of less than its negative, is hardly a float.
MAX_EXPONENT = 700.0

# Differences grow where learning rate times curvature is above 2.
MAX_STEEPNESS = 1.75
# A loss that has risen by more than this share within a chunk was thrown up in between; below the
# least it is all rounding.
MAX_RISE, MIN_LOSS = 0.01, 1e-14
# Where ReLU's sum comes so near to its kink, the last digits may say on which side it is.
KINK = 1e-6


def floats_per_network(recipe: Recipe) -> int:
    """How many numbers the training of one network touches in a step."""
    network = Network(recipe)
    rows = len(recipe.table.bits)
    return 2 * network.size + rows * (
        2 * sum(recipe.hidden) + max(recipe.hidden) + recipe.hidden[-1] + 4
    )


def fitting_networks(recipe: Recipe) -> int:
    """How many networks of a recipe fit into the cache together; a multiple of `LANES`."""
    fitting = BLOCK_BYTES // (8 * floats_per_network(recipe))
    return max(LANES, min(MAX_NETWORKS, fitting // LANES * LANES))


class SweepKernel:
    """Trains `networks` networks of one recipe (its seed does not matter) in chunks of steps.

    `parameters` [P, networks] are the networks' flat parameter vectors, to be set before and read
    after a run. `networks` is a multiple of `LANES`.
    """

    def __init__(self, recipe: Recipe, networks: int) -> None:
        network = Network(recipe)
        self.recipe = recipe
        self._network = network
        self.networks = networks
        self.labels = network.labels.ravel()
        rows, count = len(network.bits), networks
        step_bytes = 8 * floats_per_network(recipe) * count
        is_calm = len(recipe.hidden) == 1 and recipe.output == "linear"
        most = 2 * MAX_STEPS if is_calm and recipe.activation != "relu" else FEW_STEPS
        self.most_steps = max(1, min(most, CHUNK_BYTES // step_bytes))
        # How many steps to do before `trusted` is asked again, and whether it was calm then.
        self.few_steps = min(self.most_steps, MAX_STEPS)
        self.is_calm = False
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
        self._total = np.empty(count)
        self._wrong = np.empty(count, dtype=bool)
        self._free = network.free
        self._first_size = recipe.hidden[0] * (recipe.table.inputs + recipe.bias)
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

    def trusted(self, marks: Array) -> NDArray[np.bool_]:
        """Which networks are the exact kernel's but for the last digits, after a run with `marks`.

        The others' weights are not finite, or too large for the arithmetic done here; or the loss
        is so strongly curved for the learning rate that differences in the last digits grow; or
        those digits may decide whether a ReLU is on.
        """
        with np.errstate(all="ignore"):
            # A sum is not finite where a part is not; it may be too large where none is.
            trusted = np.isfinite(self.parameters.sum(axis=0))
            first, highest, lowest, last = seen = (
                marks[0],
                marks.max(axis=0),
                marks.min(axis=0),
                marks[-1],
            )
            if self.recipe.output == "sigmoid":
                # The summed loss again: marks hardly rise near 1.
                first, highest, lowest, last = -np.log1p(-np.array(seen))
            trusted &= np.isfinite(highest) & (highest <= (1 + MAX_RISE) * first + MIN_LOSS)
            trusted &= last <= (1 + MAX_RISE) * lowest + MIN_LOSS
            curvature = greatest_curvature(self._network, self._weights, self._a, self._outputs)
            steepness = self.recipe.learning_rate * curvature
            trusted &= steepness <= MAX_STEEPNESS
            self.is_calm = bool(steepness.max() <= CALM)
            if self.recipe.activation == "sigmoid":
                sizes = np.abs(self.parameters[: self._first_size])
                trusted &= sizes.max(axis=0) < MAX_EXPONENT / (1 + len(self._weights["W1"]))
            elif self.recipe.activation == "relu":
                trusted &= ~self._is_at_kink()
        result: NDArray[np.bool_] = trusted
        return result

    def _is_at_kink(self) -> NDArray[np.bool_]:
        """Which networks have a hidden unit whose sum is about 0; those that are just 0 stay so."""
        is_near = np.zeros(self.networks, dtype=bool)
        below: Array = self._network.bits[:, :, np.newaxis]
        for layer, activation in enumerate(self._a, start=1):
            z = np.einsum("nis,ijs->njs", below, self._weights[f"W{layer}"])
            if self.recipe.bias:
                z += self._weights[f"b{layer}"]
            is_near |= ((np.abs(z) < KINK) & (z != 0)).any(axis=(0, 1))
            below = activation
        return is_near

    def evaluate(self) -> tuple[Array, Array]:
        """Outputs [networks, rows] and mean losses [networks]."""
        with np.errstate(all="ignore"):
            for call in self._pass:
                call()
            names = {"np": np, "yhat": self._outputs, "z": self._z[-1], "Y": self._targets}
            losses = eval(LOSSES[self.recipe.loss].expression.format(z="z"), names)
        return self._outputs[:, 0].T.copy(), losses[:, 0].mean(axis=0)

    def _room(self, shape: tuple[int, ...]) -> Array:
        """A part of the scratch array in this shape: good until the next one is written to."""
        return self._scratch[: math.prod(shape)].reshape(shape)

    def _forward(self) -> Iterator[Call]:
        recipe, last = self.recipe, len(self.recipe.hidden)
        yield from self._first_activations()
        for layer in range(1, last + 1):
            below, z, weights = self._a[layer - 1], self._z[layer], self._weights[f"W{layer + 1}"]
            if layer == last:
                products = self._room(below.shape)
                yield from piecewise(np.multiply, below, weights[:, 0], products)
                yield from sum_units(products, z[:, 0])
            else:
                yield partial(np.einsum, "nis,ijs->njs", below, weights, out=z)
            if recipe.bias:
                yield from piecewise(np.add, z, self._weights[f"b{layer + 1}"], z)
            if layer < last:
                yield from activate(recipe.activation, z, self._a[layer])
            elif recipe.output == "sigmoid":
                yield from activate("sigmoid", z, self._outputs)

    def _first_activations(self) -> Iterator[Call]:
        """Calls for activation(X . W1 + b1), for all patterns in counting order.

        Each bit, from the last on, doubles the patterns: those with the bit are those without it
        plus the bit's weights. The sigmoid's exponential of a sum is a product of exponentials, of
        which there are fewer; `trusted` says whether all of those are floats.
        """
        z, weights = self._z[0], self._weights["W1"]
        is_sigmoid = self.recipe.activation == "sigmoid"
        copy, add = (np.negative, np.multiply) if is_sigmoid else (np.positive, np.add)
        alone = [2**place for place in range(len(weights))]  # the patterns with a single bit
        for size, bit_weights in zip(alone, weights[::-1], strict=True):
            yield partial(copy, bit_weights, z[size])
        if self.recipe.bias:
            yield partial(copy, self._weights["b1"], z[0])
        first = 0 if self.recipe.bias else 1
        if is_sigmoid:
            for rows in (slice(first, 3), *(slice(size, size + 1) for size in alone[2:])):
                yield partial(np.exp, z[rows], z[rows])
        for size in alone:
            if size > 1:
                yield from piecewise(add, z[1:size], z[size], z[size + 1 : 2 * size])
            if self.recipe.bias:
                yield partial(add, z[0], z[size], z[size])
        yield from activate(self.recipe.activation, z[first:], self._a[0][first:], is_sigmoid)

    def _backward(self) -> Iterator[Call]:
        recipe, last = self.recipe, len(self.recipe.hidden)
        yield partial(np.subtract, self._outputs, self._targets, self._delta)
        delta = self._delta
        for layer in range(last, 0, -1):
            below, gradient = self._a[layer - 1], self._gradients[f"W{layer + 1}"]
            if recipe.bias:
                bias_gradient, room = self._gradients[f"b{layer + 1}"], self._room(delta.shape)
                yield from sum_rows(delta, bias_gradient, room)
            # z is not needed any more: the derivative by it takes its place.
            derivative = self._z[layer - 1]
            if layer == last:
                yield from self._through_output(below, gradient[:, 0], derivative)
            else:
                yield partial(np.einsum, "nis,njs->ijs", below, delta, out=gradient)
                weights, slope = self._weights[f"W{layer + 1}"], self._room(below.shape)
                yield partial(np.einsum, "njs,ijs->nis", delta, weights, out=derivative)
                yield from activation_slope(recipe.activation, below, slope)
                yield partial(np.multiply, derivative, slope, derivative)
                if layer == 1:
                    yield from self._bits_times_deltas(derivative)
            delta = derivative

    def _through_output(self, below: Array, gradient: Array, derivative: Array) -> Iterator[Call]:
        """Calls for the output weights' gradient, and the derivative by the last hidden layer's z.

        The derivative still lacks the factor W: with one hidden layer it is the same for all that
        is summed over the patterns, and is multiplied afterwards, when there is less to multiply.
        """
        scratch, has_one_layer = self._room(below.shape), len(self.recipe.hidden) == 1
        rows = self._used_rows if has_one_layer else slice(None)
        result = derivative
        yield partial(np.copyto, derivative, self._delta)  # once for every unit
        if self.recipe.activation == "sigmoid":  # delta a (1 - a), with the delta a of the gradient
            yield partial(np.multiply, derivative, below, derivative)
            yield partial(np.subtract, np.array(1.0), below[rows], scratch[rows])
            yield partial(np.multiply, scratch[rows], derivative[rows], scratch[rows])
            yield from sum_rows(derivative, gradient, derivative)
            result = scratch
        else:
            yield partial(np.multiply, derivative, below, scratch)
            yield from sum_rows(scratch, gradient, scratch)
            yield from activation_slope(self.recipe.activation, below, scratch)
            yield partial(np.multiply, derivative, scratch, derivative)
        if has_one_layer:
            yield from self._bits_times_deltas(result)
        else:
            weights = self._weights[f"W{len(self.recipe.hidden) + 1}"][:, 0]
            yield from piecewise(np.multiply, result, weights, derivative)

    def _bits_times_deltas(self, dz: Array) -> Iterator[Call]:
        """X^T . dz1: for each bit the sum over the patterns that have it; and the sum over all."""
        gradient = self._gradients["W1"]
        inputs, rest = len(gradient), dz.shape[1:]
        sums = list(gradient)
        for bit, total in enumerate(gradient):
            with_bit = dz.reshape(2**bit, 2, 2 ** (inputs - 1 - bit), *rest)[:, 1]
            if inputs == 2:
                yield partial(np.add, *with_bit.reshape(2, *rest), total)
            else:
                yield partial(np.add.reduce, with_bit, (0, 1), None, total)
        if self.recipe.bias:
            sums.append(self._gradients["b1"])
            yield from sum_rows(dz, sums[-1], dz)
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
            yield from sum_rows(scratch, mark, scratch)
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
            yield partial(np.maximum, mark, self.mark_of_goal, out=mark, where=wrong)


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
