"""Optimisers: one entry each, from which everything else takes its own.

An entry is text of NumPy over `W`, which stands for every array of parameters in turn. The readable
network evaluates that text for one array after the other, the fast loops are compiled from it for
all parameters at once, exported programs contain it, and explanations are read off it; so a new
optimiser is one more entry here. The definitions are those of PyTorch, such as
https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html. Where a parameter is frozen it
stays as it is, and what is kept for it goes on. Imports no NumPy, as recipes do not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

# What an optimiser keeps for each parameter: an array like the parameters, named vW1 for W1.
_KEPT = re.compile(r"\b([mv])W\b")
_ARRAY = re.compile(r"\b(free_|[demv])?W\b")
# In formulas: ∂L/∂W, v, and W itself, in this order; ∂E/∂W is of the rows' losses alone.
_IN_FORMULA = re.compile(r"∂L/∂W|\b[mv]\b|\bW\b")

COUNT = "t"  # the updates so far, which some optimisers keep
DECAY = 0.01  # AdamW's weight decay, PyTorch's default


@dataclass(frozen=True)
class UpdateLine:
    """One line of an update: `target = expression`, as a person writes it, and why.

    A target without a `W` is a single number, made once for all parameters.
    """

    target: str
    expression: str
    formula: str
    why: str

    @property
    def is_single(self) -> bool:
        """Whether it makes one number, not an array for every array of parameters."""
        return not _ARRAY.search(self.target)

    def of(self, array: str, notation: str, has_frozen: bool) -> tuple[str, str, str]:
        """Target, expression and formula for one array; `notation` is how a person writes it."""
        text = self.expression if has_frozen else self.expression.replace("free_W * ", "")
        formula = self.formula if has_frozen else self.formula.replace("free⊙", "")
        kept = notation.replace("W", "")  # v₁ belongs to W₁, vb₁ to b₁
        names = {"∂L/∂W": f"∂L/∂{notation}", "W": notation, "m": f"m{kept}", "v": f"v{kept}"}
        return (
            _ARRAY.sub(rf"\g<1>{array}", self.target),
            _ARRAY.sub(rf"\g<1>{array}", text),
            _IN_FORMULA.sub(lambda found: names[found[0]], formula),
        )


@dataclass(frozen=True)
class Optimiser:
    """How gradients change the parameters.

    `lines` are the update in order; the one whose target is `W` is the last. They may read `W`, its
    gradient `dW`, what is kept for each parameter as `mW` and `vW` (0 at the start), the number of
    updates so far, this one included, as `t`, `learning_rate`, `free_W` (0 where frozen), and the
    names in `numbers`, which says for each which field of the recipe it is. `torch` is the class of
    `torch.optim` that defines it, with what it is given besides the learning rate. `words` is
    what there is to say of it in a few words. `is_adaptive` says that a step is not proportional to
    the gradient; `overshoots` why a step may go past the bottom of a valley. `decay` is its weight
    decay unless another is given; where its lines read `weight_decay`, that is no part of the loss.
    """

    lines: tuple[UpdateLine, ...]
    words: str
    torch: str
    numbers: Mapping[str, str]
    is_adaptive: bool = False
    overshoots: str = ""
    decay: float = 0.0

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The letters of what is kept for each parameter, in order: m, v."""
        found = [name for line in self.lines for name in _KEPT.findall(line.target)]
        return tuple(dict.fromkeys(found))

    @cached_property
    def counts(self) -> bool:
        """Whether it keeps the number of updates."""
        return any(line.target == COUNT for line in self.lines)

    @property
    def single_lines(self) -> tuple[UpdateLine, ...]:
        """The lines that make single numbers; they come first."""
        return tuple(line for line in self.lines if line.is_single)

    @property
    def array_lines(self) -> tuple[UpdateLine, ...]:
        """The lines for every array of parameters."""
        return tuple(line for line in self.lines if not line.is_single)

    @property
    def is_decoupled(self) -> bool:
        """Whether weight decay is a part of its update, not of the loss."""
        return "weight_decay" in self.numbers

    @property
    def definition(self) -> str:
        """Where it is defined, in a sentence."""
        return f"Defined as in PyTorch: torch.optim.{self.torch.partition(' ')[0]}."

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a recipe that mean something for it, besides the learning rate."""
        return tuple(field for field in self.numbers.values() if field != "weight_decay")

    def kept_names(self, arrays: Iterable[str]) -> Iterator[str]:
        """The names of all that is kept for these arrays: mW1, mb1, ..., vW1, ..."""
        yield from (f"{letter}{array}" for letter in self.kept for array in arrays)


_COUNT = UpdateLine(
    COUNT,
    "t + 1",
    "t ← t + 1",
    "The number of this update, counted since the optimiser began: the bias correction needs it.",
)
_CORRECTION_M = UpdateLine(
    "c1",
    "1 - np.power(beta1, t)",
    "c₁ = 1 − β₁^t",
    "The bias correction of m: m began at 0, so after t updates the weights in its mean add up to "
    "this, not yet to 1.",
)
_CORRECTION_V = UpdateLine(
    "c2",
    "1 - np.power(beta2, t)",
    "c₂ = 1 − β₂^t",
    "The bias correction of v: v began at 0, so after t updates the weights in its mean add up to "
    "this, not yet to 1.",
)
_MEAN = UpdateLine(
    "mW",
    "beta1 * mW + (1 - beta1) * dW",
    "m ← β₁·m + (1 − β₁)·∂L/∂W",
    "The first moment: a running mean of the gradient, in which older gradients fade.",
)
_MEAN_OF_SQUARES = UpdateLine(
    "vW",
    "beta2 * vW + (1 - beta2) * dW ** 2",
    "v ← β₂·v + (1 − β₂)·(∂L/∂W)²",
    "The second moment: a running mean of the squared gradient; its root says how large the "
    "gradient usually is here.",
)
_VELOCITY = UpdateLine(
    "vW",
    "momentum * vW + dW",
    "v ← μ·v + ∂L/∂W",
    "The velocity: the gradient is added to what is left of the earlier ones, as PyTorch's SGD "
    "with momentum does it.",
)
_ADAPTIVE = (
    "{} divides the gradient by its usual size: steps stay long where it is small, and go past the "
    "bottom of a valley."
)
_KEEPS_ON = (
    "With momentum steps keep their direction for a while, and go past the bottom of a valley."
)
_ADAM_NUMBERS = {"beta1": "momentum", "beta2": "beta2", "epsilon": "epsilon"}

OPTIMISERS: dict[str, Optimiser] = {
    "sgd": Optimiser(
        (
            UpdateLine(
                "W",
                "W - learning_rate * free_W * dW",
                "W ← W − η·free⊙∂L/∂W",
                "Gradient descent: against the gradient, which points uphill; η sets the length of "
                "the step.",
            ),
        ),
        words="η·gradient, no memory",
        torch="SGD",
        numbers={},
    ),
    "momentum": Optimiser(
        (
            _VELOCITY,
            UpdateLine(
                "W",
                "W - learning_rate * free_W * vW",
                "W ← W − η·free⊙v",
                "Gradient descent with momentum: against the velocity, not the gradient alone, so "
                "that steps in one direction add up.",
            ),
        ),
        words="earlier steps add up",
        torch="SGD momentum={momentum!r}",
        numbers={"momentum": "momentum"},
        overshoots=_KEEPS_ON,
    ),
    "nesterov": Optimiser(
        (
            _VELOCITY,
            UpdateLine(
                "W",
                "W - learning_rate * free_W * (dW + momentum * vW)",
                "W ← W − η·free⊙(∂L/∂W + μ·v)",
                "Nesterov's momentum: the gradient and the velocity as it will be, in PyTorch's "
                "form: the gradient is taken here, not ahead.",
            ),
        ),
        words="momentum, a step ahead",
        torch="SGD momentum={momentum!r}, nesterov=True",
        numbers={"momentum": "momentum"},
        overshoots=_KEEPS_ON,
    ),
    "rmsprop": Optimiser(
        (
            _MEAN_OF_SQUARES,
            UpdateLine(
                "W",
                "W - learning_rate * free_W * dW / (np.sqrt(vW) + epsilon)",
                "W ← W − η·free⊙∂L/∂W/(√v + ε)",
                "RMSprop: the gradient over its usual size, so that every weight takes steps of "
                "about the same length; ε keeps the divisor above 0.",
            ),
        ),
        words="gradient / usual size",
        torch="RMSprop alpha={beta2!r}, eps={epsilon!r}",
        numbers={"beta2": "beta2", "epsilon": "epsilon"},
        is_adaptive=True,
        overshoots=_ADAPTIVE.format("RMSprop"),
    ),
    "adam": Optimiser(
        (
            _COUNT,
            _CORRECTION_M,
            _CORRECTION_V,
            _MEAN,
            _MEAN_OF_SQUARES,
            UpdateLine(
                "W",
                "W - learning_rate * free_W * (mW / c1) / (np.sqrt(vW / c2) + epsilon)",
                "W ← W − η·free⊙(m/c₁)/(√(v/c₂) + ε)",
                "Adam (Kingma and Ba, 2015): the mean gradient over its usual size, both with "
                "their bias corrected; ε keeps the divisor above 0.",
            ),
        ),
        words="mean / usual size",
        torch="Adam betas=({beta1!r}, {beta2!r}), eps={epsilon!r}",
        numbers=_ADAM_NUMBERS,
        is_adaptive=True,
        overshoots=_ADAPTIVE.format("Adam"),
    ),
    "adamw": Optimiser(
        (
            _COUNT,
            _CORRECTION_M,
            _CORRECTION_V,
            _MEAN,
            _MEAN_OF_SQUARES,
            UpdateLine(
                "W",
                "W - learning_rate * free_W * weight_decay * W"
                " - learning_rate * free_W * (mW / c1) / (np.sqrt(vW / c2) + epsilon)",
                "W ← W − η·free⊙λ·W − η·free⊙(m/c₁)/(√(v/c₂) + ε)",
                "AdamW (Loshchilov and Hutter, 2019): Adam's step, and every parameter decays "
                "towards 0 by η·λ of itself, which is no part of L.",
            ),
        ),
        words="Adam, decay in the update",
        torch="AdamW betas=({beta1!r}, {beta2!r}), eps={epsilon!r}, weight_decay={weight_decay!r}",
        numbers=_ADAM_NUMBERS | {"weight_decay": "weight_decay"},
        decay=DECAY,
        is_adaptive=True,
        overshoots=_ADAPTIVE.format("AdamW"),
    ),
}


def users_of(field: str) -> str:
    """The optimisers for which a field of a recipe means something: momentum, nesterov, adam."""
    return ", ".join(name for name, entry in OPTIMISERS.items() if field in entry.fields)
