"""The operation cursor: where inside a step we stand, and what is known there."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from xortui.core.model.network import Result
from xortui.core.model.operation import UPDATE
from xortui.core.training.snapshot import Snapshot

if TYPE_CHECKING:
    from xortui.core.explain.cell import Explanation, RowStep


@dataclass(frozen=True, eq=False)
class OperationCursor:
    """Operation number `index` of the snapshot's step has just been carried out.

    `cell` counts through the numbers of its result; `row` is the truth-table row that is followed,
    if one is.
    """

    snapshot: Snapshot
    index: int
    cell: int = 0
    row: int | None = None

    @property
    def result(self) -> Result:
        """The operation carried out last, with its numbers."""
        return self.snapshot.results[self.index]

    @property
    def writes(self) -> str:
        """The name of what the operation made: dW2, or W2+ for the updated parameters."""
        operation = self.result.operation
        return f"{operation.target}+" if operation.phase == UPDATE else operation.target

    @property
    def reads(self) -> tuple[str, ...]:
        """The names of what the operation read."""
        return self.result.operation.operands

    @cached_property
    def known(self) -> frozenset[str]:
        """The names of what has been computed in this step so far."""
        done = self.snapshot.results[: self.index + 1]
        return frozenset(
            f"{item.operation.target}+" if item.operation.phase == UPDATE else item.operation.target
            for item in done
        )

    @cached_property
    def row_step(self) -> "RowStep | None":
        """What the operation does for the row that is followed; None where it has no rows."""
        from xortui.core.explain.cell import follow_row

        if self.row is None:
            return None
        return next(iter(follow_row([self.result], self.row)), None)

    @property
    def chosen(self) -> str:
        """The name of the chosen cell: dW2[1,0], or W2+[1,0] of an update. A row's share in a sum
        has no name of its own, so there it is that of the sum."""
        index = self.explanation.index
        return f"{self.writes}[{','.join(map(str, index))}]" if index else self.writes

    @cached_property
    def explanation(self) -> "Explanation":
        """The chosen cell written out."""
        from xortui.core.explain.cell import explain_cell

        shown = self.result.value if self.row_step is None else self.row_step.value
        place = np.unravel_index(self.cell % max(1, shown.size), shown.shape) if shown.ndim else ()
        index = tuple(int(part) for part in place)
        if self.row_step is not None:
            return self.row_step.explain(index)
        return explain_cell(self.result, index)


def is_known(cursor: OperationCursor | None, name: str) -> bool:
    """Whether a value may be shown: outside a step everything, inside only what is computed."""
    return cursor is None or name in cursor.known


def mark(cursor: OperationCursor | None, name: str) -> str:
    """What the operation does with a value, in a word: read, made, or nothing."""
    if cursor is None:
        return ""
    return "made" if name == cursor.writes else "read" if name in cursor.reads else ""
