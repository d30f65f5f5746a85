"""What the panes of the sweep screen paint, with no app."""

import functools

import numpy as np
import pytest

from xortui.core.analysis.ends import ENDS
from xortui.core.analysis.statistics import Histogram, percent, wilson_interval
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import RecipeError
from xortui.core.sweep.outcome import MAX_LISTED, Outcome
from xortui.core.sweep.plan import Plan, SweepError, grid
from xortui.core.sweep.runner import Progress, Sweep
from xortui.core.text.ascii import to_ascii
from xortui.tui.drawing.lines import Line, line_width, plain_text
from xortui.tui.sweep.comparison import (
    Side,
    conclusion,
    paint_comparison,
    shared_networks,
    sides,
)
from xortui.tui.sweep.form import Entries
from xortui.tui.sweep.histogram import coarser, paint_histogram
from xortui.tui.sweep.progress import (
    paint_counts,
    paint_over,
    paint_progress,
    paint_sweep_title,
    paint_unsolved,
    swept_words,
)
from xortui.tui.sweep.sweep_pane import distinguished
from xortui.tui.sweep.table import interval_gauge, paint_map, paint_table
from xortui.tui.sweep.unsolved_list import listed

WIDTHS = (60, 80, 120, 200)


@functools.cache
def outcome(rates: tuple[float, ...] = (0.1,), hidden: tuple[int, ...] = (2,)) -> Outcome:
    """A sweep of 40 seeds for 2,500 steps."""
    varied = {"learning_rate": rates, "hidden": [(units,) for units in hidden]}
    sweep = Sweep(Plan(grid(Recipe(), varied), range(40), 2500))
    for _ in sweep.run(1.0):
        pass
    return Outcome.of(sweep.plan, sweep.cells())


def side(name: str, solved: int, trials: int) -> Side:
    return Side(name, solved, trials, wilson_interval(solved, trials))


def text(line: Line) -> str:
    return plain_text([line])


def test_an_outcome_adds_its_cells_up() -> None:
    found = outcome((0.1, 0.2))
    assert found.trials == found.finished == 80
    assert found.whole
    assert found.solved == sum(cell.solved for cell in found.cells)
    assert found.interval == wilson_interval(found.solved, 80)
    assert sum(found.counts.values()) == 80
    assert sum(found.steps.counts) == found.solved
    assert found.unsolved == 80 - found.solved == len(found.endings)


def test_each_ending_is_what_its_cell_holds() -> None:
    found = outcome()
    (cell,) = found.cells
    assert [ending.recipe.seed for ending in found.endings if ending.kind == "plateau"] == (
        cell.seeds_of("plateau")
    )
    for ending in found.endings:
        (index,) = np.flatnonzero(cell.seeds == ending.recipe.seed).tolist()
        assert ending.loss == cell.losses[index]
        assert ending.step == 2500


def test_a_table_has_a_line_for_each_recipe_with_its_interval() -> None:
    found = outcome((0.1, 0.2))
    lines = plain_text(paint_table(found, 100, 10)).splitlines()
    assert lines[0].endswith("seeds 0:40, 2,500 steps")
    for line, cell in zip(lines[2:], found.cells, strict=True):
        low, high = cell.interval
        assert line.split()[:3] == [f"{cell.recipe.learning_rate:g}", str(cell.solved), "40"]
        assert f"{100 * low:.1f}% to {100 * high:.1f}%" in line


@pytest.mark.slow
def test_a_map_has_the_share_of_every_pair_at_its_place() -> None:
    found = outcome((0.1, 0.2, 0.5), (2, 3))
    lines = plain_text(paint_map(found, 80, 10)).splitlines()
    assert lines[1].split() == ["learning", "rate", "↓", "hidden", "→", "2", "3"]
    for row, rate in enumerate((0.1, 0.2, 0.5)):
        shares = [
            percent(cell.solved / cell.trials, 1)
            for cell in found.cells
            if cell.recipe.learning_rate == rate
        ]
        assert lines[2 + row].split() == [f"{rate:g}", *shares]


@pytest.mark.slow
def test_a_map_says_what_has_no_room() -> None:
    found = outcome((0.1, 0.2, 0.5), (2, 3))
    assert "1 more to the right" in plain_text(paint_map(found, 42, 10))
    assert "2 more: make the terminal taller to see them" in plain_text(paint_map(found, 80, 4))


