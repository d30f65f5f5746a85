"""The gradient check: every parameter, and how the error depends on the size of the step."""

import math
import textwrap
from collections.abc import Callable, Sequence

from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.analysis.gradcheck import (
    AT_KINK,
    FORWARD_STEP,
    NOT_FINITE,
    RIGHT,
    UNCERTAIN,
    WHY_CENTRAL,
    WRONG,
    DifferenceError,
    ParameterCheck,
    check_sigmoid,
    has_sigmoid,
    passed,
    summary,
)
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.names import parameter_name
from xortui.core.model.recipe import Recipe
from xortui.core.training.divergence import figure
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import Line, fitted, sign_style, title
from xortui.tui.drawing.pane import Pane
from xortui.tui.drawing.plain_glyphs import drawing

# A verdict is never cut: where there is no room for all, the relative errors give way.
WIDTH_BESIDE_NAMES = 56
MARKED = "○ forward  ● central "
NOT_FINITE_HERE = (
    "There is nothing to draw: at this step L is inf or NaN, and no difference of it is a number. "
    "Go back to a step before that."
)
WORST_ERROR, BEST_ERROR = 0, -12  # the powers of ten at the ends of the chart


def paint_checks(
    snapshot: Snapshot,
    width: int,
    height: int,
    checks: Sequence[ParameterCheck],
    worst_first: bool = False,
    first: int = 0,
) -> list[Line]:
    """Analytic beside numerical gradient, relative error and verdict, from line `first` on.

    The verdicts are counted on lines of their own: no width cuts them.
    """
    recipe, count = snapshot.recipe, len(snapshot.network.names)
    heading = title(f"Gradient check at step {snapshot.step:,}", [], width)
    if len(checks) < count:
        verdict: list[Line] = [[(f" {len(checks)} of {count} looked at so far", "label")]]
    else:
        wrong = any(check.verdict == WRONG for check in checks)
        style = "good" if passed(checks) else "bad" if wrong else "label"
        mark = {"good": "✓", "bad": "✗", "label": "–"}[style]
        wrapped = textwrap.wrap(
            f"{mark} {summary(checks)}", max(20, width - 2), subsequent_indent="  "
        )
        verdict = [[(f" {text}", style)] for text in wrapped]
    order = "worst first" if worst_first else "in order"
    names = {name: parameter_name(recipe, name) for name in snapshot.network.names}
    longest = max(len(order), *map(len, names.values()))
    has_errors = longest + WIDTH_BESIDE_NAMES <= width
    columns = f"{'∂L/∂w':>14}{'numerical':>14}{'rel. error' if has_errors else '':>12}"
    lines: list[Line] = [heading, *verdict, [(f" {order:<{longest}}{columns.rstrip()}", "label")]]
    shown = sorted(checks, key=_badness, reverse=True) if worst_first else checks
    for check in shown[first : first + max(0, height - len(lines))]:
        mark, style = _LOOKS[check.verdict]
        lines.append(
            [
                (f" {names[check.name]:<{longest}}", "text"),
                (f"{figure(check.analytic, '+.5e'):>14}", sign_style(check.analytic)),
                (f"{figure(check.numerical, '+.5e'):>14}", sign_style(check.numerical)),
                (f"{figure(check.relative_error, '.1e'):>12}" if has_errors else "", "text"),
                (f"  {mark} {check.verdict}", style),
            ]
        )
    return [fitted(line, width) for line in lines]


_LOOKS = {
    RIGHT: ("✓", "good"),
    WRONG: ("✗", "bad"),
    UNCERTAIN: ("?", "warn"),
    AT_KINK: ("–", "label"),
    NOT_FINITE: ("✗", "bad"),
}


def _badness(check: ParameterCheck) -> tuple[bool, bool, float]:
    """What is wrong comes first, then what nobody can tell, each by its error."""
    error = math.inf if math.isnan(check.relative_error) else check.relative_error
    return check.verdict == WRONG, check.verdict != RIGHT, error


