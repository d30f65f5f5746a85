"""The step taken apart: every operation in order, and the numbers of the one at the cursor."""

import textwrap
from collections.abc import Callable, Sequence

import numpy as np
from textual import events
from textual.binding import Binding

from xortui.core.explain.calculation import shapes_line
from xortui.core.explain.cell import Explanation
from xortui.core.explain.term_names import parts_of, term_names
from xortui.core.model.names import notation, row_name
from xortui.core.model.network import Result
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import (
    DOINGS,
    NUMBER_WIDTH,
    Line,
    fitted,
    line_width,
    signed_span,
    spread,
    title,
)
from xortui.tui.drawing.pane import Pane
from xortui.tui.drawing.plain_glyphs import drawing
from xortui.tui.messages import CellMoved, NextRowFollowed
from xortui.tui.operation_cursor import OperationCursor

Draw = Callable[[str], str]

WIDE = 100  # from here on a row has room for the NumPy expression, too
FRAME = 6  # columns that a frame leaves of the title
PHASE = 10  # columns of the phase's name
EXPRESSION_AT = 48  # the column of the expression
LABELS = 6  # columns left of a matrix for what its rows are called
MAX_NAMED_ROWS = 4  # of a batch
SHORT = 24  # below this many lines the list scrolls to leave room for the numbers


def paint_operations(
    snapshot: Snapshot,
    width: int,
    height: int,
    cursor: OperationCursor | None,
    show_fault: bool = True,
    draw: Draw = str,
) -> list[Line]:
    """The list of operations, and below it the numbers of the one at the cursor.

    `show_fault` marks the operation that a mistake was built into. `draw` gives text the glyphs
    that are wanted, before it is laid out by its length.
    """
    count = len(snapshot.results)
    if cursor is None:
        where: Line = [("press n to step inside ", "accent")]
    else:
        where = [(f"operation {cursor.index + 1} of {count} ", "accent")]
    words = f"One step, from {snapshot.step:,} to {snapshot.step + 1:,}{_batch_words(snapshot)}"
    if len(words) + FRAME + line_width(where) > width:
        words = f"Step {snapshot.step:,}{_batch_words(snapshot)}"
    if len(words) + FRAME + line_width(where) > width:
        words = f"Step {snapshot.step:,}"
    heading = title(words, where, width)
    detail = [] if cursor is None else _detail(cursor, width, height, show_fault, draw)
    room = max(3, height - 1 - len(detail))
    return [heading, *_list(snapshot, width, room, cursor, show_fault, draw), *detail][:height]


def _batch_words(snapshot: Snapshot) -> str:
    """Which rows are in the batch, or how many where there are too many to name."""
    if snapshot.recipe.batch is None:
        return ""
    rows = np.flatnonzero(snapshot.in_batch).tolist()
    if len(rows) > MAX_NAMED_ROWS:
        return f", batch of {len(rows)} rows"
    names = (row_name(snapshot.recipe, row).removeprefix("row ") for row in rows)
    return f", batch: {' '.join(names)}"


