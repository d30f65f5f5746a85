"""Runs kept between sessions: offered once, dropped without a word where they can't be."""

from pathlib import Path

import pytest

from xortui import keeping
from xortui.core.recipe import Recipe
from xortui.core.runfile import RunFile
from xortui.core.trainer import Trainer


def run() -> RunFile:
    trainer = Trainer(Recipe(seed=3))
    trainer.step(50)
    return RunFile.of(trainer)


def test_a_kept_run_is_offered_once() -> None:
    assert keeping.keep(run()) is not None
    assert keeping.offered() == run()
    assert keeping.offered() is None


def test_nothing_kept_nothing_offered() -> None:
    assert keeping.offered() is None


def test_a_kept_file_that_was_damaged_is_not_offered() -> None:
    path = keeping.keep(run())
    assert path is not None
    path.write_text(path.read_text()[:100])
    assert keeping.offered() is None


def test_a_state_folder_that_cannot_be_made_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert keeping.keep(run()) is None
    assert keeping.offered() is None
