"""The words and signs that the screen uses, what they mean, and where they stand in a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from xortui.core.analysis.ends import ENDS


@dataclass(frozen=True)
class Word:
    """A word of the glossary: its name there, its meaning, and how it may be written (a regular
    expression without groups)."""

    name: str
    meaning: str
    written: str


GLOSSARY: tuple[Word, ...] = (
    Word("step k", "the state after k updates of the weights", r"[Ss]teps?"),
    Word("loss", "how far the outputs are from the labels: the mean over the N rows, L/N",
         r"[Ll]oss(?:es)?"),
    Word("L", "the loss summed over the rows: what gradient descent descends", r"L"),
    Word("ℓ, Σ", "the loss of one row; the sum of all that follows", r"[ℓΣ]+"),
    Word("gradient ∂L/∂W", "how L grows with a weight; an update goes against it",
         r"[Gg]radients?|∂L/∂[^\s.,:;)]+"),
    Word("row 01, W₁ x₂→h₁",
         "a row by its bits, a weight by its ends; in the code W1[1,0], from 0 on",
         r"[Rr]ows?(?: [01]+)?|[Ww]eights?|W[₁-₉]?|[xh][₁-₉]+→\S+"),
    Word("h₁, hidden unit", "a unit between the inputs and the output: it bends a weighted sum",
         r"h[₁-₉]+|[Hh]idden(?: units?)?|units?"),
    Word("X, bias b", "all inputs, a row each; what is added to a weighted sum whatever they are",
         r"X|b[₁-₉]*|[Bb]ias(?:es)?"),
    Word("←", "what stands on its left is replaced by what stands on its right", r"←"),
    Word("optimiser, μ, β, ε",
         "how a step follows from gradients; how much of the past counts; what is never 0",
         r"[Oo]ptimisers?|[μβ][₁₂]?|ε|momentum|[Aa]dam[Ww]?|rmsprop|nesterov|sgd"),
    Word("m₁, v₁, c₁",
         "what an optimiser keeps: a mean of past gradients, or of their squares; its correction",
         r"[mv]b?[₁-₉]+|c[₁₂]"),
    Word("λ, λ₁, E, R", "how strongly decay draws weights to 0; L without it; what it adds to L",
         r"λ₁?|[ER][₁₂]?|[Dd]ecay"),
    Word("batch, epoch",
         "the rows that a step learns from (1) or not (0); once through the whole table",
         r"[Bb]atch(?:es)?|[Ee]pochs?"),
    Word("π, ⌊x⌋", "3.14159, half of what a wave takes; x without what is behind its point",
         r"π|[⌊⌋]"),
    Word("η(k)", "the learning rate of step k, by the schedule", r"η\(k\)|schedule"),
    Word("η", "the learning rate: how long a step is; with sgd it subtracts η·gradient",
         r"η|learning rate"),
    Word("always 0.5", "the loss of answering 0.5 to every row", r"always 0\.5"),
    Word("right", "a row whose output is on its label's side of 0.5, and at most 3 away from it",
         r"right"),
    Word("z, a, ŷ, y", "a weighted sum, what the activation makes of it, the output, the label",
         r"[za][₁-₉]+|[zyŷ]"),
    Word("σ, σ′", "the activation, and its slope at z: σ(z)(1 − σ(z)) for the sigmoid",
         r"σ′?|[Aa]ctivations?|sigmoid|tanh|ReLU"),
    Word("Aᵀ", "a matrix with its rows and columns exchanged (A.T in NumPy)", r"\w+ᵀ"),
    Word("A·B, A ⊙ B",
         "the product of matrices (A @ B), and that of numbers in the same places (A * B)",
         r"(?<=[^\s·])·(?=[^\s·])|⊙"),
    Word("seed", "the number from which the first weights are drawn: the same seed, the same run",
         r"[Ss]eeds?"),
    Word("branch", "another future of the run: it starts where an edit was made in the past",
         r"[Bb]ranch(?:es)?"),
    Word("saturated",
         "an activation so near to its end that its slope, and the gradient, is almost 0",
         r"[Ss]aturate[sd]?"),
    Word("frozen *", "a weight that updates leave as it is", r"[Ff]rozen|[Ff]reeze"),
    Word("bit, parity",
         "an input, 0 or 1; 1 where an odd number of bits is 1, which is XOR for two",
         r"bits?|parity|XOR"),
    Word("plateau, saddle",
         "where the loss is almost flat; a flat place from which it falls to a side",
         r"[Pp]lateaus?|[Ss]addles?"),
    Word("local minimum",
         "where every small change makes the loss larger, and yet nothing is solved",
         r"[Ll]ocal minim(?:um|a)"),
    Word("point, test", "a row of numbers that are no bits; test points are never trained on",
         r"[Pp]oints?|[Tt]est(?: points?| loss)?"),
    Word("overfitting",
         "the test loss rises while the training loss falls: points are learned by heart",
         r"[Oo]verfit(?:ting|ted)?"),
    Word("norm",
         "the length of many numbers taken together: the root of the sum of their squares",
         r"[Nn]orms?"),
    Word("[0,1], 1e-3",
         "row 0 and column 1, counted from 0; 0.001, which is 10 to the power of −3",
         r"\w*\[\d+(?:,\d+)?\]|[+-]?\d(?:\.\d+)?e[+-]?\d+"),
)  # fmt: skip
WORDS = {word.name: word.meaning for word in GLOSSARY}
# How a run stands is said in words, too; of some the glossary says more.
ALL_WORDS: tuple[Word, ...] = (
    *GLOSSARY,
    *(
        Word(name, meaning, f"[{name[0]}{name[0].upper()}]{name[1:]}")
        for name, meaning in ENDS.items()
        if not any(re.fullmatch(word.written, name) for word in GLOSSARY)
    ),
)


@cache
def _pattern() -> re.Pattern[str]:
    """Any word that stands alone, the longest first; its group is called w and its place."""
    places = sorted(range(len(ALL_WORDS)), key=lambda place: -len(ALL_WORDS[place].written))
    choices = "|".join(f"(?P<w{place}>{ALL_WORDS[place].written})" for place in places)
    # Signs stand anywhere, but of words only whole ones count.
    begins, ends = r"(?:(?=\W)|(?<![\w.])(?=\w))", r"(?:(?<=\W)|(?<=\w)(?![^\W²]))"
    return re.compile(f"{begins}(?:{choices}){ends}")


def _found(text: str) -> Iterator[tuple[Word, int, int]]:
    for found in _pattern().finditer(text):
        assert found.lastgroup is not None
        yield ALL_WORDS[int(found.lastgroup[1:])], found.start(), found.end()


def word_at(text: str, column: int) -> Word | None:
    """The word of the glossary that stands at a column of a line, or None."""
    return next((word for word, start, end in _found(text) if start <= column < end), None)


def words_in(text: str) -> list[Word]:
    """The words of the glossary in a line, each once, in their order."""
    return list(dict.fromkeys(word for word, _, _ in _found(text)))