def _list(
    snapshot: Snapshot,
    width: int,
    height: int,
    cursor: OperationCursor | None,
    show_fault: bool,
    draw: Draw,
) -> list[Line]:
    """One line an operation, a word where a phase begins; scrolled so that the cursor shows."""
    here = -1 if cursor is None else cursor.index
    lines: list[Line] = []
    at, phase = 0, ""
    for index, result in enumerate(snapshot.results):
        operation = result.operation
        word = operation.phase if operation.phase != phase else ""
        phase = operation.phase
        if index == here:
            at = len(lines)
        style = "heading" if index == here else "text" if index < here or here < 0 else "label"
        lines.append(
            _row(result, word, index == here, index < here, style, width, show_fault, draw)
        )
    first = min(max(0, at - height // 2), max(0, len(lines) - height))
    return lines[first : first + height]


def _row(
    result: Result,
    word: str,
    here: bool,
    done: bool,
    style: str,
    width: int,
    show_fault: bool,
    draw: Draw,
) -> Line:
    operation = result.operation
    mark = "›" if here else "✓" if done else " "
    formula = draw(operation.formula)
    broken: Line = [("  ✗ broken", "bad")] if show_fault and operation.fault else []
    # A long formula takes the room of the phase's name where that has none to say, and then of the
    # shapes, rather than to be cut.
    used = len(formula) + line_width(broken) + 2
    indent = PHASE if word else min(PHASE, max(1, width - used))
    line: Line = [
        (f" {word:<{indent - 1}}", "label"),
        (f"{mark} ", "accent" if here else "good"),
        (formula, style),
        *broken,
    ]
    expression = f"{operation.target} = {operation.expression}"
    if width >= WIDE and line_width(line) < EXPRESSION_AT:
        line = [*fitted(line, EXPRESSION_AT), (expression, "label")]
    shapes = draw(shapes_line(result))
    for shown in (shapes, shapes[shapes.rindex(draw("→")) :]):
        if line_width(line) + len(shown) + 3 <= width:
            return spread(line, [(f" {shown} ", "label")], width)
    return (
        line if line_width(line) <= width else [*fitted(line, width - 1)[:-1], (draw("…"), "label")]
    )


def _detail(
    cursor: OperationCursor, width: int, height: int, show_fault: bool, draw: Draw
) -> list[Line]:
    """What the operation at the cursor does: expression, reason, numbers, one written out."""
    operation = cursor.result.operation
    explanation = cursor.explanation
    marks: Line = []
    for doing, (glyph, style) in DOINGS.items():
        marks += [(glyph, style), (f" {doing}  ", "label")]
    expression: Line = [(f" {operation.target} = ", "label"), (operation.expression, "heading")]
    lines: list[Line] = [[]] if height >= SHORT else []
    if line_width(expression) + line_width(marks) <= width:
        lines.append(spread(expression, marks, width))
    else:  # a long one is not cut: the marks give way
        text = f"{operation.target} = {operation.expression}"
        lines += [[(f" {part}", "heading")] for part in textwrap.wrap(text, max(20, width - 2))]
    if show_fault and operation.fault:
        lines += [
            [(f" {text}", "bad")]
            for text in textwrap.wrap(draw(operation.fault), max(20, width - 2))
        ]
    else:
        lines += [
            [(f" {text}", "label")]
            for text in textwrap.wrap(draw(operation.why), max(20, width - 2))
        ]
    formula = draw(operation.formula)
    if PHASE + 2 + len(formula) > width:  # cut in the list
        lines += [[(f" {text}", "text")] for text in textwrap.wrap(formula, max(20, width - 2))]
    lines += _numbers(cursor, width, 4 if height < SHORT else 8)
    if height >= SHORT and any(names := term_names(cursor.snapshot.recipe, explanation.terms)):
        return lines + _named_terms(explanation, names, width, draw)
    written = textwrap.wrap(
        draw(explanation.text), max(20, width - 2), subsequent_indent="   ", break_long_words=False
    )
    lines += [[(f" {text}"[:width], "accent")] for text in written[: 3 if height < SHORT else 8]]
    return lines


def _named_terms(
    explanation: Explanation, names: Sequence[str], width: int, draw: Draw
) -> list[Line]:
    """A sum, each term with its row or unit; as many beside one another as there is room for."""
    cells = []
    for name, term in zip(names, explanation.terms, strict=True):
        share = "" if term.value else "  no share"
        cells.append((draw(f"{name}: " if name else ""), draw(f"{term.text}{share}")))
    widest = max(len(name) + len(text) for name, text in cells) + 3
    columns = max(1, min(2, (width - 3) // widest))
    lines: list[Line] = [[(draw(f" {explanation.left} ="), "accent")]]
    for start in range(0, len(cells), columns):
        line: Line = [("   ", "text")]
        for name, text in cells[start : start + columns]:
            line += [(name, "label"), (text.ljust(widest - len(name)), "text")]
        lines.append(line)
    return [*lines, [(draw(f"   = {explanation.result_text}"), "accent")]]


def _numbers(cursor: OperationCursor, width: int, most: int) -> list[Line]:
    """The result's numbers as a matrix around the chosen cell."""
    step = cursor.row_step
    value = cursor.result.value if step is None else step.value
    grid = np.atleast_2d(value)
    chosen = divmod(cursor.cell % max(1, grid.size), grid.shape[1])
    columns = max(1, (width - 4 - LABELS) // (NUMBER_WIDTH + 1))
    first_row, first_column = (
        min(max(0, at - shown // 2), max(0, size - shown))
        for at, shown, size in zip(chosen, (most, columns), grid.shape, strict=True)
    )
    lines: list[Line] = []
    recipe, target = cursor.snapshot.recipe, cursor.result.operation.target
    # One row followed has no table of its own to be labelled.
    is_labelled = cursor.row is None and value.ndim == 2
    left = LABELS if is_labelled else 0
    if is_labelled:
        shown = range(first_column, min(first_column + columns, grid.shape[1]))
        tops = [parts_of(recipe, target, (0, column))[1] for column in shown]
        if any(tops):
            words = "".join(f"{top:>{NUMBER_WIDTH}} " for top in tops)
            lines.append([(" " * (2 + left) + words, "label")])
    if cursor.row is not None:
        name = row_name(cursor.snapshot.recipe, cursor.row)
        words = f"{name} only"
        if step is None:
            words = f"{notation(target)} is one for all rows: {name} has none of its own"
        share = ", its share" if step is not None and step.is_share else ""
        lines.append([(f" {words}{share}", "label")])
    for row in range(first_row, min(first_row + most, grid.shape[0])):
        label = parts_of(recipe, target, (row, 0))[0] if is_labelled else ""
        line: Line = [(f"  {label:<{left}}"[: 2 + left], "label")]
        for column in range(first_column, min(first_column + columns, grid.shape[1])):
            text, style = signed_span(float(grid[row, column]))
            is_chosen = (row, column) == chosen
            line += [(text, "chosen" if is_chosen else style), (" ", "text")]
        lines.append(line)
    hidden = grid.size - min(most, grid.shape[0]) * min(columns, grid.shape[1])
    if hidden:
        lines.append([(f"  … {hidden} more numbers", "label")])
    return lines


class OperationsPane(Pane):
    """The operations. Arrows choose a number of the result, `t` follows a row of the table."""

    NAME = "Operations"

    BINDINGS = [
        Binding(
            "up",
            "cell(-1, True)",
            "number",
            key_display="↑↓←→",
            tooltip="Choose the number that is written out",
        ),
        Binding("down", "cell(1, True)", "Number below", show=False),
        Binding("left", "cell(-1)", "Number before", show=False),
        Binding("right", "cell(1)", "Number after", show=False),
        Binding(
            "t",
            "follow",
            "follow a row",
            tooltip="Follow the chosen row of the table, the next ones, all",
        ),
    ]

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        show_fault = self.frame is None or self.frame.show_fault
        draw = drawing(self)
        return paint_operations(snapshot, width, height, self.cursor, show_fault, draw)

    @property
    def asked(self) -> tuple[str, int | None]:
        return super().asked if self.cursor is None else (self.cursor.chosen, None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Between steps there is no number to choose, and no row to follow."""
        return action not in ("cell", "follow") or self.cursor is not None

    def action_cell(self, by: int, rows: bool = False) -> None:
        if self.cursor is None:
            return
        step = self.cursor.row_step
        shape = (self.cursor.result.value if step is None else step.value).shape
        width = shape[-1] if rows and shape else 1
        self.post_message(CellMoved(by * width))

    def action_follow(self) -> None:
        if self.cursor is not None:
            self.post_message(NextRowFollowed())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.action_cell(1, True)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.action_cell(-1, True)
