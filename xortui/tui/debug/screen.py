"""DebugScreen: somebody's own script, what is wrong with it, and their run step by step."""

import time
from dataclasses import replace

from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import var
from textual.timer import Timer

from xortui.core.debug.examination import Examination
from xortui.reports.debug import debug_text
from xortui.tui.arrangement import Arrangement
from xortui.tui.debug.bars import TABS, DebugTabs, DebugTitle, HintLine, StepsBar, Verdict
from xortui.tui.debug.examiner import Examiner
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.keys import debug_bindings
from xortui.tui.debug.loss_pane import TheirLoss
from xortui.tui.debug.pane import DebugPane
from xortui.tui.debug.places import VIEWS, arrange
from xortui.tui.debug.source_pane import SourcePane, first_wrong
from xortui.tui.debug.steps_screen import StepsScreen, first_known
from xortui.tui.debug.truth_pane import TheirTruthTable
from xortui.tui.debug.updates_pane import UpdatesPane
from xortui.tui.debug.value_pane import ValuePane
from xortui.tui.debug.weights_pane import TheirWeights
from xortui.tui.drawing.line_widget import Panel
from xortui.tui.drawing.pane import Pane
from xortui.tui.frame import Frame
from xortui.tui.messages import MenuWanted
from xortui.tui.panes.footer import KeyLine
from xortui.tui.panes.size_notice import SizeNotice
from xortui.tui.views.diagram import DiagramPane
from xortui.tui.views.surface import SurfacePane

TICK = 0.1  # seconds between two looks at the clock while the script runs
WATCH = 1.0  # seconds between two looks at the file
COLUMNS = ("debug-left", "debug-middle", "debug-right")
WHERE = {
    "script": 0, "value": 0, "updates": 1, "loss": 1, "truth": 1, "weights": 1,
    "surface": 2, "network": 2,
}  # fmt: skip


