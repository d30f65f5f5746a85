"""Outputs and parameters from step 0 to the step that is shown."""

import numpy as np

from xortui.core.model.batch import evaluated_in_blocks
from xortui.core.model.functions import Array
from xortui.core.model.operation import FORWARD
from xortui.core.training.snapshot import Snapshot


def outputs_over_run(snapshot: Snapshot) -> tuple[Array, Array]:
    """Steps [T] and the outputs at them [T, N]: those of the path that a snapshot brings, and the
    present ones last."""
    network = snapshot.network
    states = [step for step in snapshot.path_steps if step < snapshot.step]
    blocks = evaluated_in_blocks(network, snapshot.path[: len(states)], (FORWARD,))
    outputs = [values["yhat"][..., 0] for values in blocks]
    steps = np.array([*states, snapshot.step], dtype=float)
    return steps, np.vstack([*outputs, snapshot.outputs])


def parameters_over_run(snapshot: Snapshot) -> tuple[Array, Array]:
    """Steps [T] and the parameters at them [T, P], the present ones last."""
    states = [step for step in snapshot.path_steps if step < snapshot.step]
    steps = np.array([*states, snapshot.step], dtype=float)
    return steps, np.vstack([snapshot.path[: len(states)], snapshot.parameters])
