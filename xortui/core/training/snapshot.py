"""Snapshot: everything about one step of a run, immutable."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.batches import IN_BATCH, batches_in_epoch
from xortui.core.model.functions import Array, euclidean
from xortui.core.model.network import Network, Result
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import LOSSES
from xortui.core.training.divergence import Break
from xortui.core.training.edit import Edit
from xortui.core.training.held_out import HeldOut, TestCurve
from xortui.core.training.loss_curve import LossCurve

RIGHT, WRONG, UNDECIDED = "right", "wrong", "undecided"


@dataclass(frozen=True, eq=False)
class BranchSummary:
    """A branch in a list: its name, how far it has come, its losses, and whether we stand on it.

    `fork` is the last step that it shares with the branch on which we stand, or with one before it
    in the list; of the branch on which we stand itself it is 0.
    """

    name: str
    last_step: int
    curve: LossCurve
    current: bool
    fork: int

    @property
    def loss(self) -> float:
        """The loss at the last step reached whose loss is finite."""
        return float(self.curve.last[-1])

    @property
    def diverged(self) -> bool:
        """Whether it diverged at its last step, of which the curve has no loss."""
        return self.curve.steps <= self.last_step


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything about one step of a run; all numbers in it belong to `step`. Arrays are read-only.

    `recipe` is the one in force at this step, with the edits so far. `values` holds parameters,
    activations and gradients by name, `results` the operations of the step that starts here.
    `kept` [K] is what the optimiser keeps. `right` [N] says which outputs are on their label's side
    of 0.5, and not far off. `last_step` is the last step reached, `solved_at` and `diverged_at` the
    first at which that was so, or None.
    `broke` is what first was not finite, at the step where the run diverged only. `branches` is
    empty while there is only one. `path` [T, P] are the parameters at `path_steps`, evenly spread
    on the path so far, `path_kept` what the optimiser kept there, and `path_recipes` what was
    in force. `pauses` are the steps at which a breakpoint came true. `held_out` is how the network
    does on the points that are set aside, and `test_curve` over the run; None where there are none.
    """

    recipe: Recipe
    network: Network
    step: int
    parameters: Array
    kept: Array
    values: Mapping[str, Array]
    results: tuple[Result, ...]
    right: NDArray[np.bool_]
    solved: bool
    last_step: int
    solved_at: int | None
    diverged_at: int | None
    broke: Break | None
    edits: tuple[tuple[int, Edit], ...]
    curve: LossCurve
    branches: tuple[BranchSummary, ...]
    path_steps: tuple[int, ...]
    path_recipes: tuple[Recipe, ...]
    path: Array
    path_kept: tuple[Array, ...]
    pauses: tuple[int, ...]
    held_out: HeldOut | None = None
    test_curve: TestCurve | None = None

    @property
    def loss(self) -> float:
        """The mean loss of the weights at this step."""
        return float(self.values["loss"])

    @property
    def outputs(self) -> Array:
        """The outputs [N] at this step."""
        return self.values["yhat"][:, 0]

    @property
    def labels(self) -> Array:
        """The labels [N] at this step."""
        return self.values["Y"][:, 0]

    @property
    def errors(self) -> Array:
        """Output minus label, [N]."""
        return self.outputs - self.labels

    @property
    def answers(self) -> tuple[str, ...]:
        """What each row's output is: right, wrong, or undecided where it is exactly 0.5."""
        return tuple(
            RIGHT if is_right else UNDECIDED if output == 0.5 else WRONG
            for is_right, output in zip(self.right.tolist(), self.outputs.tolist(), strict=True)
        )

    @property
    def last_edit(self) -> int:
        """The step of the last edit so far; 0 where there is none."""
        return max((step for step, _ in self.edits if step <= self.step), default=0)

    @property
    def gradient_norm(self) -> float:
        """The Euclidean length of the whole gradient."""
        return float(euclidean(self.network.layout.joined(self.values, "d")))

    @property
    def epoch(self) -> int:
        """How many times the run has been through the whole table."""
        return self.step // batches_in_epoch(self.recipe)

    @property
    def in_batch(self) -> NDArray[np.bool_]:
        """Which rows [N] are in the batch of the step that starts here."""
        if IN_BATCH not in self.values:
            return np.ones(len(self.labels), dtype=np.bool_)
        batch: NDArray[np.bool_] = self.values[IN_BATCH][:, 0] > 0
        return batch

    def made(self, target: str) -> Array:
        """What the operation of the step that makes `target` gives: W1 after the update."""
        return next(item.value for item in self.results if item.operation.target == target)

    def change(self, name: str) -> Array:
        """What the next update adds to the parameters called `name`, in their shape."""
        with np.errstate(all="ignore"):
            return self.made(name) - self.values[name]

    @property
    def diverged(self) -> bool:
        """Whether a weight or the loss is not finite at this step."""
        return self.diverged_at == self.step

    @property
    def rewound(self) -> bool:
        """Whether the run has been further than this step."""
        return self.step < self.last_step

    @property
    def chance_loss(self) -> float:
        """The loss of answering 0.5 to everything: 0.125, or log 2 with cross-entropy."""
        return LOSSES[self.recipe.loss].of_one_answer(0.5)
