"""How long a sweep would take on this machine, and how many processes are worth starting."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.batched_kernel import LANES, SweepKernel, fitting_networks
from xortui.core.sweep.block import START, Block, networks_per_block
from xortui.core.sweep.plan import Plan
from xortui.core.sweep.processes import processors
from xortui.core.sweep.runner import MAX_PROCESSES, places
from xortui.core.training.exact_kernel import exact_kernel, is_trained_exactly, stacked_networks

# Networks of a recipe that are tried.
_SAMPLED = 256

# Training takes this much more than its kernels do: what was solved is noted, the rest is judged.
_AROUND_KERNELS = 1.15

# What starting processes takes. A sweep that takes less than ALONE_SECONDS has none.
STARTING_SECONDS = 0.4
ALONE_SECONDS = 1.0


@dataclass(frozen=True)
class Estimate:
    """That a sweep will take about `seconds` with so many processes, all that are worth it."""

    seconds: float
    processes: int = 1


def estimated(plan: Plan, processes: int | None = None, budget: float = 0.3) -> Estimate:
    """How long a plan would take on this machine, from rates measured for `budget` seconds or so.

    `processes` bounds how many share the work (default: one for each processor). Networks that
    diverge need less time.
    """
    rates = _measured_rates(plan, budget)
    return shared_out(plan, rates, min(processes or processors(), MAX_PROCESSES))


def shared_out(plan: Plan, rates: Sequence[float], processes: int) -> Estimate:
    """The estimate from the seconds that a step of one network takes, for each recipe.

    A rate is that of blocks as large as one process would have them. Smaller ones, one for every
    process, cost more: see `Block.spent`.
    """
    alone = sum(rates) * len(plan.seeds) * plan.steps
    if alone <= ALONE_SECONDS or processes == 1:
        return Estimate(alone)
    costs = []
    for place in places(plan, processes):
        usual = min(networks_per_block(plan.recipes[place.cell]), len(plan.seeds))
        share = (place.count + START) / (usual + START) * usual
        costs.append(rates[place.cell] * plan.steps * share)
    processes = min(processes, len(costs))
    shared = max(sum(costs) / processes, max(costs)) + STARTING_SECONDS
    return Estimate(shared, processes) if shared < alone else Estimate(alone)


def _measured_rates(plan: Plan, budget: float) -> list[float]:
    """For each recipe, the seconds that a step of one network takes, on the average of networks.

    The rates of training together and of training exactly are measured for every kind of network;
    and for every recipe, how many of a few networks have to be trained exactly, as far as their
    first steps tell: more may later. All of it takes `budget` seconds or so.
    """
    kinds = [replace(recipe, init="uniform", learning_rate=0.1) for recipe in plan.recipes]
    networks, part = len(plan.seeds), budget / 3
    each = part / len(set(kinds))
    together_of = lru_cache(maxsize=None)(lambda kind: _rate_together(kind, networks, each))
    exactly_of = lru_cache(maxsize=None)(lambda kind, count: _rate_exactly(kind, count, each))
    rates = []
    for recipe, kind in zip(plan.recipes, kinds, strict=True):
        if is_trained_exactly(recipe):
            rates.append(exactly_of(kind, networks))
            continue
        sample = Block(recipe, np.array(plan.seeds[:_SAMPLED]))
        sample.advance(plan.steps, 0)  # only draws
        sample.advance(plan.steps, part / len(kinds))
        together, share = together_of(kind), float(sample.is_exact.mean())
        # Rounded to a power of two, so that not every recipe needs a measurement of its own.
        count = 1 << round(share * networks).bit_length()
        # Those that are trained exactly were trained with the others before, half of the way or so.
        rates.append(together + share * (exactly_of(kind, count) - together / 2))
    return [_AROUND_KERNELS * rate for rate in rates]


def _rate_together(recipe: Recipe, networks: int, seconds: float) -> float:
    """Seconds for one step of one network, trained together with the others."""
    width = min(fitting_networks(recipe), -(-networks // LANES) * LANES)
    kernel = SweepKernel(recipe, width)
    kernel.parameters[...] = Network(recipe).initial_parameters()[:, None]
    together = _duration(lambda: kernel.trusted(kernel.run(0, kernel.most_steps)), seconds)
    return together / (min(width, networks) * kernel.most_steps)


def _rate_exactly(recipe: Recipe, networks: int, seconds: float) -> float:
    """Seconds for one step of one network, trained exactly; of few networks each takes longer."""
    exact = exact_kernel(recipe, min(stacked_networks(recipe), networks))
    parameters = np.tile(Network(recipe).initial_parameters(), (exact.networks, 1))
    exactly = _duration(lambda: exact.run(0, parameters, exact.most_steps), seconds)
    return exactly / (exact.networks * exact.most_steps)


def _duration(call: Callable[[], object], seconds: float) -> float:
    """How long a call takes, measured for so many seconds."""
    call()
    calls, started = 0, time.perf_counter()
    while not calls or time.perf_counter() < started + seconds:
        call()
        calls += 1
    return (time.perf_counter() - started) / calls
