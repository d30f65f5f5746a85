"""Their network trained with its true gradient, from any starts, many at once.

The first axis is the run: [runs, inputs, units] weights. So a mended training, other rates and
other starts cost little more than one.
"""

from dataclasses import dataclass

import numpy as np

from xortui.core.debug.network import TheirNetwork
from xortui.core.debug.truth import true_output_delta
from xortui.core.model.functions import Array

SOLVED = 0.01  # of the mean of half the squared error, as everywhere in xortui


@dataclass(eq=False)
class TrainedRuns:
    """What became of runs: the step of the first solution (-1: none), and losses [points, runs]."""

    solved_at: Array
    near: Array
    losses: Array
    every: int

    def solved(self, run: int) -> int | None:
        step = int(self.solved_at[run])
        return None if step < 0 else step


def train(
    network: TheirNetwork,
    starts: Array,
    x: Array,
    y: Array,
    rates: Array,
    steps: int,
    loss: str,
    batch: str = "full",
    momentum: float = 0.0,
    points: int = 100,
) -> TrainedRuns:
    """Train all runs [runs, parameters] for so many updates; `online` takes row after row."""
    layers = network.layers
    ws, bs = _split(network, starts)
    vw, vb = [np.zeros_like(w) for w in ws], [np.zeros_like(b) for b in bs]
    eta = rates[:, None, None]
    runs, rows = len(starts), len(x)
    every = max(1, steps // points)
    solved_at = np.full(runs, -1)
    near: Array = np.zeros(runs, dtype=bool)
    losses = []
    low, high = float(y.min()), float(y.max())
    middle, distance = (low + high) / 2, (high - low) or 1.0
    one_row = batch == "online"
    with np.errstate(all="ignore"):
        for step in range(steps + 1):
            if step % every == 0 or step == steps:
                output = _forward(network, ws, bs, x)[1][-1]
                error = output - y
                mean = 0.5 * np.square(error).sum(axis=2).mean(axis=1)
                losses.append(mean)
                sides = ((output > middle) == (y > middle)).all(axis=(1, 2))
                near = np.asarray((np.abs(error) < 0.4 * distance).all(axis=(1, 2)))
                done = sides & (mean < SOLVED)
                solved_at[(solved_at < 0) & done] = step
            if step == steps:
                break
            if one_row:
                row = step % rows
                xs, ys = x[row : row + 1], y[row : row + 1]
            else:
                xs, ys = x, y
            inputs, activations, zs = _forward(network, ws, bs, xs)
            delta = true_output_delta(layers[-1].function, zs[-1], activations[-1], ys, loss)
            for at in range(len(layers) - 1, -1, -1):
                dw = inputs[at].transpose(0, 2, 1) @ delta
                db = delta.sum(axis=1, keepdims=True)
                if at:
                    w = np.delete(ws[at], layers[at].ones, axis=1) if layers[at].ones else ws[at]
                    slope = layers[at - 1].function.slope(zs[at - 1], activations[at - 1])
                    back = delta @ w.transpose(0, 2, 1) * slope
                vw[at] = momentum * vw[at] - eta * dw
                ws[at] = ws[at] + vw[at]
                if layers[at].bias:
                    vb[at] = momentum * vb[at] - eta * db
                    bs[at] = bs[at] + vb[at]
                if at:
                    delta = back
    return TrainedRuns(solved_at, near, np.array(losses), every)


def _split(network: TheirNetwork, thetas: Array) -> tuple[list[Array], list[Array]]:
    parts = [network.split(theta) for theta in thetas]
    ws = [np.stack([part[at][0] for part in parts]) for at in range(len(network.layers))]
    bs = [np.stack([part[at][1][None] for part in parts]) for at in range(len(network.layers))]
    return ws, bs


def _forward(
    network: TheirNetwork, ws: list[Array], bs: list[Array], x: Array
) -> tuple[list[Array], list[Array], list[Array]]:
    a = np.broadcast_to(x, (len(ws[0]), *x.shape))
    inputs, activations, zs = [], [], []
    for at, layer in enumerate(network.layers):
        if at:
            for place in layer.ones:
                a = np.insert(a, place, 1.0, axis=2)
        inputs.append(a)
        z = a @ ws[at] + bs[at]
        zs.append(z)
        a = layer.function.f(z)
        activations.append(a)
    return inputs, activations, zs
