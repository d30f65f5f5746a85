"""A run told slowly, to hold the trainer against: every step by the readable network."""

from typing import Any

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training import solved as solved_module
from xortui.core.training.edit import Edit
from xortui.core.training.snapshot import Snapshot


class SlowRun:
    """A run told step by step: evaluate, update, and an edit where there is one.

    Holds every step, up to and with the first that is not finite.
    """

    def __init__(self, recipe: Recipe, steps: int, edits: list[tuple[int, Edit]]) -> None:
        self.recipes: list[Recipe] = []
        self.parameters: list[Array] = []
        self.kept: list[Array] = []
        self.losses: list[float] = []
        self.solved: list[bool] = []
        self.diverged_at: int | None = None
        network = Network(recipe)
        vector, kept = network.initial_parameters(), network.initial_kept()
        for step in range(steps + 1):
            for at, edit in edits:
                if at == step:
                    recipe, vector = edit.apply(recipe, vector)
                    network = Network(recipe)
                    if edit.kind == "optimiser":
                        kept = np.zeros(network.kept_size)
            evaluation = network.evaluate(vector, kept=kept, step=step)
            loss = float(evaluation.values["loss"])
            self.recipes.append(recipe)
            self.parameters.append(vector)
            self.kept.append(kept)
            self.losses.append(loss)
            self.solved.append(loss < solved_module.GOAL and self._all_right(evaluation.values))
            if not (np.isfinite(loss) and np.isfinite(vector).all()):
                self.diverged_at = step
                break
            vector, kept = network.updated(evaluation), network.updated_kept(evaluation)

    @staticmethod
    def _all_right(values: Any) -> bool:
        pairs = zip(values["yhat"][:, 0].tolist(), values["Y"][:, 0].tolist(), strict=True)
        return all(output > 0.5 if label else output < 0.5 for output, label in pairs)

    @property
    def last(self) -> int:
        return len(self.losses) - 1

    @property
    def solved_at(self) -> int | None:
        return next((step for step, solved in enumerate(self.solved) if solved), None)


def assert_same_step(snapshot: Snapshot, slow: SlowRun, step: int) -> None:
    assert snapshot.step == step
    assert snapshot.recipe == slow.recipes[step]
    assert np.array_equal(snapshot.parameters, slow.parameters[step], equal_nan=True)
    assert np.array_equal(snapshot.kept, slow.kept[step], equal_nan=True)
    assert snapshot.loss == slow.losses[step] or step == slow.diverged_at
    assert snapshot.solved == slow.solved[step]
    assert snapshot.diverged == (step == slow.diverged_at)


def assert_true_curve(snapshot: Snapshot, losses: list[float]) -> None:
    curve = snapshot.curve
    assert curve.steps == len(losses)
    buckets = [losses[at : at + curve.width] for at in range(0, len(losses), curve.width)]
    assert curve.first.tolist() == [bucket[0] for bucket in buckets]
    assert curve.low.tolist() == [min(bucket) for bucket in buckets]
    assert curve.high.tolist() == [max(bucket) for bucket in buckets]
    assert curve.last.tolist() == [bucket[-1] for bucket in buckets]
