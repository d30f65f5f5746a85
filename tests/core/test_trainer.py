"""The trainer: a run is what a slow loop over the network says, however one moves in it."""

import time
import tracemalloc
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core import reference
from tests.core.recipes import edits, recipes
from xortui.core import curve as curve_module
from xortui.core import kernel as kernel_module
from xortui.core import timeline as timeline_module
from xortui.core import trainer as trainer_module
from xortui.core.curve import MOST_BUCKETS
from xortui.core.edit import Edit, EditError
from xortui.core.functions import Array
from xortui.core.kernel import Chunk, Kernel
from xortui.core.network import Network
from xortui.core.recipe import Recipe
from xortui.core.snapshot import Snapshot
from xortui.core.trainer import Trainer

GOAL = 0.01


# -- the slow loop ---------------------------------------------------------------------------------


class SlowRun:
    """A run told step by step: evaluate, update, and an edit where there is one.

    Holds every step, up to and with the first that is not finite.
    """

    def __init__(self, recipe: Recipe, steps: int, edits: list[tuple[int, Edit]]) -> None:
        self.recipes: list[Recipe] = []
        self.parameters: list[Array] = []
        self.losses: list[float] = []
        self.solved: list[bool] = []
        self.diverged_at: int | None = None
        network = Network(recipe)
        vector = network.initial_parameters()
        for step in range(steps + 1):
            for at, edit in edits:
                if at == step:
                    recipe, vector = edit.apply(recipe, vector)
                    network = Network(recipe)
            evaluation = network.evaluate(vector)
            loss = float(evaluation.values["loss"])
            self.recipes.append(recipe)
            self.parameters.append(vector)
            self.losses.append(loss)
            self.solved.append(loss < timeline_module.GOAL and self._all_right(evaluation.values))
            if not (np.isfinite(loss) and np.isfinite(vector).all()):
                self.diverged_at = step
                break
            vector = network.updated(evaluation)

    @staticmethod
    def _all_right(values: Any) -> bool:
        pairs = zip(values["yhat"][:, 0].tolist(), values["Y"][:, 0].tolist(), strict=True)
        return all(output > 0.5 if label else output < 0.5 for output, label in pairs)

    @property
    def last(self) -> int:
        return len(self.losses) - 1

    @property
    def solved_at(self) -> int | None:
        return next((step for step, solved in enumerate(self.solved) if solved), None)


def assert_same_step(snapshot: Snapshot, slow: SlowRun, step: int) -> None:
    assert snapshot.step == step
    assert snapshot.recipe == slow.recipes[step]
    assert np.array_equal(snapshot.parameters, slow.parameters[step], equal_nan=True)
    assert snapshot.loss == slow.losses[step] or step == slow.diverged_at
    assert snapshot.solved == slow.solved[step]
    assert snapshot.diverged == (step == slow.diverged_at)


def assert_true_curve(snapshot: Snapshot, losses: list[float]) -> None:
    curve = snapshot.curve
    assert curve.steps == len(losses)
    buckets = [losses[at : at + curve.width] for at in range(0, len(losses), curve.width)]
    assert curve.first.tolist() == [bucket[0] for bucket in buckets]
    assert curve.low.tolist() == [min(bucket) for bucket in buckets]
    assert curve.high.tolist() == [max(bucket) for bucket in buckets]
    assert curve.last.tolist() == [bucket[-1] for bucket in buckets]


@pytest.fixture
def small_capacities(monkeypatch: pytest.MonkeyPatch) -> None:
    """So little is kept that a few hundred steps fill it several times over."""
    monkeypatch.setattr(curve_module, "MOST_BUCKETS", 8)
    monkeypatch.setattr(timeline_module, "MOST_CHECKPOINTS", 4)
    monkeypatch.setattr(kernel_module, "MOST_ROWS", 17)


