"""Outputs and parameters over the run are those of the run itself."""

import numpy as np
import pytest

from xortui.core.analysis.over_run import outputs_over_run, parameters_over_run
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer


@pytest.mark.parametrize("step", [0, 1, 7, 300])
def test_every_known_step_is_as_it_was(step: int) -> None:
    trainer = Trainer(Recipe(hidden=(3,), bias=True))
    trainer.step(300)
    trainer.seek(step)
    snapshot = trainer.snapshot()
    steps, outputs = outputs_over_run(snapshot)
    other_steps, parameters = parameters_over_run(snapshot)
    assert steps.tolist() == other_steps.tolist()
    assert steps[-1] == step
    assert (np.diff(steps) > 0).all()
    for place in {0, len(steps) // 2, len(steps) - 1}:
        trainer.seek(int(steps[place]))
        there = trainer.snapshot()
        assert np.array_equal(parameters[place], there.parameters)
        assert np.array_equal(outputs[place], there.outputs.ravel())
