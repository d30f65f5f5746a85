"""The network drawn: every weight with sign and number, its size told by the line."""

from itertools import pairwise

import pytest

from tests.sample import some_pairs
from tests.tui.driving import press
from tests.tui.painting import (
    RUNS,
    SIZES,
    assert_well_painted,
    is_braille,
    snapshot_at,
    snapshot_of,
    text_of,
    with_parameters,
)
from xortui.core.model.recipe import Recipe
from xortui.core.text.ascii import to_ascii
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.cells import Cells
from xortui.tui.drawing.lines import Line, line_width
from xortui.tui.drawing.strokes import Stroke, Strokes
from xortui.tui.operation_cursor import OperationCursor
from xortui.tui.views.diagram import PATTERN, DiagramPane, layers_shown, paint_diagram
from xortui.tui.views.network_edges import Walk, format_short
from xortui.tui.views.network_layout import layers_fitting, layout
from xortui.tui.views.views import Views


async def test_the_weight_that_is_chosen_among_the_weights_is_marked_here() -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, "6", "2", "down", "right")
        diagram = app.main_screen.query_one("#diagram", DiagramPane)

        def marked() -> list[str]:
            lines = diagram.paint_lines(*diagram.size)
            return [text for line in lines for text, style in line if style == "chosen"]

        weight = app.session.trainer.snapshot().parameters[3]  # x₂→h₂
        assert marked() == [format_short(weight)]
        await press(pilot, "escape")
        assert marked() == []


@pytest.mark.parametrize(("name", "size"), some_pairs(RUNS, SIZES, 2))
def test_it_paints_every_run_at_every_size(name: str, size: tuple[int, int]) -> None:
    snapshot = snapshot_of(name)
    for first in range(len(snapshot.recipe.sizes)):
        assert_well_painted(paint_diagram(snapshot, *size, first=first), *size)


@pytest.mark.parametrize("hidden", [(2,), (3,), (4,), (8,)])
def test_every_weight_stands_on_its_edge_with_its_sign(hidden: tuple[int, ...]) -> None:
    snapshot = snapshot_at(Recipe(hidden=hidden), 500)
    text = text_of(paint_diagram(snapshot, 80, 40))
    for weight in snapshot.parameters:
        assert f"{weight:+.2f}" in text
    assert "do not fit" not in text


def test_units_stand_with_their_activations_for_the_pattern() -> None:
    snapshot = snapshot_of("solved")
    for row in range(4):
        text = text_of(paint_diagram(snapshot, 52, 30, row))
        first, second = snapshot.recipe.table.bits[row]
        lines = text.splitlines()
        for name, bit in (("x₁", first), ("x₂", second)):
            top, left = box_of(lines, name)
            end = next(line for line in lines[top:] if line[left : left + 1] == "╰")
            assert end[left:].split("╯")[0].endswith(f"─{bit}")
        for value in snapshot.values["a1"][row]:
            assert f"{value:+.2f}" in text
        assert f"{first}{second} → ŷ {snapshot.outputs[row]:+.4f}" in text
        assert "✓ right" in text


def test_a_wrong_answer_is_called_wrong() -> None:
    snapshot = snapshot_of("start")
    row = int((~snapshot.right).argmax())
    assert "✗ wrong" in text_of(paint_diagram(snapshot, 52, 30, row))


def test_biases_stand_below_their_units() -> None:
    snapshot = snapshot_of("relu")
    text = text_of(paint_diagram(snapshot, 52, 30))
    for bias in (*snapshot.values["b1"], *snapshot.values["b2"]):
        assert f"{bias:+.2f}" in text


def test_numbers_without_room_are_counted() -> None:
    snapshot = snapshot_at(Recipe("parity3", hidden=(8, 8)), 5)
    assert "numbers do not fit" in text_of(paint_diagram(snapshot, 100, 40))


def test_large_layers_and_deep_networks_are_summed_up() -> None:
    snapshot = snapshot_of("largest")
    text = text_of(paint_diagram(snapshot, 52, 30))
    assert "layers 1-3 of 6" in text
    assert "more" in text
    assert "layers 4-6 of 6" in text_of(paint_diagram(snapshot, 52, 30, first=99))
    assert layers_shown(snapshot, 200, 30) == 6


def test_what_is_not_finite_is_written_so() -> None:
    assert text_of(paint_diagram(snapshot_of("NaN"), 52, 30)).count("NaN") >= 9


