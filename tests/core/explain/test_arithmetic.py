"""How numbers are written, and in how many digits arithmetic adds up."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.written import evaluated, half_a_unit
from xortui.core.explain.arithmetic import (
    Binary,
    Negated,
    Node,
    Number,
    Rest,
    Sum,
    format_number,
    write,
    write_adding_up,
)


@pytest.mark.parametrize(
    ("value", "text", "signed"),
    [
        (0.5, "0.5000", "+0.5000"),
        (-12.346, "-12.35", "-12.35"),
        (0.00012345678, "0.0001235", "+0.0001235"),
        (1.2344e-7, "1.234e-07", "+1.234e-07"),
        (9.99996, "10.00", "+10.00"),
        (123456.7, "123457", "+123457"),
        (1234567.0, "1.235e+06", "+1.235e+06"),
        (1.0, "1", "+1"),
        (0.0, "0", "0"),
        (-0.0, "0", "0"),
        (5e-324, "4.941e-324", "+4.941e-324"),
        (math.inf, "inf", "+inf"),
        (-math.inf, "-inf", "-inf"),
        (math.nan, "NaN", "NaN"),
    ],
)
def test_numbers_have_four_significant_digits(value: float, text: str, signed: str) -> None:
    assert format_number(value) == text
    assert format_number(value, signed=True) == signed


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(4, 17))
def test_a_written_number_is_the_number_to_its_last_digit(value: float, digits: int) -> None:
    text = format_number(value, digits)
    shown = float(text)
    if math.isfinite(shown):  # the greatest floats may be rounded past what a float can hold
        assert abs(shown - value) <= half_a_unit(text) + math.ulp(value)
        # Written again it is the same number, if not the same text: 1.00001 is 1.000, but 1.0 is 1.
        assert float(format_number(shown, digits)) == shown


def test_what_is_only_nearly_whole_is_not_written_as_whole() -> None:
    assert (format_number(1.00001), format_number(1.0)) == ("1.000", "1")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_seventeen_digits_are_the_number_itself(value: float) -> None:
    assert float(format_number(value, 17)) == value


FINITE = st.floats(-1e3, 1e3)


@given(st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=6))
def test_a_sum_of_products_adds_up(pairs: list[tuple[float, float]]) -> None:
    terms: tuple[Node, ...] = tuple(Binary("*", Number(a), Number(b)) for a, b in pairs)
    result = sum(a * b for a, b in pairs)
    text, _ = write_adding_up(Sum(terms), result)
    rounding = 1e-14 * sum(abs(a * b) for a, b in pairs)
    shown = format_number(result)
    assert abs(evaluated(text) - float(shown)) <= half_a_unit(shown) + rounding


def test_digits_are_as_few_as_add_up() -> None:
    easy = Sum((Number(0.25), Number(0.5)))
    assert write_adding_up(easy, 0.75) == ("0.2500 + 0.5000", 4)
    near = Sum((Number(0.123456), Negated(Number(0.123451))))
    text, digits = write_adding_up(near, 0.123456 - 0.123451)
    assert (text, digits) == ("0.123456 − 0.123451", 6)


def test_parentheses_stand_where_the_text_would_fall_apart() -> None:
    difference = Sum((Number(0.25), Negated(Number(1))))
    assert write(Binary("*", Number(-0.5), difference), 4).text == "(-0.5000)·(0.2500 − 1)"
    assert write(Binary("**", difference, Number(2, exact=True)), 4).text == "(0.2500 − 1)²"
    assert write(Binary("/", difference, Number(4, exact=True)), 4).text == "(0.2500 − 1)/4"
    assert write(Binary(">", Number(-0.5), Number(0, exact=True)), 4).text == "[-0.5000 > 0]"
    taken = Sum((Number(1), Negated(difference)))
    assert write(taken, 4).text == "1 − (0.2500 − 1)"
    assert write(taken, 4).value == 1.75


def test_the_rest_of_a_long_sum_says_how_many_terms_and_what_they_give() -> None:
    rest = Rest(tuple(Number(0.125) for _ in range(248)))
    assert write(Sum((Number(0.5), rest)), 4).text == "0.5000 + (248 more terms = +31)"


def test_exact_numbers_are_written_in_full() -> None:
    rate = Number(0.1 + 0.2, exact=True)
    assert write(rate, 4).text == "0.30000000000000004"
    assert write(Number(0.1, exact=True), 4).text == "0.1"
