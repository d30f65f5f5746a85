"""xortui recover: the runs that were not saved, listed, written out and deleted."""

from pathlib import Path

import pytest

from xortui.autosave import abandoned, state_folder
from xortui.cli import main
from xortui.core.training.run_file import RunFile

from .test_autosave import left_behind, run


def test_nothing_to_recover(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recover"]) == 0
    assert capsys.readouterr() == ("There are no runs to recover.\n", "")


def test_runs_are_numbered_lines_and_what_can_be_done_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    left_behind(1)
    left_behind(2)
    assert main(["recover"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines[:2]] == ["1", "2"]
    assert all("step 50, 0 edits" in line for line in lines[:2])
    assert "--delete N" in lines[-1]
    assert len(abandoned()) == 2


def test_into_a_pipe_a_run_is_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    left_behind(7)
    assert main(["recover", "1"]) == 0
    assert RunFile.from_text(capsys.readouterr().out) == run(7)
    assert len(abandoned()) == 1


def test_one_is_deleted_and_the_others_stay(capsys: pytest.CaptureFixture[str]) -> None:
    left_behind(1)
    left_behind(2)
    first, second = abandoned()
    assert main(["recover", "--delete", "1"]) == 0
    assert capsys.readouterr().out == f"deleted: {first.describe()}\n"
    assert abandoned() == [second]


@pytest.mark.parametrize(
    ("arguments", "trouble"),
    [
        (["2"], "N cannot be '2'; allowed: a whole number from 1 to 1"),
        (["0"], "'0'"),
        (["x"], "'x'"),
        (["--delete", "2"], "--delete cannot be '2'"),
        (["1", "--delete", "1"], "give one number"),
        (["9" * 5000], "a whole number from 1 to 1"),
    ],
)
def test_numbers_that_are_not_in_the_list(
    arguments: list[str], trouble: str, capsys: pytest.CaptureFixture[str]
) -> None:
    left_behind(1)
    assert main(["recover", *arguments]) == 2
    assert trouble in capsys.readouterr().err
    assert len(abandoned()) == 1


def test_a_number_where_there_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recover", "1"]) == 2
    assert capsys.readouterr().err == "xortui: there are no runs to recover\n"


def test_a_damaged_run_is_listed_but_not_opened(capsys: pytest.CaptureFixture[str]) -> None:
    path = left_behind(1)
    path.write_text("{")
    assert main(["recover"]) == 0
    assert "cannot be read" in capsys.readouterr().out
    assert main(["recover", "1"]) == 3
    assert str(path) in capsys.readouterr().err
    assert main(["recover", "--delete", "1"]) == 0


def test_a_recovery_file_opens_like_any_run(capsys: pytest.CaptureFixture[str]) -> None:
    path = left_behind(1)
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out.startswith("XOR 2-2-1 sigmoid, no bias, seed 1")
    assert Path(path).parent == state_folder()
