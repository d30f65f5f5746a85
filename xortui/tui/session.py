"""RunSession: the run that the app is about, and where in it we stand. No Textual in it."""

import contextlib
import shlex
from collections.abc import Iterator

from xortui import keeping
from xortui.core.edit import Edit
from xortui.core.recipe import Recipe
from xortui.core.runfile import RunFile, read_run, write_atomically
from xortui.core.snapshot import Snapshot
from xortui.core.trainer import Trainer
from xortui.tui.cursor import OperationCursor

SHORT_RUN = 50_000  # steps that are replayed at once when a file is opened: a third of a second


class RunSession:
    """A run with its file, the run that `o` goes on with, and the operation cursor.

    Whatever changes the run or goes elsewhere in it leaves the step: there is no cursor afterwards.
    """

    def __init__(self, trainer: Trainer, path: str | None = None) -> None:
        self.trainer = trainer
        # The file that holds the run, and what it says. Without a file, the start; None: in none.
        self.path = path
        self.saved: RunFile | None = RunFile.of(trainer)
        if path is not None:
            with contextlib.suppress(OSError, ValueError):  # it was read a moment ago
                self.saved = read_run(path)
        self.offered: RunFile | None = None
        self.reveal = True
        self._operation: int | None = None
        self._cell = 0
        self._row: int | None = None

    @property
    def edits(self) -> tuple[tuple[int, Edit], ...]:
        """The edits of the branch on which we stand, each with its step."""
        return self.trainer.branches[self.trainer.current_branch].timeline.edits

    @property
    def has_edits(self) -> bool:
        """Whether a branch of the run has an edit, which no recipe would bring back."""
        return any(branch.timeline.edits for branch in self.trainer.branches)

    # -- another run ---------------------------------------------------------------------------

    def start(self, recipe: Recipe) -> bool:
        """A new run, at step 0. True where the run before had edits: it is offered from now on."""
        is_set_aside = self._set_aside()
        self._take_over(Trainer(recipe))
        return is_set_aside

    def start_again(self) -> bool:
        """The same recipe from step 0, without edits. True as in `start`."""
        return self.start(self.trainer.recipe)

    def resume(self, run: RunFile, path: str | None = None) -> bool:
        """Take over a saved run, at step 0, replayed as far as it came where that is short.

        `path` is the file that holds it, if one does. True as in `start`.
        """
        is_set_aside = self._set_aside()
        trainer = run.trainer()
        trainer.recover(SHORT_RUN)
        self._take_over(trainer, path)
        self.saved = None if path is None else run
        return is_set_aside

    def _set_aside(self) -> bool:
        if self.has_edits:
            self.offered = RunFile.of(self.trainer)
        return self.has_edits

    def _take_over(self, trainer: Trainer, path: str | None = None) -> None:
        self.trainer, self.path = trainer, path
        self._row = None
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
        return here.position if here.known > self.trainer.frontier else None

    # -- inside a step -------------------------------------------------------------------------

    @property
    def operation(self) -> int | None:
        """The operation of the step that was carried out last; None between steps."""
        return self._operation

    def move_cursor(self, operations: int) -> None:
        """The cursor so many operations on (or back), over the end of a step into the next."""
        count = self.trainer.operation_count
        for _ in range(operations):
            if self._operation is None:
                self._operation = 0
            elif self._operation + 1 < count:
                self._operation += 1
            elif self.trainer.step(1):
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

    def edit(self, edit: Edit) -> bool:
        """Change the run where we stand. True where that started a branch. Raises EditError."""
        self.leave_step()
        branches = len(self.trainer.branches)
        self.trainer.edit(edit)
        return len(self.trainer.branches) > branches

    def undo(self) -> bool:
        """Take the last edit back; False where there is none."""
        self.leave_step()
        return self.trainer.undo()

    def redo(self) -> bool:
        """Make the edit again that was taken back last; False where there is none."""
        self.leave_step()
        return self.trainer.redo()

    def delete(self, branch: int) -> None:
        """Drop a branch. Raises EditError for the one on which we stand."""
        self.leave_step()
        self.trainer.delete(branch)

    # -- files ---------------------------------------------------------------------------------

    def save(self, path: str) -> None:
        """Write the run to a file, which holds it from now on. Raises OSError."""
        run = RunFile.of(self.trainer)
        write_atomically(path, run.to_text().encode())
        self.path, self.saved = path, run

    def differs_from(self, run: RunFile) -> bool:
        """Whether the replay of a saved run, at its position, has other last bits."""
        return self.trainer.step_number == run.position and not run.matches(self.trainer)

    def command(self) -> str | None:
        """The command line that brings this step back; None for edits that no file holds."""
        return command_to(self.trainer.snapshot(), self.path)

    # -- what is kept --------------------------------------------------------------------------

    def take_kept_run(self) -> RunFile | None:
        """The run that was not saved last time, offered once."""
        self.offered = keeping.offered()
        return self.offered

    def take_offered(self) -> RunFile | None:
        """The run that is offered; from now on there is none."""
        run, self.offered = self.offered, None
        return run

    def keep_run(self, even_without_edits: bool = False) -> None:
        """Write the run to the state folder if it is not saved and has something to lose."""
        run = RunFile.of(self.trainer)
        if run != self.saved and (self.has_edits or (even_without_edits and run.position)):
            keeping.keep(run)


def command_to(snapshot: Snapshot, path: str | None) -> str | None:
    """The command line that brings a step back; None for edits that no file holds."""
    if path is not None:
        return shlex.join(["xortui", path])
    if snapshot.edits or snapshot.branches:
        return None
    goto = ["--goto", str(snapshot.step)] if snapshot.step else []
    return shlex.join(["xortui", *snapshot.recipe.to_arguments(), *goto])