class GradientTable(Pane):
    """The table of parameters; `s` sorts it, arrows scroll it."""

    NAME = "Gradient check"

    BINDINGS = [
        Binding("s", "sort", "sort", tooltip="Worst first, or in order"),
        Binding("up", "scroll_by(-1)", "scroll", key_display="↑↓", tooltip="Scroll"),
        Binding("down", "scroll_by(1)", "Down", show=False),
        Binding("pageup", "scroll_by(-10)", "Page up", show=False),
        Binding("pagedown", "scroll_by(10)", "Page down", show=False),
    ]

    checks: reactive[tuple[ParameterCheck, ...]] = reactive(())
    worst_first = reactive(False)
    first = reactive(0)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return paint_checks(snapshot, width, height, self.checks, self.worst_first, self.first)

    @property
    def asked(self) -> tuple[str, int | None]:
        """The gradient in the first line that is seen."""
        shown = self.checks
        if self.worst_first:
            shown = tuple(sorted(shown, key=_badness, reverse=True))
        return (f"d{shown[self.first].name}", None) if self.first < len(shown) else super().asked

    def action_sort(self) -> None:
        self.worst_first = not self.worst_first

    def more(self, snapshot: Snapshot) -> tuple[int, int]:
        return self.first, max(0, len(self.checks) - self.first - self._rows)

    @property
    def _rows(self) -> int:
        """How many parameters are seen at once, below title, verdict and heads."""
        if self.snapshot is None:
            return 0
        head = paint_checks(self.snapshot, *self.room, self.checks, first=len(self.checks))
        return max(0, self.room.height - len(head))

    def action_scroll_by(self, lines: int) -> None:
        most = max(0, len(self.checks) - self._rows)
        self.first = min(max(0, self.first + lines), most)

    def on_mouse_scroll_down(self) -> None:
        self.action_scroll_by(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_scroll_by(-1)


def paint_differences(
    recipe: Recipe,
    width: int,
    height: int,
    errors: Sequence[DifferenceError],
    draw: Callable[[str], str] = str,
) -> list[Line]:
    """The check of sigmoid', where there is a sigmoid, and the chart of error against step size,
    with words; `draw` gives them the glyphs that are wanted."""
    name = "Error against step size h"
    if len(name) + len(MARKED) + 2 > width:
        name = "Error against h"
    lines: list[Line] = [
        *(_sigmoid(width, recipe.is_points) if has_sigmoid(recipe) else []),
        title(name, [(MARKED, "label")], width),
        *_chart(errors),
        [],
    ]
    words = WHY_CENTRAL
    if errors and not any(math.isfinite(error.central) for error in errors):
        words = NOT_FINITE_HERE
    if recipe.mistake is not None:
        mistake = MISTAKES[recipe.mistake]
        words = mistake.no_gradient_error or words
    lines += [[(f" {text}", "text")] for text in textwrap.wrap(draw(words), max(20, width - 2))]
    return [fitted(line, width) for line in lines[:height]]


def _plain(text: str) -> Line:
    return [(text, "text")]


def _sigmoid(width: int, is_points: bool) -> list[Line]:
    """The check of sigmoid' at the two values of a bit."""
    word = " at" if is_points else "bit"
    return [
        title(f"σ′ by a forward difference, h = {FORWARD_STEP:g}", [], width),
        [("            analytic   numerical", "label")],
        *(
            _plain(f"   {word} {check.at:g}  {check.analytic:.8f}  {check.numerical:.8f}")
            for check in check_sigmoid()
        ),
        [],
    ]


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
                if math.isfinite(value) and _row_of(value) == power
            ]
            line += [*here, (" " * (3 - len(here)), "text")] if here else [("·  ", "label")]
        lines.append(line)
    steps = "".join(f"{-round(math.log10(error.step)):<3}" for error in errors)
    lines.append([(f"h=1e-  {steps}", "label")])
    return lines


def _row_of(value: float) -> int:
    """The power of ten, of those charted, that a value belongs to."""
    power = math.log10(max(value, 10.0**BEST_ERROR))
    return min(WORST_ERROR, max(BEST_ERROR, 2 * round(power / 2)))


class DifferencePane(Pane):
    """How good numerical derivatives are, and why."""

    NAME = "Error against step size"

    errors: reactive[tuple[DifferenceError, ...]] = reactive(())

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        draw = drawing(self)
        return paint_differences(snapshot.recipe, width, height, self.errors, draw)
