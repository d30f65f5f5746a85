"""When the loss was first below a number: what the curve says roughly is said to the step."""

import numpy as np
import pytest

from xortui.core.model.recipe import Recipe
from xortui.core.training.breakpoints import LOSS, Breakpoint
from xortui.core.training.goto import find_place
from xortui.core.training.trainer import Trainer

STEPS = 9_001  # of which one bucket of the curve holds several


@pytest.fixture(scope="module")
def ran() -> tuple[Trainer, np.ndarray]:
    trainer = Trainer(Recipe(seed=3, learning_rate=1.0))
    # The last loss of a chunk is the first of the next.
    losses = np.concatenate([chunk.losses[:-1] for chunk in trainer.run(STEPS)])
    assert trainer.snapshot().curve.width > 1
    return trainer, losses


@pytest.mark.parametrize("step", [1, 77, 500, 2_503, 5_001, 8_998])
def test_it_is_the_step_that_every_step_looked_at_would_give(
    ran: tuple[Trainer, np.ndarray], step: int
) -> None:
    trainer, losses = ran
    limit = float(losses[step]) * (1 + 1e-9)
    trainer.seek(1_234)
    before = trainer.snapshot()
    assert find_place(f"loss<{limit!r}", trainer) == int((losses < limit).argmax())
    after = trainer.snapshot()
    assert (after.step, after.last_step) == (1_234, before.last_step), "we stand where we stood"
    assert np.array_equal(after.parameters, before.parameters)


def test_what_was_never_below_is_to_be_run_to(ran: tuple[Trainer, np.ndarray]) -> None:
    trainer, losses = ran
    limit = float(losses.min()) / 2
    assert find_place(f"loss<{limit!r}", trainer) == Breakpoint(LOSS, limit)
