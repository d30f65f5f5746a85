"""Their network as an ordinary run of xortui: from the same start, with the true gradient."""

import numpy as np

from xortui.core.debug import outcome
from xortui.core.debug.activations import MIRRORED
from xortui.core.debug.network import TheirNetwork
from xortui.core.debug.report import Start
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import ACTIVATIONS, LOSSES
from xortui.core.training.edit import Edit
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer


class NoRecipeError(ValueError):
    """A network that no recipe of xortui describes. The message is a reason: a clause."""


def ordinary_start(network: TheirNetwork) -> Start | None:
    """The first recorded parameters, a column of ones as biases; None where no labels are known."""
    return start_at(network, network.steps[0].theta)


def start_at(network: TheirNetwork, theta: np.ndarray) -> Start | None:
    """The same for any of their parameters: where another training would start from there."""
    if not network.patterns:
        return None
    weights, biases = [], []
    for layer, (w, b) in zip(network.layers, network.split(theta), strict=True):
        x_ones = [1.0] * len(layer.ones)
        if layer is network.layers[0] and layer.ones:
            x_ones = network.steps[0].x[0, layer.ones].tolist()  # -1 has been seen, too
        if layer.function is MIRRORED:
            w, b = -w, -b
        total = b + np.array(x_ones) @ w[layer.ones] if layer.ones else b
        weights.append(_tuples(np.delete(w, layer.ones, axis=0)))
        has_bias = layer.bias or bool(layer.ones)
        biases.append(tuple(float(number) for number in total) if has_bias else ())
    rows, labels = outcome.patterns(network)
    rows = np.delete(rows, network.layers[0].ones, axis=1)
    return Start(tuple(weights), tuple(biases), _tuples(rows), _tuples(labels))


def _tuples(array: np.ndarray) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(number) for number in row) for row in array)


def ordinary_recipe(start: Start, activations: tuple[str, ...], rate: float | None) -> Recipe:
    """The recipe that describes a network like this one. Raises NoRecipeError."""
    hidden, output = activations[:-1], activations[-1]
    if not hidden:
        raise NoRecipeError("it has no hidden layer")
    if len(set(hidden)) > 1 or hidden[0] not in ACTIVATIONS:
        raise NoRecipeError(f"its hidden layers are {', '.join(hidden)}")
    losses = {loss.output: name for name, loss in LOSSES.items()}
    if output not in losses or len(start.labels[0]) != 1:
        raise NoRecipeError(f"its output is {output}, and not one sigmoid or linear unit")
    biased = [bool(one) for one in start.biases]
    if len(set(biased)) > 1:
        raise NoRecipeError("some of its layers have biases, and some have none")
    table = dict(zip(start.rows, start.labels, strict=True))
    bits = len(start.rows[0])
    numbers = {number for row in start.rows + start.labels for number in row}
    if not numbers <= {0.0, 1.0} or len(table) != 2**bits or bits < 2:
        raise NoRecipeError("its data are no truth table of zeros and ones")
    labels = "".join(str(int(table[row][0])) for row in sorted(table))
    try:
        return Recipe(
            problem="xor" if labels == "0110" else labels,
            hidden=tuple(len(layer[0]) for layer in start.weights[:-1]),
            activation=hidden[0],
            bias=biased[0],
            loss=losses[output],
            learning_rate=0.1 if rate is None else rate,
        )
    except ValueError as error:
        raise NoRecipeError(str(error)) from None


def run_of(start: Start, activations: tuple[str, ...], rate: float | None) -> RunFile:
    """A run of that recipe, at its step 0, with their weights. Raises NoRecipeError."""
    trainer = Trainer(ordinary_recipe(start, activations, rate))
    try:
        for number, (weights, biases) in enumerate(
            zip(start.weights, start.biases, strict=True), start=1
        ):
            for i, row in enumerate(weights):
                for j, value in enumerate(row):
                    trainer.edit(Edit("weight", f"W{number}[{i},{j}]", value))
            for j, value in enumerate(biases):
                trainer.edit(Edit("weight", f"b{number}[{j}]", value))
    except ValueError as error:
        raise NoRecipeError(str(error)) from None
    return RunFile.of(trainer)
