"""The training half of the app: the worker that trains, the snapshot, and the keys that run it."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace

from textual import work
from textual.reactive import var

from xortui.core.recipe import Recipe
from xortui.core.snapshot import Snapshot
from xortui.core.trainer import Trainer
from xortui.tui.cursor import OperationCursor
from xortui.tui.keys_in_turn import KeysInTurn
from xortui.tui.messages import CellMoved, RowFollowed
from xortui.tui.pace import (
    CHUNK,
    FASTEST,
    FASTEST_WITH_OPERATIONS,
    FRAME,
    SPEEDS,
    TURNS_AFTER_CHUNK,
    Pace,
    Rate,
    operations_per_second,
)

# A seek that takes no longer than this is over before anybody sees it.
SHORT_SEEK = 0.04


class TrainingApp(KeysInTurn):
    """Owns the trainer. All that is shown comes from `snapshot`, which only `publish` sets.

    Its variables are no reactives: a reactive of the app would repaint the whole screen.
    """

    snapshot: var[Snapshot | None] = var(None)
    running = var(False)
    rate = var(0.0)
    speed = var(FASTEST)
    # Where inside the step we stand; None between steps.
    cursor: var[OperationCursor | None] = var(None)
    # The step that a long seek is under way to.
    seeking: var[int | None] = var(None)

    def __init__(self, trainer: Trainer) -> None:
        super().__init__()
        self.trainer = trainer
        self._is_awaited = asyncio.Event()  # while the training sleeps
        self.operation: int | None = None
        self._cell = 0
        self._row: int | None = None
        self.set_reactive(TrainingApp.snapshot, trainer.snapshot())

    def publish(self) -> None:
        """Give every pane the numbers of the step where the run stands."""
        self.snapshot = self.trainer.snapshot()
        self._show_cursor()

    def _show_cursor(self) -> None:
        """Give those who show the step from inside the operation where it stands."""
        if self.operation is None or self.snapshot is None:
            self.cursor = None
        else:
            self.cursor = OperationCursor(self.snapshot, self.operation, self._cell, self._row)

    def restart(self, recipe: Recipe) -> None:
        """A new run from step 0; it goes on running if the old one was."""
        self.take_over(Trainer(recipe))

    def take_over(self, trainer: Trainer) -> None:
        """Show another run from now on."""
        self.stop_seeking()
        self.trainer = trainer
        self.operation = None
        self._row = None
        self.publish()

    # -- running -------------------------------------------------------------------------------

    def watch_running(self, running: bool) -> None:
        if running:
            self.stop_seeking()
            self._train()
        else:
            self.rate = 0.0
            self._is_awaited.set()

    @work(exclusive=True, group="training")
    async def _train(self) -> None:
        """Train in chunks of a few milliseconds until paused or diverged, publishing each frame."""
        rate, next_frame = Rate(), 0.0
        is_new = is_step_new = True  # whether there is something to show, and whether of a new step
        speed, pace = -1, Pace(1, 0)
        while self.running:
            now = time.perf_counter()
            if speed != self.speed:
                speed, pace = self.speed, Pace(self._per_second(self.speed), now)
                if speed > FASTEST_WITH_OPERATIONS:
                    self.operation = None
            if speed == FASTEST:
                rate.add(self.trainer.run_for(CHUNK))
                is_new = is_step_new = True
            else:
                due = max(0, pace.due(now))
                if speed <= FASTEST_WITH_OPERATIONS:
                    due, before = min(due, 1), self.trainer.step_number
                    self.move_cursor(due)
                    rate.add(self.trainer.step_number - before)
                    is_step_new = is_step_new or self.trainer.step_number > before
                else:
                    due = self.trainer.run_for(CHUNK, at_most=due)
                    rate.add(due)
                    is_step_new = True
                pace.did(due, now)
                is_new = is_new or due > 0
            now = time.perf_counter()
            is_due = is_new and now >= next_frame and not self.is_output_behind
            if is_due or self.trainer.at_end:
                next_frame = max(next_frame + FRAME, now)
                self.rate = rate.per_second()
                if is_step_new:
                    self.publish()
                else:
                    self._show_cursor()
                is_new = is_step_new = False
            if self.trainer.at_end:
                self.running = False
                self.explain_divergence()
                break
            # Slower than the machine: there is nothing to do until a step is due, and nothing to
            # see until the next frame is.
            if speed != FASTEST and (nap := pace.nap(now)) > 0:
                await self._sleep(max(nap, next_frame - now))
                continue
            for _ in range(TURNS_AFTER_CHUNK):
                await asyncio.sleep(0)
        self.publish()

    async def _sleep(self, seconds: float) -> None:
        """Sleep, but not on when the speed is changed or training paused."""
        self._is_awaited.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_awaited.wait()

    def watch_speed(self) -> None:
        self._is_awaited.set()

    def _per_second(self, speed: int) -> float:
        """What the pace counts: operations at the slowest speeds, steps at the others."""
        if speed <= FASTEST_WITH_OPERATIONS:
            return operations_per_second(speed, len(self.trainer.snapshot().results))
        return SPEEDS[speed]

    def move_cursor(self, operations: int) -> None:
        """The cursor so many operations on (or back), over the end of a step into the next."""
        # What is shown is mostly of the step where we stand: another snapshot takes half as long as
        # all the painting.
        shown = self.snapshot
        if shown is None or shown.step != self.trainer.step_number:
            shown = self.trainer.snapshot()
        count = len(shown.results)
        for _ in range(operations):
            if self.operation is None:
                self.operation = 0
            elif self.operation + 1 < count:
                self.operation += 1
            elif self.trainer.step(1):
                self.operation = 0
        for _ in range(-operations):
            if self.operation:
                self.operation -= 1
            elif self.trainer.step_number:
                self.trainer.seek(self.trainer.step_number - 1)
                self.operation = count - 1
            else:
                self.operation = None
        self._cell = 0

    def action_operation(self, by: int) -> None:
        self.running = False
        self.stop_seeking()
        self.move_cursor(by)
        self.publish()
        if self.trainer.at_end and by > 0:
            self.explain_divergence()

    def leave_step(self) -> None:
        """Step out of the operations, to where the step began."""
        self.operation = None
        self.publish()

    def on_cell_moved(self, message: CellMoved) -> None:
        if self.cursor is not None:
            step = self.cursor.row_step
            size = (self.cursor.result.value if step is None else step.value).size
            self._cell = (self._cell + message.by) % max(1, size)
            self.publish()

    def on_row_followed(self, message: RowFollowed) -> None:
        self._row, self._cell = message.row, 0
        self.publish()

    def explain_divergence(self) -> None:
        """Say which step it was, why, and what to try."""
        rate = self.trainer.snapshot().recipe.learning_rate
        self.notify(
            f"At step {self.trainer.step_number:,} the weights grew past what a float can hold: "
            f"with η = {rate:g} each update overshoots by more than the one before. "
            "Go back with , and lower η, or press r to start again.",
            title="Diverged",
            severity="error",
            timeout=10,
        )

    def action_toggle_run(self) -> None:
        if self.trainer.at_end and not self.running:
            self.explain_divergence()
        else:
            self.running = not self.running

    def action_step(self, steps: int) -> None:
        if steps > 0 and self.trainer.at_end:
            self.running = False
            self.explain_divergence()
        else:
            self.go_to(self.trainer.step_number + steps)

    def action_speed(self, change: int) -> None:
        self.speed = min(max(0, self.speed + change), FASTEST)

    def action_reset(self) -> None:
        self.running = False
        self.stop_seeking()
        self.operation = None
        self.trainer.reset()
        self.publish()

    def action_new_seed(self) -> None:
        recipe = self.trainer.recipe
        self.restart(replace(recipe, seed=(recipe.seed + 1) % 2**32))

    # -- going to a step -----------------------------------------------------------------------

    def go_to(self, step: int) -> None:
        """Pause and go to a step; where that takes long, in slices that escape can stop."""
        self.running = False
        self.stop_seeking()
        self.operation = None
        slices = self.trainer.seeking(step, CHUNK)
        end = time.perf_counter() + SHORT_SEEK
        for _ in slices:
            if time.perf_counter() > end:
                self.seeking = step
                self._seek_on(slices)
                break
        self.publish()

    @work(exclusive=True, group="seeking")
    async def _seek_on(self, slices: Iterator[int]) -> None:
        published = 0.0
        for _ in slices:
            now = time.perf_counter()
            if now - published >= FRAME and not self.is_output_behind:
                published = now
                self.publish()
            for _ in range(TURNS_AFTER_CHUNK):
                await asyncio.sleep(0)
        self.seeking = None
        self.publish()
        if self.trainer.at_end:
            self.explain_divergence()

    def stop_seeking(self) -> None:
        """Stay where a long seek has come to."""
        if self.seeking is not None:
            self.workers.cancel_group(self, "seeking")
            self.seeking = None
            self.publish()
