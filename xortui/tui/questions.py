"""What is asked in one line: the question, a hint, what stands there at first, what it may mean."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from textual.app import App

from xortui.core.model.names import parameter_name
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import ALLOWED, RecipeError, parse_field
from xortui.core.training.breakpoints import Breakpoint
from xortui.core.training.changes import parse_changes
from xortui.core.training.edit import Edit
from xortui.core.training.goto import PLACES, find_place
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer
from xortui.tui import answers

SETS = "enter sets it, z undoes it, escape cancels"
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Question(Generic[Answer]):
    """`understand` says what an answer means; it raises ValueError with one sentence."""

    words: str
    hint: str
    value: str
    understand: Callable[[str], Answer]


async def ask(
    app: App[object], question: Question[Answer], take: Callable[[Answer], object]
) -> None:
    """Ask for a line of text; `take` is given what it means, if there is an answer."""
    from xortui.tui.screens.ask import Ask  # not needed for the first frame

    def take_answer(answer: Answer | None) -> None:
        if answer is not None:
            take(answer)

    asked = question.words, question.hint, question.value, question.understand
    await app.push_screen(Ask(*asked), take_answer)


def place(trainer: Trainer) -> Question[int | Breakpoint]:
    """Where to go in the run."""
    hint = (
        f"{PLACES}\nThe run goes on to what has not been so yet.\nenter goes there, escape cancels"
    )
    return Question("Go to", hint, "", partial(find_place, trainer=trainer))


def noise() -> Question[float]:
    """How much noise."""
    words = "Add noise with this standard deviation to every weight"
    hint = "0.1 changes a weight a little, 1 a lot\nenter adds it, z undoes it, escape cancels"
    return Question(words, hint, "0.1", answers.positive)


def learning_rate(recipe: Recipe) -> Question[float]:
    """Another learning rate."""

    def understand(text: str) -> float:
        try:
            return replace(Recipe(), learning_rate=parse_field("learning_rate", text)).learning_rate
        except RecipeError as error:
            raise ValueError(error.called("η")) from None

    hint = f"η says how long a step is.\n{SETS}"
    return Question("The learning rate η =", hint, f"{recipe.learning_rate:g}", understand)


def optimiser(recipe: Recipe) -> Question[tuple[Edit, ...]]:
    """Another optimiser, decay, batch or schedule."""
    hint = (
        f"{ALLOWED['optimiser']}\nand momentum= beta2= epsilon= weight-decay= l1=\n"
        "batch=2 shuffle=true schedule=cosine:5000\n"
        "Another optimiser starts with nothing kept.\n"
        "enter sets it, z undoes change by change, escape cancels"
    )
    return Question("The optimiser =", hint, recipe.optimiser, partial(parse_changes, recipe))


def weight(recipe: Recipe, name: str, value: float) -> Question[float]:
    """Another value of a parameter."""
    words = f"{parameter_name(recipe, name)} ="
    return Question(words, f"{name} in the code\n{SETS}", repr(value), answers.parse_number)


def saved_run() -> Question[tuple[str, RunFile]]:
    """Which file to open."""
    hint = "a file saved with ctrl+s\nenter opens it, escape cancels"
    return Question("Open the run in", hint, "", answers.run_in_file)
