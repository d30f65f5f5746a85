"""The losses and parameters that a run goes through, at steps evenly apart, written to a file."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from xortui.core.files import naming, writing_whole
from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.kernel import Chunk
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer

MAX_ROWS = 1000  # where nobody says how many
MAX_NUMBERS = 2**24  # 128 MiB

SUFFIXES = (".npz", ".csv")


class WeightHistoryError(ValueError):
    """A history that cannot be taken or written as asked. The message is one sentence."""


Steps = NDArray[np.int64]


class HistoryRecorder:
    """Takes the rows of a history out of a run's chunks while it trains.

    `take` is given lots of them as they come: steps [M], mean losses [M], parameters [M, P]. At an
    edit's step a row is what stands there after the edit.
    """

    def __init__(self, apart: int, take: Callable[[Steps, Array, Array], object]) -> None:
        self._apart, self._take = apart, take

    def add(self, chunk: Chunk) -> None:
        """The next chunk of the run, which begins at step 0."""
        start = -chunk.first % self._apart
        count = chunk.last - chunk.first  # what stands at the last may be before an edit
        if start < count:
            due = slice(start, count, self._apart)
            steps = np.arange(chunk.first + start, chunk.last, self._apart, dtype=np.int64)
            self._take(steps, chunk.losses[due], chunk.parameters[due])

    def finish(self, end: Snapshot) -> None:
        """The end of the run, which is always the last row: it may have diverged there."""
        step, loss = np.array([end.step], dtype=np.int64), np.array([end.loss])
        self._take(step, loss, end.parameters[np.newaxis])


@contextmanager
def recording(
    path: str, trainer: Trainer, apart: int, waiting: Callable[[], object]
) -> Iterator[HistoryRecorder]:
    """A recorder whose history is in a .npz or .csv file at `path` when the block has ended.

    The file is written whole or not at all; `waiting` is as in `writing_whole`. A .csv file is
    written as the run goes, a .npz file at the end. Raises WeightHistoryError for another ending
    and OSError where the file cannot be written.
    """
    if not path.endswith(SUFFIXES):
        raise WeightHistoryError(f"{path!r} must end in {' or '.join(SUFFIXES)}")
    with writing_whole(path, waiting) as file:
        if path.endswith(".csv"):
            yield HistoryRecorder(apart, _csv_writer(path, file, trainer.recipe))
            return
        lots: list[tuple[Steps, Array, Array]] = []
        yield HistoryRecorder(apart, lambda *lot: lots.append(_copied(*lot)))
        with naming(path):
            _write_npz(file, trainer, lots)


def _copied(steps: Steps, losses: Array, parameters: Array) -> tuple[Steps, Array, Array]:
    """Arrays of a chunk are good only until the next one."""
    return steps.copy(), losses.copy(), parameters.copy()


def _csv_writer(
    path: str, file: BinaryIO, recipe: Recipe
) -> Callable[[Steps, Array, Array], object]:
    """Writes rows under a line of names: step,loss,"W1[0,0]",... All numbers keep their bits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")

    def flush() -> None:
        with naming(path):
            file.write(text.getvalue().encode("ascii"))
        text.seek(0)
        text.truncate()

    def take(steps: Steps, losses: Array, parameters: Array) -> None:
        columns = zip(steps.tolist(), losses.tolist(), parameters.tolist(), strict=True)
        writer.writerows([step, repr(loss), *map(repr, row)] for step, loss, row in columns)
        flush()

    writer.writerow(["step", "loss", *Network(recipe).names])
    flush()
    return take


def _write_npz(file: BinaryIO, trainer: Trainer, lots: list[tuple[Steps, Array, Array]]) -> None:
    """Write `step` [M], `loss` [M], one array [M, ...] for each parameter (W1, b1, ...), and
    `recipe` (at step 0) and `edits` as JSON text."""
    steps, losses, parameters = (np.concatenate(parts) for parts in zip(*lots, strict=True))
    arrays: dict[str, Any] = {"step": steps, "loss": losses}
    arrays |= Network(trainer.recipe).layout.split(parameters)
    edits = [[step, edit.to_json()] for step, edit in trainer.snapshot().edits]
    arrays["recipe"] = np.array(json.dumps(trainer.recipe.to_json()))
    arrays["edits"] = np.array(json.dumps(edits))
    np.savez(file, **arrays)


def check_history(recipe: Recipe, steps: int, every: int | None = None) -> int:
    """How many steps lie between two rows of a history.

    That is `every`, or what gives at most a thousand rows. Raises WeightHistoryError where `every`
    makes no sense or would give more numbers than fit into memory.
    """
    rows = MAX_NUMBERS // (Network(recipe).size + 2)
    least = max(1, -(-steps // rows))
    if every is None:
        return max(least, -(-steps // MAX_ROWS))
    if every < least:
        raise WeightHistoryError(
            f"a history of {steps} steps cannot be taken at every {every}: it would be too large; "
            f"every {least} fits"
        )
    return every
