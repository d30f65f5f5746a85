"""One operation of a training step. Imports no NumPy, as recipes do not."""

import ast
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from xortui.core.model.tables import ACTIVATIONS

PHASES = FORWARD, LOSS, BACKWARD, UPDATE = "forward", "loss", "backward", "update"


@dataclass(frozen=True)
class Operation:
    """One line of a step: `target = expression`.

    `formula` is the same in standard notation, `why` a plain sentence, `phase` one of forward,
    loss, backward, update. Where a mistake was made on purpose, `fault` says what is wrong with the
    line, and `why` still what it is meant to do; elsewhere it is empty.
    """

    target: str
    expression: str
    formula: str
    why: str
    phase: str
    fault: str = ""

    @property
    def operands(self) -> tuple[str, ...]:
        """The names of the arrays and numbers that it reads, in the order they are written."""
        return _operands(self.expression)

    @property
    def code(self) -> CodeType:
        """The expression, compiled once."""
        return _code(self.expression, self.target)


# Another seed or learning rate has the same expressions.
@lru_cache(maxsize=1024)
def _operands(expression: str) -> tuple[str, ...]:
    names = [node for node in ast.walk(ast.parse(expression)) if type(node) is ast.Name]
    names.sort(key=lambda node: node.col_offset)
    functions = {"np", *ACTIVATIONS}
    return tuple(dict.fromkeys(node.id for node in names if node.id not in functions))


@lru_cache(maxsize=1024)
def _code(expression: str, target: str) -> CodeType:
    return compile(expression, f"<{target}>", "eval")
