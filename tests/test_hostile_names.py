"""Every command against names that attack a terminal: its output is plain lines of text."""

import json
import os
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.hostile import HOSTILE
from tests.sample import some_pairs
from xortui.autosave import abandoned, state_folder
from xortui.cli import main
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer

COMMANDS = {
    "train": ["--steps", "60"],
    "check": [],
    "explain": ["--row", "1"],
    "export": ["--as", "numpy"],
    "snapshot": ["-o", "picture.txt"],
}
# Words that a command line can hold: no null bytes, and what the file system cannot encode as it is
# has come from a name that is not UTF-8.
TYPED = [name for name in HOSTILE if "\0" not in name and "\ud800" not in name]


@cache
def run_text() -> str:
    trainer = Trainer(Recipe())
    trainer.step(20)
    trainer.edit(Edit("weight", "W1[0,1]", 0.5))
    trainer.step(30)
    trainer.seek(10)
    trainer.edit(Edit("label", 1))
    trainer.step(10)
    return RunFile.of(trainer).to_text()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def outputs(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command; both are lines of printable characters."""
    try:
        code = main(arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    written = capsys.readouterr()
    for text in written:
        assert text.replace("\n", "").isprintable()
    assert written.err.count("\n") <= 1
    return code, written.out, written.err


@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_not_there(
    command: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outputs([command, name, *COMMANDS[command]], capsys)[0] == 3


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("name", TYPED)
def test_a_file_of_this_name_that_was_changed_and_one_to_write_to(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if "/" in name:
        pytest.skip("no name of a file")
    Path(name).write_text(run_text().replace('"seed": 0', '"seed": 1'))
    code, _, err = outputs(["check", name], capsys)
    assert code == 0
    assert "do not belong together" in err
    assert outputs(["train", name, "-o", name], capsys)[0] == 2
    assert outputs(["train", "-o", f"missing/{name}"], capsys)[0] == 3
    assert outputs(["train", "--steps", "10", "-o", f"out {name}"], capsys)[0] == 1
    assert os.path.exists(f"out {name}")


@pytest.mark.parametrize(("name", "command"), some_pairs(HOSTILE, COMMANDS, 5, ascii))
def test_a_branch_an_edit_or_a_recipe_of_this_name(
    command: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def rename(document: dict[str, object], *way: object) -> None:
        *to, last = way
        for key in to:
            document = document[key]  # type: ignore[index, assignment]
        document[last] = name  # type: ignore[index]

    for way in (
        ("branches", 0, "name"),
        ("branches", 0, "edits", 0, 1, "where"),
        ("branches", 0, "edits", 0, 1, "kind"),
        ("recipe", "problem"),
        ("version",),
    ):
        document = json.loads(run_text())
        rename(document, *way)
        Path("run.json").write_text(json.dumps(document))
        code, out, err = outputs([command, "run.json", *COMMANDS[command]], capsys)
        assert (code, out) == (3, "")
        assert err == "xortui: cannot use run.json: a text in it holds control characters\n"


@pytest.mark.parametrize("name", TYPED)
def test_every_flag(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["train", "--problem"],
        ["train", "--hidden"],
        ["train", "--lr"],
        ["train", "--steps"],
        ["train", "--format"],
        ["train", "--history"],
        ["check", "--goto"],
        ["explain", "--row"],
        ["sweep", "--seeds"],
        ["sweep", "--init"],
        ["export", "--as"],
        ["snapshot", "-o", "a.txt", "--size"],
        ["record", "-o", "a.svg", "--size"],
        ["record", "-o", "a.svg", "--until"],
        ["snapshot", "-o", "a.txt", "--view"],
        ["snapshot", "-o", "a.txt", "--theme"],
        ["snapshot", "-o", "a.txt", "--operation"],
        ["recover"],
        ["recover", "--delete"],
        ["--glyphs"],
        [],
    ):
        assert outputs([*arguments, name], capsys)[0] == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_recovery_files(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    state_folder().mkdir(parents=True)
    document = json.loads(run_text())
    document["branches"][0]["name"] = name
    (state_folder() / "1-1-1.run.json").write_text(json.dumps(document))
    assert outputs(["recover"], capsys)[0] == 0
    assert outputs(["recover", "1"], capsys)[0] == 3
    assert outputs(["recover", "--delete", "1"], capsys)[0] == 0
    assert abandoned() == []
