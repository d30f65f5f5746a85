"""The weights: every matrix with its name and shape, each number beside its gradient."""

from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.functions import Array
from xortui.core.network import SUBSCRIPTS, written
from xortui.core.snapshot import Snapshot
from xortui.tui.lines import NUMBER_WIDTH, Line, fitted, line_width, signed_span, title
from xortui.tui.messages import WeightChosen
from xortui.tui.pane import Pane

LABEL_WIDTH = 9
COLUMN_WIDTH = NUMBER_WIDTH + 1
GAP = 3


@dataclass(frozen=True)
class Row:
    """One row of numbers of a matrix, the one row of a bias, or a heading where `index` is None."""

    name: str
    index: int | None


def parameter_rows(snapshot: Snapshot) -> list[Row]:
    """All lines that the pane could show, from top to bottom."""
    rows = []
    for name, shape in snapshot.network.shapes.items():
        if len(shape) == 2:
            rows.append(Row(name, None))
        count = shape[0] if len(shape) == 2 else 1
        rows += [Row(name, index) for index in range(count)]
    return rows


def unit_name(layer: int, index: int, sizes: tuple[int, ...]) -> str:
    """What a unit is called: x₁ in the inputs, h₂ in the one hidden layer, h₂.₃ in several, ŷ."""
    if layer == len(sizes) - 1:
        return "ŷ"
    if layer == 0:
        name = f"x{index + 1}"
    elif len(sizes) == 3:
        name = f"h{index + 1}"
    else:
        name = f"h{layer}.{index + 1}"
    return name.translate(SUBSCRIPTS)


def paint_weights(
    snapshot: Snapshot,
    width: int,
    height: int,
    chosen: str | None = None,
    first: tuple[int, int] = (0, 0),
) -> list[Line]:
    """The parameters from line and column `first` on, as many as fit.

    `chosen` is the parameter the cursor is on, such as W1[0,1].
    """
    rows = parameter_rows(snapshot)
    room = max(1, height - 1)
    # A blank line between layers where there is room for all of them.
    layers = sum(row.index is None for row in rows)
    spaced = len(rows) + layers - 1 <= room
    norm = f"gradient's length {snapshot.gradient_norm:.1e} "
    lines = [title("Weights and gradients", [(norm, "label")], width)]
    for row in rows[first[0] :]:
        if row.index is None and spaced and len(lines) > 1:
            lines.append([])
        lines.append(_row_line(snapshot, row, width, chosen, first[1]))
    return lines[: room + 1]


