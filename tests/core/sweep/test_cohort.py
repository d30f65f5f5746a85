"""Lots: how the networks start, and what is left of them when some drop out."""

from dataclasses import replace

import numpy as np
import pytest

from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.cohort import Cohort


@pytest.mark.parametrize("init", ["uniform", "symmetric", "xavier", "he", "zeros"])
def test_seeds_draw_what_a_run_alone_draws(init: str) -> None:
    recipe = Recipe(init=init, hidden=(3, 2), bias=True)
    seeds = [0, 1, 77, 2**32 - 1]
    drawn = Network(recipe).draw(seeds)
    for column, seed in enumerate(seeds):
        expected = Network(replace(recipe, seed=seed)).initial_parameters()
        assert np.array_equal(drawn[:, column], expected)


def drawn_cohort() -> Cohort:
    """Places 3, 1, 4 and 5 of a block of seeds 10, 11, ..."""
    cohort = Cohort(Recipe(), np.array([3, 1, 4, 5]), is_exact=False)
    cohort.draw(np.arange(10, 20))
    return cohort


def test_a_lot_draws_the_seeds_at_its_places() -> None:
    cohort = drawn_cohort()
    assert cohort.drawn == 4
    expected = Network(Recipe()).draw([13, 11, 14, 15])
    assert np.array_equal(cohort.parameters, expected)


def test_a_lot_that_loses_few_keeps_its_shape() -> None:
    cohort = drawn_cohort()
    cohort.drop(np.array([False, True, False, False]))
    assert cohort.active.tolist() == [True, False, True, True]
    assert cohort.places.tolist() == [3, 1, 4, 5]
    assert not cohort.parameters[:, 1].any()


def test_a_lot_that_has_lost_half_moves_together() -> None:
    cohort = drawn_cohort()
    kept = cohort.parameters[:, [0, 3]].copy()
    cohort.drop(np.array([False, True, False, False]))
    cohort.drop(np.array([False, False, True, False]))
    assert cohort.places.tolist() == [3, 5]
    assert np.array_equal(cohort.parameters, kept)
    cohort.drop(np.array([True, True]))
    assert len(cohort.places) == 0
