"""The history of a run's losses and parameters, and its files."""

import csv
import json
import os
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.core.export.test_script import EDITED, EDITS, same_bits, trained
from tests.core.reference import plain_run
from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training import weight_history
from xortui.core.training.trainer import Trainer
from xortui.core.training.weight_history import (
    HistoryRecorder,
    WeightHistoryError,
    check_history,
    recording,
)


@dataclass
class History:
    """The rows that a recorder gave: steps [M], losses [M], parameters [M, P]."""

    steps: NDArray[np.int64]
    losses: Array
    parameters: Array


def train_into(recorder: HistoryRecorder, trainer: Trainer, steps: int) -> None:
    trainer.seek(0)
    for chunk in trainer.run(steps):
        recorder.add(chunk)
    recorder.finish(trainer.snapshot())


def taken(trainer: Trainer, steps: int, every: int | None = None) -> History:
    lots: list[tuple[Array, ...]] = []
    recorder = HistoryRecorder(
        check_history(trainer.recipe, steps, every),
        lambda *lot: lots.append(tuple(part.copy() for part in lot)),
    )
    train_into(recorder, trainer, steps)
    return History(*(np.concatenate(parts) for parts in zip(*lots, strict=True)))


def edited_history() -> History:
    return taken(trained(EDITED, EDITS, 0), 150, every=20)


def write(path: Path) -> None:
    trainer = trained(EDITED, EDITS, 0)
    with recording(str(path), trainer, 20, lambda: None) as recorder:
        train_into(recorder, trainer, 150)


# -- what is kept ------------------------------------------------------------------------------


def test_every_row_is_that_of_the_plain_loop() -> None:
    history = taken(Trainer(Recipe()), 1000, every=50)
    assert history.steps.tolist() == list(range(0, 1001, 50))
    assert same_bits(history.parameters, plain_run().weights[:1001:50])
    assert same_bits(history.losses, plain_run().losses[:1001:50])


def test_the_last_step_is_kept_where_it_is_not_due() -> None:
    assert taken(Trainer(Recipe()), 25, every=10).steps.tolist() == [0, 10, 20, 25]


def test_no_steps_give_the_start() -> None:
    history = taken(Trainer(Recipe()), 0)
    assert history.steps.tolist() == [0]
    assert same_bits(history.parameters[0], Network(Recipe()).initial_parameters())


@pytest.mark.parametrize("steps", [1, 999, 1000, 1001, 5000])
def test_where_nothing_is_said_there_are_at_most_a_thousand_rows(steps: int) -> None:
    history = taken(Trainer(Recipe()), steps)
    assert min(steps, 500) < len(history.steps) <= 1001
    assert len(set(np.diff(history.steps)[:-1].tolist())) <= 1


def test_the_rows_of_an_edited_run_are_those_after_its_edits() -> None:
    history = edited_history()
    for step, loss, row in zip(history.steps, history.losses, history.parameters, strict=True):
        made = tuple(item for item in EDITS if item[0] <= step)
        snapshot = trained(EDITED, made, int(step)).snapshot()
        assert same_bits(row, snapshot.parameters)
        assert loss == snapshot.loss


def test_a_history_begins_at_step_0_wherever_the_run_stood() -> None:
    trainer = trained(EDITED, EDITS, 150)
    assert same_bits(taken(trainer, 150, 20).parameters, edited_history().parameters)
    assert trainer.step_number == 150


def test_the_history_of_a_diverging_run_ends_where_it_diverges() -> None:
    history = taken(Trainer(Recipe(learning_rate=100.0)), 1000, every=10)
    assert history.steps[-1] == 92
    assert not np.isfinite(history.losses[-1])
    assert np.isfinite(history.losses[:-1]).all()


def test_a_history_that_would_not_fit_into_memory_is_refused() -> None:
    recipe = Recipe()
    with pytest.raises(WeightHistoryError, match="too large") as error:
        check_history(recipe, 10**9, every=1)
    fitting = int(str(error.value).split()[-2])
    assert check_history(recipe, 10**9, every=fitting) == fitting
    with pytest.raises(WeightHistoryError):
        check_history(recipe, 10**9, every=fitting - 1)
    with pytest.raises(WeightHistoryError):
        check_history(recipe, 100, every=0)


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(problem="parity8", hidden=(64,) * 4)])
def test_a_history_of_which_nothing_is_said_always_fits(recipe: Recipe) -> None:
    every = check_history(recipe, 10**9)
    assert 10**9 / every * (Network(recipe).size + 2) <= weight_history.MAX_NUMBERS


# -- files -------------------------------------------------------------------------------------


def test_npz_reads_back_to_the_same_bits(tmp_path: Path) -> None:
    history, path = edited_history(), tmp_path / "run.npz"
    write(path)
    with np.load(path, allow_pickle=False) as file:
        assert file["step"].tolist() == history.steps.tolist()
        assert same_bits(file["loss"], history.losses)
        shapes = Network(EDITED).shapes
        assert all(file[name].shape[1:] == shape for name, shape in shapes.items())
        rows = [file[name].reshape(len(history.steps), -1) for name in shapes]
        assert same_bits(np.hstack(rows), history.parameters)
        assert Recipe.from_json(json.loads(str(file["recipe"]))) == EDITED
        assert json.loads(str(file["edits"]))[1] == [40, {"kind": "learning_rate", "value": 0.2}]


def test_csv_reads_back_to_the_same_bits(tmp_path: Path) -> None:
    history, path = edited_history(), tmp_path / "run.csv"
    write(path)
    with path.open(newline="", encoding="ascii") as file:
        head, *rows = csv.reader(file)
    assert head == ["step", "loss", *Network(EDITED).names]
    assert [int(row[0]) for row in rows] == history.steps.tolist()
    numbers = np.array([[float(value) for value in row[1:]] for row in rows])
    assert same_bits(numbers[:, 0].copy(), history.losses)
    assert same_bits(numbers[:, 1:].copy(), history.parameters)


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightHistoryError, match="npz"):
        write(tmp_path / "run.txt")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["run.npz", "run.csv"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / name
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_lost_folder_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "lost" / "run.npz")


@pytest.mark.slow
def test_a_csv_of_any_length_takes_no_memory_for_its_rows(tmp_path: Path) -> None:
    def peak(steps: int) -> int:
        trainer = Trainer(Recipe())
        trainer.seek(1_000)  # the loop has made what it keeps of each of its steps
        with recording(str(tmp_path / "run.csv"), trainer, 1, lambda: None) as recorder:
            trainer.seek(0)
            tracemalloc.start()
            for chunk in trainer.run(steps):
                recorder.add(chunk)
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    peak(100)  # what is imported and cached once
    assert peak(20_000) < 2**21  # their text alone has 3.5 MB
