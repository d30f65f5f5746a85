"""What is found out about a script, as frozen data: nothing here computes."""

from dataclasses import dataclass, field
from typing import Any

RIGHT_GRADIENTS, WRONG_GRADIENTS = "right gradients", "wrong gradients"
NO_NETWORK, CRASHED, NOT_TRAINED = "no network found", "crashed", "not trained"


@dataclass(frozen=True)
class NetworkFound:
    """The network in a script.

    `sizes` are inputs, hidden units and outputs, without columns of ones; `layout` is rows, columns
    or None where single numbers are used; `batch` is full, online or mini.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    bias: bool
    layout: str | None
    batch: str


@dataclass(frozen=True)
class ParameterFound:
    """One of their arrays: `cosine` and `factor` compare its updates with minus the gradient.

    `verdict` is right, wrong, not updated or unknown; `line` is where it is updated.
    """

    name: str
    role: str
    shape: tuple[int, ...]
    verdict: str
    cosine: float | None
    factor: float | None
    line: int | None


@dataclass(frozen=True)
class Start:
    """Where their training starts, and what it learns.

    `weights` [layer][input][unit] and `biases` [layer][unit] (empty where a layer has none) enter
    the sums with a plus; `rows` and `labels` are the patterns in counting order.
    """

    weights: tuple[tuple[tuple[float, ...], ...], ...]
    biases: tuple[tuple[float, ...], ...]
    rows: tuple[tuple[float, ...], ...]
    labels: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Mended:
    """Training from their start with the true gradient: losses every so many steps, and whether."""

    solved_at: int | None
    steps: int
    every: int
    losses: tuple[float, ...]


@dataclass(frozen=True)
class DebugReport:
    """Everything that `xortui debug` says about a script.

    `mistake` is a slug of `xortui.core.debug.mistakes.MISTAKES`, `line` the first wrong line,
    `learns` whether every row ends near its label (None where that was not seen), `trouble` slugs
    of `xortui.core.debug.trouble.TROUBLES`. `sentence` is the verdict in one sentence, `why` says
    more, `suggestion` is the line as it could be, in their names. `ended_badly` says that it
    crashed after the training.
    """

    script: str
    verdict: str
    sentence: str
    network: NetworkFound | None = None
    loss: str | None = None
    learning_rate: float | None = None
    optimiser: str | None = None
    parameters: tuple[ParameterFound, ...] = ()
    mistake: str | None = None
    line: int | None = None
    lines: tuple[int, ...] = ()
    learns: bool | None = None
    trouble: tuple[str, ...] = ()
    suggestion: str | None = None
    why: str = ""
    notes: tuple[str, ...] = ()
    mended: Mended | None = None
    start: Start | None = None
    ended_badly: bool = False
    source: str = field(default="", repr=False)
    output: str = field(default="", repr=False)

    @property
    def passed(self) -> bool:
        """Whether the gradients are right and it learns."""
        return self.verdict == RIGHT_GRADIENTS and bool(self.learns) and not self.ended_badly

    def to_json(self) -> dict[str, Any]:
        """The stable part, as JSON has it."""
        network = self.network
        return {
            "script": self.script,
            "network": None
            if network is None
            else {
                "sizes": list(network.sizes),
                "activations": list(network.activations),
                "bias": network.bias,
                "layout": network.layout,
                "batch": network.batch,
            },
            "loss": self.loss,
            "learning_rate": self.learning_rate,
            "optimiser": self.optimiser,
            "parameters": [
                {
                    "name": one.name,
                    "role": one.role,
                    "shape": list(one.shape),
                    "verdict": one.verdict,
                    "cosine": one.cosine,
                    "factor": one.factor,
                    "line": one.line,
                }
                for one in self.parameters
            ],
            "verdict": self.verdict,
            "mistake": self.mistake,
            "line": self.line,
            "learns": self.learns,
            "trouble": list(self.trouble),
            "sentence": self.sentence,
            "suggestion": self.suggestion,
        }
