"""Networks trained to the very bits that `Trainer` finds, a stack of them at a time.

NumPy's `matmul` hands a stack of matrices to the same routine one after the other, so every number
is the single network's own; what is saved is the start of a call, which is most of a small
network's time. Only where a recipe has a mistake does `Trainer`'s own loop train them one by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np

from xortui.core.model.batches import masks
from xortui.core.model.functions import Array, row_losses
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.model.ufuncs import BoundCall, activation_calls, delta_calls, slope_calls
from xortui.core.training.kernel import Chunk, training_loop
from xortui.core.training.update_calls import GRADIENT, PARAMETERS, UpdateCalls

# What a step touches stays in the cache, and so does what a chunk of steps leaves behind.
STACK_BYTES = 2**20
CHUNK_BYTES = 2**22
MAX_STACKED = 256
MAX_CHUNK_STEPS = 32

# Multiplications of one forward pass from which a stack is about as fast as `SweepKernel`.
MANY_PRODUCTS = 300

# The optimisers that `SweepKernel` does.
TOGETHER = ("sgd", "momentum", "nesterov")


def is_trained_exactly(recipe: Recipe) -> bool:
    """Whether all networks of a recipe are trained exactly from the start.

    They are where nothing else would be faster; where they learn points; where there is a mistake;
    where `SweepKernel` does not do what the recipe has: batches and penalties; and where the last
    digits may come to matter with nothing to tell it by: with optimisers that divide by what may
    become small, with momentum at a ReLU's kink, and where all weights start at 0, so that the last
    bits decide whether units that are equal stay so.
    """
    products = sum(before * after for before, after in pairwise(recipe.sizes))
    is_large = recipe.rows * products > MANY_PRODUCTS
    has_other_steps = recipe.mistake is not None or recipe.batch or recipe.penalties
    has_kink = ACTIVATIONS[recipe.activation].has_kink and recipe.optimiser != "sgd"
    is_other = recipe.optimiser not in TOGETHER or has_other_steps or has_kink
    return bool(recipe.is_points or is_large or recipe.init == "zeros" or is_other)


def stacked_networks(recipe: Recipe) -> int:
    """How many networks of a recipe are best trained together by `exact_kernel`."""
    if Network(recipe).is_broken:
        return 1
    return max(1, min(MAX_STACKED, STACK_BYTES // _step_bytes(recipe)))


def _step_bytes(recipe: Recipe) -> int:
    """What a step of one network touches."""
    rows, network = recipe.rows, Network(recipe)
    kept = 2 * network.kept_size
    return 8 * (2 * network.size + kept + rows * (3 * sum(recipe.hidden) + 4))


def exact_kernel(recipe: Recipe, networks: int) -> "StackKernel | LoneKernel":
    """What trains `networks` networks of a recipe (its seed does not matter) as `Trainer` does."""
    return LoneKernel(recipe) if Network(recipe).is_broken else StackKernel(recipe, networks)


class LoneKernel:
    """As `StackKernel`, for one network of a recipe with a mistake."""

    networks = 1
    most_steps = 16  # of some 200 µs each

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._loop = training_loop(recipe)
        self.labels = self._loop.labels

    def run(
        self,
        first: int,
        parameters: Array,
        count: int,
        kept: Array | None = None,
        seeds: Sequence[int] = (),
    ) -> Chunk:
        """`count` steps (at most `most_steps`) from the parameters [1, P].

        `kept` [1, K] is what the optimiser keeps there, zeros if it is left out. `seeds` [1] stands
        for the recipe's own where it is given: batches are shuffled by it.
        """
        if self._recipe.shuffle and seeds and seeds[0] != self._recipe.seed:
            self._recipe = replace(self._recipe, seed=seeds[0])
            self._loop = training_loop(self._recipe)
        chunk = self._loop.run(first, parameters[0], count, None if kept is None else kept[0])
        arrays = (chunk.parameters, chunk.outputs, chunk.losses, chunk.kept)
        return Chunk(first, *(array[:, np.newaxis] for array in arrays))


class StackKernel:
    """As `Kernel`, for `networks` networks of a recipe; a chunk's arrays have one axis more.

    They are `parameters` [steps+1, networks, P], `outputs` [steps+1, networks, N], `losses`
    [steps+1, networks] and `kept` [steps+1, networks, K].
    """

    def __init__(self, recipe: Recipe, networks: int) -> None:
        network = Network(recipe)
        rows, size = len(network.bits), network.size
        self.networks = networks
        self.labels = network.labels.ravel()
        step_bytes = networks * _step_bytes(recipe)
        self.most_steps = max(1, min(MAX_CHUNK_STEPS, CHUNK_BYTES // step_bytes))
        steps = self.most_steps + 1
        self._parameters = np.zeros((steps, networks, size))
        self._kept = np.zeros((steps, networks, network.kept_size))
        # A letter's vectors lie one behind the other, so that one plain loop does all networks.
        self._vectors = {
            letter: np.zeros((steps, networks, size)) for letter in network.optimiser.kept
        }
        self._update, self._counts = UpdateCalls(network), network.optimiser.counts
        # All networks are at the same step: a number of it is one for all of them.
        self._singles = {name: np.zeros((self.most_steps, 1)) for name in self._update.singles}
        self._outputs = np.zeros((steps, networks, rows))
        self._loss, self._recipe = recipe.loss, recipe
        self._in_batch = np.zeros((self.most_steps, networks, rows, 1))
        # What the loss is taken of: yhat, or z before a last activation.
        self._sums = self._outputs
        if recipe.output != "linear":
            self._sums = np.zeros_like(self._outputs)
        self._arithmetic = _Arithmetic(network, networks, self._update)
        self._forward = [
            list(self._arithmetic.forward(here, sums[..., np.newaxis], outputs[..., np.newaxis]))
            for here, sums, outputs in zip(self._parameters, self._sums, self._outputs, strict=True)
        ]
        self._calls = [
            [
                *forward,
                *self._arithmetic.backward(here, outputs[..., np.newaxis], self._in_batch[step]),
                *self._arithmetic.update(self._named(step), self._named(step + 1)),
            ]
            for step, (forward, here, outputs) in enumerate(
                zip(self._forward[:-1], self._parameters[:-1], self._outputs[:-1], strict=True)
            )
        ]

    def _named(self, step: int) -> dict[str, Array]:
        """What an update reads and makes at a step of the chunk, by the names of its lines."""
        singles = self._singles if step < self.most_steps else {}
        return {
            PARAMETERS: self._parameters[step],
            **{f"{letter}W": vectors[step] for letter, vectors in self._vectors.items()},
            **{name: single[step, 0, ...] for name, single in singles.items()},
        }

    def run(
        self,
        first: int,
        parameters: Array,
        count: int,
        kept: Array | None = None,
        seeds: Sequence[int] = (),
    ) -> Chunk:
        """`count` steps (at most `most_steps`) from the parameters [networks, P].

        `kept` [networks, K] is what the optimiser keeps there, zeros if it is left out. `seeds`
        stand for the recipe's own where they are given, those of the first networks or of all:
        batches are shuffled by them.
        """
        self._parameters[0] = parameters
        self._kept[0] = 0.0 if kept is None else kept
        views = self._arithmetic.network.kept_vectors(self._kept)
        for letter, vectors in self._vectors.items():
            vectors[0] = views[letter][0]
        with np.errstate(all="ignore"):
            self._update.fill(self._kept[:, 0], self._singles, first, count)
            if self._counts:
                self._kept[1 : count + 1, :, -1] = self._kept[1 : count + 1, :1, -1]
            if self._recipe.batch:
                self._fill_batches(range(first, first + count), seeds)
            for calls in self._calls[:count]:
                for call in calls:
                    call()
            for call in self._forward[count]:
                call()
            outputs, sums = self._outputs[: count + 1], self._sums[: count + 1]
            losses = row_losses(self._loss, outputs, sums, self.labels)
            means = _means(losses)
        end = count + 1
        for letter, vectors in self._vectors.items():
            views[letter][1:end] = vectors[1:end]
        return Chunk(first, self._parameters[:end], outputs, means, self._kept[:end])

    def _fill_batches(self, steps: range, seeds: Sequence[int]) -> None:
        count = len(steps)
        if not (self._recipe.shuffle and seeds):
            self._in_batch[:count] = masks(self._recipe, steps)[:, np.newaxis]
            return
        for network, seed in enumerate(seeds):
            self._in_batch[:count, network] = masks(self._recipe, steps, seed)


def _means(losses: Array) -> Array:
    """The means over the last axis, to the bits of `mean`, which starts anew for every one.

    Up to seven numbers NumPy adds one after the other, so all can be added together.
    """
    first, *others = np.moveaxis(losses, -1, 0)
    if len(others) > 6:
        return np.asarray(losses.mean(axis=-1))
    total: Array = first.copy()
    for other in others:
        total += other
    total /= 1 + len(others)
    return total


class _Arithmetic:
    """The calls of one step, in the order and with the operands of `kernel.py`."""

    def __init__(self, network: Network, networks: int, update: UpdateCalls) -> None:
        recipe, rows = network.recipe, len(network.bits)
        self.network, self._recipe = network, recipe
        self._gradient = np.zeros((networks, network.size))
        self._penalised = np.zeros_like(self._gradient)
        self._gradients = network.layout.matrices(self._gradient)
        self._lines = update.lines
        self._constants = {
            name: np.tile(constant, (networks, 1)) for name, constant in update.constants.items()
        }
        self._start = update.gradient
        shapes = [(networks, rows, units) for units in recipe.hidden]
        self._z, self._a, self._slope = ([np.zeros(shape) for shape in shapes] for _ in range(3))
        self._delta = np.zeros((networks, rows, 1))

    def forward(self, here: Array, sums: Array, outputs: Array) -> Iterator[BoundCall]:
        recipe, last = self._recipe, len(self._recipe.hidden) + 1
        weights = self.network.layout.matrices(here)
        for layer in range(1, last + 1):
            source = self.network.bits if layer == 1 else self._a[layer - 2]
            z, a = (sums, outputs) if layer == last else (self._z[layer - 1], self._a[layer - 1])
            activation = recipe.activation if layer < last else recipe.output
            calls = None if activation == "linear" else activation_calls(activation)
            # As there, -X saves a function of -x a call.
            is_negated = layer == 1 and calls is not None and calls.starts_with("negative")
            yield partial(np.matmul, -source if is_negated else source, weights[f"W{layer}"], z)
            if recipe.bias:
                yield partial(np.subtract if is_negated else np.add, z, weights[f"b{layer}"], z)
            if calls is not None:
                yield from (calls.after(1) if is_negated else calls).bound(a, x=z)

    def backward(self, here: Array, outputs: Array, in_batch: Array) -> Iterator[BoundCall]:
        network, recipe, delta = self.network, self._recipe, self._delta
        weights = network.layout.matrices(here)
        labels = np.broadcast_to(network.labels, delta.shape).copy()  # one shape, one plain loop
        calls = delta_calls(recipe.loss, recipe.batch is not None)
        yield from calls.bound(delta, yhat=outputs, Y=labels, in_batch=in_batch)
        for layer in range(len(recipe.hidden) + 1, 0, -1):
            source = network.bits.T if layer == 1 else self._a[layer - 2].swapaxes(1, 2)
            yield partial(np.matmul, source, delta, self._gradients[f"W{layer}"])
            if recipe.bias:
                total = self._gradients[f"b{layer}"]
                yield partial(np.add.reduce, delta, 1, None, total, True)
            if layer > 1:
                # z is not needed any more: the derivative by it takes its place.
                below, slope = self._z[layer - 2], self._slope[layer - 2]
                transposed = weights[f"W{layer}"].swapaxes(1, 2)
                yield partial(np.matmul, delta, transposed, below)
                yield from slope_calls(recipe.activation).bound(slope, a=self._a[layer - 2])
                yield partial(np.multiply, below, slope, below)
                delta = below

    def update(self, here: Mapping[str, Array], there: Mapping[str, Array]) -> Iterator[BoundCall]:
        arrays = {**self._constants, **here, self._start: self._gradient}
        there = {**there, GRADIENT: self._penalised}
        for target, calls in self._lines:
            yield from calls.bound(there[target], **arrays)
            arrays[target] = there[target]
