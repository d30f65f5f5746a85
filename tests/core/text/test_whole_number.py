"""Whole numbers: plain digits within limits, and nothing that int() would take besides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xortui.core.text.whole_number import MAX_DIGITS, signed_whole, whole


@given(st.integers(0, 10**MAX_DIGITS - 1))
def test_what_is_written_is_read(number: int) -> None:
    assert whole(str(number)) == number
    assert signed_whole(str(number)) == number
    assert signed_whole(str(-number)) == -number


@given(st.text())
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        number = whole(text)
    except ValueError:
        return
    assert 0 <= number < 10**MAX_DIGITS
    assert set(text.strip(" ")) <= set("0123456789")


@pytest.mark.parametrize(
    "text",
    ["", " ", "-1", "+1", "1_000", "1e3", "1.0", "٣", "²", "0x10", "1\n", "0" * 21, "9" * 4301],
)
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        whole(text)


def test_limits_are_kept() -> None:
    assert whole("5", 5, 5) == 5
    for text in ("4", "6", "00000000000000000006"):
        with pytest.raises(ValueError, match="too small or too large"):
            whole(text, 5, 5)
