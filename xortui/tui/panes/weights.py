"""The weights: every matrix with its name and shape, each number beside its gradient."""

import math
from dataclasses import replace

import numpy as np
from textual import events
from textual.binding import Binding
from textual.reactive import reactive

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
from xortui.tui.drawing.pane import LEFT_BUTTON, Pane
from xortui.tui.drawing.theme import STRENGTHS
from xortui.tui.frame import Frame
from xortui.tui.messages import WeightChosen
from xortui.tui.operation_cursor import OperationCursor, is_known, mark
from xortui.tui.panes.run_paths import MIN_LINES
from xortui.tui.panes.weight_paths import Paths, paint_weights_over_run, path_bars, paths_of
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
    parameter_rows,
)

SO_FAR = "so far"
TALL = 40  # from this many lines of the screen on there is room for paths


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


class Weights(Pane):
    """The weights pane: a cursor chooses a number, and the pane scrolls to where it is."""

    NAME = "Weights"

    BINDINGS = [
        Binding("up", "move(-1, 0)", "number", key_display="↑↓←→", tooltip="Choose a number"),
        Binding("down", "move(1, 0)", "Number below", show=False),
        Binding("left", "move(0, -1)", "Number to the left", show=False),
        Binding("right", "move(0, 1)", "Number to the right", show=False),
        Binding("enter", "choose", "edit", tooltip="Type a new value for the chosen weight"),
        Binding("v", "next_state", "moments", tooltip="Show what the optimiser keeps"),
        Binding("x", "choose(True)", "freeze", tooltip="Freeze the chosen weight, or unfreeze it"),
    ]

    TITLE_GIVES_WAY = True

    # The line among `parameter_rows`, and the column, of the number that is chosen.
    place = reactive((1, 0))
    # The letter of what the optimiser keeps that is shown in place of the change; empty for none.
    state = reactive("")

    @property
    def chosen(self) -> str | None:
        """The name of the parameter that the cursor is on."""
        if self.snapshot is None:
            return None
        row = parameter_rows(self.snapshot)[self.place[0]]
        index = f"{row.index},{self.place[1]}" if row.name[0] == "W" else f"{self.place[1]}"
        return f"{row.name}[{index}]"

    @property
    def asked(self) -> tuple[str, int | None]:
        return self.chosen or "loss", None

    def watch_frame(self, before: Frame | None, after: Frame | None) -> None:
        if before and after and before.snapshot.network.shapes != after.snapshot.network.shapes:
            self.place = (1, 0)

    def wanted_height(self, snapshot: Snapshot) -> int:
        rows = parameter_rows(snapshot)
        spaces = sum(row.index is None for row in rows) - 1
        if self.screen.size.height >= TALL and not are_beside(snapshot, self.room.width):
            return 2 * len(rows)
        return 1 + len(rows) + (spaces if self.is_framed else 0)

    def wanted_widths(self) -> tuple[int, ...]:
        if self.snapshot is None:
            return ()
        widest = max(shape[-1] for shape in self.snapshot.network.shapes.values()) * COLUMN_WIDTH
        head = LABEL_WIDTH + GAP
        fewer = (head + 2 * width for width in range(COLUMN_WIDTH, widest, COLUMN_WIDTH))
        return *fewer, head + 2 * widest, head + GAP + 3 * widest

    def more(self, snapshot: Snapshot) -> tuple[int, int]:
        first = self._first(snapshot)[0]
        shown = lines_shown(snapshot, *self.room, first)
        rows = sum(row is not None and not row.is_history for row in shown)
        return first, len(parameter_rows(snapshot)) - first - rows

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        chosen = self.chosen if self.has_focus else None
        first = self._first(snapshot)
        state = self.state if self.state in self._kept else None
        lines = paint_weights(snapshot, width, height, chosen, first, self.cursor, state)
        if height - len(lines) <= MIN_LINES or self.cursor is not None:
            return lines
        return [*lines, [], *paint_weights_over_run(snapshot, width, height - len(lines) - 1)]

    def _first(self, snapshot: Snapshot) -> tuple[int, int]:
        """The first line and column shown, so that the chosen number is."""
        rows, (line, column) = parameter_rows(snapshot), self.place
        if not self.has_focus:
            return 0, 0
        shape = snapshot.network.shapes[rows[line].name]
        count, _ = columns_shown(self.room.width, shape[-1])
        return max(0, line + 2 - self.room.height), max(0, column - count + 1)

    def action_move(self, down: int, right: int) -> None:
        if self.snapshot is None:
            return
        rows, (line, column) = parameter_rows(self.snapshot), self.place
        if down:
            target = line + down
            while 0 <= target < len(rows) and rows[target].index is None:
                target += down
            line = target if 0 <= target < len(rows) else line
        columns = self.snapshot.network.shapes[rows[line].name][-1]
        self.place = line, min(max(0, column + right), columns - 1)

    @property
    def _kept(self) -> tuple[str, ...]:
        """The letters of what the optimiser keeps for each parameter."""
        return () if self.snapshot is None else self.snapshot.network.optimiser.kept

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where the optimiser keeps nothing there are no moments to show."""
        return action != "next_state" or bool(self._kept)

    def action_next_state(self) -> None:
        """Show the next of what the optimiser keeps for each parameter; then the change again."""
        letters = ("", *self._kept)
        place = letters.index(self.state) if self.state in letters else 0
        self.state = letters[(place + 1) % len(letters)]

    def action_choose(self, toggle_frozen: bool = False) -> None:
        if self.snapshot is not None and (name := self.chosen):
            value = self.snapshot.parameters[self.snapshot.network.names.index(name)]
            self.post_message(WeightChosen(name, float(value), toggle_frozen))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the number that was clicked."""
        if self.snapshot is None:
            return
        first = self._first(self.snapshot)
        rows = lines_shown(self.snapshot, *self.room, first[0])
        spot = self.spot(event)
        row = rows[spot.y - 1] if 0 < spot.y <= len(rows) else None
        if row is not None:
            row = replace(row, is_history=False)
            column = (spot.x - LABEL_WIDTH) // COLUMN_WIDTH
            columns = self.snapshot.network.shapes[row.name][-1]
            count, _ = columns_shown(self.room.width, columns)
            if row.index is not None and 0 <= column < count:
                line = parameter_rows(self.snapshot).index(row)
                self.place = line, column + min(first[1], columns - count)
                if event.chain == 2 and event.button == LEFT_BUTTON:
                    self.action_choose()
