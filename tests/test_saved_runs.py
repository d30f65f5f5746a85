"""A FILE that the app has saved, given to the commands: replayed to the bit, or said if not."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from xortui.cli import main
from xortui.core.model.recipe import Recipe
from xortui.core.training import recovering
from xortui.core.training.edit import Edit
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer

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


@pytest.mark.slow
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
        "xortui: run.json: at step 50 the last bits differ from those that were saved: "
        "this machine's NumPy rounds differently\n"
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_whose_seed_was_changed_is_not_blamed_on_numpy(
    run: RunFile, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("run.json").write_text(run.to_text().replace('"seed": 0', '"seed": 7'))
    assert main([command, "run.json", *COMMANDS[command]]) in (0, 1)
    assert capsys.readouterr().err == (
        "xortui: run.json: its digest and its recipe do not belong together: the file was changed "
        "after the run was saved\n"
    )


def test_a_run_that_does_not_get_there_cannot_be_compared(
    run: RunFile, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("run.json").write_text(replace(run, digest="0" * 16).to_text())
    assert main(["check", "run.json", "--goto", "10"]) == 0
    assert capsys.readouterr().err == ""


def test_train_names_the_edits_and_prints_what_is_in_force(
    run: RunFile, capsys: pytest.CaptureFixture[str]
) -> None:
    trainer = run.trainer()
    trainer.seek(50)
    trainer.edit(Edit("label", 0))
    trainer.step(5)
    trainer.edit(Edit("freeze", "W1[0,1]"))
    Path("run.json").write_text(RunFile.of(trainer).to_text())
    assert main(["train", "run.json", "--steps", "60"]) == 1
    out = capsys.readouterr().out
    head, tail = out.split("last forward pass, step 59:\n")
    assert "learning rate 0.1, 60 steps\n" in head
    assert (
        "  step 20: η = 0.5\n  step 50: label of row 00 flipped\n  step 55: W₁ x₁→h₂ frozen\n"
        in head
    )
    assert "bits [0 0] --> parity [0]\n" in head
    assert [line.split()[-1] for line in tail.splitlines()[:4]] == ["1", "1", "1", "0"]
    assert (
        "in force at the end: table 1110 2-2-1 sigmoid, no bias, seed 0, learning rate 0.5, "
        "frozen: W1[0,1]\n"
    ) in tail


def test_labels_are_those_of_the_step_that_is_printed(
    run: RunFile, capsys: pytest.CaptureFixture[str]
) -> None:
    trainer = run.trainer()
    trainer.seek(50)
    trainer.edit(Edit("label", 0))
    Path("run.json").write_text(RunFile.of(trainer).to_text())
    main(["train", "run.json", "--steps", "50"])
    tail = capsys.readouterr().out.split("last forward pass, step 49:\n")[1]
    assert [line.split()[-1] for line in tail.splitlines()[:4]] == ["0", "1", "1", "0"]


def test_train_json_has_the_start_the_edits_and_the_end(
    run: RunFile, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("run.json").write_text(run.to_text())
    main(["train", "run.json", "--steps", "100", "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    assert data["recipe"]["learning_rate"] == 0.1
    assert data["edits"] == [[20, {"kind": "learning_rate", "value": 0.5}]]
    assert data["final"]["recipe"]["learning_rate"] == 0.5
    main(["train", "run.json", "--steps", "10", "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    assert data["edits"] == []
    assert data["final"]["recipe"] == data["recipe"]


def test_a_run_without_edits_is_printed_as_ever(capsys: pytest.CaptureFixture[str]) -> None:
    main(["train", "--steps", "100"])
    out = capsys.readouterr().out
    assert "changed" not in out
    assert "in force" not in out


@pytest.mark.slow
def test_a_picture_of_a_saved_run_is_the_same_however_long_it_takes(
    run: RunFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("run.json").write_text(run.to_text())
    main(["snapshot", "run.json", "-o", "one.txt"])

    def slowly(trainer: Trainer, seconds: float, most: int | None) -> Iterator[float]:
        return at_pace(trainer, seconds / 1e6, most)

    at_pace = recovering.recovering
    monkeypatch.setattr(recovering, "recovering", slowly)
    main(["snapshot", "run.json", "-o", "two.txt"])
    assert Path("one.txt").read_text() == Path("two.txt").read_text()
