"""Sweeps: the reference's figures, slices, cancelling, processes."""

import os
import signal
import subprocess
import sys
import time
import tracemalloc
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.sample import some_rows
from xortui.core.model.recipe import Recipe
from xortui.core.sweep import runner as sweeps
from xortui.core.sweep.estimate import estimated, shared_out
from xortui.core.sweep.plan import Plan, grid
from xortui.core.sweep.results import GridCell
from xortui.core.sweep.runner import Progress, Sweep

UNSOLVED = [
    57, 156, 158, 266, 273, 385, 512, 572, 602, 630, 670, 673, 687, 742, 760, 804, 902, 917, 923,
]  # fmt: skip


def swept(plan: Plan) -> tuple[tuple[GridCell, ...], list[Progress]]:
    sweep = Sweep(plan)
    turns = list(sweep.run())
    return sweep.cells(), turns


def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*arguments: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(sweeps, "ProcessPoolExecutor", none)


@pytest.mark.slow
def test_the_references_thousand_seeds() -> None:
    (cell,), _ = swept(Plan((Recipe(),), range(1000), 10_000))
    assert cell.unsolved == UNSOLVED
    assert cell.solved == 981
    assert ((cell.solved_at >= 0) & (cell.solved_at <= 2500)).sum() == 451
    assert cell.interval == pytest.approx((0.9705, 0.9878), abs=1e-4)
    assert sum(cell.counts.values()) == 1000
    assert cell.median_steps == np.median(cell.solved_at[cell.solved_at >= 0])


@pytest.mark.parametrize(
    ("recipe", "solved"),
    [(Recipe(hidden=(3,)), 925), (Recipe(hidden=(4,)), 984), (Recipe(bias=True), 930)],
)
def test_the_references_other_networks(recipe: Recipe, solved: int) -> None:
    (cell,), _ = swept(Plan((recipe,), range(1000), 2500))
    assert cell.solved == solved


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "solved"), some_rows([(1.0, 593), (0.2, 989)], 2))
def test_the_references_learning_rates(rate: float, solved: int) -> None:
    cells, _ = swept(Plan((Recipe(learning_rate=rate),), range(1000), 10_000))
    assert [cell.solved for cell in cells] == [solved]


def test_the_references_learning_rates_that_diverge() -> None:
    recipes = grid(Recipe(), {"learning_rate": [5.0, 10.0]})
    cells, _ = swept(Plan(recipes, range(20), 10_000))
    assert [cell.counts["diverged"] for cell in cells] == [20, 20]


def test_progress_rises_to_all_of_it() -> None:
    plan = Plan(grid(Recipe(), {"hidden": [(2,), (3,)]}), range(50, 250), 300)
    cells, turns = swept(plan)
    assert [turn.share for turn in turns] == sorted(turn.share for turn in turns)
    last = turns[-1]
    assert (last.share, last.begun, last.finished, last.networks) == (1.0, 400, 400, 400)
    assert last.solved == sum(cell.solved for cell in cells)
    assert turns[0].seconds_left is None or turns[0].seconds_left >= 0
    assert last.seconds_left == 0
    assert [cell.seeds.tolist() for cell in cells] == [list(range(50, 250))] * 2


@pytest.mark.parametrize("learning_rate", [0.1, 10.0])
def test_turns_are_short_even_where_everything_diverges_at_once(learning_rate: float) -> None:
    recipe, longest = Recipe(learning_rate=learning_rate), []
    sweep = Sweep(Plan((recipe,), range(300), 400))
    with closing(sweep.run(seconds=0.004)) as turns:
        before = time.perf_counter()
        for _ in turns:
            longest.append(time.perf_counter() - before)
            before = time.perf_counter()
    assert np.quantile(longest, 0.9) < 0.04  # 0.005 on an idle machine


