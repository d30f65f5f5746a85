"""What is said of a run that has learned what it was to learn, or more than that."""

from xortui.core.analysis.ends import SOLVED
from xortui.core.analysis.finding import OVERFITTING, Diagnosis
from xortui.core.analysis.statistics import percent
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.solved import GOAL


def solved(snapshot: Snapshot) -> Diagnosis:
    """How many rows, or points, are right, and the loss."""
    rows = len(snapshot.labels)
    if snapshot.recipe.is_points:
        return _solved_points(snapshot)
    return Diagnosis(
        SOLVED,
        f"Solved: {rows} of {rows} rows right, loss {_below_goal(snapshot.loss)} < {GOAL:g}",
        "Every output is on its label's side of 0.5.",
        "Press 8 to see how the rows came apart.",
    )


def _solved_points(snapshot: Snapshot) -> Diagnosis:
    """Training and test points side by side: only those trained on decide."""
    right, rows, held_out = int(snapshot.right.sum()), len(snapshot.right), snapshot.held_out
    share = percent(snapshot.recipe.table.share_to_solve)
    test = "No points were set aside for a test."
    if held_out is not None:
        count = f"{int(held_out.right.sum())} of {len(held_out.right)}"
        test = f"Of the test points, never trained on, {count} are right."
    return Diagnosis(
        SOLVED,
        f"Solved: {right} of {rows} training points right (at least {share}), "
        f"loss {_below_goal(snapshot.loss)} < {GOAL:g}",
        test,
        "Press 5 to see where the line runs.",
    )


def _below_goal(loss: float) -> str:
    """A loss with two digits, or as many as show that it is below the goal: 0.0099928."""
    return next(text for digits in range(2, 18) if float(text := f"{loss:.{digits}g}") < GOAL)


def overfitting(snapshot: Snapshot) -> Diagnosis | None:
    """What is learned is the points and not what they have in common; see `overfit_since`."""
    curve, held_out = snapshot.test_curve, snapshot.held_out
    since = None if curve is None else curve.overfit_since(snapshot.step)
    if curve is None or held_out is None or since is None:
        return None
    least = float(curve.test[curve.steps == since][0])
    return Diagnosis(
        OVERFITTING,
        f"Overfitting: the test loss was {least:.2g} at step {since:,}, and is {held_out.loss:.2g}",
        "The training loss has fallen since: the points are learned, not what they share.",
        f"Go back to step {since:,}, or try fewer hidden units or more points.",
    )
