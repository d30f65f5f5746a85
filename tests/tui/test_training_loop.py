"""The training loop without an app: what it trains, what it shows, and when it ends."""

import asyncio
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from xortui.core.model.recipe import Recipe
from xortui.core.training.breakpoints import Breakpoint, Hit
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer
from xortui.tui import training_loop
from xortui.tui.frame import Frame
from xortui.tui.pacing import BY_OPERATION, FASTEST, FASTEST_WATCHED, STARTING_SPEED
from xortui.tui.session import RunSession
from xortui.tui.training_loop import TrainingLoop, Work

DIVERGES_AT = 255  # seed 0 with a learning rate of 10


class Stage:
    """Stands for the app: keeps what it is shown and told, and runs one work at a time."""

    def __init__(self, **fields: object) -> None:
        self.frames: list[Frame] = []
        self.divergences = 0
        self.pauses: list[Sequence[Hit]] = []
        self.task: asyncio.Task[None] | None = None
        session = RunSession(Trainer(Recipe(**fields)))  # type: ignore[arg-type]
        self.loop = TrainingLoop(
            session, self.frames.append, self.start_work, self.tell, tell_pause=self.pauses.append
        )

    def start_work(self, work: Work) -> None:
        if self.task is not None:
            self.task.cancel()
        self.task = asyncio.create_task(_run(work))

    def tell(self) -> None:
        self.divergences += 1

    async def until(self, is_so: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not is_so():
                await asyncio.sleep(0.001)


async def _run(work: Work) -> None:
    await work()


async def test_it_trains_until_paused_and_every_frame_is_of_one_step() -> None:
    stage = Stage()
    stage.loop.start()
    await stage.until(lambda: len(stage.frames) > 3)
    stage.loop.pause()
    stage.loop.publish()
    steps = [frame.snapshot.step for frame in stage.frames]
    assert steps[:-1] == sorted(set(steps[:-1]))
    assert [frame.running for frame in stage.frames] == [*[True] * (len(steps) - 1), False]
    assert stage.frames[-2].rate > 0
    assert stage.frames[-1].rate == 0
    trainer = stage.loop.session.trainer
    here = trainer.step_number
    await asyncio.sleep(0.05)
    assert trainer.step_number == here == steps[-1] >= steps[-2]


async def test_started_twice_it_trains_once() -> None:
    stage = Stage()
    stage.loop.speed = 5  # a hundred steps a second
    stage.loop.start()
    stage.loop.start()
    await stage.until(lambda: stage.loop.session.trainer.step_number >= 10)
    assert stage.task is not None
    assert len([task for task in asyncio.all_tasks() if task is not asyncio.current_task()]) == 1
    stage.loop.pause()
    await stage.task


async def test_it_ends_where_the_run_diverges_and_tells_it_once() -> None:
    stage = Stage(learning_rate=10.0)
    stage.loop.start()
    await stage.until(lambda: not stage.loop.running)
    assert stage.divergences == 1
    assert stage.frames[-1].snapshot.step == DIVERGES_AT
    assert stage.frames[-1].snapshot.diverged
    assert not stage.frames[-1].running


async def test_at_the_slowest_speed_it_goes_operation_by_operation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training_loop, "OPERATION_SECONDS", 0.01)
    stage = Stage()
    stage.loop.speed = BY_OPERATION
    stage.loop.start()
    await stage.until(lambda: stage.loop.session.operation == 3)
    stage.loop.speed = FASTEST
    await stage.until(lambda: stage.loop.session.trainer.step_number > 10)
    assert stage.loop.session.operation is None
    stage.loop.pause()


async def test_a_short_way_is_shown_once_and_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_loop, "SHORT_SEEK", 10.0)  # on a busy machine, too
    stage = Stage()
    stage.loop.go_to(200)
    assert [frame.snapshot.step for frame in stage.frames] == [200]
    assert stage.loop.seeking is None
    assert stage.task is None


async def test_a_long_way_is_shown_on_the_way_and_stops_where_it_is_paused() -> None:
    stage = Stage()
    stage.loop.go_to(50_000_000)
    assert stage.loop.seeking == 50_000_000
    await stage.until(lambda: len(stage.frames) > 3)
    assert all(frame.seeking == 50_000_000 for frame in stage.frames)
    stage.loop.pause()
    stage.loop.publish()
    here = stage.frames[-1]
    assert here.seeking is None
    await asyncio.sleep(0.05)
    assert stage.loop.session.trainer.step_number == here.snapshot.step < 50_000_000


