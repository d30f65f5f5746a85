"""Recovery: runs that no file holds are kept and offered until a person throws them away."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from xortui.autosave import Abandoned, Autosave, abandoned, described
from xortui.core.text.harmless import harmless
from xortui.core.training.run_file import RunFile
from xortui.exit_codes import FileError


@dataclass(frozen=True)
class Kept:
    """What became of the run when the app ended.

    `command` brings it back where only a recovery file holds it. `troubles` are sentences that say
    what could not be written.
    """

    command: str | None = None
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Offered:
    """A run that can be resumed: one that was set aside, or one that was left unsaved.

    `run` is None where its file cannot be read. `path` and `saved` are the file that holds the run,
    if one does, and what it said. `abandoned` is the recovery file of a program that has ended.
    """

    words: str
    run: RunFile | None
    autosave: Autosave | None = None
    path: str | None = None
    saved: RunFile | None = None
    abandoned: Abandoned | None = None

    def delete(self) -> None:
        """Throw the run away. Raises FileError."""
        if self.abandoned is not None:
            self.abandoned.delete()
        elif self.autosave is not None:
            self.autosave.remove()


class Recovery:
    """The recovery file of the run that is worked on, and the runs that were set aside for it."""

    def __init__(self, recovered: Abandoned | None = None, keeps_files: bool = True) -> None:
        """`keeps_files` is whether runs are kept in files, too, or in memory only."""
        self._keeps_files = keeps_files
        self.autosave = Autosave(recovered)
        # Why the recovery file could not be written when that was last tried; empty where it was.
        self.not_kept = ""
        self._aside: list[Offered] = []

    def offered(self) -> list[Offered]:
        """The runs to resume: those set aside, the last first, then the unsaved ones."""
        found = abandoned() if self._keeps_files else []
        left = [Offered(item.describe(), item.run, abandoned=item) for item in found]
        return [*self._aside, *left]

    def delete(self, offered: Offered) -> None:
        """Throw one of them away. Raises FileError."""
        offered.delete()
        self._aside = [item for item in self._aside if item is not offered]

    def leave(self) -> None:
        """Another run begins, and this one has nothing to lose."""
        if not self.autosave.is_recovered:
            self.autosave.remove()
        self.autosave, self.not_kept = Autosave(), ""

    def set_aside(self, run: RunFile, path: str | None, saved: RunFile | None) -> None:
        """Another run begins; this one is offered from now on, with the file that holds it, if one
        does, and what that says.

        Where it cannot be written, `not_kept` says why, and the run is in memory only.
        """
        autosave, self.autosave, self.not_kept = self.autosave, Autosave(), ""
        words = f"set aside just now  {described(run)}"
        self._aside.insert(0, Offered(words, run, autosave, path, saved))
        if run != saved and self._keeps_files:
            try:
                autosave.save(run)
            except FileError as error:
                self.not_kept = harmless(str(error))

    def resume(self, offered: Offered) -> None:
        """This run is worked on from now on, and so is its recovery file."""
        self._aside = [item for item in self._aside if item is not offered]
        if offered.abandoned is not None:
            self.autosave = Autosave(offered.abandoned)
        elif offered.autosave is not None:
            self.autosave = offered.autosave

    def keep_now_and_then(self, run: RunFile | None) -> str:
        """In case of a power cut. Why it cannot be kept, where that was not said before.

        None: it has nothing to lose.
        """
        try:
            if run is not None and self._keeps_files:
                self.autosave.save(run)
        except FileError as error:
            before, self.not_kept = self.not_kept, harmless(str(error))
            return "" if before == self.not_kept else self.not_kept
        self.not_kept = ""
        return ""

    def keep_at_end(self, run: RunFile | None) -> Kept:
        """Keep the run when the app ends, wherever that is still possible; None: it has nothing to
        lose."""
        if not self._keeps_files:
            return Kept()
        troubles = tuple(self._keep_aside())
        if run is None:
            if not self.autosave.is_recovered:
                self.autosave.remove()
            return Kept(None, troubles)
        try:
            self.autosave.save(run)
        except FileError as error:
            elsewhere = self.autosave.save_elsewhere(run)
            if elsewhere is None:
                lost = "the run with its edits is lost: no other folder can be written to"
                return Kept(None, (*troubles, str(error), lost))
            words = f"it is in {elsewhere} instead; move it to where it is safe"
            command = shlex.join(["xortui", str(elsewhere)])
            return Kept(command, (*troubles, str(error), words))
        # What was just kept is the newest, and so the first in the list.
        return Kept("xortui recover 1", troubles)

    def _keep_aside(self) -> Iterator[str]:
        """Try once more to keep the runs set aside that are in memory only; what became of them."""
        for item in self._aside:
            if item.run in (None, item.saved) or item.autosave is None or item.autosave.path:
                continue
            assert item.run is not None
            try:
                item.autosave.save(item.run)
            except FileError as error:
                elsewhere = item.autosave.save_elsewhere(item.run)
                yield str(error)
                yield (
                    f"the run that was set aside is in {elsewhere} instead"
                    if elsewhere
                    else "the run that was set aside is lost"
                )
