"""Steps that are too large: told where the loss blows up, jumps, gets worse or is lost again."""

import pytest

from tests.core.analysis.test_diagnosis import at, kinds_at
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer


@pytest.mark.parametrize("rate", [5.0, 10.0, 100.0])
def test_a_divergence_is_announced_and_then_told(rate: float) -> None:
    trainer = Trainer(Recipe(learning_rate=rate))
    trainer.step(2)
    assert [item.kind for item in diagnose(trainer.snapshot())] == ["diverging"]
    trainer.step(28)
    assert [item.kind for item in diagnose(trainer.snapshot())] == ["diverging"]
    trainer.step(1_000)
    step = trainer.diverged_at
    assert step is not None
    (found,) = diagnose(trainer.snapshot())
    assert found.seen == f"Diverged: at step {step:,} ℓ = ½(ŷ − y)² became inf"
    assert found.try_this == "Press d: back to before the rise, with η/10."
    trainer.seek(step - 1)
    assert [item.kind for item in diagnose(trainer.snapshot())] == ["diverging"]


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(learning_rate=4.0),
        Recipe(bias=True, learning_rate=0.5),
        Recipe(bias=True, learning_rate=5.0, loss="cross-entropy", seed=1),
    ],
)
def test_a_learning_rate_at_which_the_outputs_jump_to_and_fro(recipe: Recipe) -> None:
    found = at(recipe, 500)[0]
    assert found.kind == "oscillates"
    assert f"{recipe.learning_rate:g}" in found.why


def test_a_run_that_was_solved_and_lost_it_says_so() -> None:
    trainer = Trainer(Recipe(activation="tanh", learning_rate=0.3))
    trainer.seek(6_000)
    (found, *_) = diagnose(trainer.snapshot())
    assert found.kind == "was solved, then lost"
    assert found.seen.startswith(f"Was solved at step {trainer.solved_at:,}, then lost")


def test_what_an_edit_undid_is_not_called_lost() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(5_000)
    trainer.edit(Edit("label", 1))
    assert "was solved, then lost" not in [item.kind for item in diagnose(trainer.snapshot())]


def test_steps_in_the_wrong_direction_make_the_loss_worse() -> None:
    found = at(Recipe(mistake="wrong-sign", learning_rate=0.003), 60)
    assert [item.kind for item in found] == ["got worse"]
    (rising,) = at(Recipe(mistake="wrong-sign"), 60)
    assert rising.kind == "diverging"
    assert rising.try_this == "Press m to take the mistake back."


@pytest.mark.parametrize("rate", [1.0, 2.0, 3.0, 4.0])
def test_a_loss_that_rises_and_comes_back_is_not_called_diverging(rate: float) -> None:
    for seed in range(5):
        found = kinds_at(Recipe(learning_rate=rate, seed=seed), *range(0, 60, 2))
        assert not any("diverging" in kinds for kinds in found)


def test_rounding_at_a_loss_of_almost_0_is_no_oscillation() -> None:
    assert kinds_at(Recipe(activation="tanh"), 5_000) == [("solved",)]
