"""Pure: the weights, gradients and changes of every matrix as lines of text."""

import math

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.names import notation, unit_name
from xortui.core.training.divergence import figure
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import (
    DOINGS,
    NOT_YET,
    NUMBER_WIDTH,
    Line,
    Span,
    fitted,
    line_width,
    marked_head,
    sign_style,
    signed_span,
    title,
)
from xortui.tui.drawing.theme import STRENGTHS
from xortui.tui.operation_cursor import OperationCursor, is_known, mark
from xortui.tui.panes.weight_paths import Paths, path_bars, paths_of
from xortui.tui.panes.weights_layout import (
    COLUMN_WIDTH,
    GAP,
    LABEL_WIDTH,
    Row,
    are_beside,
    columns_from,
    columns_shown,
    lines_shown,
    number_of,
)

SO_FAR = "so far"


def largest_weight(weights: list[Array]) -> float:
    """The greatest size of all finite numbers."""
    with np.errstate(all="ignore"):
        sizes = [np.abs(matrix[np.isfinite(matrix)]).max(initial=0.0) for matrix in weights]
    return float(max(sizes, default=0.0))


def paint_weights(
    snapshot: Snapshot,
    width: int,
    height: int,
    chosen: str | None = None,
    first: tuple[int, int] = (0, 0),
    cursor: OperationCursor | None = None,
    state: str | None = None,
) -> list[Line]:
    """The parameters from line and column `first` on, as many as fit.

    `chosen` is the parameter that is chosen, such as W1[0,1]. Inside a step, what the operation
    reads or makes is marked, and what is not computed yet is a dot. `state` is the letter of what
    the optimiser keeps, such as v, that stands in place of the change.
    """
    size = figure(snapshot.gradient_norm, ".1e")
    norm = f"gradient norm {size} " if cursor is None else ""
    lines = [title("Weights and gradients", [(norm, "label")], width)]
    largest = largest_weight([snapshot.values[name] for name in snapshot.network.shapes])
    paths = paths_of(snapshot)
    for row in lines_shown(snapshot, width, height, first[0]):
        if row is None:
            lines.append([])
        elif row.is_history:
            lines.append(_history_line(snapshot, row, width, first[1], paths))
        else:
            columns = first[1], cursor, state
            lines.append(_row_line(snapshot, row, width, chosen, *columns, largest, paths))
    return lines


def _history_line(snapshot: Snapshot, row: Row, width: int, first: int, paths: Paths) -> Line:
    """Below a row of weights the paths that they have come."""
    shape = snapshot.network.shapes[row.name]
    count, _ = columns_shown(width, shape[-1])
    line: Line = [(f"{SO_FAR:>{LABEL_WIDTH - 2}}  ", "label")]
    for column in columns_from(first, count, shape[-1]):
        line += [*path_bars(paths, number_of(snapshot, row, column)), (" ", "text")]
    return fitted(line, width)


def _row_line(
    snapshot: Snapshot,
    row: Row,
    width: int,
    chosen: str | None,
    first: int,
    cursor: OperationCursor | None,
    state: str | None,
    largest: float,
    paths: Paths,
) -> Line:
    name, shape = row.name, snapshot.network.shapes[row.name]
    layer, sizes = int(name[1:]), snapshot.recipe.sizes
    count, with_change = columns_shown(width, shape[-1])
    columns = columns_from(first, count, shape[-1])
    last = f"{state}{name}" if state else f"{name}+"
    groups = [name, f"d{name}", last]
    if not with_change:  # it takes the gradient's place while it is made, and a state always
        del groups[1 if state or mark(cursor, last) else 2]
    doings = [mark(cursor, group) for group in groups]
    if state:
        doings[-1] = mark(cursor, f"{last}+") or doings[-1]  # made, which reads it, too
    if row.index is None:
        head = _heading(layer, shape, columns, sizes, list(zip(groups, doings, strict=True)), width)
        if are_beside(snapshot, width):
            used = LABEL_WIDTH + 3 * count * COLUMN_WIDTH + 2 * GAP
            head = [*fitted(head, used), (f"{'':{GAP}}{SO_FAR}", "label")]
        return fitted(head, width)
    is_bias = name[0] == "b"
    label = notation(name) if is_bias else unit_name(layer - 1, row.index, sizes)
    line: Line = [(label.rjust(LABEL_WIDTH - GAP + 2), "label")]
    for group, doing in zip(groups, doings, strict=True):
        # A bias has no heading of its own, so its marks stand in the gaps.
        gap = GAP - 2 if group == name else GAP
        line += [*marked_head("", doing if is_bias else "", gap - 1), (" ", "text")]
        for column in columns:
            index = f"{column}" if is_bias else f"{row.index},{column}"
            span = _span(snapshot, group, row.index, column, cursor, largest)
            if group == name and f"{name}[{index}]" == chosen:
                span = span[0], "chosen"
            is_frozen = group == name and f"{name}[{index}]" in snapshot.recipe.frozen
            line += [span, ("*" if is_frozen else " ", "accent")]
    if are_beside(snapshot, width):
        line.append((" " * GAP, "text"))
        for column in columns:
            line += [*path_bars(paths, number_of(snapshot, row, column)), (" ", "text")]
    return fitted(line, width)


