"""Two rates on purpose, a rate that is missing, and a scale that slipped in."""

from xortui.core.debug.rates import Path, Scalar, is_missing, is_slip, on_purpose

LR, SLOW, ROWS = Scalar("lr", 0.5), Scalar("slow", 0.1), 4


def test_two_rates_are_meant() -> None:
    assert on_purpose(Path((SLOW,), 1.0), Path((LR,), 1.0), 0.2, ROWS)


def test_one_name_with_two_values_is_two_rates() -> None:
    mine, its = Path((Scalar("rates[k]", 2.0),), 1.0), Path((Scalar("rates[k]", 0.5),), 1.0)
    assert on_purpose(mine, its, 4.0, 8)


def test_a_factor_beside_the_rate_is_meant_unless_it_counts_rows() -> None:
    assert on_purpose(Path((LR, Scalar("3", 3.0)), 1.0), Path((LR,), 1.0), 3.0, ROWS)
    counted = Path((LR, Scalar("4", 4.0)), 1.0, statement=3)
    assert not on_purpose(counted, Path((LR,), 1.0, statement=2), 0.25, ROWS)


def test_a_missing_rate_is_no_second_rate() -> None:
    assert is_missing(Path((), 1.0), Path((LR,), 1.0), 2.0)
    assert not is_missing(Path((SLOW,), 1.0), Path((LR,), 1.0), 0.2)


def test_a_rate_that_is_there_twice_is_found() -> None:
    assert is_missing(Path((LR,), 1.0), Path((LR,), 1.0), 0.5)


def test_gradients_that_differ_already_are_a_slip() -> None:
    assert is_slip(Path((LR,), 2.0), Path((LR,), 1.0), 2.0, ROWS)
    assert is_slip(Path((LR,), 1.0), Path((LR,), 1.0), 0.25, ROWS)
    assert not is_slip(Path((LR,), 1.0), Path((LR,), 1.0), 2.0, ROWS)


def test_what_cannot_be_followed_is_not_accused() -> None:
    assert on_purpose(Path((), None), Path((), None), 4.0, ROWS)
