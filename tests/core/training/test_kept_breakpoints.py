"""Breakpoints in a run's file: whatever stands there, it is taken or refused in one sentence."""

import json
from pathlib import Path

import pytest

from xortui.core.model.recipe import Recipe
from xortui.core.training.run_file import RunFile, RunFileError, read_run, write_run
from xortui.core.training.trainer import Trainer


@pytest.mark.parametrize(
    ("breakpoints", "words"),
    [
        ("loss < 0.1", "must be a list of at most"),
        (["loss < 0.1"] * 1000, "must be a list of at most"),
        ([3], "a breakpoint is not a text"),
        (["loss <"], "a breakpoint is wrong: "),
    ],
)
def test_what_is_no_breakpoint_is_refused(tmp_path: Path, breakpoints: object, words: str) -> None:
    path = tmp_path / "run.json"
    write_run(str(path), RunFile.of(Trainer(Recipe())))
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | {"breakpoints": breakpoints}), encoding="utf-8")
    with pytest.raises(RunFileError, match=words) as error:
        read_run(str(path))
    assert "\n" not in str(error.value)