def _tinted(text: str, value: float, largest: float) -> Span:
    """A weight on a ground whose colour tells its sign, and whose depth its size."""
    style = sign_style(value)
    if style not in ("plus", "minus") or not largest:
        return text, style
    return text, f"{style}@{style}:{max(1, math.ceil(abs(value) / largest * STRENGTHS))}"


def _span(
    snapshot: Snapshot,
    group: str,
    row: int,
    column: int,
    cursor: OperationCursor | None,
    largest: float,
) -> Span:
    """One number: a weight, its gradient or its change, if it has been computed by now."""
    is_update = group.endswith("+")
    if is_update:
        values = snapshot.change(group[:-1])
    elif group[0] in snapshot.network.optimiser.kept and cursor and is_known(cursor, f"{group}+"):
        values = snapshot.made(group)  # the update has just replaced it
    else:
        values = snapshot.values[group]
    if (is_update or group[0] == "d") and not is_known(cursor, group):
        return NOT_YET
    value = float(values[row, column] if values.ndim == 2 else values[column])
    text, style = signed_span(value)
    if group[0] in "Wb" and not is_update:
        text, style = _tinted(text, value, largest)
    place = (row, column) if values.ndim == 2 else (column,)
    if cursor is not None and place in cursor.explanation.reads.get(group, ()):
        style = "reads"
    return text, style


def _heading(
    layer: int,
    shape: tuple[int, ...],
    columns: range,
    sizes: tuple[int, ...],
    groups: list[tuple[str, str]],
    width: int,
) -> Line:
    """The head of a matrix: its name and shape, its columns' units, and what each group is."""
    weights, doing = groups[0]
    units = "".join(unit_name(layer, column, sizes).rjust(NUMBER_WIDTH) + " " for column in columns)
    line: Line = [(f" {notation(weights)} ", "heading"), (f"{shape[0]}×{shape[1]}", "label")]
    glyph, style = DOINGS.get(doing, ("", "label"))
    line = [*fitted(line, LABEL_WIDTH), (glyph, style), (units[len(glyph) :], "label")]
    for group, doing in groups[1:]:
        words = "change" if group.endswith("+") else notation(group)
        if len(columns) == 1:
            line += [*marked_head(words, doing, GAP + NUMBER_WIDTH), (" ", "text")]
        else:
            head = marked_head(words, doing, len(words) + bool(doing))
            covered = line_width(head)
            if units[:COLUMN_WIDTH].strip() != units[covered:COLUMN_WIDTH].strip():
                covered = COLUMN_WIDTH  # the first unit's name gives way whole, not in part
                head = fitted(head, covered)
            rest = units[covered:]
            line += [(" " * GAP, "text"), *head, (rest, "label")]
    if len(columns) < shape[1]:
        # The units' names say which they are, where there is no room for more.
        notes = f"  {columns.start + 1}-{columns.stop} of {shape[1]}", f" of {shape[1]}", "…"
        room = width - line_width(line) - 1
        note = next((text for text in notes if len(text) <= room), "")
        line = [*fitted(line, width - len(note) - 1), (note, "accent")]
    return line
