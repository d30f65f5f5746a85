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
        ("loss < 1e-1", 692),
    ],
)
def test_a_place_is_a_step(trainer: Trainer, text: str, step: int) -> None:
    assert find_place(text, trainer) == step
    assert trainer.step_number == 1000


@pytest.mark.parametrize(
    "text", ["", "x", "1_000", "٣", "1e3", "--5", "50%%", "loss<", "loss<x", "loss>1", "loss<0,01"]
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


@pytest.mark.slow
def test_the_end_of_the_reference_run_is_a_step_wherever_one_stands() -> None:
    trainer = Trainer(Recipe())
    assert find_place("reference-end", trainer) == 10_000
    trainer.step(12_000)
    assert find_place("reference-end", trainer) == 10_000


def test_asking_for_a_place_does_not_lengthen_the_run() -> None:
    trainer = Trainer(Recipe())
    while not trainer.hits:
        trainer.run_for(1.0, until=(Breakpoint("loss", 0.01),))
    last = trainer.last_step
    assert find_place("loss<0.01", trainer) == last == 2198
    assert (trainer.step_number, trainer.last_step) == (last, last)
