"""TrainingLoop: trains a session's run at a speed, or goes a long way in it, while keys get in."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Iterator
from functools import partial

from xortui.core.training.snapshot import Snapshot
from xortui.tui.frame import Frame
from xortui.tui.pacing import (
    CHUNK,
    FASTEST,
    FASTEST_WITH_OPERATIONS,
    FRAME,
    SPEEDS,
    Pacer,
    RateMeter,
    let_input_in,
    operations_per_second,
)
from xortui.tui.session import RunSession

# A seek that takes no longer than this is over before anybody sees it.
SHORT_SEEK = 0.04

Work = Callable[[], Coroutine[object, object, None]]


class TrainingLoop:
    """All work on the run that takes time, in chunks of a few milliseconds.

    `show` is given what there is to see. `start_work` runs a function in the background, in place
    of the one that it was given before. `tell_divergence` is called where the run ends by itself.
    `is_behind` says whether the terminal still has a frame to take: it gets no other meanwhile.
    """

    def __init__(
        self,
        session: RunSession,
        show: Callable[[Frame], None],
        start_work: Callable[[Work], object],
        tell_divergence: Callable[[], None],
        is_behind: Callable[[], bool] = lambda: False,
    ) -> None:
        self.session = session
        self.running = False
        self._speed = FASTEST
        self._is_awaited = asyncio.Event()  # while the training sleeps
        # The step that a long seek is on its way to.
        self.seeking: int | None = None
        self._rate = 0.0
        self._shown: Snapshot | None = None
        self._show = show
        self._start_work = start_work
        self._tell_divergence = tell_divergence
        self._is_behind = is_behind

    def frame(self) -> Frame:
        """What there is to see now."""
        return self._frame_of(self.session.trainer.snapshot())

    def _frame_of(self, snapshot: Snapshot) -> Frame:
        return Frame(
            snapshot,
            self.session.cursor(snapshot),
            running=self.running,
            rate=self._rate,
            speed=self.speed,
            seeking=self.seeking,
            show_fault=self.session.show_fault,
        )

    def publish(self) -> None:
        """Show the run as it stands. To be called once, after all that a key or a click does."""
        self._shown = self.session.trainer.snapshot()
        self._show(self._frame_of(self._shown))

    @property
    def speed(self) -> int:
        """How fast training goes: one of pace.SPEEDS."""
        return self._speed

    @speed.setter
    def speed(self, speed: int) -> None:
        self._speed = speed
        self._is_awaited.set()

    def start(self) -> None:
        """Train until paused or diverged."""
        self.pause()
        self.running = True
        self._start_work(self._train)

    def pause(self) -> None:
        """Stop where the run stands, be it in training or on a long way."""
        self.running = False
        self._rate = 0.0
        self._is_awaited.set()
        self.stop_seeking()

    def stop_seeking(self) -> None:
        """Stop where a long seek has come to. Training goes on."""
        self.seeking = None

    def go_to(self, step: int) -> None:
        """Pause and go to a step; where that takes long, in slices that `pause` stops."""
        self.pause()
        slices = self.session.seeking(step, CHUNK)
        end = time.perf_counter() + SHORT_SEEK
        for _ in slices:
            if time.perf_counter() > end:
                self.seeking = step
                self._start_work(partial(self._seek_on, slices))
                break
        self.publish()

    async def _seek_on(self, slices: Iterator[int]) -> None:
        next_frame = 0.0
        while self.seeking is not None:
            if next(slices, None) is None:
                self._end()
                return
            if (now := time.perf_counter()) >= next_frame and not self._is_behind():
                next_frame = now + FRAME
                self.publish()
            await let_input_in()

    async def _train(self) -> None:
        """Train chunk by chunk, and publish each frame."""
        rate, next_frame = RateMeter(), 0.0
        speed, pace = -1, Pacer(1, 0)
        is_new = True
        while self.running:
            now = time.perf_counter()
            if speed != self.speed:
                speed, pace = self.speed, Pacer(self._per_second(self.speed), now)
                if speed > FASTEST_WITH_OPERATIONS:
                    self.session.leave_step()
            due, done = self._train_chunk(pace, now)
            rate.add(done)
            is_new = is_new or due > 0
            self._shown = None if done else self._shown
            if self.session.trainer.at_end:
                self._end()
                return
            now = time.perf_counter()
            if is_new and now >= next_frame and not self._is_behind():
                next_frame = max(next_frame + FRAME, now)
                self._rate = rate.per_second()
                # From one operation to the next the step's numbers stay what they are.
                self._shown = self._shown or self.session.trainer.snapshot()
                self._show(self._frame_of(self._shown))
                is_new = False
            # Slower than the machine: there is nothing to do until a step is due, and nothing to
            # see until the next frame is.
            if speed != FASTEST and (nap := pace.nap(now)) > 0:
                await self._sleep(max(nap, next_frame - now))
            else:
                await let_input_in()

    async def _sleep(self, seconds: float) -> None:
        """Sleep, but not on when the speed is changed or training paused."""
        self._is_awaited.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_awaited.wait()

    def _train_chunk(self, pace: Pacer, now: float) -> tuple[int, int]:
        """Do what is due, but not for long; says how much was due, and how many steps were done."""
        trainer = self.session.trainer
        if self.speed == FASTEST:
            done = trainer.run_for(CHUNK)
            return done, done
        due = max(0, pace.due(now))
        if self.speed <= FASTEST_WITH_OPERATIONS:
            before, due = trainer.step_number, min(due, 1)
            self.session.move_cursor(due)
            done = trainer.step_number - before
        else:
            done = due = trainer.run_for(CHUNK, at_most=due)
        pace.did(due, now)
        return due, done

    def _per_second(self, speed: int) -> float:
        """What the pace counts: operations at the slowest speeds, steps at the others."""
        if speed <= FASTEST_WITH_OPERATIONS:
            return operations_per_second(speed, self.session.trainer.operation_count)
        return SPEEDS[speed]

    def _end(self) -> None:
        """Nothing is left to do: the run is where it was to go, or has diverged before."""
        self.pause()
        self.publish()
        if self.session.trainer.at_end:
            self._tell_divergence()
