"""The panes of the left column and the lines around them, painted without an app: for runs of every
kind, in windows of every size, never wider or higher than asked, and with every number whole."""

import re
from dataclasses import replace

import numpy as np
import pytest

from tests.sample import some_pairs
from tests.tui.painting import RUNS, assert_well_painted, snapshot_at, snapshot_of
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.analysis.gradcheck import difference_errors
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.recipe import Recipe
from xortui.core.training.breakpoints import Breakpoint
from xortui.core.training.divergence import figure
from xortui.core.training.edit import Edit
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer
from xortui.tui.drawing.lines import NUMBER_WIDTH, Line, line_width, plain_text, signed
from xortui.tui.panes.gradient_table import paint_differences
from xortui.tui.panes.loss import (
    BARS_WIDTH,
    LogAxis,
    columns_of,
    loss_axis,
    paint_axis,
    paint_bars,
    paint_loss,
    paint_loss_title,
    reading_at,
)
from xortui.tui.panes.status import paint_status
from xortui.tui.panes.timeline_bar import column_of, paint_timeline
from xortui.tui.panes.title import format_count, paint_title
from xortui.tui.panes.truth_table import paint_truth_table

WIDTHS = (58, 60, 80, 120, 200)


def text_of(lines: list[Line]) -> list[str]:
    return plain_text(lines).split("\n")


def branched() -> Snapshot:
    trainer = Trainer(Recipe())
    trainer.step(300)
    trainer.seek(100)
    trainer.edit(Edit("learning_rate", value=0.5))
    trainer.step(150)
    trainer.seek(120)
    return trainer.snapshot()


# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "+0.0000"),
        (-0.5, "-0.5000"),
        (0.12345, "+0.1235"),
        (123.456, "+123.4560"),
        (-1234.5, "-1.2e+03"),
        (1e-5, "+1.0e-05"),
        (-1e300, "-1.0e+300"),
        (float("nan"), "NaN"),
        (float("inf"), "+inf"),
        (float("-inf"), "-inf"),
    ],
)
def test_a_number_has_its_sign_and_its_width(value: float, text: str) -> None:
    assert signed(value).strip() == text
    assert len(signed(value)) == NUMBER_WIDTH


def test_every_number_that_there_is_fits_its_column() -> None:
    for exponent in range(-308, 309):
        for digits in (1.0, 9.99996, 5.55555):
            for sign in (1, -1):
                assert len(signed(sign * digits * 10.0**exponent)) == NUMBER_WIDTH


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (950, "950"), (1234, "1.2k"), (99_999, "100k"), (2.5e6, "2.5M"), (3e9, "3.0G")],
)
def test_a_rate_takes_five_characters_at_most(value: float, text: str) -> None:
    assert format_count(value) == text
    assert all(len(format_count(digits * 10.0**e)) <= 5 for e in range(10) for digits in (1, 9.94))


# -- truth table -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("run", "width"), some_pairs(RUNS, [54, 58, 60, 80, 120, 200], 2))
def test_the_truth_table_fits(run: str, width: int) -> None:
    for height in (3, 6, 40):
        lines = paint_truth_table(snapshot_of(run), width, height)
        assert_well_painted(lines, width, height)


@pytest.mark.parametrize("run", ["start", "solved", "two layers", "diverged", "NaN"])
def test_the_truth_table_says_every_row_whole(run: str) -> None:
    snapshot = snapshot_of(run)
    rows = text_of(paint_truth_table(snapshot, 60, 20))[2:]
    table = snapshot.recipe.table
    assert len(rows) == len(table.bits)
    for index, row in enumerate(rows):
        words = row.split()
        inputs = len(table.bits[index])
        assert [int(word) for word in words[:inputs]] == list(table.bits[index])
        assert int(words[inputs]) == table.labels[index]
        assert words[inputs + 1] == signed(float(snapshot.outputs[index])).strip()
        assert words[inputs + 2] == signed(float(snapshot.errors[index])).strip()
        assert row.endswith("✓ right" if snapshot.right[index] else "✗ wrong")


def test_an_output_of_just_one_half_is_undecided_and_one_far_off_is_not_right() -> None:
    zeros = Trainer(Recipe(loss="cross-entropy", init="zeros")).snapshot()
    for row in text_of(paint_truth_table(zeros, 60, 20))[2:]:
        assert "+0.5000" in row
        assert row.endswith("≈ undecided")
    trainer = Trainer(Recipe(learning_rate=10.0))
    trainer.seek(255)
    rows = text_of(paint_truth_table(trainer.snapshot(), 60, 20))[2:]
    assert rows[0].split()[3] == "-2.4e+154"
    assert rows[0].endswith("✗ wrong")


def test_numbers_stand_below_one_another() -> None:
    rows = text_of(paint_truth_table(snapshot_of("solved"), 60, 20))[2:]
    assert len({tuple(found.start() for found in re.finditer(r"\.", row)) for row in rows}) == 1


