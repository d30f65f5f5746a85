"""Passes that only try something out: a finite difference moves one number and puts it back."""

from itertools import pairwise

import numpy as np

from xortui.core.debug.network import Step

FEW = 2


def runs_of_steps(steps: list[Step]) -> list[list[Step]]:
    """The steps without those that try something out, in runs: within one, step follows step.

    Between two passes of a finite difference one number has changed, or two: the one that was put
    back and the next. An update changes most of them. Where no change is larger, these are what
    the updates of this network are, and no trials.
    """
    moved = [int(np.count_nonzero(one.theta != other.theta)) for one, other in pairwise(steps)]
    some = len(steps) > 0 and len(steps[0].theta) > 2 * FEW and max(moved, default=0) > FEW
    runs: list[list[Step]] = []
    base: Step | None = None  # the last step before something is tried out
    trying = False
    for step, count, before in zip(steps, [0, *moved], [None, *steps], strict=False):
        follows = (
            before is not None and step.window == before.window and step.number == before.number + 1
        )
        if base is None or not follows or (trying and count > FEW and not _is_back(base, step)):
            runs.append([step])
            trying = False
        elif trying and _is_back(base, step):
            step = _at(step, base)
            runs[-1].append(step)
            trying = False
        elif trying or (some and 0 < count <= FEW):
            trying = True
            continue
        else:
            runs[-1].append(step)
        base = step
    return runs


def _is_back(base: Step, step: Step) -> bool:
    """Whether everything was put back, but for rounding."""
    off = np.abs(base.theta - step.theta).max()
    return bool(off <= 1e-12 * (1 + np.abs(base.theta).max()))


def _at(step: Step, base: Step) -> Step:
    """A step at the very parameters of another."""
    return Step(
        step.number, step.window, step.place, step.x, step.y, base.theta, step.z, step.a, step.one
    )
