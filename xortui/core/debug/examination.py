"""A script examined for a screen: its report, its recorded steps, and its network done right."""

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from xortui.core.debug.examine import examine
from xortui.core.debug.limits import SECONDS
from xortui.core.debug.ordinary import NoRecipeError, run_of
from xortui.core.debug.recorded import RecordedStep
from xortui.core.debug.recording import Recording
from xortui.core.debug.report import DebugReport, Start
from xortui.core.debug.source import read_source
from xortui.core.model.functions import Array
from xortui.core.model.recipe import Recipe
from xortui.core.training.loss_curve import LossCurve
from xortui.core.training.run_file import RunFile
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.solved import right_rows

BUCKETS = 1024  # of a curve through recorded losses


@dataclass(frozen=True)
class ScriptFile:
    """A script and how it is run."""

    path: str
    seconds: float = SECONDS
    arguments: Sequence[str] = ()

    @property
    def stamp(self) -> tuple[int, int] | None:
        """When it was changed last, and its size; None where it cannot be looked at."""
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


@dataclass(frozen=True, eq=False)
class Examination:
    """What was found out about a script.

    `recording` is None where no network was judged. `run` is the same network from the same start
    as an ordinary run, and where no recipe says it, `no_run` is the reason: a clause.
    """

    report: DebugReport
    recording: Recording | None = None
    run: RunFile | None = None
    no_run: str = ""

    @classmethod
    def of(
        cls, script: ScriptFile, source: str, stopped: Callable[[], bool] = lambda: False
    ) -> "Examination":
        """Run a script and look at it. Raises StoppedError."""
        kept: list[Recording] = []
        report = examine(
            script.path, source, script.seconds, script.arguments, stopped, kept.append
        )
        recording = kept[0] if kept else None
        if recording is not None:
            try:
                _ = recording.notes, recording.losses, recording.numbers
            except Exception:  # a script like none that was foreseen: the report is worth as much
                recording = None
        if report.start is None or report.network is None:
            return cls(report, recording, None, "no network was found in it")
        try:
            run = run_of(report.start, report.network.activations, report.learning_rate)
        except NoRecipeError as error:
            return cls(report, recording, None, str(error))
        return cls(report, recording, run)

    @classmethod
    def of_file(cls, script: ScriptFile) -> "Examination":
        """The same from the file. Raises SourceError and StoppedError."""
        return cls.of(script, read_source(script.path))

    @property
    def sweep_recipe(self) -> Recipe | None:
        """Their network with the initialisation that is nearest to their start, for many starts."""
        if self.run is None or self.report.start is None:
            return None
        return replace(self.run.recipe, init=nearest_init(self.report.start))

    @property
    def count(self) -> int:
        """How many steps were recorded."""
        return 0 if self.recording is None else len(self.recording)

    def step(self, position: int) -> RecordedStep | None:
        """One of the recorded steps; None where there is none."""
        if self.recording is None or not 0 <= position < self.count:
            return None
        return self.recording.step(position)

    def snapshot(self, position: int) -> Snapshot | None:
        """Their network before a recorded step, as xortui shows one; None where no recipe says it.

        Its gradients are those of the recipe's loss.
        """
        start = None if self.recording is None else self.recording.start(position)
        if self.run is None or start is None:
            return None
        base = self._start_snapshot
        parameters = parameters_of(start, base.network.names)
        with np.errstate(all="ignore"):
            found = base.network.evaluate(parameters)
        right = right_rows(found.values["yhat"][:, 0], base.labels)
        return replace(
            base, parameters=parameters, values=found.values, results=found.results, right=right
        )

    @cached_property
    def _start_snapshot(self) -> Snapshot:
        assert self.run is not None
        return self.run.trainer().snapshot()

    def their_curve(self, cross_entropy: bool = False, least: float = 0.0) -> LossCurve | None:
        """The losses of their network: on a log axis straight from one recorded step to the next.

        It ends where they stay below `least`.
        """
        if self.recording is None or not self.recording.losses:
            return None
        losses = self.recording.losses_of_cross_entropy if cross_entropy else self.recording.losses
        known = [(step, loss) for step, loss in losses if np.isfinite(loss)]
        if not known:
            return None
        steps, values = (np.array(column, dtype=float) for column in zip(*known, strict=True))
        order = np.argsort(steps, kind="stable")
        steps, values = steps[order], values[order]
        end = int(np.flatnonzero(values >= least).max(initial=0)) + 2
        steps, values = steps[:end], values[:end]
        count = int(steps[-1]) + 1
        width = -(-count // BUCKETS)
        logs = np.log(np.maximum(values, 1e-300))
        first = np.exp(np.interp(np.arange(0, count, width), steps, logs))
        last = np.append(first[1:], values[-1])
        away = np.full(len(first), -1)
        low, high = np.minimum(first, last), np.maximum(first, last)
        return LossCurve(width, count, first, low, high, last, away)

    def right_curve(self) -> LossCurve | None:
        """The losses with the true gradient from the same start, where that was tried out."""
        mended = self.report.mended
        if mended is None:
            return None
        first = np.array(mended.losses)
        first = first[: max(1, int(np.isfinite(first).cumprod().sum()))]
        last = np.append(first[1:], first[-1])
        low, high = np.minimum(first, last), np.maximum(first, last)
        steps = min(mended.steps + 1, len(first) * mended.every)
        return LossCurve(mended.every, steps, first, low, high, last, np.full(len(first), -1))


def nearest_init(start: Start) -> str:
    """The initialisation whose weights have the signs, and most nearly the size, of a start's."""
    layers = [np.array(weights) for weights in start.weights]
    if not any(np.any(layer) for layer in layers):
        return "zeros"
    if all((layer >= 0).all() for layer in layers):
        return "uniform"

    def distance(deviations: Sequence[float]) -> float:
        """How far the sizes are from these, as factors, over all layers."""
        sizes = [max(float(np.sqrt(np.mean(layer**2))), 1e-12) for layer in layers]
        return sum(abs(math.log(a / b)) for a, b in zip(sizes, deviations, strict=True))

    sizes = {
        "symmetric": [math.sqrt(1 / 3) for _ in layers],
        "xavier": [math.sqrt(2 / sum(layer.shape)) for layer in layers],
        "he": [math.sqrt(2 / layer.shape[0]) for layer in layers],
    }
    return min(sizes, key=lambda name: distance(sizes[name]))


def parameters_of(start: Start, names: Sequence[str]) -> Array:
    """All parameters as one vector, in the order of their names in the code: W1[0,1], b2[0]."""
    values: dict[str, float] = {}
    for number, (weights, biases) in enumerate(
        zip(start.weights, start.biases, strict=True), start=1
    ):
        for i, row in enumerate(weights):
            values |= {f"W{number}[{i},{j}]": value for j, value in enumerate(row)}
        values |= {f"b{number}[{j}]": value for j, value in enumerate(biases)}
    return np.array([values[name] for name in names])
