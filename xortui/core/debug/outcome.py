"""How a run of theirs went: does it learn, in what batches, what was noticed on the way."""

import numpy as np

from xortui.core.debug.judge import Judgement
from xortui.core.debug.network import TheirNetwork
from xortui.core.debug.trace import Trace
from xortui.core.model.functions import Array
from xortui.core.text.harmless import harmless

# A row is learnt where the output is nearer its label than this share of the labels' distance.
NEAR = 0.4


def patterns(network: TheirNetwork) -> tuple[Array, Array]:
    """All rows of data [N, D] and their labels [N, K], in the order of counting."""
    rows = sorted(network.patterns)
    return np.array(rows, dtype=float), np.array([network.patterns[row] for row in rows], float)


def is_learnt(outputs: Array, labels: Array) -> bool:
    """Whether every row is near its label."""
    distance = float(labels.max() - labels.min()) or 1.0
    return bool(np.all(np.abs(outputs - labels) < NEAR * distance))


def learns(network: TheirNetwork) -> bool | None:
    """Whether it has learnt its patterns where the recording ends; None where nobody knows."""
    if not network.patterns:
        return None
    x, y = patterns(network)
    theta = network.steps[-1].theta
    with np.errstate(all="ignore"):
        outputs = network.forward(theta, x)[2][-1]
    return is_learnt(outputs, y)


def moves(network: TheirNetwork) -> bool:
    """Whether any parameter is seen to change."""
    first = network.steps[0].theta
    return any(not np.array_equal(step.theta, first) for step in network.steps)


def batch_of(network: TheirNetwork, judgement: Judgement | None) -> str:
    """Whether an update is of all rows, of one, or of some."""
    steps = network.steps if judgement is None else judgement.steps
    sizes = [len(step.x) for step in steps]
    count = max(len(network.patterns), 1)
    size = float(np.median(sizes))
    if size >= count:
        return "full"
    return "online" if size == 1 else "mini"


def notes_of(trace: Trace) -> tuple[str, ...]:
    """Remarks on how the script was run."""
    notes = []
    if trace.ending["how"] == "out of time":
        notes.append("It was stopped at the time limit; --seconds gives it more.")
    if trace.ending["how"] == "crashed":
        kind, line = trace.ending["type"], trace.ending["line"]
        message = harmless(" ".join(trace.ending["message"].split()))[:120]
        notes.append(f"After the training, line {line} ends with {kind}: {message}")
    if "write" in trace.notes:
        notes.append("It writes files: these were kept apart and thrown away.")
    if "input" in trace.notes:
        notes.append("It asks for input(), which nobody answers here.")
    return tuple(notes)
