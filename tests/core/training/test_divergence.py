"""What broke first where a run diverged."""

import numpy as np
import pytest

from xortui.core.model.recipe import Recipe
from xortui.core.training.divergence import word_for
from xortui.core.training.trainer import Trainer


def diverged(recipe: Recipe) -> Trainer:
    trainer = Trainer(recipe)
    trainer.seek(5_000)
    assert trainer.at_end
    return trainer


@pytest.mark.parametrize(("rate", "step"), [(5.0, 869), (10.0, 255), (100.0, 92)])
def test_the_loss_overflows_first_while_all_weights_are_finite(rate: float, step: int) -> None:
    shot = diverged(Recipe(learning_rate=rate)).snapshot()
    assert np.isfinite(shot.parameters).all()
    assert shot.broke is not None
    assert shot.broke.sentence == f"at step {step} ℓ = ½(ŷ − y)² became inf"
    assert shot.broke.reason == (
        "The largest number that a float can hold is 1.8e+308; "
        "then ∂L/∂W₁ is NaN: 0·inf and inf − inf have no value."
    )


def test_it_is_the_step_before_that_broke_where_a_weight_is_not_finite() -> None:
    trainer = diverged(Recipe(hidden=(3, 3), learning_rate=1e6, seed=1))
    shot = trainer.snapshot()
    assert not np.isfinite(shot.parameters).all()
    assert shot.broke is not None
    assert shot.broke.sentence == f"at step {shot.step - 1} ∂L/∂a₁ = ∂L/∂z₂·W₂ᵀ became inf"
    trainer.seek(shot.broke.step)
    before = trainer.snapshot()
    target = shot.broke.operation.target
    names = [result.operation.target for result in before.results]
    first = names.index(target)
    assert not np.isfinite(before.results[first].value).all()
    assert all(np.isfinite(result.value).all() for result in before.results[:first])


def test_only_a_run_that_stands_where_it_diverged_is_broken() -> None:
    trainer = diverged(Recipe(learning_rate=10.0))
    here = trainer.step_number
    assert trainer.snapshot().broke == trainer.snapshot().broke
    assert trainer.step_number == here
    trainer.seek(here - 1)
    assert trainer.snapshot().broke is None


def test_what_is_not_finite_has_one_word_each() -> None:
    assert [word_for(value) for value in (np.nan, np.inf, -np.inf)] == ["NaN", "+inf", "-inf"]
