"""What a number of runs says: intervals of shares, histograms."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

# The normal distribution holds 95% within so many standard deviations.
Z_95 = 1.959963984540054


def wilson_interval(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson's (1927) score interval of a share, by default that of 95%.

    Unlike the textbook's p ± z·sqrt(p(1-p)/n) it stays within 0 and 1 and is right near both ends.
    Nothing tried says nothing: (0, 1). Raises ValueError where the numbers are not a share.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a share")
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    middle = share + z * z / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    low = 0.0 if successes == 0 else (middle - half) / scale
    high = 1.0 if successes == trials else (middle + half) / scale
    return low, high


def percent(share: float, digits: int = 0) -> str:
    """A share in words, with so many decimals: never rounded up to all, nor down to nothing.

    What would be is given one decimal more, or is more than 99.9%, or less than 0.1%.
    """
    for more in range(digits, max(digits, 1) + 1):
        text = f"{100 * share:.{more}f}%"
        is_whole = float(text[:-1]) in (0, 100)
        if not is_whole:
            return text
        if share in (0, 1):
            return "100%" if share else text
    return "<0.1%" if share < 0.5 else ">99.9%"


def interval_words(interval: tuple[float, float]) -> str:
    """An interval of shares: 97.1% to 98.8%."""
    return " to ".join(percent(share, 1) for share in interval)


@dataclass(frozen=True)
class Histogram:
    """How many values lie between neighbouring edges; `edges` has one more than `counts`.

    A bin holds its lower edge; the last holds both. `left_out` counts what could not be placed: not
    finite, or on a logarithmic axis not above 0.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    left_out: int


def histogram(
    values: Iterable[float],
    bins: int,
    limits: tuple[float, float] | None = None,
    logarithmic: bool = False,
) -> Histogram:
    """The values in `bins` bins of equal width (or of equal ratio) between the limits.

    The limits are by default the least and the greatest value; values outside are left out. Raises
    ValueError for fewer than one bin, or logarithmic limits not above 0.
    """
    if bins < 1:
        raise ValueError("a histogram needs a bin")
    array = np.asarray(list(values) if not isinstance(values, np.ndarray) else values, dtype=float)
    usable = array[np.isfinite(array) & ((array > 0) | (not logarithmic))]
    if limits is None:
        limits = (float(usable.min()), float(usable.max())) if len(usable) else (1.0, 1.0)
    low, high = limits
    if logarithmic and low <= 0:
        raise ValueError("a logarithmic histogram needs limits above 0")
    if low == high:  # all values the same: one bin around them, the others empty
        low, high = (low / 2, high * 2) if logarithmic else (low - 0.5, high + 0.5)
    edges = np.geomspace(low, high, bins + 1) if logarithmic else np.linspace(low, high, bins + 1)
    counts, _ = np.histogram(usable, edges)
    return Histogram(tuple(edges.tolist()), tuple(counts.tolist()), len(array) - int(counts.sum()))