def box_of(lines: list[str], name: str) -> tuple[int, int]:
    """The line and column of the upper left corner of a unit's box."""
    [found] = [
        (y, line.index(f"{corner}{name}"))
        for y, line in enumerate(lines)
        for corner in "╭┏"
        if f"{corner}{name}" in line
    ]
    return found


@pytest.mark.parametrize("size", [(58, 20), (78, 18), (100, 40), (60, 30), (119, 64)])
def test_every_line_is_exactly_as_wide_as_the_pane(size: tuple[int, int]) -> None:
    for run in ("start", "solved", "eight units", "two layers", "largest", "NaN"):
        lines = paint_diagram(snapshot_of(run), *size)
        assert [line_width(line) for line in lines] == [size[0]] * size[1]


@pytest.mark.parametrize("size", [(58, 20), (78, 18), (100, 40)])
def test_every_unit_has_a_box_with_the_picture_of_what_it_answers(size: tuple[int, int]) -> None:
    snapshot = snapshot_of("solved")
    lines = text_of(paint_diagram(snapshot, *size)).splitlines()
    for name in ("x₁", "x₂", "h₁", "h₂", "ŷ"):
        top, left = box_of(lines, name)
        inside = lines[top + 1][left : left + 9]
        assert inside.replace(PATTERN, "▀", 1) == "│▀▀▀▀▀▀▀▀"


def test_boxes_do_not_cover_one_another_or_leave_the_pane() -> None:
    for recipe in {snapshot_of(run).recipe for run in RUNS}:
        for width, rows in ((30, 20), (58, 17), (100, 37), (119, 61)):
            count = layers_fitting(recipe, width, rows)
            found = layout(recipe, range(count), width, rows)
            for units in found.units.values():
                assert all(unit.left >= 0 and unit.right <= width for unit in units)
                assert units[0].top >= 0
                assert units[-1].top + units[-1].height <= rows
                for above, below in pairwise(units):
                    assert above.top + above.height <= below.top


def test_small_panes_have_words_instead_of_boxes() -> None:
    text = text_of(paint_diagram(snapshot_of("solved"), 52, 7))
    assert "▀" not in text
    assert "h₁  +0.79" in text


def test_the_chosen_weight_is_marked_and_always_written() -> None:
    snapshot = snapshot_of("largest")
    value = float(snapshot.values["W1"][0, 0])
    for size in ((58, 20), (100, 40)):
        lines = paint_diagram(snapshot, *size, chosen="W1[0,0]")
        [text] = [text for line in lines for text, style in line if style == "chosen"]
        assert float(text) == pytest.approx(value, abs=0.01)


def cell_styles(lines: list[Line], names: str) -> set[str]:
    """The styles of the glyphs in `names`, wherever they stand."""
    return {
        style
        for line in lines
        for text, style in line
        if isinstance(style, str) and set(names) & set(text)
    }


def test_what_an_operation_makes_and_reads_lights_up() -> None:
    snapshot = snapshot_of("solved")
    forward = paint_diagram(snapshot, 58, 20, walk=Walk(("a1", "W2"), "yhat"))
    text = text_of(forward)
    assert "reads a₁ W₂ → makes  ŷ" in text
    assert box_of(text.splitlines(), "ŷ")
    assert text.count("┏") == 1, "only the output is made"
    assert cell_styles(forward, "╭") == {"frame", "title"}
    written = [part for line in forward for part, style in line if style == "writes"]
    assert f"{snapshot.outputs[1]:+.2f}" in written
    for weight in snapshot.values["W2"].ravel():
        assert f"{weight:+.2f}" in text
    for weight in snapshot.values["W1"].ravel():
        assert f"{weight:+.2f}" not in text


def test_on_the_way_back_gradients_stand_on_the_edges() -> None:
    snapshot = snapshot_at(Recipe(), 300)
    lines = paint_diagram(snapshot, 58, 24, walk=Walk(("X", "dz1"), "dW1"))
    written = {part for line in lines for part, style in line if style == "writes"}
    assert {
        f"{gradient:+.3f}" if abs(gradient) < 0.005 else f"{gradient:+.2f}"
        for gradient in snapshot.values["dW1"].ravel().tolist()
    } <= written
    made = text_of(paint_diagram(snapshot, 58, 24, walk=Walk(("dyhat", "W2"), "da1")))
    for value in snapshot.values["da1"][1]:
        assert f"{value:+.2f}" in made


