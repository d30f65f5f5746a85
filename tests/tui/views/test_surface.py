"""The decision surface: contour, patterns and probe, told without colour."""

import numpy as np
import pytest

from tests.sample import some_pairs
from tests.tui.painting import (
    RUNS,
    SIZES,
    assert_well_painted,
    line_columns,
    snapshot_of,
    text_of,
)
from xortui.core.analysis.decision_surface import input_plane, surface
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.lines import line_width
from xortui.tui.views.input_plane import surface_for_frame
from xortui.tui.views.surface import PROBE, SurfacePane, paint_surface, picture_of
from xortui.tui.views.views import Views


@pytest.mark.parametrize(("name", "size"), some_pairs(RUNS, SIZES, 2))
def test_it_paints_every_run_at_every_size(name: str, size: tuple[int, int]) -> None:
    assert_well_painted(paint_surface(snapshot_of(name), *size), *size)


def test_the_contour_runs_across_the_text() -> None:
    picture = text_of(paint_surface(snapshot_of("solved"), 52, 30)).splitlines()[1:-2]
    # XOR's answer is a band: from top to bottom most lines meet one of its two edges.
    assert sum(bool(line_columns(line)) for line in picture) > 20


def test_a_flat_output_has_no_contour() -> None:
    picture = text_of(paint_surface(snapshot_of("zeros"), 52, 30)).splitlines()[1:-2]
    assert not any(line_columns(line) for line in picture)


def test_every_pattern_has_its_label_and_right_or_wrong() -> None:
    solved = text_of(paint_surface(snapshot_of("solved"), 52, 30))
    assert (solved.count("1 ✓"), solved.count("0 ✓")) == (2, 2)
    start = snapshot_of("start")
    text = text_of(paint_surface(start, 52, 30))
    assert text.count("✓") == int(start.right.sum())
    assert text.count("✗") == int((~start.right).sum())


def test_patterns_stand_where_their_bits_say() -> None:
    lines = text_of(paint_surface(snapshot_of("solved"), 52, 30)).splitlines()
    top, bottom = (line for line in lines if "✓" in line)
    assert top.index("1 ✓") < 26 < top.index("0 ✓")  # 01 left, 11 right
    assert bottom.index("0 ✓") < 26 < bottom.index("1 ✓")  # 00 left, 10 right


def test_the_probe_reads_inputs_output_and_hidden_activations() -> None:
    snapshot = snapshot_of("solved")
    text = text_of(paint_surface(snapshot, 80, 30, point=(1.0, 1.0)))
    assert PROBE in text
    assert "x₁ 1.00 x₂ 1.00" in text
    assert f"ŷ {snapshot.outputs[3]:+.4f}" in text
    assert f"{snapshot.values['a1'][3, 0]:+.4f}" in text


def test_what_is_not_finite_is_named() -> None:
    text = text_of(paint_surface(snapshot_of("NaN"), 52, 30))
    assert "░ not finite" in text


def test_a_large_network_is_painted_in_larger_steps_that_are_exact() -> None:
    snapshot = snapshot_of("largest")
    plane = input_plane(snapshot.network)
    fine = surface_for_frame(snapshot.network, snapshot.parameters, 54, 52, plane)
    assert fine.output.shape == (54, 52)
    assert fine.hidden.shape == fine.sums.shape == (64, 54, 52)
    assert len(np.unique(fine.output)) < 54 * 52 / 4
    assert np.isin(fine.output, surface(snapshot.network, snapshot.parameters, 18, 17).output).all()
    # A small network is painted in full.
    small = snapshot_of("solved")
    plane = input_plane(small.network)
    field = surface_for_frame(small.network, small.parameters, 54, 52, plane)
    assert (field.output == surface(small.network, small.parameters, 54, 52).output).all()


def test_fixed_inputs_are_named() -> None:
    snapshot = snapshot_of("two layers")
    plane = input_plane(snapshot.network, 0, 2, (0.0, 1.0, 0.0))
    assert "x₁ →  x₃ ↑  x₂=1" in text_of(paint_surface(snapshot, 52, 30, plane))


@pytest.mark.parametrize("size", [(58, 20), (78, 18), (100, 40), (60, 30), (119, 64), (30, 50)])
def test_every_line_is_exactly_as_wide_as_the_pane(size: tuple[int, int]) -> None:
    for run in ("solved", "NaN", "eight bits"):
        lines = paint_surface(snapshot_of(run), *size)
        assert [line_width(line) for line in lines] == [size[0]] * size[1]


@pytest.mark.parametrize("size", [(58, 20), (78, 18), (100, 40), (52, 30), (119, 64), (30, 50)])
def test_the_square_is_one_on_the_screen_where_there_is_room(size: tuple[int, int]) -> None:
    picture = picture_of(*size)
    assert picture.left + picture.columns <= size[0]
    # A cell is twice as high as wide.
    assert picture.columns == pytest.approx(2 * picture.lines, rel=0.08)


def test_beside_or_below_a_square_the_outputs_are_written() -> None:
    snapshot = snapshot_of("solved")
    for size in ((58, 20), (78, 18), (30, 50)):
        text = text_of(paint_surface(snapshot, *size))
        for row, output in enumerate(snapshot.outputs.tolist()):
            assert f"{output:+.4f}  {'✓' if snapshot.right[row] else '✗'}" in text


async def test_keys_move_the_probe_and_turn_the_plane() -> None:
    app = XorApp(Trainer(Recipe("parity3")))
    async with app.run_test(size=(120, 36)) as pilot:
        pane = app.query_one(Views).show("surface")
        assert isinstance(pane, SurfacePane)
        pane.focus()
        await pilot.press("right", "up")
        assert pane.point == (0.55, 0.55)
        await pilot.press("a", "v")
        assert "x₁ →  x₃ ↑  x₂=1" in pane.as_text()
