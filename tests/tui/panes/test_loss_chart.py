"""The loss chart, painted without an app: lines, ticks, marks and branches, all told in words."""

from dataclasses import replace

import numpy as np
import pytest

from tests.sample import some_pairs
from tests.tui.painting import (
    RUNS,
    assert_well_painted,
    is_braille,
    snapshot_at,
    snapshot_of,
    text_of,
)
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer
from xortui.tui.drawing.lines import line_width
from xortui.tui.panes.loss_chart import (
    BREAKPOINT,
    DIVERGED,
    EDIT,
    NOW,
    SOLVED,
    paint_loss_chart,
)
from xortui.tui.panes.loss_layout import LossAxis, LossChart

SIZES = [(1, 1), (12, 3), (30, 4), (60, 12), (119, 64)]


def branched() -> Snapshot:
    """Three branches: the one on which we stand was made at step 400, another one at 600."""
    trainer = Trainer(Recipe())
    trainer.seek(3000)
    for fork, rate, end in ((600, 0.3, 2600), (400, 0.05, 2000)):
        trainer.seek(fork)
        trainer.edit(Edit("learning_rate", value=rate))
        trainer.seek(end)
    trainer.seek(1500)
    return trainer.snapshot()


@pytest.mark.parametrize(("run", "size"), some_pairs(RUNS, SIZES, 2))
@pytest.mark.parametrize("log_steps", [False, True])
def test_every_line_is_exactly_as_wide_as_the_chart(
    run: str, size: tuple[int, int], log_steps: bool
) -> None:
    lines = paint_loss_chart(replace(snapshot_of(run), pauses=(0, 50)), *size, log_steps=log_steps)
    assert_well_painted(lines, *size)
    assert [line_width(line) for line in lines] == [size[0]] * size[1]


@pytest.mark.parametrize("size", SIZES)
def test_branches_stay_inside_too(size: tuple[int, int]) -> None:
    lines = paint_loss_chart(branched(), *size)
    assert [line_width(line) for line in lines] == [size[0]] * size[1]


def test_the_line_has_no_gap() -> None:
    rows = text_of(paint_loss_chart(snapshot_of("solved"), 80, 30)).splitlines()[:28]
    chart = LossChart.of(snapshot_of("solved"), 80, 30)
    for column in range(chart.left, chart.left + chart.columns):
        glyphs = "".join(row[column] for row in rows if column < len(row))
        assert any(is_braille(glyph) or glyph == NOW for glyph in glyphs), column


def test_it_goes_down_as_the_loss_does() -> None:
    rows = text_of(paint_loss_chart(snapshot_of("solved"), 80, 30)).splitlines()[:28]
    first = [next(i for i, c in enumerate(row) if is_braille(c)) for row in rows[2:-4]]
    assert first == sorted(first)


def test_decades_are_written_at_their_height() -> None:
    lines = text_of(paint_loss_chart(snapshot_at(Recipe(), 4000), 80, 30)).splitlines()
    axis = LossAxis.of(snapshot_at(Recipe(), 4000).curve.high, 0.125)
    words = {line[:6].strip(): row for row, line in enumerate(lines[:28])}
    assert words["0.1"] == axis.row(0.1, 28)
    assert words["0.01"] == axis.row(0.01, 28)
    assert words["0.1"] < words["0.01"]


def test_the_line_of_always_answering_one_half_is_named() -> None:
    for run in ("start", "solved", "two layers"):
        assert "always 0.5" in text_of(paint_loss_chart(snapshot_of(run), 80, 20))


@pytest.mark.parametrize("losses", [[0.12] * 5, [0.125, 0.01, 1e-9], [1e5, *[0.1] * 200]])
def test_the_axis_holds_what_matters(losses: list[float]) -> None:
    axis = LossAxis.of(np.array(losses), 0.125)
    assert axis.low <= min(losses)
    assert axis.high >= 0.125
    assert axis.high >= axis.low * 10
    assert axis.peak == (1e5 if losses[0] == 1e5 else None)
    assert (axis.heights(np.array([0.0, np.inf])) == [0, 1]).all()


def test_a_peak_that_is_cut_off_is_said_in_words() -> None:
    snapshot = snapshot_at(Recipe(learning_rate=5.0), 5000)
    assert "↑ peak 1.3e+307" in text_of(paint_loss_chart(snapshot, 60, 14))
    assert "peak" not in text_of(paint_loss_chart(snapshot_of("solved"), 60, 14))


def test_the_peak_of_another_branch_is_said_to_be_of_that_branch() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(200)
    trainer.seek(100)
    trainer.edit(Edit("learning_rate", value=30.0))
    trainer.seek(140)
    trainer.switch(0)
    trainer.seek(200)
    snapshot = trainer.snapshot()
    words = text_of(paint_loss_chart(snapshot, 100, 14))
    wild = snapshot.branches[1].curve
    step = int(wild.high.argmax())
    assert f"↑ peak {wild.high.max():.2g} at step {step} of branch 2" in words
    assert 100 < step <= 140


