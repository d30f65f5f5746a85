"""The losses and parameters that a run went through, at steps evenly apart, for a file."""

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xortui.core.edit import Edit
from xortui.core.functions import Array
from xortui.core.kernel import Chunk
from xortui.core.network import Network
from xortui.core.recipe import Recipe
from xortui.core.runfile import write_atomically
from xortui.core.snapshot import Snapshot
from xortui.core.trainer import Trainer

MOST_ROWS = 1000  # where nobody says how many
MOST_NUMBERS = 2**24  # 128 MiB

SUFFIXES = (".npz", ".csv")


class WeightHistoryError(ValueError):
    """A history that cannot be taken or written as asked. The message is one sentence."""


@dataclass(frozen=True, eq=False)
class WeightHistory:
    """`steps` [M], `losses` [M] (the mean loss at each) and `parameters` [M, P].

    At an edit's step it is what stands there after the edit. A run that diverged ends with the step
    at which a number is not finite. `recipe` is the run's at step 0, `edits` (step, edit).
    """

    recipe: Recipe
    edits: tuple[tuple[int, Edit], ...]
    steps: NDArray[np.int64]
    losses: Array
    parameters: Array

    def to_npz(self) -> bytes:
        """The bytes of a NumPy .npz file.

        It holds `step` [M], `loss` [M], one array [M, ...] for each parameter (W1, b1, ...), and
        `recipe` and `edits` as JSON text.
        """
        network = Network(self.recipe)
        rows = [network.views(row) for row in self.parameters]
        edits = [[step, edit.to_json()] for step, edit in self.edits]
        arrays: dict[str, Any] = {
            "step": self.steps,
            "loss": self.losses,
            **{name: np.stack([row[name] for row in rows]) for name in network.shapes},
            "recipe": np.array(json.dumps(self.recipe.to_json())),
            "edits": np.array(json.dumps(edits)),
        }
        file = io.BytesIO()
        np.savez(file, **arrays)
        return file.getvalue()

    def to_csv(self) -> str:
        """Comma-separated values under a line of names: step,loss,"W1[0,0]",...

        Every number reads back to the same bits.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["step", "loss", *Network(self.recipe).names])
        columns = zip(
            self.steps.tolist(), self.losses.tolist(), self.parameters.tolist(), strict=True
        )
        writer.writerows([step, repr(loss), *map(repr, row)] for step, loss, row in columns)
        return text.getvalue()


def check_history(recipe: Recipe, steps: int, every: int | None = None) -> int:
    """How many steps lie between two rows of a history.

    That is `every`, or what gives at most a thousand rows. Raises WeightHistoryError where `every`
    makes no sense or would give more numbers than fit into memory.
    """
    rows = MOST_NUMBERS // (Network(recipe).size + 2)
    least = max(1, -(-steps // rows))
    if every is None:
        return max(least, -(-steps // MOST_ROWS))
    if every < least:
        raise WeightHistoryError(
            f"a history of {steps} steps cannot be taken at every {every}: it would be too large; "
            f"every {least} fits"
        )
    return every


class HistoryRecorder:
    """Keeps a step in so many of a run that goes from step 0 to `steps`.

    Raises as `check_history`.
    """

    def __init__(self, recipe: Recipe, steps: int, every: int | None = None) -> None:
        self._recipe = recipe
        self._apart = check_history(recipe, steps, every)
        self._steps: list[int] = []
        self._losses: list[Array] = []
        self._parameters: list[Array] = []

    def add(self, chunk: Chunk) -> None:
        """Keep of the run's next chunk what is due."""
        start = -chunk.first % self._apart
        count = chunk.last - chunk.first  # what stands at the last may be before an edit
        if start < count:
            self._steps += range(chunk.first + start, chunk.last, self._apart)
            self._losses.append(chunk.losses[start : count : self._apart].copy())
            self._parameters.append(chunk.parameters[start : count : self._apart].copy())

    def history(self, end: Snapshot) -> WeightHistory:
        """The history of a run that has come to this end, which is kept, too."""
        return WeightHistory(
            self._recipe,
            end.edits,
            np.array([*self._steps, end.step], dtype=np.int64),
            np.append(np.concatenate([np.empty(0), *self._losses]), end.loss),
            np.concatenate([*self._parameters, end.parameters[np.newaxis]]),
        )


def take_history(trainer: Trainer, steps: int, every: int | None = None) -> WeightHistory:
    """Go through a run from step 0 to `steps`, edits and all, keeping every `every`th step.

    The last step is kept, too. The trainer stands at the last step afterwards. Raises as
    `check_history`.
    """
    recorder = HistoryRecorder(trainer.recipe, steps, every)
    trainer.seek(0)
    for chunk in trainer.run(steps):
        recorder.add(chunk)
    return recorder.history(trainer.snapshot())


def write_history(path: str, history: WeightHistory) -> None:
    """Write a history to a .npz or .csv file, whole or not at all.

    Raises WeightHistoryError for another ending and OSError where it cannot be written.
    """
    if path.endswith(".npz"):
        write_atomically(path, history.to_npz())
    elif path.endswith(".csv"):
        write_atomically(path, history.to_csv().encode())
    else:
        raise WeightHistoryError(f"{path!r} must end in {' or '.join(SUFFIXES)}")