@pytest.fixture
def easy_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A goal that runs of a hundred steps reach, and lose again at an edit."""
    for module in (timeline_module, trainer_module):
        monkeypatch.setattr(module, "GOAL", 0.1)


# -- a run and its figures -------------------------------------------------------------------------


def test_reference_figures() -> None:
    trainer = Trainer(Recipe())
    for step, loss in reference.LOSSES.items():
        trainer.step(step - trainer.step_number)
        snapshot = trainer.snapshot()
        assert snapshot.step == step
        assert snapshot.loss == pytest.approx(loss, rel=1e-12, abs=0)
    trainer.step(reference.STEPS - 1 - trainer.step_number)
    assert tuple(trainer.snapshot().outputs.round(8)) == reference.LAST_OUTPUTS
    trainer.step()
    views = Network(Recipe()).views(trainer.snapshot().parameters)
    assert views["W1"].round(8).tolist() == [list(row) for row in reference.W_HIDDEN]
    assert views["W2"].round(8).tolist() == [list(row) for row in reference.W_OUTPUT]


def test_run_gives_every_step_of_the_plain_loop_bit_for_bit() -> None:
    plain, step = reference.plain_run(), 0
    for chunk in Trainer(Recipe()).run(reference.STEPS):
        assert chunk.first == step
        step = chunk.last
        assert chunk.parameters.tobytes() == plain.weights[chunk.first : chunk.last + 1].tobytes()
        assert chunk.losses[:-1].tobytes() == plain.losses[chunk.first : chunk.last].tobytes()
        assert chunk.outputs[:-1].tobytes() == plain.outputs[chunk.first : chunk.last].tobytes()
    assert step == reference.STEPS


@pytest.mark.parametrize("seed", [0, 1, 2, 57])
def test_solved_at_is_the_first_solved_step_of_the_plain_loop(seed: int) -> None:
    trainer = Trainer(Recipe(seed=seed))
    trainer.step(reference.STEPS)
    solved_at = reference.first_solved(reference.plain_run(seed=seed))
    assert trainer.solved_at == solved_at
    assert (solved_at is None) == (seed == 57)  # on a plateau at 10,000 steps
    if solved_at is not None:
        for step, solved in ((solved_at - 1, False), (solved_at, True)):
            trainer.seek(step)
            assert trainer.snapshot().solved == solved
            assert trainer.snapshot().solved_at == solved_at


def test_plateau_is_not_solved() -> None:
    trainer = Trainer(Recipe(seed=156))
    trainer.step(reference.STEPS)
    snapshot = trainer.snapshot()
    assert snapshot.loss == pytest.approx(0.125, abs=1e-3)
    assert snapshot.loss == pytest.approx(snapshot.chance_loss, abs=1e-3)
    np.testing.assert_allclose(snapshot.outputs, 0.5, atol=0.05)
    assert not snapshot.solved


def test_local_minimum_is_not_solved() -> None:
    """Seed 266: the loss settles at 1/12 with the outputs 2/3, 2/3, 2/3, 0."""
    trainer = Trainer(Recipe(seed=266))
    trainer.step(100_000)
    snapshot = trainer.snapshot()
    assert snapshot.loss == pytest.approx(1 / 12, abs=1e-3)
    np.testing.assert_allclose(snapshot.outputs, [2 / 3, 2 / 3, 2 / 3, 0], atol=0.05)
    assert (snapshot.solved, snapshot.solved_at) == (False, None)


def test_step_says_how_many_were_done() -> None:
    trainer = Trainer(Recipe())
    assert trainer.step() == 1
    assert trainer.step(500) == 500
    assert trainer.step(0) == 0
    assert (trainer.step_number, trainer.frontier) == (501, 501)


# -- divergence ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("learning_rate", "step"), reference.DIVERGENCE.items())
def test_divergence_is_found_at_its_step_and_every_step_before_it_stays(
    learning_rate: float, step: int
) -> None:
    recipe = Recipe(learning_rate=learning_rate)
    trainer = Trainer(recipe)
    assert trainer.step(10_000) == step
    assert trainer.diverged_at == trainer.step_number == trainer.frontier == step
    assert trainer.at_end
    snapshot = trainer.snapshot()
    assert snapshot.diverged
    assert not (np.isfinite(snapshot.parameters).all() and np.isfinite(snapshot.loss))
    assert snapshot.curve.steps == step
    assert np.isfinite(snapshot.curve.high).all()

    slow = SlowRun(recipe, 10_000, [])
    assert slow.diverged_at == step
    for earlier in [*range(step, max(0, step - 40), -1), *range(0, step, 61)]:
        trainer.seek(earlier)
        assert_same_step(trainer.snapshot(), slow, earlier)
    assert trainer.frontier == step
    assert_true_curve(trainer.snapshot(), slow.losses[:-1])


def test_nothing_goes_past_divergence() -> None:
    trainer = Trainer(Recipe(learning_rate=10.0))
    trainer.seek(1_000)
    assert trainer.step_number == 255
    assert trainer.step() == trainer.step(100) == trainer.run_for(0.01) == 0
    assert list(trainer.run(5)) == []
    trainer.seek(254)
    assert not trainer.at_end
    assert trainer.step(5) == 1
    assert trainer.step_number == 255
    with pytest.raises(EditError, match="the run diverged at step 255: go back before it"):
        trainer.edit(Edit("learning_rate", value=0.1))
    assert trainer.snapshot().edits == ()


@pytest.mark.parametrize("learning_rate", reference.DIVERGENCE)
def test_last_numbers_before_and_at_divergence_can_be_asked_for(learning_rate: float) -> None:
    """Some overflow. They are to say so, not to warn."""
    trainer = Trainer(Recipe(learning_rate=learning_rate))
    trainer.step(10_000)
    for step in range(trainer.frontier - 3, trainer.frontier + 1):
        trainer.seek(step)
        snapshot = trainer.snapshot()
        assert np.isfinite(snapshot.loss) == (step < trainer.frontier)
        assert np.isfinite(snapshot.gradient_norm) == (step < trainer.frontier)
        assert snapshot.change("W1").shape == (2, 2)
        assert snapshot.errors.shape == (4,)


def test_run_goes_on_after_an_edit_made_in_time() -> None:
    trainer = Trainer(Recipe(learning_rate=10.0))
    trainer.step(1_000)
    trainer.seek(3)
    trainer.edit(Edit("learning_rate", value=0.1))
    assert (trainer.diverged_at, trainer.frontier) == (None, 3)
    assert trainer.step(1_000) == 1_000
    assert trainer.diverged_at is None


# -- replay equals run -----------------------------------------------------------------------------


@pytest.mark.usefixtures("small_capacities", "easy_goal")
@settings(max_examples=30)
@given(st.data())
def test_steps_edits_and_seeks_in_any_order_give_the_run_of_the_slow_loop(
    data: st.DataObject,
) -> None:
    recipe = data.draw(recipes(most_bits=3, most_units=4, greatest_rate=1.0, with_mistakes=True))
    trainer = Trainer(recipe)
    made: list[tuple[int, Edit]] = []
    for _ in range(data.draw(st.integers(1, 6))):
        trainer.step(data.draw(st.integers(0, 60)))
        if data.draw(st.booleans()):
            trainer.seek(data.draw(st.integers(0, trainer.frontier)))
        if not trainer.at_end and data.draw(st.booleans()):
            edit, at = data.draw(edits(trainer.snapshot().recipe)), trainer.step_number
            trainer.edit(edit)
            made = [item for item in made if item[0] <= at] + [(at, edit)]
            assert trainer.step_number == trainer.frontier == at
        assert trainer.snapshot().edits == tuple(made)

    slow = SlowRun(recipe, trainer.frontier, made)
    assert slow.last == trainer.frontier
    assert trainer.solved_at == slow.solved_at
    assert trainer.diverged_at == slow.diverged_at
    finite = slow.losses if slow.diverged_at is None else slow.losses[:-1]
    assert_true_curve(trainer.snapshot(), finite)
    for step in data.draw(st.lists(st.integers(0, trainer.frontier), max_size=8)):
        trainer.seek(step)
        assert_same_step(trainer.snapshot(), slow, step)
    trainer.seek(0)
    stride = data.draw(st.integers(1, 30))
    while trainer.step_number < slow.last:  # and all over again
        trainer.step(min(stride, slow.last - trainer.step_number))
        assert_same_step(trainer.snapshot(), slow, trainer.step_number)
    assert trainer.frontier == slow.last


@pytest.mark.usefixtures("small_capacities")
def test_seeks_and_steps_leave_the_curve_and_the_frontier_alone() -> None:
    trainer = Trainer(Recipe())
    trainer.step(300)
    before = trainer.snapshot().curve
    for step in (0, 299, 17, 300, 1, 150):
        trainer.seek(step)
        trainer.step(min(40, 300 - step))
    after = trainer.snapshot().curve
    assert trainer.frontier == 300
    assert (after.width, after.steps) == (before.width, before.steps)
    assert after.high.tolist() == before.high.tolist()


def test_seek_past_the_frontier_runs_there() -> None:
    trainer = Trainer(Recipe())
    trainer.step(10)
    trainer.seek(700)
    assert (trainer.step_number, trainer.frontier) == (700, 700)
    assert trainer.snapshot().parameters.tolist() == reference.plain_run().weights[700].tolist()


def test_seek_before_the_start_goes_to_the_start() -> None:
    trainer = Trainer(Recipe())
    trainer.step(10)
    trainer.seek(-5)
    assert trainer.step_number == 0
    assert trainer.snapshot().rewound


def test_seeking_comes_in_slices_and_can_be_left() -> None:
    trainer = Trainer(Recipe())
    reached = list(trainer.seeking(5_000, seconds=0.0005))
    assert reached == sorted(set(reached))
    assert len(reached) > 1
    assert reached[-1] == trainer.step_number == 5_000
    part = next(iter(trainer.seeking(9_000, seconds=0.0)))
    assert 5_000 < part == trainer.step_number < 9_000
    assert list(trainer.seeking(part, seconds=1.0)) == []  # there already


def test_chunks_of_a_run_across_an_edit_hold_what_they_say() -> None:
    """What a chunk holds stays good until the next is asked for, also where an edit ends it."""
    made = [(5, Edit("weight", "W1[0,0]", 3.0)), (6, Edit("learning_rate", value=0.5))]
    trainer = Trainer(Recipe())
    for at, edit in made:
        trainer.seek(at)
        trainer.edit(edit)
    trainer.seek(0)
    slow = SlowRun(Recipe(), 20, made)
    reached = 0
    for chunk in trainer.run(20):
        assert chunk.first == reached
        for step in range(chunk.first, chunk.last):
            assert chunk.parameters[step - chunk.first].tolist() == slow.parameters[step].tolist()
            assert chunk.losses[step - chunk.first] == slow.losses[step]
        reached = chunk.last
    assert reached == 20


# -- edits -----------------------------------------------------------------------------------------


def test_edit_that_cannot_be_taken_changes_nothing() -> None:
    trainer = Trainer(Recipe())
    trainer.step(50)
    trainer.seek(20)
    before = trainer.snapshot()
    for edit in (
        Edit("weight", "W9[0,0]", 1.0),
        Edit("label", 4),
        Edit("learning_rate", value=-1.0),
        Edit("freeze", "b1[0]"),
    ):
        with pytest.raises(EditError):
            trainer.edit(edit)
    after = trainer.snapshot()
    assert (after.step, after.frontier, after.edits) == (20, 50, ())
    assert after.parameters.tolist() == before.parameters.tolist()


def test_edit_is_in_force_at_once_and_only_from_its_step_on() -> None:
    trainer = Trainer(Recipe())
    trainer.step(10)
    trainer.edit(Edit("label", 0))
    assert trainer.snapshot().labels.tolist() == [1, 1, 1, 0]
    trainer.seek(9)
    assert trainer.snapshot().labels.tolist() == [0, 1, 1, 0]
    assert trainer.snapshot().recipe == Recipe()
    trainer.step()
    assert trainer.snapshot().labels.tolist() == [1, 1, 1, 0]


def test_several_edits_at_one_step_are_made_in_order() -> None:
    trainer = Trainer(Recipe())
    trainer.step(7)
    for value in (1.0, 2.0, 3.0):
        trainer.edit(Edit("weight", "W1[0,0]", value))
        assert trainer.snapshot().parameters[0] == value
    trainer.seek(0)
    trainer.seek(7)
    assert trainer.snapshot().parameters[0] == 3


def test_solved_is_taken_back_where_an_edit_at_the_start_undoes_it() -> None:
    """A network of zeros has solved FALSE before it has learnt anything."""
    trainer = Trainer(Recipe(problem="false", init="zeros"))
    assert trainer.solved_at == 0
    assert trainer.snapshot().solved
    trainer.edit(Edit("label", 0))
    assert trainer.solved_at is None
    assert not trainer.snapshot().solved


def test_solved_again_after_an_edit_is_at_the_new_first_step() -> None:
    trainer = Trainer(Recipe())
    trainer.step(5_000)
    solved_at = trainer.solved_at
    assert solved_at is not None
    assert solved_at == reference.first_solved(reference.plain_run())
    trainer.seek(solved_at - 100)
    trainer.edit(Edit("learning_rate", value=0.2))
    assert trainer.solved_at is None
    trainer.step(1_000)
    slow = SlowRun(Recipe(), solved_at, [(solved_at - 100, Edit("learning_rate", value=0.2))])
    assert trainer.solved_at == slow.solved_at
    assert slow.solved_at is not None
    assert solved_at - 100 < slow.solved_at < solved_at


def test_reset_goes_back_to_a_run_without_past() -> None:
    trainer = Trainer(Recipe())
    trainer.step(100)
    trainer.edit(Edit("learning_rate", value=50.0))
    trainer.step(10_000)
    assert trainer.diverged_at is not None
    trainer.reset()
    snapshot = trainer.snapshot()
    assert (snapshot.step, snapshot.frontier, snapshot.edits) == (0, 0, ())
    assert (snapshot.solved_at, snapshot.diverged_at) == (None, None)
    assert snapshot.recipe == Recipe()
    assert_true_curve(snapshot, [float(reference.plain_run().losses[0])])
    trainer.step(100)
    assert trainer.snapshot().parameters.tolist() == reference.plain_run().weights[100].tolist()


# -- bounded ---------------------------------------------------------------------------------------


def test_long_runs_take_no_more_memory_than_short_ones() -> None:
    trainer = Trainer(Recipe())
    trainer.step(MOST_BUCKETS)  # by here every buffer has been full once
    tracemalloc.start()
    try:
        trainer.step(10_000)
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        trainer.step(100_000)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert trainer.frontier == MOST_BUCKETS + 110_000
    snapshot = trainer.snapshot()
    assert MOST_BUCKETS // 2 < len(snapshot.curve.first) <= MOST_BUCKETS
    # At most as many checkpoints again as there were, of some 400 bytes each.
    most = before + timeline_module.MOST_CHECKPOINTS * 800
    assert max(after, peak) < most
    assert most < 8e6


# -- the time budget -------------------------------------------------------------------------------


class FakeClock:
    """A clock that only training moves: each step takes `seconds_per_step`, each chunk a bit."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds_per_step: float) -> None:
        self.now = 0.0
        self.seconds_per_step = seconds_per_step
        really_run: Callable[[Kernel, int, Array, int], Chunk] = Kernel.run

        def run(kernel: Kernel, first: int, parameters: Array, count: int) -> Chunk:
            self.now += 10e-6 + count * self.seconds_per_step
            return really_run(kernel, first, parameters, count)

        monkeypatch.setattr(Kernel, "run", run)
        clock = SimpleNamespace(perf_counter=lambda: self.now)
        monkeypatch.setattr(trainer_module, "time", clock)

    def time(self, work: Callable[[], object]) -> float:
        started = self.now
        work()
        return self.now - started


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