async def test_a_long_way_that_is_done_is_no_longer_under_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training_loop, "SHORT_SEEK", 0.0)
    stage = Stage()
    stage.loop.go_to(20_000)
    assert stage.loop.seeking == 20_000
    await stage.until(lambda: stage.loop.seeking is None)
    assert stage.frames[-1].snapshot.step == 20_000


async def test_training_goes_on_through_an_edit_and_into_another_run() -> None:
    stage = Stage()
    stage.loop.start()
    session = stage.loop.session
    await stage.until(lambda: session.trainer.step_number > 100)
    session.edit(Edit("learning_rate", value=0.5))
    here = session.trainer.step_number
    await stage.until(lambda: session.trainer.step_number > here)
    session.start(Recipe(seed=1))
    await stage.until(lambda: session.trainer.step_number > 100)
    assert session.trainer.recipe.seed == 1
    stage.loop.pause()


@pytest.mark.parametrize("operations", [0, 3])
def test_a_frame_is_all_that_is_shown_at_one_moment(operations: int) -> None:
    stage = Stage(mistake="wrong-sign")
    session = stage.loop.session
    session.show_fault = False
    session.move_cursor(operations)
    frame = stage.loop.frame()
    assert frame.snapshot.step == 0
    assert (frame.cursor is not None) == bool(operations)
    assert frame.cursor is None or frame.cursor.snapshot is frame.snapshot
    assert (frame.running, frame.speed, frame.seeking) == (False, STARTING_SPEED, None)
    assert not frame.show_fault


# -- breakpoints -----------------------------------------------------------------------------------


async def test_a_run_that_is_watched_pauses_where_it_is_first_solved_and_at_step_10_000() -> None:
    stage = Stage()
    stage.loop.speed = FASTEST_WATCHED
    for step, what in ((2198, "solved"), (10_000, "10,000 steps are done")):
        stage.loop.start()
        await stage.until(lambda: not stage.loop.running)
        assert stage.loop.session.trainer.step_number == stage.frames[-1].snapshot.step == step
        assert what in stage.pauses[-1][0].what
    stage.loop.session.trainer.seek(2500)
    stage.loop.start()
    await stage.until(lambda: stage.loop.session.trainer.step_number > 3000)
    stage.loop.pause()
    assert len(stage.pauses) == 2, "nothing is solved for the first time"


async def test_at_full_speed_a_run_goes_on_but_for_what_was_asked_for() -> None:
    stage = Stage()
    stage.loop.speed = FASTEST
    stage.loop.start()
    await stage.until(lambda: stage.loop.session.trainer.step_number > 12_000)
    stage.loop.pause()
    assert stage.pauses == []
    stage.loop.session.trainer.seek(0)
    stage.loop.session.trainer.breakpoints = (Breakpoint("loss", 0.02),)
    stage.loop.start()
    await stage.until(lambda: not stage.loop.running)
    losses = np.concatenate([chunk.losses[:-1] for chunk in Trainer(Recipe()).run(3000)])
    assert stage.frames[-1].snapshot.step == int((losses < 0.02).argmax())


async def test_a_goal_is_run_to_at_full_speed_whatever_the_speed_is() -> None:
    stage = Stage()
    stage.loop.speed = BY_OPERATION
    stage.loop.start(Breakpoint("solved"))
    await stage.until(lambda: not stage.loop.running)
    assert stage.frames[-1].snapshot.step == 2198
    assert stage.loop.speed == BY_OPERATION


async def test_a_breakpoint_counts_at_the_slowest_speed_too_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training_loop, "OPERATION_SECONDS", 0.001)
    stage = Stage()
    stage.loop.session.trainer.breakpoints = (Breakpoint("flip"),)
    stage.loop.speed = BY_OPERATION
    stage.loop.start()
    await stage.until(lambda: not stage.loop.running)
    assert stage.frames[-1].snapshot.step == 1
    stage.loop.start()
    await stage.until(lambda: stage.loop.session.trainer.step_number == 2)
    stage.loop.pause()
    assert len(stage.pauses) == 1
