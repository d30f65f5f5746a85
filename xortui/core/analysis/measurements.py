"""What is measured of networks at one step: slope, curvature, what the next steps do, outputs.

Everything here is of [S] networks of one recipe at once, so that a sweep of thousands and the
status line of one run are judged by the same code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from xortui.core.model.batch import evaluate_many, gradients_of, numbers_of
from xortui.core.model.functions import Array, Flags
from xortui.core.model.network import Network
from xortui.core.model.operation import FORWARD
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.training.exact_kernel import (
    LoneKernel,
    StackKernel,
    exact_kernel,
    stacked_networks,
)
from xortui.core.training.snapshot import Snapshot

# The thresholds come from 1,000 seeds of the reference network and from samples of other recipes.
# Away from chance, none of those seeds that is solved loses less than 3% of its loss in so long.
LONG = 1_000  # the steps that are looked at, past or expected, before a run is said to be at rest
STILL = 0.01  # the least share of the loss that counts as progress over those
LEVEL = 2.5e-3  # the norm of the mean loss's gradient below which there is hardly a slope

# The step of the central differences, and the most parameters for which they are taken.
CURVATURE_STEP = 1e-4
MAX_PARAMETERS = 64
# The curvature that is more than rounding. Along the way to the minimum at 1/12 the least there is
# comes down to 1e-4; what is solved after tens of thousands of steps more had from -1e-5 on.
CURVED = 1e-8
# Hessians for so many numbers are worked out at once.
HESSIAN_NUMBERS = 200_000

AHEAD = 20  # steps that are tried to see what a run is about to do
BACKWARDS = -0.5  # the cosine between two steps' gradients below which the first one overshot
TURNING = 0.25  # the share of steps at which that has to be so
MIN_STEP = 1e-9  # what moves the loss by less than this share is rounding

# Outputs this close count as one answer; those of a plateau lie this close to the labels' mean.
ALIKE = 0.02
NEAR_CONSTANT = 0.1


def gradients(network: Network, parameters: Array) -> Array:
    """The gradients [S, P] of the summed loss at the parameters [S, P], 0 for frozen ones.

    The loss's own: a mistake made on purpose does not change how the ground slopes.
    """
    result: Array = gradients_of(_as_it_should_be(network.recipe), parameters) * network.free
    return result


def slopes(network: Network, parameters: Array) -> Array:
    """The norms [S] of the gradient of the mean loss, by what is not frozen."""
    norms: Array = np.linalg.norm(gradients(network, parameters), axis=1)
    return norms / len(network.bits)


def expected_falls(network: Network, slope: Array, losses: Array, steps: int = LONG) -> Array:
    """The share of the loss that so many steps would take off if the slope stayed as it is, [S].

    With momentum steps add up to 1/(1 - μ) of one. An adaptive optimiser's steps have about the
    length η in each of P parameters; these are taken to go straight down, which is the most.
    """
    recipe, optimiser = network.recipe, network.optimiser
    with np.errstate(all="ignore"):
        # An update goes by the slope of a sum over the batch.
        rate = recipe.learning_rate * (recipe.batch or len(network.bits))
        if optimiser.is_adaptive:
            down = recipe.learning_rate * np.sqrt(network.size) * slope
            return np.asarray(steps * down / losses)
        if optimiser.kept:
            rate /= 1 - recipe.momentum
        falls: Array = steps * rate * slope**2 / losses
    return falls


def at_rest(network: Network, parameters: Array, losses: Array) -> Flags:
    """Which networks hardly move: `LONG` steps at the present slope would lower the loss by 1%."""
    slope = slopes(network, parameters)
    result: Flags = (expected_falls(network, slope, losses) < STILL) & (slope <= LEVEL)
    return result


def least_curvatures(network: Network, parameters: Array) -> Array:
    """The least eigenvalue [S] of the summed loss's Hessian over the parameters that are free.

    By central differences of the gradient. Below 0 there is a direction that leads down, however
    small the gradient. NaN where it is not known: for ReLU and the L1 penalty, whose kinks have no
    curvature, and for networks of more than `MAX_PARAMETERS`.
    """
    least = np.full(len(parameters), np.nan)
    free = np.flatnonzero(network.free)
    recipe = network.recipe
    has_kink = ACTIVATIONS[recipe.activation].has_kink or recipe.l1 > 0
    if has_kink or not 0 < len(free) <= MAX_PARAMETERS:
        return least
    right = _as_it_should_be(network.recipe)
    moves = np.eye(network.size)[free] * CURVATURE_STEP
    for part in _parts(network, len(parameters), 2 * len(free)):
        here = parameters[part, np.newaxis]
        moved = np.concatenate([here + moves, here - moves], axis=1)
        found = gradients_of(right, moved.reshape(-1, network.size))
        found = found.reshape(*moved.shape)[..., free]
        hessian = (found[:, : len(free)] - found[:, len(free) :]) / (2 * CURVATURE_STEP)
        finite = np.isfinite(hessian).all(axis=(1, 2))
        sound = (hessian[finite] + hessian[finite].mT) / 2
        least[part][finite] = np.linalg.eigvalsh(sound)[:, 0]
    return least


def judged_at_once(network: Network) -> int:
    """How many networks are judged in some milliseconds."""
    has_curvature = network.size <= MAX_PARAMETERS
    evaluations = max(2 * network.size * has_curvature, 4 * AHEAD)
    return max(1, HESSIAN_NUMBERS // (evaluations * numbers_of(network)))


def _parts(network: Network, count: int, each: int) -> Iterator[slice]:
    size = max(1, HESSIAN_NUMBERS // (each * numbers_of(network)))
    for start in range(0, count, size):
        yield slice(start, start + size)


@dataclass(frozen=True, eq=False)
class Ahead:
    """What [S] networks do in the next steps: `losses` [steps + 1, S], the first of them now.

    `overshoots` says at how many of the steps the gradient turned back, as a share.
    """

    losses: Array
    overshoots: Array

    @property
    def jumps(self) -> Flags:
        """Which networks' steps jump back and forth."""
        result: Flags = self.overshoots >= TURNING
        return result

    @property
    def falls(self) -> Flags:
        """Which networks' loss falls as `LONG` steps would have it fall by 10% or more."""
        with np.errstate(all="ignore"):
            fallen = self.losses[0] - self.losses[-1]
            result: Flags = fallen > 10 * STILL * AHEAD / LONG * self.losses[0]
        return result

    def blows_up(self, factor: float) -> Flags:
        """Which networks' loss rises at every step, by `factor` over the last half of them.

        One that stops being finite on the way has risen.
        """
        with np.errstate(all="ignore"):
            losses = np.where(np.isfinite(self.losses), self.losses, np.inf)
            is_over = np.isinf(losses[1:])
            rises = ((losses[1:] > losses[:-1]) | is_over).all(axis=0)
            middle = losses[len(losses) // 2]
            result: Flags = rises & ((losses[-1] >= factor * middle) | is_over[-1])
        return result


def look_ahead(
    network: Network,
    parameters: Array,
    steps: int = AHEAD,
    kept: Array | None = None,
    first: int = 0,
    seeds: Sequence[int] = (),
) -> Ahead:
    """The next steps of the networks at the parameters [S, P], done as training does them.

    `kept` [S, K] is what the optimiser keeps, zeros if it is left out. `first` is the step at which
    they stand, and `seeds` [S] are theirs, where it is not the recipe's own: batches and schedule
    go by them.
    """
    seeds = seeds or (network.recipe.seed,) * len(parameters)
    kept = np.zeros((len(parameters), network.kept_size)) if kept is None else kept
    recipe = replace(network.recipe, seed=0)
    together = min(stacked_networks(recipe), 1 << (len(parameters) - 1).bit_length())
    kernel = _kernel(recipe, together)
    parts = [
        _steps_of(kernel, parameters[part], kept[part], range(first, first + steps), seeds[part])
        for part in (slice(at, at + together) for at in range(0, len(parameters), together))
    ]
    path = np.concatenate([part[0] for part in parts], axis=1)
    losses = np.concatenate([part[1] for part in parts], axis=1)
    with np.errstate(all="ignore"):
        moves = np.diff(path, axis=0)
        sizes = np.linalg.norm(moves, axis=2)
        cosines = (moves[1:] * moves[:-1]).sum(axis=2) / (sizes[1:] * sizes[:-1])
        # About what a step takes off the loss: where that is rounding, so is its direction.
        taken = sizes[:-1] ** 2 / recipe.learning_rate / len(network.bits)
        if network.optimiser.is_adaptive:
            taken = np.abs(np.diff(losses[:steps], axis=0))
        turned = (cosines < BACKWARDS) & (taken > MIN_STEP * losses[: steps - 1])
    return Ahead(losses, turned.mean(axis=0))


def _steps_of(
    kernel: StackKernel | LoneKernel,
    parameters: Array,
    kept: Array,
    steps: range,
    seeds: Sequence[int],
) -> tuple[Array, Array]:
    """The parameters [steps + 1, S, P] and losses [steps + 1, S] of the next steps."""
    count, total = len(parameters), len(steps)
    path = np.zeros((total + 1, kernel.networks, parameters.shape[1]))
    losses = np.zeros((total + 1, kernel.networks))
    path[0, :count] = parameters
    before = np.zeros((kernel.networks, kept.shape[1]))
    before[:count] = kept
    done = 0
    while done < total:
        now = min(kernel.most_steps, total - done)
        chunk = kernel.run(steps.start + done, path[done], now, before, seeds)
        before = chunk.kept[-1].copy()
        path[done : done + now + 1] = chunk.parameters
        losses[done : done + now + 1] = chunk.losses
        done += now
    return path[:, :count], losses[:, :count]


def near_constant(network: Network, parameters: Array) -> Flags:
    """Which networks [S] give every row about one answer: the mean of the labels."""
    outputs = evaluate_many(network, parameters, (FORWARD,))["yhat"][..., 0]
    result: Flags = (np.abs(outputs - network.labels.mean()) < NEAR_CONSTANT).all(axis=1)
    return result


def shared_answer(snapshot: Snapshot) -> tuple[int, ...]:
    """The rows that share one output which is the mean of their differing labels; most of those."""
    outputs, labels = snapshot.outputs, snapshot.labels
    best: tuple[int, ...] = ()
    for output in outputs:
        group = np.abs(outputs - output) < ALIKE
        mean, answer = float(labels[group].mean()), float(outputs[group].mean())
        if 0 < mean < 1 and abs(answer - mean) < ALIKE and int(group.sum()) > len(best):
            best = tuple(np.flatnonzero(group).tolist())
    return best


@lru_cache(maxsize=8)
def _as_it_should_be(recipe: Recipe) -> Network:
    # The ground is that of all rows.
    return Network(replace(recipe, mistake=None, seed=0, batch=None, shuffle=False))


@lru_cache(maxsize=8)
def _kernel(recipe: Recipe, networks: int) -> StackKernel | LoneKernel:
    return exact_kernel(recipe, networks)