# -- snapshots -------------------------------------------------------------------------------------


def arrays_of(snapshot: Snapshot) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    yield "parameters", snapshot.parameters
    yield "right", snapshot.right
    yield "outputs", snapshot.outputs
    yield "labels", snapshot.labels
    yield from snapshot.values.items()
    for name in ("first", "low", "high", "last"):
        yield f"curve.{name}", getattr(snapshot.curve, name)
    for result in snapshot.results:
        yield result.operation.target, result.value
        yield from result.operands.items()


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(bias=True, frozen=("b1[0]",), hidden=(3, 2))])
def test_arrays_of_a_snapshot_are_read_only(recipe: Recipe) -> None:
    trainer = Trainer(recipe)
    trainer.step(10)
    for name, array in arrays_of(trainer.snapshot()):
        assert not array.flags.writeable, name
    with pytest.raises(ValueError, match="read-only"):
        trainer.snapshot().parameters[0] = 1


def test_snapshot_does_not_change_when_training_goes_on() -> None:
    trainer = Trainer(Recipe())
    trainer.step(123)
    snapshot = trainer.snapshot()
    before = [(name, array.copy()) for name, array in arrays_of(snapshot)]
    trainer.step(1_000)
    trainer.edit(Edit("label", 2))
    trainer.step(500)
    trainer.seek(50)
    trainer.reset()
    assert (snapshot.step, snapshot.frontier, snapshot.recipe) == (123, 123, Recipe())
    assert not snapshot.rewound
    for (name, then), (_, now) in zip(before, arrays_of(snapshot), strict=True):
        assert then.tolist() == now.tolist(), name


