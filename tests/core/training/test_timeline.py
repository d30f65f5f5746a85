"""The timeline: bounded checkpoints to replay from, bounded losses, first times."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core import reference
from tests.sample import examples
from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.problem import MAX_BITS
from xortui.core.model.recipe import Recipe
from xortui.core.training import timeline as timeline_module
from xortui.core.training.edit import Edit
from xortui.core.training.kernel import Chunk, Kernel
from xortui.core.training.loss_curve import MAX_BUCKETS
from xortui.core.training.solved import FAR_OFF, GOAL, right_rows
from xortui.core.training.timeline import MAX_CHECKPOINTS, Timeline

LABELS = np.array([0.0, 1.0, 1.0, 0.0])
WRONG, RIGHT = np.full(4, 0.5), LABELS


def made_up(first: int, losses: list[float] | Array, outputs: Array = WRONG) -> Chunk:
    """A chunk with these losses, whose parameters are all the number of their step."""
    count = len(losses)
    steps = np.arange(first, first + count, dtype=np.float64)
    return Chunk(
        first,
        np.repeat(steps[:, np.newaxis], 6, axis=1),
        np.repeat(outputs[np.newaxis], count, axis=0),
        np.array(losses, dtype=np.float64),
        np.empty((count, 0)),
    )


def recorded(*chunks: Chunk) -> Timeline:
    timeline = Timeline(Recipe())
    for chunk in chunks:
        timeline.record(chunk, Recipe(), LABELS)
    return timeline


# -- rows on their side ---------------------------------------------------------------------------


def test_right_is_strictly_on_the_labels_side() -> None:
    outputs = np.array([0.49, 0.51, 0.5, 0.5, -3.0, 4.0])
    labels = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    assert right_rows(outputs, labels).tolist() == [True, True, False, False, True, True]
    assert not right_rows(outputs, 1 - labels).any()


def test_what_is_not_a_number_is_not_right() -> None:
    assert not right_rows(np.array([np.nan, np.nan]), np.array([0.0, 1.0])).any()
    assert not right_rows(np.array([-np.inf, np.inf]), np.array([0.0, 1.0])).any()


def test_what_is_far_off_is_not_right_on_whichever_side_it_is() -> None:
    assert not right_rows(np.array([-2.4e154, 5.0]), np.array([0.0, 1.0])).any()


def test_no_run_is_solved_with_a_row_that_is_far_off() -> None:
    assert 0.5 * FAR_OFF**2 / 2**MAX_BITS > GOAL


# -- a new timeline -------------------------------------------------------------------------------


def test_new_timeline_stands_at_step_zero() -> None:
    timeline = Timeline(Recipe(seed=4))
    assert (timeline.last_step, timeline.solved_at, timeline.diverged_at) == (0, None, None)
    start = timeline.nearest(0)
    assert start.step == 0
    assert start.parameters.tolist() == Network(Recipe(seed=4)).initial_parameters().tolist()


def test_edits_at_step_zero_are_made_at_once_and_in_order() -> None:
    edits = ((0, Edit("weight", "W1[0,0]", 2.0)), (0, Edit("weight", "W1[0,0]", 3.0)))
    start = Timeline(Recipe(), (*edits, (0, Edit("learning_rate", value=0.5)))).nearest(0)
    assert start.parameters[0] == 3
    assert start.recipe == Recipe(learning_rate=0.5)


def test_next_edit_is_the_first_after_a_step() -> None:
    flip = Edit("label", 0)
    timeline = Timeline(Recipe(), ((3, flip), (3, flip), (8, flip)))
    assert [timeline.next_edit(step) for step in (0, 2, 3, 7, 8)] == [3, 3, 8, 8, None]


# -- what is recorded ------------------------------------------------------------------------------


def test_what_was_recorded_before_is_not_recorded_again() -> None:
    timeline = recorded(made_up(0, [5, 4, 3]), made_up(1, [4, 3, 2, 1]), made_up(0, [5, 4]))
    assert timeline.curve().first.tolist() == [5, 4, 3, 2, 1]
    assert timeline.last_step == 4


@pytest.mark.parametrize("sizes", [[10], [1, 9], [5, 5], [9, 1], [3, 3, 4]])
def test_solved_is_at_the_first_step_with_all_rows_right_and_a_small_loss(sizes: list[int]) -> None:
    losses = np.array([0.5, 0.009, 0.02, 0.02, 0.02, 0.02, 0.009, 0.008, 0.02, 0.001])
    outputs = np.array([WRONG] * 5 + [RIGHT] * 5)  # at step 1 the loss is small, the rows wrong
    timeline, first = Timeline(Recipe()), 0
    for size in sizes:
        chunk = made_up(first, losses[first : first + size])
        of_chunk = replace(chunk, outputs=outputs[first : first + size])
        timeline.record(of_chunk, Recipe(), LABELS)
        first += size
    assert timeline.solved_at == 6


def test_a_loss_at_the_goal_is_not_below_it() -> None:
    assert recorded(made_up(0, [0.01, 0.01], RIGHT)).solved_at is None
    assert recorded(made_up(0, [0.01, np.nextafter(0.01, 0)], RIGHT)).solved_at == 1


@pytest.mark.parametrize("loss", [np.nan, np.inf])
def test_divergence_is_the_last_step_and_has_no_place_in_the_curve(loss: float) -> None:
    timeline = recorded(made_up(0, [1, 2]), made_up(2, [3, 4, loss]))
    assert (timeline.diverged_at, timeline.last_step) == (4, 4)
    assert timeline.curve().last.tolist() == [1, 2, 3, 4]


def test_infinite_weights_are_divergence_though_the_loss_is_finite() -> None:
    chunk = made_up(0, [1, 2, 3])
    chunk.parameters[2, 5] = np.inf
    assert recorded(chunk).diverged_at == 2


# -- checkpoints -----------------------------------------------------------------------------------


@pytest.fixture
def few_checkpoints() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline_module, "MAX_CHECKPOINTS", 4)
        yield 4


def assert_checkpoints(timeline: Timeline, last_step: int) -> None:
    """Every step has a checkpoint at most `spacing` before it, which is what was recorded there."""
    for step in range(1, last_step + 1):
        state = timeline.nearest(step)
        assert step - timeline.spacing < state.step <= step
        assert state.step == 0 or (state.parameters == state.step).all()


@pytest.mark.usefixtures("few_checkpoints")
@examples(60)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=12))
def test_no_step_is_further_from_a_checkpoint_than_the_spacing(sizes: list[int]) -> None:
    timeline, first = Timeline(Recipe()), 0
    for size in sizes:
        timeline.record(made_up(first, [1.0] * size), Recipe(), LABELS)
        first += size
        assert_checkpoints(timeline, timeline.last_step)
    assert timeline.last_step // timeline.spacing + 1 <= 4  # so many checkpoints there are
    assert timeline.spacing == 1 or timeline.last_step // (timeline.spacing // 2) + 1 > 4


def test_a_million_steps_take_no_more_than_ten_thousand() -> None:
    timeline = Timeline(Recipe())
    size = 5_000
    for first in range(0, 1_000_000, size):
        timeline.record(made_up(first, [1.0] * size), Recipe(), LABELS)
    assert timeline.last_step == 999_999
    assert len(timeline.curve().first) <= MAX_BUCKETS
    assert timeline.last_step // timeline.spacing + 1 <= MAX_CHECKPOINTS
    # And a seek replays no more than a few hundred steps.
    assert timeline.spacing == 256
    for step in (1, 123_456, 999_999):
        assert step - timeline.nearest(step).step < 256


def test_large_networks_keep_fewer_checkpoints() -> None:
    recipe = Recipe(problem="parity8", hidden=(64, 64, 64, 64))
    size, timeline = Network(recipe).size, Timeline(recipe)
    for first in range(0, 1000, 50):
        parameters = np.zeros((50, size))
        chunk = Chunk(first, parameters, np.zeros((50, 256)), np.ones(50), np.empty((50, 0)))
        timeline.record(chunk, recipe, np.zeros(256))
    kept = timeline.last_step // timeline.spacing + 1
    assert kept * size * 8 <= timeline_module.CHECKPOINT_BYTES


# -- cutting ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("few_checkpoints")
@examples(60)
@given(st.integers(1, 60), st.data())
def test_a_cut_shares_the_past_and_leaves_the_old_timeline_as_it_was(
    steps: int, data: st.DataObject
) -> None:
    losses = np.linspace(1, 2, steps + 1)
    timeline = recorded(made_up(0, losses))
    step = data.draw(st.integers(1, steps))
    edits = ((step, Edit("learning_rate", value=0.5)),)
    branch = timeline.fork(step, edits)
    assert branch.edits == edits
    assert branch.last_step < step
    assert branch.curve().last.tolist() == losses[: branch.curve().steps].tolist()
    for at in range(step):
        assert branch.nearest(at).step == timeline.nearest(at).step
    branch.record(made_up(branch.last_step, [9.0] * 80), Recipe(), LABELS)
    assert timeline.curve().last.tolist() == losses.tolist()
    assert timeline.last_step == steps
    assert_checkpoints(timeline, steps)


@pytest.mark.parametrize(("step", "solved_at"), [(0, None), (4, None), (5, None), (6, 5), (9, 5)])
def test_a_cut_knows_it_was_solved_only_if_that_was_before(
    step: int, solved_at: int | None
) -> None:
    losses = [0.5] * 5 + [0.001] * 5
    timeline = recorded(made_up(0, losses, RIGHT))
    assert timeline.solved_at == 5
    assert timeline.fork(step, ()).solved_at == solved_at


def test_solved_at_step_zero_does_not_outlive_an_edit_there() -> None:
    """A network of zeros has solved FALSE before it has learnt anything."""
    recipe = Recipe(problem="false", init="zeros")
    timeline = Timeline(recipe)
    chunk = Kernel(recipe).run(0, Network(recipe).initial_parameters(), 0)
    timeline.record(chunk, recipe, np.zeros(4))
    assert timeline.solved_at == 0
    assert timeline.fork(0, ((0, Edit("label", 0)),)).solved_at is None


# -- with the kernel -------------------------------------------------------------------------------


def test_reference_run_is_recorded_as_it_is() -> None:
    run = reference.plain_run()
    timeline, kernel = Timeline(Recipe()), Kernel(Recipe())
    state = timeline.nearest(0)
    vector, step = state.parameters, 0
    while step < reference.STEPS:
        chunk = kernel.run(step, vector, kernel.most_steps)
        timeline.record(chunk, Recipe(), kernel.labels)
        vector, step = chunk.parameters[-1].copy(), chunk.last
    assert timeline.solved_at == reference.first_solved(run)
    assert timeline.diverged_at is None
    curve = timeline.curve()
    assert curve.steps == reference.STEPS + 1
    buckets = [
        run.losses[at : at + curve.width]
        for at in range(0, reference.STEPS - curve.width, curve.width)
    ]
    assert curve.high[: len(buckets)].tolist() == [bucket.max() for bucket in buckets]
    assert curve.low[: len(buckets)].tolist() == [bucket.min() for bucket in buckets]
