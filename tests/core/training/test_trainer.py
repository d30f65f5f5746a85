"""The trainer: a run is what a slow loop over the network says, however one moves in it."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core import reference
from tests.core.recipes import edits, recipes
from tests.core.slow_run import SlowRun, assert_same_step, assert_true_curve
from tests.sample import examples
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training import kernel as kernel_module
from xortui.core.training import loss_curve as curve_module
from xortui.core.training import solved as solved_module
from xortui.core.training import take_snapshot
from xortui.core.training import timeline as timeline_module
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.loss_curve import MAX_BUCKETS
from xortui.core.training.trainer import Trainer


@pytest.fixture
def small_capacities(monkeypatch: pytest.MonkeyPatch) -> None:
    """So little is kept that a few hundred steps fill it several times over."""
    monkeypatch.setattr(curve_module, "MAX_BUCKETS", 8)
    monkeypatch.setattr(timeline_module, "MAX_CHECKPOINTS", 4)
    monkeypatch.setattr(kernel_module, "MAX_ROWS", 17)


@pytest.fixture
def easy_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A goal that runs of a hundred steps reach, and lose again at an edit."""
    for module in (solved_module, take_snapshot, timeline_module):
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


@pytest.mark.slow
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


@pytest.mark.slow
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
    assert (trainer.step_number, trainer.last_step) == (501, 501)


# -- divergence ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("learning_rate", "step"), reference.DIVERGENCE.items())
def test_divergence_is_found_at_its_step_and_every_step_before_it_stays(
    learning_rate: float, step: int
) -> None:
    recipe = Recipe(learning_rate=learning_rate)
    trainer = Trainer(recipe)
    assert trainer.step(10_000) == step
    assert trainer.diverged_at == trainer.step_number == trainer.last_step == step
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
    assert trainer.last_step == step
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
    for step in range(trainer.last_step - 3, trainer.last_step + 1):
        trainer.seek(step)
        snapshot = trainer.snapshot()
        assert np.isfinite(snapshot.loss) == (step < trainer.last_step)
        assert np.isfinite(snapshot.gradient_norm) == (step < trainer.last_step)
        assert snapshot.change("W1").shape == (2, 2)
        assert snapshot.errors.shape == (4,)


def test_run_goes_on_after_an_edit_made_in_time() -> None:
    trainer = Trainer(Recipe(learning_rate=10.0))
    trainer.step(1_000)
    trainer.seek(3)
    trainer.edit(Edit("learning_rate", value=0.1))
    assert (trainer.diverged_at, trainer.last_step) == (None, 3)
    assert trainer.step(1_000) == 1_000
    assert trainer.diverged_at is None


# -- replay equals run -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("small_capacities", "easy_goal")
@examples(30)
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
            trainer.seek(data.draw(st.integers(0, trainer.last_step)))
        if not trainer.at_end and data.draw(st.booleans()):
            edit, at = data.draw(edits(trainer.snapshot().recipe)), trainer.step_number
            trainer.edit(edit)
            made = [item for item in made if item[0] <= at] + [(at, edit)]
            assert trainer.step_number == trainer.last_step == at
        assert trainer.snapshot().edits == tuple(made)

    slow = SlowRun(recipe, trainer.last_step, made)
    assert slow.last == trainer.last_step
    assert trainer.solved_at == slow.solved_at
    assert trainer.diverged_at == slow.diverged_at
    finite = slow.losses if slow.diverged_at is None else slow.losses[:-1]
    assert_true_curve(trainer.snapshot(), finite)
    for step in data.draw(st.lists(st.integers(0, trainer.last_step), max_size=8)):
        trainer.seek(step)
        assert_same_step(trainer.snapshot(), slow, step)
    trainer.seek(0)
    stride = data.draw(st.integers(1, 30))
    while trainer.step_number < slow.last:  # and all over again
        trainer.step(min(stride, slow.last - trainer.step_number))
        assert_same_step(trainer.snapshot(), slow, trainer.step_number)
    assert trainer.last_step == slow.last


@pytest.mark.usefixtures("small_capacities")
def test_seeks_and_steps_leave_the_curve_and_the_frontier_alone() -> None:
    trainer = Trainer(Recipe())
    trainer.step(300)
    before = trainer.snapshot().curve
    for step in (0, 299, 17, 300, 1, 150):
        trainer.seek(step)
        trainer.step(min(40, 300 - step))
    after = trainer.snapshot().curve
    assert trainer.last_step == 300
    assert (after.width, after.steps) == (before.width, before.steps)
    assert after.high.tolist() == before.high.tolist()


def test_seek_past_the_frontier_runs_there() -> None:
    trainer = Trainer(Recipe())
    trainer.step(10)
    trainer.seek(700)
    assert (trainer.step_number, trainer.last_step) == (700, 700)
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
    assert (after.step, after.last_step, after.edits) == (20, 50, ())
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
    assert (snapshot.step, snapshot.last_step, snapshot.edits) == (0, 0, ())
    assert (snapshot.solved_at, snapshot.diverged_at) == (None, None)
    assert snapshot.recipe == Recipe()
    assert_true_curve(snapshot, [float(reference.plain_run().losses[0])])
    trainer.step(100)
    assert trainer.snapshot().parameters.tolist() == reference.plain_run().weights[100].tolist()


# -- bounded ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_long_runs_take_no_more_memory_than_short_ones() -> None:
    trainer = Trainer(Recipe())
    trainer.step(MAX_BUCKETS)  # by here every buffer has been full once
    tracemalloc.start()
    try:
        trainer.step(10_000)
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        trainer.step(100_000)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert trainer.last_step == MAX_BUCKETS + 110_000
    snapshot = trainer.snapshot()
    assert MAX_BUCKETS // 2 < len(snapshot.curve.first) <= MAX_BUCKETS
    # At most as many checkpoints again as there were, of some 400 bytes each.
    most = before + timeline_module.MAX_CHECKPOINTS * 800
    assert max(after, peak) < most
    assert most < 8e6
