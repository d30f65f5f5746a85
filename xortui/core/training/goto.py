"""Places in time as a person writes them: 2500, 50%, -100, first solved, loss<0.01, flip."""

import contextlib
import re

from xortui.core.model.recipe_fields import MAX_STEPS, REFERENCE_STEPS
from xortui.core.text.shortened import shortened
from xortui.core.text.whole_number import whole
from xortui.core.training.breakpoints import (
    LOSS,
    REFERENCE_END,
    SOLVED,
    Breakpoint,
    BreakpointError,
)
from xortui.core.training.trainer import Trainer

PLACES = "a step (2500), 50%, -100, +100, start, end, solved, loss<0.01, flip, …"


class GotoError(ValueError):
    """A place that cannot be understood or has not been reached. The message is one sentence."""


def find_place(text: str, trainer: Trainer) -> int | Breakpoint:
    """What `text` means, seen from where the run stands: a step, or what to run on to.

    The latter where it has not been so yet (solved, a loss), or is asked for from here on. Raises
    GotoError.
    """
    words = text.strip().lower().replace(" ", "")
    named = {"start": 0, "end": trainer.last_step}
    if words in named:
        return named[words]
    with contextlib.suppress(BreakpointError):
        event = Breakpoint.parse(words.removeprefix("first"))
        step, is_known = _reached(event, trainer), event.kind in (SOLVED, LOSS)
        if step is None and (trainer.at_end or (is_known and trainer.diverged_at is not None)):
            raise GotoError(
                f"it has not come to that: the run diverged at step {trainer.diverged_at:,}"
            )
        return event if step is None else step
    if found := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)%", words, re.ASCII):
        return round(min(100.0, float(found[1])) / 100 * trainer.last_step)
    sign = words[:1] if words[:1] in ("+", "-") else ""
    digits = words[len(sign) :].replace(",", "")
    if not (digits.isascii() and digits.isdigit()):
        raise GotoError(f"{shortened(text.strip())} is not a step: give {PLACES}")
    with contextlib.suppress(ValueError):
        steps = whole(digits, 0, MAX_STEPS)
        step = {"": steps, "+": trainer.step_number + steps, "-": trainer.step_number - steps}[sign]
        if step <= MAX_STEPS:
            return max(0, step)
    raise GotoError(f"{shortened(text.strip())} is too large a step: at most {MAX_STEPS:,}")


def _reached(event: Breakpoint, trainer: Trainer) -> int | None:
    """The step at which it is so, where that is known."""
    if event.kind == REFERENCE_END:
        return REFERENCE_STEPS
    if event.kind == SOLVED:
        return trainer.solved_at
    return _first_below(event.limit or 0.0, trainer) if event.kind == LOSS else None


def _first_below(loss: float, trainer: Trainer) -> int | None:
    """The first step reached whose mean loss was below `loss`; None where there is none.

    The curve tells in which few steps to look; these are replayed.
    """
    curve = trainer.curve
    below = curve.low < loss
    if not below.any():
        return None
    bucket = int(below.argmax())
    start = bucket * curve.width
    if curve.first[bucket] < loss:
        return start
    with trainer.excursion():
        trainer.seek(start)
        for chunk in trainer.run(min(curve.width, curve.steps - start) - 1):
            if (chunk.losses < loss).any():
                return chunk.first + int((chunk.losses < loss).argmax())
    return None
