"""Places in time as a person writes them."""

import pytest

from xortui.core.model.recipe import Recipe
from xortui.core.training.breakpoints import Breakpoint
from xortui.core.training.goto import GotoError, find_place
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
    assert find_place(text, trainer) == step
    assert trainer.step_number == 1000


@pytest.mark.parametrize(
    "text", ["", "x", "1_000", "٣", "1e3", "--5", "50%%", "loss<", "loss<x", "loss>1"]
)
def test_what_is_not_a_step_gets_a_sentence(trainer: Trainer, text: str) -> None:
    with pytest.raises(GotoError, match="is not a step: give a step"):
        find_place(text, trainer)


@pytest.mark.parametrize("text", ["9999999999", "+1000000000", "1" * 400])
def test_a_step_that_is_too_large_is_called_so(trainer: Trainer, text: str) -> None:
    with pytest.raises(GotoError, match="is too large a step: at most 1,000,000,000"):
        find_place(text, trainer)


def test_what_has_not_been_so_yet_is_something_to_run_to(trainer: Trainer) -> None:
    assert find_place("solved", Trainer(Recipe())) == Breakpoint("solved")
    assert find_place("loss<1e-9", trainer) == Breakpoint("loss", 1e-9)
    assert find_place("flip", trainer) == Breakpoint("flip"), "wherever it was before"


def test_after_divergence_nothing_more_can_come_true() -> None:
    trainer = Trainer(Recipe(learning_rate=10.0))
    trainer.step(1000)
    with pytest.raises(GotoError, match="diverged at step 255"):
        find_place("solved", trainer)
