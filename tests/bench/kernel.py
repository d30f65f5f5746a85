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
from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.kernel import Kernel
from xortui.core.training.trainer import Trainer

ALLOWED = 0.33
# What a step with an optimiser that keeps something may take, in steps of plain SGD.
ALLOWED_STEPS = {"momentum": 1.6, "adam": 2.5}
STEPS = 1000  # in a turn: some milliseconds


def plain_loop(is_cached: bool) -> Iterator[list[float]]:
    """The reference run as one writes it down, without end; gives the losses of each turn.

    `is_cached` keeps the activation for its derivative, as anybody would who looks for speed.
    """
    bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    labels = np.array([[0], [1], [1], [0]])
    random = np.random.RandomState(0)
    hidden_weights = random.uniform(size=(2, 2))
    output_weights = random.uniform(size=(2, 1))
    while True:
        losses = []
        for _ in range(STEPS):
            hidden = np.dot(bits, hidden_weights)
            activation = sigmoid(hidden)
            output = np.dot(activation, output_weights)
            losses.append((0.5 * (output - labels) ** 2).mean())
            d_output = output - labels
            d_activation = np.dot(d_output, output_weights.T)
            again = activation if is_cached else sigmoid(hidden)
            d_hidden = d_activation * (again * (1 - again))
            d_output_weights = np.dot(activation.T, d_output)
            d_hidden_weights = np.dot(bits.T, d_hidden)
            output_weights = output_weights - 0.1 * d_output_weights
            hidden_weights = hidden_weights - 0.1 * d_hidden_weights
        yield losses


def sigmoid(x: Array) -> Array:
    result: Array = 1 / (1 + np.exp(-x))
    return result


def kernel_loop(optimiser: str = "sgd") -> Iterator[list[float]]:
    """The same run by the kernel, which takes the losses of a turn at once."""
    recipe = Recipe(optimiser=optimiser)
    kernel, network, step = Kernel(recipe), Network(recipe), 0
    parameters, kept = network.initial_parameters(), network.initial_kept()
    while True:
        losses: list[float] = []
        while len(losses) < STEPS:
            chunk = kernel.run(step, parameters, kernel.most_steps, kept)
            step, parameters, kept = chunk.last, chunk.parameters[-1].copy(), chunk.kept[-1].copy()
            losses += chunk.losses[:-1].tolist()
        yield losses


def trainer_loop() -> Iterator[list[float]]:
    """The same run by a trainer, which also keeps the curve and the checkpoints."""
    trainer = Trainer(Recipe())
    while True:
        losses: list[float] = []
        for chunk in trainer.run(STEPS):
            losses += chunk.losses[:-1].tolist()
        yield losses


def measure(is_quick: bool) -> list[Figure]:
    """Seconds a step of all, in turn; the ratios are of times that stand side by side."""
    loops = {
        "plain loop": plain_loop(is_cached=False),
        "plain loop, activation kept": plain_loop(is_cached=True),
        "kernel": kernel_loop(),
        "trainer": trainer_loop(),
        **{f"kernel, {name}": kernel_loop(name) for name in ALLOWED_STEPS},
    }
    times: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(10 if is_quick else 250):
        losses = []
        for name, loop in loops.items():
            started = time.perf_counter()
            losses.append(next(loop))
            times[name].append((time.perf_counter() - started) / STEPS)
        assert losses[0] == losses[1] == losses[2] == losses[3], "they do not compute the same"

    def ratio(ours: str, theirs: str) -> float:
        pairs = zip(times[ours], times[theirs], strict=True)
        return statistics.median(mine / other for mine, other in pairs)

    kept = ratio("kernel", "plain loop, activation kept")
    steps = {name: ratio(f"kernel, {name}", "kernel") for name in ALLOWED_STEPS}
    return [
        *(
            Figure(f"{name}, a step", f"{statistics.median(taken) * 1e6:.2f} µs")
            for name, taken in times.items()
        ),
        Figure("kernel / plain loop", f"{ratio('kernel', 'plain loop'):.3f}"),
        Figure("trainer / plain loop", f"{ratio('trainer', 'plain loop'):.3f}"),
        Figure(
            "kernel / plain loop, activation kept",
            f"{kept:.3f}",
            f"at most {ALLOWED}",
            kept <= ALLOWED,
        ),
        *(
            Figure(
                f"kernel, {name} / kernel",
                f"{steps[name]:.3f}",
                f"at most {most}",
                steps[name] <= most,
            )
            for name, most in ALLOWED_STEPS.items()
        ),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where the kernel is too slow."""
    return report(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
