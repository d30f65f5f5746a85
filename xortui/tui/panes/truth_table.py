"""The truth table: every pattern with its label, output and error, right or wrong.

Where points are learned it is a table of these, of which only what is seen is painted.
"""

import math

from textual import events
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.analysis.over_run import outputs_over_run
from xortui.core.model.names import SUBSCRIPTS
from xortui.core.model.step import output_delta
from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import (
    ANSWERS,
    NOT_YET,
    NUMBER_WIDTH,
    Line,
    Span,
    marked_head,
    sign_style,
    signed_span,
    title,
)
from xortui.tui.drawing.pane import LEFT_BUTTON, Pane
from xortui.tui.frame import Frame
from xortui.tui.messages import LabelFlipped, RowFollowed
from xortui.tui.operation_cursor import OperationCursor, is_known, mark
from xortui.tui.panes.points_table import HEADER as POINTS_HEADER
from xortui.tui.panes.points_table import (
    INPUT_WIDTH,
    MOST_WANTED,
    NAME_WIDTH,
    VERDICT,
    batch_marks,
    batch_words,
    count_points,
    inputs_shown,
    paint_points_table,
)
from xortui.tui.panes.points_table import OTHERS as POINTS_OTHERS
from xortui.tui.panes.run_paths import MIN_LINES, RunPaths, paint_run_paths

HEADER = 2
LABEL_WIDTH = 5
BAR_WIDTH = 10
# What stands beside the bits and the bar: output, error, right or wrong, which is never cut off.
OTHERS = 2 + LABEL_WIDTH + 2 * NUMBER_WIDTH + 4 + len("  ≈ undecided")
EIGHTHS_ACROSS = " ▏▎▍▌▋▊▉"


def bit_width_for(inputs: int, width: int) -> int:
    """The cells for each input: two where three would leave no room for right or wrong."""
    return 3 if OTHERS + 3 * inputs <= width else 2


def paint_truth_table(
    snapshot: Snapshot,
    width: int,
    height: int,
    first: int = 0,
    chosen: int | None = None,
    cursor: OperationCursor | None = None,
) -> list[Line]:
    """The table from row `first` on, as many rows as fit; `chosen` is the row the cursor is on.

    Inside a step, what is not computed yet is a dot, and what the operation reads or makes is
    marked at the heads of the columns. Where there are batches, the rows in the batch of the step
    have a mark before them.
    """
    bits, delta = snapshot.recipe.table.bits, output_delta(snapshot.recipe)
    # The bar gives way where there are many bits, so that the verdict is never cut off.
    bit_width = bit_width_for(len(bits[0]), width)
    bar_width = min(BAR_WIDTH, max(0, width - OTHERS - bit_width * len(bits[0])))
    has_output, has_error = is_known(cursor, "yhat"), is_known(cursor, delta)
    shown = range(first, min(len(bits), first + max(1, height - HEADER)))
    names = "".join(
        f"x{i}".translate(SUBSCRIPTS).rjust(bit_width) for i in range(1, len(bits[0]) + 1)
    )
    right = int(snapshot.right.sum())
    in_batch = batch_marks(snapshot)
    tally: Line = [
        *batch_words(snapshot),
        (f"{right} of {len(bits)} right ", "good" if right == len(bits) else "label"),
    ]
    lines: list[Line] = [
        title("Truth table", tally, width),
        _heads(names, delta, cursor),
    ]
    answers = snapshot.answers
    for row in shown:
        output, error = float(snapshot.outputs[row]), float(snapshot.errors[row])
        answer = answers[row]
        lines.append(
            [
                ("›" if row == chosen else " ", "accent"),
                (in_batch[row], "accent"),
                ("".join(f"{bit:{bit_width}}" for bit in bits[row]), "text"),
                (f"{snapshot.labels[row]:4.0f} ", "heading"),
                *_results(output, error, answer, has_output, has_error, bar_width),
            ]
        )
    return lines


def _results(
    output: float,
    error: float,
    answer: str,
    has_output: bool,
    has_error: bool,
    bar_width: int,
) -> Line:
    """What the network made of a row, as far as it has been computed."""
    if not has_output:
        return [NOT_YET]
    spans: Line = [signed_span(output), ("  ", "text")]
    if has_error:
        spans += [signed_span(error), ("  ", "text"), *_bar(error, bar_width)]
    else:
        spans += [NOT_YET, (" " * (2 + bar_width), "text")]
    mark, style = ANSWERS[answer]
    return [*spans, (f"  {mark} {answer}", style)]


def _heads(names: str, delta: str, cursor: OperationCursor | None) -> Line:
    """The heads of the columns, with what the operation does to each."""
    line: Line = [("  ", "text")]
    for words, name, width in (
        (names, "X", len(names)),
        ("y", "Y", 4),
        ("ŷ", "yhat", 10),
        ("ŷ − y", delta, 11),
    ):
        line += marked_head(words, mark(cursor, name), width)
    return line


def _bar(error: float, width: int) -> list[Span]:
    """The size of an error: all cells are a whole label's distance."""
    size = min(1.0, abs(error)) if math.isfinite(error) else 1.0
    full, eighth = divmod(round(size * width * 8), 8)
    bar = "█" * full + (EIGHTHS_ACROSS[eighth] if eighth else "")
    return [(bar, sign_style(error)), ("·" * (width - len(bar)), "label")]


