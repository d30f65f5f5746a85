"""Their parameters by their own names, with what their update adds and what a right one would."""

import math

import numpy as np

from xortui.core.debug.recorded import ParameterThen, RecordedStep, differs
from xortui.core.model.functions import Array
from xortui.core.model.names import SUBSCRIPTS
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.highlight import in_cells
from xortui.tui.debug.pane import ScrolledPane
from xortui.tui.debug.value_pane import CELL, DEVIATION, as_table
from xortui.tui.drawing.lines import (
    NUMBER_WIDTH,
    Line,
    fitted,
    line_width,
    sign_style,
    signed,
    signed_span,
    title,
)
from xortui.tui.drawing.theme import STRENGTHS

GAP = 2


def paint_parameters(frame: DebugFrame, width: int) -> list[Line]:
    """All of them: numbers, your change, and the true one where it differs."""
    step = frame.step
    when = "" if step is None else f"step {step.number:,} "
    head = title("Your weights and their changes", [(when, "label")], width)
    return [head] if step is None else [head, *_lines(step, width)]


def _lines(step: RecordedStep, width: int) -> list[Line]:
    sizes = [np.abs(one.values[np.isfinite(one.values)]).max(initial=0.0)
             for one in step.parameters]  # fmt: skip
    largest = float(max(sizes, default=0.0))
    return [line for one in step.parameters for line in _parameter(one, width, largest)]


def _parameter(one: ParameterThen, width: int, largest: float) -> list[Line]:
    values, change = as_table(one.values), as_table(one.change)
    true = None if one.true is None else as_table(one.true)
    off = np.zeros(values.shape, bool) if true is None else differs(change, true)
    columns, tables = values.shape[1], 3 if off.any() else 2
    while tables > 1 and tables * columns * CELL + (tables - 1) * GAP + 1 > width:
        tables -= 1
    fitting = max(1, min(columns, (width - 1) // CELL)) if tables == 1 else columns
    shape = "×".join(map(str, one.values.shape)) or "one number"
    name, role = in_cells(one.name), f"{one.role[0]}{one.role[1:].translate(SUBSCRIPTS)}"
    block = fitting * CELL
    heads = ["your change", "true change"][: tables - 1]
    line: Line = [(f" {name}", "heading"), (f" {role} {shape}", "label")]
    if fitting < columns:
        line.append((f" 1-{fitting} of {columns}", "accent"))
    for number, head in enumerate(heads, start=1):
        start = 1 + number * (block + GAP)
        if line_width(line) < start:
            line = [*fitted(line, start), (head[: max(block, width - start)], "label")]
        else:
            line.append((f"  {head}", "label"))
    return [
        fitted(line, width),
        *(
            _row(values[row], change[row], None if true is None else true[row], off[row],
                 tables, fitting, largest, width)
            for row in range(len(values))
        ),
    ]  # fmt: skip


def _row(
    values: Array,
    change: Array,
    true: Array | None,
    off: Array,
    tables: int,
    columns: int,
    largest: float,
    width: int,
) -> Line:
    line: Line = [(" ", "text")]
    for value in values[:columns]:
        line += [_tinted(float(value), largest), (" ", "text")]
    if tables > 1:
        line.append((" " * GAP, "text"))
        for value, is_off in zip(change, off, strict=True):
            if is_off:
                line += [(signed(float(value)), "heading@bad:3"), (DEVIATION, "bad")]
            else:
                line += [signed_span(float(value)), (" ", "text")]
    if tables > 2 and true is not None:
        line.append((" " * GAP, "text"))
        for value in true:
            line += [signed_span(float(value)), (" ", "text")]
    return fitted(line, width)


def _tinted(value: float, largest: float) -> tuple[str, str]:
    text, style = signed(value, NUMBER_WIDTH), sign_style(value)
    if style not in ("plus", "minus") or not largest:
        return text, style
    return text, f"{style}@{style}:{max(1, math.ceil(abs(value) / largest * STRENGTHS))}"


class TheirWeights(ScrolledPane):
    """The weights pane."""

    def whole(self, frame: DebugFrame, width: int) -> list[Line]:
        return paint_parameters(frame, width)
