"""How long a training step takes, against the plain NumPy loop in turn, loss history included.

python -m tests.bench.kernel [--quick]
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from tests.bench.figures import Figure, report
from xortui.core.kernel import Kernel
from xortui.core.network import Network
from xortui.core.recipe import Recipe
from xortui.core.trainer import Trainer

ALLOWED = 0.33
STEPS = 200  # in a turn: about a millisecond


def plain_loop() -> Iterator[list[float]]:
    """The reference run as one writes it down, without end; gives the losses of each turn.

    The activation is kept for its derivative, as anybody would who looks for speed.
    """
    bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    labels = np.array([[0], [1], [1], [0]], dtype=float)
    random = np.random.RandomState(0)
    hidden_weights = random.uniform(size=(2, 2))
    output_weights = random.uniform(size=(2, 1))
    while True:
        losses = []
        for _ in range(STEPS):
            hidden = np.dot(bits, hidden_weights)
            activation = 1 / (1 + np.exp(-hidden))
            output = np.dot(activation, output_weights)
            losses.append((0.5 * (output - labels) ** 2).mean())
            d_output = output - labels
            d_activation = np.dot(d_output, output_weights.T)
            d_hidden = d_activation * (activation * (1 - activation))
            d_output_weights = np.dot(activation.T, d_output)
            d_hidden_weights = np.dot(bits.T, d_hidden)
            output_weights = output_weights - 0.1 * d_output_weights
            hidden_weights = hidden_weights - 0.1 * d_hidden_weights
        yield losses


def kernel_loop() -> Iterator[list[float]]:
    """The same run by the kernel, which takes the losses of a turn at once."""
    recipe = Recipe()
    kernel, parameters, step = Kernel(recipe), Network(recipe).initial_parameters(), 0
    while True:
        chunk = kernel.run(step, parameters, STEPS)
        step, parameters = chunk.last, chunk.parameters[-1].copy()
        yield chunk.losses[:-1].tolist()


def trainer_loop() -> Iterator[list[float]]:
    """The same run by a trainer, which also keeps the curve and the checkpoints."""
    trainer = Trainer(Recipe())
    while True:
        losses: list[float] = []
        for chunk in trainer.run(STEPS):
            losses += chunk.losses[:-1].tolist()
        yield losses


def measure(is_quick: bool) -> list[Figure]:
    """Seconds a step of the three, in turn; the ratios are of times that stand side by side."""
    loops = {"plain": plain_loop(), "kernel": kernel_loop(), "trainer": trainer_loop()}
    times: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(50 if is_quick else 1500):
        losses = []
        for name, loop in loops.items():
            started = time.perf_counter()
            losses.append(next(loop))
            times[name].append((time.perf_counter() - started) / STEPS)
        assert losses[0] == losses[1] == losses[2], "they do not compute the same"
    micro = {name: f"{statistics.median(taken) * 1e6:.2f} µs" for name, taken in times.items()}
    ratios = {
        name: statistics.median(
            mine / plain for mine, plain in zip(times[name], times["plain"], strict=True)
        )
        for name in ("kernel", "trainer")
    }
    promise = f"at most {ALLOWED}"
    return [
        Figure("plain loop, a step", micro["plain"]),
        Figure("kernel, a step", micro["kernel"]),
        Figure("trainer, a step", micro["trainer"]),
        Figure("kernel / plain", f"{ratios['kernel']:.3f}", promise, ratios["kernel"] <= ALLOWED),
        Figure("trainer / plain", f"{ratios['trainer']:.3f}"),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where the kernel is too slow."""
    return report(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