def paint_outputs_over_run(snapshot: Snapshot, width: int, height: int) -> list[Line]:
    """What the network has answered to every row since step 0."""
    names = ["".join(map(str, row)) for row in snapshot.recipe.table.bits]
    ticks = {0.0: "0", 0.5: "0.5", 1.0: "1"}
    paths = RunPaths(*outputs_over_run(snapshot), names, -0.25, 1.25, ticks)
    return paint_run_paths(paths, "The output of every row over the run", width, height)


def count_rows(snapshot: Snapshot) -> int:
    """How many rows the table has, points that are set aside included."""
    return count_points(snapshot) if snapshot.recipe.is_points else len(snapshot.outputs)


class TruthTable(Pane):
    """The truth table pane: a cursor chooses a row; a tall table scrolls with it."""

    NAME = "Truth table"

    BINDINGS = [
        Binding("up", "move(-1)", "row", key_display="↑↓", tooltip="Choose a row"),
        Binding("down", "move(1)", "Next row", show=False),
        Binding("pageup", "move(-10)", "Ten rows up", show=False),
        Binding("pagedown", "move(10)", "Ten rows down", show=False),
        Binding("enter", "flip", "flip label", tooltip="Flip the label of the chosen row"),
    ]

    TITLE_GIVES_WAY = True

    row = reactive(0)

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        chosen = self.row if self.has_focus else None
        first = self._first(height)
        if snapshot.recipe.is_points:
            return paint_points_table(snapshot, width, height, first, chosen, self.cursor)
        table = paint_truth_table(snapshot, width, height, first, chosen, self.cursor)
        if height - len(table) <= MIN_LINES or self.cursor is not None:
            return table
        return [*table, [], *paint_outputs_over_run(snapshot, width, height - len(table) - 1)]

    @property
    def asked(self) -> tuple[str, int | None]:
        if self.snapshot is not None and self.row >= len(self.snapshot.outputs):
            return super().asked  # nothing of a step is computed from a point set aside
        return f"yhat[{self.row},0]", None

    @property
    def _header(self) -> int:
        """The lines above the rows."""
        is_points = self.snapshot is not None and self.snapshot.recipe.is_points
        return POINTS_HEADER if is_points else HEADER

    @property
    def _rows(self) -> int:
        """How many rows there are to choose from."""
        return 1 if self.snapshot is None else count_rows(self.snapshot)

    def wanted_height(self, snapshot: Snapshot) -> int:
        if snapshot.recipe.is_points:
            return POINTS_HEADER + min(MOST_WANTED, count_points(snapshot))
        return HEADER + len(snapshot.outputs)

    def wanted_widths(self) -> tuple[int, ...]:
        inputs = 2 if self.snapshot is None else self.snapshot.recipe.inputs
        if self.snapshot is not None and self.snapshot.recipe.is_points:
            widths = [POINTS_OTHERS + INPUT_WIDTH * count for count in range(2, inputs + 1)]
            return (*widths, widths[-1] + VERDICT)
        return (OTHERS + 3 * inputs, OTHERS + 3 * inputs + BAR_WIDTH)

    def more(self, snapshot: Snapshot) -> tuple[int, int]:
        height = self.room.height
        first = self._first(height)
        return first, max(0, count_rows(snapshot) - first - max(1, height - self._header))

    def watch_frame(self, before: Frame | None, after: Frame | None) -> None:
        if before and after and count_rows(before.snapshot) != count_rows(after.snapshot):
            self.row = 0

    def _first(self, height: int) -> int:
        """The first row shown, so that the chosen one is."""
        return max(0, self.row - max(1, height - self._header) + 1)

    def action_move(self, rows: int) -> None:
        if self.snapshot is not None:
            self.row = min(max(0, self.row + rows), self._rows - 1)
            self._follow()

    def _follow(self) -> None:
        """Inside a step, the chosen row is the one that is followed through it."""
        if self.cursor is not None and not self._is_test:
            self.post_message(RowFollowed(self.row))

    @property
    def _is_test(self) -> bool:
        """Whether the chosen row is a point that is set aside."""
        return self.snapshot is not None and self.row >= len(self.snapshot.outputs)

    def action_flip(self) -> None:
        if self._is_test:
            self.notify("Test points are only looked at: their labels stay.")
        else:
            self.post_message(LabelFlipped(self.row))

    def on_mouse_scroll_down(self) -> None:
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-1)

    def on_click(self, event: events.Click) -> None:
        spot, (width, height) = self.spot(event), self.room
        row = self._first(height) + spot.y - self._header
        if self.snapshot is not None and spot.y >= self._header and row < self._rows:
            self.row = row
            inputs = self.snapshot.recipe.inputs
            label = 2 + bit_width_for(inputs, width) * inputs
            if self.snapshot.recipe.is_points:
                label = 2 + NAME_WIDTH + INPUT_WIDTH * inputs_shown(inputs, width)
            is_left = event.button == LEFT_BUTTON
            if is_left and (event.chain == 2 or label <= spot.x < label + LABEL_WIDTH):
                self.action_flip()
