"""RunScreen: a screen over the run, whose keys run it, step it, go back in it, edit and save it."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar, TypeVar

from textual.reactive import Initialize, var
from textual.screen import Screen

from xortui.autosave import Autosave
from xortui.core.model.mistakes import EQUAL_START
from xortui.core.model.names import parameter_name
from xortui.core.model.recipe import Recipe, RecipeError, parse_field
from xortui.core.text.harmless import harmless
from xortui.core.training.divergence import calm_step
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.goto import PLACES, find_step
from xortui.core.training.run_file import RunFile
from xortui.tui import answers
from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.frame import Frame
from xortui.tui.pacing import FASTEST
from xortui.tui.session import RunSession
from xortui.tui.training_loop import TrainingLoop

NOISE = "0.1"
# Why a run diverged is said for so long, and not again meanwhile.
TOLD_SECONDS = 10.0
Answer = TypeVar("Answer")


class RunScreen(Screen[None]):
    """Shows the app's frame, and carries out what keys ask for of the run."""

    # The pane that is copied where none is focused.
    COPIED_UNFOCUSED: ClassVar[type[LineWidget]]

    def _first_frame(self) -> Frame:
        return self.training.frame()

    # No reactive: a reactive of a screen would repaint all of it, and not only the panes.
    frame: var[Frame] = var(Initialize(_first_frame))

    def __init__(self, session: RunSession, training: TrainingLoop) -> None:
        super().__init__()
        self.session, self.training = session, training
        self._told_at = -TOLD_SECONDS

    def on_mount(self) -> None:
        self.watch(self.app, "frame", self._take_frame)

    def _take_frame(self, frame: Frame) -> None:
        self.frame = frame

    # -- running -------------------------------------------------------------------------------

    def action_toggle_run(self) -> None:
        if self.training.running:
            self.training.pause()
        elif self.session.trainer.at_end:
            self.tell_divergence()
        else:
            self.training.start()
        self.training.publish()

    def action_step(self, steps: int) -> None:
        if steps > 0 and self.session.trainer.at_end:
            self.training.pause()
            self.training.publish()
            self.tell_divergence()
        else:
            self.training.go_to(self.session.trainer.step_number + steps)

    def action_speed(self, change: int) -> None:
        speed = min(max(0, self.training.speed + change), FASTEST)
        if speed != self.training.speed:
            self.training.speed = speed
            self.training.publish()

    def action_reset(self) -> None:
        self.training.pause()
        self._tell_set_aside(self.session.start_again())
        self.training.publish()

    def action_new_seed(self) -> None:
        recipe = self.session.trainer.recipe
        self.start(replace(recipe, seed=(recipe.seed + 1) % 2**32))

    def start(self, recipe: Recipe) -> None:
        """A new run from step 0; it goes on running if the old one was."""
        self.training.stop_seeking()
        self._tell_set_aside(self.session.start(recipe))
        self.training.publish()

    def _tell_set_aside(self, is_set_aside: bool) -> None:
        if is_set_aside:
            self.notify("The previous run and its edits are kept: press o to resume it.")
        if is_set_aside and self.session.not_kept:
            self.notify(self.session.not_kept, severity="error", markup=False)

    def tell_divergence(self) -> None:
        """Say what broke first, why, and what to press: once, however often it is asked for."""
        from xortui.core.analysis.diagnosis import diagnose

        snapshot, now = self.session.trainer.snapshot(), time.monotonic()
        if snapshot.broke is None or now - self._told_at < TOLD_SECONDS:
            return
        self._told_at = now
        found = diagnose(snapshot)[0]
        self.notify(
            f"{found.seen}. {snapshot.broke.reason} {found.why} {found.try_this}",
            title="Diverged",
            severity="error",
            timeout=TOLD_SECONDS,
        )

    def action_lower_rate(self) -> None:
        """Go back to before the loss blew up, and on from there with a tenth of η."""
        self.training.pause()
        self.session.leave_step()
        trainer = self.session.trainer
        snapshot = trainer.snapshot()
        rate = float(f"{snapshot.recipe.learning_rate / 10:.6g}")
        trainer.seek(calm_step(snapshot))
        try:
            self.session.edit(Edit("learning_rate", value=rate))
        except EditError as error:
            self.notify(str(error), severity="error")
            return
        finally:
            self.training.publish()
        self.app.clear_notifications()  # what was said of the rise is mended
        self._told_at = -TOLD_SECONDS
        step = trainer.step_number
        where = "Now at" if step == snapshot.step else "Back at"
        self.notify(f"{where} step {step:,} with η = {rate:g}. Press space to continue, z to undo.")

    # -- inside a step -------------------------------------------------------------------------

    def action_operation(self, by: int) -> None:
        self.training.pause()
        self.session.move_cursor(by)
        self.training.publish()
        if self.session.trainer.at_end and by > 0:
            self.tell_divergence()

    def action_show_fault(self) -> None:
        """Hide where a mistake was made, or show it again: an exercise needs an answer later."""
        self.session.show_fault = not self.session.show_fault
        self.training.publish()

    async def action_mistakes(self) -> None:
        from xortui.tui.screens.mistakes import MistakesScreen

        screen = MistakesScreen(self.session.trainer.current_recipe)
        await self.app.push_screen(screen, self._take_mistake)

    def _take_mistake(self, name: str | None) -> None:
        """Go on with a mistake, or without; equal weights and their mending need a new start."""
        from xortui.tui.screens.mistakes import NO_MISTAKE

        here = self.session.trainer.current_recipe.mistake
        chosen = None if name == NO_MISTAKE else name
        if name is None or chosen == here:
            return
        if EQUAL_START in (chosen, here):
            self.start(replace(self.session.trainer.recipe, mistake=chosen))
        else:
            self.edit(Edit("mistake", chosen))

    # -- in time -------------------------------------------------------------------------------

    def action_goto_start(self) -> None:
        self.training.go_to(0)

    def action_goto_end(self) -> None:
        self.training.go_to(self.session.trainer.last_step)

    def action_along(self, hundredths: int) -> None:
        """Move along the timeline by hundredths of it, at least a step."""
        trainer = self.session.trainer
        target = trainer.step_number + hundredths * max(1, trainer.last_step // 100)
        self.training.go_to(min(max(0, target), trainer.last_step))

    async def action_goto(self) -> None:
        self._pause()
        understand = partial(find_step, trainer=self.session.trainer)
        await self._ask("Go to", PLACES, "", understand, self.training.go_to)

    def _pause(self) -> None:
        self.training.pause()
        self.training.publish()

    async def _ask(
        self,
        question: str,
        hint: str,
        value: str,
        understand: Callable[[str], Answer],
        take: Callable[[Answer], object],
    ) -> None:
        """Ask for a line of text; `take` is given what it means, if there is an answer."""
        from xortui.tui.screens.ask import Ask  # not needed for the first frame

        def take_answer(answer: Answer | None) -> None:
            if answer is not None:
                take(answer)

        await self.app.push_screen(Ask(question, hint, value, understand), take_answer)

    # -- edits ---------------------------------------------------------------------------------

    def edit(self, edit: Edit) -> bool:
        """Make an edit where the run stands; what cannot be is said. True where it was made."""
        self.training.stop_seeking()
        try:
            is_branch = self.session.edit(edit)
        except EditError as error:
            self.notify(str(error), severity="error")
            return False
        finally:
            self.training.publish()
        if is_branch:
            words = edit.describe(self.session.trainer.current_recipe)
            self.notify(f"A branch starts here: {words}. B lists them, z undoes.")
        return True

    def action_undo(self) -> None:
        self.training.pause()
        if not self.session.undo():
            self.notify("There is no edit to undo.")
        self.training.publish()

    def action_redo(self) -> None:
        self.training.pause()
        if not self.session.redo():
            self.notify("There is no edit to redo.")
        self.training.publish()

    async def action_nudge(self) -> None:
        def take(size: float) -> None:
            made = sum(edit.kind == "noise" for _, edit in self.session.edits)
            self.edit(Edit("noise", made, size))

        question = "Add noise with this standard deviation to every weight"
        await self._ask(question, "", NOISE, answers.positive, take)

    async def ask_weight(self, name: str, value: float) -> None:
        """Ask for a new value of one parameter, and set it."""

        def take(number: float) -> None:
            if number != value:
                self.edit(Edit("weight", name, number))

        hint = f"{name} in the code · enter sets it, escape cancels"
        question = f"{parameter_name(self.session.trainer.recipe, name)} ="
        await self._ask(question, hint, repr(value), answers.number, take)

    def toggle_frozen(self, name: str) -> None:
        """Freeze a parameter, or set it free again."""
        is_frozen = name in self.session.trainer.current_recipe.frozen
        self.edit(Edit("free" if is_frozen else "freeze", name))

    def enter_field(self, field: str, text: str) -> bool:
        """Take what was typed in the control bar: a seed starts a new run, η is an edit."""
        try:
            value = parse_field(field, text)
            recipe = replace(self.session.trainer.recipe, **{field: value})
        except RecipeError as error:
            self.notify(str(error), severity="error")
            return False
        if field == "seed":
            self.start(recipe)
            return True
        if value == self.session.trainer.current_recipe.learning_rate:
            return True
        return self.edit(Edit("learning_rate", value=value))

    # -- branches ------------------------------------------------------------------------------

    async def action_branches(self) -> None:
        from xortui.tui.screens.branches import BranchesScreen

        self._pause()
        await self.app.push_screen(BranchesScreen(self.frame.snapshot), self._take_branch)

    def _take_branch(self, choice: tuple[str, int] | None) -> None:
        if choice is None:
            return
        action, index = choice
        self.training.stop_seeking()
        step = None
        try:
            if action == "switch":
                step = self.session.switch(index)
            else:
                self.session.delete(index)
        except EditError as error:
            self.notify(str(error), severity="error")
        if step is None:
            self.training.publish()
        else:
            self.training.go_to(step)

    # -- files ---------------------------------------------------------------------------------

    async def action_save(self) -> None:
        if self.session.path is not None:
            self.save(self.session.path)
            return
        recipe = self.session.trainer.recipe
        name = f"{recipe.problem[:20]}-seed-{recipe.seed}.json"
        hint = "recipe, edits, branches and position"
        await self._ask("Save this run as", hint, name, answers.file_name, self.save)

    def save(self, path: str) -> None:
        """Save the run in a file."""
        try:
            self.session.save(path)
        except OSError as error:
            words = f"{harmless(path)} cannot be written: {error.strerror}."
            self.notify(words, severity="error", markup=False)
        else:
            name = harmless(path)
            self.notify(f"Saved as {name}; 'xortui {name}' brings it back.", markup=False)

    async def action_open(self) -> None:
        self._pause()
        hint = "a file saved with ctrl+s"
        await self._ask("Open the run in", hint, "", answers.run_in_file, self._open)

    def _open(self, found: tuple[str, RunFile]) -> None:
        path, run = found
        self.resume(run, path)

    def action_continue_kept(self) -> None:
        offered = self.session.take_offered()
        if offered is None:
            self.notify("There is no previous run to resume.")
        else:
            run, autosave = offered
            self.resume(run, autosave=autosave)

    def resume(
        self, run: RunFile, path: str | None = None, autosave: Autosave | None = None
    ) -> None:
        """Replay a run to where it stood. `path` is the file that holds it, if one does, and
        `autosave` its recovery file."""
        self.training.pause()
        self._tell_set_aside(self.session.resume(run, path, autosave))
        self.training.go_to(run.position)
        self.compare_bits(run)

    def compare_bits(self, run: RunFile) -> None:
        """Say so where the replay of a saved run has other numbers than were saved."""
        if words := self.session.difference(run):
            self.notify(f"{words[0].upper()}{words[1:]}.", severity="warning", markup=False)

    def action_copy_pane(self) -> None:
        """Copy what the focused pane shows, as text."""
        is_pane = isinstance(self.focused, LineWidget)
        pane = self.focused if is_pane else self.query_one(self.COPIED_UNFOCUSED)
        assert isinstance(pane, LineWidget)
        text = pane.as_text()
        self.app.copy_to_clipboard(text)
        count = text.count("\n") + 1
        self.notify(f"{type(pane).__name__}: {count} lines sent to the terminal's clipboard.")

    def action_copy_command(self) -> None:
        command = self.session.command()
        if command is None:
            self.notify("A run with edits needs a file: save it with ctrl+s first.")
            return
        self.app.copy_to_clipboard(command)
        self.notify(f"Sent to the terminal's clipboard: {command}")