def test_a_gauge_holds_the_share_within_its_interval() -> None:
    gauge = text(interval_gauge(50, 100, wilson_interval(50, 100), 40))
    assert len(gauge) == 40
    assert gauge.index("━") < gauge.index("●") == 20 < gauge.rindex("━")
    assert text(interval_gauge(0, 100, wilson_interval(0, 100), 40)).startswith("●")
    assert text(interval_gauge(100, 100, wilson_interval(100, 100), 40)).endswith("●")
    assert text(interval_gauge(0, 0, (0, 1), 10)) == "·" * 10


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0.0%"), (1e-5, "<0.1%"), (0.981, "98.1%"), (0.9999, ">99.9%"), (1, "100%")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: float, words: str) -> None:
    assert percent(share, 1) == words


def test_a_histogram_is_as_high_as_its_counts_and_shows_the_smallest() -> None:
    counts = Histogram((0.0, 1.0, 2.0, 3.0, 4.0), (1000, 500, 1, 0), 0)
    lines = plain_text(paint_histogram("Steps", "note", counts, ("0", "4"), 30, 6)).splitlines()
    assert lines[0].split() == ["Steps", "note"]
    bars = [line[7:11].ljust(4) for line in lines[1:5]]
    assert [row[0] for row in bars] == ["█"] * 4
    assert [row[1] for row in bars] == [" ", " ", "█", "█"]
    assert [row[2] for row in bars] == [" ", " ", " ", "▁"]
    assert [row[3] for row in bars] == [" "] * 4
    assert "1,000" in lines[1]
    assert lines[-1].split() == ["0", "4"]


def test_bins_are_put_together_to_fit_and_none_is_lost() -> None:
    counts = list(range(240))
    for width in (1, 10, 39, 75, 240, 500):
        fitting = coarser(counts, width)
        assert len(fitting) <= width
        assert sum(fitting) == sum(counts)
    assert len(coarser(counts, 75)) == 60


def test_overlapping_intervals_are_not_told_apart() -> None:
    two, three = side("hidden 2", 451, 1000), side("hidden 3", 925, 1000)
    alike = conclusion(side("a", 45, 100), side("b", 50, 100))[0]
    assert "The intervals overlap: this many seeds cannot tell" in alike
    assert "do not overlap: the second" in conclusion(two, three)[0]
    assert "do not overlap: the first" in conclusion(three, two)[0]
    assert "not been tried" in conclusion(side("a", 0, 0), three)[0]


def test_nothing_is_concluded_before_the_end() -> None:
    two, three = side("hidden 2", 451, 1000), side("hidden 3", 0, 1000)
    words = plain_text(paint_comparison(two, three, 80, whole=False))
    assert "was stopped early" in words
    assert "overlap" not in words


def test_two_recipes_of_one_sweep_are_compared_where_there_is_none_before() -> None:
    pair = sides(outcome((0.1, 0.2)), None)
    assert pair is not None
    assert [each.name for each in pair] == ["learning rate 0.1", "learning rate 0.2"]
    assert sides(outcome(), None) is None


def test_a_sweep_that_contains_the_one_before_is_not_compared_with_it_as_if_independent() -> None:
    first, both = outcome(), outcome((0.1, 0.2))
    assert shared_networks(first.plan, both.plan) == 40
    pair = sides(both, first)
    assert pair is not None
    assert [each.name for each in pair] == ["learning rate 0.1", "learning rate 0.2"]
    mixed = outcome((0.1, 0.2, 0.5))
    pair = sides(mixed, first)
    assert pair is not None
    words = plain_text(paint_comparison(*pair, 80, shared=40))
    assert "40 networks are in both: the two are not independent samples." in words
    assert "overlap" not in words


def test_the_same_networks_trained_for_longer_are_no_second_try() -> None:
    plan = Plan((Recipe(),), range(10), 100)
    assert shared_networks(plan, Plan((Recipe(),), range(5, 20), 200)) == 5
    assert shared_networks(plan, Plan((Recipe(),), range(10, 20), 100)) == 0
    assert shared_networks(plan, Plan((Recipe(bias=True),), range(10), 100)) == 0


def test_two_sweeps_are_named_by_what_tells_them_apart() -> None:
    first = Plan((Recipe(),), range(10), 100)
    second = Plan((Recipe(hidden=(3,)),), range(20), 100)
    assert distinguished(first, second) == ("hidden 2, seeds 0:10", "hidden 3, seeds 0:20")
    assert distinguished(first, first) == ("", "")


def test_progress_says_what_is_done_and_what_remains() -> None:
    line = text(
        paint_progress(Progress(1000, 1000, 0, 200, 3, 0.25, 4.0, 0.0, 2500, 10_000), 100)[0]
    )
    assert "25%  step 2,500 of 10,000 on average  about 12 s left" in line
    room = line.split("  ")[0].strip()
    assert room.count("━") == pytest.approx(len(room) / 4, abs=1)


