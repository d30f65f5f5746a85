"""DebugApp: the app on somebody's own script; the same network done right is a run as any other."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from xortui.core.debug.examination import Examination, ScriptFile
from xortui.core.model.recipe import Recipe
from xortui.core.text.harmless import harmless
from xortui.core.training.snapshot import BranchSummary
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.debug.examiner import Examiner
from xortui.tui.debug.keys import DEBUG_KEYS
from xortui.tui.debug.loss_pane import LEAST
from xortui.tui.debug.screen import DebugScreen
from xortui.tui.frame import Frame
from xortui.tui.main_screen import MainScreen
from xortui.tui.messages import RunChosen
from xortui.tui.recovery import Offered

DONE_RIGHT, SWEEP = "done-right", "sweep"
YOURS = "yours"


class DoneRightScreen(MainScreen):
    """The run of their network with the true gradient, over the script."""

    BINDINGS = [Binding("D", "script", "your script", id="script", tooltip="Back to your script")]

    def action_script(self) -> None:
        self.training.pause()
        self.training.publish()
        self.app.pop_screen()

    def action_leave(self) -> None:
        """As everywhere, and from the outermost back to the script."""
        is_inside = (
            self.training.seeking is not None
            or self.training.replayed is not None
            or (self.session.operation is not None and not self.training.running)
            or self.focused is not None
            or self.maximised_pane is not None
            or self.has_class("-looking")
        )
        if is_inside:
            super().action_leave()
        else:
            self.action_script()

    def action_reset(self) -> None:
        """To their start, which no seed gives."""
        app = self.app
        assert isinstance(app, DebugApp)
        app.begin_done_right()


class DebugApp(XorApp):
    """Shows a DebugScreen; the run that `o` opens is the session's."""

    CSS_PATH = [  # type: ignore[assignment]
        XorApp.CSS_PATH, Path(__file__).with_name("debug.tcss"),
    ]  # fmt: skip

    def __init__(
        self,
        script: ScriptFile,
        source: str,
        examination: Examination | None = None,
        ascii_glyphs: bool = False,
        chosen_theme: str | None = None,
    ) -> None:
        self.examiner = Examiner(script)
        self._source, self._examination = source, examination
        self._beside: BranchSummary | None = None
        self._begun_from: Examination | None = None
        super().__init__(Trainer(Recipe()), ascii_glyphs=ascii_glyphs, chosen_theme=chosen_theme)

    def get_default_screen(self) -> DebugScreen:  # type: ignore[override]
        self.main_screen = DoneRightScreen(self.session, self.training)
        self.debug_screen = DebugScreen(self.examiner, self._source, self._examination)
        return self.debug_screen

    def offer_abandoned(self) -> None:
        """Nobody who asks about a script wants to hear of other runs."""

    # -- done right ----------------------------------------------------------------------------

    def _show(self, frame: Frame) -> None:
        super()._show(frame if self._beside is None else replace(frame, beside=self._beside))

    async def action_done_right(self) -> None:
        """Open the same network from the same start, as a run with the true gradient."""
        found = self.debug_screen.shown.examination
        if found is None or found.run is None:
            reason = "the script has not been run yet" if found is None else found.no_run
            self.notify(f"xortui cannot open it as a run of its own: {reason}.", timeout=8)
            return
        if self._begun_from is not found:
            self._begun_from = found
            self.begin_done_right()
        await self._open_run()

    def begin_done_right(self) -> None:
        """Begin that run anew, at step 0, with their losses beside it."""
        found = self._begun_from
        if found is None or found.run is None:
            return
        self.training.pause()
        run = found.run
        self.session.resume(Offered("done right", run, saved=run), is_start=True)
        curve = found.their_curve(run.recipe.loss == "cross-entropy", LEAST)
        self._beside = (
            None if curve is None else BranchSummary(YOURS, curve.steps - 1, curve, False, 0)
        )
        self.training.open_at(run.position)
        self.training.publish()

    async def _open_run(self) -> None:
        if not self.is_screen_installed(DONE_RIGHT):
            self.install_screen(self.main_screen, DONE_RIGHT)
        if self.main_screen not in self.screen_stack:
            await self.push_screen(DONE_RIGHT)
            self.training.publish()
            self.notify("Your network with the true gradient. D: back to your script.", timeout=6)

    async def action_sweep(self) -> None:
        """Many starts of their network, drawn in the way that is nearest to their own."""
        from xortui.tui.sweep.screen import SweepScreen

        found = self.debug_screen.shown.examination
        recipe = None if found is None else found.sweep_recipe
        if recipe is None:
            reason = "the script has not been run yet" if found is None else found.no_run
            self.notify(f"xortui cannot sweep this network: {reason}.", timeout=8)
            return
        if not self.is_screen_installed(SWEEP):
            self.install_screen(SweepScreen(), SWEEP)
        screen = self.get_screen(SWEEP, SweepScreen)
        screen.recipe = recipe
        await self.push_screen(screen)
        self.notify(f"Starts are drawn as {recipe.init}: that is nearest to yours.", timeout=6)

    async def on_run_chosen(self, message: RunChosen) -> None:  # type: ignore[override]
        self._begun_from = None
        await self._open_run()
        super().on_run_chosen(message)

    # -- keys ----------------------------------------------------------------------------------

    def action_help_quit(self) -> None:
        """ctrl+c ends the script first."""
        if self.screen is self.debug_screen and self.debug_screen.runs_script:
            self.debug_screen.stop_script()
        else:
            super().action_help_quit()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        if not isinstance(screen, DebugScreen):
            yield from super().get_system_commands(screen)
            return
        for key in DEBUG_KEYS:
            run = partial(screen.run_action, key.action)
            yield SystemCommand(key.words, f"key {key.shown}", run)
        yield SystemCommand("Theme", "Change colours", self.action_change_theme)
        yield SystemCommand("Quit", "key q", self.action_quit)

    # -- the end -------------------------------------------------------------------------------

    def give_up(self, code: int) -> None:
        self.examiner.close()
        super().give_up(code)

    def farewell(self, kept: str | None) -> str:
        """What was found, and how to read it again; then what there is to say of a run."""
        shown = self.debug_screen.shown
        lines = []
        if shown.examination is not None:
            lines.append(harmless(shown.examination.report.sentence))
        if self._begun_from is not None and kept is not None:
            lines.append(super().farewell(kept))
        return "\n".join(lines) or "Nothing was found out about the script."
