"""The weights pane: a cursor chooses a number among those of all matrices."""

from dataclasses import replace

from textual import events
from textual.binding import Binding
from textual.reactive import reactive

from xortui.core.training.snapshot import Snapshot
from xortui.tui.drawing.lines import Line
from xortui.tui.drawing.pane import LEFT_BUTTON, Pane
from xortui.tui.frame import Frame
from xortui.tui.messages import WeightChosen
from xortui.tui.panes.run_paths import MIN_LINES
from xortui.tui.panes.weight_paths import paint_weights_over_run
from xortui.tui.panes.weights_layout import (
    COLUMN_WIDTH,
    GAP,
    LABEL_WIDTH,
    are_beside,
    columns_shown,
    lines_shown,
    parameter_rows,
)
from xortui.tui.panes.weights_table import paint_weights

TALL = 40  # from this many lines of the screen on there is room for paths


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
