"""Activations, losses and initialisers: one entry each, from which everything else takes its own.

An entry is text of NumPy. The readable network evaluates that very text, the fast loops are
compiled from it, exported programs contain it, and explanations are read off it; so a new
activation or loss is one more entry here. Imports no NumPy, as recipes do not.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Activation:
    """A unit's activation a = f(x), which rises or stays, and bends nowhere but smoothly or at 0.

    `expression` is f as NumPy text over `x`; `derivative` is da/dx as NumPy text over the
    activation `{a}`, in parentheses, and `notation` the same as a person writes it. `limits` are
    what f stays between, infinite where it has no end. `steepest` is the greatest |f'| and `bend`
    the greatest |f''| away from a kink; `has_kink` says whether f has a kink at 0. `words` is what
    there is to say of the derivative, `symbol` how f is written in formulas where that is not its
    name, and `torch` the function of PyTorch that is the same, where there is one.
    """

    expression: str
    derivative: str
    notation: str
    limits: tuple[float, float]
    steepest: float
    bend: float
    has_kink: bool = False
    words: str = "written with its output {a}"
    symbol: str = ""
    torch: str = ""

    @property
    def is_bounded(self) -> bool:
        """Whether it has an end above and an end below."""
        return all(map(math.isfinite, self.limits))

    @property
    def span(self) -> float:
        """How far apart two activations can be."""
        return self.limits[1] - self.limits[0]

    @property
    def is_never_zero(self) -> bool:
        """Whether a 0 that it gives was only rounded to 0."""
        return 0 in self.limits and not self.has_kink

    @property
    def can_be_off(self) -> bool:
        """Whether it is just 0 on one side of its kink, where no gradient comes through."""
        return self.has_kink and self.limits[0] == 0


ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Activation(
        "1 / (1 + np.exp(-x))",
        "({a} * (1 - {a}))",
        "{a}(1 − {a})",
        limits=(0.0, 1.0),
        steepest=0.25,
        bend=0.0963,
        symbol="σ",
        torch="sigmoid",
    ),
    "tanh": Activation(
        "np.tanh(x)",
        "(1 - {a} * {a})",
        "(1 − {a}²)",
        limits=(-1.0, 1.0),
        steepest=1.0,
        bend=0.7699,
        torch="tanh",
    ),
    "relu": Activation(
        "np.maximum(x, 0)",
        "({a} > 0)",
        "[{a} > 0]",
        limits=(0.0, math.inf),
        steepest=1.0,
        bend=0.0,
        has_kink=True,
        words="which is 1 above 0 and 0 below; at 0 itself it has none, and 0 is taken by "
        "convention",
        torch="relu",
    ),
}


def symbol_of(activation: str) -> str:
    """How an activation is written in formulas: σ, tanh."""
    return ACTIVATIONS[activation].symbol or activation


def _entropy(share: float) -> float:
    return -sum(part * math.log(part) for part in (share, 1 - share) if part > 0)


@dataclass(frozen=True)
class LossFunction:
    """The loss of each row, ℓ, and the activation of the output unit that goes with it.

    `expression` is ℓ as NumPy text over the output `yhat` or its weighted sum `{z}`, and `Y`;
    `notation` is how a person writes it, and `words` what it is called, and why the two agree where
    they differ. `output` is linear (then `yhat` is the weighted sum) or an activation that is ½ at
    0. `delta` is dℓ/d`{z}` as NumPy text over `yhat` and `Y`, `delta_notation` the same as a person
    writes it, and `delta_words` where it comes from; `curvature` is d²ℓ/d`{z}`² as NumPy text over
    `yhat` and `Y`, and `bend` the greatest there is. `of_one_answer` is the least mean loss of one
    answer to every row, where this share of the labels is 1. `magnitude` is the sum of the sizes of
    the parts of ℓ, which rounding errors are shares of, where that is not ℓ itself. `torch` is ℓ in
    PyTorch and `torch_import` the line that it needs, where NumPy's text will not do.
    """

    expression: str
    notation: str
    words: str
    output: str
    delta: str
    delta_notation: str
    delta_words: str
    curvature: str
    bend: float
    of_one_answer: Callable[[float], float]
    magnitude: str = "losses"
    torch: str = ""
    torch_import: str = ""


LOSSES: dict[str, LossFunction] = {
    "squared-error": LossFunction(
        "0.5 * (yhat - Y) ** 2",
        "½(ŷ − y)²",
        "half the squared error",
        output="linear",
        delta="yhat - Y",
        delta_notation="ŷ − y",
        delta_words="The derivative of ½(ŷ − y)²: how far each output is from its label. L is the "
        "sum of all ℓ, so that each row's derivative is just its own.",
        curvature="1.0",
        bend=1.0,
        of_one_answer=lambda share: 0.5 * share * (1 - share),
    ),
    "cross-entropy": LossFunction(
        "np.logaddexp(0, {z}) - Y * {z}",
        "−[y log ŷ + (1 − y) log(1 − ŷ)]",
        "cross-entropy. It is computed as log(1 + exp {z}) − y·{z}, which never takes the log of "
        "0. They agree, as ŷ = σ({z}) gives log ŷ = {z} − log(1 + exp {z}) and "
        "log(1 − ŷ) = −log(1 + exp {z})",
        output="sigmoid",
        delta="yhat - Y",
        delta_notation="ŷ − y",
        delta_words="Cross-entropy after a sigmoid: the two derivatives multiply to just ŷ − y.",
        curvature="yhat * (1 - yhat)",
        bend=0.25,
        of_one_answer=_entropy,
        magnitude="np.logaddexp(0, {z}) + Y * np.abs({z})",
        torch='binary_cross_entropy_with_logits({z}, Y, reduction="none")',
        torch_import="from torch.nn.functional import binary_cross_entropy_with_logits",
    ),
}


# The lines that draw one layer's weights from the recipe's generator `random`, {i} inputs to {o}
# outputs; the last is the weights. Biases start at 0.
INITIALISERS: dict[str, tuple[str, ...]] = {
    "uniform": ("random.random_sample(({i}, {o}))",),
    "symmetric": ("random.uniform(-1, 1, ({i}, {o}))",),
    "xavier": (
        "limit = np.sqrt(6 / ({i} + {o}))  # Glorot and Bengio (2010)",
        "random.uniform(-limit, limit, ({i}, {o}))",
    ),
    "he": (
        "deviation = np.sqrt(2 / {i})  # He et al. (2015)",
        "random.standard_normal(({i}, {o})) * deviation",
    ),
    "zeros": ("np.zeros(({i}, {o}))",),
}
