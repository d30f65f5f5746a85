"""Find the bug: a lesson of one card, about a mistake that is drawn at random and hidden."""

import random

from xortui.core.lessons.expression import read
from xortui.core.lessons.lesson import Card, Choice, Lesson, Option, Stage, Text
from xortui.core.lessons.staged import MISTAKE
from xortui.core.model.mistakes import EQUAL_START, MISTAKES
from xortui.core.model.names import notation
from xortui.core.model.network import Network
from xortui.core.model.operation import BACKWARD, UPDATE, Operation
from xortui.core.model.recipe import Recipe

# How much is said, from the least to the most.
CHECK, NUMBERS, LINES = LEVELS = ("check", "numbers", "lines")
LEVEL_WORDS = {
    CHECK: "only what the gradient check says",
    NUMBERS: "the numbers of one row, too",
    LINES: "the lines of code",
}
AIM = "You can go from a symptom to the line that is wrong."


def bug_lesson(seed: int, level: str) -> Lesson:
    """The bug of a seed: a network with some mistake, and the question which line is wrong.

    The same seed has the same bug at every level.
    """
    drawn = random.Random(seed)
    recipe = Recipe(
        seed=drawn.randrange(1000),
        bias=drawn.random() < 0.5,
        activation=drawn.choice(("sigmoid", "tanh")),
    )
    possible = [name for name, item in MISTAKES.items() if not item.obstacle(recipe.setting)]
    name = drawn.choice([item for item in possible if item != EQUAL_START])
    recipe = Recipe(**{**vars(recipe), "mistake": name})
    network = Network(recipe)
    stage = Stage(
        recipe,
        view="operations" if level == LINES else "weights",
        hide=(MISTAKE,),
        fixed_seed=True,
    )
    card = Card(
        stage,
        say=_text(_say(recipe, level)),
        ask=Text("Which line is wrong?"),
        task=Choice(tuple(_options(network, level))),
        after=Text(_after(name, network)),
    )
    return Lesson(f"Find the bug: {LEVEL_WORDS[level]}", AIM, 3, (card,))


def _say(recipe: Recipe, level: str) -> str:
    """What is said of the network, with numbers in braces."""
    names = list(Network(recipe).shapes)
    verdicts = [
        f'of {notation(name)} {{verdicts(d{name}, "wrong")}} wrong and '
        f'{{verdicts(d{name}, "right")}} right'
        for name in names
    ]
    words = (
        "Something is wrong in the code of this network. The gradient check finds "
        f"{'; '.join(verdicts)}. The loss is {{loss}}, and ten steps later {{at(10, loss)}}."
    )
    if level == NUMBERS:
        words += (
            " In row 01 unit h₁ gives a₁ = {a1[1,0]}, and ŷ − y is {yhat[1] - Y[1]}. Then ∂L/∂ŷ is "
            "{dyhat[1]}, W₂ h₁→ŷ is {W2[0,0]}, ∂L/∂a₁ is {da1[1,0]}, ∂L/∂z₁ is {dz1[1,0]}. "
            "∂L/∂W₂ h₁→ŷ is {dW2[0,0]}, by differences {difference(W2[0,0], 0.00001)}; ∂L/∂W₁ "
            "x₁→h₂ is {dW1[0,1]}, by differences {difference(W1[0,1], 0.00001)}. The update makes "
            "W₂ h₁→ŷ {new_W2[0,0]}."
        )
    return words


def _text(words: str) -> Text:
    return Text(words, tuple(read(hole) for hole in Text.HOLE.findall(words)))


def _options(network: Network, level: str) -> list[Option]:
    """The operations of the backward pass one by one, and the updates together."""

    def line(operation: Operation) -> str:
        if level == LINES:
            return f"{operation.target} = {operation.expression}"
        return f"the one that makes {notation(operation.target)}"

    options = [
        Option(Text(line(item)), read(f"is_wrong({item.target})"))
        for item in network.operations
        if item.phase == BACKWARD
    ]
    updates = [item for item in network.operations if item.phase == UPDATE]
    words = "; ".join(map(line, updates)) if level == LINES else "those of the updates"
    wrong = " or ".join(f"is_wrong(new_{item.target})" for item in updates)
    return [*options, Option(Text(f"{words}, or when they are done"), read(wrong))]


def _after(name: str, network: Network) -> str:
    faults = dict.fromkeys(item.fault for item in network.operations if item.fault)
    title = MISTAKES[name].title
    return " ".join([f"{title[0].upper()}{title[1:]}.", *faults]).replace("{", "(")