def test_a_tall_table_begins_at_the_row_that_is_wanted() -> None:
    lines = text_of(paint_truth_table(snapshot_of("eight bits"), 80, 12, first=100))
    assert lines[2].split()[:8] == list("01100100")
    assert "of 256 right" in lines[0]


# -- loss ------------------------------------------------------------------------------------------


def test_a_log_axis_gives_every_decade_the_same_room() -> None:
    axis = LogAxis(-4, 0)
    assert [axis.height_of(10.0**power) for power in (-4, -3, -2, -1, 0)] == [0, 0.25, 0.5, 0.75, 1]
    assert axis.height_of(0.0) == 0
    assert axis.height_of(1e9) == 1


@pytest.mark.parametrize("run", [name for name in RUNS if name not in ("NaN", "infinite")])
def test_the_axis_holds_the_whole_curve_and_chance(run: str) -> None:
    snapshot = snapshot_of(run)
    axis = loss_axis(snapshot)
    values = [*snapshot.curve.low.tolist(), *snapshot.curve.high.tolist(), snapshot.chance_loss]
    for value in values:
        if np.isfinite(value) and value > 0:
            assert 10.0**axis.low <= value * 1.000001
            assert value <= 10.0**axis.high * 1.000001


@pytest.mark.parametrize("height", [1, 2, 8, 20])
def test_the_axis_names_its_ends_and_chance(height: int) -> None:
    labels = [text for text, _ in paint_axis(snapshot_of("solved"), height)]
    assert len(labels) == height
    assert all(len(label) == BARS_WIDTH for label in labels)
    assert "always 0.5" in "".join(labels)
    if height > 2:
        assert labels[0].strip() == "1e+0"
        assert labels[-1].strip().startswith("1e-")


@pytest.mark.parametrize("width", [30, 58, 150])
@pytest.mark.parametrize("height", [2, 4, 5, 6, 20])
def test_the_loss_fills_its_pane_and_nothing_else(width: int, height: int) -> None:
    for snapshot in (snapshot_of("start"), snapshot_of("solved"), branched()):
        columns = columns_of(snapshot, width, height)
        for column in (None, columns.start, columns.stop - 1):
            for log_steps in (False, True):
                lines = paint_loss(snapshot, width, height, log_steps, column)
                assert len(lines) == height
                assert_well_painted(lines, width, height)


def test_small_panes_have_bars_and_larger_ones_a_chart() -> None:
    small, large = (plain_text(paint_loss(snapshot_of("solved"), 60, rows)) for rows in (5, 6))
    assert "█" in small
    assert "█" not in large
    assert any("⠁" <= glyph <= "⣿" for glyph in large)


def test_where_a_rewound_run_stands_is_seen_in_the_bars_too() -> None:
    assert "┃" in plain_text(paint_bars(branched(), 60, 4))


@pytest.mark.parametrize("height", [5, 20])
@pytest.mark.parametrize("log_steps", [False, True])
def test_what_is_read_off_the_curve_is_the_loss_at_that_step(height: int, log_steps: bool) -> None:
    snapshot = snapshot_at(Recipe(), 900)
    trainer = Trainer(Recipe())
    columns = columns_of(snapshot, 80, height)
    for column in (columns.start, columns.start + 7, columns.stop - 1):
        read = reading_at(snapshot, 80, height, column, log_steps)
        assert read is not None
        trainer.seek(read[0])
        assert trainer.snapshot().loss == read[1]


@pytest.mark.parametrize("log_steps", [False, True])
def test_the_line_that_reads_the_curve_stands_where_the_step_is(log_steps: bool) -> None:
    snapshot = snapshot_at(Recipe(), 900)
    columns = columns_of(snapshot, 80, 20)
    for column in (columns.start, columns.start + 30, columns.stop - 1):
        lines = text_of(paint_loss(snapshot, 80, 20, log_steps, column))
        assert sum(line[column] == "│" for line in lines[1:17]) > 10
    read = reading_at(snapshot, 80, 20, columns.stop - 1, log_steps)
    assert read == (900, snapshot.loss)


def test_the_line_of_always_one_half_has_its_own_number() -> None:
    dashed = [
        line[:7].strip()
        for height in range(8, 20)
        for line in text_of(paint_loss(snapshot_of("solved"), 60, height))
        if "╌" in line
    ]
    assert set(dashed) == {"0.125"}


def test_the_loss_is_read_with_every_digit() -> None:
    line = plain_text([paint_loss_title(snapshot_of("solved"), 80, (12, 0.123456789012345))])
    assert "0.123456789012345 at step 12" in line


# -- timeline, title, status -----------------------------------------------------------------------


@pytest.mark.parametrize("width", [10, 60, 120])
def test_the_timeline_shows_both_ends_position_edits_and_solved(width: int) -> None:
    trainer = Trainer(Recipe())
    trainer.step(1000)
    trainer.edit(Edit("learning_rate", value=0.2))
    trainer.step(2000)
    trainer.seek(1500)
    (line,) = paint_timeline(trainer.snapshot(), width)
    text = plain_text([line])
    assert text.startswith(" 0 ")
    assert text.endswith(" 3,000")
    assert text.count("●") == 1
    if width > 10:
        assert line_width(line) == width
        assert text.count("◆") == 1
        assert text.count("✓") == 1
        assert text.index("◆") < text.index("●") < text.index("✓")


