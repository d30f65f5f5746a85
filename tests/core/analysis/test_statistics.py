"""Intervals and histograms."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xortui.core.analysis.statistics import Z_95, histogram, wilson_interval


def test_wilsons_interval_of_known_shares() -> None:
    # Newcombe (1998), table I, method 3.
    for successes, trials, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 2000), st.integers(1, 2000))
def test_the_bounds_are_where_the_share_is_z_deviations_away(successes: int, trials: int) -> None:
    if successes > trials:
        return
    share = successes / trials
    for bound in wilson_interval(successes, trials):
        assert 0 <= bound <= 1
        deviation = math.sqrt(bound * (1 - bound) / trials)
        assert abs(share - bound) == pytest.approx(Z_95 * deviation, abs=1e-9)


def test_nothing_tried_says_nothing_and_an_impossible_share_is_refused() -> None:
    assert wilson_interval(0, 0) == (0, 1)
    for successes, trials in ((-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="not a share"):
            wilson_interval(successes, trials)


def test_a_histogram_counts_every_value_once_or_leaves_it_out() -> None:
    found = histogram([0, 1, 1.5, 2, 4, math.nan, math.inf, 9], 4, limits=(0, 4))
    assert found.edges == (0, 1, 2, 3, 4)
    assert found.counts == (1, 2, 1, 1)
    assert found.left_out == 3


def test_a_logarithmic_histogram_has_bins_of_equal_ratio() -> None:
    found = histogram([1, 10, 99, 1000, 0, -3], 3, logarithmic=True)
    assert found.edges == pytest.approx((1, 10, 100, 1000))
    assert found.counts == (1, 2, 1)
    assert found.left_out == 2


def test_histograms_of_nothing_and_of_one_value() -> None:
    assert histogram([], 3).counts == (0, 0, 0)
    assert sum(histogram([5.0, 5.0], 3).counts) == 2
    assert sum(histogram([1e-9], 2, logarithmic=True).counts) == 1
    with pytest.raises(ValueError, match="a bin"):
        histogram([1.0], 0)
    with pytest.raises(ValueError, match="above 0"):
        histogram([1.0], 2, limits=(0, 1), logarithmic=True)
