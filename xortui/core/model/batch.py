"""Many networks of one recipe at once: the operations of a step with a leading axis of networks.

The operations are the readable network's own. Only what says "all rows" has to be said so that it
means the rows of one network: a transpose of the last two axes, sums over them.
"""

from collections.abc import Container
from functools import lru_cache
from types import CodeType

import numpy as np

from xortui.core.model.functions import ACTIVATIONS, Array
from xortui.core.model.network import BACKWARD, FORWARD, LOSS, UPDATE, Network

# What the operations say for one network [rows, ...], and the same for networks [S, rows, ...].
_FOR_MANY = {
    ".T": ".mT",
    ".sum(axis=0)": ".sum(axis=-2, keepdims=True)",
    ".sum()": ".sum(axis=(-2, -1))",
}


def evaluate_many(
    network: Network, parameters: Array, phases: Container[str] = (FORWARD, LOSS)
) -> dict[str, Array]:
    """Carry out a step's operations for the networks with the parameter vectors [S, P].

    Gives the parameters and results by name, each with a leading axis of S networks: `loss` [S],
    `yhat` [S, N, 1], `a1` [S, N, units], `dW1` as `W1` [S, inputs, outputs]; biases and their
    gradients are [S, 1, units]. `phases` may be forward, loss and backward. Equal to
    `Network.evaluate` but for the last bits. Takes memory for S x N x units numbers a layer.
    Raises ValueError for the update phase.
    """
    if UPDATE in phases:
        raise ValueError("many networks can be evaluated, not updated")
    count = len(parameters)
    now: dict[str, Array] = {"X": network.bits, "Y": network.labels}
    start = 0
    for name, shape in network.shapes.items():
        end = start + int(np.prod(shape))
        rows = shape if len(shape) == 2 else (1, *shape)
        now[name] = parameters[:, start:end].reshape(count, *rows)
        start = end
    namespace = {"np": np} | {name: item.function for name, item in ACTIVATIONS.items()}
    with np.errstate(all="ignore"):
        for operation in network.operations:
            if operation.phase in phases:
                now[operation.target] = eval(_code(operation.expression), namespace, now)
    return now


def losses_of(network: Network, parameters: Array) -> Array:
    """The mean loss [S] of each of the parameter vectors [S, P]."""
    return evaluate_many(network, parameters)["loss"]


def gradients_of(network: Network, parameters: Array) -> Array:
    """The gradient [S, P] of the summed loss for each of the parameter vectors [S, P]."""
    values = evaluate_many(network, parameters, (FORWARD, BACKWARD))
    parts = [values[f"d{name}"].reshape(len(parameters), -1) for name in network.shapes]
    return np.concatenate(parts, axis=1)


@lru_cache(maxsize=256)
def _code(expression: str) -> CodeType:
    for one, many in _FOR_MANY.items():
        expression = expression.replace(one, many)
    return compile(expression, "<many networks>", "eval")
