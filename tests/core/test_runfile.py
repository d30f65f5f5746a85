"""Runs in files: they come back to the same bits, and nothing in a file can break the program."""

import json
import os
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.recipes import edits, recipes
from xortui.core.edit import Edit
from xortui.core.recipe import Recipe
from xortui.core.runfile import RunFile, RunFileError, read_run, write_atomically
from xortui.core.trainer import Trainer


def rich_run() -> Trainer:
    """A run with every kind of edit and two branches."""
    trainer = Trainer(Recipe(bias=True, hidden=(3,)))
    trainer.step(40)
    for edit in (
        Edit("weight", "W1[0,1]", -2.0),
        Edit("freeze", "b2[0]"),
        Edit("noise", 7, 0.1),
        Edit("label", 2),
        Edit("mistake", "wrong-sign"),
        Edit("mistake", None),
        Edit("free", "b2[0]"),
    ):
        trainer.edit(edit)
        trainer.step(10)
    trainer.seek(30)
    trainer.edit(Edit("learning_rate", value=0.3))
    trainer.step(25)
    return trainer


def test_a_run_comes_back_to_the_same_bits() -> None:
    trainer = rich_run()
    run = RunFile.from_text(RunFile.of(trainer).to_text())
    again = run.trainer()
    again.seek(run.position)
    assert run.matches(again)
    assert np.array_equal(again.snapshot().parameters, trainer.snapshot().parameters)
    assert again.snapshot().loss == trainer.snapshot().loss
    again.switch(0)
    again.seek(110)
    trainer.switch(0)
    trainer.seek(110)
    assert np.array_equal(again.snapshot().parameters, trainer.snapshot().parameters)


def test_branches_are_recovered_as_far_as_they_had_come() -> None:
    trainer = rich_run()
    again = RunFile.of(trainer).trainer()
    again.recover(1000)
    assert again.step_number == 0
    before, after = trainer.snapshot().branches, again.snapshot().branches
    assert [item.frontier for item in after] == [item.frontier for item in before]
    assert [item.loss for item in after] == [item.loss for item in before]
    assert RunFile.of(again).branches[0] == RunFile.of(trainer).branches[0]
    untouched = RunFile.of(trainer).trainer()
    untouched.recover(10)
    assert [item.frontier for item in untouched.snapshot().branches] == [0, 0]


@settings(max_examples=40)
@given(st.data())
def test_any_run_survives_the_round_trip(data: st.DataObject) -> None:
    recipe = data.draw(recipes())
    trainer = Trainer(recipe)
    for _ in range(data.draw(st.integers(0, 3))):
        trainer.step(data.draw(st.integers(0, 8)))
        if not trainer.at_end:
            trainer.edit(data.draw(edits(recipe)))
    run = RunFile.of(trainer)
    assert RunFile.from_text(run.to_text()) == run
    again = run.trainer()
    again.seek(run.position)
    assert run.matches(again)


def test_a_plain_run_takes_a_few_hundred_bytes() -> None:
    trainer = Trainer(Recipe())
    trainer.step(100_000)
    assert len(RunFile.of(trainer).to_text()) < 700


def test_other_last_bits_are_noticed() -> None:
    trainer = Trainer(Recipe())
    trainer.step(100)
    run = RunFile.of(trainer)
    trainer.step(1)
    assert not run.matches(trainer)


def is_read(text: str) -> bool:
    """Whether a text is read; if not, then it is refused in one line and in no other way."""
    try:
        RunFile.from_text(text)
    except RunFileError as refusal:
        sentence = str(refusal)
    else:
        return True
    assert len(sentence.splitlines()) == 1
    return False


def mutated(text: str, source: random.Random) -> str:
    """The text cut, spliced or with characters changed."""
    characters = list(text)
    for _ in range(source.randint(1, 4)):
        place = source.randrange(len(characters) + 1)
        match source.randrange(4):
            case 0:
                characters[place : place + 1] = chr(source.randrange(32, 127))
            case 1:
                del characters[place : place + source.randint(1, 30)]
            case 2:
                characters[place:place] = source.choice(
                    ["1e999", "null", "[", "}", '"', "-", "9" * 40]
                )
            case _:
                return "".join(characters[:place])
        if not characters:
            break
    return "".join(characters)


def test_ten_thousand_mutations_are_read_or_refused_in_a_sentence() -> None:
    text, source = RunFile.of(rich_run()).to_text(), random.Random(1)
    read = 0
    for _ in range(10_000):
        read += is_read(mutated(text, source))
    assert 0 < read < 5_000


VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    1.5,
    10**30,
    "",
    "x" * 1000,
    [],
    [[]],
    {},
    {"a": 1},
    [1, 2, 3],
)


def paths(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value in a JSON document."""
    found = [path] if path else []
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in items:
        found += paths(value, (*path, key))
    return found


def test_any_key_missing_and_any_value_of_another_type_is_refused_or_read() -> None:
    text = RunFile.of(rich_run()).to_text()
    for path in paths(json.loads(text)):
        for value in (..., *VALUES):
            document = json.loads(text)
            parent = document
            for key in path[:-1]:
                parent = parent[key]
            if value is ...:
                del parent[path[-1]]
            else:
                parent[path[-1]] = value
            is_read(json.dumps(document))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "version 2; this is 1"),
        ({"format": "something else"}, "not a run saved by xortui"),
        ({"current": 5}, "current is not a whole number from 0 to 1"),
        ({"more": 1}, "unknown key 'more'"),
        ({"branches": []}, "1 to 8 branches"),
        ({"recipe": {"seed": -1}}, "its recipe is wrong: seed cannot be -1"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, object], words: str) -> None:
    document = json.loads(RunFile.of(rich_run()).to_text()) | change
    with pytest.raises(RunFileError, match=words):
        RunFile.from_text(json.dumps(document))


def test_too_large_a_file_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(RunFileError, match="larger than 1024 KiB"):
        RunFile.from_text(" " * (2**20 + 1))


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(RunFileError, match="JSON"):
        RunFile.from_text("[" * 100_000)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RunFileError, match="UTF-8"):
        read_run(str(path))


def test_writing_replaces_the_whole_file_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_atomically(str(path), b"one")
    path.chmod(0o640)
    write_atomically(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert os.name != "posix" or path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
