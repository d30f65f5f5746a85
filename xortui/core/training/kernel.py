"""The fast training loop: the arithmetic of `network.py`, bit for bit, with no allocation.

What makes it fast (measured, in nanoseconds a call): a bound `a.dot(b, out)` costs 235 where
`a @ b` costs 820; a ufunc with an `out` and operands of one shape 200 where broadcasting costs 850.
So every array is made beforehand; one flat vector holds all parameters, so that one multiply and
one subtract update them; the sigmoid's sign is folded into -X; losses are taken for a whole chunk
at once. The parameters walk down the rows of a block, row t+1 = row t - step, which leaves their
history for nothing.

The loop is compiled from source written for the recipe's layers: a Python loop over a list of calls
would cost a third as much as the calls.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.network import FORWARD, LOSS, PHASES, Network
from xortui.core.model.recipe import Recipe

MAX_ROWS = 200
BLOCK_BYTES = 2**22

_UFUNCS = (
    np.add,
    np.exp,
    np.maximum,
    np.multiply,
    np.negative,
    np.reciprocal,
    np.sign,
    np.subtract,
    np.tanh,
)


@dataclass(frozen=True, eq=False)
class Chunk:
    """`count` steps done, from `first` to `last` = first + count, both ends included.

    `parameters` [count+1, P], `outputs` [count+1, N] and `losses` [count+1] are those *at* each of
    these steps. They are views into the kernel's buffers: good until its next `run`.
    """

    first: int
    parameters: Array
    outputs: Array
    losses: Array

    @property
    def last(self) -> int:
        """The step at which the chunk ends."""
        return self.first + len(self.losses) - 1

    def head(self, count: int) -> "Chunk":
        """The first `count` steps of it."""
        end = count + 1
        return Chunk(self.first, self.parameters[:end], self.outputs[:end], self.losses[:end])


class Kernel:
    """Runs the training steps of one recipe in chunks of at most `most_steps`."""

    def __init__(self, recipe: Recipe) -> None:
        network = Network(recipe)
        rows, size = len(network.bits), network.size
        self.most_steps = max(1, min(MAX_ROWS, BLOCK_BYTES // (8 * size)))
        self.labels = network.labels.ravel()
        self._parameters = np.empty((self.most_steps + 1, size))
        self._outputs = np.empty((self.most_steps + 1, rows, 1))
        self._sums = self._outputs  # what the loss is taken of: yhat, or z before a last sigmoid
        if recipe.output == "sigmoid":
            self._sums = np.empty_like(self._outputs)
        self._steps = [self._step_arrays(network, row) for row in range(self.most_steps + 1)]
        self._is_linear = recipe.output == "linear"
        self._forward, self._run = _compiled(network)

    def _step_arrays(self, network: Network, row: int) -> tuple[Array, ...]:
        """What changes from step to step, in the order that the compiled loop unpacks it."""
        here = self._parameters[row]
        there = self._parameters[min(row + 1, self.most_steps)]
        views = network.views(here)
        transposed = [views[name].T for name in views if name.startswith("W")]
        return (*views.values(), *transposed, here, there, self._outputs[row], self._sums[row])

    def run(self, first: int, parameters: Array, count: int) -> Chunk:
        """`count` steps (at most `most_steps`) from the parameters at step `first`."""
        self._parameters[0] = parameters
        with np.errstate(all="ignore"):
            self._run(self._steps[:count])
            self._forward(*self._steps[count])
            losses = self._losses(count + 1)
        outputs = self._outputs[: count + 1, :, 0]
        return Chunk(first, self._parameters[: count + 1], outputs, losses)

    def _losses(self, steps: int) -> Array:
        """The mean loss of each step, [steps]; the readable network's two loss operations."""
        sums = self._sums[:steps, :, 0]
        if self._is_linear:
            losses = 0.5 * (sums - self.labels) ** 2
        else:
            losses = np.logaddexp(0, sums) - self.labels * sums
        means: Array = losses.mean(axis=1)
        return means


