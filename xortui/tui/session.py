"""RunSession: the run that the app is about, and where in it we stand. No Textual in it."""

import contextlib
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from xortui.autosave import Abandoned, Autosave, abandoned
from xortui.core.model.recipe import Recipe
from xortui.core.text.harmless import harmless
from xortui.core.training.edit import Edit
from xortui.core.training.run_file import RunFile, read_run, write_run
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer
from xortui.exit_codes import FileError
from xortui.tui.operation_cursor import OperationCursor

SHORT_TIME = 0.3  # seconds in which branches are replayed at once when a file is opened


@dataclass(frozen=True)
class Kept:
    """What became of the run when the app ended.

    `command` brings it back where only a recovery file holds it. `troubles` are sentences that say
    what could not be written.
    """

    command: str | None = None
    troubles: tuple[str, ...] = ()


class RunSession:
    """A run with its file, the run that `o` goes on with, and the operation cursor.

    Whatever changes the run or goes elsewhere in it leaves the step: there is no cursor afterwards.
    """

    def __init__(
        self, trainer: Trainer, path: str | None = None, recovered: Abandoned | None = None
    ) -> None:
        self.trainer = trainer
        self.autosave = Autosave(recovered)
        # Why the recovery file could not be written when that was last tried; empty where it was.
        self.not_kept = ""
        # The file that holds the run, and what it says. Without a file, the start; None: in none.
        self.path = path
        self.saved: RunFile | None = RunFile.of(trainer)
        if path is not None:
            with contextlib.suppress(OSError, ValueError):  # it was read a moment ago
                self.saved = read_run(path)
        self._aside: tuple[RunFile, Autosave] | None = None
        self._abandoned: list[Abandoned] = []
        self.show_fault = True
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

    def resume(
        self, run: RunFile, path: str | None = None, autosave: Autosave | None = None
    ) -> bool:
        """Take over a saved run, at step 0, replayed as far as it came where that is short.

        `path` is the file that holds it, if one does, and `autosave` its recovery file. True as in
        `start`.
        """
        is_set_aside = self._set_aside()
        self.autosave = autosave or self.autosave
        trainer = run.trainer()
        trainer.recover(SHORT_TIME)
        self._take_over(trainer, path)
        self.saved = None if path is None else run
        return is_set_aside

    def _set_aside(self) -> bool:
        """Keep a run with edits, for `o` to bring it back; the next gets its own recovery file.

        Where it cannot be written, `not_kept` says why, and the run is in memory only.
        """
        run, autosave = RunFile.of(self.trainer), self.autosave
        self.autosave, self.not_kept = Autosave(), ""
        if not self.has_edits:
            if not autosave.is_recovered:
                autosave.remove()
            return False
        self._aside = run, autosave
        if run != self.saved:
            try:
                autosave.save(run)
            except FileError as error:
                self.not_kept = harmless(str(error))
        return True

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
        return here.position if here.saved_frontier > self.trainer.last_step else None

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
        write_run(path, run)
        self.path, self.saved = path, run
        self.autosave.remove()

    def difference(self, run: RunFile) -> str:
        """How the replay of a saved run, at its position, differs from what was saved, if it does.

        Empty where it does not.
        """
        return run.difference(self.trainer) if self.trainer.step_number == run.position else ""

    def command(self) -> str | None:
        """The command line that brings this step back; None for edits that no file holds."""
        return command_to(self.trainer.snapshot(), self.path)

    # -- what is kept --------------------------------------------------------------------------

    def find_abandoned(self) -> list[Abandoned]:
        """The runs that were not saved when their program ended; those that can be read are offered
        from now on."""
        found = abandoned()
        self._abandoned = [item for item in found if item.run is not None]
        return found

    def take_offered(self) -> tuple[RunFile, Autosave] | None:
        """The run that was set aside last, or else an abandoned one, with its recovery file; it is
        offered no longer."""
        if self._aside is not None:
            aside, self._aside = self._aside, None
            return aside
        while self._abandoned:
            item = self._abandoned.pop(0)
            if item.run is not None and item.path.exists():
                return item.run, Autosave(item)
        return None

    def keep_run(self, even_without_edits: bool = False) -> bool:
        """Write the run to its recovery file if it is not saved and has something to lose.

        Says whether it had; raises FileError where it cannot be written.
        """
        run = RunFile.of(self.trainer)
        if run == self.saved or not (self.has_edits or (even_without_edits and run.position)):
            return False
        self.autosave.save(run)
        return True

    def keep_at_end(self, even_without_edits: bool) -> "Kept":
        """Keep the run when the app ends, wherever that is still possible."""
        try:
            is_kept = self.keep_run(even_without_edits)
        except FileError as error:
            elsewhere = self.autosave.save_elsewhere(RunFile.of(self.trainer))
            if elsewhere is None:
                lost = "the run with its edits is lost: no other folder can be written to"
                return Kept(None, (str(error), lost))
            words = f"it is in {elsewhere} instead; move it to where it is safe"
            return Kept(shlex.join(["xortui", str(elsewhere)]), (str(error), words))
        if not is_kept and not self.autosave.is_recovered:
            self.autosave.remove()
        # What was just kept is the newest, and so the first in the list.
        return Kept("xortui recover 1" if is_kept else None)

    def keep_run_now_and_then(self) -> str:
        """In case of a power cut. Why it cannot be kept, where that was not said before."""
        try:
            self.keep_run(even_without_edits=True)
        except FileError as error:
            before, self.not_kept = self.not_kept, harmless(str(error))
            return "" if before == self.not_kept else self.not_kept
        self.not_kept = ""
        return ""


def command_to(snapshot: Snapshot, path: str | None) -> str | None:
    """The command line that brings a step back; None for edits that no file holds."""
    if path is not None:
        return harmless(shlex.join(["xortui", path]))
    if snapshot.edits or snapshot.branches:
        return None
    goto = ["--goto", str(snapshot.step)] if snapshot.step else []
    return shlex.join(["xortui", *snapshot.recipe.to_arguments(), *goto])
