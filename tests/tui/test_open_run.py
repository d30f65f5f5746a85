"""A run and its file: what a file may be called, what saving would take away, the command."""

from pathlib import Path

import pytest

from tests.tui.test_session import FLIPPED, session_at
from xortui.core.training.run_file import read_run
from xortui.tui.session import RunSession


def test_saving_asks_before_it_takes_away_what_this_run_did_not_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = session_at(5)
    assert session.run.free_name() == "xor-seed-0.json"
    assert session.run.conflict("xor-seed-0.json") == ""
    session.save("xor-seed-0.json")
    assert session.run.conflict("xor-seed-0.json") == "", "its own"
    session.edit(FLIPPED)
    session.save("xor-seed-0.json")

    other = session_at(7)
    assert other.run.free_name() == "xor-seed-0-2.json"
    assert "this run did not write it" in other.run.conflict("xor-seed-0.json")
    assert other.run.conflict("another.json") == other.run.conflict("/dev/null") == ""

    opened = read_run("xor-seed-0.json")
    one, two = (RunSession(opened.trainer(), "xor-seed-0.json") for _ in range(2))
    one.edit(FLIPPED)
    one.save("xor-seed-0.json")
    assert "changed by another program" in two.run.conflict("xor-seed-0.json")
    Path("xor-seed-0.json").unlink()
    assert two.run.conflict("xor-seed-0.json") == "", "there is nothing to lose"


def test_edits_that_no_file_holds_have_no_command() -> None:
    session = session_at(5)
    assert session.run.command() == "xortui --goto 5"
    session.edit(FLIPPED)
    assert session.run.command() is None
