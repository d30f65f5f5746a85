"""Replays what a file says of a run's branches, a little at a time."""

from collections.abc import Iterator

from xortui.core.training.trainer import Trainer


def recovering(trainer: Trainer, seconds: float, most: int | None = None) -> Iterator[float]:
    """Replay branches from a file as far as they had come, in slices of about `seconds`.

    Gives the share of their steps that is done after each slice. Branches of more than `most`
    steps are left out. We stand where we stood all the while, and may go elsewhere, but an edit
    or anything else that changes the branches ends it.
    """
    due = [
        branch
        for branch in trainer.branches
        if branch.timeline.last_step < branch.saved_frontier
        and (most is None or branch.saved_frontier <= most)
    ]
    total = sum(branch.saved_frontier for branch in due)
    done = 0
    for branch in due:
        beside = Trainer(trainer.recipe)
        beside.restore([branch], 0)
        for step in beside.seeking(branch.saved_frontier, seconds):
            yield (done + step) / total
        done += branch.saved_frontier
