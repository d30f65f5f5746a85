"""Their updates against the true gradients: direction and factor of every parameter."""

from xortui.core.debug.report import DebugReport, ParameterFound
from xortui.core.model.names import SUBSCRIPTS
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.highlight import in_cells
from xortui.tui.debug.pane import DebugPane
from xortui.tui.debug.value_pane import wrapped_values
from xortui.tui.drawing.lines import Line, fitted, title

VERDICTS = {
    "right": ("✓ right", "good"),
    "wrong": ("✗ wrong", "bad"),
    "not updated": ("✗ not updated", "bad"),
    "unknown": ("? unknown", "label"),
}
NUMBERS = 10 + 11 + 2  # cells of direction and factor, and the blanks after them
ROLE, LINE = 8, 11  # cells of ∂L/∂W₁ and of the line
LEGEND = (
    "Direction 1: your update goes exactly down the gradient of the loss, summed over the patterns "
    "of the step. Factor: how far."
)


def grouped(report: DebugReport) -> list[tuple[str, ParameterFound]]:
    """The parameters; those of one name, role and verdict are one row."""
    rows: dict[tuple[str, str, str], list[ParameterFound]] = {}
    for one in report.parameters:
        rows.setdefault((one.name, one.role, one.verdict), []).append(one)
    return [
        (name if len(group) == 1 else f"{name} ({len(group)})", group[0])
        for (name, _, _), group in rows.items()
    ]


def role_words(role: str) -> str:
    """The gradient that an update is compared with: ∂L/∂W₁."""
    return f"∂L/∂{role[0]}{role[1:].translate(SUBSCRIPTS)}"


def paint_updates(frame: DebugFrame, width: int, height: int) -> list[Line]:
    """A row for every parameter, and what the columns mean where there is room for it."""
    report = None if frame.examination is None else frame.examination.report
    if report is None or not report.parameters:
        words = "" if report is None else "There are no updates to be judged."
        head = title("Your updates", [], width)
        return [head, *wrapped_values(words, "label", width)][:height]
    rows = grouped(report)
    words = "Your updates against the true gradient"
    head = title(words if len(words) + 4 <= width else "Your updates", [], width)
    wanted = max(len(in_cells(name)) for name, _ in rows)
    longest = max(len(VERDICTS[one.verdict][0]) for _, one in rows)
    least = 3 + NUMBERS + longest
    # A name is worth more than its role, unless it is cut all the same.
    with_role = width >= least + ROLE + (wanted if least + wanted <= width else min(wanted, 8))
    with_line = width >= 1 + min(wanted, 12) + 1 + ROLE + NUMBERS + longest + LINE
    used = 2 + ROLE * with_role + NUMBERS + longest + LINE * with_line
    size = max(4, min(wanted, width - used - 1))
    if wanted > size and not with_role:  # half a name may be that of several
        rows = [(role_words(one.role), one) for _, one in rows]
    blank = " " * (ROLE * with_role)
    columns = f" {'':{size}} {blank}{'direction':>10}{'factor':>11}"
    lines = [head, fitted([(columns, "label")], width)]
    lines += [_row(name, one, size, longest, with_role, with_line, width) for name, one in rows]
    if len(lines) > height:
        hidden = len(lines) - height + 1
        return [*lines[: height - 1], *wrapped_values(f"and {hidden} more", "accent", width)][
            :height
        ]
    legend = wrapped_values(LEGEND, "label", width)
    if len(lines) + len(legend) <= height:
        lines += legend
    return lines[:height]


def _row(
    name: str,
    one: ParameterFound,
    size: int,
    longest: int,
    with_role: bool,
    with_line: bool,
    width: int,
) -> Line:
    shown = in_cells(name)
    if len(shown) > size:  # its end tells it from others
        end = min(5, size // 2)
        shown = f"{shown[: size - end - 1]}…{shown[len(shown) - end :]}"
    words, style = VERDICTS[one.verdict]
    ink = "text" if one.verdict == "right" else style
    cosine = "-" if one.cosine is None else f"{one.cosine:.6f}"
    factor = "-" if one.factor is None else f"{one.factor:.4g}"
    line: Line = [(f" {shown:{size}} ", "heading")]
    if with_role:
        line.append((f"{role_words(one.role):{ROLE}}", "label"))
    line += [(f"{cosine:>10}{factor:>11}  ", ink), (f"{words:{longest}}", style)]
    if with_line and one.line is not None:
        line.append((f"  line {one.line}", "label"))
    return fitted(line, width)


class UpdatesPane(DebugPane):
    """The evidence."""

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        return paint_updates(frame, width, height)

    def height_for(self, frame: DebugFrame, width: int) -> int:
        return len(paint_updates(frame, width, 10_000))
