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
ALLOWED_OF_PLAIN = 0.40  # of a plain loop of the same optimiser
STEPS = 1000  # in a turn: some milliseconds


class PlainMomentum:
    """Momentum as one writes it down."""

    def __init__(self) -> None:
        self._kept: list[Array | float] = [0.0, 0.0]

    def step(self, weights: list[Array], gradients: list[Array]) -> list[Array]:
        """The weights after an update."""
        self._kept = [0.9 * v + g for v, g in zip(self._kept, gradients, strict=True)]
        return [w - 0.1 * v for w, v in zip(weights, self._kept, strict=True)]


class PlainAdam:
    """Adam as one writes it down."""

    def __init__(self) -> None:
        self._count = 0
        self._means: list[Array | float] = [0.0, 0.0]
        self._squares: list[Array | float] = [0.0, 0.0]

    def step(self, weights: list[Array], gradients: list[Array]) -> list[Array]:
        """The weights after an update."""
        self._count += 1
        self._means = [0.9 * m + (1 - 0.9) * g for m, g in zip(self._means, gradients, strict=True)]
        self._squares = [
            0.999 * v + (1 - 0.999) * g**2 for v, g in zip(self._squares, gradients, strict=True)
        ]
        c1, c2 = 1 - 0.9**self._count, 1 - 0.999**self._count
        return [
            w - 0.1 * (m / c1) / (np.sqrt(v / c2) + 1e-8)
            for w, m, v in zip(weights, self._means, self._squares, strict=True)
        ]


PLAIN_OPTIMISERS: dict[str, type[PlainMomentum] | type[PlainAdam]] = {
    "momentum": PlainMomentum,
    "adam": PlainAdam,
}


def plain_loop(
    is_cached: bool, optimiser: PlainMomentum | PlainAdam | None = None
) -> Iterator[list[float]]:
    """The reference run as one writes it down, without end; gives the losses of each turn.

    `is_cached` keeps the activation for its derivative, as anybody would who looks for speed.
    Without an optimiser the update is written in the loop, as in the reference.
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
            if optimiser is not None:
                hidden_weights, output_weights = optimiser.step(
                    [hidden_weights, output_weights], [d_hidden_weights, d_output_weights]
                )
                continue
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
        **{
            f"plain loop, {name}": plain_loop(is_cached=True, optimiser=plain())
            for name, plain in PLAIN_OPTIMISERS.items()
        },
    }
    times: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(10 if is_quick else 250):
        losses = []
        for name, loop in loops.items():
            started = time.perf_counter()
            losses.append(next(loop))
            times[name].append((time.perf_counter() - started) / STEPS)
        assert losses[0] == losses[1] == losses[2] == losses[3], "they do not compute the same"
        # Adam's steps make something of the last digits, so only its beginning can be compared.
        assert losses[4] == losses[6], "momentum differs"
        if len(times["kernel"]) == 1:
            assert np.allclose(losses[5], losses[7], atol=1e-5), "Adam differs"

    def ratio(ours: str, theirs: str) -> float:
        pairs = zip(times[ours], times[theirs], strict=True)
        return statistics.median(mine / other for mine, other in pairs)

    kept = ratio("kernel", "plain loop, activation kept")
    steps = {name: ratio(f"kernel, {name}", "kernel") for name in ALLOWED_STEPS}
    of_plain = {name: ratio(f"kernel, {name}", f"plain loop, {name}") for name in ALLOWED_STEPS}
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
        *(
            Figure(
                f"kernel / plain loop, {name}",
                f"{share:.3f}",
                f"at most {ALLOWED_OF_PLAIN}",
                share <= ALLOWED_OF_PLAIN,
            )
            for name, share in of_plain.items()
        ),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the figures; exit code 1 where the kernel is too slow."""
    return report(measure, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
