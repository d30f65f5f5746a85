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

from xortui.core.model.functions import Array, activation_function, row_losses
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.model.ufuncs import BoundCall, activation_calls, delta_calls, slope_calls
from xortui.core.sweep.curvature import greatest_curvature, near_kink
from xortui.core.sweep.marks import marks_of
from xortui.core.sweep.trust import CALM, MAX_RISE, MIN_LOSS, greatest_steepness
from xortui.core.sweep.ufunc_calls import piecewise, sum_rows
from xortui.core.sweep.updates import SweepUpdate

# What a step touches has to fit into the second-level cache, or every call waits for memory.
BLOCK_BYTES = 2**21
MAX_BLOCK_NETWORKS = 6144
# Vector instructions do a few networks at once; a whole number of those leaves no tail that other
# instructions would do, so a network's numbers do not depend on its place in the block.
LANES = 8

# A chunk of steps is examined at once. It is short, so that no spell of strong curvature goes by
# unnoticed, in which a difference grows and which is over before the next look. With several hidden
# layers, cross-entropy or ReLU a spell can be over within some ten steps.
MAX_CHUNK_STEPS, FEW_STEPS = 32, 8
CHUNK_BYTES = 2**26

# What is examined at once: arrays that are not larger are had again from what was given back, and
# the system need not find new pages for them.
PART_BYTES = 3 * 2**15

# exp of more than this, or of less than its negative, is hardly a float.
MAX_EXPONENT = 700.0


def floats_per_network(recipe: Recipe) -> int:
    """How many numbers the training of one network touches in a step."""
    network = Network(recipe)
    rows = len(recipe.table.bits)
    return (
        2 * network.size
        + network.kept_size
        + rows * (2 * sum(recipe.hidden) + max(recipe.hidden) + recipe.hidden[-1] + 4)
    )


