"""Where runs are kept on each system, and what is said where the disk does not allow something."""

import sys
from pathlib import Path

import pytest

from xortui import autosave
from xortui.autosave import SUFFIX, Autosave, abandoned, state_folder
from xortui.core.model.recipe import Recipe
from xortui.core.training.run_file import RunFile, write_run
from xortui.core.training.trainer import Trainer
from xortui.exit_codes import FileError
from xortui.tui.recovery import Recovery

RUN = RunFile.of(Trainer(Recipe()))


@pytest.mark.parametrize(
    ("system", "folder"),
    [
        ("linux", ".local/state/xortui"),
        ("darwin", "Library/Application Support/xortui"),
        ("win32", "AppData/xortui"),
    ],
)
def test_each_system_has_its_own_place_for_them(
    system: str, folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "AppData"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", system)
    assert state_folder() == tmp_path / folder


def test_what_cannot_be_deleted_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = state_folder()
    folder.mkdir(parents=True)
    write_run(str(folder / f"other{SUFFIX}"), RUN)
    (found,) = abandoned()

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(FileError, match=r"cannot delete .*: Permission denied"):
        found.delete()


def kept_files() -> list[Path]:
    return list(state_folder().glob(f"*{SUFFIX}"))


def test_a_run_set_aside_that_cannot_be_written_is_kept_when_that_is_possible_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recovery, real = Recovery(), Autosave.save

    def refuse(kept: Autosave, run: RunFile) -> Path:
        raise FileError("no space left\x1b[31m")

    monkeypatch.setattr(Autosave, "save", refuse)
    recovery.set_aside(RUN, None, None)
    assert recovery.not_kept == "no space left\\x1b[31m"
    (offered,) = recovery.offered()
    assert offered.run is RUN, "it is in memory"
    assert recovery.keep_now_and_then(RUN) == ""  # of another run, for which the same was said
    monkeypatch.setattr(Autosave, "save", real)
    assert recovery.keep_at_end(None).troubles == ()
    assert len(kept_files()) == 1


@pytest.mark.parametrize("elsewhere", [None, Path("somewhere")])
def test_a_run_set_aside_that_cannot_be_written_at_the_end_is_elsewhere_or_lost(
    elsewhere: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(kept: Autosave, run: RunFile) -> Path:
        raise FileError("no space left")

    monkeypatch.setattr(Autosave, "save", refuse)
    monkeypatch.setattr(Autosave, "save_elsewhere", lambda kept, run: elsewhere)
    recovery = Recovery()
    recovery.set_aside(RUN, None, None)
    kept = recovery.keep_at_end(RUN)
    words = "is in somewhere instead" if elsewhere else "is lost"
    assert kept.troubles[:2] == ("no space left", f"the run that was set aside {words}")
    assert kept.troubles[2] == "no space left"
    assert ("no other folder" in kept.troubles[3]) is (elsewhere is None)
    assert kept.command == ("xortui somewhere" if elsewhere else None)


def test_a_file_that_may_not_be_read_is_offered_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = state_folder()
    folder.mkdir(parents=True)
    (folder / f"other{SUFFIX}").write_text("{}", encoding="utf-8")

    def refuse(path: str) -> RunFile:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(autosave, "read_run", refuse)
    (found,) = abandoned()
    assert found.run is None
    assert found.describe().endswith("cannot be read: Permission denied")
