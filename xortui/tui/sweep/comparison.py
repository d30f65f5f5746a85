"""Two sweeps side by side, or the two recipes of one: does the change help?"""

from dataclasses import dataclass

from textual.reactive import reactive

from xortui.core.analysis.statistics import interval_words
from xortui.core.sweep.outcome import Outcome
from xortui.core.sweep.plan import Plan
from xortui.core.sweep.results import GridCell
from xortui.tui.drawing.lines import Line, fitted, title
from xortui.tui.sweep.sweep_pane import SweepPane, cell_words, distinguished, share_words, varied_in
from xortui.tui.sweep.table import MAX_GAUGE, MIN_GAUGE, interval_gauge

LINES = 4
NOT_WHOLE = "This sweep was stopped early: with all its steps, more may be solved."


@dataclass(frozen=True)
class Side:
    """One of two things compared: so many solved of so many, within an interval."""

    name: str
    solved: int
    trials: int
    interval: tuple[float, float]


def shared_networks(one: Plan, other: Plan) -> int:
    """How many networks (a recipe with a seed) are in both plans: their results are no two tries.

    One that is trained for more steps is still the same network.
    """
    first, last = max(one.seeds[0], other.seeds[0]), min(one.seeds[-1], other.seeds[-1])
    return len(set(one.recipes) & set(other.recipes)) * max(0, last - first + 1)


def sides(outcome: Outcome, before: Outcome | None) -> tuple[Side, Side] | None:
    """What there is to compare: the sweep before with this one, else this one's two recipes.

    The sweep before gives way where this one has trained networks of it again: two recipes of one
    sweep share none.
    """
    is_again = before is not None and shared_networks(before.plan, outcome.plan) > 0
    if before is not None and not (is_again and len(outcome.cells) == 2):
        then, now = distinguished(before.plan, outcome.plan)
        return (
            _of_outcome(f"before: {then}" if then else "before", before),
            _of_outcome(f"now: {now}" if now else "now: the same", outcome),
        )
    if len(outcome.cells) == 2:
        fields = varied_in(outcome.plan)
        first, second = (_of_cell(cell_words(cell.recipe, fields), cell) for cell in outcome.cells)
        return first, second
    return None


def _of_outcome(name: str, outcome: Outcome) -> Side:
    return Side(name, outcome.solved, outcome.trials, outcome.interval)


def _of_cell(name: str, cell: GridCell) -> Side:
    return Side(name, cell.solved, cell.trials, cell.interval)


def conclusion(first: Side, second: Side) -> tuple[str, str]:
    """Whether the intervals overlap and what that says, in one sentence, and its style."""
    if not (first.trials and second.trials):
        return "One of them has not been tried yet.", "label"
    if first.interval[0] > second.interval[1] or second.interval[0] > first.interval[1]:
        more = "second" if second.interval[0] > first.interval[1] else "first"
        return f"The intervals do not overlap: the {more} really solves more.", "good"
    return "The intervals overlap: this many seeds cannot tell the two apart.", "warn"


def paint_comparison(
    first: Side, second: Side, width: int, whole: bool = True, shared: int = 0
) -> list[Line]:
    """A line for each side with its interval drawn, and the sentence.

    A sweep that is not `whole` says nothing yet: those not solved so far may still be. Nor are two
    compared that have `shared` networks.
    """
    texts = [
        f"{side.solved:>7,} of {side.trials:,}".ljust(18)
        + f"{share_words(side.solved, side.trials):>6}  "
        + f"{interval_words(side.interval):<16} "
        for side in (first, second)
    ]
    longest = max(len(first.name), len(second.name))
    gauge = min(MAX_GAUGE, width - max(map(len, texts)) - longest - 4)
    room = longest
    if gauge < MIN_GAUGE:
        gauge, room = 0, max(8, width - max(map(len, texts)) - 2)
    lines: list[Line] = [title("Side by side", [], width)]
    for side, text in zip((first, second), texts, strict=True):
        name = side.name if len(side.name) <= room else f"{side.name[: room - 1]}…"
        line: Line = [(f" {name:<{room}} ", "heading"), (text, "text")]
        if gauge:
            line += interval_gauge(side.solved, side.trials, side.interval, gauge)
        lines.append(line)
    words, style = conclusion(first, second) if whole else (NOT_WHOLE, "label")
    if shared:
        words = f"{shared:,} networks are in both: the two are not independent samples."
        style = "warn"
    lines.append([(f" {words}", style)])
    return [fitted(line, width) for line in lines]


class SweepComparison(SweepPane):
    """This sweep beside the one before; not there when there is nothing to compare."""

    before: reactive[Outcome | None] = reactive(None)

    def watch_outcome(self, outcome: Outcome | None) -> None:
        super().watch_outcome(outcome)
        self.display = self._sides() is not None

    def watch_before(self) -> None:
        self.display = self._sides() is not None

    def _sides(self) -> tuple[Side, Side] | None:
        return None if self.outcome is None else sides(self.outcome, self.before)

    def paint_outcome(self, outcome: Outcome, width: int, height: int) -> list[Line]:
        pair = self._sides()
        if pair is None:
            return []
        # Its own two recipes share no network.
        shared = 0
        if self.before is not None and pair[0].name.startswith("before"):
            shared = shared_networks(self.before.plan, outcome.plan)
        return paint_comparison(*pair, width, outcome.whole, shared)

    def height_of(self, outcome: Outcome) -> int:
        return LINES