class PlainLoop:
    """As `Kernel`, for recipes with a mistake: the network's own operations, one after the other.

    Some ten times slower, and right whatever the operations are.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._network = Network(recipe)
        rows, size = len(self._network.bits), self._network.size
        self.most_steps = max(1, min(MAX_ROWS, BLOCK_BYTES // (8 * size)))
        self.labels = self._network.labels.ravel()
        self._parameters = np.empty((self.most_steps + 1, size))
        self._outputs = np.empty((self.most_steps + 1, rows))
        self._losses = np.empty(self.most_steps + 1)

    def run(self, first: int, parameters: Array, count: int) -> Chunk:
        """`count` steps (at most `most_steps`) from the parameters at step `first`."""
        network = self._network
        self._parameters[0] = parameters
        for step in range(count + 1):
            phases = PHASES if step < count else (FORWARD, LOSS)
            evaluation = network.evaluate(self._parameters[step], phases)
            self._outputs[step] = evaluation.values["yhat"][:, 0]
            self._losses[step] = evaluation.values["loss"]
            if step < count:
                self._parameters[step + 1] = network.updated(evaluation)
        end = count + 1
        return Chunk(first, self._parameters[:end], self._outputs[:end], self._losses[:end])


def training_loop(recipe: Recipe) -> Kernel | PlainLoop:
    """The loop that trains this recipe: the fast one, if its operations are as they should be."""
    is_broken = any(operation.fault for operation in Network(recipe).operations)
    return PlainLoop(recipe) if is_broken else Kernel(recipe)


Forward = Callable[..., None]
Run = Callable[[list[tuple[Array, ...]]], None]


def _compiled(network: Network) -> tuple[Forward, Run]:
    """The forward pass of one step, and the loop of whole steps over a list of step arrays."""
    transposed = [f"{name}_T" for name in network.shapes if name.startswith("W")]
    unpacked = ", ".join([*network.shapes, *transposed, "here", "there", "yhat", "z_out"])
    forward = list(_forward_calls(network.recipe))
    step = forward + list(_backward_calls(network.recipe))
    source = "\n".join(
        [
            f"def forward({unpacked}):",
            *(f"    {call}" for call in forward),
            "def run(steps):",
            f"    for {unpacked} in steps:",
            *(f"        {call}" for call in step),
        ]
    )
    namespace = _buffers(network)
    exec(compile(source, "<training loop>", "exec"), namespace)
    return namespace["forward"], namespace["run"]


def _buffers(network: Network) -> dict[str, Any]:
    """Every array that the calls name and that stays the same from step to step."""
    recipe, rows = network.recipe, len(network.bits)
    gradient = np.empty(network.size)
    buffers: dict[str, Any] = {
        **{ufunc.__name__: ufunc for ufunc in _UFUNCS},
        "sum_rows": np.add.reduce,
        "X": network.bits,
        "X_negative": -network.bits,
        "X_T": network.bits.T,
        "Y": network.labels,
        "one": np.array(1.0),
        "zero": np.array(0.0),
        "rate": recipe.learning_rate * network.free,  # one for each parameter: 0 where frozen
        "gradient": gradient,
        "change": np.empty_like(gradient),
        "delta": np.empty((rows, 1)),
        **{f"d{name}": view for name, view in network.views(gradient).items()},
    }
    for layer, units in enumerate(recipe.hidden, start=1):
        for name in ("z", "a", "slope", "da", "dz"):
            buffers[f"{name}{layer}"] = np.empty((rows, units))
        buffers[f"a{layer}_T"] = buffers[f"a{layer}"].T
    return buffers


def _forward_calls(recipe: Recipe) -> Iterable[str]:
    last = len(recipe.hidden) + 1
    for layer in range(1, last + 1):
        source = "X" if layer == 1 else f"a{layer - 1}"
        z = f"z{layer}" if layer < last else "z_out"  # z_out is yhat itself where that is linear
        activation = recipe.activation if layer < last else recipe.output
        # Negating an operand negates the sum exactly, so -X saves the sigmoid a call.
        is_negated = layer == 1 and activation == "sigmoid"
        yield f"{'X_negative' if is_negated else source}.dot(W{layer}, {z})"
        if recipe.bias:
            yield f"{'subtract' if is_negated else 'add'}({z}, b{layer}, {z})"
        yield from _activation_calls(
            activation, z, f"a{layer}" if layer < last else "yhat", is_negated
        )


def _activation_calls(activation: str, z: str, a: str, is_negated: bool) -> Iterable[str]:
    match activation:
        case "sigmoid":
            yield f"exp({z}, {a})" if is_negated else f"negative({z}, {a})"
            if not is_negated:
                yield f"exp({a}, {a})"
            yield f"add({a}, one, {a})"
            yield f"reciprocal({a}, {a})"
        case "tanh":
            yield f"tanh({z}, {a})"
        case "relu":
            yield f"maximum({z}, zero, out={a})"  # its third place is deprecated


def _backward_calls(recipe: Recipe) -> Iterable[str]:
    last = len(recipe.hidden) + 1
    yield "subtract(yhat, Y, delta)"
    delta = "delta"
    for layer in range(last, 0, -1):
        source = "X" if layer == 1 else f"a{layer - 1}"
        yield f"{source}_T.dot({delta}, dW{layer})"
        if recipe.bias:
            yield f"sum_rows({delta}, 0, None, db{layer})"
        if layer > 1:
            below = layer - 1
            yield f"{delta}.dot(W{layer}_T, da{below})"
            yield from _slope_calls(recipe.activation, f"a{below}", f"slope{below}")
            delta = f"dz{below}"
            yield f"multiply(da{below}, slope{below}, {delta})"
    yield "multiply(gradient, rate, change)"
    yield "subtract(here, change, there)"


def _slope_calls(activation: str, a: str, slope: str) -> Iterable[str]:
    match activation:
        case "sigmoid":
            yield f"subtract(one, {a}, {slope})"
            yield f"multiply({a}, {slope}, {slope})"
        case "tanh":
            yield f"multiply({a}, {a}, {slope})"
            yield f"subtract(one, {slope}, {slope})"
        case "relu":
            yield f"sign({a}, {slope})"  # [a > 0] as a float: a is never negative
