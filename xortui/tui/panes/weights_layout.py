"""Where everything of the weights pane stands: which rows and columns are shown, and where."""

from dataclasses import dataclass, replace

from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import NUMBER_WIDTH

LABEL_WIDTH = 9
COLUMN_WIDTH = NUMBER_WIDTH + 1
GAP = 5


@dataclass(frozen=True)
class Row:
    """One row of numbers of a matrix, the one row of a bias, or a heading where `index` is None.

    With `is_history` it is the line below it, of the paths that its numbers have come.
    """

    name: str
    index: int | None
    is_history: bool = False


def parameter_rows(snapshot: Snapshot) -> list[Row]:
    """All lines that the pane could show, from top to bottom."""
    rows = []
    for name, shape in snapshot.network.shapes.items():
        if len(shape) == 2:
            rows.append(Row(name, None))
        count = shape[0] if len(shape) == 2 else 1
        rows += [Row(name, index) for index in range(count)]
    return rows


def lines_shown(snapshot: Snapshot, width: int, height: int, first: int = 0) -> list[Row | None]:
    """What stands on each line below the title, from row `first` on; None is a blank line.

    Between layers there are blank lines, and below each row the weights' paths, where all fits.
    """
    rows, room = parameter_rows(snapshot), max(1, height - 1)
    layers = sum(row.index is None for row in rows)
    spaced = len(rows) + layers - 1 <= room
    beside = are_beside(snapshot, width)
    with_history = 2 * len(rows) - 1 <= room and not beside
    lines: list[Row | None] = []
    for row in rows[first:]:
        if row.index is None and spaced and lines:
            lines.append(None)
        lines.append(row)
        if with_history and row.index is not None:
            lines.append(replace(row, is_history=True))
    return lines[:room]


def columns_from(first: int, count: int, columns: int) -> range:
    """`count` of so many columns, from column `first` on or, at the end, the last."""
    first = max(0, min(first, columns - count))
    return range(first, first + count)


def number_of(snapshot: Snapshot, row: Row, column: int) -> int:
    """The place of a parameter in the flat vector."""
    index = f"{column}" if row.name[0] == "b" else f"{row.index},{column}"
    return snapshot.network.places[f"{row.name}[{index}]"]


def columns_shown(width: int, columns: int) -> tuple[int, bool]:
    """How many columns of a matrix fit beside its gradient's, and whether the change fits, too."""
    room = width - LABEL_WIDTH
    if columns * COLUMN_WIDTH * 3 + GAP * 2 <= room:
        return columns, True
    return max(1, min(columns, (room - GAP) // (2 * COLUMN_WIDTH))), False


def are_beside(snapshot: Snapshot, width: int) -> bool:
    """Whether the paths of all matrices fit right of their numbers."""
    widest = max(shape[-1] for shape in snapshot.network.shapes.values())
    room = width - LABEL_WIDTH - 3 * GAP
    return 4 * widest * COLUMN_WIDTH <= room
