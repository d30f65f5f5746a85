"""Half-block cells: the ramp, the look of what is not finite, and the marks on them."""

from itertools import pairwise

import numpy as np
import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.style import Style
from textual.color import Color

from xortui.core.text.ascii import to_ascii
from xortui.tui.drawing import theme
from xortui.tui.drawing.cells import Cells
from xortui.tui.drawing.heatmap import (
    LEVELS,
    NOT_FINITE,
    NOT_FINITE_GLYPH,
    RISING,
    TWO_SIDED,
    Ramp,
    chip,
    colour_key,
    draw_blocks,
    draw_points,
    half_blocks,
    levels,
)
from xortui.tui.drawing.lines import line_width, plain_text
from xortui.tui.drawing.shades import TEXT_CONTRAST, contrast


def lightness(colour: tuple[int, int, int]) -> float:
    """How light a colour is, 0 to 1: the weights of Rec. 709."""
    red, green, blue = colour
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


@pytest.mark.parametrize("ramp", [RISING, TWO_SIDED])
def test_a_ramp_rises_strictly_in_lightness_so_that_it_reads_in_greyscale(ramp: Ramp) -> None:
    shades = [lightness(colour) for colour in ramp.colours]
    assert all(darker < lighter for darker, lighter in pairwise(shades))


@pytest.mark.parametrize("ramp", [RISING, TWO_SIDED])
def test_a_ramp_has_at_most_32_levels_of_steps_that_can_be_seen(ramp: Ramp) -> None:
    assert len(ramp.colours) == len(set(ramp.colours)) == LEVELS <= 32
    shades = [lightness(colour) for colour in ramp.colours]
    assert max(after - before for before, after in pairwise(shades)) < 0.06
    assert shades[-1] - shades[0] > 0.65


def test_two_sides_are_told_by_hue_too_as_minus_and_plus_are() -> None:
    half = LEVELS // 2
    for red, _, blue in TWO_SIDED.colours[: half - 2]:
        assert blue > red
    for red, _, blue in TWO_SIDED.colours[half + 2 :]:
        assert red > blue
    signs = {sign: Color.parse(theme.DARK.variables[sign]) for sign in ("plus", "minus")}
    assert signs["plus"].r > signs["plus"].b
    assert signs["minus"].b > signs["minus"].r
    middle = TWO_SIDED.colours[half]
    assert max(middle) - min(middle) < 30


def test_sixteen_colours_keep_the_sides_apart() -> None:
    def named(level: int) -> int | None:
        colour = RichColor.from_rgb(*TWO_SIDED.colours[level]).downgrade(ColorSystem.STANDARD)
        return colour.number

    below, middle, above = (
        {named(level) for level in part} for part in (range(5), range(12, 20), range(22, 32))
    )
    assert not below & middle
    assert not above & middle
    assert not below & above


def test_points_are_fine_dots_over_the_blocks_and_can_be_read() -> None:
    cells = Cells(2, 3)
    pairs = draw_blocks(cells, np.zeros((4, 3), dtype=np.intp), TWO_SIDED)
    draw_points(cells, np.array([[0.1, 0.1], [3.9, 2.9]]), pairs, TWO_SIDED)
    lines = cells.lines()
    assert plain_text(lines) == "⠁▀▀\n▀▀⢀"
    style = lines[0][0][1]
    assert isinstance(style, Style)
    assert style.color is not None
    assert style.color.triplet == (255, 255, 255)


def test_a_chip_stays_inside_and_a_wrong_one_looks_different() -> None:
    cells = Cells(1, 12)
    chip(cells, 0, 0, " 1 ✓ ", True)
    chip(cells, 0, 11, " 0 ✗ ", False)
    [line] = cells.lines()
    assert plain_text([line]) == " 1 ✓    0 ✗"
    assert line[0][1] != line[-1][1]
    for _, style in (line[0], line[-1]):
        assert isinstance(style, Style)
        assert style.color is not None
        assert style.bgcolor is not None
        ink, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
        assert contrast(ink, ground) >= TEXT_CONTRAST


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
    assert missing_style.bgcolor.triplet not in RISING.colours


def test_two_rows_of_pixels_make_one_line_of_cells() -> None:
    grid = np.arange(12).reshape(4, 3)
    lines = half_blocks(grid, {})
    assert [line_width(line) for line in lines] == [3, 3]
    [_, (text, style), _] = lines[1]
    assert text == "▀"
    assert isinstance(style, Style)
    assert style.color is not None
    assert style.bgcolor is not None
    assert (style.color.triplet, style.bgcolor.triplet) == (RISING.rgb(7), RISING.rgb(10))


def test_equal_neighbours_are_one_span_with_one_cached_style() -> None:
    lines = half_blocks(np.zeros((4, 50), dtype=np.intp), {})
    assert [len(line) for line in lines] == [1, 1]
    assert lines[0][0][1] is lines[1][0][1]


def test_a_mark_replaces_the_block_and_is_seen_without_colour() -> None:
    lines = half_blocks(np.zeros((4, 4), dtype=np.intp), {(1, 2): "✓"})
    assert plain_text(lines) == "▀▀▀▀\n▀▀✓▀"


@pytest.mark.parametrize("ramp", [RISING, TWO_SIDED])
@pytest.mark.parametrize("below", [0, 8, 16, 24, 31, NOT_FINITE])
def test_a_mark_can_be_read_on_every_pair_of_shades(ramp: Ramp, below: int) -> None:
    for level in (*range(LEVELS), NOT_FINITE):
        [line] = half_blocks(np.array([[level], [below]]), {(0, 0): "0"}, ramp)
        style = line[0][1]
        assert isinstance(style, Style)
        assert style.color is not None
        assert style.bgcolor is not None
        ink, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
        assert contrast(ink, ground) >= TEXT_CONTRAST


@pytest.mark.parametrize("width", [10, 30, 52, 100])
def test_the_colour_key_has_both_ends_in_words(width: int) -> None:
    key = colour_key("0", "1", width)
    text = plain_text([key])
    assert text.startswith(" 0 ")
    assert text.endswith(" 1")
    assert line_width(key) <= width + 2
