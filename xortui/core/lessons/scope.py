"""What the names in a lesson's expressions stand for: numbers of a step, facts of the run."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from xortui.core.explain.places import UPDATED, Place, arrays_of
from xortui.core.explain.why import SnapshotAt
from xortui.core.text.shortened import shortened
from xortui.core.training.snapshot import Snapshot

NEW = "new_"

Value = Any  # a float, a truth value, or an array of either


class ExpressionError(ValueError):
    """An expression that cannot be read or has no value here. The message is one sentence."""


@dataclass(frozen=True, eq=False)
class Scope:
    """What an expression is about: a step of a run, and the run's other steps.

    `extra` are further names, such as what a learner has answered.
    """

    snapshot: Snapshot
    at: SnapshotAt
    extra: Mapping[str, float] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """What a name stands for. Raises ExpressionError."""
        if name in self.extra:
            return np.float64(self.extra[name])
        snapshot = self.snapshot
        facts = KNOWN.get(name)
        if facts is not None:
            return facts(snapshot)
        wanted = name.removeprefix(NEW) + UPDATED if name.startswith(NEW) else name
        arrays = arrays_of(snapshot)
        if wanted not in arrays:
            raise ExpressionError(f"there is nothing called {shortened(name)} here")
        return arrays[wanted]


def _or_nan(step: int | None) -> np.float64:
    return np.float64(np.nan if step is None else step)


# What can be asked of a run besides its arrays.
KNOWN: dict[str, Callable[[Snapshot], Value]] = {
    "step": lambda snapshot: np.float64(snapshot.step),
    "last_step": lambda snapshot: np.float64(snapshot.last_step),
    "rows": lambda snapshot: np.float64(len(snapshot.labels)),
    "right_rows": lambda snapshot: np.float64(snapshot.right.sum()),
    "solved": lambda snapshot: snapshot.solved,
    "diverged": lambda snapshot: snapshot.diverged,
    "solved_at": lambda snapshot: _or_nan(snapshot.solved_at),
    "diverged_at": lambda snapshot: _or_nan(snapshot.diverged_at),
    "chance_loss": lambda snapshot: np.float64(snapshot.chance_loss),
    "gradient_norm": lambda snapshot: np.float64(snapshot.gradient_norm),
    "has_bias": lambda snapshot: snapshot.recipe.bias,
    "is_xnor": lambda snapshot: snapshot.recipe.table.labels == (1, 0, 0, 1),
    "is_right": lambda snapshot: snapshot.right,
}


def place_of(node: ast.expr) -> tuple[str, tuple[int, ...]] | None:
    """Array and index of what is just the name of one number; None for anything else."""
    if isinstance(node, ast.Name):
        return node.id, ()
    if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)):
        return None
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    index = [item.value for item in inner if isinstance(item, ast.Constant)]
    if len(index) != len(inner) or not all(type(at) is int and at >= 0 for at in index):
        return None
    return node.value.id, tuple(int(str(at)) for at in index)


def named_place(node: ast.expr, scope: Scope) -> Place:
    """The place that an argument names. Raises ExpressionError."""
    found = place_of(node)
    if found is None:
        raise ExpressionError(f"{shortened(ast.unparse(node))} is not the name of a number")
    name, index = found
    name = name.removeprefix(NEW) + UPDATED if name.startswith(NEW) else name
    array = arrays_of(scope.snapshot).get(name)
    if array is not None and len(index) == 1 and array.ndim == 2 and array.shape[1] == 1:
        index = (*index, 0)
    if array is None or len(index) != array.ndim or not _is_inside(index, array.shape):
        raise ExpressionError(f"there is no number {ast.unparse(node)} here")
    return Place(name, index, scope.snapshot.step)


def _is_inside(index: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return all(at < length for at, length in zip(index, shape, strict=True))
