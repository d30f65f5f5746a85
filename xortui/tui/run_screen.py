"""RunScreen: a screen over the run, whose keys run it, step it, go back in it, edit and save it."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.reactive import Initialize, var
from textual.screen import Screen

from xortui.core.model.mistakes import EQUAL_START, NO_MISTAKE
from xortui.core.model.recipe_fields import RecipeError, parse_field
from xortui.core.training.breakpoints import Breakpoint, Hit
from xortui.core.training.edit import Edit, EditError
from xortui.tui import notices, questions
from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.pane import Pane
from xortui.tui.editing import Editing
from xortui.tui.frame import Frame
from xortui.tui.messages import MenuWanted
from xortui.tui.pacing import FASTEST
from xortui.tui.saving import Saving
from xortui.tui.session import RunSession
from xortui.tui.starting import Starting
from xortui.tui.training_loop import TrainingLoop

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
        self.starting = Starting(self, session, training)
        self.editing = Editing(self, session, training)
        self.saving = Saving(self, session)

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
        self.starting.start_again()

    def action_new_seed(self) -> None:
        recipe = self.session.trainer.recipe
        self.starting.start_again(seed=(recipe.seed + 1) % 2**32)

    def action_start_over(self) -> None:
        """To step 0 of the recipe as it came."""
        self.training.pause()
        self.starting.start(self.session.run.original)

    async def action_recipe(self) -> None:
        await self.starting.ask_recipe()

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
            self.starting.start_again(mistake=chosen)
        else:
            self.editing.make(Edit("mistake", chosen))

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
        await questions.ask(self.app, questions.place(self.session.trainer), self._go_to_place)

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

    # -- edits ---------------------------------------------------------------------------------

    def action_undo(self) -> None:
        self.editing.undo()

    def action_redo(self) -> None:
        self.editing.redo()

    def action_lower_rate(self) -> None:
        self.editing.lower_rate()

    async def action_nudge(self) -> None:
        await self.editing.ask_noise()

    async def action_rate(self) -> None:
        await self.editing.ask_rate()

    async def action_optimiser(self) -> None:
        await self.editing.ask_optimiser()

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
            self.starting.start_again(seed=value)
            return ""
        if value == self.session.trainer.current_recipe.learning_rate:
            return ""
        return self.editing.attempt(Edit("learning_rate", value=value))

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
        await self.saving.save()

    def action_copy_command(self) -> None:
        self.saving.copy_command()

    async def action_open(self) -> None:
        await self.starting.ask_file()

    async def action_continue_kept(self) -> None:
        await self.starting.resume_kept()

    # -- panes ---------------------------------------------------------------------------------

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
