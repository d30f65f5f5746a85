"""What changed from one forward pass to the next."""

from dataclasses import dataclass

import numpy as np

from xortui.core.debug.network import Step, TheirNetwork
from xortui.core.debug.probes import runs_of_steps
from xortui.core.model.functions import Array


@dataclass(eq=False)
class Update:
    """What changed between two forward passes: `delta` of all parameters, as one flat vector.

    `passes` are those since the update before, through the same parameters.
    """

    passes: list[Step]
    theta: Array
    delta: Array
    following: Step


def updates_of(network: TheirNetwork) -> list[Update]:
    """All updates that were recorded whole."""
    found: list[Update] = []
    group: list[Step] = []
    whole = False
    several = False
    runs = runs_of_steps(network.steps)
    begins = {id(run[0]) for run in runs}
    for step in [step for run in runs for step in run]:
        follows = (
            group
            and id(step) not in begins
            and not any(group[-1].place < gap < step.place for gap in network.gaps)
        )
        if not follows:
            group, whole = [step], step.window == network.steps[0].window
            continue
        if np.array_equal(step.theta, group[-1].theta, equal_nan=True):
            group.append(step)
            several = True
            continue
        known = all(one.y is not None for one in group)
        if known and _is_sane(step.theta) and _is_sane(group[0].theta):
            update = Update(group, group[0].theta, step.theta - group[0].theta, step)
            found.append(update)
            update.passes = list(group)
            update.passes[0].whole = whole  # type: ignore[attr-defined]
        group, whole = [step], True
    if several:
        found = [one for one in found if getattr(one.passes[0], "whole", True)]
    return found


def _is_sane(theta: Array) -> bool:
    """Finite, and not so large that squares overflow: what diverged proves nothing."""
    return bool(np.isfinite(theta).all() and np.abs(theta).max(initial=0.0) < 1e12)


def rows_of(update: Update, rows: str) -> Step | None:
    """The pass, or the passes together, that an update may be the gradient of."""
    if rows == "last":
        return update.passes[-1]
    if rows == "first":
        return update.passes[0]
    first = update.passes[0]
    seen: list[bytes] = []
    xs, ys = [], []
    for step in update.passes:
        if step.x.tobytes() in seen:
            continue
        seen.append(step.x.tobytes())
        xs.append(step.x)
        ys.append(step.y)
    if any(y is None for y in ys):
        return None
    return Step(
        first.number, first.window, first.place, np.concatenate(xs),
        np.concatenate(ys),  # type: ignore[arg-type]
        first.theta, first.z, first.a, first.one,
    )  # fmt: skip