def fitting_networks(recipe: Recipe) -> int:
    """How many networks of a recipe fit into the cache together; a multiple of `LANES`."""
    fitting = BLOCK_BYTES // (8 * floats_per_network(recipe))
    return max(LANES, min(MAX_BLOCK_NETWORKS, fitting // LANES * LANES))


class SweepKernel:
    """Trains `networks` networks of one recipe (its seed does not matter) in chunks of steps.

    `parameters` [P, networks] are the networks' flat parameter vectors, and `update.kept` [K,
    networks] what their optimisers keep, to be set before and read after a run. `networks` is a
    multiple of `LANES`.
    """

    def __init__(self, recipe: Recipe, networks: int) -> None:
        network = Network(recipe)
        activation = ACTIVATIONS[recipe.activation]
        self.recipe = recipe
        self._network = network
        self.networks = networks
        self.labels = network.labels.ravel()
        rows, count = len(network.bits), networks
        step_bytes = 8 * floats_per_network(recipe) * count
        is_calm = len(recipe.hidden) == 1 and recipe.output == "linear"
        most = 2 * MAX_CHUNK_STEPS if is_calm and not activation.has_kink else FEW_STEPS
        self.most_steps = max(1, min(most, CHUNK_BYTES // step_bytes))
        # How many steps to do before `trusted` is asked again; whether it was calm then, and the
        # lowest marks it saw.
        self.few_steps = min(self.most_steps, MAX_CHUNK_STEPS)
        self.is_calm = False
        self.lowest = np.empty(count)
        self.parameters = np.zeros((network.size, count))
        self._gradient = np.zeros((network.size, count))
        self._weights = network.layout.split_columns(self.parameters)
        self._gradients = network.layout.split_columns(self._gradient)
        self._z = [np.zeros((rows, units, count)) for units in (*recipe.hidden, 1)]
        self._a = [
            activation_function(recipe.activation)(np.zeros((rows, units, count)))
            for units in recipe.hidden
        ]
        self._outputs = self._z[-1]
        if recipe.output != "linear":
            self._outputs = np.empty((rows, 1, count))
        self._delta = np.empty((rows, 1, count))
        self._scratch = np.empty(rows * max(recipe.hidden) * count)
        widest = 8 * rows * max(recipe.hidden)
        self._part = max(LANES, PART_BYTES // widest // LANES * LANES)
        self._total = np.empty(count)
        self._wrong = np.empty(count, dtype=bool)
        self._first_size = recipe.hidden[0] * (recipe.table.inputs + recipe.bias)
        # As large as the outputs: NumPy subtracts equal shapes faster than it broadcasts.
        self._targets = np.repeat(network.labels[:, :, np.newaxis], count, axis=2)
        # Without biases the row of zeros reaches no weight of the first layer, nor is reached.
        self._used_rows = slice(0 if recipe.bias else 1, None)
        self._marks = np.empty((self.most_steps, count))
        self._kind_of_marks = marks_of(recipe.loss, rows)
        self.mark_of_goal = self._kind_of_marks.goal
        # A function of exp(-x): see `_first_activations`.
        self._has_exponentials = activation_calls(recipe.activation).starts_with("negative", "exp")
        self._pass = [*self._forward(), *self._backward()]
        self.update = SweepUpdate(network, self.parameters, self._gradient, self.most_steps)
        self._energy: Array | float = 0.0  # before the last run
        self._most_steepness = greatest_steepness(recipe)
        self._records = [list(self._record(mark)) for mark in self._marks]

    def run(self, first: int, steps: int) -> Array:
        """Do at most `most_steps` steps, from step `first` on.

        Gives the marks [steps, networks] before each update.
        A mark is below `mark_of_goal` exactly where the network is solved, and not finite where the
        loss is not finite. The marks are good until the next run.
        """
        calls = self._pass + self.update.calls
        with np.errstate(all="ignore"):
            self.update.prepare(first, steps)
            self._energy = self.update.energy()
            for step in range(steps):
                for call in self.update.before[step]:
                    call()
                for call in calls:
                    call()
                for call in self._records[step]:
                    call()
        return self._marks[:steps]

    def trusted(self, marks: Array) -> NDArray[np.bool_]:
        """Which networks are the exact kernel's but for the last digits, after a run with `marks`.

        The others' weights are not finite, or too large for the arithmetic done here; or the loss
        is so strongly curved for the learning rate that differences in the last digits grow; or
        those digits may decide whether a ReLU is on.
        """
        parts = [slice(first, first + self._part) for first in range(0, self.networks, self._part)]
        with np.errstate(all="ignore"):
            self.lowest = marks.min(axis=0)
            seen = np.array([marks[0], marks.max(axis=0), self.lowest, marks[-1]])
            steepness = np.concatenate([self._steepness(part) for part in parts])
            trusted = [self._is_sound(part, seen[:, part]) for part in parts]
        self.is_calm = bool(steepness.max() <= CALM * self._most_steepness)
        result: NDArray[np.bool_] = np.concatenate(trusted)
        result &= steepness <= self._most_steepness
        return result

    def _steepness(self, part: slice) -> Array:
        """The learning rate times a bound of the curvature, for a part of the networks."""
        weights = {name: array[..., part] for name, array in self._weights.items()}
        activations = [array[..., part] for array in self._a]
        outputs = self._outputs[..., part]
        curvature = greatest_curvature(self._network, weights, activations, outputs)
        return self.recipe.learning_rate * curvature

    def _is_sound(self, part: slice, seen: Array) -> NDArray[np.bool_]:
        """Whether weights are finite and small enough, and no loss was thrown up in between.

        `seen` are the first, highest, lowest and last marks of a run.
        """
        parameters = self.parameters[:, part]
        # A sum is not finite where a part is not; it may be too large where none is.
        sound = np.isfinite(parameters.sum(axis=0))
        first, highest, lowest, last = self._kind_of_marks.as_losses(seen)
        energy = self._energy if isinstance(self._energy, float) else self._energy[part]
        most = (1 + MAX_RISE) * (first + energy) + MIN_LOSS
        sound &= np.isfinite(highest) & (highest <= most)
        if not self._network.optimiser.kept:
            sound &= last <= (1 + MAX_RISE) * lowest + MIN_LOSS
        if self._has_exponentials:
            sizes = np.abs(parameters[: self._first_size])
            sound &= sizes.max(axis=0) < MAX_EXPONENT / (1 + len(self._weights["W1"]))
        if ACTIVATIONS[self.recipe.activation].has_kink:
            weights = {name: array[..., part] for name, array in self._weights.items()}
            sound &= ~near_kink(self._network, weights, [array[..., part] for array in self._a])
        result: NDArray[np.bool_] = sound
        return result

    def evaluate(self) -> tuple[Array, Array]:
        """Outputs [networks, rows] and mean losses [networks]."""
        with np.errstate(all="ignore"):
            for call in self._pass:
                call()
            losses = row_losses(self.recipe.loss, self._outputs, self._z[-1], self._targets)
        return self._outputs[:, 0].T.copy(), losses[:, 0].mean(axis=0)

    def _room(self, shape: tuple[int, ...]) -> Array:
        """A part of the scratch array in this shape: good until the next one is written to."""
        return self._scratch[: math.prod(shape)].reshape(shape)

    def _forward(self) -> Iterator[BoundCall]:
        recipe, last = self.recipe, len(self.recipe.hidden)
        yield from self._first_activations()
        for layer in range(1, last + 1):
            below, z, weights = self._a[layer - 1], self._z[layer], self._weights[f"W{layer + 1}"]
            if layer == last:
                yield partial(np.einsum, "nis,is->ns", below, weights[:, 0], out=z[:, 0])
            else:
                yield partial(np.einsum, "nis,ijs->njs", below, weights, out=z)
            if recipe.bias:
                yield from piecewise(np.add, z, self._weights[f"b{layer + 1}"], z)
            if layer < last:
                yield from activation_calls(recipe.activation).bound(self._a[layer], x=z)
            elif recipe.output != "linear":
                yield from activation_calls(recipe.output).bound(self._outputs, x=z)

    def _first_activations(self) -> Iterator[BoundCall]:
        """Calls for activation(X . W1 + b1), for all patterns in counting order.

        Each bit, from the last on, doubles the patterns: those with the bit are those without it
        plus the bit's weights. Where the activation is a function of exp(-x), as the sigmoid is,
        that exponential of a sum is a product of exponentials, of which there are fewer; `trusted`
        says whether all of those are floats.
        """
        z, weights = self._z[0], self._weights["W1"]
        calls, has_exponentials = activation_calls(self.recipe.activation), self._has_exponentials
        copy, add = (np.negative, np.multiply) if has_exponentials else (np.positive, np.add)
        alone = [2**place for place in range(len(weights))]  # the patterns with a single bit
        for size, bit_weights in zip(alone, weights[::-1], strict=True):
            yield partial(copy, bit_weights, z[size])
        if self.recipe.bias:
            yield partial(copy, self._weights["b1"], z[0])
        first = 0 if self.recipe.bias else 1
        if has_exponentials:
            for rows in (slice(first, 3), *(slice(size, size + 1) for size in alone[2:])):
                yield partial(np.exp, z[rows], z[rows])
        for size in alone:
            if size > 1:
                yield from piecewise(add, z[1:size], z[size], z[size + 1 : 2 * size])
            if self.recipe.bias:
                yield partial(add, z[0], z[size], z[size])
        rest = calls.after(2) if has_exponentials else calls
        yield from rest.bound(self._a[0][first:], x=z[first:])

    def _backward(self) -> Iterator[BoundCall]:
        recipe, last = self.recipe, len(self.recipe.hidden)
        calls = delta_calls(recipe.loss)
        yield from calls.bound(self._delta, yhat=self._outputs, Y=self._targets)
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
                yield from slope_calls(recipe.activation).bound(slope, a=below)
                yield partial(np.multiply, derivative, slope, derivative)
                if layer == 1:
                    yield from self._bits_times_deltas(derivative)
            delta = derivative

    def _through_output(
        self, below: Array, gradient: Array, derivative: Array
    ) -> Iterator[BoundCall]:
        """Calls for the output weights' gradient, and the derivative by the last hidden layer's z.

        The derivative still lacks the factor W: with one hidden layer it is the same for all that
        is summed over the patterns, and is multiplied afterwards, when there is less to multiply.
        """
        scratch, has_one_layer = self._room(below.shape), len(self.recipe.hidden) == 1
        rows = self._used_rows if has_one_layer else slice(None)
        result = derivative
        yield partial(np.copyto, derivative, self._delta)  # once for every unit
        slope = slope_calls(self.recipe.activation)
        if factor := slope.factor("a"):  # delta a (1 - a), with the delta a of the gradient
            yield partial(np.multiply, derivative, below, derivative)
            yield from factor.bound(scratch[rows], a=below[rows])
            yield partial(np.multiply, scratch[rows], derivative[rows], scratch[rows])
            yield from sum_rows(derivative, gradient, derivative)
            result = scratch
        else:
            yield partial(np.multiply, derivative, below, scratch)
            yield from sum_rows(scratch, gradient, scratch)
            yield from slope.bound(scratch, a=below)
            yield partial(np.multiply, derivative, scratch, derivative)
        if has_one_layer:
            yield from self._bits_times_deltas(result)
        else:
            weights = self._weights[f"W{len(self.recipe.hidden) + 1}"][:, 0]
            yield from piecewise(np.multiply, result, weights, derivative)

    def _bits_times_deltas(self, dz: Array) -> Iterator[BoundCall]:
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

    def _record(self, mark: Array) -> Iterator[BoundCall]:
        """Calls that set `mark` [networks]: see `run`."""
        zero, total, wrong = np.array(0.0), self._total, self._wrong
        scratch = self._room(self._delta[:, 0].shape)
        arrays = {
            "yhat": self._outputs[:, 0],
            "z": self._z[-1][:, 0],
            "Y": self._targets[:, 0],
            "delta": self._delta[:, 0],
            "scratch": scratch,
            "total": total,
        }
        yield from self._kind_of_marks.calls(arrays, mark)
        if not self._kind_of_marks.goal_means_right:
            sides = np.sign(self._targets[:, :1, 0] - 0.5)
            yield partial(np.subtract, self._outputs[:, 0], np.array(0.5), scratch)
            yield partial(np.multiply, scratch, sides, scratch)
            yield partial(np.minimum.reduce, scratch, 0, None, total)
            yield partial(np.less_equal, total, zero, wrong)
            yield partial(np.maximum, mark, self.mark_of_goal, out=mark, where=wrong)
