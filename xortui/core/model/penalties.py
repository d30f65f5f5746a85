"""What decay adds to the loss: a penalty on large parameters, one entry each.

Imports no NumPy, as recipes do not. As in PyTorch, all parameters decay, biases included; the L2
penalty is what `weight_decay` of `torch.optim` stands for, which is given its gradient alone, see
https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xortui.core.model.optimisers import UpdateLine


@dataclass(frozen=True)
class Penalty:
    """A term of L that grows with the parameters.

    `field` is the number of the recipe that scales it, `title` what a person calls that number, and
    `target` what the term is called.
    `before` is what stands before the sum and `size` the share of one array `{W}`, as NumPy text;
    `before_notation` and `size_notation` are the same as a person writes it. `gradient` is its
    derivative by an array `W`, `gradient_notation` the same as a person writes it, and the `words`
    are what there is to say of the term and of its derivative.
    """

    field: str
    title: str
    target: str
    before: str
    before_notation: str
    size: str
    size_notation: str
    words: str
    gradient: str
    gradient_notation: str
    gradient_words: str

    def expression(self, arrays: Sequence[str]) -> str:
        """The term, over all arrays of parameters, as NumPy text."""
        sizes = " + ".join(self.size.format(W=name) for name in arrays)
        return f"{self.before} * ({sizes})"

    def formula(self, notations: Sequence[str]) -> str:
        """The term as a person writes it; `notations` is how the arrays are written."""
        sizes = " + ".join(self.size_notation.format(W=name) for name in notations)
        return f"{self.before_notation}·({sizes})"


PENALTIES: dict[str, Penalty] = {
    "weight_decay": Penalty(
        field="weight_decay",
        title="the weight decay",
        target="R2",
        before="weight_decay / 2",
        before_notation="½·λ",
        size="({W} ** 2).sum()",
        size_notation="Σ {W}²",
        words="The L2 penalty: half of λ times the sum of all squared parameters.",
        gradient="weight_decay * W",
        gradient_notation="λ·W",
        gradient_words="the derivative of ½λw² is λ·w, so each parameter is drawn towards 0 by a "
        "share of itself",
    ),
    "l1": Penalty(
        field="l1",
        title="the scale of the L1 penalty",
        target="R1",
        before="l1",
        before_notation="λ₁",
        size="np.abs({W}).sum()",
        size_notation="Σ |{W}|",
        words="The L1 penalty: λ₁ times the sum of the sizes of all parameters.",
        gradient="l1 * np.sign(W)",
        gradient_notation="λ₁·sign(W)",
        gradient_words="the derivative of λ₁|w| is λ₁ with the sign of w, and 0 is taken at the "
        "kink w = 0, so all parameters are drawn towards 0 equally",
    ),
}


def gradient_line(penalties: Sequence[Penalty]) -> UpdateLine:
    """The line that adds the penalties' derivatives to that of the rows' losses, `eW`."""
    words = "; ".join(penalty.gradient_words for penalty in penalties)
    return UpdateLine(
        "dW",
        " + ".join(["eW", *(penalty.gradient for penalty in penalties)]),
        " + ".join(["∂L/∂W = ∂E/∂W", *(penalty.gradient_notation for penalty in penalties)]),
        f"L is a sum, and so is its derivative: {words}.",
    )
