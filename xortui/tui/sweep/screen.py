"""Many seeds: is it my code or my seed? A form, a sweep that runs in slices, and what it found."""

import asyncio
import os
import sys
import time
from contextlib import redirect_stderr
from multiprocessing import resource_tracker

from textual import work
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Button, Input, Label, Select

from xortui.core.analysis.ends import DIVERGED
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import RecipeError
from xortui.core.sweep.estimate import estimated
from xortui.core.sweep.outcome import Outcome
from xortui.core.sweep.plan import Plan, SweepError, check_duration, format_seconds
from xortui.core.sweep.runner import Progress, Sweep
from xortui.reports.sweep import steps_done, sweep_text
from xortui.tui import notices
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.messages import RunChosen
from xortui.tui.pacing import CHUNK, let_input_in
from xortui.tui.panes.footer import KeyLine
from xortui.tui.panes.size_notice import SizeNotice
from xortui.tui.sweep.bindings import SWEEP_BINDINGS
from xortui.tui.sweep.comparison import SweepComparison
from xortui.tui.sweep.form import SweepForm
from xortui.tui.sweep.histogram import LossesHistogram, StepsHistogram
from xortui.tui.sweep.progress import (
    SweepCounts,
    SweepProgress,
    SweepTitle,
    UnsolvedTitle,
    swept_words,
)
from xortui.tui.sweep.sweep_pane import head_of
from xortui.tui.sweep.table import SweepTable
from xortui.tui.sweep.unsolved_list import UnsolvedList

# A turn of the sweep ends with the chunk in which this is over; a chunk takes up to 5 ms.
TURN_SECONDS = CHUNK / 2
# Counts that change faster than this cannot be read, and all panes together take long to paint.
PUBLISH_SECONDS = 0.25
PROGRESS_SECONDS = 0.1
# Working out what was found takes at most this share of the time.
MAX_PUBLISHING = 0.1
# With processes there is nothing to compute here: look what they have done so often.
POLL_SECONDS = 0.01
MEASURE_SECONDS = 0.1
LONG_SECONDS = 10.0

QUESTION = (
    "When a run is stuck, is it the code or the seed? A sweep trains this network from many seeds "
    "and counts how they end; it can try several learning rates or sizes, too.\n\n"
    "enter starts it · tab goes from field to field · escape stops it and keeps what is done, "
    "and then leaves"
)


