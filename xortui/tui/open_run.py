"""OpenRun: a run and the file that holds it, if one does."""

import contextlib
import os
from dataclasses import dataclass, field

from xortui.core.files import same_file
from xortui.core.model.recipe import Recipe
from xortui.core.text.harmless import harmless
from xortui.core.training.branch import Branch
from xortui.core.training.edit import Edit
from xortui.core.training.run_file import RunFile, read_run, write_run
from xortui.core.training.trainer import Trainer
from xortui.tui.farewell import command_to
from xortui.tui.inside_step import InsideStep


@dataclass(eq=False)
class OpenRun:
    """A run, and where inside a step of it we stand.

    `original` is the recipe as it came, from the command line, a file or a sweep. `path` is the
    file that holds the run, and `saved` what that says; without a file it is the start of the run,
    or None for a run that is in no file. `begun_with` are the edits that starting again has made,
    which are no reason to keep the run.
    """

    trainer: Trainer
    original: Recipe
    saved: RunFile | None
    path: str | None = None
    begun_with: tuple[tuple[int, Edit], ...] = ()
    inside: InsideStep = field(default_factory=InsideStep)

    @classmethod
    def of(cls, trainer: Trainer, path: str | None = None) -> "OpenRun":
        """A run as it was begun, or as it was just read from the file at `path`."""
        run = cls(trainer, trainer.recipe, RunFile.of(trainer), path)
        if path is not None:
            with contextlib.suppress(OSError, ValueError):  # it was read a moment ago
                run.saved = read_run(path)
        return run

    @property
    def branch(self) -> Branch:
        """The branch on which we stand."""
        return self.trainer.branches[self.trainer.current_branch]

    @property
    def has_edits(self) -> bool:
        """Whether a branch of the run has an edit, which no recipe would bring back."""
        return any(branch.timeline.edits for branch in self.trainer.branches)

    @property
    def is_as_begun(self) -> bool:
        """Whether no branch has other edits than those with which the run was begun."""
        return all(branch.timeline.edits == self.begun_with for branch in self.trainer.branches)

    def unsaved(self, even_without_edits: bool) -> RunFile | None:
        """The run, if it is not saved and has something to lose."""
        run = RunFile.of(self.trainer)
        has_more = self.has_edits or (even_without_edits and run.position)
        return run if run != self.saved and has_more else None

    def save(self, path: str) -> None:
        """Write the run to a file, which holds it from now on. Raises OSError."""
        run = RunFile.of(self.trainer)
        write_run(path, run)
        self.path, self.saved = path, run

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

    def command(self) -> str | None:
        """The command line that brings this step back; None for edits that no file holds."""
        return command_to(self.trainer.snapshot(), self.path)