def test_what_happened_is_marked_at_its_step_with_a_glyph_and_words() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(1000)
    trainer.edit(Edit("learning_rate", value=0.2))
    trainer.seek(4000)
    trainer.seek(3000)
    snapshot = trainer.snapshot()
    lines = text_of(paint_loss_chart(replace(snapshot, pauses=(500,)), 100, 20)).splitlines()
    marks, chart = lines[-2], LossChart.of(snapshot, 100, 20)
    assert snapshot.solved_at is not None
    for glyph, step in ((BREAKPOINT, 500), (EDIT, 1000), (SOLVED, snapshot.solved_at), (NOW, 3000)):
        assert marks.index(glyph) == chart.column(step), glyph
    assert "η = 0.2" in marks
    assert f"solved {snapshot.solved_at:,}" in marks
    assert "now 3,000" in marks


def test_where_a_run_diverged_it_is_said_by_name() -> None:
    snapshot = snapshot_at(Recipe(learning_rate=100.0), 10_000)
    assert snapshot.diverged_at is not None
    lines = text_of(paint_loss_chart(snapshot, 60, 14)).splitlines()
    assert f"diverged {snapshot.diverged_at}" in lines[-2]
    assert DIVERGED in lines[-2]
    assert not any(NOW in line for line in lines), "a loss that is not finite has no place"


def test_every_branch_has_its_number_and_hue_at_its_end() -> None:
    lines = paint_loss_chart(branched(), 100, 30)
    text = text_of(lines)
    for words in ("1 original", "2 η = 0.3 at 600", "▸3 η = 0.05 at 400"):
        assert words in text
    for index, ink in enumerate(("curve", "hue2", "hue3"), start=1):
        numbers = [t for line in lines for t, style in line if style == ink and str(index) in t]
        assert numbers, ink


def test_another_branch_is_drawn_from_its_fork_on() -> None:
    snapshot = branched()
    # The first branch shares 400 steps with the present one; the second 600 with the first.
    assert [branch.fork for branch in snapshot.branches] == [400, 600, 0]
    chart = LossChart.of(snapshot, 100, 30)
    lines = paint_loss_chart(snapshot, 100, 30)
    for ink, fork in (("curve", 400), ("hue2", 600)):
        begins = []
        for line in lines[: chart.rows]:
            column = 0
            for text, style in line:
                drawn = isinstance(style, str) and style.partition("@")[0] == ink
                if drawn and any(map(is_braille, text)):
                    begins.append(column)
                column += len(text)
        assert min(begins) >= chart.column(fork) - 1


def test_with_logarithmic_steps_the_first_steps_have_room() -> None:
    snapshot = snapshot_at(Recipe(), 9999)
    chart = LossChart.of(snapshot, 100, 20, log_steps=True)
    places = [chart.column(step) - chart.left for step in (0, 9, 99, 999, 9999)]
    assert np.ptp(np.diff(places)) <= 1
    text = text_of(paint_loss_chart(snapshot, 100, 20, log_steps=True)).splitlines()[-1]
    assert text.split() == ["0", "1", "10", "100", "1,000", "9,999", "log"]


@pytest.mark.parametrize("log_steps", [False, True])
def test_a_column_is_read_at_the_step_where_it_begins(log_steps: bool) -> None:
    chart = LossChart.of(snapshot_of("solved"), 80, 20, log_steps)
    steps = [chart.step(column) for column in range(80)]
    assert steps == sorted(steps)
    assert steps[0] == 0
    assert steps[-1] <= 3000
    for column in range(chart.left, chart.left + chart.columns, 7):
        assert abs(chart.column(chart.step(column)) - column) <= 1 or log_steps


def test_the_column_that_is_read_has_a_line() -> None:
    lines = text_of(paint_loss_chart(snapshot_of("solved"), 80, 20, reading=50)).splitlines()
    assert sum(line[50] == "│" for line in lines[:18]) > 10


def test_the_peak_that_is_cut_off_stands_at_its_very_step() -> None:
    trainer = Trainer(Recipe(learning_rate=10.0))
    trainer.run_for(5.0, at_most=300)
    snapshot = trainer.snapshot()
    curve = snapshot.curve
    peak = int(curve.high.argmax())
    assert curve.width == 1
    assert peak == snapshot.last_step - 1, "the last loss that is finite"
    text = text_of(paint_loss_chart(snapshot, 70, 12))
    assert f"↑ peak {curve.high[peak]:.2g} at step {peak:,}" in text


def test_a_weight_that_was_edited_is_called_by_its_units() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(100)
    trainer.edit(Edit("weight", "W1[0,1]", 2.0))
    trainer.seek(300)
    assert "◆ W₁ x₁→h₂ = 2" in text_of(paint_loss_chart(trainer.snapshot(), 100, 12))


def test_at_80_columns_a_label_flipped_in_a_row_is_a_whole_name() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(400)
    trainer.seek(200)
    trainer.edit(Edit("label", 1))
    trainer.seek(300)
    text = text_of(paint_loss_chart(trainer.snapshot(), 80, 12))
    assert "▸2 label of row 01 flipped" in text
