"""Upright bars: each as high as its size says, whatever stands beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xortui.tui.drawing.bars import EIGHTHS, upright_bars


def test_a_bar_grows_by_eighths_of_a_line() -> None:
    assert upright_bars([0, 1, 7, 8, 9, 16], 2) == ["    ▁█", " ▁▇███"]


bars = st.integers(1, 6).flatmap(
    lambda height: st.tuples(st.just(height), st.lists(st.integers(0, 8 * height)))
)


@given(bars)
def test_the_fills_of_a_column_add_up_to_its_size(case: tuple[int, list[int]]) -> None:
    height, sizes = case
    lines = upright_bars(sizes, height)
    assert len(lines) == height
    for column, size in enumerate(sizes):
        fills = [EIGHTHS.index(line[column]) for line in lines]
        assert sum(fills) == size
        assert fills == sorted(fills), "full lines are below"


@pytest.mark.parametrize("height", [1, 3])
def test_no_bars_are_empty_lines(height: int) -> None:
    assert upright_bars([], height) == [""] * height
