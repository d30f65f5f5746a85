"""Up to where two runs that differ in their last digits stay that near: how much is trusted.

The limits are those of training on a quadratic. What is trusted is a share of them, found by
training many networks of many recipes in both ways.
"""

from xortui.core.model.optimisers import OPTIMISERS
from xortui.core.model.recipe import Recipe

# Shares of the limit. With momentum it is smaller: weights that swing can be thrown up by a
# curvature that swings with them, though each value of it is harmless.
SHARE, SHARE_WITH_MOMENTUM = 0.875, 0.7
# With momentum weights swing along curvature c by √(η c) radians a step, and the swing's energy
# fades by 1 - μ a step. The quotient is its quality factor; where that is large, several swings mix
# chaotically.
MAX_QUALITY = 10.0
# Up to this share of what is trusted, a chunk may be twice as long.
CALM = 4 / 7
# A loss that has risen by more than this share within a chunk was thrown up in between; below the
# least it is all rounding. With momentum it may rise as high as the velocity carries it.
MAX_RISE, MIN_LOSS = 0.01, 1e-14


def greatest_steepness(recipe: Recipe) -> float:
    """The learning rate times curvature up to which a network is trusted.

    Differences grow above 2 in plain gradient descent, and above 2 (1 + μ) / (1 + 2 μ) with
    Nesterov's momentum μ; with momentum as it is above 2 (1 + μ), but there Nesterov's limit is
    taken, too. A swing must fade soon, too: see `MAX_QUALITY`.
    """
    momentum = recipe.momentum
    if not OPTIMISERS[recipe.optimiser].kept:
        return SHARE * 2
    stable = SHARE_WITH_MOMENTUM * 2 * (1 + momentum) / (1 + 2 * momentum)
    return min(stable, (MAX_QUALITY * (1 - momentum)) ** 2)