def test_every_step_has_a_cell_of_the_bar() -> None:
    for last_step in (0, 1, 7, 1000):
        columns = [column_of(step, last_step, 50) for step in range(last_step + 1)]
        assert columns == sorted(columns)
        assert columns[0] >= 0
        assert columns[-1] <= 49


@pytest.mark.parametrize(("run", "width"), some_pairs(RUNS, WIDTHS, 2))
def test_the_title_always_says_step_loss_and_state(run: str, width: int) -> None:
    snapshot = snapshot_of(run)
    (line,) = paint_title(snapshot, width)
    assert_well_painted([line], width, 1)
    text = plain_text([line])
    assert f"step {snapshot.step:,}" in text
    assert f"loss {figure(snapshot.loss, '.2e')}" in text
    state = "diverged" if snapshot.diverged else "solved" if snapshot.solved else "paused"
    assert state in text


@pytest.mark.parametrize("width", WIDTHS)
def test_the_title_keeps_step_and_state_even_where_all_is_long(width: int) -> None:
    recipe = Recipe("parity8", (64, 64, 64, 64), bias=True, loss="cross-entropy", seed=2**32 - 1)
    snapshot = replace(Trainer(recipe).snapshot(), step=999_999_999, last_step=10**9)
    for running, seeking in ((True, None), (False, None), (False, 10**9)):
        (line,) = paint_title(snapshot, width, running, rate=123_456.0, seeking=seeking)
        assert line_width(line) == width
        if width >= 80:
            assert "step 999,999,999" in plain_text([line])


@pytest.mark.parametrize("width", range(60, 121, 5))
def test_nothing_in_the_title_touches_anything_else(width: int) -> None:
    goal = Breakpoint("loss", 1e-7)
    snapshot = replace(snapshot_of("solved"), step=26_034)
    (line,) = paint_title(snapshot, width, running=True, rate=16_000.0, goal=goal)
    text = plain_text([line])
    assert "xortui  " in text
    assert "  step 26,034 " in text
    assert "on to loss<1e-07, escape stops" in text


@pytest.mark.parametrize(("run", "width"), some_pairs(RUNS, WIDTHS, 2))
@pytest.mark.parametrize("height", [1, 2])
def test_the_words_on_a_run_fit_and_say_what_is_seen(run: str, width: int, height: int) -> None:
    snapshot = snapshot_of(run)
    found = diagnose(snapshot)
    lines = paint_status(snapshot, width, found, height=height)
    assert_well_painted(lines, width, len(lines))
    assert len(lines) <= height
    if found and width >= 80:
        assert found[0].seen in words_of(lines)


def words_of(lines: list[Line]) -> str:
    """The words of lines, with one blank between them."""
    return " ".join(plain_text(lines).split())


@pytest.mark.parametrize("run", RUNS)
def test_two_lines_of_80_columns_say_what_is_seen_why_and_what_to_try(run: str) -> None:
    for found in diagnose(snapshot_of(run)):
        said = words_of(paint_status(snapshot_of(run), 80, (found,)))
        whole = f"▲ {found.seen} {found.why} {found.try_this}"
        assert said == words_of([[(whole, "text")]]).replace("▲", said[0])


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_status_line_names_a_mistake_or_asks_for_it(mistake: str) -> None:
    snapshot = Trainer(Recipe(bias=True, mistake=mistake)).snapshot()
    assert MISTAKES[mistake].title in plain_text(paint_status(snapshot, 120, ()))
    asked = plain_text(paint_status(snapshot, 120, (), show_fault=False))
    assert MISTAKES[mistake].title not in asked
    assert "which operation is wrong?" in asked


def test_what_is_said_of_a_running_run_names_its_step() -> None:
    snapshot = snapshot_of("diverged")
    found = diagnose(snapshot)
    assert "▲ step 250: " in plain_text(paint_status(snapshot, 120, found, at=250))
    assert "step 250: " not in plain_text(paint_status(snapshot, 120, found))


def test_after_a_divergence_the_check_draws_no_point_and_says_why() -> None:
    trainer = Trainer(Recipe(learning_rate=10.0))
    trainer.run_for(5.0, at_most=300)
    snapshot = trainer.snapshot()
    assert snapshot.diverged
    found = difference_errors(snapshot.network, snapshot.parameters)
    errors = {error.step: error for error in found}
    lines = paint_differences(snapshot.recipe, 60, 30, tuple(errors.values()))
    assert not [text for line in lines for text, style in line if style in ("plus", "minus")]
    assert "at this step L is inf or NaN" in " ".join(plain_text(lines).split())


@pytest.mark.parametrize("width", [38, 41, 46, 47, 48, 60])
def test_the_title_of_the_errors_is_whole_beside_its_marks(width: int) -> None:
    text = plain_text(paint_differences(Recipe(), width, 30, ()))
    assert re.search(r"Error against (step size )?h +○ forward  ● central", text)
