"""TrainingLoop: trains a session's run at a speed, or goes a long way in it, while keys get in."""

import asyncio
import contextlib
import math
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import replace
from functools import partial

from xortui.core.training.breakpoints import REFERENCE_END, SOLVED, Breakpoint, Hit
from xortui.core.training.recovering import recovering
from xortui.core.training.snapshot import Snapshot
from xortui.tui.frame import Frame
from xortui.tui.pacing import (
    BY_OPERATION,
    CHUNK,
    FASTEST,
    FASTEST_WATCHED,
    FRAME,
    OPERATION_SECONDS,
    SPEEDS,
    STARTING_SPEED,
    Pacer,
    RateMeter,
    let_input_in,
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
    `tell_pause` is given the breakpoints at which a run has paused.
    """

    def __init__(
        self,
        session: RunSession,
        show: Callable[[Frame], None],
        start_work: Callable[[Work], object],
        tell_divergence: Callable[[], None],
        is_behind: Callable[[], bool] = lambda: False,
        tell_pause: Callable[[Sequence[Hit]], None] = lambda hits: None,
    ) -> None:
        self.session = session
        self.running = False
        self._speed = self._speed_before = STARTING_SPEED
        # What a run goes on to at full speed, whatever the speed is set to.
        self._goal: Breakpoint | None = None
        # When it was last said why the run diverged, by the clock of `time.monotonic`.
        self.divergence_told_at = -math.inf
        self._is_awaited = asyncio.Event()  # while the training sleeps
        # The step that a long seek is on its way to.
        self.seeking: int | None = None
        # The share that is done of replaying a file's branches; None where there is none to do.
        self.replayed: float | None = None
        self._rate = 0.0
        self._shown: Snapshot | None = None
        self._frame: Frame | None = None  # the last one
        self._show = show
        self._start_work = start_work
        self._tell_divergence = tell_divergence
        self._is_behind = is_behind
        self._tell_pause = tell_pause

    def frame(self) -> Frame:
        """What there is to see now."""
        return self._frame_of(self.session.trainer.snapshot())

    def _frame_of(self, snapshot: Snapshot) -> Frame:
        return Frame(
            snapshot,
            self.session.cursor(snapshot),
            running=self.running,
            rate=self._rate,
            speed=self.shown_speed,
            seeking=self.seeking,
            goal=self._goal,
            replayed=self.replayed,
            show_fault=self.session.show_fault,
        )

    def publish(self) -> None:
        """Show the run as it stands. To be called once, after all that a key or a click does."""
        self._shown = self.session.trainer.snapshot()
        self._publish(self._shown)

    def show_as(self, running: bool, rate: float) -> None:
        """Show the run as it stands as one that trains at `rate` steps a second: for a film."""
        self.running, self._rate = running, rate
        self.publish()

    def publish_speed(self) -> None:
        """Show another speed. In training nothing else is painted anew: that comes soon enough."""
        if self.running and self._frame is not None:
            self._frame = replace(self._frame, speed=self.shown_speed)
            self._show(self._frame)
        else:
            self.publish()

    def _publish(self, snapshot: Snapshot) -> None:
        self._frame = self._frame_of(snapshot)
        self._show(self._frame)

    @property
    def speed(self) -> int:
        """How fast training goes: one of pacing.SPEEDS."""
        return self._speed

    @speed.setter
    def speed(self, speed: int) -> None:
        self._speed = speed
        self._is_awaited.set()

    def toggle_full_speed(self) -> None:
        """As fast as the machine can, or back to the speed before."""
        if self.speed == FASTEST:
            self.speed = self._speed_before
        else:
            self._speed_before, self.speed = self.speed, FASTEST

    def start(self, goal: Breakpoint | None = None) -> None:
        """Train until paused, diverged or at a breakpoint; to a goal at full speed."""
        self.pause()
        self.running, self._goal = True, goal
        self._start_work(self._train)

    def pause(self) -> None:
        """Stop where the run stands, be it in training or on a long way."""
        self.running, self._goal = False, None
        self._rate = 0.0
        self._is_awaited.set()
        self.stop_seeking()

    def stop_seeking(self) -> None:
        """Stop where a long seek has come to, and the replay of branches. Training goes on."""
        self.seeking = self.replayed = None

    def go_to(self, step: int) -> None:
        """Pause and go to a step; where that takes long, in slices that `pause` stops."""
        self._go(step, iter(()))

    def open_at(self, step: int) -> None:
        """As `go_to`, in a run from a file, whose branches are then replayed as far as they came.

        That goes on in slices, too, until something else is done with the run.
        """
        self._go(step, recovering(self.session.trainer, CHUNK))

    def _go(self, step: int, then: Iterator[float]) -> None:
        self.pause()
        self.seeking = step
        slices = self._work_through(self.session.seeking(step, CHUNK), then)
        end = time.perf_counter() + SHORT_SEEK
        for _ in slices:
            if time.perf_counter() > end:
                self._start_work(partial(self._go_on, slices))
                break
        else:
            self.seeking = self.replayed = None
        self.publish()

    def _work_through(self, steps: Iterator[int], then: Iterator[float]) -> Iterator[None]:
        """Slice by slice, saying in `seeking` and `replayed` how far it is."""
        for _ in steps:
            yield
        self.seeking = None
        for self.replayed in then:
            yield

    async def _go_on(self, slices: Iterator[None]) -> None:
        next_frame = 0.0
        while self.seeking is not None or self.replayed is not None:
            if next(slices, slices) is slices:
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
                if speed != BY_OPERATION:
                    self.session.leave_step()
            due, done = self._train_chunk(pace, now)
            rate.add(done)
            is_new = is_new or due > 0
            self._shown = None if done else self._shown
            if self.session.trainer.at_end:
                self._end()
                return
            if done and (hits := self.session.trainer.hits):
                self.pause()
                self.publish()
                self._tell_pause(hits)
                return
            now = time.perf_counter()
            if is_new and now >= next_frame and not self._is_behind():
                next_frame = max(next_frame + FRAME, now)
                self._rate = rate.per_second()
                # From one operation to the next the step's numbers stay what they are.
                self._shown = self._shown or self.session.trainer.snapshot()
                self._publish(self._shown)
                is_new = False
            # Slower than the machine: there is nothing to do until a step is due, and nothing to
            # see until the next frame is.
            if not self.is_at_full_speed and (nap := pace.nap(now)) > 0:
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
        if self.is_at_full_speed:
            done = trainer.run_for(CHUNK, until=self._breakpoints())
            return done, done
        due = max(0, pace.due(now))
        if self.speed == BY_OPERATION:
            before, due = trainer.step_number, min(due, 1)
            self.session.move_cursor(due, self._breakpoints())
            done = trainer.step_number - before
        else:
            done = due = trainer.run_for(CHUNK, at_most=due, until=self._breakpoints())
        pace.did(due, now)
        return due, done

    @property
    def goal(self) -> Breakpoint | None:
        """What a run goes on to; None where it goes on until it is paused."""
        return self._goal

    @property
    def shown_speed(self) -> int:
        """How fast it trains now: to a goal as fast as the machine can."""
        return FASTEST if self.is_at_full_speed else self.speed

    @property
    def is_at_full_speed(self) -> bool:
        """Whether it trains as fast as the machine can."""
        return self.speed == FASTEST or self._goal is not None

    def _breakpoints(self) -> tuple[Breakpoint, ...]:
        """What the run pauses at: what a person asked for, and at speeds made for eyes also where
        it is first solved and where the reference run ends."""
        trainer = self.session.trainer
        asked = trainer.breakpoints
        if self._goal is not None:
            return (*asked, self._goal)
        if self.speed > FASTEST_WATCHED:
            return asked
        first = trainer.solved_at is None or trainer.step_number < trainer.solved_at
        solved = (Breakpoint(SOLVED),) if first else ()
        return tuple(dict.fromkeys((*asked, *solved, Breakpoint(REFERENCE_END))))

    def _per_second(self, speed: int) -> float:
        """What the pace counts: operations at the slowest speed, steps at the others."""
        return 1 / OPERATION_SECONDS if speed == BY_OPERATION else SPEEDS[speed]

    def _end(self) -> None:
        """Nothing is left to do: the run is where it was to go, or has diverged before."""
        self.pause()
        self.publish()
        if self.session.trainer.at_end:
            self._tell_divergence()
