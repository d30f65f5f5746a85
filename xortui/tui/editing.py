"""Editing: changes the run where it stands, takes changes back, and asks what to change."""

import math

from textual.screen import Screen

from xortui.core.analysis.calm_step import calm_step, has_blown_up
from xortui.core.training.edit import Edit, EditError
from xortui.tui import notices, questions
from xortui.tui.session import RunSession
from xortui.tui.training_loop import TrainingLoop


class Editing:
    """Edits a run, and says on a screen what cannot be and what was done besides."""

    def __init__(self, screen: Screen[None], session: RunSession, training: TrainingLoop) -> None:
        self._screen, self._session, self._training = screen, session, training

    def make(self, edit: Edit) -> None:
        """Make an edit where the run stands; what cannot be is said."""
        if problem := self.attempt(edit):
            self._screen.notify(notices.as_sentence(problem), severity="error")

    def attempt(self, edit: Edit) -> str:
        """Make an edit; why it cannot be made, if it cannot."""
        self._training.stop_seeking()
        try:
            done = self._session.edit(edit)
        except EditError as error:
            return str(error)
        finally:
            self._training.publish()
        if words := notices.edited(edit, self._session.trainer.current_recipe, done):
            self._screen.notify(words)
        return ""

    def undo(self) -> None:
        """Take back the last edit of this branch, and go where it was made."""
        self._training.pause()
        change = self._session.undo()
        if change is None:
            self._screen.notify(notices.NOTHING_TO_UNDO)
            self._training.publish()
            return
        self._training.go_to(change.step)
        self._screen.notify(notices.undone(change, self._session.trainer.recipe))

    def redo(self) -> None:
        """Make the edit again that was taken back last, and go where it is made."""
        self._training.pause()
        try:
            change = self._session.redo()
        except EditError as error:
            self._screen.notify(notices.as_sentence(str(error)), severity="error")
            return
        finally:
            self._training.publish()
        if change is None:
            self._screen.notify(notices.NOTHING_TO_REDO)
            return
        self._training.go_to(change.step)
        self._screen.notify(notices.redone(change, self._session.trainer.recipe))

    def _tell_end(self) -> bool:
        """Say so where nothing can be changed, before anything is asked. True where that is so."""
        problem = self._session.trainer.obstacle
        if problem:
            self._screen.notify(notices.as_sentence(problem), severity="error")
        return bool(problem)

    async def ask_noise(self) -> None:
        """Ask how much noise to add to all weights, and add it."""
        if self._tell_end():
            return

        def take(size: float) -> None:
            made = sum(edit.kind == "noise" for _, edit in self._session.edits)
            self.make(Edit("noise", made, size))

        await questions.ask(self._screen.app, questions.noise(), take)

    async def ask_rate(self) -> None:
        """Ask for another learning rate, from here on."""
        if self._tell_end():
            return
        recipe = self._session.trainer.current_recipe

        def take(value: float) -> None:
            if value != recipe.learning_rate:
                self.make(Edit("learning_rate", value=value))

        await questions.ask(self._screen.app, questions.learning_rate(recipe), take)

    async def ask_optimiser(self) -> None:
        """Ask for another optimiser, decay, batch or schedule, from here on."""
        if self._tell_end():
            return

        def take(edits: tuple[Edit, ...]) -> None:
            for edit in edits:
                self.make(edit)

        await questions.ask(
            self._screen.app, questions.optimiser(self._session.trainer.current_recipe), take
        )

    async def ask_weight(self, name: str, value: float) -> None:
        """Ask for a new value of one parameter, and set it."""
        if self._tell_end():
            return

        def take(number: float) -> None:
            if number != value:
                self.make(Edit("weight", name, number))

        await questions.ask(
            self._screen.app, questions.weight(self._session.trainer.recipe, name, value), take
        )

    def toggle_frozen(self, name: str) -> None:
        """Freeze a parameter, or set it free again."""
        is_frozen = name in self._session.trainer.current_recipe.frozen
        self.make(Edit("free" if is_frozen else "freeze", name))

    def lower_rate(self) -> None:
        """Go back to before the loss blew up, and on from there with a tenth of η."""
        trainer = self._session.trainer
        snapshot = trainer.snapshot()
        if not has_blown_up(snapshot):
            self._screen.notify(notices.NOTHING_BLEW_UP)
            return
        self._training.pause()
        self._session.leave_step()
        rate = float(f"{snapshot.recipe.learning_rate / 10:.6g}")
        trainer.seek(calm_step(snapshot))
        try:
            self._session.edit(Edit("learning_rate", value=rate))
        except EditError as error:
            self._screen.notify(notices.as_sentence(str(error)), severity="error")
            return
        finally:
            self._training.publish()
        self._screen.app.clear_notifications()  # what was said of the rise is mended
        self._training.divergence_told_at = -math.inf
        self._screen.notify(notices.lower_rate(trainer.step_number, snapshot.step, rate))