def test_closing_keeps_what_is_done_and_judges_it() -> None:
    plan = Plan(grid(Recipe(), {"learning_rate": [0.2, 0.1]}), range(200), 10**9)
    sweep = Sweep(plan)
    with closing(sweep.run()) as turns:
        for progress in turns:
            if progress.solved > 100:
                break
    first, second = sweep.cells()
    assert first.trials == 200
    assert first.finished == 0
    assert first.solved >= progress.solved
    reached = int(first.stopped_at[0])
    assert (first.stopped_at == reached).all()
    assert np.isfinite(first.losses).all()
    assert second.trials == 0
    assert second.interval == (0, 1)
    assert second.median_steps is None
    (whole,), _ = swept(Plan((replace(Recipe(), learning_rate=0.2),), range(200), reached))
    assert whole.losses.tolist() == first.losses.tolist()
    assert whole.kinds.tolist() == first.kinds.tolist()


def test_results_can_be_seen_at_any_turn() -> None:
    sweep = Sweep(Plan((Recipe(),), range(300), 3000))
    assert sweep.cells()[0].trials == 0
    counts = []
    for _ in sweep.run():
        (cell,) = sweep.cells()
        counts.append(cell.solved)
    assert counts == sorted(counts)
    assert len(set(counts)) > 3


def test_memory_does_not_grow_with_the_steps() -> None:
    def most(steps: int) -> int:
        tracemalloc.start()
        swept(Plan((Recipe(),), range(64), steps))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    most(10)
    assert most(3000) < most(100) * 1.2 + 100_000


@pytest.mark.slow
def test_one_process_starts_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    without_processes(monkeypatch)
    assert swept(Plan((Recipe(),), range(9_999), 1))[0][0].finished == 9_999


class TestHowManyProcesses:
    """The rates here are seconds for one step of one network."""

    def test_time_decides_and_not_the_number_of_networks(self) -> None:
        many, few = Plan((Recipe(),), range(20_000), 100), Plan((Recipe(),), range(2_000), 10_000)
        assert shared_out(many, [4e-8], 2).processes == 1
        assert shared_out(few, [1e-6], 2).processes == 2

    @pytest.mark.parametrize("processes", [1, 2, 4, 32])
    def test_every_processor_has_its_part(self, processes: int) -> None:
        found = shared_out(Plan((Recipe(),), range(20_000), 10_000), [1e-6], processes)
        assert found.processes == processes
        assert 200 / processes <= found.seconds < 200 / processes * 1.8 + 1

    def test_there_are_no_more_than_blocks(self) -> None:
        found = shared_out(Plan((Recipe(),), range(64), 10**6), [1e-6], 32)
        assert found.processes <= 64

    def test_starting_them_has_to_be_worth_it(self) -> None:
        plan = Plan((Recipe(),), range(16), 10_000)
        for rate in (7e-6, 1e-5, 2e-5, 1e-4):
            alone = rate * 16 * 10_000
            assert shared_out(plan, [rate], 2).seconds <= alone

    def test_recipes_share_them(self) -> None:
        plan = Plan(grid(Recipe(), {"learning_rate": [0.1, 0.2]}), range(1_000), 10_000)
        found = shared_out(plan, [2e-7, 2e-7], 2)
        assert found.processes == 2
        assert found.seconds < 2 + 1


@pytest.mark.slow
def test_processes_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(grid(Recipe(), {"learning_rate": [0.2, 5.0]}), range(5_000), 30)
    shared = Sweep(plan, processes=2)
    assert shared.processes == 2
    last = list(shared.run())[-1]
    assert (last.share, last.finished) == (1.0, 10_000)
    without_processes(monkeypatch)
    alone = Sweep(plan, processes=1)
    for _ in alone.run():
        pass
    for left, right in zip(shared.cells(), alone.cells(), strict=True):
        assert np.array_equal(left.losses, right.losses)
        assert np.array_equal(left.kinds, right.kinds)
        assert np.array_equal(left.solved_at, right.solved_at)


@pytest.mark.slow
def test_cancelling_ends_the_processes_and_keeps_what_they_did() -> None:
    sweep = Sweep(Plan((Recipe(learning_rate=0.2),), range(10_000), 10**6), processes=2)
    with closing(sweep.run()) as turns:
        for progress in turns:
            if progress.share > 0:
                break
        asked = time.perf_counter()
    assert time.perf_counter() - asked < 3
    (cell,) = sweep.cells()
    assert cell.trials > 0
    assert cell.stopped_at.max() > 0
    began = cell.stopped_at > 0
    assert np.isfinite(cell.losses[began]).all()