@pytest.mark.slow
def test_every_operation_of_a_step_lights_something_up() -> None:
    for run in ("solved", "two layers"):
        snapshot = snapshot_of(run)
        for index in range(len(snapshot.results)):
            cursor = OperationCursor(snapshot, index)
            lines = paint_diagram(snapshot, 100, 40, walk=Walk(cursor.reads, cursor.writes))
            assert_well_painted(lines, 100, 40)
            assert "makes" in text_of(lines)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "+0.50"),
        (-12.345, "-12.35"),
        (0.0021, "+0.002"),
        (-2e-5, "-2e-5"),
        (0.0, "+0.00"),
        (-1234.5, "-1234"),
        (1e7, "+1e7"),
        (float("nan"), "NaN"),
        (float("-inf"), "-inf"),
    ],
)
def test_a_number_has_its_sign_in_six_cells(value: float, text: str) -> None:
    assert format_short(value) == text
    assert len(text) <= 6


# -- strokes ---------------------------------------------------------------------------------------


def stroked(stroke: Stroke, lines: int = 1) -> list[str]:
    """The lines of text of a stroke over 24 columns."""
    cells = Cells(lines, 24)
    Strokes([stroke], 0, 24).draw(cells)
    return text_of(cells.lines()).split("\n")


def test_plus_is_solid_and_minus_dashed_so_that_signs_are_told_without_colour() -> None:
    [solid], [dashed] = (stroked(Stroke(0.4, 0.4, "plus", is_dashed=d)) for d in (False, True))
    assert len(solid) == 24
    assert " " not in solid
    assert dots_of(dashed) < 0.8 * dots_of(solid)
    assert set(to_ascii(solid)) != set(to_ascii(dashed))


def test_a_heavy_stroke_is_twice_as_thick() -> None:
    for start, end in ((0.4, 0.4), (0.4, 9.4)):
        light, heavy = (
            "".join(stroked(Stroke(start, end, "plus", is_heavy=h), 10)) for h in (False, True)
        )
        assert dots_of(heavy) >= 1.7 * dots_of(light)


def test_a_stroke_has_no_gap_and_ends_where_it_should() -> None:
    lines = stroked(Stroke(0.5, 19.5, "plus"), 20)
    assert lines[0].startswith("⠤") or is_braille(lines[0][0])
    assert is_braille(lines[19][23])
    for column in range(24):
        assert any(is_braille(line[column]) for line in lines if column < len(line))


def test_of_strokes_that_cross_the_last_is_on_top() -> None:
    cells = Cells(5, 24)
    Strokes([Stroke(0, 4.9, "minus:2"), Stroke(4.9, 0, "plus:8")], 0, 24).draw(cells)
    styles = [style for text, style in cells.lines()[2] if any(map(is_braille, text))]
    assert "plus:8" in styles


def dots_of(text: str) -> int:
    return sum((ord(glyph) - 0x2800).bit_count() for glyph in text if is_braille(glyph))


def test_the_larger_a_weight_the_brighter_and_thicker() -> None:
    start = snapshot_at(Recipe(hidden=(1,)), 0)
    snapshot = with_parameters(start, start.parameters * 0 + [8.0, 0.5, -8.0])
    styles = cell_styles(paint_diagram(snapshot, 60, 20), "".join(map(chr, range(0x2801, 0x2900))))
    assert {"plus:8", "plus:1", "minus:8"} <= styles


async def test_keys_choose_pattern_and_layers() -> None:
    app = XorApp(Trainer(Recipe("parity3", hidden=(3, 3, 3))))
    async with app.run_test(size=(110, 36)) as pilot:
        pane = app.query_one(Views).show("diagram")
        pane.focus()
        await pilot.pause()
        assert "layers 1-3 of 5  row 001" in pane.as_text()
        await pilot.press("down", "right")
        assert "layers 2-4 of 5  row 010" in pane.as_text()
        await pilot.press("up", "up", "up", "right", "right", "right")
        assert "layers 3-5 of 5  row 111" in pane.as_text()


async def test_the_network_follows_the_operations() -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("n")
        pane = app.query_one(Views).show("diagram")
        await pilot.pause()
        assert "reads X W₁ → makes  z₁" in pane.as_text()
        app.session.move_cursor(1)
        app.training.publish()
        await pilot.pause()
        assert "reads z₁ → makes  a₁" in pane.as_text()
        app.session.leave_step()
        app.training.publish()
        await pilot.pause()
        assert "makes" not in pane.as_text()