class DebugScreen(StepsScreen):
    """Their script with everything that was found out about it."""

    BINDINGS = debug_bindings()

    class Examined(Message):
        """The script has been run; `source` is what it said then, or None."""

        def __init__(
            self, source: str | None, found: Examination | None, problem: str, stamp: object
        ) -> None:
            super().__init__()
            self.source, self.found, self.problem, self.stamp = source, found, problem, stamp

    opened = var("script")
    is_alone = var(False)

    def __init__(
        self, examiner: Examiner, source: str, examination: Examination | None = None
    ) -> None:
        super().__init__(DebugFrame(examiner.script.path, source, examiner.script.seconds))
        self.examiner = examiner
        self._given = examination
        self._began = 0.0
        self._clock: Timer | None = None
        self._stamp: object = None  # of the file as it was when it was run
        self._views_of: tuple[object, int] | None = None

    def compose(self) -> ComposeResult:
        yield DebugTitle().data_bind(DebugScreen.shown)
        yield Verdict().data_bind(DebugScreen.shown)
        yield DebugTabs().data_bind(DebugScreen.shown)
        with Panel(id="debug"):
            with Panel(id=COLUMNS[0]):
                yield SourcePane(id="script").data_bind(DebugScreen.shown)
                yield ValuePane(id="value").data_bind(DebugScreen.shown)
            with Panel(id=COLUMNS[1]):
                yield UpdatesPane(id="updates").data_bind(DebugScreen.shown)
                yield TheirLoss(id="loss").data_bind(DebugScreen.shown)
                yield TheirTruthTable(id="truth").data_bind(DebugScreen.shown)
                yield TheirWeights(id="weights").data_bind(DebugScreen.shown)
            with Panel(id=COLUMNS[2]):
                yield SurfacePane(id="surface")
                yield DiagramPane(id="network")
        yield SizeNotice()
        yield HintLine().data_bind(DebugScreen.shown)
        yield StepsBar().data_bind(DebugScreen.shown)
        yield KeyLine()

    def on_mount(self) -> None:
        for name, (digit, _, _) in TABS.items():
            self.query_one(f"#{name}", Pane).digit = digit
        self.watch(self, "focused", self.divide, init=False)
        if self._given is not None:
            self._stamp = self.examiner.script.stamp
            self._take(self._given)
        else:
            self.run_script()
        self.set_interval(WATCH, self._look_at_file)
        self.divide()

    def on_resize(self) -> None:
        self.divide()

    # -- running the script --------------------------------------------------------------------

    def run_script(self) -> None:
        """Run it in the background, in place of what runs already."""
        self._stamp = stamp = self.examiner.script.stamp
        self._began = time.monotonic()
        self.shown = replace(self.shown, seconds=0.0, changed=False, problem="")

        def tell(source: str | None, found: Examination | None, problem: str) -> None:
            self.post_message(self.Examined(source, found, problem, stamp))

        self.examiner.start(tell)
        if self._clock is None:
            self._clock = self.set_interval(TICK, self._tick)

    @property
    def runs_script(self) -> bool:
        """Whether the script is being run."""
        return self.shown.seconds is not None

    def _tick(self) -> None:
        if self.runs_script:
            self.shown = replace(self.shown, seconds=time.monotonic() - self._began)

    def stop_script(self) -> None:
        """End the script; what was found before stays."""
        self.examiner.stop()
        self.shown = replace(self.shown, seconds=None)
        self.divide()

    def on_debug_screen_examined(self, message: Examined) -> None:
        if message.stamp is not self._stamp or not self.runs_script:
            return  # it was stopped, or is being run again
        if message.source is not None:
            self.shown = replace(self.shown, source=message.source)
        if message.found is None:
            self.shown = replace(self.shown, seconds=None, problem=message.problem)
        else:
            self._take(message.found)
        self.divide()

    def _take(self, found: Examination) -> None:
        """Show what was found, with the cursor on the first wrong line."""
        shown = replace(
            self.shown, examination=found, at=None, seconds=None, problem="",
            position=0 if found.recording is None else found.recording.base,
        )  # fmt: skip
        self.shown = replace(shown, line=first_wrong(shown) or first_known(shown))

    def _look_at_file(self) -> None:
        changed = self.examiner.script.stamp != self._stamp
        if changed != self.shown.changed:
            self.shown = replace(self.shown, changed=changed)

    def action_run_again(self) -> None:
        self.run_script()

    # -- where everything stands ---------------------------------------------------------------

    def watch_shown(self, before: DebugFrame, after: DebugFrame) -> None:
        if (before.stop, before.line) != (after.stop, after.line) or (
            before.examination is not after.examination
        ):
            self.call_later(self.divide)
        elif before.position != after.position:
            self._show_views()

    def watch_opened(self) -> None:
        self.divide()

    def watch_is_alone(self) -> None:
        self.divide()

    @property
    def has_views(self) -> bool:
        """Whether xortui's own views can show their network."""
        found = self.shown.examination
        return found is not None and found.run is not None and found.count > 0

    def divide(self) -> None:
        """Give every pane its place and its lines."""
        if not self.is_mounted:
            return
        room = Arrangement(*self.app.size)
        self.set_class(room.is_framed, "-framed")
        verdict = self.query_one(Verdict)
        high = verdict.height_for(self.shown, room.width)
        verdict.styles.height = high
        lines = room.height - high - 5  # title, tabs, hint, steps and footer
        places = arrange(
            room, lines, self._wanted(room), self.opened,
            has_steps=self.count > 0, has_views=self.has_views, is_alone=self.is_alone,
        )  # fmt: skip
        shown = {name: size for _, panes in places.columns for name, size in panes.items()}
        widths = {WHERE[next(iter(panes))]: width for width, panes in places.columns}
        for number, name in enumerate(COLUMNS):
            column = self.query_one(f"#{name}")
            column.display = number in widths
            width = widths.get(number)
            column.styles.width = "1fr" if width is None else width
        for name in WHERE:
            pane = self.query_one(f"#{name}", Pane)
            pane.display = name in shown
            size = shown.get(name)
            pane.styles.height = "1fr" if size is None else size
        focused = self.focused
        self.query_one(DebugTabs).tell(places.shown, None if focused is None else focused.id)
        self._show_views()

    def _wanted(self, room: Arrangement) -> dict[str, int]:
        """The lines that panes want, their frames included."""
        edges = room.is_framed
        wanted = {}
        for pane in self.query(DebugPane):
            if pane.id in WHERE:
                width = max(20, pane.outer_size.width or room.width // 2) - 2 * edges
                wanted[pane.id or ""] = pane.height_for(self.shown, width) + edges
        return wanted

    def _show_views(self) -> None:
        """Their network at this step on xortui's own views, where they are seen."""
        found, position = self.shown.examination, self.shown.position
        panes = [self.query_one(f"#{name}", Pane) for name in VIEWS]
        if not (self.has_views and found and any(pane.display for pane in panes)):
            return
        if self._views_of == (found, position):
            frame = panes[0].frame
        else:
            snapshot = found.snapshot(position)
            frame = None if snapshot is None else Frame(snapshot)
            self._views_of = found, position
        for pane in panes:
            if frame is not None and pane.frame is not frame:
                pane.frame = frame

    # -- what panes ask for --------------------------------------------------------------------

    async def on_menu_wanted(self, message: MenuWanted) -> None:
        from xortui.tui.screens.pane_menu import open_menu

        await open_menu(self.app, message)

    def on_debug_tabs_chosen(self, message: DebugTabs.Chosen) -> None:
        self.action_open_pane(message.name)

    # -- what keys do --------------------------------------------------------------------------

    def action_open_pane(self, name: str) -> None:
        """Show a pane and focus it."""
        found = self.shown.examination
        if name != "script" and not self.count:
            self.notify("No steps of it were recorded, so there is nothing to see there.")
            return
        if name in VIEWS and not self.has_views:
            reason = "it has not been run yet" if found is None else found.no_run
            self.notify(f"There is no such view of this network: {reason or 'nothing was seen'}.")
            return
        self.opened = name
        self.divide()
        self.set_focus(self.query_one(f"#{name}", Pane))

    def action_maximise(self) -> None:
        """Give the focused pane all the room, or each its own again."""
        focused = self.focused
        if not self.is_alone and focused is not None and focused.id in TABS:
            self.opened = str(focused.id)
        self.is_alone = not self.is_alone

    def action_leave(self) -> None:
        """escape: one thing at a time, from the innermost out."""
        if self.runs_script:
            self.stop_script()
        elif self.shown.at is not None:
            self.shown = replace(self.shown, at=None)
        elif self.focused is not None:
            self.set_focus(None)
        elif self.is_alone:
            self.is_alone = False
        elif self.opened != "script":
            self.opened = "script"

    def action_copy_pane(self) -> None:
        """The focused pane as text; where none is focused, the report."""
        found, pane = self.shown.examination, self.focused
        if isinstance(pane, Pane):
            name, text = type(pane).__name__, pane.as_text()
        elif found is not None:
            name, text = "Report", debug_text(found.report)
        else:
            self.notify("There is nothing to copy yet.")
            return
        self.app.copy_to_clipboard(text)
        count = len(text.splitlines())
        self.notify(f"{name}: {count} lines sent to the terminal's clipboard.")

    async def action_debug_help(self) -> None:
        from xortui.tui.debug.help import DebugHelp

        await self.app.push_screen(DebugHelp())
