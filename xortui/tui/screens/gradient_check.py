"""The gradient check, over the main screen and live: training and stepping go on behind it."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.reactive import var
from textual.screen import Screen

from xortui.core.gradcheck import DifferenceError, check_parameters, difference_errors
from xortui.core.snapshot import Snapshot
from xortui.tui.pace import CHUNK, FRAME, TURNS_AFTER_CHUNK
from xortui.tui.panes.footer import WholeFooter
from xortui.tui.panes.gradient_table import DifferencePane, GradientTable
from xortui.tui.panes.title import Title

Item = TypeVar("Item")


class GradientCheckScreen(Screen[None]):
    """Checks the snapshot it is shown, again whenever there is a newer one and time for it."""

    CSS_PATH = "screens.tcss"
    BINDINGS = [Binding("escape,c", "dismiss", "Close")]  # noqa: RUF012

    snapshot: var[Snapshot | None] = var(None)

    def compose(self) -> ComposeResult:
        yield Title().data_bind(GradientCheckScreen.snapshot)
        with Container(id="check"):
            yield GradientTable()
            yield DifferencePane()
        yield WholeFooter(show_command_palette=False, compact=True)

    @property
    def is_done(self) -> bool:
        """Whether all of the newest snapshot has been checked."""
        chart = self.query_one(DifferencePane)
        return self.snapshot is not None and chart.snapshot is self.snapshot

    def on_mount(self) -> None:
        self.query_one(GradientTable).focus()
        self.watch(self.app, "snapshot", self._take)
        self._check()

    def _take(self, snapshot: Snapshot | None) -> None:
        self.snapshot = snapshot

    @work(exclusive=True)
    async def _check(self) -> None:
        """Check the newest snapshot, in slices, as long as the screen is open."""
        table, chart = self.query_one(GradientTable), self.query_one(DifferencePane)
        done: Snapshot | None = None
        while True:
            snapshot = self.snapshot
            if snapshot is None or snapshot is done:
                await asyncio.sleep(FRAME)
                continue
            checks = [
                check
                async for check in _sliced(check_parameters(snapshot.network, snapshot.parameters))
            ]
            table.snapshot, table.checks = snapshot, tuple(checks)
            errors: dict[float, DifferenceError] = {}
            async for error in _sliced(difference_errors(snapshot.network, snapshot.parameters)):
                errors[error.step] = error
            chart.snapshot, chart.errors = snapshot, tuple(errors.values())
            done = snapshot


async def _sliced(items: Iterable[Item]) -> AsyncIterator[Item]:
    """The items one by one; after every few milliseconds of work everything else gets its turn."""
    end = time.perf_counter() + CHUNK
    for item in items:
        yield item
        if time.perf_counter() > end:
            for _ in range(TURNS_AFTER_CHUNK):
                await asyncio.sleep(0)
            end = time.perf_counter() + CHUNK