def test_a_stopped_sweep_says_what_is_missing() -> None:
    sweep = Sweep(Plan((Recipe(),), range(40), 10**6))
    turns = sweep.run(0.001)
    next(turns)
    turns.close()
    found = Outcome.of(sweep.plan, sweep.cells())
    assert not found.whole
    assert "stopped early: 0 of 40 networks finished" in text(paint_over(found, 200)[0])
    assert "done: 40 of 40" in text(paint_over(outcome(), 200)[0])
    assert "% so far (" in text(paint_counts(found, 200)[0])
    assert "share so far" in plain_text(paint_table(found, 100, 10))
    assert "so far" not in text(paint_counts(outcome(), 200)[0])
    assert "so far" not in plain_text(paint_table(outcome(), 100, 10))


def test_counts_stay_whole_on_a_narrow_screen() -> None:
    found = outcome((0.1, 0.2, 0.5), (2, 3))
    for width in (80, 120):
        words = text(paint_counts(found, width)[0])
        for count in found.counts.values():
            assert not count or f" {count} " in f"{words} "


def test_the_list_has_a_heading_for_each_kind_and_recipe() -> None:
    found = outcome((0.1, 0.2))
    lines = list(listed(found))
    assert [ending for _, ending in lines if ending is not None] == list(found.endings)
    first, ending = lines[0]
    assert ending is None
    assert " with learning rate 0.1: " in first
    kind = found.endings[0].kind
    assert first.endswith(f" - {ENDS[kind]}")


def test_a_long_list_is_cut_and_says_so() -> None:
    sweep = Sweep(Plan((Recipe(),), range(MAX_LISTED + 50), 1))
    for _ in sweep.run(1.0):
        pass
    found = Outcome.of(sweep.plan, sweep.cells())
    lines = list(listed(found))
    assert found.unsolved == MAX_LISTED + 50
    assert sum(ending is not None for _, ending in lines) <= MAX_LISTED
    left_out = found.unsolved - len(found.endings)
    said = sum(int(line.split()[2]) for line, _ in lines if "… and" in line)
    assert said == left_out > 0


def test_the_form_separates_values_with_blanks_or_commas_and_layers_with_commas() -> None:
    rates = Entries(first="learning_rate", first_values="0.1, 0.2,0.5 1").plan(Recipe())
    assert [recipe.learning_rate for recipe in rates.recipes] == [0.1, 0.2, 0.5, 1.0]
    sizes = Entries(first="hidden", first_values="2 4,3").plan(Recipe())
    assert [recipe.hidden for recipe in sizes.recipes] == [(2,), (4, 3)]
    assert Entries(steps="10,000").plan(Recipe()).steps == 10_000


def test_the_form_keeps_the_run_s_own_recipe() -> None:
    recipe = Recipe(hidden=(3,), bias=True)
    assert Entries(seeds="5:7").plan(recipe) == Plan((recipe,), range(5, 7), 10_000)


def test_the_form_refuses_in_one_sentence() -> None:
    with pytest.raises(SweepError, match="bias is chosen twice"):
        Entries(first="bias", first_values="true", second="bias", second_values="false").plan(
            Recipe()
        )
    with pytest.raises(RecipeError, match="bias cannot be"):
        Entries(first="bias", first_values="perhaps").plan(Recipe())


def test_the_title_leaves_the_seed_out() -> None:
    assert swept_words(Recipe(seed=3)) == "XOR 2-2-1 sigmoid, no bias, learning rate 0.1"


@pytest.mark.parametrize("width", WIDTHS)
def test_every_line_fits_and_has_an_ascii_form(width: int) -> None:
    one, many = outcome((0.1, 0.2)), outcome((0.1, 0.2, 0.5), (2, 3))
    pair = sides(one, outcome())
    assert pair is not None
    painted: list[Line] = [
        *paint_table(one, width, 20),
        *paint_map(many, width, 20),
        *paint_comparison(*pair, width),
        *paint_counts(many, width),
        *paint_over(many, width),
        *paint_unsolved(many, True, width),
        *paint_progress(Progress(1000, 1000, 0, 200, 3, 0.25, 4.0, 0.0, 2500, 10_000), width),
        *paint_histogram("Final loss", "log axis", many.losses, ("a", "b"), width, 8),
    ]
    for line in painted:
        assert line_width(line) == width
        assert to_ascii(text(line)).isascii(), text(line)
    for words, _ in listed(many):
        assert to_ascii(words).isascii(), words


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_recipe_in_the_title_is_never_cut_in_a_part(width: int) -> None:
    words = swept_words(Recipe(hidden=(12, 8), loss="cross-entropy", init="xavier"))
    shown_parts = text(paint_sweep_title(words, width)).partition("Many seeds")[2].split(", ")
    assert [part.strip() for part in shown_parts] == words.split(", ")[: len(shown_parts)]
