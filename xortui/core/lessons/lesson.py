"""What a lesson is: cards that set a stage, say a few sentences and ask for one thing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from xortui.core.lessons.expression import Expression
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit

# Where a card can have the learner look: the ids of the app's panes and views.
VIEWS = (
    *("truth", "weights", "loss"),
    *("operations", "surface", "diagram", "units", "space", "landscape", "norms"),
)
# The keys that a card can ask for, by their ids in the app, and what is printed on them.
KEYS: Mapping[str, str] = {
    "run": "space",
    "step": ".",
    "steps": ">",
    "operation": "n",
    "operation-back": "b",
    "back": ",",
    "why": "i",
    "check": "c",
    "mistake": "m",
    "goto": "g",
    "reset": "r",
    "seed": "N",
    "recipe": "e",
    "undo": "z",
    "nudge": "u",
    "sweep": "w",
    "help": "?",
}


@dataclass(frozen=True)
class Stage:
    """Where a card puts the run: a recipe, edits, a step, and what is looked at.

    `operation` names the array whose operation is the one carried out last; empty between steps.
    `hide` names arrays whose numbers are not shown until the task is answered. Where `fixed_seed`
    is set, the lesson is about this very seed, and no other can be chosen.
    """

    recipe: Recipe = field(default_factory=Recipe)
    edits: tuple[tuple[int, Edit], ...] = ()
    step: int = 0
    operation: str = ""
    view: str = ""
    hide: tuple[str, ...] = ()
    fixed_seed: bool = False

    def seeded(self, seed: int | None) -> "Stage":
        """The same with another seed, where the lesson allows it."""
        if seed is None or self.fixed_seed:
            return self
        return replace(self, recipe=replace(self.recipe, seed=seed))


@dataclass(frozen=True)
class Text:
    """Sentences with numbers of the run in them: "The loss is {loss}." """

    text: str
    numbers: tuple[Expression, ...] = ()

    HOLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Hint:
    """What is said to an answer for which `when` is true; there it is called `answer`."""

    when: Expression
    say: Text


@dataclass(frozen=True)
class Press:
    """Press a key: one of KEYS."""

    key: str


@dataclass(frozen=True)
class Find:
    """Find a number of the array `among` for which `right` is true; there it is called `it`."""

    among: str
    right: Expression


@dataclass(frozen=True)
class Sign:
    """Predict the sign of a number: +, - or 0."""

    answer: Expression


@dataclass(frozen=True)
class NumberTask:
    """Work out a number. `tolerance` is how far off it may be; None is one hundredth of it."""

    answer: Expression
    tolerance: float | None = None


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from: right where the expression is true. `hint` is said where
    it was chosen and is not."""

    say: Text
    right: Expression
    hint: Text | None = None


@dataclass(frozen=True)
class Choice:
    """Choose one of several answers."""

    options: tuple[Option, ...]


@dataclass(frozen=True)
class Reach:
    """Bring the run to where `until` is true. `example` is a stage where it is."""

    until: Expression
    example: Stage


Task = Press | Find | Sign | NumberTask | Choice | Reach


@dataclass(frozen=True)
class Card:
    """One card: its stage, what it says, and its task.

    `ask` is the question, `hints` what is said to wrong answers, the first whose condition holds,
    and `after` what is said when the answer is known. `show` is the number whose sum is then
    written out, by its name.
    """

    stage: Stage
    say: Text
    ask: Text
    task: Task
    hints: tuple[Hint, ...] = ()
    after: Text | None = None
    show: str = ""


@dataclass(frozen=True)
class Lesson:
    """A lesson: its title, what one can do after it, about how long it takes, and its cards."""

    title: str
    aim: str
    minutes: int
    cards: tuple[Card, ...]
