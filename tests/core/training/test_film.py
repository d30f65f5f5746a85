"""Which steps of a run are shown in a film."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from xortui.core.model.recipe import Recipe
from xortui.core.training.film import film_steps
from xortui.core.training.loss_curve import LossCurve
from xortui.core.training.trainer import Trainer


def curve(steps: int) -> LossCurve:
    trainer = Trainer(Recipe())
    trainer.step(steps)
    return trainer.snapshot().curve


CURVE = curve(5000)


@given(st.integers(0, 4999), st.integers(1, 5000), st.integers(1, 200))
def test_steps_rise_from_the_first_to_the_last(first: int, length: int, count: int) -> None:
    last = min(5000, first + length)
    steps = film_steps(CURVE, first, last, count)
    assert len(steps) == count
    assert steps == sorted(steps)
    assert steps[-1] == last
    assert count == 1 or steps[0] == first


def test_no_picture_is_further_from_the_next_than_twice_the_even_pace() -> None:
    steps = film_steps(CURVE, 0, 5000, 101)
    assert max(b - a for a, b in pairwise(steps)) <= 2 * 50 + 1


def test_there_are_more_pictures_where_the_loss_changes() -> None:
    # Seed 0: a plateau until step 400, then the loss falls to a fifth by step 1,600.
    steps = film_steps(curve(1600), 100, 1600, 101)
    plateau = sum(step <= 400 for step in steps) / 300
    fall = sum(step > 1000 for step in steps) / 600
    assert fall > 1.5 * plateau
