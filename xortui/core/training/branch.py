"""Branches: the futures of a run, the edits that started them, and those that were taken back."""

from dataclasses import dataclass, field

from xortui.core.training.edit import Edit, EditError
from xortui.core.training.timeline import Timeline

MAX_BRANCHES = 8
MAX_EDITS = 10_000  # of all branches together: what a file of a run can hold, too


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


class Branches:
    """A run's branches, and the place of the one on which we stand. Trains nothing."""

    def __init__(self, branches: list[Branch], place: int) -> None:
        self._items, self.place = branches, place

    @property
    def all(self) -> tuple[Branch, ...]:
        """In the order in which they were made."""
        return tuple(self._items)

    @property
    def here(self) -> Branch:
        """The one on which we stand."""
        return self._items[self.place]

    def edit(self, step: int, edit: Edit, words: str) -> None:
        """Put an edit at `step` of the branch on which we stand, or of a new one that it starts,
        whose name begins with `words`. Raises EditError where there is no room."""
        branch = self.here
        # What came later in an earlier session may not have been replayed yet, and is kept, too.
        is_branch = max(branch.timeline.last_step, branch.saved_frontier) > step
        kept = tuple(item for item in branch.timeline.edits if item[0] <= step)
        self._check_room(1 + len(kept) if is_branch else 1, is_branch)
        timeline = branch.timeline.fork(step, (*kept, (step, edit)))
        if is_branch:
            branch.position = step
            name = f"{words} at {step:,}"
            self._add(Branch(name, timeline, parent=branch, inherited=len(kept) + 1))
        else:
            branch.timeline = timeline
            branch.undone.clear()

    def undo(self, position: int) -> tuple[Change, int] | None:
        """Take back the last edit of this branch; None where there is none.

        Gives the change, and the last step that was reached where we stand then. `position` is
        where this branch is left, if it goes.
        """
        branch = self.here
        if not branch.timeline.edits:
            return None
        step, edit = branch.timeline.edits[-1]
        parent, before = branch.parent, branch.timeline
        is_start = len(before.edits) == branch.inherited
        if is_start and parent is not None and parent in self._items:
            branch.position = position
            parent.undone.append(Undone(step, edit, branch, before, branch.saved_frontier))
            self._items = [item for item in self._items if item is not branch]
            self.place = self._items.index(parent)
            return Change(step, edit, branch.name), parent.timeline.last_step
        branch.undone.append(Undone(step, edit, None, before, branch.saved_frontier))
        branch.timeline = before.fork(step, before.edits[:-1])
        branch.saved_frontier = step if before.last_step < step else 0
        return Change(step, edit), before.last_step

    def redo(self, position: int) -> Change | None:
        """Make the edit again that was taken back last on this branch; None where there is none.

        Raises EditError where there is no room for it by now.
        """
        branch = self.here
        if not branch.undone:
            return None
        last = branch.undone[-1]
        if last.started is None:
            self._check_room(1, is_branch=False)
            branch.timeline, branch.saved_frontier = last.timeline, last.saved_frontier
        else:
            self._check_room(len(last.timeline.edits), is_branch=True)
            branch.position = position
            self._add(last.started)
        branch.undone.pop()
        return Change(last.step, last.edit, last.started.name if last.started else None)

    def switch(self, place: int, position: int) -> None:
        """Stand on another branch, this one being left at `position`. Raises IndexError where there
        is none."""
        left = self.here
        self.place = range(len(self._items))[place]
        left.position = position

    def delete(self, place: int) -> None:
        """Drop a branch on which we do not stand. Raises EditError otherwise."""
        if place == self.place:
            raise EditError("the current branch cannot be deleted: switch to another one first")
        self._items = [item for at, item in enumerate(self._items) if at != place]
        self.place -= place < self.place

    def _check_room(self, edits: int, is_branch: bool) -> None:
        """Raise EditError where the run has no room for so many edits more, or a branch."""
        if is_branch and len(self._items) == MAX_BRANCHES:
            raise EditError(f"there are {MAX_BRANCHES} branches already: delete one first")
        if edits + sum(len(item.timeline.edits) for item in self._items) > MAX_EDITS:
            raise EditError(
                f"a run can hold {MAX_EDITS:,} edits in all its branches, and this would be more: "
                "delete a branch first"
            )

    def _add(self, branch: Branch) -> None:
        """A branch more, on which we stand."""
        self._items = [*self._items, branch]
        self.place = len(self._items) - 1
