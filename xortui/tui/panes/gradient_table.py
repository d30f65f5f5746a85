"""The gradient check: every parameter, and how the error depends on the size of the step."""

import math
import textwrap
from collections.abc import Sequence

from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.gradcheck import (
    WHY_CENTRAL,
    DifferenceError,
    ParameterCheck,
    check_sigmoid,
)
from xortui.core.mistakes import MISTAKES
from xortui.core.recipe import Recipe
from xortui.core.snapshot import Snapshot
from xortui.tui.lines import Line, fitted, sign_style, title
from xortui.tui.pane import Pane

WORST_ERROR, BEST_ERROR = 0, -12  # the powers of ten at the ends of the chart


def paint_checks(
    snapshot: Snapshot,
    width: int,
    height: int,
    checks: Sequence[ParameterCheck],
    worst_first: bool = False,
    first: int = 0,
) -> list[Line]:
    """Analytic beside numerical gradient, relative error and verdict, from line `first` on."""
    count = len(snapshot.network.names)
    wrong = sum(check.ok is False for check in checks)
    if len(checks) < count:
        verdict: Line = [(f"{len(checks)} of {count} checked ", "label")]
    elif wrong:
        verdict = [(f"✗ {wrong} of {count} are wrong ", "bad")]
    else:
        verdict = [(f"✓ all {count} are right ", "good")]
    order = "worst first" if worst_first else "in order"
    lines: list[Line] = [
        title(f"Gradient check at step {snapshot.step:,}", verdict, width),
        [(f" {order:<14}      analytic       numerical   relative error", "label")],
    ]
    shown = sorted(checks, key=_badness, reverse=True) if worst_first else checks
    for check in shown[first : first + max(0, height - len(lines))]:
        style = {None: "label", True: "good", False: "bad"}[check.ok]
        mark = {None: "–", True: "✓", False: "✗"}[check.ok]
        lines.append(
            [
                (f" {check.name:<12}", "text"),
                (f"{check.analytic:+16.8e}", sign_style(check.analytic)),
                (f"{check.numerical:+16.8e}", sign_style(check.numerical)),
                (f"{check.relative_error:15.1e}  ", "text"),
                (f"{mark} {check.verdict}", style),
            ]
        )
    return [fitted(line, width) for line in lines]


def _badness(check: ParameterCheck) -> float:
    return math.inf if math.isnan(check.relative_error) else check.relative_error


class GradientTable(Pane):
    """The table of parameters; `s` sorts it, arrows scroll it."""

    BINDINGS = [  # noqa: RUF012
        Binding("s", "sort", "sort"),
        Binding("up", "scroll_by(-1)", "Up", show=False),
        Binding("down", "scroll_by(1)", "Down", show=False),
        Binding("pageup", "scroll_by(-10)", "Page up", show=False),
        Binding("pagedown", "scroll_by(10)", "Page down", show=False),
    ]

    checks: reactive[tuple[ParameterCheck, ...]] = reactive(())
    worst_first = reactive(False)
    first = reactive(0)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_checks(snapshot, width, height, self.checks, self.worst_first, self.first)

    def action_sort(self) -> None:
        self.worst_first = not self.worst_first

    def action_scroll_by(self, lines: int) -> None:
        most = max(0, len(self.checks) - (self.size.height - 2))
        self.first = min(max(0, self.first + lines), most)

    def on_mouse_scroll_down(self) -> None:
        self.action_scroll_by(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_scroll_by(-1)


def paint_differences(
    recipe: Recipe, width: int, height: int, errors: Sequence[DifferenceError]
) -> list[Line]:
    """The reference's check of sigmoid', and the chart of error against step size, with words."""
    sigmoid = check_sigmoid()
    lines: list[Line] = [
        title("The reference's check of σ′", [], width),
        [("   at    analytic   numerical", "label")],
        *(
            _plain(f"{check.at:5g}  {check.analytic:.8f}  {check.numerical:.8f}")
            for check in sigmoid
        ),
        [],
        title("Error against step size h", [("○ forward  ● central ", "label")], width),
        *_chart(errors),
        [],
    ]
    words = WHY_CENTRAL
    if recipe.mistake is not None:
        mistake = MISTAKES[recipe.mistake]
        words = mistake.no_gradient_error or words
    lines += [[(f" {text}", "text")] for text in textwrap.wrap(words, max(20, width - 2))]
    return [fitted(line, width) for line in lines[:height]]


def _plain(text: str) -> Line:
    return [(text, "text")]


def _chart(errors: Sequence[DifferenceError]) -> list[Line]:
    """One column for each step size, one line for each two powers of ten of the error."""
    powers = range(WORST_ERROR, BEST_ERROR - 1, -2)
    lines: list[Line] = []
    for power in powers:
        line: Line = [(f" 1e{power:+03d}  "[:7], "label")]
        for error in errors:
            here = [
                (mark, style)
                for mark, value, style in (
                    ("○", error.forward, "minus"),
                    ("●", error.central, "plus"),
                )
                if _row_of(value) == power
            ]
            line += [*here, (" " * (3 - len(here)), "text")] if here else [("·  ", "label")]
        lines.append(line)
    steps = "".join(f"{-round(math.log10(error.step)):<3}" for error in errors)
    lines.append([(f"h=1e-  {steps}", "label")])
    return lines


def _row_of(value: float) -> int:
    """The power of ten, of those charted, that a value belongs to."""
    if not math.isfinite(value):
        return WORST_ERROR
    power = math.log10(max(value, 10.0**BEST_ERROR))
    return min(WORST_ERROR, max(BEST_ERROR, 2 * round(power / 2)))


class DifferencePane(Pane):
    """How good numerical derivatives are, and why."""

    errors: reactive[tuple[DifferenceError, ...]] = reactive(())

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_differences(snapshot.recipe, width, height, self.errors)
