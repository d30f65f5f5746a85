"""Many networks of one recipe at once: the operations of a step with a leading axis of networks.

The operations are the readable network's own. Only what says "all rows" has to be said so that it
means the rows of one network: a transpose of the last two axes, sums over them.
"""

from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from types import CodeType

import numpy as np

from xortui.core.model.functions import Array, namespace
from xortui.core.model.network import Network
from xortui.core.model.operation import FORWARD, LOSS, UPDATE
from xortui.core.model.optimisers import COUNT

# What the operations say for one network [rows, ...], and the same for networks [S, rows, ...].
_FOR_MANY = {
    ".T": ".mT",
    ".sum(axis=0)": ".sum(axis=-2, keepdims=True)",
    ".sum()": ".sum(axis=(-2, -1))",
    ".reshape(": ".reshape(-1, ",
}

# So many numbers are worked out at once.
BLOCK_NUMBERS = 1_000_000


def evaluate_many(
    network: Network,
    parameters: Array,
    phases: Container[str] = (FORWARD, LOSS),
    bits: Array | None = None,
    steps: Sequence[int | None] | None = None,
) -> dict[str, Array]:
    """Carry out a step's operations for the networks with the parameter vectors [S, P].

    Gives the parameters and results by name, each with a leading axis of S networks: `loss` [S],
    `yhat` [S, N, 1], `a1` [S, N, units], `dW1` as `W1` [S, inputs, outputs]; biases and their
    gradients are [S, 1, units]. `bits` [M, D] replaces the inputs, as it does in
    `Network.evaluate`. `steps` [S] says which steps these are, where batches differ; without it all
    rows are in the batch. The parameters are those before an update, which is there for plain SGD
    only: see `next_changes`. Equal to `Network.evaluate` but for the last bits. Takes memory for
    S x N x units numbers a layer.
    """
    given: dict[str, Array] = {"X": network.bits if bits is None else bits, "Y": network.labels}
    given |= network.layout.matrices(parameters)
    given |= network.numbers
    given |= _given(network, steps, len(parameters), network.labels.ndim)
    if UPDATE in phases:
        masks = network.layout.matrices(network.free)
        given |= {f"free_{name}": mask for name, mask in masks.items()}
    names, now = namespace(), dict(given)
    with np.errstate(all="ignore"):
        for operation in network.operations:
            if operation.phase in phases:
                now[operation.target] = eval(_code(operation.expression), names, now)
    return now | given


def next_changes(
    network: Network,
    parameters: Array,
    gradients: Array,
    kept: Array,
    steps: Sequence[int | None] | None = None,
) -> Array:
    """What the next update adds to the parameters [S, P], whose summed loss has these gradients.

    `kept` [S, K] is what the optimiser keeps, and `steps` [S] says which steps these are, for η(k).
    """
    optimiser = network.optimiser
    now: dict[str, Array] = dict(network.numbers) | {"free_W": network.free}
    now |= {f"{letter}W": part for letter, part in network.kept_vectors(kept).items()}
    now |= {"W": parameters, "dW": gradients}
    now |= _given(network, steps, len(parameters), 1)
    if optimiser.counts:
        now[COUNT] = kept[:, -1:]
    with np.errstate(all="ignore"):
        for line in network.update_lines:
            now[line.target] = eval(_code(line.expression), {"np": np}, now)
        change: Array = now["W"] - parameters
    return change


def _given(
    network: Network, steps: Sequence[int | None] | None, count: int, axes: int
) -> dict[str, Array]:
    """What differs from step to step, [S, ...]: single numbers have so many axes behind."""
    given = network.given_over([None] * count if steps is None else steps)
    return {
        name: array if array.ndim > 1 else array.reshape(-1, *[1] * axes)
        for name, array in given.items()
    }


def numbers_of(network: Network) -> int:
    """About how many numbers the evaluation of one network takes."""
    return network.size + len(network.bits) * sum(network.recipe.sizes)


def evaluated_in_blocks(
    network: Network,
    parameters: Array,
    phases: Container[str],
    steps: Sequence[int | None] | None = None,
) -> Iterator[dict[str, Array]]:
    """`evaluate_many` of any number of parameter vectors [S, P], in blocks that fit into memory."""
    count = max(1, BLOCK_NUMBERS // (4 * numbers_of(network)))
    for start in range(0, len(parameters), count):
        part = slice(start, start + count)
        yield evaluate_many(network, parameters[part], phases, steps=steps and steps[part])


def losses_of(network: Network, parameters: Array) -> Array:
    """The mean loss [S] of each of the parameter vectors [S, P]."""
    return evaluate_many(network, parameters)["loss"]


def gradients_of(network: Network, parameters: Array) -> Array:
    """The gradient [S, P] of the summed loss for each of the parameter vectors [S, P]."""
    values = evaluate_many(network, parameters, network.gradient_phases)
    return network.layout.joined(values, "d")


@lru_cache(maxsize=256)
def _code(expression: str) -> CodeType:
    for one, many in _FOR_MANY.items():
        expression = expression.replace(one, many)
    return compile(expression, "<many networks>", "eval")
