"""Places in time as a person writes them."""

import pytest

from xortui.core.model.recipe import Recipe
from xortui.core.training.goto import GotoError, find_step
from xortui.core.training.trainer import Trainer


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    """The reference run, 4,000 steps long, standing at step 1,000."""
    trainer = Trainer(Recipe())
    trainer.step(4000)
    trainer.seek(1000)
    return trainer


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("2500", 2500),
        ("2,500", 2500),
        (" 7 ", 7),
        ("9000", 9000),
        ("0", 0),
        ("50%", 2000),
        ("12.5 %", 500),
        ("100%", 4000),
        ("-100", 900),
        ("+100", 1100),
        ("-5000", 0),
        ("start", 0),
        ("end", 4000),
        ("first solved", 2198),
        ("Solved", 2198),
        ("loss<0.01", 2198),
        ("loss < 1e-1", 1192),
    ],
)
def test_a_place_is_a_step(trainer: Trainer, text: str, step: int) -> None:
    if text == "loss < 1e-1":
        losses = [
            float(loss) for chunk in Trainer(Recipe()).run(2000) for loss in chunk.losses[:-1]
        ]
        step = next(k for k, loss in enumerate(losses) if loss < 0.1)
    assert find_step(text, trainer) == step
    assert trainer.step_number == 1000


@pytest.mark.parametrize(
    "text", ["", "x", "1_000", "٣", "1e3", "--5", "50%%", "loss<", "loss<x", "loss>1"]
)
def test_what_is_not_a_step_gets_a_sentence(trainer: Trainer, text: str) -> None:
    with pytest.raises(GotoError, match="is not a step: give a step"):
        find_step(text, trainer)


@pytest.mark.parametrize("text", ["9999999999", "+1000000000", "1" * 400])
def test_a_step_that_is_too_large_is_called_so(trainer: Trainer, text: str) -> None:
    with pytest.raises(GotoError, match="is too large a step: at most 1,000,000,000"):
        find_step(text, trainer)


def test_a_place_that_has_not_been_reached_is_said_to_be_so(trainer: Trainer) -> None:
    with pytest.raises(GotoError, match="not been solved"):
        find_step("solved", Trainer(Recipe()))
    with pytest.raises(GotoError, match="has not been below"):
        find_step("loss<1e-9", trainer)
