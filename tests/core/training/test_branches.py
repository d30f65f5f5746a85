"""Branches: an edit in the past keeps the old future; all of it replays to the bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import edits
from tests.core.slow_run import SlowRun
from tests.sample import examples
from xortui.core.model.recipe import Recipe
from xortui.core.training.branch import MAX_BRANCHES
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.recovering import recovering
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer

FASTER = Edit("learning_rate", value=0.5)


def branched() -> Trainer:
    """A run of 300 steps, with a branch from step 100 that has come to 250."""
    trainer = Trainer(Recipe())
    trainer.step(300)
    trainer.seek(100)
    trainer.edit(FASTER)
    trainer.step(150)
    return trainer


def test_an_edit_at_the_end_goes_on_with_the_same_branch() -> None:
    trainer = Trainer(Recipe())
    trainer.step(100)
    trainer.edit(FASTER)
    assert len(trainer.branches) == 1
    assert trainer.snapshot().edits == ((100, FASTER),)


def test_an_edit_in_the_past_starts_a_branch_and_keeps_the_old_future() -> None:
    trainer = branched()
    assert [branch.timeline.last_step for branch in trainer.branches] == [300, 250]
    assert trainer.current_branch == 1
    trainer.switch(0)
    trainer.seek(300)
    plain = Trainer(Recipe())
    plain.step(300)
    assert np.array_equal(trainer.snapshot().parameters, plain.snapshot().parameters)


def test_branches_share_their_past() -> None:
    trainer = branched()
    trainer.seek(99)
    before = trainer.snapshot().parameters
    trainer.switch(0)
    trainer.seek(99)
    assert np.array_equal(trainer.snapshot().parameters, before)


def test_switching_stands_where_the_branch_was_left() -> None:
    trainer = branched()
    trainer.seek(180)
    trainer.switch(0)
    assert trainer.step_number == 100
    trainer.switch(1)
    assert trainer.step_number == 180


def test_there_are_eight_branches_at_most_and_the_ninth_changes_nothing() -> None:
    trainer = branched()
    for _ in range(MAX_BRANCHES - 2):
        trainer.seek(50)
        trainer.edit(FASTER)
        trainer.step(10)
    trainer.seek(50)
    before = trainer.snapshot().edits
    with pytest.raises(EditError, match="8 branches"):
        trainer.edit(Edit("label", 0))
    assert trainer.snapshot().edits == before
    assert len(trainer.branches) == MAX_BRANCHES


def test_a_branch_can_be_deleted_but_not_the_one_we_stand_on() -> None:
    trainer = branched()
    with pytest.raises(EditError, match="switch to another one first"):
        trainer.delete(1)
    trainer.delete(0)
    assert len(trainer.branches) == 1
    assert trainer.step_number == 250


def test_undo_takes_back_and_redo_makes_again_to_the_bit() -> None:
    trainer = branched()
    with_edit = trainer.snapshot().parameters
    assert trainer.undo()
    assert (trainer.step_number, len(trainer.branches), trainer.snapshot().edits) == (100, 1, ())
    assert trainer.redo()
    assert (trainer.step_number, len(trainer.branches)) == (100, 2)
    trainer.seek(250)
    assert np.array_equal(trainer.snapshot().parameters, with_edit)


def test_a_new_edit_drops_what_could_be_made_again() -> None:
    trainer = branched()
    trainer.undo()
    trainer.edit(Edit("label", 2))
    assert not trainer.redo()


def test_without_edits_there_is_nothing_to_undo() -> None:
    trainer = Trainer(Recipe())
    assert not trainer.undo()
    assert not trainer.redo()


def test_a_diverged_step_takes_no_edit() -> None:
    trainer = Trainer(Recipe(learning_rate=10.0))
    trainer.step(300)
    with pytest.raises(EditError, match="diverged at step 255"):
        trainer.edit(FASTER)
    trainer.seek(200)
    trainer.edit(Edit("learning_rate", value=0.1))
    trainer.step(300)
    assert trainer.diverged_at is None


def test_the_snapshot_lists_the_branches_with_step_and_loss() -> None:
    summaries = branched().snapshot().branches
    assert [(item.last_step, item.current) for item in summaries] == [(300, False), (250, True)]
    assert all(0 < item.loss < 1 for item in summaries)
    assert summaries[1].name == "η = 0.5 at 100"


@pytest.mark.slow
@examples(25)
@given(st.data())
def test_any_sequence_of_edits_undo_and_switches_replays_to_the_bit(data: st.DataObject) -> None:
    recipe = Recipe(seed=data.draw(st.integers(0, 50)), bias=data.draw(st.booleans()))
    trainer = Trainer(recipe)
    for _ in range(data.draw(st.integers(2, 8))):
        match data.draw(st.sampled_from(["step", "seek", "edit", "undo", "redo", "switch"])):
            case "step":
                trainer.step(data.draw(st.integers(1, 60)))
            case "seek":
                trainer.seek(data.draw(st.integers(0, trainer.last_step)))
            case "edit" if not trainer.at_end and len(trainer.branches) < MAX_BRANCHES:
                trainer.edit(data.draw(edits(recipe)))
            case "undo":
                trainer.undo()
            case "redo":
                trainer.redo()
            case _:
                trainer.switch(data.draw(st.integers(0, len(trainer.branches) - 1)))
    now = trainer.snapshot()
    slow = SlowRun(recipe, now.step, list(now.edits))
    assert np.array_equal(now.parameters, slow.parameters[now.step], equal_nan=True)


def test_a_branch_says_where_it_leaves_those_before_it() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(300)
    for fork, rate in ((200, 0.3), (100, 0.05), (50, 0.2)):
        trainer.seek(fork)
        trainer.edit(Edit("learning_rate", value=rate))
        trainer.seek(300)
    # We stand on the last one, which left the third at 50; that left the second at 100.
    assert [branch.fork for branch in trainer.snapshot().branches] == [50, 200, 100, 0]
    trainer.switch(0)
    assert [branch.fork for branch in trainer.snapshot().branches] == [0, 200, 100, 50]
    curves = [branch.curve.first for branch in trainer.snapshot().branches]
    for curve, fork in zip(curves[1:], (200, 100, 50), strict=True):
        assert (curve[:fork] == curves[0][:fork]).all()
        assert curve[fork + 2] != curves[0][fork + 2]


# -- undo concerns the branch on which we stand ----------------------------------------------------


def test_undo_on_one_branch_leaves_every_other_as_it_is() -> None:
    trainer = branched()
    trainer.switch(0)
    trainer.seek(300)
    trainer.edit(Edit("label", 0))
    trainer.step(20)
    other = trainer.branches[1]
    change = trainer.undo()
    assert change is not None
    assert (change.step, change.edit, change.branch) == (300, Edit("label", 0), None)
    assert trainer.undo() is None, "the other branch's edit is not this one's"
    assert trainer.branches[1] is other
    trainer.switch(1)
    assert trainer.snapshot().edits == ((100, FASTER),)
    change = trainer.undo()
    assert change is not None
    assert change.branch == "η = 0.5 at 100"


def test_what_a_branch_had_come_to_is_back_when_its_edit_is_made_again() -> None:
    trainer = branched()
    trainer.seek(250)
    trainer.edit(Edit("label", 0))
    trainer.step(100)
    expected = trainer.snapshot().parameters
    for _ in range(2):
        assert trainer.undo()
    for _ in range(2):
        assert trainer.redo()
    assert (trainer.step_number, trainer.last_step) == (250, 350)
    trainer.seek(350)
    assert np.array_equal(trainer.snapshot().parameters, expected)


def test_deleting_a_branch_does_not_clear_undo() -> None:
    trainer = branched()
    trainer.delete(0)
    change = trainer.undo()
    assert change is not None
    assert change.branch is None, "where it started is gone, so the branch stays without its edit"
    assert (trainer.step_number, trainer.snapshot().edits) == (100, ())
    plain = Trainer(Recipe())
    plain.step(100)
    assert np.array_equal(trainer.snapshot().parameters, plain.snapshot().parameters)
    assert trainer.redo()
    assert trainer.last_step == 250


def test_an_edit_elsewhere_does_not_take_away_what_can_be_made_again() -> None:
    trainer = branched()
    trainer.undo()
    trainer.seek(50)
    trainer.edit(Edit("label", 2))
    assert trainer.redo() is None, "nothing was undone on this branch"
    trainer.switch(0)
    assert trainer.redo()
    assert [branch.name for branch in trainer.branches][1:] == [
        "label of row 10 flipped at 50",
        "η = 0.5 at 100",
    ]


def test_a_branch_comes_back_only_where_there_is_room_and_is_kept_until_then() -> None:
    trainer = branched()
    trainer.undo()
    for step in range(MAX_BRANCHES - 1):
        trainer.switch(0)
        trainer.seek(step)
        trainer.edit(FASTER)
    trainer.switch(0)
    with pytest.raises(EditError, match="8 branches"):
        trainer.redo()
    trainer.delete(1)
    assert trainer.redo()


def test_edits_from_a_file_can_be_undone_too() -> None:
    saved = branched()
    saved.seek(250)
    trainer = RunFile.of(saved).trainer()
    assert list(recovering(trainer, 1.0))[-1] == 1
    trainer.seek(250)
    assert trainer.undo()
    assert (trainer.step_number, trainer.snapshot().edits) == (100, ())
    unseen = RunFile.of(saved).trainer()
    assert unseen.undo()
    assert unseen.step_number == 0, "step 100 is still to be sought"
    unseen.seek(100)
    assert np.array_equal(unseen.snapshot().parameters, trainer.snapshot().parameters)
    assert unseen.redo()
    unseen.seek(250)
    assert np.array_equal(unseen.snapshot().parameters, saved.snapshot().parameters)
