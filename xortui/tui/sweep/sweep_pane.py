"""The base of the panes of a sweep, and the words and marks that they share."""

import math
from collections.abc import Sequence
from typing import Any

from textual.geometry import Size
from textual.reactive import reactive

from xortui.core.analysis.ends import DIVERGED, KINDS, SOLVED, STILL_LEARNING
from xortui.core.analysis.statistics import percent
from xortui.core.model.recipe import Recipe
from xortui.core.sweep.outcome import Outcome
from xortui.core.sweep.plan import VARIED, Plan, varying_fields
from xortui.core.training.divergence import word_for
from xortui.reports.sweep import HEADS
from xortui.tui.drawing.lines import Line
from xortui.tui.drawing.pane import Pane

# In the order of KINDS: solved, lost, plateau, saddle, minimum, oscillates, worse, diverged, rest.
MARKS = dict(zip(KINDS, "✓◇─▲◆≈•✗○", strict=True))
STYLES_OF_KINDS = dict.fromkeys(KINDS, "warn") | {
    SOLVED: "good",
    DIVERGED: "bad",
    STILL_LEARNING: "label",
}


def head_of(field: str) -> str:
    """A recipe's field in words."""
    return HEADS.get(field, field)


def format_value(value: Any) -> str:
    """A value of a recipe's field, short enough for a column; a dash where it means nothing."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def cell_words(recipe: Recipe, fields: Sequence[str]) -> str:
    """What tells a cell from the others: `hidden 3, bias yes`."""
    return ", ".join(f"{head_of(field)} {format_value(recipe.given(field))}" for field in fields)


def share_words(solved: int, trials: int) -> str:
    """The share solved; a dash where nothing has been tried yet."""
    return percent(solved / trials, 1) if trials else "-"


def distinguished(before: Plan, now: Plan) -> tuple[str, str]:
    """What tells two plans apart, in the words of each; both empty where nothing does."""
    words: list[tuple[str, str]] = []
    for field in VARIED:
        values = [
            dict.fromkeys(format_value(recipe.given(field)) for recipe in plan.recipes)
            for plan in (before, now)
        ]
        texts = [f"{head_of(field)} {' '.join(each)}" for each in values]
        if texts[0] != texts[1]:
            words.append((texts[0], texts[1]))
    for name, texts in (
        ("seeds", [f"{plan.seeds.start}:{plan.seeds.stop}" for plan in (before, now)]),
        ("steps", [f"{plan.steps:,}" for plan in (before, now)]),
    ):
        if texts[0] != texts[1]:
            words.append((f"{name} {texts[0]}", f"{name} {texts[1]}"))
    return ", ".join(pair[0] for pair in words), ", ".join(pair[1] for pair in words)


def varied_in(plan: Plan) -> tuple[str, ...]:
    """The fields that vary in a plan."""
    return varying_fields(plan.recipes)


def loss_words(loss: float) -> str:
    """A loss in at most eight characters; what is not finite by name."""
    if not math.isfinite(loss):
        return word_for(loss)
    return f"{loss:.4f}" if 1e-3 <= loss < 10 else f"{loss:.1e}"


class SweepPane(Pane, can_focus=False):
    """Paints itself from `outcome`; subclasses define `paint_outcome`."""

    outcome: reactive[Outcome | None] = reactive(None)

    _height = 0

    def paint_outcome(self, outcome: Outcome, width: int, height: int) -> list[Line]:
        """The pane's lines."""
        raise NotImplementedError

    def height_of(self, outcome: Outcome) -> int:
        """How many lines there are to show, where the style sheet says `height: auto`."""
        return 1

    def watch_outcome(self, outcome: Outcome | None) -> None:
        """Lay the screen out again where the height is another, and only there: it takes long."""
        height = 0 if outcome is None else self.height_of(outcome)
        if height != self._height:
            self._height = height
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._height

    def paint_lines(self, width: int, height: int) -> list[Line]:
        return [] if self.outcome is None else self.paint_outcome(self.outcome, width, height)
