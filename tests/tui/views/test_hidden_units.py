"""The hidden units: a surface for each, its zero line, and what it computes in words."""

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
    with_parameters,
)
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.views.hidden_units import paint_hidden_units, tiles, units_shown
from xortui.tui.views.views import Views


@pytest.mark.parametrize(("name", "size"), some_pairs(RUNS, SIZES, 2))
def test_it_paints_every_run_at_every_size(name: str, size: tuple[int, int]) -> None:
    snapshot = snapshot_of(name)
    for layer in range(1, len(snapshot.recipe.hidden) + 1):
        assert_well_painted(paint_hidden_units(snapshot, *size, layer), *size)


def test_every_unit_says_what_it_computes_with_its_figures() -> None:
    text = text_of(paint_hidden_units(snapshot_of("solved"), 52, 30))
    assert "h₁ rises with each 1: 0.50, 0.79, 0.93" in text
    assert "h₂ is OR-like: from 0.50 to 1.00" in text


def test_the_activations_of_every_pattern_stand_below() -> None:
    snapshot = snapshot_of("solved")
    text = text_of(paint_hidden_units(snapshot, 52, 30))
    for row in snapshot.values["a1"]:
        assert f"{row[0]:+.4f}" in text
        assert f"{row[1]:+.4f}" in text


def test_the_zero_line_is_drawn_where_the_weighted_sum_changes_sign() -> None:
    # 4 x1 + 4 x2 - 2: the line goes between 00 and the others.
    start = snapshot_at(Recipe("or", bias=True, hidden=(1,)), 0)
    snapshot = with_parameters(start, np.array([4.0, 4.0, -2.0, 1.0, 0.0]))
    lines = text_of(paint_hidden_units(snapshot, 52, 30)).splitlines()
    pictures = [line for line in lines if line.startswith("▀")]
    [bottom] = [line for line in pictures if " 0 " in line]
    [top] = [line for line in pictures if line.count(" 1 ") == 2]
    columns = line_columns(bottom)
    assert bottom.index(" 0 ") < min(columns) <= max(columns) < bottom.index(" 1 ")
    assert not line_columns(top[top.index(" 1 ") :])


def test_a_unit_without_weights_has_no_line() -> None:
    text = text_of(paint_hidden_units(snapshot_of("NaN"), 52, 30))
    assert not any(map(line_columns, text.splitlines()))
    assert "is not finite" in text
    assert "░ not finite" in text


def test_up_to_eight_are_shown_at_once_and_the_rest_on_pages() -> None:
    snapshot = snapshot_of("largest")
    assert units_shown(snapshot, 1, 100, 50) == 8
    first = text_of(paint_hidden_units(snapshot, 100, 50))
    assert "layer 1 of 4" in first
    assert "1-8 of 64" in first
    last = text_of(paint_hidden_units(snapshot, 100, 50, layer=4, first=10_000))
    assert "layer 4 of 4" in last
    assert "57-64 of 64" in last
    assert "h₄.₆₄" in last


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("size", [(52, 28), (80, 15), (100, 48), (30, 48)])
def test_tiles_never_take_more_than_there_is(count: int, size: tuple[int, int]) -> None:
    layout = tiles(count, *size)
    rows = -(-count // layout.across)
    assert layout.across * layout.width + 2 * (layout.across - 1) <= size[0]
    assert rows * (layout.height + 1) <= size[1]


async def test_keys_page_through_a_layer_and_choose_the_layer() -> None:
    app = XorApp(Trainer(Recipe(hidden=(20, 3))))
    async with app.run_test(size=(120, 36)) as pilot:
        pane = app.query_one(Views).show("units")
        pane.focus()
        await pilot.pause()
        assert "layer 1 of 2  1-8 of 20" in pane.as_text()
        await pilot.press("right", "right", "right")
        assert "13-20 of 20" in pane.as_text()
        await pilot.press("down")
        assert "layer 2 of 2  x₁" in pane.as_text()
        await pilot.press("up", "left")
        assert "1-8 of 20" in pane.as_text()
