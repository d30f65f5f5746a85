"""The history half of the app: places in time, edits, branches and files."""

import math
import shlex
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from xortui.autosave import Abandoned, Autosave, abandoned
from xortui.core.edit import MOST_VALUE, Edit, EditError
from xortui.core.harmless import harmless
from xortui.core.mistakes import EQUAL_START
from xortui.core.places import PLACES, find_place
from xortui.core.recipe import Recipe, RecipeError, parse_field
from xortui.core.runfile import RunFile, RunFileError, read_run, write_run
from xortui.core.snapshot import Snapshot
from xortui.core.trainer import Trainer
from xortui.exits import FileError
from xortui.tui.training import TrainingApp

KEEP_SECONDS = 60
SHORT_TIME = 0.3  # seconds in which branches are replayed at once when a file is opened
NOISE = "0.1"
NO_MISTAKE = "none"
Answer = TypeVar("Answer")


class TimeTravelApp(TrainingApp):
    """Everything that goes back, changes the run, or brings one back from a file."""

    def __init__(
        self, trainer: Trainer, path: str | None = None, recovered: Abandoned | None = None
    ) -> None:
        super().__init__(trainer)
        self.path = path
        self.autosave = Autosave(recovered)
        self._not_kept = ""  # why the run could not be kept, once that was said
        # What is in the file at `path`, or where there is none, the start; None: in no file.
        self._saved: RunFile | None = RunFile.of(trainer)
        self._aside: tuple[RunFile, Autosave] | None = None
        self._abandoned: list[Abandoned] = []

    def restart(self, recipe: Recipe) -> None:
        """A new run. One with edits is not lost: `o` brings it back."""
        self._set_aside()
        self.path = None
        super().restart(recipe)

    def action_reset(self) -> None:
        self._set_aside()
        self.path = None
        super().action_reset()

    def _set_aside(self) -> None:
        """Keep a run with edits, for `o` to bring it back; the next gets a file of its own."""
        run, autosave = RunFile.of(self.trainer), self.autosave
        self.autosave = Autosave()
        if not any(branch.edits for branch in run.branches):
            if not autosave.is_recovered:
                autosave.remove()
            return
        self._aside = run, autosave
        if run == self._saved:
            self.notify("The run was set aside: o goes on with it.")
            return
        try:
            autosave.save(run)
        except FileError as error:
            self.notify(harmless(str(error)), severity="error", markup=False)
        self.notify("The run with its edits was set aside: o goes on with it.")

    # -- in time -------------------------------------------------------------------------------

    def action_goto_start(self) -> None:
        self.go_to(0)

    def action_goto_end(self) -> None:
        self.go_to(self.trainer.frontier)

    def action_along(self, hundredths: int) -> None:
        """Move along the timeline by hundredths of it, at least a step."""
        share = max(1, self.trainer.frontier // 100)
        target = self.trainer.step_number + hundredths * share
        self.go_to(min(max(0, target), self.trainer.frontier))

    async def action_goto(self) -> None:
        self.running = False
        understand = partial(find_place, trainer=self.trainer)
        await self._ask(
            "Go to",
            PLACES,
            "",
            understand,
            lambda step: None if step is None else self.go_to(step),
        )

    async def _ask(
        self,
        question: str,
        hint: str,
        value: str,
        understand: Callable[[str], Answer],
        take: Callable[[Answer | None], None],
    ) -> None:
        from xortui.tui.screens.ask import Ask  # not needed for the first frame

        await self.push_screen(Ask(question, hint, value, understand), take)

    # -- edits ---------------------------------------------------------------------------------

    def edit(self, edit: Edit) -> bool:
        """Make an edit where the run stands; what cannot be is said. True where it was made."""
        self.stop_seeking()
        self.operation = None
        branches = len(self.trainer.branches)
        try:
            self.trainer.edit(edit)
        except EditError as error:
            self.notify(str(error), severity="error")
            return False
        self.publish()
        if len(self.trainer.branches) > branches:
            self.notify(f"A branch starts here: {edit.describe()}. B lists them, z undoes.")
        return True

    def action_undo(self) -> None:
        self.running = False
        self.stop_seeking()
        self.operation = None
        if not self.trainer.undo():
            self.notify("There is no edit to undo.")
        self.publish()

    def action_redo(self) -> None:
        self.running = False
        self.stop_seeking()
        self.operation = None
        if not self.trainer.redo():
            self.notify("There is no edit to make again.")
        self.publish()

    async def action_nudge(self) -> None:
        def take(size: float | None) -> None:
            if size is not None:
                made = sum(edit.kind == "noise" for _, edit in self.trainer.snapshot().edits)
                self.edit(Edit("noise", made, size))

        question = "Nudge every weight by noise of this standard deviation"
        await self._ask(question, "", NOISE, _positive, take)

    async def ask_weight(self, name: str, value: float) -> None:
        """Ask for a new value of one parameter, and set it."""

        def take(number: float | None) -> None:
            if number not in (None, value):
                self.edit(Edit("weight", name, number))

        hint = "enter sets it, escape leaves it as it is"
        await self._ask(f"{name} =", hint, repr(value), _number, take)

    def toggle_frozen(self, name: str) -> None:
        """Freeze a parameter, or set it free again."""
        frozen = name in self.trainer.snapshot().recipe.frozen
        self.edit(Edit("free" if frozen else "freeze", name))

    async def action_mistakes(self) -> None:
        from xortui.tui.screens.mistakes import MistakesScreen

        await self.push_screen(MistakesScreen(self.trainer.snapshot().recipe), self._take_mistake)

    def _take_mistake(self, name: str | None) -> None:
        """Go on with a mistake, or without; equal weights and their mending need a new start."""
        here = self.trainer.snapshot().recipe.mistake
        chosen = None if name == NO_MISTAKE else name
        if name is None or chosen == here:
            return
        if EQUAL_START in (chosen, here):
            self.restart(replace(self.trainer.recipe, mistake=chosen))
        else:
            self.edit(Edit("mistake", chosen))

    def enter_field(self, field: str, text: str) -> bool:
        """Take what was typed in the control bar: a seed starts a new run, η is an edit."""
        try:
            value = parse_field(field, text)
            if field == "seed":
                self.restart(_with(self.trainer, seed=value))
                return True
            _with(self.trainer, learning_rate=value)
        except RecipeError as error:
            self.notify(str(error), severity="error")
            return False
        if value == self.trainer.snapshot().recipe.learning_rate:
            return True
        return self.edit(Edit("learning_rate", value=value))

    # -- branches ------------------------------------------------------------------------------

    async def action_branches(self) -> None:
        from xortui.tui.screens.branches import BranchesScreen

        self.running = False
        self.publish()
        if self.snapshot is not None:
            await self.push_screen(BranchesScreen(self.snapshot), self._take_branch)

    def _take_branch(self, choice: tuple[str, int] | None) -> None:
        if choice is None:
            return
        action, index = choice
        self.stop_seeking()
        self.operation = None
        try:
            if action == "switch":
                self.trainer.switch(index)
                self.publish()
                known = self.trainer.branches[index].known
                if known > self.trainer.frontier:  # from a file, and not replayed yet
                    self.go_to(self.trainer.branches[index].position)
            else:
                self.trainer.delete(index)
        except EditError as error:
            self.notify(str(error), severity="error")
        self.publish()

    # -- files ---------------------------------------------------------------------------------

    async def action_save(self) -> None:
        if self.path is not None:
            self._save(self.path)
            return
        name = f"{self.trainer.recipe.problem[:20]}-seed-{self.trainer.recipe.seed}.json"
        hint = "recipe, edits, branches and position"
        await self._ask(
            "Save this run as",
            hint,
            name,
            _file_name,
            lambda path: None if path is None else self._save(path),
        )

    def _save(self, path: str) -> None:
        run = RunFile.of(self.trainer)
        try:
            write_run(path, run)
        except OSError as error:
            words = f"{harmless(path)} cannot be written: {error.strerror}."
            self.notify(words, severity="error", markup=False)
            return
        self.path, self._saved = path, run
        self.autosave.remove()
        name = harmless(path)
        self.notify(f"Saved as {name}; 'xortui {name}' brings it back.", markup=False)

    async def action_open(self) -> None:
        self.running = False
        hint = "a file that ctrl+s has written"
        await self._ask("Open the run in", hint, "", _read, self._open)

    def _open(self, found: tuple[str, RunFile] | None) -> None:
        if found is not None:
            path, run = found
            self.continue_run(run, path)

    def continue_run(
        self, run: RunFile, path: str | None = None, autosave: Autosave | None = None
    ) -> None:
        """Replay a run to where it stood. `path` is the file that holds it, if one does, and
        `autosave` its recovery file."""
        self.running = False
        self._set_aside()
        self.autosave = autosave or self.autosave
        self.path = path
        trainer = run.trainer()
        trainer.recover(SHORT_TIME)
        self.take_over(trainer)
        self._saved = None if path is None else run
        self.go_to(run.position)
        self.compare_bits(run)

    def compare_bits(self, run: RunFile) -> None:
        """Say so where the replay of a saved run has other numbers than were saved."""
        if self.trainer.step_number == run.position and (words := run.difference(self.trainer)):
            self.notify(f"{words[0].upper()}{words[1:]}.", severity="warning", markup=False)

    def action_copy_command(self) -> None:
        command = command_to(self.trainer.snapshot(), self.path)
        if command is None:
            self.notify("A run with edits needs a file: save it with ctrl+s first.")
            return
        self.copy_to_clipboard(command)
        self.notify(f"Sent to the terminal's clipboard: {command}")

    # -- what is kept --------------------------------------------------------------------------

    def offer_kept_run(self) -> None:
        """Without getting in the way: the runs that were not saved when their program ended."""
        found = abandoned()
        self._abandoned = [item for item in found if item.run is not None]
        if not self._abandoned:
            return
        words = f"A run was not saved: {self._abandoned[0].describe()}. Press o to go on with it."
        if len(found) > 1:
            words += f" There are {len(found)} such runs; 'xortui recover' lists them."
        self.notify(words, timeout=8, markup=False)

    def action_continue_kept(self) -> None:
        if self._aside is not None:
            (run, autosave), self._aside = self._aside, None
            self.continue_run(run, autosave=autosave)
            return
        while self._abandoned:
            item = self._abandoned.pop(0)
            if item.run is not None and item.path.exists():
                self.continue_run(item.run, autosave=Autosave(item))
                return
        self.notify("No run was kept or set aside.")

    def keep_run(self, even_without_edits: bool = False) -> bool:
        """Write the run to its recovery file if it is not saved and has something to lose.

        Says whether it had; raises FileError where it cannot be written.
        """
        run = RunFile.of(self.trainer)
        has_edits = any(branch.edits for branch in run.branches)
        if run == self._saved or not (has_edits or (even_without_edits and run.position)):
            return False
        self.autosave.save(run)
        return True

    def keep_run_now_and_then(self) -> None:
        """In case of a power cut; where that is impossible, the person is told once."""
        try:
            self.keep_run(even_without_edits=True)
            self._not_kept = ""
        except FileError as error:
            words = harmless(str(error))
            if words != self._not_kept:
                self._not_kept = words
                self.notify(
                    f"{words[0].upper()}{words[1:]} with ctrl+s.",
                    title="Not kept",
                    severity="error",
                    timeout=20,
                    markup=False,
                )


def command_to(snapshot: Snapshot, path: str | None) -> str | None:
    """The command line that brings this step back; None for edits that no file holds."""
    if path is not None:
        return harmless(shlex.join(["xortui", path]))
    if snapshot.edits or snapshot.branches:
        return None
    goto = ["--goto", str(snapshot.step)] if snapshot.step else []
    return shlex.join(["xortui", *snapshot.recipe.to_arguments(), *goto])


def _with(trainer: Trainer, **fields: object) -> Recipe:
    return replace(trainer.recipe, **fields)  # type: ignore[arg-type]


def _number(text: str) -> float:
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not abs(value) <= MOST_VALUE:
        raise ValueError(f"{text!r:.30} will not do: give a number, at most {MOST_VALUE:g} in size")
    return value


def _positive(text: str) -> float:
    value = _number(text)
    if not 0 < value <= 100:
        raise ValueError(f"{text} will not do: give a number above 0 and at most 100")
    return value


def _file_name(text: str) -> str:
    if not text:
        raise ValueError("give a file name")
    return text


def _read(path: str) -> tuple[str, RunFile]:
    try:
        return path, read_run(path)
    except OSError as error:
        raise ValueError(f"{harmless(path)} cannot be read: {error.strerror}") from None
    except RunFileError as error:
        raise ValueError(f"{harmless(path)} cannot be opened: {error}") from None
