"""Branch: one of a run's futures, and the edits that were taken back on it."""

from dataclasses import dataclass, field

from xortui.core.training.edit import Edit
from xortui.core.training.timeline import Timeline


@dataclass(eq=False)
class Branch:
    """One of the run's futures: its name, its past, and the step at which it was last left.

    `saved_frontier` is a step that was reached in an earlier session and not yet in this one.
    `parent` is the branch that it started from, if that is known, and `inherited` the number of its
    edits up to and with the one that started it. `undone` is what can be made again, the last last.
    """

    name: str
    timeline: Timeline
    position: int = 0
    saved_frontier: int = 0
    parent: "Branch | None" = None
    inherited: int = 0
    undone: "list[Undone]" = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Undone:
    """An edit that was taken back, with all that it had led to.

    That is the branch that it had started, or else the branch's past with the edit in it.
    """

    step: int
    edit: Edit
    started: Branch | None
    timeline: Timeline
    saved_frontier: int


@dataclass(frozen=True)
class Change:
    """What undo took back or redo made again: the edit at `step`.

    `branch` is the name of the branch that went with it, or came back, if one did.
    """

    step: int
    edit: Edit
    branch: str | None = None
