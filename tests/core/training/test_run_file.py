"""Runs in files: they come back to the same bits, and nothing in a file can break the program."""

import json
import random
import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import edits, recipes
from tests.hostile import HOSTILE
from tests.sample import examples
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.branch import MAX_BRANCHES, MAX_EDITS, Branch
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.run_file import (
    MAX_BYTES,
    MAX_NAME,
    MAX_STEP,
    RunFile,
    RunFileError,
    SavedBranch,
    read_run,
)
from xortui.core.training.timeline import Timeline
from xortui.core.training.trainer import Trainer


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
    assert list(again.recovering(1.0, most=1000))[-1] == 1
    assert again.step_number == 0
    before, after = trainer.snapshot().branches, again.snapshot().branches
    assert [item.last_step for item in after] == [item.last_step for item in before]
    assert [item.loss for item in after] == [item.loss for item in before]
    assert RunFile.of(again).branches[0] == RunFile.of(trainer).branches[0]
    untouched = RunFile.of(trainer).trainer()
    assert list(untouched.recovering(1.0, most=10)) == []
    assert [item.last_step for item in untouched.snapshot().branches] == [0, 0]


@pytest.mark.slow
@examples(40)
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


@pytest.mark.slow
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


@pytest.mark.slow
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
    with pytest.raises(RunFileError, match="larger than 4096 KiB"):
        RunFile.from_text(" " * (MAX_BYTES + 1))


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(RunFileError, match="nested too deeply"):
        RunFile.from_text("[" * 100_000)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RunFileError, match="UTF-8"):
        read_run(str(path))


# -- the same limits on both sides -------------------------------------------------------------

LARGEST_RECIPE = Recipe(problem="parity8", hidden=(64,) * 4, bias=True)


def full_run(edits: int) -> RunFile:
    """A run of the largest network with so many edits, each as long as an edit can be."""
    edit = Edit("weight", "W2[63,63]", -1.2345678901234567e-100)
    first = SavedBranch("x" * MAX_NAME, ((MAX_STEP, edit),) * edits, MAX_STEP, MAX_STEP)
    others = (replace(first, edits=()),) * (MAX_BRANCHES - 1)
    names = tuple(Network(LARGEST_RECIPE).names)
    return RunFile(replace(LARGEST_RECIPE, frozen=names), (first, *others), 0, "0" * 16)


@pytest.mark.slow
def test_the_largest_run_that_can_be_made_can_be_read() -> None:
    run = full_run(MAX_EDITS)
    text = run.to_text()
    assert len(text) < MAX_BYTES
    assert RunFile.from_text(text) == run


@pytest.mark.slow
def test_more_edits_are_refused_in_one_branch_or_in_several() -> None:
    with pytest.raises(RunFileError, match="10,000"):
        RunFile.from_text(full_run(MAX_EDITS + 1).to_text())
    run = full_run(MAX_EDITS)
    spread = replace(run, branches=(run.branches[0], *run.branches[:1], *run.branches[2:]))
    with pytest.raises(RunFileError, match="10,000"):
        RunFile.from_text(spread.to_text())


@pytest.mark.slow
def test_a_run_with_as_many_edits_as_there_can_be_takes_no_more_and_is_read() -> None:
    trainer = Trainer(Recipe())
    edits = tuple((0, Edit("weight", "W1[0,0]", float(value))) for value in range(MAX_EDITS - 1))
    trainer.restore([Branch("original", Timeline(Recipe(), edits))], 0)
    trainer.edit(Edit("weight", "W1[0,0]", -1.0))
    with pytest.raises(EditError, match="10,000 edits in all its branches"):
        trainer.edit(Edit("weight", "W1[0,0]", -2.0))
    run = RunFile.of(trainer)
    assert RunFile.from_text(run.to_text()) == run
    assert run.matches(run.trainer())


