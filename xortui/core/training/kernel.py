"""The fast training loop: the arithmetic of `network.py`, bit for bit, with no allocation.

What makes it fast (measured, in nanoseconds a call): a bound `a.dot(b, out)` costs 235 where
`a @ b` costs 820; a ufunc with an `out` and operands of one shape 200 where broadcasting costs 850.
So every array is made beforehand; one flat vector holds all parameters, so that one multiply and
one subtract update them, and another what the optimiser keeps; a sigmoid's sign is folded into -X;
losses are taken for a whole chunk at once. The parameters walk down the rows of a block, row t+1 =
row t - step, which leaves their history for nothing. What an activation, a loss and an optimiser do
is compiled from their entries in `tables.py` and `optimisers.py`.

The loop is compiled from source written for the recipe's layers: a Python loop over a list of calls
would cost a third as much as the calls.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from xortui.core.model.batches import IN_BATCH, masks
from xortui.core.model.functions import Array, row_losses
from xortui.core.model.network import Network
from xortui.core.model.operation import FORWARD, LOSS, PHASES
from xortui.core.model.recipe import Recipe
from xortui.core.model.ufuncs import (
    OUT,
    OUT_BY_NAME,
    UfuncCall,
    UfuncCalls,
    activation_calls,
    delta_calls,
    slope_calls,
)
from xortui.core.training.update_calls import GRADIENT, PARAMETERS, UpdateCalls

MAX_ROWS = 200
BLOCK_BYTES = 2**22


@dataclass(frozen=True, eq=False)
class Chunk:
    """`count` steps done, from `first` to `last` = first + count, both ends included.

    `parameters` [count+1, P], `outputs` [count+1, N], `losses` [count+1] and `kept` [count+1, K],
    which is what the optimiser keeps, are those *at* each of these steps. They are views into the
    kernel's buffers: good until its next `run`.
    """

    first: int
    parameters: Array
    outputs: Array
    losses: Array
    kept: Array

    @property
    def last(self) -> int:
        """The step at which the chunk ends."""
        return self.first + len(self.losses) - 1

    def head(self, count: int) -> "Chunk":
        """The first `count` steps of it."""
        end = count + 1
        arrays = (self.parameters, self.outputs, self.losses, self.kept)
        return Chunk(self.first, *(array[:end] for array in arrays))

    def copy(self) -> "Chunk":
        """The same in arrays of its own, which stay as they are."""
        arrays = (self.parameters, self.outputs, self.losses, self.kept)
        return Chunk(self.first, *(array.copy() for array in arrays))


class Kernel:
    """Runs the training steps of one recipe in chunks of at most `most_steps`."""

    def __init__(self, recipe: Recipe) -> None:
        network = Network(recipe)
        rows, size = len(network.bits), network.size
        self._update = UpdateCalls(network)
        self.most_steps = most_steps_of(network)
        self.labels = network.labels.ravel()
        self._parameters = np.empty((self.most_steps + 1, size))
        self._kept = np.empty((self.most_steps + 1, network.kept_size))
        self._singles = {name: np.empty((self.most_steps, size)) for name in self._update.singles}
        self._recipe, self._in_batch = recipe, np.empty((self.most_steps, rows, 1))
        self._outputs = np.empty((self.most_steps + 1, rows, 1))
        self._sums = self._outputs  # what the loss is taken of: yhat, or z before a last activation
        if recipe.output != "linear":
            self._sums = np.empty_like(self._outputs)
        self._network = network
        self._steps: list[tuple[Array, ...]] = []  # as many as were needed so far
        self._loss = recipe.loss
        self._forward, self._run = _compiled(network, self._update)

    def _steps_up_to(self, count: int) -> list[tuple[Array, ...]]:
        """The arrays of so many steps: those of a single step are made in an instant."""
        while len(self._steps) < count:
            self._steps.append(self._step_arrays(self._network, len(self._steps)))
        return self._steps[:count]

    def _step_arrays(self, network: Network, row: int) -> tuple[Array, ...]:
        """What changes from step to step, in the order that the compiled loop unpacks it."""
        after = min(row + 1, self.most_steps)
        here, there = self._parameters[row], self._parameters[after]
        kept = [network.kept_vectors(self._kept[at]).values() for at in (row, after)]
        singles = [single[min(row, self.most_steps - 1)] for single in self._singles.values()]
        views = network.views(here)
        transposed = [views[name].T for name in views if name.startswith("W")]
        ends = (here, there, self._outputs[row], self._sums[row])
        batch = [self._in_batch[min(row, self.most_steps - 1)]] if self._recipe.batch else []
        return (*views.values(), *transposed, *kept[0], *kept[1], *singles, *batch, *ends)

    def run(self, first: int, parameters: Array, count: int, kept: Array | None = None) -> Chunk:
        """`count` steps (at most `most_steps`) from the parameters at step `first`.

        `kept` is what the optimiser keeps there, zeros if it is left out.
        """
        self._parameters[0] = parameters
        self._kept[0] = 0.0 if kept is None else kept
        self._update.fill(self._kept, self._singles, first, count)
        if self._recipe.batch:
            self._in_batch[:count] = masks(self._recipe, range(first, first + count))
        steps = self._steps_up_to(count + 1)
        with np.errstate(all="ignore"):
            self._run(steps[:count])
            self._forward(*steps[count])
            losses = self._losses(count + 1)
        outputs = self._outputs[: count + 1, :, 0]
        end = count + 1
        return Chunk(first, self._parameters[:end], outputs, losses, self._kept[:end])

    def _losses(self, steps: int) -> Array:
        """The mean loss of each step, [steps]; the readable network's two loss operations."""
        outputs, sums = self._outputs[:steps, :, 0], self._sums[:steps, :, 0]
        losses = row_losses(self._loss, outputs, sums, self.labels)
        means: Array = losses.mean(axis=1)
        return means


