"""What is said of a run at a step: what is seen, why, and what to try."""

from dataclasses import dataclass

from xortui.core.training.snapshot import Snapshot

# What is said of a run beside the kinds of ends.py, which the sweep counts, too.
DIVERGING, UNSOLVABLE, NO_GRADIENT, SLOW = "diverging", "unsolvable", "no gradient", "slow"
HELD, NO_RATE = "held back", "no learning rate"
IDENTICAL, DEAD, SATURATION = "identical units", "dead units", "saturation"
OVERFITTING = "overfitting"


@dataclass(frozen=True)
class Diagnosis:
    """What is `seen`, `why` it happens, and what to try: a short sentence each.

    `kind` is one of `ends.py`, by the very code that judges a sweep's networks; or diverging,
    unsolvable, no gradient, slow, held back, no learning rate, identical units, dead units,
    saturation, overfitting.
    """

    kind: str
    seen: str
    why: str
    try_this: str


def rate_of(snapshot: Snapshot) -> str:
    """The learning rate in force, as it is written."""
    return f"{snapshot.recipe.learning_rate:g}"
