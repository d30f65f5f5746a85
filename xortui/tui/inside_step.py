"""InsideStep: which operation of a step was carried out last, and what of it is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from xortui.core.training.breakpoints import Breakpoint
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer
from xortui.tui.operation_cursor import OperationCursor


@dataclass
class InsideStep:
    """The place of the operation in its step (None between steps), a cell of its result, a row."""

    operation: int | None = None
    cell: int = 0
    row: int | None = None

    def move(self, trainer: Trainer, operations: int, until: Sequence[Breakpoint]) -> None:
        """So many operations on (or back), over the end of a step into the next.

        `trainer.hits` then says which of the breakpoints `until` came true with that step.
        """
        count = trainer.operation_count
        for _ in range(operations):
            if self.operation is None:
                self.operation = 0
            elif self.operation + 1 < count:
                self.operation += 1
            elif trainer.run_for(0.0, at_most=1, until=until):
                self.operation = 0
        for _ in range(-operations):
            if self.operation:
                self.operation -= 1
            elif trainer.step_number:
                trainer.seek(trainer.step_number - 1)
                self.operation = count - 1
            else:
                self.operation = None
        self.cell = 0

    def cursor(self, snapshot: Snapshot) -> OperationCursor | None:
        """The cursor in the step of a snapshot; None between steps."""
        if self.operation is None:
            return None
        return OperationCursor(snapshot, self.operation, self.cell, self.row)
