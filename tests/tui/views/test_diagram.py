"""The network drawn: every weight with sign and number, its size told by the line."""

import pytest

from tests.tui.painting import (
    RUNS,
    SIZES,
    assert_well_painted,
    snapshot_at,
    snapshot_of,
    text_of,
    with_parameters,
)
from xortui.core.model.recipe import Recipe
from xortui.core.text.ascii import to_ascii
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.braille import DASHED, HEAVY, LIGHT, Braille
from xortui.tui.views.diagram import layers_shown, paint_diagram
from xortui.tui.views.views import Views


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("size", SIZES)
def test_it_paints_every_run_at_every_size(name: str, size: tuple[int, int]) -> None:
    snapshot = snapshot_of(name)
    for first in range(len(snapshot.recipe.sizes)):
        assert_well_painted(paint_diagram(snapshot, *size, first=first), *size)


@pytest.mark.parametrize("hidden", [(2,), (3,), (4,), (8,)])
def test_every_weight_stands_on_its_edge_with_its_sign(hidden: tuple[int, ...]) -> None:
    snapshot = snapshot_at(Recipe(hidden=hidden), 500)
    text = text_of(paint_diagram(snapshot, 60, 30))
    for weight in snapshot.parameters:
        assert f"{weight:+.2f}" in text
    assert "do not fit" not in text


def test_units_stand_with_their_activations_for_the_pattern() -> None:
    snapshot = snapshot_of("solved")
    for row in range(4):
        text = text_of(paint_diagram(snapshot, 52, 30, row))
        first, second = snapshot.recipe.table.bits[row]
        assert f"x₁ {first}" in text
        assert f"x₂ {second}" in text
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
    assert "numbers do not fit" in text_of(paint_diagram(snapshot, 100, 12))


def test_large_layers_and_deep_networks_are_summed_up() -> None:
    snapshot = snapshot_of("largest")
    text = text_of(paint_diagram(snapshot, 52, 30))
    assert "layers 1-3 of 6" in text
    assert "more" in text
    assert "layers 4-6 of 6" in text_of(paint_diagram(snapshot, 52, 30, first=99))
    assert layers_shown(snapshot, 200, 30) == 6


def test_what_is_not_finite_is_written_so() -> None:
    assert text_of(paint_diagram(snapshot_of("NaN"), 52, 30)).count("NaN") >= 9


def drawn(how: str) -> list[str]:
    """The glyphs of a level line of 24 cells."""
    braille = Braille(1, 24)
    braille.line((0, 0), (0, 23), how, "plus")
    return [glyph for _, glyph, _ in braille.cells()]


def test_heavy_light_and_dashed_lines_are_told_apart_by_their_dots() -> None:
    def dots(how: str) -> int:
        return sum((ord(glyph) - 0x2800).bit_count() for glyph in drawn(how))

    assert dots(HEAVY) >= 1.9 * dots(LIGHT)
    assert dots(LIGHT) >= 1.9 * dots(DASHED)
    assert len(drawn(DASHED)) < len(drawn(LIGHT)) == 24


def test_they_are_told_apart_in_ascii_too() -> None:
    heavy, light, dashed = (to_ascii("".join(drawn(how))) for how in (HEAVY, LIGHT, DASHED))
    assert set(heavy[1:-1]) != set(light[1:-1])
    assert len(dashed) < len(light)


def test_the_largest_weight_is_heavy_and_a_small_one_dashed() -> None:
    start = snapshot_at(Recipe(hidden=(1,)), 0)
    snapshot = with_parameters(start, start.parameters * 0 + [8.0, 0.5, 8.0])
    lines = text_of(paint_diagram(snapshot, 52, 30)).splitlines()

    def dots_of(name: str) -> int:
        [line] = [line for line in lines if line.strip().startswith(name)]
        return sum((ord(c) - 0x2800).bit_count() for c in line if 0x2800 <= ord(c) < 0x2900)

    assert dots_of("x₁") > dots_of("x₂")


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
