"""The weights, painted without an app: each beside its gradient, with the way it has come."""

import re

import numpy as np
import pytest

from tests.sample import some_pairs
from tests.tui.painting import RUNS, assert_well_painted, snapshot_at, snapshot_of
from tests.tui.test_panes import WIDTHS, text_of
from xortui.core.model.names import notation
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.drawing.bars import EIGHTHS
from xortui.tui.drawing.lines import Line, line_width, plain_text, signed
from xortui.tui.operation_cursor import OperationCursor
from xortui.tui.panes.weight_paths import HISTORY, paths_of
from xortui.tui.panes.weights_layout import columns_shown, lines_shown
from xortui.tui.panes.weights_table import paint_weights


@pytest.mark.parametrize(("run", "width"), some_pairs(RUNS, WIDTHS, 2))
def test_the_weights_fit(run: str, width: int) -> None:
    for height in (2, 8, 40):
        lines = paint_weights(snapshot_of(run), width, height)
        assert_well_painted(lines, width, height)


@pytest.mark.parametrize("run", ["start", "solved", "relu", "two layers", "diverged", "NaN"])
@pytest.mark.parametrize("width", [60, 100, 140])
def test_every_weight_that_fits_stands_beside_its_gradient(run: str, width: int) -> None:
    snapshot = snapshot_of(run)
    text = plain_text(paint_weights(snapshot, width, 60)[1:])
    shown = set(re.findall(r"[+-][\d.e+-]*\d|[+-]inf|NaN", text))
    for name, shape in snapshot.network.shapes.items():
        count, with_change = columns_shown(width, shape[-1])
        groups = [snapshot.values[name], snapshot.values[f"d{name}"]]
        if with_change:
            groups.append(snapshot.change(name))
        for group in groups:
            for value in np.atleast_2d(group)[:, :count].ravel():
                assert signed(float(value)).strip() in shown


def test_a_number_that_is_not_finite_has_its_name() -> None:
    assert "NaN" in plain_text(paint_weights(snapshot_of("NaN"), 80, 20))
    assert "+inf" in plain_text(paint_weights(snapshot_of("infinite"), 80, 20))


def test_a_wide_matrix_says_which_columns_it_shows() -> None:
    lines = text_of(paint_weights(snapshot_of("eight units"), 60, 20, first=(0, 3)))
    assert lines[1].endswith("∂L/∂W₁ h₄        h₅  of 8"), "no name is covered"
    lines = text_of(paint_weights(snapshot_of("eight units"), 70, 20, first=(0, 3)))
    assert lines[1].endswith("  4-5 of 8")


def test_the_chosen_weight_is_marked() -> None:
    lines = paint_weights(snapshot_of("start"), 60, 20, chosen="W1[1,0]")
    chosen = [text for line in lines for text, style in line if style == "chosen"]
    value = float(snapshot_of("start").values["W1"][1, 0])
    assert [text.strip() for text in chosen] == [signed(value).strip()]


@pytest.mark.parametrize("state", ["m", "v"])
@pytest.mark.parametrize("width", [40, 100])
def test_what_the_optimiser_keeps_stands_beside_the_gradient(state: str, width: int) -> None:
    snapshot = snapshot_at(Recipe(optimiser="adam", bias=True), 30)
    lines = paint_weights(snapshot, width, 20, state=state)
    assert_well_painted(lines, width, 20)
    text = plain_text(lines[1:])
    assert notation(f"{state}W1") in text
    for name in snapshot.network.shapes:
        for value in np.ravel(snapshot.values[f"{state}{name}"])[:1]:
            assert signed(float(value)).strip() in text


def test_inside_a_step_the_state_is_the_new_one_as_soon_as_it_is_made() -> None:
    snapshot = snapshot_at(Recipe(optimiser="momentum"), 30)
    made = next(i for i, item in enumerate(snapshot.results) if item.operation.target == "vW1")
    before, after = (
        plain_text(paint_weights(snapshot, 100, 20, cursor=OperationCursor(snapshot, i), state="v"))
        for i in (made - 1, made)
    )
    old, new = snapshot.values["vW1"][0, 0], snapshot.made("vW1")[0, 0]
    assert signed(float(old)).strip() in before
    assert signed(float(new)).strip() in after
    assert signed(float(old)) != signed(float(new))


