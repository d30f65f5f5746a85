"""The reference run as a plain NumPy loop, and the figures that it is known to print.

Written out from the description of the run, line by line, with nothing from xortui in it: what the
package computes is held against this.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEPS = 10_000

# The mean loss before the update of the step.
LOSSES = {
    0: 0.14451072667400197,
    2500: 0.007930633168167129,
    5000: 0.0031754754752917323,
    7500: 0.0021824385490060365,
}
# The outputs of the forward pass of step 9,999 and the weights after 10,000 updates, as printed.
LAST_OUTPUTS = (-0.08500212, 0.98169372, 0.98169457, 0.07744216)
W_HIDDEN = ((1.69807725, 5.51501171), (1.69814001, 5.51708752))
W_OUTPUT = ((-7.63744102,), (7.46744096,))

# sigmoid' at the four labels: by its formula, and by a forward difference with h = 1e-9.
SIGMOID_ANALYTIC = (0.25, 0.19661193, 0.19661193, 0.25)
SIGMOID_NUMERICAL = (0.25000002, 0.19661195, 0.19661195, 0.25000002)

# With seed 0: the learning rate, and the first step at which something is not finite.
DIVERGENCE = {5.0: 869, 10.0: 255, 100.0: 92}


@dataclass(frozen=True, eq=False)
class PlainRun:
    """What the plain loop went through.

    `weights` [steps + 1, 6] are W_hidden and W_output, flattened, at each step; `losses` [steps]
    and `outputs` [steps, 4] are those of each step's forward pass.
    """

    weights: Array
    losses: Array
    outputs: Array


def sigmoid(x: Array) -> Array:
    result: Array = 1 / (1 + np.exp(-x))
    return result


def sigmoid_slope(x: Array) -> Array:
    return sigmoid(x) * (1 - sigmoid(x))


@cache
def plain_run(steps: int = STEPS, seed: int = 0, learning_rate: float = 0.1) -> PlainRun:
    """The reference: XOR, 2 inputs, 2 sigmoid units, 1 linear output, no biases."""
    bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    labels = np.array([[0], [1], [1], [0]])
    random = np.random.RandomState(seed)
    w_hidden = random.uniform(size=(2, 2))
    w_output = random.uniform(size=(2, 1))
    weights = [np.concatenate([w_hidden.ravel(), w_output.ravel()])]
    losses, outputs = [], []
    for _ in range(steps):
        hidden = np.dot(bits, w_hidden)
        activation = sigmoid(hidden)
        output = np.dot(activation, w_output)
        loss = 0.5 * (output - labels) ** 2
        d_output = output - labels
        d_activation = np.dot(d_output, w_output.T)
        d_hidden = d_activation * sigmoid_slope(hidden)
        d_w_output = np.dot(activation.T, d_output)
        d_w_hidden = np.dot(bits.T, d_hidden)
        w_output = w_output - learning_rate * d_w_output
        w_hidden = w_hidden - learning_rate * d_w_hidden
        losses.append(loss.mean())
        outputs.append(output[:, 0])
        weights.append(np.concatenate([w_hidden.ravel(), w_output.ravel()]))
    return PlainRun(np.array(weights), np.array(losses), np.array(outputs))


def first_solved(run: PlainRun, goal: float = 0.01) -> int | None:
    """The first step of a run with every row on its label's side of 0.5 and the loss below `goal`.

    Looked for one step after the other.
    """
    for step, (loss, output) in enumerate(zip(run.losses, run.outputs, strict=True)):
        a, b, c, d = output
        if loss < goal and a < 0.5 and b > 0.5 and c > 0.5 and d < 0.5:
            return step
    return None
