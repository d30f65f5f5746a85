"""The hidden space: points, trails and the dividing line, told without colour."""

import numpy as np
import pytest

from tests.sample import some_pairs
from tests.tui.painting import (
    RUNS,
    SIZES,
    assert_well_painted,
    line_columns,
    snapshot_at,
    snapshot_of,
    text_of,
)
from xortui.core.model.recipe import Recipe
from xortui.core.text.ascii import to_ascii
from xortui.tui.drawing.heatmap import CHIP, WRONG_CHIP
from xortui.tui.drawing.lines import line_width
from xortui.tui.views.hidden_space import DIVIDER, POINT, START, TRAIL, paint_hidden_space


@pytest.mark.parametrize(("name", "size"), some_pairs(RUNS, SIZES, 2))
def test_it_paints_every_run_at_every_size(name: str, size: tuple[int, int]) -> None:
    assert_well_painted(paint_hidden_space(snapshot_of(name), *size), *size)


def test_every_pattern_is_named_with_its_label_and_right_or_wrong() -> None:
    text = text_of(paint_hidden_space(snapshot_of("solved"), 52, 30))
    assert "1 ✓ 01 10" in text
    assert "0 ✓ 00" in text
    assert "0 ✓ 11" in text
    assert "4 of 4 right" in text


@pytest.mark.parametrize("size", [(58, 20), (52, 30), (78, 18), (100, 40)])
def test_chips_do_not_touch(size: tuple[int, int]) -> None:
    for run in ("start", "solved", "one unit", "relu", "zeros"):
        for line in paint_hidden_space(snapshot_of(run), *size):
            for text, style in line:
                if style in (CHIP, WRONG_CHIP):
                    assert text.count("✓") + text.count("✗") == 1, text


def test_wrong_patterns_are_marked_wrong() -> None:
    text = text_of(paint_hidden_space(snapshot_of("one unit"), 52, 30))
    right = int(snapshot_of("one unit").right.sum())
    assert right < 4
    assert f"{right} of 4 right" in text
    assert "✗" in text


def test_the_line_divides_the_ones_from_the_zeros() -> None:
    lines = text_of(paint_hidden_space(snapshot_of("solved"), 52, 30)).splitlines()[1:-2]
    assert sum(bool(line_columns(line)) for line in lines) > 15
    # It rises to the right, with the large outputs left of it and above, the small ones right.
    for line in lines:
        for right, words in ((False, "1 ✓ 01 10"), (True, "0 ✓ 11"), (True, "0 ✓ 00")):
            for column in line_columns(line) if words in line else []:
                assert (column < line.index(words)) == right


def test_the_trail_begins_with_a_ring_and_ends_at_the_point() -> None:
    text = text_of(paint_hidden_space(snapshot_of("solved"), 52, 30))
    assert START in text
    assert text.count(TRAIL) > 20


def test_at_step_0_there_is_no_way_yet() -> None:
    picture = text_of(paint_hidden_space(snapshot_of("start"), 52, 30)).splitlines()[1:-1]
    assert not any(TRAIL in line for line in picture)
    assert any(POINT in line for line in picture)


def test_trail_line_and_point_are_told_apart_in_ascii() -> None:
    assert len({to_ascii(glyph) for glyph in (TRAIL, DIVIDER, POINT)}) == 3
    # In the picture itself a trail has a glyph of its own, and the line is made of fine dots.
    text = text_of(paint_hidden_space(snapshot_of("solved"), 52, 30))
    assert TRAIL in text
    assert not line_columns(TRAIL)
    assert any(map(line_columns, text.splitlines()))


@pytest.mark.parametrize(
    ("run", "size"), some_pairs(RUNS, [(58, 20), (78, 18), (100, 40), (119, 64)], 2)
)
def test_every_line_is_exactly_as_wide_as_the_pane(run: str, size: tuple[int, int]) -> None:
    lines = paint_hidden_space(snapshot_of(run), *size)
    assert {line_width(line) for line in lines} == {size[0]}


def test_beside_a_square_the_activations_are_written() -> None:
    text = text_of(paint_hidden_space(snapshot_of("solved"), 100, 24))
    for row in snapshot_of("solved").values["a1"]:
        assert f"{row[0]:+.4f}   {row[1]:+.4f}" in text


def test_the_ends_of_the_axes_are_labelled() -> None:
    lines = text_of(paint_hidden_space(snapshot_of("solved"), 52, 30)).splitlines()
    assert "h₁ →" in lines[-2]
    assert len([word for word in lines[-2].split() if word[0] in "+-"]) == 2
    assert lines[1].split("▀")[0].strip().startswith("+")
    assert any("h₂ ↑" in line for line in lines)


def test_more_than_two_units_are_seen_in_principal_components() -> None:
    text = text_of(paint_hidden_space(snapshot_of("eight units"), 52, 30))
    assert "first principal component" in text
    assert "of the variance is shown" in text


def test_one_unit_has_time_for_the_other_axis() -> None:
    lines = text_of(paint_hidden_space(snapshot_of("one unit"), 52, 30)).splitlines()
    assert lines[1].split()[0] == "0"
    assert lines[-3].split()[0] == "now"
    assert POINT in lines[-3]


def test_points_that_are_not_finite_are_left_out() -> None:
    text = text_of(paint_hidden_space(snapshot_of("NaN"), 52, 30))
    assert POINT not in "".join(text.splitlines()[1:-2])


def test_patterns_in_one_place_are_counted_where_there_are_too_many_to_name() -> None:
    snapshot = snapshot_at(Recipe("parity6", init="zeros"), 0)
    assert np.ptp(snapshot.values["a1"]) == 0
    text = text_of(paint_hidden_space(snapshot, 52, 30))
    assert "0 ✓ ×32" in text
    assert "1 ✗ ×32" in text
