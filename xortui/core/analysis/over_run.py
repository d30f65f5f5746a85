"""Outputs and parameters from step 0 to the step that is shown."""

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.operation import FORWARD
from xortui.core.training.snapshot import Snapshot


def outputs_over_run(snapshot: Snapshot) -> tuple[Array, Array]:
    """Steps [T] and the outputs at them [T, N]: those of the path that a snapshot brings, and the
    present ones last."""
    network = snapshot.network
    states = [step for step in snapshot.path_steps if step < snapshot.step]
    outputs = [
        network.evaluate(parameters, (FORWARD,)).values["yhat"].ravel()
        for parameters in snapshot.path[: len(states)]
    ]
    steps = np.array([*states, snapshot.step], dtype=float)
    return steps, np.stack([*outputs, snapshot.outputs.ravel()])


def parameters_over_run(snapshot: Snapshot) -> tuple[Array, Array]:
    """Steps [T] and the parameters at them [T, P], the present ones last."""
    states = [step for step in snapshot.path_steps if step < snapshot.step]
    steps = np.array([*states, snapshot.step], dtype=float)
    return steps, np.vstack([snapshot.path[: len(states)], snapshot.parameters])
