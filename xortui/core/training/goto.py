"""Places in time as a person writes them: 2500, 50%, -100, first solved, loss<0.01."""

import contextlib
import re

from xortui.core.text.whole_number import whole
from xortui.core.training.trainer import Trainer

MAX_STEPS = 10**9
PLACES = "a step (2500), 50%, -100, +100, start, end, first solved, or loss<0.01"


class GotoError(ValueError):
    """A place that cannot be understood or has not been reached. The message is one sentence."""


def find_step(text: str, trainer: Trainer) -> int:
    """The step that `text` means, seen from where the run stands. Raises GotoError."""
    words = text.strip().lower().replace(",", "").replace(" ", "")
    named = {"start": 0, "end": trainer.last_step}
    if words in named:
        return named[words]
    if words in ("firstsolved", "solved"):
        if trainer.solved_at is None:
            raise GotoError("the run has not been solved yet")
        return trainer.solved_at
    if found := re.fullmatch(r"loss<(\d*\.?\d+(?:e-?\d+)?)", words, re.ASCII):
        step = trainer.first_below(float(found[1]))
        if step is None:
            raise GotoError(f"the loss has not been below {found[1]} yet")
        return step
    if found := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)%", words, re.ASCII):
        return round(min(100.0, float(found[1])) / 100 * trainer.last_step)
    sign = words[:1] if words[:1] in ("+", "-") else ""
    digits = words[len(sign) :]
    if not (digits.isascii() and digits.isdigit()):
        raise GotoError(f"{text.strip()!r:.40} is not a step: give {PLACES}")
    with contextlib.suppress(ValueError):
        steps = whole(digits, 0, MAX_STEPS)
        step = {"": steps, "+": trainer.step_number + steps, "-": trainer.step_number - steps}[sign]
        if step <= MAX_STEPS:
            return max(0, step)
    raise GotoError(f"{text.strip()!r:.40} is too large a step: at most {MAX_STEPS:,}")
