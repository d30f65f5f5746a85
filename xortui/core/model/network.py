"""The network said once, readably: parameters, and the operations of one training step.

An operation *is* its NumPy expression: evaluating a step evaluates that very text, one operation
after the other, in a namespace of arrays. Screen, reports and tests all read this one list, so none
of them can show anything but what is computed.
"""

import ast
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import CodeType, MappingProxyType

import numpy as np

from xortui.core.model.functions import ACTIVATIONS, INITIALISERS, LOSSES, Array
from xortui.core.model.mistakes import EQUAL_WEIGHT, broken
from xortui.core.model.names import SUBSCRIPTS, written
from xortui.core.model.recipe import Recipe

PHASES = FORWARD, LOSS, BACKWARD, UPDATE = "forward", "loss", "backward", "update"


@dataclass(frozen=True)
class Operation:
    """One line of a step: `target = expression`.

    `formula` is the same in standard notation, `why` a plain sentence, `phase` one of forward,
    loss, backward, update. Where a mistake was made on purpose, `fault` says what is wrong with the
    line, and `why` still what it is meant to do; elsewhere it is empty.
    """

    target: str
    expression: str
    formula: str
    why: str
    phase: str
    fault: str = ""

    @cached_property
    def operands(self) -> tuple[str, ...]:
        """The names of the arrays and numbers that it reads, in the order they are written."""
        names = [node for node in ast.walk(ast.parse(self.expression)) if type(node) is ast.Name]
        names.sort(key=lambda node: node.col_offset)
        functions = {"np", *ACTIVATIONS}
        return tuple(dict.fromkeys(node.id for node in names if node.id not in functions))

    @cached_property
    def code(self) -> CodeType:
        """The expression, compiled once."""
        return compile(self.expression, f"<{self.target}>", "eval")


