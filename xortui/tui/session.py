"""RunSession: the run that the app is about, and where in it we stand. No Textual in it."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xortui.autosave import Abandoned
from xortui.core.files import same_file
from xortui.core.model.recipe import Recipe
from xortui.core.text.harmless import harmless
from xortui.core.training.branch import Branch, Change
from xortui.core.training.breakpoints import Breakpoint
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.run_file import RunFile, read_run, write_run
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer
from xortui.tui.farewell import command_to
from xortui.tui.operation_cursor import OperationCursor
from xortui.tui.recovery import Kept, Offered, Recovery


@dataclass(frozen=True)
class Edited:
    """What an edit did besides: it started a branch, or what was undone can't be made again."""

    is_branch: bool
    has_dropped: bool


@dataclass(frozen=True)
class OwnRun:
    """The person's own run and where they stood in it, while a lesson shows another one."""

    trainer: Trainer
    path: str | None
    saved: RunFile | None
    original: Recipe
    begun_with: tuple[tuple[int, Edit], ...]
    cursor: tuple[int | None, int, int | None]
    show_fault: bool


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
        self.trainer = trainer
        # The recipe as it came, from the command line, a file or a sweep.
        self.original = trainer.recipe
        self.recovery = Recovery(recovered, keeps_files)
        # The file that holds the run, and what it says. Without a file, the start; None: in none.
        self.path = path
        self.saved: RunFile | None = RunFile.of(trainer)
        if path is not None:
            with contextlib.suppress(OSError, ValueError):  # it was read a moment ago
                self.saved = read_run(path)
        # The edits that starting again has made, which are no reason to keep the run.
        self._begun_with: tuple[tuple[int, Edit], ...] = ()
        # Called after every change that no recipe would bring back.
        self.changed: Callable[[], object] = lambda: None
        self.show_fault = True
        self._operation: int | None = None
        self._cell = 0
        self._row: int | None = None
        self._own: OwnRun | None = None

    @property
    def edits(self) -> tuple[tuple[int, Edit], ...]:
        """The edits of the branch on which we stand, each with its step."""
        return self._branch.timeline.edits

    @property
    def has_edits(self) -> bool:
        """Whether a branch of the run has an edit, which no recipe would bring back."""
        return any(branch.timeline.edits for branch in self.trainer.branches)

    # -- another run ---------------------------------------------------------------------------

    def start(self, recipe: Recipe) -> bool:
        """A new run, at step 0. True where the run before had edits: it is offered from now on."""
        is_set_aside = self._set_aside()
        trainer = Trainer(recipe)
        trainer.breakpoints = self.trainer.breakpoints
        self._take_over(trainer)
        self.saved, self.original = RunFile.of(self.trainer), recipe
        return is_set_aside

    def start_again(self, **changes: Any) -> bool:
        """From step 0 with all that is set now but for these fields of the recipe.

        Learning rate, labels and a mistake become part of the recipe; frozen weights are frozen by
        edits at step 0, since no command line can say them. True as in `start`.
        """
        here = self.trainer.current_recipe
        original, frozen = self.original, here.frozen
        recipe = replace(here, frozen=(), **changes)
        is_set_aside = self.start(recipe)
        self.original = original
        for name in frozen:
            with contextlib.suppress(EditError):  # there is no such weight in another network
                self.trainer.edit(Edit("freeze", name))
        self._begun_with = self.edits
        return is_set_aside

    def is_as_it_came_but(self, field: str) -> bool:
        """Whether what is set now is what the recipe said when it came, a field left aside."""
        here = self.trainer.current_recipe
        return replace(here, **{field: getattr(self.original, field)}) == self.original

    def resume(self, offered: Offered, is_start: bool = False) -> bool:
        """Take over a saved run, at step 0. True as in `start`.

        `is_start` says that its edits make its start, and are no reason to keep it.
        """
        assert offered.run is not None
        is_set_aside = self._set_aside()
        self.recovery.resume(offered)
        trainer = offered.run.trainer()
        self._take_over(trainer, offered.path)
        self.saved, self.original = offered.saved, trainer.recipe
        if is_start:
            self._begun_with = self.edits
        return is_set_aside

    # -- a run for a while ---------------------------------------------------------------------

    @property
    def is_lent(self) -> bool:
        """Whether this is the run of a lesson, and the person's own one waits."""
        return self._own is not None

    @property
    def own_trainer(self) -> Trainer:
        """The person's own run, whatever is shown."""
        return self.trainer if self._own is None else self._own.trainer

    def lend(self, trainer: Trainer, show_fault: bool = True) -> None:
        """Show another run, which is never kept, until `give_back`."""
        if self._own is None:
            cursor = self._operation, self._cell, self._row
            self._own = OwnRun(
                self.trainer,
                self.path,
                self.saved,
                self.original,
                self._begun_with,
                cursor,
                self.show_fault,
            )
        self._take_over(trainer)
        self._cell, self.show_fault = 0, show_fault
        self.saved, self.original = RunFile.of(trainer), trainer.recipe

    def give_back(self) -> None:
        """The own run again, as it was left."""
        own, self._own = self._own, None
        if own is not None:
            self.trainer, self.path, self.saved = own.trainer, own.path, own.saved
            self.original, self._begun_with = own.original, own.begun_with
            self._operation, self._cell, self._row = own.cursor
            self.show_fault = own.show_fault

    def _set_aside(self) -> bool:
        """Leave the run for another one; True where it has edits, and is offered from now on."""
        if self.is_lent:
            return False
        if all(branch.timeline.edits == self._begun_with for branch in self.trainer.branches):
            self.recovery.leave()
            return False
        self.recovery.set_aside(RunFile.of(self.trainer), self.path, self.saved)
        return True

    def _take_over(self, trainer: Trainer, path: str | None = None) -> None:
        self.trainer, self.path = trainer, path
        self._row, self._begun_with = None, ()
        self.leave_step()

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
        return self._operation

    def move_cursor(self, operations: int, until: Sequence[Breakpoint] = ()) -> None:
        """The cursor so many operations on (or back), over the end of a step into the next.

        `trainer.hits` then says which of the breakpoints `until` came true with that step.
        """
        count = self.trainer.operation_count
        for _ in range(operations):
            if self._operation is None:
                self._operation = 0
            elif self._operation + 1 < count:
                self._operation += 1
            elif self.trainer.run_for(0.0, at_most=1, until=until):
                self._operation = 0
        for _ in range(-operations):
            if self._operation:
                self._operation -= 1
            elif self.trainer.step_number:
                self.trainer.seek(self.trainer.step_number - 1)
                self._operation = count - 1
            else:
                self._operation = None
        self._cell = 0

    def leave_step(self) -> None:
        """Step out of the operations, to where the step began."""
        self._operation = None

    def move_cell(self, by: int) -> None:
        """Choose another number of the operation's result: so many on or back, round and round."""
        self._cell += by

    def follow(self, row: int | None) -> None:
        """Follow one row of the truth table through the operations; None: all of them."""
        self._row, self._cell = row, 0

    def cursor(self, snapshot: Snapshot) -> OperationCursor | None:
        """Where inside its step we stand."""
        if self._operation is None:
            return None
        return OperationCursor(snapshot, self._operation, self._cell, self._row)

    # -- edits ---------------------------------------------------------------------------------

    def edit(self, edit: Edit) -> Edited:
        """Change the run where we stand, and say what that did. Raises EditError."""
        self.leave_step()
        branches, here = len(self.trainer.branches), self._branch
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

    @property
    def _branch(self) -> Branch:
        return self.trainer.branches[self.trainer.current_branch]

    def delete(self, branch: int) -> None:
        """Drop a branch. Raises EditError for the one on which we stand."""
        self.leave_step()
        self.trainer.delete(branch)
        self.changed()

    # -- files ---------------------------------------------------------------------------------

    def save(self, path: str) -> None:
        """Write the run to a file, which holds it from now on. Raises OSError."""
        run = RunFile.of(self.trainer)
        write_run(path, run)
        self.path, self.saved = path, run
        if not self.is_lent:
            self.recovery.autosave.remove()

    def free_name(self) -> str:
        """A name for a file of this run that no file has yet."""
        recipe = self.trainer.recipe
        stem = f"{recipe.problem[:20]}-seed-{recipe.seed}"
        name, count = f"{stem}.json", 1
        while os.path.lexists(name):
            count += 1
            name = f"{stem}-{count}.json"
        return name

    def conflict(self, path: str) -> str:
        """Why saving to `path` would lose something that is not this run's; empty where not.

        That is any file that this run did not write and was not opened from, and its own file where
        somebody else has changed it since.
        """
        if not os.path.isfile(path):
            return ""
        name = harmless(path)
        if self.path is None or not same_file(path, self.path):
            return f"{name} is there already, and this run did not write it."
        try:
            is_ours = read_run(path) == self.saved
        except (OSError, ValueError):
            is_ours = False
        return "" if is_ours else f"{name} was changed by another program since."

    def difference(self, run: RunFile) -> str:
        """How the replay of a saved run, at its position, differs from what was saved, if it does.

        Empty where it does not.
        """
        return run.difference(self.trainer) if self.trainer.step_number == run.position else ""

    def command(self) -> str | None:
        """The command line that brings this step back; None for edits that no file holds."""
        return command_to(self.trainer.snapshot(), self.path)

    # -- what is kept --------------------------------------------------------------------------

    def keep_at_end(self, even_without_edits: bool) -> Kept:
        """Keep the run when the app ends, wherever that is still possible."""
        self.give_back()
        return self.recovery.keep_at_end(self._unsaved(even_without_edits))

    def keep_now_and_then(self) -> str:
        """In case of a power cut. Why it cannot be kept, where that was not said before."""
        return self.recovery.keep_now_and_then(self._unsaved(even_without_edits=True))

    def _unsaved(self, even_without_edits: bool) -> RunFile | None:
        """The own run, if it is not saved and has something to lose."""
        saved = self.saved if self._own is None else self._own.saved
        run = RunFile.of(self.own_trainer)
        has_edits = any(branch.timeline.edits for branch in self.own_trainer.branches)
        has_more = has_edits or (even_without_edits and run.position)
        return run if run != saved and has_more else None
