"""Starting: begins a run, anew, with other settings or from a file, in the place of another."""

from dataclasses import replace
from typing import Any

from textual.screen import Screen

from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import FLAGS
from xortui.core.training.run_file import RunFile
from xortui.tui import notices, questions
from xortui.tui.recovery import Offered
from xortui.tui.session import RunSession
from xortui.tui.training_loop import TrainingLoop

# What the recipe dialog changes.
FIELDS = (*FLAGS, "flipped")


class Starting:
    """Starts runs, and says on a screen what became of the one before."""

    def __init__(self, screen: Screen[None], session: RunSession, training: TrainingLoop) -> None:
        self._screen, self._session, self._training = screen, session, training

    def start(self, recipe: Recipe) -> None:
        """A new run from step 0; it goes on running if the old one was."""
        self._training.stop_seeking()
        self._tell_new_start(self._session.start(recipe))
        self._training.publish()

    def start_again(self, **changes: Any) -> None:
        """As `start`, with what is set now but for these fields of the recipe."""
        self._training.stop_seeking()
        is_set_aside = self._session.start_again(**changes)
        is_changed = not self._session.is_as_it_came_but("seed")
        self._tell_new_start(is_set_aside, is_changed)
        self._training.publish()

    async def ask_recipe(self) -> None:
        """Change the recipe in a dialog, and start again with it."""
        from xortui.tui.screens.recipe import RecipeScreen

        def take(recipe: Recipe | None) -> None:
            if recipe is not None:
                self.start_again(**{field: getattr(recipe, field) for field in FIELDS})

        self._pause()
        recipe = replace(self._session.trainer.current_recipe, frozen=())
        await self._screen.app.push_screen(RecipeScreen(recipe), take)

    async def ask_file(self) -> None:
        """Ask for a saved run, and resume it."""
        if self._screen.app.is_web:
            self._screen.notify(notices.NO_FILES)
            return

        def take(found: tuple[str, RunFile]) -> None:
            path, run = found
            self.resume(Offered(path, run, path=path, saved=run))

        self._pause()
        await questions.ask(self._screen.app, questions.saved_run(), take)

    async def resume_kept(self) -> None:
        """Resume the one run that was not saved, or choose one of several."""
        from xortui.tui.screens.offers import OffersScreen

        def take(offered: Offered | None) -> None:
            if offered is not None:
                self.resume(offered)

        recovery = self._session.recovery
        offered = recovery.offered()
        if not offered:
            self._screen.notify(notices.NOTHING_TO_RESUME)
        elif len(offered) == 1 and offered[0].run is not None:
            self.resume(offered[0])
        else:
            self._pause()
            await self._screen.app.push_screen(OffersScreen(recovery), take)

    def resume(self, offered: Offered) -> None:
        """Replay a run to where it stood."""
        if self._session.is_lent:
            self._screen.notify("Leave the lesson first: L lists the lessons.")
            return
        run = offered.run
        assert run is not None
        self._training.pause()
        self._tell_new_start(self._session.resume(offered))
        self._training.open_at(run.position)
        self.compare_bits(run)

    def compare_bits(self, run: RunFile) -> None:
        """Say so where the replay of a saved run, at its position, has other numbers."""
        trainer = self._session.trainer
        if trainer.step_number == run.position and (words := run.difference(trainer)):
            self._screen.notify(notices.as_sentence(words), severity="warning")

    def _tell_new_start(self, is_set_aside: bool, is_changed: bool = False) -> None:
        if words := notices.new_start(is_set_aside, is_changed):
            self._screen.notify(words)
        if is_set_aside and self._session.recovery.not_kept:
            self._screen.notify(self._session.recovery.not_kept, severity="error")

    def _pause(self) -> None:
        self._training.pause()
        self._training.publish()
