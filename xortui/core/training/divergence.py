"""Where a run that diverged broke: the first number that is not finite."""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xortui.core.model.names import notation
from xortui.core.model.network import Result
from xortui.core.model.operation import Operation

# The words for numbers that are none, everywhere: on the screen, in reports, in files.
NAN, INFINITE = "NaN", "inf"


@dataclass(frozen=True)
class Break:
    """The first operation whose result was not finite: in the step that starts at `step`.

    `word` is what came out of it: inf or NaN. `then_nan` is the first operation after it whose
    result has a NaN, or None.
    """

    step: int
    operation: Operation
    word: str
    then_nan: Operation | None

    @property
    def sentence(self) -> str:
        """What broke, in words: at step 255 ℓ = ½(ŷ − y)² became inf."""
        return f"at step {self.step:,} {self.operation.formula} became {self.word}"

    @property
    def reason(self) -> str:
        """Why, and what comes of it, in a sentence."""
        most = f"The largest number that a float can hold is {sys.float_info.max:.1e}"
        if self.then_nan is None:
            return f"{most}."
        name = notation(self.then_nan.target)
        return f"{most}; then {name} is NaN: 0·inf and inf − inf have no value."


def word_for(value: float) -> str:
    """NaN, +inf or -inf for a number that is not finite."""
    return NAN if np.isnan(value) else f"{value:+}"


def figure(value: float, form: str) -> str:
    """A number in the format that is asked for; NaN by its name."""
    return NAN if math.isnan(value) else format(value, form)


def first_broken(step: int, results: Sequence[Result]) -> Break | None:
    """The first of a step's operations whose result is not finite; None where all are."""
    broken = [result for result in results if not np.isfinite(result.value).all()]
    if not broken:
        return None
    # What makes both has overflowed: its NaNs come of inf.
    word = INFINITE if np.isinf(broken[0].value).any() else NAN
    nans = (result.operation for result in broken[1:] if np.isnan(result.value).any())
    return Break(step, broken[0].operation, word, next(nans, None))
