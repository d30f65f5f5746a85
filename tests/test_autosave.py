"""Recovery files: one for each run, offered until its owner saves it or deletes it."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from xortui.autosave import Autosave, abandoned, state_folder
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer
from xortui.exit_codes import FileError

ROOT = Path(__file__).parents[1]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="locks files")

# Saves a run of the seed that is given, says so, and goes on living until stdin ends.
KEEPER = """
import sys
from xortui.autosave import Autosave
from xortui.core.model.recipe import Recipe
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer
autosave = Autosave()
for step in range(3):
    trainer = Trainer(Recipe(seed=int(sys.argv[1])))
    trainer.step(step)
    autosave.save(RunFile.of(trainer))
print("saved", flush=True)
sys.stdin.read()
"""


def run(seed: int = 3) -> RunFile:
    trainer = Trainer(Recipe(seed=seed))
    trainer.step(50)
    return RunFile.of(trainer)


def left_behind(seed: int) -> Path:
    """The recovery file of a run whose process is gone."""
    keeper = Autosave()
    path = keeper.save(run(seed))
    keeper._let_go()
    return path


def keeper(seed: int) -> "subprocess.Popen[str]":
    """Another process that works on a run."""
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(seed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "saved\n"
    return process


def test_a_run_that_was_left_behind_is_found_again_and_again() -> None:
    path = left_behind(3)
    for _ in range(2):
        (found,) = abandoned()
        assert found.path == path
        assert found.run == run(3)
        assert abs(found.saved - time.time()) < 60


def test_nothing_kept_nothing_found() -> None:
    assert abandoned() == []


def test_every_run_has_a_file_of_its_own_and_the_newest_comes_first() -> None:
    paths = [left_behind(seed) for seed in (1, 2, 3)]
    assert len(set(paths)) == 3
    for age, path in enumerate(reversed(paths)):
        os.utime(path, (1e9 - age, 1e9 - age))
    assert [item.path for item in abandoned()] == paths[::-1]


def test_the_name_says_when_and_which_process() -> None:
    name = left_behind(1).name
    assert name.startswith(time.strftime("%Y"))
    assert f"-{os.getpid()}" in name


def test_saving_again_writes_the_same_file() -> None:
    keeper = Autosave()
    path = keeper.save(run(1))
    assert keeper.save(run(2)) == path
    keeper._let_go()
    assert [item.run for item in abandoned()] == [run(2)]


def test_a_run_that_was_saved_or_thrown_away_is_gone() -> None:
    keeper = Autosave()
    path = keeper.save(run())
    keeper.remove()
    assert not path.exists()
    keeper.remove()
    left_behind(1)
    abandoned()[0].delete()
    assert abandoned() == []


@pytest.mark.slow
@POSIX
def test_a_run_that_somebody_works_on_is_not_abandoned_until_the_process_is_gone() -> None:
    own = Autosave()
    own.save(run(1))
    process = keeper(2)
    assert abandoned() == []
    process.kill()
    process.wait(timeout=30)
    process.communicate()
    assert [item.run.recipe.seed for item in abandoned() if item.run] == [2]
    own.remove()


@pytest.mark.slow
@POSIX
def test_two_processes_do_not_overwrite_each_other() -> None:
    processes = [keeper(seed) for seed in (1, 2)]
    for process in processes:
        process.kill()
        process.wait(timeout=30)
        process.communicate()
    assert {item.run.recipe.seed for item in abandoned() if item.run} == {1, 2}


@POSIX
def test_a_run_that_is_gone_on_with_keeps_its_file_and_is_offered_to_nobody_else() -> None:
    path = left_behind(1)
    keeper = Autosave(abandoned()[0])
    assert abandoned() == []
    assert keeper.save(run(2)) == path
    keeper._let_go()
    assert [item.run for item in abandoned()] == [run(2)]


def test_a_damaged_file_is_listed_and_can_be_thrown_away() -> None:
    path = left_behind(3)
    path.write_text(path.read_text()[:100])
    (found,) = abandoned()
    assert found.run is None
    assert found.describe().endswith("cannot be read: it is not whole, valid JSON")
    found.delete()
    assert abandoned() == []


def test_a_file_that_would_end_the_reader_is_only_listed() -> None:
    path = left_behind(3)
    path.write_text('{"format": ' + "[" * 984 + "]" * 984 + "}")
    assert abandoned()[0].problem == "it is nested too deeply"


def test_a_run_is_described_by_date_recipe_step_and_edits() -> None:
    trainer = Trainer(Recipe(seed=3))
    trainer.step(50)
    trainer.edit(Edit("learning_rate", value=0.5))
    keeper = Autosave()
    path = keeper.save(RunFile.of(trainer))
    keeper._let_go()
    os.utime(path, (1e9, 1e9))
    date = time.strftime("%Y-%m-%d %H:%M", time.localtime(1e9))
    assert abandoned()[0].describe() == (
        f"{date}  XOR 2-2-1 sigmoid, no bias, seed 3, learning rate 0.1, step 50, 1 edit"
    )
    assert replace(abandoned()[0], run=run()).describe().endswith("step 50, 0 edits")


def test_a_folder_that_cannot_be_made_is_said_with_what_can_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    keeper = Autosave()
    with pytest.raises(FileError) as error:
        keeper.save(run())
    assert str(state_folder()) in str(error.value)
    assert "Not a directory" in str(error.value)
    assert "save it somewhere else" in str(error.value)
    assert keeper.path is None
    assert abandoned() == []


def test_a_full_disk_is_said_and_what_was_kept_before_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    keeper = Autosave()
    path = keeper.save(run(1))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(FileError, match="No space left"):
            keeper.save(run(2))
    keeper._let_go()
    assert [item.run for item in abandoned()] == [run(1)]
    assert list(state_folder().iterdir()) == [path]


def test_the_last_resort_is_the_folder_of_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = Autosave().save_elsewhere(run(4))
    assert path is not None
    assert RunFile.from_text(path.read_text()) == run(4)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assert Autosave().save_elsewhere(run(4)) is None
