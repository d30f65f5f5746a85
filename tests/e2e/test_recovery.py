"""Runs that were not saved, in a pseudo-terminal: kept, offered, recovered; and if not, said so."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

from tests.e2e.terminal import XORTUI, Terminal, environment
from tests.e2e.test_app import READY, after_the_app, app, shows_step
from tests.sample import some

FLIP = "1\r"  # the first label is flipped: an edit


def recovered(folder: Path, *arguments: str) -> str:
    """What `xortui recover` prints into a pipe."""
    variables = environment(XDG_STATE_HOME=str(folder / "state"))
    command = [*XORTUI, "recover", *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout


def test_a_run_with_edits_is_kept_and_recovered_until_it_is_thrown_away(tmp_path: Path) -> None:
    with app(tmp_path, "--goto", "40") as terminal:
        terminal.wait_for(shows_step(40))
        terminal.send(FLIP)
        terminal.wait_for("1110")
        terminal.send("q")
        assert terminal.wait() == 0
        assert after_the_app(terminal).endswith("To return to it: xortui recover 1\n")
    for _ in range(2):  # opening it does not take it away
        assert "step 40, 1 edit" in recovered(tmp_path)
        with app(tmp_path, "recover", "1") as terminal:
            terminal.wait_for(shows_step(40))
            terminal.wait_for("1110")
            assert recovered(tmp_path) == "There are no runs to recover.\n", "it is in use"
            terminal.send("q")
            assert terminal.wait() == 0
    assert recovered(tmp_path, "--delete", "1").startswith("deleted: ")
    assert recovered(tmp_path) == "There are no runs to recover.\n"


def test_starting_and_leaving_again_hides_no_run(tmp_path: Path) -> None:
    with app(tmp_path) as terminal:
        terminal.send(FLIP)
        terminal.wait_for("1110")
        terminal.send("q")
        terminal.wait()
    for _ in range(2):
        with app(tmp_path) as terminal:
            terminal.wait_for("was not saved")
            terminal.send("q")
            terminal.wait()
    assert "1 edit" in recovered(tmp_path)


@pytest.mark.parametrize("number", some([signal.SIGHUP, signal.SIGTERM], 2))
def test_two_apps_keep_a_run_each(tmp_path: Path, number: int) -> None:
    with app(tmp_path, "--seed", "1") as one, app(tmp_path, "--seed", "2") as two:
        for terminal in (one, two):
            terminal.send(FLIP)
            terminal.wait_for("1110")
        for terminal in (one, two):
            os.kill(terminal.process.pid, number)
            assert terminal.wait() == 128 + number
    text = recovered(tmp_path)
    assert "seed 1," in text
    assert "seed 2," in text


def test_a_run_that_cannot_be_kept_is_said_with_a_code_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way of the folder")
    (tmp_path / "tmp").mkdir()
    variables = {"XDG_STATE_HOME": str(tmp_path / "state"), "TMPDIR": str(tmp_path / "tmp")}
    with Terminal(list(XORTUI), columns=200, cwd=tmp_path, variables=variables) as terminal:
        terminal.wait_for(READY)
        terminal.send(FLIP)
        terminal.wait_for("1110")
        terminal.send("q")
        assert terminal.wait() == 3
        text = after_the_app(terminal)
    folder = f"{tmp_path}/state/xortui"
    assert f"the run cannot be saved for recovery in {folder}: Not a directory" in text
    (path,) = (tmp_path / "tmp").iterdir()
    assert f"it is in {path} instead" in text
    assert text.endswith(f"To return to it: xortui {path}\n")
    with app(tmp_path, str(path), state="another") as terminal:
        terminal.wait_for("1110")
        terminal.send("q")
        terminal.wait()


def test_a_terminal_that_claims_to_be_huge_is_not_believed(tmp_path: Path) -> None:
    variables = {"XDG_STATE_HOME": str(tmp_path), "COLUMNS": "50000", "LINES": "9" * 4000}
    with Terminal(list(XORTUI), cwd=tmp_path, variables=variables) as terminal:
        terminal.wait_for("xortui")
        while terminal.read(0.5):  # its lines are longer than the terminal's: nothing to read
            pass
        assert len(terminal.output) < 2_000_000
        terminal.send("q")
        assert terminal.wait() == 0


def test_a_driver_that_there_is_not_is_a_sentence(tmp_path: Path) -> None:
    for driver in ("nosuch", "no.such:Driver", "textual.app:NoSuch", "\x1b[31m:x"):
        variables = {"XDG_STATE_HOME": str(tmp_path), "TEXTUAL_DRIVER": driver}
        with Terminal(list(XORTUI), columns=200, cwd=tmp_path, variables=variables) as terminal:
            assert terminal.wait() == 2
            assert re.search("xortui: TEXTUAL_DRIVER cannot be ", terminal.text)


def test_a_locale_without_utf_8_gets_ascii_glyphs(tmp_path: Path) -> None:
    variables = {"XDG_STATE_HOME": str(tmp_path), "LC_ALL": "C"}
    with Terminal(list(XORTUI), cwd=tmp_path, variables=variables) as terminal:
        terminal.wait_for(READY)
        assert "0.1" in terminal.text.split("\n")[0]
        assert terminal.text.split("\n")[0].isascii()
        terminal.send("q")
        terminal.wait()
