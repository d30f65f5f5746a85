"""What the rules of `diagnosis.py` measure at one step: slope, curvature, outputs."""

import numpy as np

from xortui.core.batch import gradients_of
from xortui.core.functions import Array
from xortui.core.snapshot import Snapshot

# Outputs this close count as one answer.
ALIKE = 0.02
# The step of the central differences, and the most parameters for which they are taken.
CURVATURE_STEP = 1e-4
MOST_PARAMETERS = 64


def gradient(snapshot: Snapshot) -> Array:
    """The gradient [P] of the summed loss, 0 for frozen parameters."""
    parts = [snapshot.values[f"d{name}"].ravel() for name in snapshot.network.shapes]
    vector: Array = np.concatenate(parts) * snapshot.network.free
    return vector


def slope(snapshot: Snapshot) -> float:
    """The norm of the free parameters' gradient of the mean loss."""
    return float(np.linalg.norm(gradient(snapshot))) / len(snapshot.labels)


def expected_fall(snapshot: Snapshot, steps: int) -> float:
    """The share of the loss that so many steps would take off if the slope stayed as it is."""
    rows = len(snapshot.labels)
    squared = float(gradient(snapshot) @ gradient(snapshot))
    return steps * snapshot.recipe.learning_rate * squared / rows / snapshot.loss


def overshoots(snapshot: Snapshot, backwards: float) -> bool:
    """Whether the gradient after the next update points back.

    It does where the cosine between it and the gradient now is below `backwards`.
    """
    network, before = snapshot.network, gradient(snapshot)
    with np.errstate(all="ignore"):
        moved = snapshot.parameters - snapshot.recipe.learning_rate * before
        after = gradients_of(network, moved[None])[0] * network.free
        cosine = before @ after / (np.linalg.norm(before) * np.linalg.norm(after))
    return bool(cosine < backwards)


def least_curvature(snapshot: Snapshot) -> float | None:
    """The least eigenvalue of the summed loss's Hessian over the free parameters.

    By central differences of the gradient. Below 0 there is a direction that leads down, however
    small the gradient. None for ReLU, whose kinks have no curvature, and for large networks.
    """
    network = snapshot.network
    free = np.flatnonzero(network.free)
    if snapshot.recipe.activation == "relu" or not 0 < len(free) <= MOST_PARAMETERS:
        return None
    moves = np.eye(network.size)[free] * CURVATURE_STEP
    here = snapshot.parameters
    gradients = gradients_of(network, np.vstack([here + moves, here - moves]))[:, free]
    hessian = (gradients[: len(free)] - gradients[len(free) :]) / (2 * CURVATURE_STEP)
    if not np.isfinite(hessian).all():
        return None
    return float(np.linalg.eigvalsh((hessian + hessian.T) / 2)[0])


def loss_of_constant(snapshot: Snapshot) -> float:
    """The least mean loss of a network that answers the same to every row: the labels' mean."""
    mean = float(snapshot.labels.mean())
    if snapshot.recipe.loss == "squared-error":
        return 0.5 * mean * (1 - mean)
    return -float(sum(share * np.log(share) for share in (mean, 1 - mean) if share > 0))


def shared_answer(snapshot: Snapshot) -> tuple[int, float]:
    """How many rows share one output that is the mean of their differing labels, and the output.

    (0, 0.0) where none do.
    """
    outputs, labels = snapshot.outputs, snapshot.labels
    best = 0, 0.0
    for output in outputs:
        group = np.abs(outputs - output) < ALIKE
        mean, answer = float(labels[group].mean()), float(outputs[group].mean())
        if 0 < mean < 1 and abs(answer - mean) < ALIKE and int(group.sum()) > best[0]:
            best = int(group.sum()), answer
    return best
