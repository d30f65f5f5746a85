"""What keeps a network with right gradients from learning: tried out, not guessed."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from xortui.core.debug import outcome
from xortui.core.debug.activations import LINEAR
from xortui.core.debug.judge import Judgement
from xortui.core.debug.network import TheirNetwork
from xortui.core.debug.report import Mended
from xortui.core.debug.simulate import train
from xortui.core.debug.trace import Trace
from xortui.core.model.functions import Array

TROUBLES: dict[str, str] = {
    "single-layer": "There is no hidden layer, and one layer cannot separate these patterns.",
    "no-bias": "No unit has a bias.",
    "equal-start": "All hidden units start equal, get equal gradients, and stay one unit.",
    "rate-too-small": "The learning rate is too small for so many steps.",
    "rate-too-large": "The learning rate is too large.",
    "too-few-epochs": "It stops too early: it is still on its way.",
    "unlucky-seed": "The start is unlucky: other starts learn.",
    "linear-hidden": "The hidden layer has no activation: two linear layers are one.",
}

OTHER_STARTS = 24
MOST_STEPS, MOST_UPDATES = 12_000, 30_000
FACTORS = (0.01, 0.1, 0.3, 3.0, 10.0, 100.0)


@dataclass(frozen=True)
class Tried:
    """What was found by training their network in other ways."""

    trouble: tuple[str, ...]
    mended: Mended | None
    words: tuple[str, ...]


def steps_made(trace: Trace, judgement: Judgement) -> int | None:
    """How many updates the whole run made, as far as the loops tell."""
    places = [update.passes[-1].place for update in judgement.updates]
    best: tuple[int, int] | None = None
    for loop in {loop for _, loop, _ in trace.ticks}:
        ticks = [place for place, number, _ in trace.ticks if number == loop]
        turns = max(turn for _, number, turn in trace.ticks if number == loop) + 1
        turns = max([turns, *(one.turn for one in trace.windows if one.loop == loop)])
        counts = [
            bisect_right(places, after) - bisect_right(places, before)
            for before, after in pairwise(ticks)
        ]
        busy = [count for count in counts if count]
        if busy and (best is None or turns > best[0]):
            best = turns, round(float(np.median(busy)))
    return None if best is None else best[0] * best[1]


def try_out(
    trace: Trace, network: TheirNetwork, judgement: Judgement, learns: bool | None, right: bool
) -> Tried:
    """Train from their start in other ways, and say what helps."""
    trouble: list[str] = []
    words: list[str] = []
    if not network.patterns or (judgement.rate is None and right):
        return Tried((), None, ())
    x, y = outcome.patterns(network)
    start = network.steps[0].theta
    if len(network.layers) == 1:
        if not learns and not is_separable(x, y):
            trouble.append("single-layer")
    elif any(layer.function is LINEAR for layer in network.layers[:-1]):
        trouble.append("linear-hidden")
    elif not network.has_bias:
        trouble.append("no-bias")
    equal = len(network.layers) > 1 and _all_alike(network, start)
    if equal:
        trouble.append("equal-start")
    rate = judgement.rate
    done = steps_made(trace, judgement)
    if rate is None or done is None or rate <= 0 or (right and learns is not False):
        return Tried(tuple(trouble), None, ())
    batch = outcome.batch_of(network, judgement)
    most = MOST_UPDATES if batch == "online" else MOST_STEPS
    steps = min(done, most)
    kind = "online" if batch == "online" else "full"
    eta = rate if batch != "mini" else rate / 2
    momentum = judgement.momentum

    def run(starts: Array, rates: list[float], count: int) -> tuple[Array, Mended]:
        result = train(
            network, starts, x, y, np.array(rates), count, judgement.loss, kind, momentum
        )
        mended = Mended(
            result.solved(0), count, result.every,
            tuple(float(loss) for loss in result.losses[:, 0]),
        )  # fmt: skip
        return result.near, mended

    if not right:
        _, mended = run(start[None], [eta], steps)
        return Tried(tuple(trouble), mended, ())
    if equal or "single-layer" in trouble or "linear-hidden" in trouble:
        return Tried(tuple(trouble), None, ())
    others = _other_starts(network, start)
    starts = np.concatenate([np.repeat(start[None], len(FACTORS) + 1, axis=0), others])
    rates = [eta, *(eta * factor for factor in FACTORS), *[eta] * len(others)]
    near, _ = run(starts, rates, steps)
    helps = {factor: bool(near[1 + at]) for at, factor in enumerate(FACTORS)}
    share = float(near[1 + len(FACTORS) :].mean()) if len(others) else 0.0
    diverged = not np.isfinite(network.steps[-1].theta).all()
    longer = False
    if not diverged and steps == done:
        more = min(max(20 * done, 3_000), most)
        longer = bool(run(start[None], [eta], more)[0][0])
    slower = any(helps[factor] for factor in (0.01, 0.1, 0.3))
    faster = helps[10.0] or helps[100.0] or helps[3.0]
    words.append(
        f"Of {len(others)} other starts like yours, {share:.0%} learn in {steps:,} updates."
    )
    if diverged or (slower and share < 0.5):
        trouble.append("rate-too-large")
    elif longer and done < 2_000:
        trouble.append("too-few-epochs")
    elif share >= 0.5:
        trouble.append("unlucky-seed")
    elif faster:
        trouble.append("rate-too-small")
    elif longer:
        trouble.append("too-few-epochs")
    elif slower:
        trouble.append("rate-too-large")
    elif share > 0.15:
        trouble.append("unlucky-seed")
    return Tried(tuple(trouble), None, tuple(words))


def is_separable(x: Array, y: Array) -> bool:
    """Whether one layer can separate these patterns, output by output (the perceptron's rule)."""
    inputs = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    for labels in y.T:
        sides = np.where(labels > (labels.max() + labels.min()) / 2, 1.0, -1.0)
        w = np.zeros(inputs.shape[1])
        for _ in range(1_000):
            wrong = [row for row in range(len(x)) if sides[row] * (inputs[row] @ w) <= 0]
            if not wrong:
                break
            w += sides[wrong[0]] * inputs[wrong[0]]
        else:
            return False
    return True


def _all_alike(network: TheirNetwork, theta: Array) -> bool:
    """Whether all units of a hidden layer have the same weights, coming in and going out."""
    parts = network.split(theta)
    for at in range(len(network.layers) - 1):
        w, b = parts[at]
        out = np.delete(parts[at + 1][0], network.layers[at + 1].ones, axis=0)
        alike = (w == w[:, :1]).all() and (b == b[0]).all() and (out == out[:1]).all()
        if alike and network.layers[at].units > 1:
            return True
    return False


def _other_starts(network: TheirNetwork, start: Array) -> Array:
    """Starts drawn like theirs: every array with its own spread, around 0 or above it."""
    generator = np.random.default_rng(0)
    starts = np.repeat(start[None], OTHER_STARTS, axis=0)
    for parameter in network.parameters:
        slots = list(parameter.slots)
        values = start[slots]
        if np.all(values == values[0]):
            continue  # biases that start at 0 do so every time
        spread = float(np.abs(values).max())
        low = 0.0 if (values >= 0).all() and len(values) > 3 else -spread
        if spread > 1.2:
            deviation = float(np.sqrt(np.mean(values**2)))
            starts[:, slots] = generator.normal(0, deviation, (OTHER_STARTS, len(slots)))
        else:
            starts[:, slots] = generator.uniform(low, spread, (OTHER_STARTS, len(slots)))
    return starts
