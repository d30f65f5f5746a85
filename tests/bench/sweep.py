"""How long a sweep takes for each step and network, against the plain NumPy loop in turn.

python tests/bench/sweep.py           1,000 seeds x 10,000 steps of 2-2-1: at most 1/250, or exit 1;
                                      the same for 4,000 seeds; with momentum at most 1.6 of
                                      that, too; and Adam
python tests/bench/sweep.py --quick   the same in small, judging nothing
"""

import os
import sys
import time
from collections.abc import Iterator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from xortui.core.model.recipe import Recipe
from xortui.core.sweep.plan import Plan
from xortui.core.sweep.runner import Sweep

ALLOWED = 1 / 250
PLAIN_STEPS = 100
MANY = 4000  # networks, for which starting the calls counts little
SOLVED_OF_1000 = 981  # by 10,000 steps
ALLOWED_WITH_MOMENTUM = 1.6
MOMENTUM, ADAM = Recipe(optimiser="momentum"), Recipe(optimiser="adam", learning_rate=0.01)


def plain_loop() -> Iterator[None]:
    """The loop as a tutorial writes it, without end: 100 steps a turn."""
    bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    labels = np.array([[0], [1], [1], [0]], dtype=float)
    random = np.random.RandomState(0)
    hidden_weights, output_weights = random.rand(2, 2), random.rand(2, 1)
    while True:
        for _ in range(PLAIN_STEPS):
            activation = 1 / (1 + np.exp(-(bits @ hidden_weights)))
            output = activation @ output_weights
            loss = 0.5 * (output - labels) ** 2
            d_output = output - labels
            d_hidden = d_output @ output_weights.T * activation * (1 - activation)
            d_output_weights = activation.T @ d_output
            d_hidden_weights = bits.T @ d_hidden
            output_weights = output_weights - 0.1 * d_output_weights
            hidden_weights = hidden_weights - 0.1 * d_hidden_weights
        loss.mean()
        yield


def compare(seeds: int, steps: int) -> tuple[float, float, int]:
    """Seconds a step of the plain loop, those a step and network of a sweep, and how many solved.

    The two take turns of a few milliseconds, so that whatever else the machine does hits both.
    """
    plain = plain_loop()
    sweep = Sweep(Plan((Recipe(),), range(seeds), steps))
    turns = sweep.run()
    plain_seconds = sweep_seconds = 0.0
    plain_turns = 0
    is_done = False
    while not is_done:
        started = time.perf_counter()
        is_done = next(turns, None) is None
        between = time.perf_counter()
        for _ in range(2):
            next(plain)
        plain_turns += 2
        sweep_seconds += between - started
        plain_seconds += time.perf_counter() - between
    each = sweep_seconds / (seeds * steps)
    return plain_seconds / (plain_turns * PLAIN_STEPS), each, sweep.cells()[0].solved


def seconds_each(recipe: Recipe, seeds: int, steps: int) -> float:
    """Seconds that a sweep takes for a step of a network."""
    started = time.perf_counter()
    for _ in Sweep(Plan((recipe,), range(seeds), steps)).run():
        pass
    return (time.perf_counter() - started) / (seeds * steps)


def against_plain(recipe: Recipe, seeds: int, steps: int, rounds: int) -> float:
    """The median of a sweep's time over that of plain gradient descent, taken in turn."""
    ratios = []
    for _ in range(rounds):
        before, each, after = (
            seconds_each(one, seeds, steps) for one in (Recipe(), recipe, Recipe())
        )
        ratios.append(2 * each / (before + after))
    return sorted(ratios)[rounds // 2]


def main(arguments: list[str]) -> int:
    """Print every round's times and ratio; exit code 1 where the median ratio is too large."""
    quick = arguments == ["--quick"]
    if arguments and not quick:
        print("usage: sweep.py [--quick]", file=sys.stderr)
        return 2
    seeds, steps, rounds = (200, 200, 1) if quick else (1000, 10_000, 5)
    ratios, solved = [], 0
    for _ in range(rounds):
        plain, each, solved = compare(seeds, steps)
        ratios.append(each / plain)
        print(
            f"plain loop {plain * 1e6:5.1f} µs a step   "
            f"sweep {each * 1e9:5.1f} ns a step and network   "
            f"ratio 1/{plain / each:.0f}   solved {solved} of {seeds}"
        )
    middle = sorted(ratios)[len(ratios) // 2]
    print(f"median ratio 1/{1 / middle:.0f}, allowed 1/{1 / ALLOWED:.0f}")
    many = 200 if quick else MANY
    print(
        f"{many:,} networks: {seconds_each(Recipe(), many, steps) * 1e9:.1f} ns a step and network"
    )
    momentum = against_plain(MOMENTUM, seeds, steps, rounds)
    print(f"momentum {momentum:.2f} of plain descent, allowed {ALLOWED_WITH_MOMENTUM}")
    print(f"Adam {against_plain(ADAM, seeds, steps, 1):.1f} of plain descent")
    if quick:
        return 0
    is_fast = middle <= ALLOWED and momentum <= ALLOWED_WITH_MOMENTUM
    return 0 if is_fast and solved == SOLVED_OF_1000 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