class PlainLoop:
    """As `Kernel`, for recipes with a mistake: the network's own operations, one after the other.

    Some ten times slower, and right whatever the operations are.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._network = Network(recipe)
        rows, size = len(self._network.bits), self._network.size
        self.most_steps = most_steps_of(self._network)
        self.labels = self._network.labels.ravel()
        self._parameters = np.empty((self.most_steps + 1, size))
        self._kept = np.empty((self.most_steps + 1, self._network.kept_size))
        self._outputs = np.empty((self.most_steps + 1, rows))
        self._losses = np.empty(self.most_steps + 1)

    def run(self, first: int, parameters: Array, count: int, kept: Array | None = None) -> Chunk:
        """`count` steps (at most `most_steps`) from the parameters at step `first`.

        `kept` is what the optimiser keeps there, zeros if it is left out.
        """
        network = self._network
        self._parameters[0] = parameters
        self._kept[0] = 0.0 if kept is None else kept
        for step in range(count + 1):
            phases = PHASES if step < count else (FORWARD, LOSS)
            evaluation = network.evaluate(
                self._parameters[step], phases, kept=self._kept[step], step=first + step
            )
            self._outputs[step] = evaluation.values["yhat"][:, 0]
            self._losses[step] = evaluation.values["loss"]
            if step < count:
                self._parameters[step + 1] = network.updated(evaluation)
                self._kept[step + 1] = network.updated_kept(evaluation)
        end = count + 1
        arrays = (self._parameters, self._outputs, self._losses, self._kept)
        return Chunk(first, *(array[:end] for array in arrays))


def most_steps_of(network: Network) -> int:
    """How many steps a loop does at most, so that what they leave behind takes little memory."""
    numbers = network.size + network.kept_size
    return max(1, min(MAX_ROWS, BLOCK_BYTES // (8 * numbers)))


def training_loop(recipe: Recipe) -> Kernel | PlainLoop:
    """The loop that trains this recipe: the fast one, if its operations are as they should be."""
    return PlainLoop(recipe) if Network(recipe).is_broken else Kernel(recipe)


Forward = Callable[..., None]
Run = Callable[[list[tuple[Array, ...]]], None]


def _compiled(network: Network, update: UpdateCalls) -> tuple[Forward, Run]:
    """The forward pass of one step, and the loop of whole steps over a list of step arrays."""
    transposed = [f"{name}_T" for name in network.shapes if name.startswith("W")]
    letters = network.optimiser.kept
    kept = [f"{letter}_{end}" for end in ("here", "there") for letter in letters]
    ends = ["here", "there", "yhat", "z_out"]
    batch = [IN_BATCH] if network.recipe.batch else []
    unpacked = ", ".join([*network.shapes, *transposed, *kept, *update.singles, *batch, *ends])
    buffers = _Buffers(network, update)
    forward = list(_forward_calls(network.recipe, buffers))
    step = [*forward, *_backward_calls(network.recipe, buffers), *_update_calls(update, buffers)]
    source = "\n".join(
        [
            f"def forward({unpacked}):",
            *(f"    {call}" for call in forward),
            "def run(steps):",
            f"    for {unpacked} in steps:",
            *(f"        {call}" for call in step),
        ]
    )
    namespace = buffers.named
    exec(compile(source, "<training loop>", "exec"), namespace)
    return namespace["forward"], namespace["run"]


class _Buffers:
    """`named` is all that the calls name and that stays the same from step to step."""

    def __init__(self, network: Network, update: UpdateCalls) -> None:
        recipe, rows = network.recipe, len(network.bits)
        gradient = np.empty(network.size)
        penalised = {"penalised": np.empty(network.size)} if recipe.penalties else {}
        self.named: dict[str, Any] = {
            **{name: getattr(np, name) for name in ("add", "multiply", "subtract")},
            "sum_rows": np.add.reduce,
            "X": network.bits,
            "X_negative": -network.bits,
            "X_T": network.bits.T,
            "Y": network.labels,
            **update.constants,
            "gradient": gradient,
            **penalised,
            "delta": np.empty((rows, 1)),
            **{f"d{name}": view for name, view in network.views(gradient).items()},
        }
        self._shapes: dict[str, tuple[int, ...]] = {"yhat": (rows, 1)}
        self._shapes |= dict.fromkeys(["there", "m_there", "v_there"], gradient.shape)
        for layer, units in enumerate(recipe.hidden, start=1):
            for name in ("z", "a", "slope", "da", "dz"):
                self.named[f"{name}{layer}"] = np.empty((rows, units))
            self.named[f"a{layer}_T"] = self.named[f"a{layer}"].T

    def lines(self, calls: UfuncCalls, out: str, **reads: str) -> Iterable[str]:
        """The calls as lines that write to the array called `out`; `reads` says what they read."""
        like = self.named[out].shape if out in self.named else self._shapes[out]
        asides = {name: f"{out}{name}" for name in calls.asides}
        for name in asides.values():
            self.named[name] = np.empty(like)
        for call in calls.calls:
            yield self._line(call.renamed({**reads, **asides, OUT: out}))

    def _line(self, call: UfuncCall) -> str:
        self.named[call.function] = getattr(np, call.function)
        operands = [
            item if isinstance(item, str) else self._constant(item) for item in call.operands
        ]
        out = f"out={call.out}" if call.function in OUT_BY_NAME else call.out
        return f"{call.function}({', '.join([*operands, out])})"

    def _constant(self, value: float) -> str:
        """The name of a constant as an array: a ufunc starts sooner with one than with a float."""
        constants = [name for name in self.named if name.startswith("constant_")]
        for name in constants:
            if self.named[name] == value:
                return name
        name = f"constant_{len(constants)}"
        self.named[name] = np.array(value)
        return name


def _forward_calls(recipe: Recipe, buffers: _Buffers) -> Iterable[str]:
    last = len(recipe.hidden) + 1
    for layer in range(1, last + 1):
        source = "X" if layer == 1 else f"a{layer - 1}"
        z = f"z{layer}" if layer < last else "z_out"  # z_out is yhat itself where that is linear
        activation = recipe.activation if layer < last else recipe.output
        calls = None if activation == "linear" else activation_calls(activation)
        # Negating an operand negates the sum exactly, so -X saves a function of -x a call.
        is_negated = layer == 1 and calls is not None and calls.starts_with("negative")
        yield f"{'X_negative' if is_negated else source}.dot(W{layer}, {z})"
        if recipe.bias:
            yield f"{'subtract' if is_negated else 'add'}({z}, b{layer}, {z})"
        if calls is not None:
            a = f"a{layer}" if layer < last else "yhat"
            yield from buffers.lines(calls.after(1) if is_negated else calls, a, x=z)


def _backward_calls(recipe: Recipe, buffers: _Buffers) -> Iterable[str]:
    last = len(recipe.hidden) + 1
    delta = "delta"
    yield from buffers.lines(delta_calls(recipe.loss, recipe.batch is not None), delta)
    for layer in range(last, 0, -1):
        source = "X" if layer == 1 else f"a{layer - 1}"
        yield f"{source}_T.dot({delta}, dW{layer})"
        if recipe.bias:
            yield f"sum_rows({delta}, 0, None, db{layer})"
        if layer > 1:
            a, da, slope, dz = (f"{name}{layer - 1}" for name in ("a", "da", "slope", "dz"))
            yield f"{delta}.dot(W{layer}_T, {da})"
            yield from buffers.lines(slope_calls(recipe.activation), slope, a=a)
            yield f"multiply({da}, {slope}, {dz})"
            delta = dz


def _update_calls(update: UpdateCalls, buffers: _Buffers) -> Iterable[str]:
    """All parameters at once, line by line as the optimiser has it."""
    arrays = {PARAMETERS: "here", update.gradient: "gradient"}
    arrays |= {f"{letter}W": f"{letter}_here" for letter in ("m", "v")}
    outs = {PARAMETERS: "there", GRADIENT: "penalised", "mW": "m_there", "vW": "v_there"}
    for target, calls in update.lines:
        out = outs[target]
        yield from buffers.lines(calls, out, **arrays)
        arrays[target] = out  # what follows reads what was made
