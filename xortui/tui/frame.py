"""Frame: everything that the screen shows at one moment."""

from dataclasses import dataclass

from xortui.core.training.breakpoints import Breakpoint
from xortui.core.training.snapshot import BranchSummary, Snapshot
from xortui.tui.operation_cursor import OperationCursor
from xortui.tui.pacing import STARTING_SPEED


@dataclass(frozen=True, eq=False)
class Frame:
    """One step's numbers, where inside the step we stand, and how the run goes on.

    `cursor` is None between steps. `rate` is in steps a second, `speed` one of pacing.SPEEDS.
    `seeking` is the step that a long seek is on its way to, `goal` what a run goes on to.
    `replayed` is the share of a file's branches that is replayed, while that goes on. `show_fault`
    is whether the operation that a mistake was built into is marked, and the mistake named.
    `beside` is a run of something else, whose losses are shown beside this one's.
    """

    snapshot: Snapshot
    cursor: OperationCursor | None = None
    running: bool = False
    rate: float = 0.0
    speed: int = STARTING_SPEED
    seeking: int | None = None
    goal: Breakpoint | None = None
    replayed: float | None = None
    show_fault: bool = True
    beside: BranchSummary | None = None

    def is_same_but_for_pace(self, other: "Frame") -> bool:
        """Whether all that panes show of the run, and of where we stand in it, is the other's."""
        mine, its = self.snapshot, other.snapshot
        return mine is its and self.cursor is other.cursor and self.show_fault == other.show_fault