@dataclass(frozen=True, eq=False)
class Result:
    """An operation carried out: what it read and what it made. Arrays are read-only.

    `recipe` is that of the network.
    """

    recipe: Recipe
    operation: Operation
    operands: Mapping[str, Array]
    value: Array


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One step carried out.

    `values` holds, by name, everything as it is *at* the step: parameters, inputs, activations,
    gradients. The parameters after the update are only in the results of the update operations.
    """

    results: tuple[Result, ...]
    values: Mapping[str, Array]


@dataclass(frozen=True)
class Network:
    """The network of a recipe: shapes, parameters and operations.

    All parameters live in one flat vector, ordered W1, b1, W2, b2, ... (biases only where the
    recipe has them); weights are [inputs, outputs].
    """

    recipe: Recipe
    shapes: Mapping[str, tuple[int, ...]] = field(init=False)
    operations: tuple[Operation, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shapes", _shapes(self.recipe))
        object.__setattr__(self, "operations", broken(_operations(self.recipe), self.recipe))

    @cached_property
    def bits(self) -> Array:
        """The patterns, [N, D]."""
        return np.array(self.recipe.table.bits, dtype=np.float64)

    @cached_property
    def labels(self) -> Array:
        """The labels, [N, 1]."""
        return np.array(self.recipe.table.labels, dtype=np.float64).reshape(-1, 1)

    @property
    def size(self) -> int:
        """The number of parameters."""
        return sum(_count(shape) for shape in self.shapes.values())

    def initial_parameters(self) -> Array:
        """The flat parameter vector at step 0.

        Weights come from NumPy's legacy generator, layer by layer; biases start at 0.
        """
        random = np.random.RandomState(self.recipe.seed)
        initialise = INITIALISERS[self.recipe.init]
        parameters = np.zeros(self.size)
        for name, view in self.views(parameters).items():
            if name.startswith("W"):
                view[...] = initialise(random, *view.shape)
                if self.recipe.mistake == "equal-start":
                    view[...] = EQUAL_WEIGHT
        return parameters

    @cached_property
    def free(self) -> Array:
        """For each parameter 1, or 0 where it is frozen."""
        free = np.ones(self.size)
        free[[self.places[name] for name in self.recipe.frozen]] = 0
        return free

    @cached_property
    def names(self) -> list[str]:
        """The name of each number of the flat vector: W1[0,0], W1[0,1], ..., b1[0], ..."""
        return list(self.places)

    @property
    def places(self) -> Mapping[str, int]:
        """Where in the flat vector each number is, by its name."""
        return _places(tuple(self.shapes.items()))

    def views(self, parameters: Array) -> dict[str, Array]:
        """Views into the flat vector by name. Writing to a view writes to the vector."""
        views, start = {}, 0
        for name, shape in self.shapes.items():
            views[name] = parameters[start : start + _count(shape)].reshape(shape)
            start += _count(shape)
        return views

    def evaluate(
        self,
        parameters: Array,
        phases: Container[str] = PHASES,
        bits: Array | None = None,
    ) -> Evaluation:
        """Carry out the operations of the step that starts at these parameters.

        `phases` leaves out what is not wanted. `bits` [M, D] replaces the truth table's patterns,
        which makes sense for the forward pass only: the labels stay.
        """
        at_step = {name: view.copy() for name, view in self.views(parameters).items()}
        at_step["X"] = self.bits if bits is None else bits.copy()
        at_step["Y"] = self.labels
        at_step["learning_rate"] = np.array(self.recipe.learning_rate)
        at_step |= {f"free_{name}": mask for name, mask in self.views(self.free).items()}
        for value in at_step.values():
            value.flags.writeable = False
        namespace = {"np": np} | {name: item.function for name, item in ACTIVATIONS.items()}
        now, results = dict(at_step), []
        with np.errstate(all="ignore"):
            for operation in self.operations:
                if operation.phase not in phases:
                    continue
                value = np.asarray(eval(operation.code, namespace, now))
                value.flags.writeable = False
                operands = {name: now[name] for name in operation.operands}
                results.append(Result(self.recipe, operation, operands, value))
                now[operation.target] = value
                at_step.setdefault(operation.target, value)
        return Evaluation(tuple(results), at_step)

    def updated(self, evaluation: Evaluation) -> Array:
        """The flat parameter vector after the update of an evaluated step."""
        after = {result.operation.target: result.value for result in evaluation.results}
        return np.concatenate([after[name].ravel() for name in self.shapes])


def _shapes(recipe: Recipe) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for layer, (inputs, outputs) in enumerate(
        zip(recipe.sizes[:-1], recipe.sizes[1:], strict=True), start=1
    ):
        shapes[f"W{layer}"] = (inputs, outputs)
        if recipe.bias:
            shapes[f"b{layer}"] = (outputs,)
    return shapes


@lru_cache(maxsize=4)
def _places(shapes: tuple[tuple[str, tuple[int, ...]], ...]) -> Mapping[str, int]:
    names = (
        f"{name}[{','.join(map(str, index))}]"
        for name, shape in shapes
        for index in np.ndindex(*shape)
    )
    return MappingProxyType({name: place for place, name in enumerate(names)})


def _count(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape))


def output_delta(recipe: Recipe) -> str:
    """The name of what is output minus label, with which the backward pass begins."""
    return "dyhat" if recipe.output == "linear" else f"dz{len(recipe.hidden) + 1}"


def _operations(recipe: Recipe) -> Iterable[Operation]:
    yield from _forward(recipe)
    yield from _loss(recipe)
    yield from _backward(recipe)
    yield from _update(recipe)


def _activations(recipe: Recipe) -> list[str]:
    """What each layer of weights reads: X, a1, a2, ..."""
    return ["X", *(f"a{layer}" for layer in range(1, len(recipe.hidden) + 1))]


def _forward(recipe: Recipe) -> Iterable[Operation]:
    last = len(recipe.hidden) + 1
    for layer, source in enumerate(_activations(recipe), start=1):
        plus = f" + b{layer}" if recipe.bias else ""
        target = "yhat" if layer == last and recipe.output == "linear" else f"z{layer}"
        unit = "the output" if layer == last else "each hidden unit"
        bias_words = ", plus its bias" if recipe.bias else ""
        yield Operation(
            target,
            f"{source} @ W{layer}{plus}",
            f"{written(target)} = {written(source)}·W{layer}{plus}".translate(SUBSCRIPTS),
            f"The weighted sum of {unit}: every input times its weight{bias_words}.",
            FORWARD,
        )
        if layer < last:
            yield Operation(
                f"a{layer}",
                f"{recipe.activation}(z{layer})",
                f"a{layer} = {_symbol(recipe.activation)}(z{layer})".translate(SUBSCRIPTS),
                "The activation: the weighted sum bent by "
                f"{recipe.activation}, which lets layers do more than one line can.",
                FORWARD,
            )
        elif target != "yhat":
            yield Operation(
                "yhat",
                f"sigmoid(z{layer})",
                f"ŷ = σ(z{layer})".translate(SUBSCRIPTS),
                "The output as a probability between 0 and 1.",
                FORWARD,
            )


def _symbol(activation: str) -> str:
    return "σ" if activation == "sigmoid" else activation


def _loss(recipe: Recipe) -> Iterable[Operation]:
    loss, z = LOSSES[recipe.loss], f"z{len(recipe.hidden) + 1}"
    rows = len(recipe.table.labels)
    yield Operation(
        "losses",
        loss.expression.format(z=z),
        f"ℓ = {loss.notation}",
        f"The loss of every row: {loss.words.format(z=written(z))}.",
        LOSS,
    )
    yield Operation(
        "L",
        "losses.sum()",
        "L = Σℓ",
        "What gradient descent descends: the sum over the rows. Every ∂L/∂… below is of this L.",
        LOSS,
    )
    yield Operation(
        "loss",
        f"L / {rows}",
        f"loss = L/{rows}",
        f"The loss that is shown: the mean over the {rows} rows. Nothing below is computed from "
        "it.",
        LOSS,
    )


def _backward(recipe: Recipe) -> Iterable[Operation]:
    last = len(recipe.hidden) + 1
    delta = output_delta(recipe)
    reason = (
        "The derivative of ½(ŷ − y)²: how far each output is from its label. L is the sum of all "
        "ℓ, so that each row's derivative is just its own."
        if recipe.output == "linear"
        else "Cross-entropy after a sigmoid: the two derivatives multiply to just ŷ − y."
    )
    yield Operation(delta, "yhat - Y", f"{written(delta)} = ŷ − y", reason, BACKWARD)
    sources = _activations(recipe)
    for layer in range(last, 0, -1):
        source = sources[layer - 1]
        yield Operation(
            f"dW{layer}",
            f"{source}.T @ {delta}",
            f"{written(f'dW{layer}')} = {written(source)}ᵀ·{written(delta)}",
            f"Chain rule: what the weight multiplied ({written(source)}) times what comes back "
            f"({written(delta)}), summed over the rows.",
            BACKWARD,
        )
        if recipe.bias:
            yield Operation(
                f"db{layer}",
                f"{delta}.sum(axis=0)",
                f"{written(f'db{layer}')} = Σ {written(delta)}",
                "A bias multiplies 1, so its gradient is what comes back, summed over the rows.",
                BACKWARD,
            )
        if layer == 1:
            return
        da, a, dz = f"da{layer - 1}", f"a{layer - 1}", f"dz{layer - 1}"
        yield Operation(
            da,
            f"{delta} @ W{layer}.T",
            f"{written(da)} = {written(delta)}·{written(f'W{layer}')}ᵀ",
            f"Chain rule: what comes back ({written(delta)}) times the weight it came through "
            f"({written(f'W{layer}')}).",
            BACKWARD,
        )
        activation = ACTIVATIONS[recipe.activation]
        yield Operation(
            dz,
            f"{da} * {activation.derivative.format(a=a)}",
            f"{written(dz)} = {written(da)} ⊙ {activation.notation.format(a=written(a))}",
            f"Chain rule: what comes back ({written(da)}) times the slope of {recipe.activation}, "
            f"{activation.words.format(a=written(a))}.",
            BACKWARD,
        )
        delta = dz


def _update(recipe: Recipe) -> Iterable[Operation]:
    for name in _shapes(recipe):
        has_frozen = any(frozen.startswith(f"{name}[") for frozen in recipe.frozen)
        yield Operation(
            name,
            f"{name} - learning_rate * {f'free_{name} * ' * has_frozen}d{name}",
            f"{written(name)} ← {written(name)} − η·{'free⊙' * has_frozen}{written(f'd{name}')}",
            "Gradient descent: against the gradient, which points uphill; η sets the length of the "
            "step.",
            UPDATE,
        )
