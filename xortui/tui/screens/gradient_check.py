"""The gradient check, over the main screen and live: training and stepping go on behind it."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container

from xortui.core.analysis.gradcheck import DifferenceError, check_parameters, difference_errors
from xortui.tui.arrangement import Arrangement
from xortui.tui.frame import Frame
from xortui.tui.keys import EDITING, INSIDE, MOVING, RUNNING, bindings
from xortui.tui.pacing import CHUNK, FRAME, let_input_in
from xortui.tui.panes.footer import KeyLine
from xortui.tui.panes.gradient_table import DifferencePane, GradientTable
from xortui.tui.panes.size_notice import SizeNotice
from xortui.tui.panes.title import Title
from xortui.tui.run_screen import RunScreen

Item = TypeVar("Item")


class GradientCheckScreen(RunScreen):
    """Checks the step it is shown, again whenever there is a newer one and time for it."""

    CSS_PATH = "screens.tcss"
    BINDINGS = [
        Binding("escape,c,q", "dismiss", "close"),
        *bindings(RUNNING, INSIDE, MOVING, EDITING, "copy", without="check"),
    ]
    COPIED_UNFOCUSED = GradientTable

    def compose(self) -> ComposeResult:
        yield Title().data_bind(GradientCheckScreen.frame)
        with Container(id="check"):
            yield GradientTable()
            yield DifferencePane()
        yield SizeNotice()
        yield KeyLine()

    @property
    def is_done(self) -> bool:
        """Whether all of the newest snapshot has been checked."""
        return self.query_one(DifferencePane).frame is self.frame

    def on_resize(self) -> None:
        self.set_class(Arrangement(*self.app.size).is_framed, "-framed")

    def on_mount(self) -> None:
        self.on_resize()
        self.query_one(GradientTable).focus()
        self._check()

    @work(exclusive=True)
    async def _check(self) -> None:
        """Check the newest snapshot, in slices, as long as the screen is open."""
        table, chart = self.query_one(GradientTable), self.query_one(DifferencePane)
        done: Frame | None = None
        while True:
            frame, snapshot = self.frame, self.frame.snapshot
            if frame is done:
                await asyncio.sleep(FRAME)
                continue
            checks = [
                check
                async for check in _sliced(
                    check_parameters(snapshot.network, snapshot.parameters, snapshot.step)
                )
            ]
            # Each is shown with the step that it belongs to, never between two steps.
            table.set_reactive(GradientTable.checks, tuple(checks))
            table.frame = frame
            table.action_scroll_by(0)  # there may be fewer parameters now
            errors: dict[float, DifferenceError] = {}
            async for error in _sliced(
                difference_errors(snapshot.network, snapshot.parameters, step=snapshot.step)
            ):
                errors[error.step] = error
            chart.set_reactive(DifferencePane.errors, tuple(errors.values()))
            chart.frame = frame
            done = frame


async def _sliced(items: Iterable[Item]) -> AsyncIterator[Item]:
    """The items one by one; after every few milliseconds of work everything else gets its turn."""
    end = time.perf_counter() + CHUNK
    for item in items:
        yield item
        if time.perf_counter() > end:
            await let_input_in()
            end = time.perf_counter() + CHUNK
