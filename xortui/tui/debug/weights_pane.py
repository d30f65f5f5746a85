"""Their parameters by their own names, with what their update adds and what a right one would."""

import math

import numpy as np
from textual.binding import Binding

from xortui.core.debug.recorded import ParameterThen, RecordedStep, differs
from xortui.core.model.functions import Array
from xortui.core.model.names import SUBSCRIPTS
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.highlight import in_cells
from xortui.tui.debug.pane import DebugPane
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


def paint_parameters(frame: DebugFrame, width: int, height: int, first: int = 0) -> list[Line]:
    """All of them from line `first` on: numbers, your change, and the true one where it differs."""
    step = frame.step
    when = "" if step is None else f"step {step.number:,} "
    head = title("Your weights and their changes", [(when, "label")], width)
    if step is None:
        return [head][:height]
    return [head, *_lines(step, width)[first:]][:height]


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


class TheirWeights(DebugPane):
    """The weights pane; arrows scroll it."""

    BINDINGS = [
        Binding("up", "scroll(-1)", "scroll", key_display="↑↓", tooltip="Scroll"),
        Binding("down", "scroll(1)", "Scroll down", show=False),
    ]

    _first = 0

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        self._first = max(0, min(self._first, self.height_for(frame, width) - height))
        return paint_parameters(frame, width, height, self._first)

    def height_for(self, frame: DebugFrame, width: int) -> int:
        return len(paint_parameters(frame, width, 10_000))

    def beyond(self, frame: DebugFrame) -> tuple[int, int]:
        count = self.height_for(frame, self.room.width)
        return self._first, max(0, count - self._first - self.room.height)

    def action_scroll(self, by: int) -> None:
        self._first = max(0, self._first + by)
        self.refresh()

    def on_mouse_scroll_down(self) -> None:
        self.action_scroll(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_scroll(-1)
