"""Half-block cells: the ramp, the look of what is not finite, and the marks on them."""

from itertools import pairwise

import numpy as np
import pytest
from rich.style import Style

from xortui.core.text.ascii import to_ascii
from xortui.tui.drawing.heatmap import (
    LEVELS,
    NOT_FINITE,
    NOT_FINITE_GLYPH,
    RAMP,
    colour_key,
    half_blocks,
    levels,
    lightness,
)
from xortui.tui.drawing.lines import line_width, plain_text


def test_the_ramp_rises_strictly_in_lightness_so_that_it_reads_in_greyscale() -> None:
    shades = [lightness(colour) for colour in RAMP]
    assert all(darker < lighter for darker, lighter in pairwise(shades))


def test_the_ramp_has_at_most_32_levels_of_steps_that_can_be_seen() -> None:
    assert len(RAMP) == len(set(RAMP)) == LEVELS <= 32
    shades = [lightness(colour) for colour in RAMP]
    assert max(after - before for before, after in pairwise(shades)) < 0.06
    assert shades[-1] - shades[0] > 0.7


def test_values_become_levels_and_those_beyond_the_ends_get_the_ends() -> None:
    found = levels(np.array([-1e300, -0.1, 0.0, 0.5, 1.0, 7.0]))
    assert found.tolist() == [0, 0, 0, 16, 31, 31]


def test_levels_can_span_any_range() -> None:
    assert levels(np.array([-1.0, 0.0, 1.0]), -1.0, 1.0).tolist() == [0, 16, 31]


def test_nan_and_infinity_have_a_level_of_their_own() -> None:
    found = levels(np.array([np.nan, np.inf, -np.inf]))
    assert found.tolist() == [NOT_FINITE] * 3


def test_what_is_not_finite_has_a_colour_off_the_ramp_and_a_glyph_of_its_own() -> None:
    grid = np.array([[NOT_FINITE, 0], [NOT_FINITE, 31]])
    [line] = half_blocks(grid, {})
    (missing, missing_style), (block, _) = line
    assert (missing, block) == (NOT_FINITE_GLYPH, "▀")
    assert to_ascii(missing) != to_ascii(block)
    assert isinstance(missing_style, Style)
    assert missing_style.bgcolor is not None
    assert missing_style.bgcolor.triplet not in RAMP


def test_two_rows_of_pixels_make_one_line_of_cells() -> None:
    grid = np.arange(12).reshape(4, 3)
    lines = half_blocks(grid, {})
    assert [line_width(line) for line in lines] == [3, 3]
    [_, (text, style), _] = lines[1]
    assert text == "▀"
    assert isinstance(style, Style)
    assert style.color is not None
    assert style.bgcolor is not None
    assert (style.color.triplet, style.bgcolor.triplet) == (RAMP[7], RAMP[10])


def test_equal_neighbours_are_one_span_with_one_cached_style() -> None:
    lines = half_blocks(np.zeros((4, 50), dtype=np.intp), {})
    assert [len(line) for line in lines] == [1, 1]
    assert lines[0][0][1] is lines[1][0][1]


def test_a_mark_replaces_the_block_and_is_seen_without_colour() -> None:
    lines = half_blocks(np.zeros((4, 4), dtype=np.intp), {(1, 2): "✓"})
    assert plain_text(lines) == "▀▀▀▀\n▀▀✓▀"


@pytest.mark.parametrize("level", range(LEVELS))
def test_a_mark_can_be_read_on_every_shade(level: int) -> None:
    [line] = half_blocks(np.full((2, 1), level), {(0, 0): "0"})
    style = line[0][1]
    assert isinstance(style, Style)
    assert style.color is not None
    assert style.bgcolor is not None
    ink, ground = style.color.triplet, style.bgcolor.triplet
    assert ink is not None
    assert ground is not None
    assert abs(lightness((*ink,)) - lightness((*ground,))) > 0.4


@pytest.mark.parametrize("width", [10, 30, 52, 100])
def test_the_colour_key_has_both_ends_in_words(width: int) -> None:
    key = colour_key("0", "1", width)
    text = plain_text([key])
    assert text.startswith(" 0 ")
    assert text.endswith(" 1")
    assert line_width(key) <= width + 2
