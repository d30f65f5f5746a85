"""How a snapshot is taken of a run: all that is known of the step at which it stands."""

import numpy as np

from xortui.core.model.network import Evaluation, Network
from xortui.core.training.branch import Branches
from xortui.core.training.divergence import Break
from xortui.core.training.held_out import held_out
from xortui.core.training.snapshot import BranchSummary, Snapshot
from xortui.core.training.solved import GOAL, enough_right, right_rows
from xortui.core.training.timeline import State

MAX_ON_PATH, PATH_NUMBERS = 64, 2**17


def take_snapshot(
    state: State,
    branches: Branches,
    network: Network,
    evaluation: Evaluation,
    broke: Break | None,
) -> Snapshot:
    """The snapshot of a `state` on the branch where we stand.

    `network` is that of its recipe, `evaluation` its step, and `broke` what first was not finite.
    """
    timeline = branches.here.timeline
    outputs, loss = evaluation.values["yhat"][:, 0], evaluation.values["loss"]
    right = right_rows(outputs, network.labels[:, 0])
    most = max(2, min(MAX_ON_PATH, PATH_NUMBERS // network.size))
    path = timeline.path(state.step, most)
    parameters, kept = state.parameters.copy(), state.kept.copy()
    for array in (parameters, kept, right):
        array.flags.writeable = False
    return Snapshot(
        recipe=state.recipe,
        network=network,
        step=state.step,
        parameters=parameters,
        kept=kept,
        values=evaluation.values,
        results=evaluation.results,
        right=right,
        solved=bool(enough_right(right, state.recipe.table.share_to_solve) and loss < GOAL),
        last_step=timeline.last_step,
        solved_at=timeline.solved_at,
        diverged_at=timeline.diverged_at,
        broke=broke,
        edits=timeline.edits,
        pauses=timeline.pauses,
        curve=timeline.curve(),
        branches=_summaries(branches) if len(branches.all) > 1 else (),
        path_steps=tuple(item.step for item in path),
        path_recipes=tuple(item.recipe for item in path),
        path=np.array([item.parameters for item in path]),
        path_kept=tuple(item.kept for item in path),
        held_out=held_out(network, state.parameters),
        test_curve=timeline.test_curve(),
    )


def _summaries(branches: Branches) -> tuple[BranchSummary, ...]:
    timelines = [branch.timeline for branch in branches.all]
    summaries = []
    for index, branch in enumerate(branches.all):
        drawn = [branches.here.timeline, *timelines[:index]]
        is_here = index == branches.place
        fork = 0 if is_here else max(branch.timeline.shared_until(other) for other in drawn)
        last_step, curve = branch.timeline.last_step, branch.timeline.curve()
        summaries.append(BranchSummary(branch.name, last_step, curve, is_here, fork))
    return tuple(summaries)