SCRIPT = """
import multiprocessing
from tests.sample import some_rows
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.runner import Sweep
from xortui.core.sweep.plan import Plan

if __name__ == "__main__":
    is_told = False
    for progress in Sweep(Plan((Recipe(),), range(10_000), 10**8), processes=2).run():
        if progress.share > 0 and not is_told:
            print(*(child.pid for child in multiprocessing.active_children()), flush=True)
            is_told = True
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="asks POSIX whether a process lives")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_processes_end_with_their_parent(how: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        children = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(children) == 2
        parent.send_signal(how)
        parent.stdout.close()
        try:
            parent.wait(10)
        finally:
            parent.kill()
        assert parent.stderr is not None
        parent.stderr.close()
    end = time.monotonic() + 5
    while any(is_alive(pid) for pid in children) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(is_alive(pid) for pid in children)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_duration_is_estimated_from_a_measured_rate() -> None:
    short = estimated(Plan((Recipe(),), range(1000), 1000), 1, budget=0.05).seconds
    long = estimated(Plan((Recipe(),), range(1000), 10**6), 1, budget=0.05).seconds
    assert 0.001 < short < 5
    assert 100 < long / short < 10_000


def test_the_estimate_knows_that_a_recipe_is_trained_exactly() -> None:
    # The least of several, as other work on the machine makes what is measured longer.
    stable, steep = (
        min(estimated(Plan((Recipe(learning_rate=rate),), range(1000), 10**5), 1, 0.05).seconds
            for _ in range(3))
        for rate in (0.1, 3.0)
    )  # fmt: skip
    assert steep > 2 * stable


@pytest.mark.slow
def test_what_remains_is_foretold_where_networks_are_trained_exactly() -> None:
    plan = Plan(grid(Recipe(), {"learning_rate": [1.0, 3.0]}), range(300), 1500)
    _, turns = swept(plan)
    assert [turn.share for turn in turns] == sorted(turn.share for turn in turns)
    middle = next(turn for turn in turns if turn.share > 0.5)
    assert middle.seconds / turns[-1].seconds == pytest.approx(0.5, abs=0.25)


def test_a_sweep_in_which_everything_diverges_soon_is_soon_done() -> None:
    (cell,), turns = swept(Plan((Recipe(learning_rate=10.0),), range(500), 10**6))
    assert cell.counts["diverged"] == 500
    assert turns[-1].seconds < 5  # 0.1 on an idle machine; steps to the end would take minutes


def test_closing_counts_those_that_wait_for_the_exact_kernel_at_step_0() -> None:
    sweep = Sweep(Plan((Recipe(learning_rate=1.0),), range(600), 10**9))
    with closing(sweep.run()) as turns:
        for progress in turns:
            if progress.solved > 10:
                break
    (cell,) = sweep.cells()
    assert cell.trials == 600
    assert set(cell.stopped_at.tolist()) == {0, int(cell.stopped_at.max())}
    assert np.isnan(cell.losses[cell.stopped_at == 0]).all()
    assert np.isfinite(cell.losses[cell.stopped_at > 0]).all()
    assert (cell.solved_at <= cell.stopped_at).all()


def test_what_remains_does_not_count_the_start_of_processes() -> None:
    progress = Progress(100, 100, 0, 0, 0, share=0.5, seconds=3.0, starting=1.0)
    assert progress.seconds_left == pytest.approx(2.0)


def test_steps_done_rise_to_the_last_also_while_none_has_finished() -> None:
    _, turns = swept(Plan(grid(Recipe(), {"learning_rate": [0.1, 3.0]}), range(200), 1500))
    steps = [turn.step for turn in turns]
    assert steps == sorted(steps)
    assert steps[-1] == turns[-1].steps == 1500
    assert any(turn.finished == 0 and turn.step > 0 for turn in turns)
