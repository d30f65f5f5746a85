"""RunSession: the run that the app is about, and where in it we stand. No Textual in it."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xortui.autosave import Abandoned
from xortui.core.model.recipe import Recipe
from xortui.core.training.branch import Change
from xortui.core.training.breakpoints import Breakpoint
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.run_file import RunFile
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer
from xortui.tui.open_run import OpenRun
from xortui.tui.operation_cursor import OperationCursor
from xortui.tui.recovery import Kept, Offered, Recovery


@dataclass(frozen=True)
class Edited:
    """What an edit did besides: it started a branch, or what was undone can't be made again."""

    is_branch: bool
    has_dropped: bool


class RunSession:
    """A run with its file, the runs that `o` goes on with, and the operation cursor.

    Whatever changes the run or goes elsewhere in it leaves the step: there is no cursor afterwards.
    """

    def __init__(
        self,
        trainer: Trainer,
        path: str | None = None,
        recovered: Abandoned | None = None,
        keeps_files: bool = True,
    ) -> None:
        self.run = OpenRun.of(trainer, path)
        self.recovery = Recovery(recovered, keeps_files)
        # Called after every change that no recipe would bring back.
        self.changed: Callable[[], object] = lambda: None
        self.show_fault = True
        # The person's own run, and `show_fault` in it, while a lesson shows another one.
        self._own: tuple[OpenRun, bool] | None = None

    @property
    def trainer(self) -> Trainer:
        """The trainer of the run that is shown."""
        return self.run.trainer

    @property
    def edits(self) -> tuple[tuple[int, Edit], ...]:
        """The edits of the branch on which we stand, each with its step."""
        return self.run.branch.timeline.edits

    # -- another run ---------------------------------------------------------------------------

    def start(self, recipe: Recipe) -> bool:
        """A new run, at step 0. True where the run before had edits: it is offered from now on."""
        is_set_aside = self._set_aside()
        trainer = Trainer(recipe)
        trainer.breakpoints = self.trainer.breakpoints
        self.run = OpenRun.of(trainer)
        return is_set_aside

    def start_again(self, **changes: Any) -> bool:
        """From step 0 with all that is set now but for these fields of the recipe.

        Learning rate, labels and a mistake become part of the recipe; frozen weights are frozen by
        edits at step 0, since no command line can say them. True as in `start`.
        """
        here = self.trainer.current_recipe
        original, frozen = self.run.original, here.frozen
        recipe = replace(here, frozen=(), **changes)
        is_set_aside = self.start(recipe)
        self.run.original = original
        for name in frozen:
            with contextlib.suppress(EditError):  # there is no such weight in another network
                self.trainer.edit(Edit("freeze", name))
        self.run.begun_with = self.edits
        return is_set_aside

    def is_as_it_came_but(self, field: str) -> bool:
        """Whether what is set now is what the recipe said when it came, a field left aside."""
        here = self.trainer.current_recipe
        return replace(here, **{field: getattr(self.run.original, field)}) == self.run.original

    def resume(self, offered: Offered, is_start: bool = False) -> bool:
        """Take over a saved run, at step 0. True as in `start`.

        `is_start` says that its edits make its start, and are no reason to keep it.
        """
        assert offered.run is not None
        is_set_aside = self._set_aside()
        self.recovery.resume(offered)
        trainer = offered.run.trainer()
        self.run = OpenRun(trainer, trainer.recipe, offered.saved, offered.path)
        if is_start:
            self.run.begun_with = self.edits
        return is_set_aside

    # -- a run for a while ---------------------------------------------------------------------

    @property
    def is_lent(self) -> bool:
        """Whether this is the run of a lesson, and the person's own one waits."""
        return self._own is not None

    def lend(self, trainer: Trainer, show_fault: bool = True) -> None:
        """Show another run, which is never kept, until `give_back`."""
        if self._own is None:
            self._own = self.run, self.show_fault
        self.run, self.show_fault = OpenRun.of(trainer), show_fault

    def give_back(self) -> None:
        """The own run again, as it was left."""
        if self._own is not None:
            self.run, self.show_fault = self._own
            self._own = None

    def _set_aside(self) -> bool:
        """Leave the run for another one; True where it has edits, and is offered from now on."""
        if self.is_lent:
            return False
        if self.run.is_as_begun:
            self.recovery.leave()
            return False
        self.recovery.set_aside(RunFile.of(self.trainer), self.run.path, self.run.saved)
        return True

    # -- going elsewhere in it -----------------------------------------------------------------

    def seeking(self, step: int, seconds: float) -> Iterator[int]:
        """Go to a step in slices of about `seconds`; the step reached after each."""
        self.leave_step()
        return self.trainer.seeking(step, seconds)

    def switch(self, branch: int) -> int | None:
        """Stand on another branch, where it was left.

        Gives that step where it has not been replayed from the file yet: it is still to be sought.
        """
        self.leave_step()
        self.trainer.switch(branch)
        here = self.trainer.branches[branch]
        return here.position if here.saved_frontier > self.trainer.last_step else None

    # -- inside a step -------------------------------------------------------------------------

    @property
    def operation(self) -> int | None:
        """The operation of the step that was carried out last; None between steps."""
        return self.run.inside.operation

    def move_cursor(self, operations: int, until: Sequence[Breakpoint] = ()) -> None:
        """The cursor so many operations on (or back); see `InsideStep.move`."""
        self.run.inside.move(self.trainer, operations, until)

    def leave_step(self) -> None:
        """Step out of the operations, to where the step began."""
        self.run.inside.operation = None

    def move_cell(self, by: int) -> None:
        """Choose another number of the operation's result: so many on or back, round and round."""
        self.run.inside.cell += by

    def follow(self, row: int | None) -> None:
        """Follow one row of the truth table through the operations; None: all of them."""
        self.run.inside.row, self.run.inside.cell = row, 0

    def cursor(self, snapshot: Snapshot) -> OperationCursor | None:
        """Where inside its step we stand."""
        return self.run.inside.cursor(snapshot)

    # -- edits ---------------------------------------------------------------------------------

    def edit(self, edit: Edit) -> Edited:
        """Change the run where we stand, and say what that did. Raises EditError."""
        self.leave_step()
        branches, here = len(self.trainer.branches), self.run.branch
        could_redo = bool(here.undone)
        self.trainer.edit(edit)
        self.changed()
        return Edited(len(self.trainer.branches) > branches, could_redo and not here.undone)

    def undo(self) -> Change | None:
        """Take back the last edit of this branch; None where there is none.

        The step at which it was made is still to be sought.
        """
        self.leave_step()
        change = self.trainer.undo()
        self.changed()
        return change

    def redo(self) -> Change | None:
        """Make the edit again that was taken back last; None where there is none.

        Raises EditError. The step at which it is made is still to be sought.
        """
        self.leave_step()
        change = self.trainer.redo()
        self.changed()
        return change

    def delete(self, branch: int) -> None:
        """Drop a branch. Raises EditError for the one on which we stand."""
        self.leave_step()
        self.trainer.delete(branch)
        self.changed()

    # -- what is kept --------------------------------------------------------------------------

    def save(self, path: str) -> None:
        """Write the run to a file, which holds it from now on. Raises OSError."""
        self.run.save(path)
        if not self.is_lent:
            self.recovery.autosave.remove()

    def keep_at_end(self, even_without_edits: bool) -> Kept:
        """Keep the run when the app ends, wherever that is still possible."""
        self.give_back()
        return self.recovery.keep_at_end(self.run.unsaved(even_without_edits))

    def keep_now_and_then(self) -> str:
        """In case of a power cut. Why it cannot be kept, where that was not said before."""
        own = self.run if self._own is None else self._own[0]
        return self.recovery.keep_now_and_then(own.unsaved(even_without_edits=True))