def test_a_branch_that_would_copy_too_many_edits_is_refused() -> None:
    trainer = Trainer(Recipe())
    edits = tuple((0, Edit("label", row % 4)) for row in range(MAX_EDITS // 2 + 1))
    trainer.restore([Branch("original", Timeline(Recipe(), edits))], 0)
    trainer.step(5)
    trainer.seek(2)
    with pytest.raises(EditError, match="delete a branch first"):
        trainer.edit(Edit("label", 0))
    assert len(trainer.branches) == 1


# -- what was not replayed yet is not forgotten ------------------------------------------------


def test_an_edit_before_what_was_not_replayed_yet_starts_a_branch() -> None:
    again = RunFile.of(rich_run()).trainer()
    before = RunFile.of(again).branches
    again.switch(0)
    again.seek(50)
    again.edit(Edit("learning_rate", value=0.7))
    run = RunFile.of(again)
    assert len(run.branches) == 3
    assert run.branches[0].edits == before[0].edits
    assert run.branches[0].last_step == before[0].last_step


def test_recovering_goes_in_slices_of_time_and_can_be_left_off() -> None:
    trainer = rich_run()
    trainer.step(3000)
    run = RunFile.of(trainer)
    again = run.trainer()
    shares = list(again.recovering(0.001))
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert [item.timeline.last_step for item in again.branches] == [110, 3055]
    assert again.step_number == 0
    again = run.trainer()
    for _ in again.recovering(0.001):
        break
    assert (again.step_number, again.current_branch) == (0, 1)
    assert RunFile.of(again).branches[0] == run.branches[0]
    assert RunFile.of(again).branches[1].last_step == 3055


@pytest.mark.slow
def test_recovering_for_a_while_takes_no_longer_however_large_the_network() -> None:
    trainer = Trainer(LARGEST_RECIPE)
    run = replace(RunFile.of(trainer), branches=(SavedBranch("original", (), 10**6, 0),))
    again = run.trainer()
    started = time.perf_counter()
    again.recover(0.1)
    assert time.perf_counter() - started < 5  # it would take hours
    assert 0 < again.branches[0].timeline.last_step < 10**6


@pytest.mark.slow
def test_thousands_of_edits_at_one_step_are_replayed_at_once() -> None:
    names = Network(LARGEST_RECIPE).names
    edits = tuple((0, Edit("freeze", name)) for name in names[: MAX_EDITS - 1])
    branch = SavedBranch("original", (*edits, (0, Edit("noise", 1, 0.5))), 0, 0)
    run = replace(RunFile.of(Trainer(LARGEST_RECIPE)), branches=(branch,))
    started = time.perf_counter()
    again = RunFile.from_text(run.to_text()).trainer().snapshot()
    assert time.perf_counter() - started < 10  # it would take minutes, one after the other
    start = Network(LARGEST_RECIPE).initial_parameters()
    frozen = np.arange(len(names)) < MAX_EDITS - 1
    assert np.array_equal(again.parameters[frozen], start[frozen])
    assert (again.parameters[~frozen] != start[~frozen]).any()


# -- what a file could do to a terminal or to us -----------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_text_with_control_characters_is_refused_wherever_it_stands(name: str) -> None:
    text = RunFile.of(rich_run()).to_text()
    for path in paths(json.loads(text)):
        document = json.loads(text)
        parent = document
        for key in path[:-1]:
            parent = parent[key]
        parent[path[-1]] = name
        with pytest.raises(RunFileError) as error:
            RunFile.from_text(json.dumps(document))
        assert str(error.value) == "a text in it holds control characters"
        document = json.loads(text)
        if isinstance(parent, dict):
            document[name] = 1
            with pytest.raises(RunFileError, match="holds control characters"):
                RunFile.from_text(json.dumps(document))


@pytest.mark.parametrize("depth", [10, 100, 900, 984, 990, 2000, 100_000])
def test_deep_nesting_is_refused_wherever_it_stands(depth: int) -> None:
    text = RunFile.of(rich_run()).to_text()
    for key in ("recipe", "branches", "version", "digest"):
        document = json.loads(text)
        document[key] = "DEEP"
        deep = json.dumps(document).replace('"DEEP"', "[" * depth + "]" * depth)
        with pytest.raises(RunFileError, match="nested too deeply"):
            RunFile.from_text(deep)


@pytest.mark.parametrize("digits", [21, 4301, 100_000])
def test_long_numbers_are_refused(digits: int) -> None:
    text = RunFile.of(Trainer(Recipe())).to_text()
    for key in ("seed", "position", "version", "current"):
        document = re.sub(rf'"{key}": 0', f'"{key}": {"1" * digits}', text)
        document = re.sub(rf'"{key}": 1,', f'"{key}": {"1" * digits},', document)
        assert not is_read(document)


# -- whose fault other bits are ----------------------------------------------------------------


def other_bits(text: str) -> str:
    run = RunFile.from_text(text)
    again = run.trainer()
    again.seek(run.position)
    return run.difference(again)


def test_the_same_bits_are_nothing_to_speak_of() -> None:
    assert other_bits(RunFile.of(rich_run()).to_text()) == ""


@pytest.mark.parametrize(("old", "new"), [('"seed": 0', '"seed": 1'), ("0.3", "0.4")])
def test_a_file_that_was_changed_says_so(old: str, new: str) -> None:
    text = RunFile.of(rich_run()).to_text()
    assert old in text
    assert other_bits(text.replace(old, new)) == (
        "its digest and its recipe do not belong together: the file was changed after the run was "
        "saved"
    )


def test_another_layout_of_the_same_file_is_no_change() -> None:
    document = json.loads(RunFile.of(rich_run()).to_text())
    run = RunFile.from_text(json.dumps(document, sort_keys=True))
    assert not run.is_changed


def test_a_file_as_it_was_written_blames_numpy() -> None:
    words = other_bits(replace(RunFile.of(rich_run()), digest="0" * 16).to_text())
    assert words == (
        "at step 55 the last bits differ from those that were saved: "
        "this machine's NumPy rounds differently"
    )


def test_a_file_without_a_checksum_leaves_it_open() -> None:
    document = json.loads(RunFile.of(rich_run()).to_text())
    del document["checksum"]
    assert other_bits(json.dumps(document)) == ""
    document["recipe"]["seed"] = 1
    assert other_bits(json.dumps(document)).endswith("or the file was changed by hand")
