"""The session without an app: another run, elsewhere in it, inside a step, edits, files."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample import examples
from xortui.autosave import abandoned
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.recipe import Recipe
from xortui.core.training.branch import Change
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.run_file import RunFile, read_run
from xortui.core.training.trainer import Trainer
from xortui.tui.session import RunSession

FLIPPED = Edit("label", 0)


def session_at(step: int, **fields: object) -> RunSession:
    trainer = Trainer(Recipe(**fields))  # type: ignore[arg-type]
    trainer.seek(step)
    return RunSession(trainer)


def go_to(session: RunSession, step: int) -> None:
    for _ in session.seeking(step, 1.0):
        pass


# -- another run -----------------------------------------------------------------------------------


def test_a_new_run_starts_at_step_0_in_no_file(tmp_path: Path) -> None:
    session = session_at(20)
    session.save(str(tmp_path / "run.json"))
    session.move_cursor(3)
    assert not session.start(Recipe(seed=5)), "the run before had no edits"
    assert session.trainer.recipe == Recipe(seed=5)
    assert session.trainer.step_number == session.trainer.last_step == 0
    assert session.run.path is None
    assert session.operation is None
    assert session.recovery.offered() == []


def test_starting_again_offers_a_run_with_edits_and_resuming_it_brings_it_back() -> None:
    session = session_at(20)
    session.edit(FLIPPED)
    go_to(session, 30)
    expected = session.trainer.snapshot().parameters
    assert session.start(session.run.original)
    assert not session.edits
    (offered,) = session.recovery.offered()
    assert offered.run is not None
    assert not session.resume(offered)
    assert session.recovery.offered() == [], "it is taken once"
    go_to(session, offered.run.position)
    assert session.edits == ((20, FLIPPED),)
    assert np.array_equal(session.trainer.snapshot().parameters, expected)
    assert session.run.path is None
    assert session.run.saved != RunFile.of(session.trainer), "no file holds it"


def test_starting_again_keeps_all_that_is_set_now() -> None:
    session = session_at(20)
    session.edit(FLIPPED)
    session.edit(Edit("learning_rate", value=0.5))
    session.edit(Edit("freeze", "W1[0,1]"))
    session.edit(
        Edit("mistake", "no-derivative" if "no-derivative" in MISTAKES else next(iter(MISTAKES)))
    )
    set_now = session.trainer.current_recipe
    assert session.start_again()
    assert session.trainer.current_recipe == set_now
    assert (session.trainer.step_number, session.trainer.last_step) == (0, 0)
    assert not session.start_again(seed=7), "nothing was changed since: nothing is set aside"
    assert session.trainer.current_recipe == replace(set_now, seed=7)
    go_to(session, 30)
    start = session.trainer.snapshot().parameters
    assert start[1] == Trainer(Recipe(seed=7)).snapshot().parameters[1], "frozen from the start"
    assert session.run.original == Recipe()


def test_several_runs_set_aside_are_all_offered_and_can_be_deleted() -> None:
    session = session_at(20)
    for step in (1, 2, 3):
        go_to(session, step)
        session.edit(FLIPPED)
        session.start(Recipe())
    assert [item.run.position for item in session.recovery.offered() if item.run] == [3, 2, 1]
    session.recovery.delete(session.recovery.offered()[1])
    assert [item.run.position for item in session.recovery.offered() if item.run] == [3, 1]


def test_a_run_that_was_set_aside_comes_back_with_its_file(tmp_path: Path) -> None:
    session = session_at(5)
    session.edit(FLIPPED)
    path = str(tmp_path / "run.json")
    session.save(path)
    session.start(Recipe())
    session.resume(session.recovery.offered()[0])
    assert session.run.path == path
    assert session.run.conflict(path) == "", "it has written that file itself"


# -- elsewhere in it -------------------------------------------------------------------------------


def test_going_elsewhere_leaves_the_step() -> None:
    session = session_at(20)
    ways: tuple[Callable[[], object], ...] = (
        lambda: go_to(session, 10),
        lambda: session.edit(FLIPPED),
        session.undo,
        session.redo,
        lambda: session.switch(0),
        session.start_again,
    )
    for go in ways:
        session.move_cursor(2)
        assert session.operation is not None
        go()
        assert session.operation is None


def test_a_branch_that_is_not_replayed_yet_is_still_to_be_sought() -> None:
    session = session_at(60)
    go_to(session, 20)
    assert session.edit(FLIPPED).is_branch, "an edit in the past starts a branch"
    assert session.switch(0) is None
    run = RunFile.of(session.trainer)
    reopened = RunSession(run.trainer())
    go_to(reopened, run.position)
    assert reopened.switch(1) == 20
    go_to(reopened, 20)
    assert reopened.switch(0) == 20, "the first branch had come to step 60"


# -- inside a step ---------------------------------------------------------------------------------


@examples(30)
@given(start=st.integers(0, 3), forward=st.integers(1, 40), seed=st.integers(0, 5))
def test_so_many_operations_on_and_back_is_where_it_began(
    start: int, forward: int, seed: int
) -> None:
    session = session_at(start, seed=seed)
    before = session.trainer.snapshot()
    session.move_cursor(1)
    session.move_cursor(forward)
    count = session.trainer.operation_count
    assert (session.trainer.step_number, session.operation) == (
        start + forward // count,
        forward % count,
    )
    session.move_cursor(-forward)
    assert (session.trainer.step_number, session.operation) == (start, 0)
    assert np.array_equal(session.trainer.snapshot().parameters, before.parameters)


def test_the_cursor_belongs_to_the_snapshot_that_it_is_asked_for() -> None:
    session = session_at(4)
    snapshot = session.trainer.snapshot()
    assert session.cursor(snapshot) is None
    session.move_cursor(1)
    session.move_cell(1)
    session.follow(2)
    cursor = session.cursor(snapshot)
    assert cursor is not None
    assert cursor.snapshot is snapshot
    assert (cursor.index, cursor.cell, cursor.row) == (0, 0, 2), "another row begins at its start"


def test_cells_go_round_and_round() -> None:
    session = session_at(4)
    session.move_cursor(1)  # z1, 4x2
    found = []
    for _ in range(9):
        cursor = session.cursor(session.trainer.snapshot())
        assert cursor is not None
        found.append(cursor.explanation.index)
        session.move_cell(-1)
    assert found[0] == found[8] == (0, 0)
    assert found[1] == (3, 1)
    assert len(set(found)) == 8


# -- edits -----------------------------------------------------------------------------------------


def test_an_edit_that_cannot_be_changes_nothing() -> None:
    session = session_at(300, learning_rate=10.0)
    before = session.trainer.snapshot()
    with pytest.raises(EditError):
        session.edit(FLIPPED)
    assert session.trainer.snapshot().step == before.step
    assert not session.run.has_edits


def test_undo_and_redo_say_what_they_changed() -> None:
    session = session_at(10)
    assert session.undo() is None
    session.edit(FLIPPED)
    assert session.undo() == Change(10, FLIPPED)
    assert not session.run.has_edits
    assert session.redo()
    assert not session.redo()
    assert session.edits == ((10, FLIPPED),)


# -- files -----------------------------------------------------------------------------------------


def test_a_saved_run_is_what_its_file_says_and_a_session_with_the_file_knows_it(
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "run.json")
    session = session_at(40)
    session.save(path)
    assert session.run.path == path
    assert session.run.saved == read_run(path)
    assert session.run.command() == f"xortui {path}"
    run = read_run(path)
    reopened = RunSession(run.trainer(), path)
    assert reopened.run.saved == run
    go_to(reopened, run.position)
    assert run.difference(reopened.trainer) == ""


def test_a_file_that_cannot_be_written_is_not_the_runs(tmp_path: Path) -> None:
    session = session_at(5)
    with pytest.raises(OSError, match="No such file"):
        session.save(str(tmp_path / "nowhere" / "run.json"))
    assert session.run.path is None


@pytest.mark.parametrize(
    ("step", "is_edited", "even_without_edits", "is_kept"),
    [
        (0, False, True, False),
        (5, False, False, False),
        (5, False, True, True),
        (5, True, False, True),
    ],
)
def test_what_has_something_to_lose_is_kept(
    step: int, is_edited: bool, even_without_edits: bool, is_kept: bool
) -> None:
    session = RunSession(Trainer(Recipe()))
    go_to(session, step)
    if is_edited:
        session.edit(FLIPPED)
    assert (session.keep_at_end(even_without_edits).command is not None) == is_kept
    assert abandoned() == [], "it is in use"
    assert (session.recovery.autosave.path is not None) == is_kept
    if session.recovery.autosave.path is not None:
        assert read_run(str(session.recovery.autosave.path)) == RunFile.of(session.trainer)


def test_what_is_saved_is_not_kept_beside_it(tmp_path: Path) -> None:
    session = session_at(5)
    session.edit(FLIPPED)
    session.save(str(tmp_path / "run.json"))
    assert session.keep_at_end(even_without_edits=True).command is None
    assert session.recovery.autosave.path is None


def test_neither_session_nor_training_loop_needs_textual() -> None:
    code = (
        "import sys, xortui.tui.session, xortui.tui.training_loop;"
        "sys.exit(any(name in sys.modules for name in ('textual', 'rich')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
