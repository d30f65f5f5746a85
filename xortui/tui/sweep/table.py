"""The share solved: a line for each recipe, or a map where two things vary."""

import numpy as np
from rich.style import Style

from xortui.core.analysis.statistics import interval_words, percent
from xortui.core.sweep.outcome import Outcome
from xortui.core.sweep.results import GridCell
from xortui.tui.drawing.heatmap import RISING, levels
from xortui.tui.drawing.lines import Line, fitted, title
from xortui.tui.sweep.sweep_pane import SweepPane, format_value, head_of, share_words, varied_in

MIN_GAUGE, MAX_GAUGE = 12, 60
HEAD_LINES = 2
MAP_CELL = 8
TEXTS = 1 + 7 + 1 + 7 + 1 + 2 + len("59.4% to 65.3%")  # beside the name and the share


def paint_table(outcome: Outcome, width: int, height: int) -> list[Line]:
    """One line for each recipe: how many are solved, the share, its interval as text and drawn."""
    fields = varied_in(outcome.plan)
    names = [
        " ".join(format_value(cell.recipe.given(field)) for field in fields)
        or cell.recipe.architecture
        for cell in outcome.cells
    ]
    head = ", ".join(map(head_of, fields)) or "network"
    column = max(len(head), *map(len, names)) + 1
    mark = "" if outcome.whole else " so far"
    share_head = f"share{mark}"
    room = max(7, len(share_head) + 1)
    if column + room + TEXTS > width:  # the head says it for all
        share_head, mark = mark.strip() or share_head, ""
        room = max(7, len(share_head) + 1)
    texts = f" {head:<{column}}{'solved':>7} {'of':>7} {share_head:>{room}}  {'95% interval':<16} "
    gauge = min(MAX_GAUGE, width - len(texts) - 1)
    drawn = gauge >= MIN_GAUGE
    axis = f"0%{'100%':>{gauge - 2}}" if drawn else ""
    lines: list[Line] = [
        title("Share solved", [(_asked(outcome), "label")], width),
        [(texts + axis, "label")],
    ]
    for name, cell in zip(names, outcome.cells, strict=True):
        line: Line = [
            (f" {name:<{column}}", "heading"),
            (f"{cell.solved:>7,} {cell.trials:>7,} ", "text"),
            (f"{share_words(cell.solved, cell.trials):>{room - len(mark)}}{mark}  ", "heading"),
            (f"{interval_words(cell.interval) if cell.trials else '-':<16} ", "text"),
        ]
        if drawn:
            line += interval_gauge(cell.solved, cell.trials, cell.interval, gauge)
        lines.append(line)
    return _cut(lines, width, height)


def paint_map(outcome: Outcome, width: int, height: int) -> list[Line]:
    """The share solved for every pair of values: the number on a shade; dots where none is tried.

    What has more values goes down.
    """
    down, across = _down_and_across(outcome)
    found = {(c.recipe.given(down), c.recipe.given(across)): c for c in outcome.cells}
    rows, columns = (list(dict.fromkeys(key[i] for key in found)) for i in (0, 1))
    corner = f"{head_of(down)} ↓  {head_of(across)} →"
    left = max(len(corner), *(len(format_value(value)) for value in rows)) + 2
    cell_width = max(MAP_CELL, *(len(format_value(value)) + 2 for value in columns))
    room = max(1, (width - left) // cell_width)
    hidden = len(columns) - room
    note = f"… {hidden} more to the right " if hidden > 0 else _asked(outcome)
    lines: list[Line] = [
        title("Share solved", [(note, "label")], width),
        [
            (f" {corner:<{left - 1}}", "label"),
            *((format_value(value).center(cell_width), "heading") for value in columns[:room]),
        ],
    ]
    for row in rows:
        line: Line = [(f" {format_value(row):<{left - 1}}", "heading")]
        for column in columns[:room]:
            cell = found.get((row, column))  # not every optimiser has every number
            line.append(_shaded(cell, cell_width) if cell else (" " * cell_width, "label"))
        lines.append(line)
    return _cut(lines, width, height)


def interval_gauge(solved: int, trials: int, interval: tuple[float, float], width: int) -> Line:
    """The interval drawn from 0% to 100%, and the share in it."""
    if not trials:
        return [("·" * width, "label")]
    low, share, high = (
        min(width - 1, int(value * width)) for value in (interval[0], solved / trials, interval[1])
    )
    return [
        ("·" * low, "label"),
        ("━" * (share - low), "plus"),
        ("●", "accent"),
        ("━" * (high - share), "plus"),
        ("·" * (width - 1 - high), "label"),
    ]


def _down_and_across(outcome: Outcome) -> tuple[str, str]:
    first, second = varied_in(outcome.plan)
    counts = {
        field: len({cell.recipe.given(field) for cell in outcome.cells})
        for field in (first, second)
    }
    return (first, second) if counts[first] >= counts[second] else (second, first)


def _asked(outcome: Outcome) -> str:
    plan = outcome.plan
    return f"seeds {plan.seeds.start}:{plan.seeds.stop}, {plan.steps:,} steps "


def _shaded(cell: GridCell, width: int) -> tuple[str, str | Style]:
    if not cell.trials:
        return "·".center(width), "label"
    share = cell.solved / cell.trials
    level = int(levels(np.array([share]))[0])
    return percent(share, 1).center(width), RISING.mark(level, level)


def _cut(lines: list[Line], width: int, height: int) -> list[Line]:
    if len(lines) > height > HEAD_LINES:
        missing = len(lines) - height + 1
        lines = [
            *lines[: height - 1],
            [(f" … {missing} more: make the terminal taller to see them", "label")],
        ]
    return [fitted(line, width) for line in lines[:height]]


class SweepTable(SweepPane):
    """The table, or the map where two things vary."""

    def paint_outcome(self, outcome: Outcome, width: int, height: int) -> list[Line]:
        paint = paint_map if len(varied_in(outcome.plan)) == 2 else paint_table
        return paint(outcome, width, height)

    def height_of(self, outcome: Outcome) -> int:
        if len(varied_in(outcome.plan)) != 2:
            return HEAD_LINES + len(outcome.cells)
        down, _ = _down_and_across(outcome)
        return HEAD_LINES + len({getattr(cell.recipe, down) for cell in outcome.cells})
