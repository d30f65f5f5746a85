"""RunScreen: a screen over the run, whose keys run it, step it, go back in it, edit and save it."""

import math
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import StringIO
from typing import Any, ClassVar

from textual.reactive import Initialize, var
from textual.screen import Screen

from xortui.core.analysis.calm_step import calm_step, has_blown_up
from xortui.core.model.mistakes import EQUAL_START, NO_MISTAKE
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import FLAGS, RecipeError, parse_field
from xortui.core.training.breakpoints import Breakpoint, Hit
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.run_file import RunFile
from xortui.tui import notices, questions
from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.pane import Pane
from xortui.tui.frame import Frame
from xortui.tui.messages import MenuWanted
from xortui.tui.pacing import FASTEST
from xortui.tui.questions import Answer, Question
from xortui.tui.recovery import Offered
from xortui.tui.session import RunSession
from xortui.tui.training_loop import TrainingLoop

# What the recipe dialog changes.
FIELDS = (*FLAGS, "flipped")
# Why a run diverged is said for so long, and not again meanwhile.
TOLD_SECONDS = 10.0


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
            self.run()
        self.training.publish()

    def run(self, goal: Breakpoint | None = None) -> None:
        """Train; what was said of the step that is left stands no longer."""
        self.app.clear_notifications()
        self.training.start(goal)

    def action_step(self, steps: int) -> None:
        if steps > 0 and self.session.trainer.at_end:
            self.training.pause()
            self.training.publish()
            self.tell_divergence()
        else:
            self.training.go_to(self.session.trainer.step_number + steps)

    def action_full_speed(self) -> None:
        """As fast as the machine can, or back to the speed before."""
        self.training.toggle_full_speed()
        self.training.publish()

    def action_speed(self, change: int) -> None:
        speed = min(max(0, self.training.speed + change), FASTEST)
        if speed != self.training.speed:
            self.training.speed = speed
            self.training.publish_speed()

    def action_reset(self) -> None:
        """To step 0, with all that is set now."""
        self.training.pause()
        self.start_again()

    def action_new_seed(self) -> None:
        recipe = self.session.trainer.recipe
        self.start_again(seed=(recipe.seed + 1) % 2**32)

    def action_start_over(self) -> None:
        """To step 0 of the recipe as it came."""
        self.training.pause()
        self.start(self.session.original)

    def start(self, recipe: Recipe) -> None:
        """A new run from step 0; it goes on running if the old one was."""
        self.training.stop_seeking()
        self._tell_new_start(self.session.start(recipe))
        self.training.publish()

    def start_again(self, **changes: Any) -> None:
        """As `start`, with what is set now but for these fields of the recipe."""
        self.training.stop_seeking()
        is_set_aside = self.session.start_again(**changes)
        is_changed = not self.session.is_as_it_came_but("seed")
        self._tell_new_start(is_set_aside, is_changed)
        self.training.publish()

    async def action_recipe(self) -> None:
        """Change the recipe in a dialog, and start again with it."""
        from xortui.tui.screens.recipe import RecipeScreen

        def take(recipe: Recipe | None) -> None:
            if recipe is not None:
                self.start_again(**{field: getattr(recipe, field) for field in FIELDS})

        self._pause()
        recipe = replace(self.session.trainer.current_recipe, frozen=())
        await self.app.push_screen(RecipeScreen(recipe), take)

    def _tell_new_start(self, is_set_aside: bool, is_changed: bool = False) -> None:
        if words := notices.new_start(is_set_aside, is_changed):
            self.notify(words)
        if is_set_aside and self.session.recovery.not_kept:
            self.notify(self.session.recovery.not_kept, severity="error")

    def tell_divergence(self) -> None:
        """Say what broke first, what to press, and why: once, however often it is asked for."""
        from xortui.core.analysis.diagnosis import diagnose

        snapshot, now = self.session.trainer.snapshot(), time.monotonic()
        if snapshot.broke is None or now - self.training.divergence_told_at < TOLD_SECONDS:
            return
        self.training.divergence_told_at = now
        found = diagnose(snapshot)[0]
        words = f"{found.seen}. {found.try_this} {snapshot.broke.reason}"
        self.notify(words, severity="error", timeout=TOLD_SECONDS)

    def action_lower_rate(self) -> None:
        """Go back to before the loss blew up, and on from there with a tenth of η."""
        trainer = self.session.trainer
        snapshot = trainer.snapshot()
        if not has_blown_up(snapshot):
            self.notify(notices.NOTHING_BLEW_UP)
            return
        self.training.pause()
        self.session.leave_step()
        rate = float(f"{snapshot.recipe.learning_rate / 10:.6g}")
        trainer.seek(calm_step(snapshot))
        try:
            self.session.edit(Edit("learning_rate", value=rate))
        except EditError as error:
            self.notify(notices.as_sentence(str(error)), severity="error")
            return
        finally:
            self.training.publish()
        self.app.clear_notifications()  # what was said of the rise is mended
        self.training.divergence_told_at = -math.inf
        self.notify(notices.lower_rate(trainer.step_number, snapshot.step, rate))

    # -- inside a step -------------------------------------------------------------------------

    def action_operation(self, by: int) -> None:
        self.training.pause()
        self.session.move_cursor(by)
        self.training.publish()
        if self.session.trainer.at_end and by > 0:
            self.tell_divergence()

    async def action_why(self) -> None:
        """Where the number that is chosen in the focused pane comes from."""
        from xortui.core.explain.places import parse_place
        from xortui.tui.screens.why import WhyScreen

        self._pause()
        name, step = self.focused.asked if isinstance(self.focused, Pane) else ("loss", None)
        trainer = self.session.trainer
        snapshot = self.frame.snapshot if step is None else trainer.snapshot_at(step)
        await self.app.push_screen(WhyScreen(self.session, parse_place(snapshot, name)))

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
        here = self.session.trainer.current_recipe.mistake
        chosen = None if name == NO_MISTAKE else name
        if name is None or chosen == here:
            return
        if EQUAL_START in (chosen, here):
            self.start_again(mistake=chosen)
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
        await self._ask(questions.place(self.session.trainer), self._go_to_place)

    def _go_to_place(self, place: int | Breakpoint) -> None:
        """To a step, or on until something comes true."""
        if isinstance(place, Breakpoint):
            self.run(place)
            self.training.publish()
        else:
            self.training.go_to(place)

    def tell_pause(self, hits: Sequence[Hit]) -> None:
        """Say where a run has paused, and why."""
        self.notify(notices.paused(hits))

    async def action_breakpoints(self) -> None:
        from xortui.tui.screens.breakpoints import BreakpointsScreen

        self._pause()
        await self.app.push_screen(BreakpointsScreen(self.session), self._take_breakpoints)

    def _take_breakpoints(self, breakpoints: tuple[Breakpoint, ...] | None) -> None:
        if breakpoints is not None:
            self.session.trainer.breakpoints = breakpoints
            self.session.changed()
            self.training.publish()

    def _pause(self) -> None:
        self.training.pause()
        self.training.publish()

    async def _ask(self, question: Question[Answer], take: Callable[[Answer], object]) -> None:
        """Ask for a line of text; `take` is given what it means, if there is an answer."""
        from xortui.tui.screens.ask import Ask  # not needed for the first frame

        def take_answer(answer: Answer | None) -> None:
            if answer is not None:
                take(answer)

        asked = question.words, question.hint, question.value, question.understand
        await self.app.push_screen(Ask(*asked), take_answer)

    # -- edits ---------------------------------------------------------------------------------

    def edit(self, edit: Edit) -> bool:
        """Make an edit where the run stands; what cannot be is said. True where it was made."""
        if problem := self._problem_of(edit):
            self.notify(notices.as_sentence(problem), severity="error")
        return not problem

    def _problem_of(self, edit: Edit) -> str:
        """Make an edit; why it cannot be made, if it cannot."""
        self.training.stop_seeking()
        try:
            done = self.session.edit(edit)
        except EditError as error:
            return str(error)
        finally:
            self.training.publish()
        if words := notices.edited(edit, self.session.trainer.current_recipe, done):
            self.notify(words)
        return ""

    def action_undo(self) -> None:
        self.training.pause()
        change = self.session.undo()
        if change is None:
            self.notify(notices.NOTHING_TO_UNDO)
            self.training.publish()
            return
        self.training.go_to(change.step)
        self.notify(notices.undone(change, self.session.trainer.recipe))

    def action_redo(self) -> None:
        self.training.pause()
        try:
            change = self.session.redo()
        except EditError as error:
            self.notify(notices.as_sentence(str(error)), severity="error")
            return
        finally:
            self.training.publish()
        if change is None:
            self.notify(notices.NOTHING_TO_REDO)
            return
        self.training.go_to(change.step)
        self.notify(notices.redone(change, self.session.trainer.recipe))

    def _tell_end(self) -> bool:
        """Say so where nothing can be changed, before anything is asked. True where that is so."""
        problem = self.session.trainer.obstacle
        if problem:
            self.notify(notices.as_sentence(problem), severity="error")
        return bool(problem)

    async def action_nudge(self) -> None:
        if self._tell_end():
            return

        def take(size: float) -> None:
            made = sum(edit.kind == "noise" for _, edit in self.session.edits)
            self.edit(Edit("noise", made, size))

        await self._ask(questions.noise(), take)

    async def action_rate(self) -> None:
        """Ask for another learning rate, from here on."""
        if self._tell_end():
            return
        recipe = self.session.trainer.current_recipe

        def take(value: float) -> None:
            if value != recipe.learning_rate:
                self.edit(Edit("learning_rate", value=value))

        await self._ask(questions.learning_rate(recipe), take)

    async def action_optimiser(self) -> None:
        """Ask for another optimiser, decay, batch or schedule, from here on."""
        if self._tell_end():
            return

        def take(edits: tuple[Edit, ...]) -> None:
            for edit in edits:
                self.edit(edit)

        await self._ask(questions.optimiser(self.session.trainer.current_recipe), take)

    async def ask_weight(self, name: str, value: float) -> None:
        """Ask for a new value of one parameter, and set it."""
        if self._tell_end():
            return

        def take(number: float) -> None:
            if number != value:
                self.edit(Edit("weight", name, number))

        await self._ask(questions.weight(self.session.trainer.recipe, name, value), take)

    def toggle_frozen(self, name: str) -> None:
        """Freeze a parameter, or set it free again."""
        is_frozen = name in self.session.trainer.current_recipe.frozen
        self.edit(Edit("free" if is_frozen else "freeze", name))

    def enter_field(self, field: str, text: str) -> str:
        """Take what was typed in the control bar: a seed starts again, η is an edit.

        Gives the sentence to show at the field where it will not do; empty where it will.
        """
        try:
            value = parse_field(field, text)
            replace(self.session.trainer.recipe, **{field: value})
        except RecipeError as error:
            from xortui.tui.panes.controls import FIELDS as TYPED

            return error.called(TYPED[field])
        if field == "seed":
            self.start_again(seed=value)
            return ""
        if value == self.session.trainer.current_recipe.learning_rate:
            return ""
        return self._problem_of(Edit("learning_rate", value=value))

    # -- branches ------------------------------------------------------------------------------

    async def action_branches(self) -> None:
        from xortui.tui.screens.branches import BranchesScreen

        self._pause()
        await self.app.push_screen(BranchesScreen(self.frame), self._take_branch)

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
                name = self.session.trainer.branches[index].name
                self.session.delete(index)
                self.notify(f"Deleted: the branch {name}.")
        except EditError as error:
            self.notify(notices.as_sentence(str(error)), severity="error")
        if step is None:
            self.training.publish()
        else:
            self.training.go_to(step)

    # -- files ---------------------------------------------------------------------------------

    async def action_save(self) -> None:
        """At once where the run has a file that nobody else has changed; else it is asked where.

        In a browser it is downloaded.
        """
        if self.app.is_web:
            text = StringIO(RunFile.of(self.session.trainer).to_text())
            self.app.deliver_text(text, save_filename=self.session.free_name())
            return
        path, problem = self.session.path, ""
        if path is not None and not (problem := self.session.conflict(path)):
            try:
                self.session.save(path)
            except OSError as error:
                from xortui.tui.screens.save import cannot_write

                problem = cannot_write(path, error)
            else:
                self._tell_saved(path)
                return
        from xortui.tui.screens.save import SaveScreen

        await self.app.push_screen(SaveScreen(self.session, problem), self._tell_saved)

    def _tell_saved(self, path: str | None) -> None:
        if path is not None:
            self.notify(f"Saved as {path}; 'xortui {shlex.quote(path)}' brings it back.")

    async def action_open(self) -> None:
        if self.app.is_web:
            self.notify(notices.NO_FILES)
            return
        self._pause()
        await self._ask(questions.saved_run(), self._open)

    def _open(self, found: tuple[str, RunFile]) -> None:
        path, run = found
        self.resume(Offered(path, run, path=path, saved=run))

    async def action_continue_kept(self) -> None:
        """Resume the one run that there is to resume, or choose one of several."""
        from xortui.tui.screens.offers import OffersScreen

        offered = self.session.recovery.offered()
        if not offered:
            self.notify(notices.NOTHING_TO_RESUME)
        elif len(offered) == 1 and offered[0].run is not None:
            self.resume(offered[0])
        else:
            self._pause()
            await self.app.push_screen(OffersScreen(self.session.recovery), self._take_offered)

    def _take_offered(self, offered: Offered | None) -> None:
        if offered is not None:
            self.resume(offered)

    def resume(self, offered: Offered) -> None:
        """Replay a run to where it stood."""
        if self.session.is_lent:
            self.notify("Leave the lesson first: L lists the lessons.")
            return
        run = offered.run
        assert run is not None
        self.training.pause()
        self._tell_new_start(self.session.resume(offered))
        self.training.open_at(run.position)
        self.compare_bits(run)

    def compare_bits(self, run: RunFile) -> None:
        """Say so where the replay of a saved run has other numbers than were saved."""
        if words := self.session.difference(run):
            self.notify(notices.as_sentence(words), severity="warning")

    async def on_menu_wanted(self, message: MenuWanted) -> None:
        from xortui.tui.screens.pane_menu import open_menu

        await open_menu(self.app, message)

    def action_copy_pane(self) -> None:
        """Copy what the focused pane shows, as text."""
        is_pane = isinstance(self.focused, LineWidget)
        pane = self.focused if is_pane else self.query_one(self.COPIED_UNFOCUSED)
        assert isinstance(pane, LineWidget)
        text = pane.as_text()
        self.app.copy_to_clipboard(text)
        self.notify(notices.copied(pane.NAME, text))

    def action_copy_command(self) -> None:
        command = self.session.command()
        if command is None:
            self.notify("A run with edits needs a file: save it with ctrl+s first.")
            return
        self.app.copy_to_clipboard(command)
        self.notify(f"Sent to the terminal's clipboard: {command}")