def test_a_frozen_weight_has_a_star() -> None:
    trainer = Trainer(Recipe(frozen=("W2[0,0]",)))
    text = plain_text(paint_weights(trainer.snapshot(), 60, 20))
    assert text.count("*") == 1
    assert f"{signed(float(trainer.snapshot().values['W2'][0, 0])).strip()}*" in text


def runs_of(lines: list[Line], glyphs: str) -> list[tuple[str, str]]:
    """The spans that are made of these glyphs, with the names of their styles."""
    return [
        (text, str(style))
        for line in lines
        for text, style in line
        if text and set(text) <= set(glyphs)
    ]


@pytest.mark.parametrize(
    ("run", "size"), some_pairs(RUNS, [(58, 40), (60, 30), (119, 64), (200, 20)], 2)
)
def test_no_line_of_the_weights_is_wider_than_the_pane(run: str, size: tuple[int, int]) -> None:
    for line in paint_weights(snapshot_of(run), *size)[1:]:
        assert line_width(line) in (0, size[0])


def test_a_weight_stands_on_a_tint_of_its_sign_as_deep_as_it_is_large() -> None:
    snapshot = snapshot_of("solved")
    tints = {
        text.strip(): style
        for line in paint_weights(snapshot, 60, 8)
        for text, style in line
        if isinstance(style, str) and "@" in style
    }
    largest = np.abs(snapshot.parameters).max()
    assert len(tints) == len(snapshot.parameters)
    for value in snapshot.parameters.tolist():
        ink, _, tint = tints[signed(value).strip()].partition("@")
        sign, _, level = tint.partition(":")
        assert ink == sign == ("plus" if value > 0 else "minus")
        assert int(level) == np.ceil(abs(value) / largest * 8)


def test_a_weight_that_is_not_finite_or_0_has_no_tint() -> None:
    zeros = snapshot_at(Recipe(init="zeros"), 0)
    for snapshot in (snapshot_of("NaN"), snapshot_of("infinite"), zeros):
        styles = {style for line in paint_weights(snapshot, 60, 9) for _, style in line}
        assert not [style for style in styles if isinstance(style, str) and "@" in style]


@pytest.mark.parametrize("size", [(58, 16), (110, 9)])
def test_where_there_is_room_each_weight_shows_the_way_it_has_come(size: tuple[int, int]) -> None:
    snapshot = snapshot_at(Recipe(), 1800)
    lines = paint_weights(snapshot, *size)
    assert "so far" in plain_text(lines)
    bars = "".join(text for text, _ in runs_of(lines, EIGHTHS[1:]))
    assert len(bars) == HISTORY * len(snapshot.parameters)
    assert "so far" not in plain_text(paint_weights(snapshot, 58, 9))


def test_a_path_goes_from_the_least_value_to_the_greatest() -> None:
    snapshot = snapshot_at(Recipe(), 1800)
    paths = paths_of(snapshot)
    assert paths.shape == (HISTORY, len(snapshot.parameters))
    assert (np.abs(paths).min(axis=0) == 1).all()
    assert (np.abs(paths).max(axis=0) == 8).all()
    assert (np.sign(paths[0]) == np.sign(snapshot.path[0])).all()
    assert (np.sign(paths[-1]) == np.sign(snapshot.parameters)).all()
    falling = snapshot.network.names.index("W2[0,0]")
    assert paths[0, falling] > 0 > paths[-1, falling]
    styles = {style for _, style in runs_of(paint_weights(snapshot, 58, 16), EIGHTHS[1:])}
    assert {style.partition(":")[0] for style in styles} == {"plus", "minus"}


def test_at_step_0_every_path_is_flat() -> None:
    assert (np.abs(paths_of(snapshot_of("start"))) == 1).all()
    lines = paint_weights(snapshot_of("start"), 58, 40)
    assert {text for text, _ in runs_of(lines, EIGHTHS[1:])} == {EIGHTHS[1] * HISTORY}


@pytest.mark.parametrize("height", [8, 9, 16, 40])
def test_what_stands_on_a_line_is_said_right_for_the_mouse(height: int) -> None:
    for run in ("solved", "relu", "two layers"):
        snapshot = snapshot_of(run)
        lines = text_of(paint_weights(snapshot, 60, height))[1:]
        rows = lines_shown(snapshot, 60, height)
        for line, row in zip(lines, rows, strict=False):
            assert bool(line.strip()) == (row is not None)
            if row is not None:
                assert ("so far" in line) == row.is_history
                assert ("×" in line) == (row.index is None)