def columns_shown(width: int, columns: int) -> tuple[int, bool]:
    """How many columns of a matrix fit beside its gradient's, and whether the change fits, too."""
    room = width - LABEL_WIDTH
    if columns * COLUMN_WIDTH * 3 + GAP * 2 <= room:
        return columns, True
    return max(1, min(columns, (room - GAP) // (2 * COLUMN_WIDTH))), False


def _row_line(snapshot: Snapshot, row: Row, width: int, chosen: str | None, first: int) -> Line:
    name, layer = row.name, int(row.name[1:])
    shape = snapshot.network.shapes[name]
    sizes = snapshot.recipe.sizes
    count, with_change = columns_shown(width, shape[-1])
    first = min(first, shape[-1] - count)
    columns = range(first, first + count)
    if row.index is None:
        return _heading(name, layer, shape, columns, sizes, with_change, width)
    label = unit_name(layer - 1, row.index, sizes) if name[0] == "W" else written(name)
    line: Line = [(label.rjust(LABEL_WIDTH - 3) + "   ", "label")]
    for position, values in enumerate(
        (snapshot.values[name], snapshot.values[f"d{name}"], snapshot.change(name))[
            : 2 + with_change
        ]
    ):
        line.append((" " * GAP * (position > 0), "text"))
        for column in columns:
            index = f"{row.index},{column}" if name[0] == "W" else f"{column}"
            span = signed_span(_at(values, row.index, column))
            parameter = f"{name}[{index}]"
            if position == 0 and parameter == chosen:
                span = span[0], "chosen"
            mark = "*" if position == 0 and parameter in snapshot.recipe.frozen else " "
            line += [span, (mark, "accent")]
    return fitted(line, width)


def _at(values: Array, row: int, column: int) -> float:
    return float(values[row, column] if values.ndim == 2 else values[column])


def _heading(
    name: str,
    layer: int,
    shape: tuple[int, ...],
    columns: range,
    sizes: tuple[int, ...],
    with_change: bool,
    width: int,
) -> Line:
    units = "".join(unit_name(layer, column, sizes).rjust(NUMBER_WIDTH) + " " for column in columns)
    line: Line = [(f" {written(name)} ", "heading"), (f"{shape[0]}×{shape[1]}", "label")]
    line = [*fitted(line, LABEL_WIDTH), (units, "label")]
    groups = [written(f"d{name}")] + ["change"] * with_change
    for group in groups:
        text = group + units[len(group) :] if len(columns) > 1 else group.rjust(len(units) - 1)
        line.append((" " * GAP + text.ljust(len(units)), "label"))
    if len(columns) < shape[1]:
        note = f"{columns.start + 1}-{columns.stop} of {shape[1]}"
        line = [*fitted(line, max(0, width - len(note) - 1)), (note, "accent")]
    return line


class Weights(Pane):
    """The weights pane: a cursor chooses a number, and the pane scrolls to where it is."""

    BINDINGS = [  # noqa: RUF012
        Binding("up", "move(-1, 0)", "Number above", show=False),
        Binding("down", "move(1, 0)", "Number below", show=False),
        Binding("left", "move(0, -1)", "Number to the left", show=False),
        Binding("right", "move(0, 1)", "Number to the right", show=False),
        Binding("enter", "choose", "Type a new value", show=False),
        Binding("x", "choose(True)", "Freeze it or set it free", show=False),
    ]

    # Line among `parameter_rows`, and column.
    cursor = reactive((1, 0))

    @property
    def chosen(self) -> str | None:
        """The name of the parameter that the cursor is on."""
        if self.snapshot is None:
            return None
        row = parameter_rows(self.snapshot)[self.cursor[0]]
        index = f"{row.index},{self.cursor[1]}" if row.name[0] == "W" else f"{self.cursor[1]}"
        return f"{row.name}[{index}]"

    def watch_snapshot(self, before: Snapshot | None, after: Snapshot | None) -> None:
        if before and after and before.network.shapes != after.network.shapes:
            self.cursor = (1, 0)
            self.refresh(layout=True)

    def wanted_height(self, snapshot: Snapshot) -> int:
        rows = parameter_rows(snapshot)
        spaces = sum(row.index is None for row in rows) - 1
        return 1 + len(rows) + (0 if self.screen.has_class("-low") else spaces)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        chosen = self.chosen if self.has_focus else None
        return paint_weights(snapshot, width, height, chosen, self._first(snapshot))

    def _first(self, snapshot: Snapshot) -> tuple[int, int]:
        """The first line and column shown, so that the cursor is."""
        rows, (line, column) = parameter_rows(snapshot), self.cursor
        if not self.has_focus:
            return 0, 0
        shape = snapshot.network.shapes[rows[line].name]
        count, _ = columns_shown(self.size.width, shape[-1])
        return max(0, line + 2 - self.size.height), max(0, column - count + 1)

    def action_move(self, down: int, right: int) -> None:
        if self.snapshot is None:
            return
        rows, (line, column) = parameter_rows(self.snapshot), self.cursor
        if down:
            target = line + down
            while 0 <= target < len(rows) and rows[target].index is None:
                target += down
            line = target if 0 <= target < len(rows) else line
        columns = self.snapshot.network.shapes[rows[line].name][-1]
        self.cursor = line, min(max(0, column + right), columns - 1)

    def action_choose(self, toggle_frozen: bool = False) -> None:
        if self.snapshot is not None and (name := self.chosen):
            value = self.snapshot.parameters[self.snapshot.network.names.index(name)]
            self.post_message(WeightChosen(name, float(value), toggle_frozen))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the number that was clicked."""
        if self.snapshot is None:
            return
        lines = self.lines()
        rows = parameter_rows(self.snapshot)[self._first(self.snapshot)[0] :]
        shown = [index for index, line in enumerate(lines) if index and line_width(line)]
        if event.y in shown:
            row = rows[shown.index(event.y)]
            column = (event.x - LABEL_WIDTH) // COLUMN_WIDTH
            columns = self.snapshot.network.shapes[row.name][-1]
            if row.index is not None and 0 <= column < columns:
                line = parameter_rows(self.snapshot).index(row)
                self.cursor = line, column + min(self._first(self.snapshot)[1], columns - 1)
