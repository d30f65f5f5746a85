"""Schedules of the learning rate: one entry each, η(k) as an expression over the step k.

The first two are defined as in PyTorch, by StepLR (gamma 0.1) and CosineAnnealingLR, see
https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate; where the cosine has
come down to 0, the rate stays there. Steps are counted from the start of the run, so a schedule
that is chosen in the middle of a run goes on from where it would be. Imports no NumPy.
"""

from dataclasses import dataclass, replace

from xortui.core.model.optimisers import UpdateLine
from xortui.core.text.whole_number import whole

CONSTANT = "constant"
RATE = "rate"  # η(k), the learning rate of the step
STEP = "step"  # k
MAX_SCHEDULE_STEPS = 10**9


@dataclass(frozen=True)
class Schedule:
    """How the learning rate goes over `n` steps.

    `expression` is η(k) as NumPy text over `learning_rate` and `step`, with `{n}`, and `formula`
    the same as a person writes it. `why` says it in a sentence, `words` in a few words; `steps` is
    n where it is not given.
    """

    expression: str
    formula: str
    why: str
    words: str
    steps: int

    def line(self, steps: int) -> UpdateLine:
        """The line that makes η(k)."""
        texts = (self.expression, self.formula, self.why)
        expression, formula, why = (text.replace("{n}", str(steps)) for text in texts)
        return UpdateLine(RATE, expression, formula, why)


SCHEDULES: dict[str, Schedule] = {
    "step": Schedule(
        "learning_rate / np.power(10, np.minimum(np.floor(step / {n}), 300))",
        "η(k) = η/10^min(⌊k/{n}⌋, 300)",
        "The learning rate of this step: every {n} steps a tenth of what it was.",
        "a tenth every n steps",
        5_000,
    ),
    "cosine": Schedule(
        "learning_rate * (1 + np.cos(np.pi * np.minimum(step / {n}, 1))) / 2",
        "η(k) = η·(1 + cos(π·min(k/{n}, 1)))/2",
        "The learning rate of this step: from η down to 0 at step {n}, along half a wave.",
        "down to 0 over n steps",
        10_000,
    ),
    "warmup": Schedule(
        "learning_rate * np.minimum((step + 1) / {n}, 1)",
        "η(k) = η·min((k + 1)/{n}, 1)",
        "The learning rate of this step: it grows evenly over the first {n} steps, and is η then.",
        "grows over the first n steps",
        100,
    ),
}
SCHEDULES_ALLOWED = (
    f"{CONSTANT}, {', '.join(f'{name}:{item.steps}' for name, item in SCHEDULES.items())} "
    "or another number of steps"
)


def canonical(text: str) -> str:
    """A schedule with its number of steps: cosine -> cosine:10000. Raises ValueError."""
    name, colon, steps = text.partition(":")
    if name == CONSTANT and not colon:
        return CONSTANT
    if name not in SCHEDULES:
        raise ValueError(f"there is no schedule called {name!r}")
    return f"{name}:{whole(steps, 1, MAX_SCHEDULE_STEPS) if colon else SCHEDULES[name].steps}"


def rate_line(schedule: str) -> UpdateLine | None:
    """The line that makes η(k); None where the rate is constant."""
    name, _, steps = schedule.partition(":")
    return SCHEDULES[name].line(int(steps)) if name in SCHEDULES else None


def with_rate(line: UpdateLine) -> UpdateLine:
    """A line of an optimiser that goes by η(k)."""
    return replace(
        line,
        expression=line.expression.replace("learning_rate", RATE),
        formula=line.formula.replace("η", "η(k)"),
    )
