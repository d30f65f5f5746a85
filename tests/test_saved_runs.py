"""A FILE that the app has saved, given to the commands: replayed to the bit, or said if not."""

from dataclasses import replace
from pathlib import Path

import pytest

from xortui.cli import main
from xortui.core.edit import Edit
from xortui.core.recipe import Recipe
from xortui.core.runfile import RunFile
from xortui.core.trainer import Trainer

COMMANDS = {
    "train": ["--steps", "100"],
    "check": [],
    "explain": [],
    "snapshot": ["-o", "picture.txt"],
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFile:
    monkeypatch.chdir(tmp_path)
    trainer = Trainer(Recipe())
    trainer.step(20)
    trainer.edit(Edit("learning_rate", value=0.5))
    trainer.step(30)
    return RunFile.of(trainer)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_bits_are_nothing_to_speak_of(
    run: RunFile, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("run.json").write_text(run.to_text())
    assert main([command, "run.json", *COMMANDS[command]]) in (0, 1)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_other_bits_than_those_that_were_saved_are_told(
    run: RunFile, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("run.json").write_text(replace(run, digest="0" * 16).to_text())
    assert main([command, "run.json", *COMMANDS[command]]) in (0, 1)
    assert capsys.readouterr().err == (
        "xortui: this machine's NumPy gives other last bits at step 50 than those that run.json "
        "was saved with\n"
    )


def test_a_run_that_does_not_get_there_cannot_be_compared(
    run: RunFile, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("run.json").write_text(replace(run, digest="0" * 16).to_text())
    assert main(["check", "run.json", "--goto", "10"]) == 0
    assert capsys.readouterr().err == ""
