"""Training for a while: the trainer's time budget, on a clock that only training moves."""

import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from xortui.core.model.functions import Array
from xortui.core.model.recipe import Recipe
from xortui.core.training import trainer as trainer_module
from xortui.core.training.kernel import Chunk, Kernel
from xortui.core.training.trainer import Trainer


class FakeClock:
    """A clock that only training moves: each step takes `seconds_per_step`, each chunk a bit."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds_per_step: float) -> None:
        self.now = 0.0
        self.seconds_per_step = seconds_per_step
        really_run: Callable[[Kernel, int, Array, int, Array | None], Chunk] = Kernel.run

        def run(
            kernel: Kernel, first: int, parameters: Array, count: int, kept: Array | None = None
        ) -> Chunk:
            self.now += 10e-6 + count * self.seconds_per_step
            return really_run(kernel, first, parameters, count, kept)

        monkeypatch.setattr(Kernel, "run", run)
        clock = SimpleNamespace(perf_counter=lambda: self.now)
        monkeypatch.setattr(trainer_module, "time", clock)

    def time(self, work: Callable[[], object]) -> float:
        started = self.now
        work()
        return self.now - started


@pytest.mark.slow
@pytest.mark.parametrize("seconds_per_step", [1e-6, 4e-6, 50e-6, 500e-6, 2e-3])
@pytest.mark.parametrize("budget", [0.001, 0.004, 0.03])
def test_budget_is_kept_from_the_first_time_on(
    monkeypatch: pytest.MonkeyPatch, seconds_per_step: float, budget: float
) -> None:
    trainer = Trainer(Recipe())
    clock = FakeClock(monkeypatch, seconds_per_step)
    for _ in range(5):
        taken = clock.time(lambda: trainer.run_for(budget))
        assert taken <= max(budget, seconds_per_step) + 0.001


def test_budget_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(Recipe())
    clock = FakeClock(monkeypatch, 4e-6)
    for _ in range(5):
        assert clock.time(lambda: trainer.run_for(0.004)) > 0.9 * 0.004


def test_budget_is_kept_again_after_the_machine_slows_down(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(Recipe())
    clock = FakeClock(monkeypatch, 4e-6)
    trainer.run_for(0.01)
    clock.seconds_per_step = 40e-6
    trainer.run_for(0.004)  # one chunk is a surprise
    assert clock.time(lambda: trainer.run_for(0.004)) <= 0.005
    clock.seconds_per_step = 4e-6
    for _ in range(5):
        trainer.run_for(0.01)
    assert clock.time(lambda: trainer.run_for(0.01)) > 0.009  # and used again after


@pytest.mark.parametrize("budget", [0.0, -1.0, 1e-9])
def test_at_least_one_step_is_done_whatever_the_budget(budget: float) -> None:
    trainer = Trainer(Recipe())
    for done in range(1, 5):
        assert trainer.run_for(budget) == 1
        assert trainer.step_number == done


@pytest.mark.parametrize("most", [0, 1, 7, 1_000])
def test_number_of_steps_can_be_bounded(most: int) -> None:
    trainer = Trainer(Recipe())
    assert trainer.run_for(1.0, at_most=most) == most
    assert trainer.step_number == most


def test_real_budget_is_kept_on_a_real_clock() -> None:
    """Judged by the best of many: the machine may be busy with something else."""
    trainer = Trainer(Recipe())
    taken, steps = [], 0
    for _ in range(20):
        started = time.perf_counter()
        steps += trainer.run_for(0.005)
        taken.append(time.perf_counter() - started)
    assert min(taken) < 0.007
    assert max(taken) > 0.0025  # the time is used
    assert steps == trainer.step_number > 20