class SweepScreen(Screen[None]):
    """Sweeps the network of `recipe`. Stays as it was left when it is opened again.

    Training behind it is paused, and no key goes there: nobody would see what it does.
    """

    CSS_PATH = "screen.tcss"
    BINDINGS = [*SWEEP_BINDINGS]
    AUTO_FOCUS = "#start"  # not a field, which would swallow the keys

    # As var: a change of a screen's reactive would repaint all of it, and not only the panes.
    recipe: var[Recipe] = var(Recipe())
    sweeping = var(False)
    outcome: var[Outcome | None] = var(None)
    before: var[Outcome | None] = var(None)
    progress: var[Progress | None] = var(None)
    _cancelled = False

    def compose(self) -> ComposeResult:
        yield SweepTitle()
        yield SweepForm()
        yield Label(QUESTION, id="sentence", markup=False)
        yield SweepProgress().data_bind(SweepScreen.outcome, SweepScreen.progress)
        yield SweepCounts().data_bind(SweepScreen.outcome)
        with Container(id="sweep"):
            with VerticalScroll(id="found"):
                yield SweepTable().data_bind(SweepScreen.outcome)
                yield SweepComparison().data_bind(SweepScreen.outcome, SweepScreen.before)
            with Container(id="histograms"):
                yield StepsHistogram().data_bind(SweepScreen.outcome)
                yield LossesHistogram().data_bind(SweepScreen.outcome)
            with Container(id="ends"):
                yield UnsolvedTitle().data_bind(SweepScreen.outcome)
                yield UnsolvedList()
        yield SizeNotice()
        yield KeyLine()

    def on_screen_resume(self) -> None:
        self.query_one(SweepTitle).words = swept_words(self.recipe)

    # -- what keys and the form do -------------------------------------------------------------

    def on_sweep_form_submitted(self) -> None:
        self.action_start()

    def action_start(self) -> None:
        """Start what the form asks for, or stop it."""
        if self.sweeping:
            self._cancelled = True
            return
        try:
            plan = self.query_one(SweepForm).entries.plan(self.recipe)
        except RecipeError as error:
            self._say(error.called(head_of(error.field)), wrong=True)
            return
        except ValueError as error:
            self._say(str(error), wrong=True)
            return
        self.query_one("#start", Button).focus()
        if self.outcome is not None and self.outcome.whole and self.outcome.plan != plan:
            self.before = self.outcome
        self._cancelled = False
        self.sweeping = True
        self._sweep(plan)

    def action_back(self) -> None:
        """One thing at a time: stop the sweep, leave a field, leave the screen."""
        if self.sweeping:
            self._cancelled = True
        elif isinstance(self.focused, Input | Select):
            self.query_one("#start", Button).focus()
        else:
            self.dismiss()

    def action_copy(self) -> None:
        """The table that `xortui sweep` prints."""
        if self.outcome is None:
            self.notify("There is nothing to copy yet.")
            return
        pieces: list[str] = []
        sweep_text(self.outcome.plan, self.outcome.cells, pieces.append)
        text = "".join(pieces)
        self.app.copy_to_clipboard(text)
        self.notify(notices.copied("Sweep", text))

    def on_unsolved_list_chosen(self, message: UnsolvedList.Chosen) -> None:
        """Open that very run, where it ended."""
        self.post_message(RunChosen(message.ending.recipe, message.ending.step))
        self.dismiss()

    # -- the sweep -----------------------------------------------------------------------------

    @work(exclusive=True, group="sweep")
    async def _sweep(self, plan: Plan) -> None:
        try:
            processes = await self._measure(plan)
            await self._train(plan, processes)
        except SweepError as error:
            self._say(str(error), wrong=True)
        # Not where the app is quit meanwhile: there is no screen left to tell.
        self.sweeping = False
        self.progress = None

    async def _measure(self, plan: Plan) -> int:
        """Say how long it will take, where that is long, and give how many processes are worth it.

        Raises SweepError where it is too long.
        """
        self._say("How long will it take? Measuring.")
        estimate = await asyncio.to_thread(estimated, plan, budget=MEASURE_SECONDS)
        seconds = estimate.seconds
        check_duration(plan, seconds)
        about = _asked(plan)
        if seconds > LONG_SECONDS:
            long = format_seconds(seconds)
            about += f" will take about {long}; escape stops it and keeps what is done"
        self._say(f"{about}.")
        return estimate.processes

    async def _train(self, plan: Plan, processes: int) -> None:
        sweep = Sweep(plan, processes)
        alone = sweep.processes == 1
        if not alone:
            _prepare_processes()
        turns = sweep.run(TURN_SECONDS if alone else 0)
        due = shown = 0.0
        started = time.perf_counter()
        try:
            for progress in turns:
                if self._cancelled:
                    break
                now = time.perf_counter()
                if now >= due:
                    await self._publish(sweep, progress)
                    took = time.perf_counter() - now
                    due = now + max(PUBLISH_SECONDS, took / MAX_PUBLISHING)
                elif now >= shown:
                    self.progress, shown = progress, now + PROGRESS_SECONDS
                if not alone:
                    await asyncio.sleep(POLL_SECONDS)
                await let_input_in()
            # Ending processes, and judging what was under way, takes longer than a key can wait.
            await asyncio.to_thread(turns.close)
        finally:
            turns.close()
        await self._publish(sweep, None)
        took = time.perf_counter() - started
        if self.outcome is not None:
            self._say(f"{done_words(self.outcome)} in {took:.1f} s.")
        self._list(self.outcome)
        if self.focused is self.query_one("#start") and self.outcome and self.outcome.unsolved:
            self.query_one(UnsolvedList).focus()

    async def _publish(self, sweep: Sweep, progress: Progress | None) -> None:
        """Paint what was found. It is worked out in a thread, while the sweep stands still."""
        outcome = await asyncio.to_thread(lambda: Outcome.of(sweep.plan, sweep.cells()))
        self.progress, self.outcome = progress, outcome

    def watch_sweeping(self, sweeping: bool) -> None:
        if self.is_mounted:
            self.query_one(SweepForm).show_running(sweeping)
            if sweeping:
                self._list(None)

    def watch_outcome(self, outcome: Outcome | None) -> None:
        self.set_class(outcome is None, "-empty")

    def _list(self, outcome: Outcome | None) -> None:
        """List the unsolved runs of a sweep that is over; none while it goes on."""
        self.query_one(UnsolvedList).outcome = outcome
        self.query_one(UnsolvedTitle).listed = outcome is not None

    def _say(self, text: str, wrong: bool = False) -> None:
        sentence = self.query_one("#sentence", Label)
        sentence.update(drawn(self.app, text))
        sentence.set_class(wrong, "-wrong")


def _prepare_processes() -> None:
    """Start what watches over processes on POSIX systems while stderr is the real one.

    It is handed stderr's number, and what Textual puts in the place of stderr has none.
    """
    if os.name == "posix":
        with redirect_stderr(sys.__stderr__):
            resource_tracker.ensure_running()


def done_words(outcome: Outcome) -> str:
    """How much was done: networks and their steps, or the steps of a sweep that was stopped."""
    if outcome.whole:
        # One that diverged has no more steps.
        most = "up to " if outcome.counts[DIVERGED] else ""
        return f"{outcome.plan.networks:,} networks x {most}{outcome.plan.steps:,} steps"
    asked = outcome.plan.networks * outcome.plan.steps
    return f"{steps_done(outcome.cells):,} of {asked:,} steps, all networks together,"


def _asked(plan: Plan) -> str:
    return f"{plan.networks:,} networks x {plan.steps:,} steps"