def test_taking_a_snapshot_changes_nothing() -> None:
    watched, plain = Trainer(Recipe()), Trainer(Recipe())
    for _ in range(20):
        watched.snapshot()
        watched.step(7)
    plain.step(140)
    assert watched.snapshot().parameters.tolist() == plain.snapshot().parameters.tolist()


@given(recipes(most_bits=3, most_units=6, greatest_rate=1.0), st.integers(0, 30))
@settings(max_examples=40)
def test_all_numbers_of_a_snapshot_belong_to_its_step(recipe: Recipe, steps: int) -> None:
    trainer = Trainer(recipe)
    trainer.step(steps)
    snapshot = trainer.snapshot()
    network, values = Network(recipe), snapshot.values
    parts = [values[name].ravel() for name in network.shapes]
    assert np.concatenate(parts).tolist() == snapshot.parameters.tolist()
    fresh = network.evaluate(snapshot.parameters)
    for name, value in fresh.values.items():
        assert np.array_equal(value, values[name], equal_nan=True), name
    assert snapshot.labels.tolist() == list(recipe.table.labels)
    assert snapshot.errors.tolist() == (snapshot.outputs - snapshot.labels).tolist()
    above = [output > 0.5 for output in snapshot.outputs]
    is_half = [output == 0.5 for output in snapshot.outputs]
    assert snapshot.right.tolist() == [
        side == bool(label) and not half
        for side, label, half in zip(above, snapshot.labels, is_half, strict=True)
    ]
    gradient = np.concatenate([values[f"d{name}"].ravel() for name in network.shapes])
    assert snapshot.gradient_norm == pytest.approx(float(np.linalg.norm(gradient)), rel=1e-12)
    trainer.step()
    change = np.concatenate([snapshot.change(name).ravel() for name in network.shapes])
    moved = trainer.snapshot().parameters - snapshot.parameters
    assert change.tolist() == moved.tolist()


def test_chance_is_what_answering_a_half_costs() -> None:
    for loss, chance in (("squared-error", 0.125), ("cross-entropy", np.log(2))):
        snapshot = Trainer(Recipe(loss=loss)).snapshot()
        assert snapshot.chance_loss == pytest.approx(chance, rel=1e-15)
    zeros = Trainer(Recipe(loss="cross-entropy", init="zeros")).snapshot()
    assert zeros.loss == pytest.approx(zeros.chance_loss, rel=1e-15)
    assert not zeros.right.any()
