"""How far a sweep has come, and the counts so far."""

from textual.reactive import reactive

from xortui.core.analysis.ends import SOLVED
from xortui.core.analysis.statistics import interval_words, percent
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_words import in_words
from xortui.core.sweep.outcome import Outcome
from xortui.core.sweep.plan import format_seconds
from xortui.core.sweep.runner import Progress
from xortui.reports.sweep import stopped_early
from xortui.tui.drawing.lines import Line, fitted, line_width, title
from xortui.tui.drawing.pane import Pane
from xortui.tui.sweep.sweep_pane import MARKS, STYLES_OF_KINDS, SweepPane, share_words

MIN_BAR, MAX_BAR = 10, 60


def swept_words(recipe: Recipe) -> str:
    """The recipe that is swept: all but its seed."""
    words = in_words(recipe).split(", ")
    return ", ".join(word for word in words if word != f"seed {recipe.seed}")


def paint_sweep_title(words: str, width: int) -> Line:
    """The program, what the screen is, and the recipe, as much of it as fits whole."""
    name, parts = "  Many seeds  ", words.split(", ")
    brand: Line = [(" xortui ", "brand")]
    if line_width(brand) + len(name) + len(words) > width:
        brand = []
    while len(parts) > 1 and len(name) + len(", ".join(parts)) > width:
        parts.pop()
    return fitted([*brand, (name, "heading"), (", ".join(parts), "text")], width)


def paint_progress(progress: Progress, width: int) -> list[Line]:
    """One line: a bar, the share of the work done, the steps done and what remains."""
    left = progress.seconds_left
    remains = "" if left is None else f"  about {format_seconds(left)} left"
    done = (
        f"  {percent(progress.share):>4}  step {progress.step:,} of {progress.steps:,} on average"
    )
    choices = [f"{done}{remains}  escape stops", f"{done}{remains}", done]
    words = next((text for text in choices if len(text) + MIN_BAR + 2 <= width), done)
    room = max(MIN_BAR, min(MAX_BAR, width - len(words) - 2))
    full = int(progress.share * room)
    bar: Line = [(" ", "text"), ("━" * full, "accent"), ("─" * (room - full), "label")]
    return [fitted([*bar, (words, "text")], width)]


def paint_over(outcome: Outcome, width: int) -> list[Line]:
    """The same line when the sweep is over: what it was, or what is missing."""
    if stopped := stopped_early(outcome.plan, outcome.cells):
        first = stopped.partition(";")[0]
        words = stopped if len(stopped) + 3 <= width else first
        return [fitted([(f" ◆ {words}", "warn")], width)]
    done = f"done: {outcome.plan.networks:,} of {outcome.plan.networks:,}"
    return [fitted([(f" ✓ {done}", "good")], width)]


def paint_unsolved(outcome: Outcome, listed: bool, width: int) -> list[Line]:
    """The title of the list of unsolved runs."""
    if not listed:
        return [title("Not solved", [("listed when the sweep is over ", "label")], width)]
    hint = "enter opens that run " if outcome.unsolved else ""
    name = f"Not solved: {outcome.unsolved:,} of {outcome.trials:,}"
    return [title(name, [(hint, "label")], width)]


def paint_counts(outcome: Outcome, width: int) -> list[Line]:
    """One line: the share solved with its interval, and how many ended as what."""
    low_and_high = interval_words(outcome.interval)
    so_far_words = "" if outcome.whole else " so far"
    line: Line = [
        (f" {MARKS[SOLVED]} {outcome.solved:,} solved", "good"),
        (f" {share_words(outcome.solved, outcome.trials)}{so_far_words}", "heading"),
        (f" ({low_and_high}) ", "text"),
    ]
    others = [(kind, count) for kind, count in outcome.counts.items() if kind != SOLVED]
    words: list[Line] = [
        [(f" {MARKS[kind]} {count:,} {kind} ", style_of(kind, count)) for kind, count in others],
        [
            (f" {MARKS[kind]} {count:,} {kind}", style_of(kind, 1))
            for kind, count in others
            if count
        ],
        [(f" {MARKS[kind]} {count:,}", style_of(kind, 1)) for kind, count in others if count],
    ]
    room = width - line_width(line)
    return [fitted([*line, *next((w for w in words if line_width(w) <= room), words[-1])], width)]


def style_of(kind: str, count: int) -> str:
    """The style of a kind of end; quiet where there is none of it."""
    return STYLES_OF_KINDS[kind] if count else "label"


class SweepProgress(SweepPane):
    """The bar while a sweep runs, and what became of it afterwards."""

    progress: reactive[Progress | None] = reactive(None)

    def paint_lines(self, width: int, height: int) -> list[Line]:
        if self.progress is not None:
            return paint_progress(self.progress, width)
        return super().paint_lines(width, height)

    def paint_outcome(self, outcome: Outcome, width: int, height: int) -> list[Line]:
        return paint_over(outcome, width)


class SweepCounts(SweepPane):
    """The counts by kind."""

    def paint_outcome(self, outcome: Outcome, width: int, height: int) -> list[Line]:
        return paint_counts(outcome, width)


class UnsolvedTitle(SweepPane):
    """The line above the list."""

    listed = reactive(False)

    def paint_outcome(self, outcome: Outcome, width: int, height: int) -> list[Line]:
        return paint_unsolved(outcome, self.listed, width)


class SweepTitle(Pane, can_focus=False):
    """The title line: what the screen is, and the recipe that is swept."""

    words = reactive("")

    def paint_lines(self, width: int, height: int) -> list[Line]:
        return [paint_sweep_title(self.words, width)]
