"""What a report says, in sentences."""

from xortui.core.debug.edits import LineEdit
from xortui.core.debug.mistakes import MISTAKES
from xortui.core.debug.trouble import TROUBLES

# Why it matters, and what belongs there: the line's mathematics in plain words.
WHY: dict[str, str] = {
    "derivative-left-out": "On its way back through an activation the error is multiplied by the "
    "activation's slope: a·(1 − a) for a sigmoid, 1 − a² for tanh.",
    "output-slope-missing": "No loss for this output has such a gradient: the error of the output "
    "is multiplied by the slope of the output's activation.",
    "derivative-of-activated": "The slope function activates its argument itself: it wants the "
    "weighted sum z, and is given a = f(z).",
    "derivative-given-z": "a·(1 − a) is the slope of a sigmoid only where a is its output; here it "
    "is the weighted sum z.",
    "derivative-taken-twice": "The slope belongs into the error of a layer once.",
    "hidden-error-from-raw-error": "What goes back through the weights is ∂L/∂z of the layer "
    "above, which holds the slope of that layer; here it is the error without that slope.",
    "weight-used-after-update": "The error goes back through the weights that made the output; "
    "here they have been changed already. Work out all gradients first, then update.",
    "matrix-turned-round": "The shapes fit by chance, since the matrix is square.",
    "bias-gradient-not-summed": "Every pattern has a share in the gradient of a bias: they are "
    "added up.",
    "bias-gradient-summed-over-units": "Every unit has a bias of its own: its gradient is summed "
    "over the patterns, and not over the units.",
    "sign": "This update goes up the loss instead of down, or the error changes sign on the way.",
    "scale-of-one-array": "Together the updates no longer point straight down the loss: one "
    "part of the network learns faster than the others.",
    "whole-numbers": "An array that is made of whole numbers keeps no fractions: write its numbers "
    "as 1.0, or add dtype=float where it is made.",
    "labels-broadcast": "NumPy subtracts every label from every output, instead of each label from "
    "its own output.",
    "product-kind": "An error goes back through the weights by a product of matrices, and is "
    "multiplied by a slope element by element. Here the shapes fit by chance.",
    "weights-left-out": "The error of a hidden unit is the error of the units above, times the "
    "weights that lead to them.",
    "rows-not-summed": "The gradients of the other patterns are thrown away.",
    "wrong-layer-input": "The gradient of a weight is the error of its layer times what came into "
    "that layer.",
    "momentum-misapplied": "Momentum adds a share of the last change of the weights.",
}

NO_NETWORK = "There is no neural network in it that xortui can recognise."
NOT_FOLLOWED = (
    "It trains something, but xortui cannot follow it from its inputs to its output and labels."
)
UNKNOWN_OPTIMISER = (
    "Its updates follow no loss and no optimiser that xortui knows, so xortui cannot judge them."
)


def not_judged(names: list[str]) -> str:
    """What is said of updates that nobody can judge: those of `names`, or all."""
    if not names:
        return UNKNOWN_OPTIMISER
    several = len(dict.fromkeys(names)) > 1
    return (
        f"The updates of {' and '.join(dict.fromkeys(names))} follow no loss and no optimiser that "
        f"xortui knows, so xortui cannot judge {'those' if several else 'these'}. All others are "
        "right."
    )


def sentence(
    mistake: str | None, line: int | None, learns: bool | None, trouble: tuple[str, ...]
) -> str:
    """The verdict in one sentence (or two, where it learns in spite of a mistake)."""
    if mistake is not None:
        what = MISTAKES[mistake]
        first = f"Line {line}: {what}." if line is not None else f"The gradients are wrong: {what}."
        return f"{first} It learns in spite of that." if learns else first
    if learns:
        return "All gradients are right, and it learns."
    if learns is None:
        return "All gradients are right."
    why = " ".join(TROUBLES[one] for one in trouble)
    return f"All gradients are right, but it does not learn. {why}".strip()


def with_modules(sentence: str, modules: tuple[str, ...]) -> str:
    """A sentence on what was not found, and what the script imports from beside it."""
    if not modules:
        return sentence
    several = len(modules) > 1
    return (
        f"{sentence} It imports {' and '.join(modules)}, and xortui does not look into "
        f"{'those files' if several else 'that file'}: put all of it into one."
    )


def suggestion(edits: list[LineEdit] | None) -> str | None:
    """The lines as they could be, without their indentation."""
    if not edits:
        return None
    ordered = sorted(edits, key=lambda edit: edit.first)
    return "\n".join(line.strip() for edit in ordered for line in edit.text.split("\n"))
