"""How long a sweep would take on this machine."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np

from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.batched_kernel import LANES, SweepKernel, fitting_networks
from xortui.core.sweep.block import Block
from xortui.core.sweep.plan import Plan
from xortui.core.sweep.runner import Sweep
from xortui.core.training.exact_kernel import exact_kernel, is_trained_exactly, stacked_networks

# Networks of a recipe that are tried.
_SAMPLED = 64


def measured_seconds(plan: Plan, processes: int | None = None, budget: float = 0.3) -> float:
    """How long a plan would take on this machine, from rates measured for `budget` seconds or so.

    Networks that diverge need less.
    """
    rates = _measured_rates(plan, budget)
    seconds = sum(rates) * len(plan.seeds) * plan.steps
    return seconds / Sweep(plan, processes).processes


def _measured_rates(plan: Plan, budget: float) -> list[float]:
    """For each recipe, the seconds that a step of one network takes, on the average of networks.

    The rates of training together and of training exactly are measured for every kind of network;
    and for every recipe, how many of a few networks have to be trained exactly, as far as their
    first steps tell: more may later. All of it takes `budget` seconds or so.
    """
    kinds = [replace(recipe, init="uniform", learning_rate=0.1) for recipe in plan.recipes]
    part = budget / 3
    both_rates = lru_cache(maxsize=None)(
        lambda kind: _rates(kind, len(plan.seeds), part / len(set(kinds)))
    )
    rates = []
    for recipe, kind in zip(plan.recipes, kinds, strict=True):
        together, exactly = both_rates(kind)
        sample = Block(recipe, np.array(plan.seeds[:_SAMPLED]))
        sample.advance(plan.steps, 0)  # only draws
        sample.advance(plan.steps, part / len(kinds))
        share = float(sample.is_exact.mean())
        rates.append(together + (exactly - together) * share)
    return rates


def _rates(recipe: Recipe, networks: int, seconds: float) -> tuple[float, float]:
    """Seconds for one step of one network, trained together with others and trained exactly."""
    exact = exact_kernel(recipe, min(stacked_networks(recipe), networks))
    parameters = np.tile(Network(recipe).initial_parameters(), (exact.networks, 1))
    exactly = _duration(lambda: exact.run(0, parameters, exact.most_steps), seconds)
    exactly /= exact.networks * exact.most_steps
    if is_trained_exactly(recipe):
        return exactly, exactly
    width = min(fitting_networks(recipe), -(-networks // LANES) * LANES)
    kernel = SweepKernel(recipe, width)
    kernel.parameters[...] = parameters[:1].T
    together = _duration(lambda: kernel.trusted(kernel.run(kernel.most_steps)), seconds)
    return together / (min(width, networks) * kernel.most_steps), exactly


def _duration(call: Callable[[], object], seconds: float) -> float:
    """How long a call takes, measured for so many seconds."""
    call()
    calls, started = 0, time.perf_counter()
    while not calls or time.perf_counter() < started + seconds:
        call()
        calls += 1
    return (time.perf_counter() - started) / calls
