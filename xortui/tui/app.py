"""XorApp: what is on the main screen, and what keys do that concern the screen itself."""

import asyncio
import contextlib
import gc
import os
import shlex
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from textual.app import ComposeResult, SystemCommand
from textual.events import Resize
from textual.filter import LineFilter, Monochrome, NoColor
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Static

from xortui import exits
from xortui.autosave import Abandoned
from xortui.core.edit import Edit
from xortui.core.files import write_whole
from xortui.core.harmless import harmless
from xortui.core.runfile import RunFile, read_run
from xortui.core.snapshot import Snapshot
from xortui.core.trainer import Trainer
from xortui.exits import FileError
from xortui.tui import theme
from xortui.tui.hang_up import HangUpWatch
from xortui.tui.keys import BINDINGS, EDITING, INSIDE, KEYS, MOVING, RUNNING
from xortui.tui.messages import FieldEntered, LabelFlipped, PlaceChosen, ViewChosen, WeightChosen
from xortui.tui.painted import Ground
from xortui.tui.pane import Pane
from xortui.tui.panes.loss import Loss
from xortui.tui.panes.status import Status
from xortui.tui.panes.timeline_bar import TimelineBar
from xortui.tui.panes.title import Title
from xortui.tui.panes.truth_table import TruthTable
from xortui.tui.panes.views import Views
from xortui.tui.panes.weights import Weights
from xortui.tui.time_travel import KEEP_SECONDS, SHORT_TIME, TimeTravelApp, command_to

LEAST_WIDTH, LEAST_HEIGHT = 60, 18
MAIN_SCREEN_ONLY = {"focus_pane", "view", "next_view", "maximise", "gradient_check", "sweep"}
# What changes the run: not while a screen is open that holds it.
RUN_ACTIONS = {
    key.action.partition("(")[0] for key in KEYS if key.group in (RUNNING, INSIDE, MOVING, EDITING)
}


class XorApp(TimeTravelApp):
    """Hands every pane the same immutable snapshot, and carries out what keys and panes ask for."""

    TITLE = "xortui"
    CSS_PATH = Path(__file__).with_name("xortui.tcss")
    BINDINGS = BINDINGS  # type: ignore[assignment]
    reveal = var(True)

    AUTO_FOCUS = None  # a focused field would swallow the keys
    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (LEAST_WIDTH, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (LEAST_HEIGHT, "-low"), (30, "-high")]  # noqa: RUF012

    def __init__(
        self,
        trainer: Trainer,
        running: bool = False,
        path: str | None = None,
        goto: int = 0,
        ascii_glyphs: bool = False,
        recovered: Abandoned | None = None,
    ) -> None:
        super().__init__(trainer, path, recovered)
        self.ascii_glyphs = ascii_glyphs
        self.set_class(ascii_glyphs, "-ascii")
        self._start = goto, running
        self._asked_to_quit = 0.0
        for own in (theme.DARK, theme.LIGHT):
            self.register_theme(own)
        if not os.environ.get("TEXTUAL_THEME"):
            # Set as a change, it would have every style sheet parsed twice.
            self.set_reactive(XorApp.theme, theme.DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())

    def compose(self) -> ComposeResult:
        # Textual sets these at the first resize: all styles would be worked out once more.
        width, height = self.size
        for size, breakpoints in (
            (width, self.HORIZONTAL_BREAKPOINTS),
            (height, self.VERTICAL_BREAKPOINTS),
        ):
            _, name = max(bound for bound in breakpoints if bound[0] <= size)
            self.screen.add_class(name, update=False)
        yield Title().data_bind(XorApp.snapshot, XorApp.running, XorApp.rate, XorApp.seeking)
        with Ground(id="main"):
            with Ground(id="left"):
                yield TruthTable(id="truth").data_bind(XorApp.snapshot, XorApp.cursor)
                yield Weights(id="weights").data_bind(XorApp.snapshot, XorApp.cursor)
                yield Loss(id="loss").data_bind(XorApp.snapshot, XorApp.running)
            yield Views(id="views").data_bind(
                XorApp.snapshot, XorApp.cursor, XorApp.reveal, XorApp.running
            )
        yield Static(id="too-small")
        yield Status().data_bind(XorApp.snapshot, XorApp.running, XorApp.reveal)
        yield TimelineBar().data_bind(XorApp.snapshot)
        # Below all that changes in every frame: what lies between changes is looked at, too.
        yield Ground(id="bottom")

    async def _mount_bottom(self) -> None:
        """Controls and footer come after the first frame: that is there a fifth sooner."""
        from xortui.tui.panes.controls import Controls
        from xortui.tui.panes.footer import WholeFooter

        await self.query_one("#bottom").mount(
            Controls().data_bind(XorApp.snapshot, XorApp.running, XorApp.speed),
            WholeFooter(show_command_palette=False, compact=True),
        )
        self.screen_stack[0].refresh_bindings()  # which the footer waits for
        self.call_after_refresh(self._settle_memory)

    def _settle_memory(self) -> None:
        # What is there by now stays: the collector need not look at it again. The longest frame
        # falls from about 30 ms to 10.
        gc.collect()
        gc.freeze()
        gc.enable()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """NO_COLOR is kept under any theme: Textual chooses the filter before the theme is known,
        and its Monochrome makes black of the terminal's own colours, text and ground alike."""
        filters = super().get_line_filters()
        if not (self.no_color and self.native_ansi_color):
            return filters
        return [NoColor() if isinstance(item, Monochrome) else item for item in filters]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme.variables(self.current_theme.dark)

    def on_mount(self) -> None:
        self.call_after_refresh(self._mount_bottom)
        # Back from the shell, the terminal has forgotten all that does not change by itself.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        if not self.is_headless:
            self._catch_signals()
            loop = asyncio.get_running_loop()
            leave = partial(self.exit, return_code=exits.HUNG_UP)
            HangUpWatch(partial(loop.call_soon_threadsafe, leave), self._give_up).start()
            self.set_interval(KEEP_SECONDS, self.keep_run_now_and_then)
            self.offer_kept_run()
        goto, running = self._start
        if goto:
            self.go_to(goto)
        if self.path is not None:
            with contextlib.suppress(OSError, ValueError):  # it was read a moment ago
                self._saved = read_run(self.path)
                self.compare_bits(self._saved)
        if self.seeking is None:
            self.running = running

    def on_resize(self, event: Resize) -> None:
        width, height = event.size  # the app's own size is still the one before
        self.screen_stack[0].query_one("#too-small", Static).update(
            f"The size is {width}x{height},\nneeded is {LEAST_WIDTH}x{LEAST_HEIGHT}.\nq quits."
        )

    # -- what panes ask for --------------------------------------------------------------------

    def on_field_entered(self, message: FieldEntered) -> None:
        if self.enter_field(message.field, message.text):
            self.screen.set_focus(None)

    def on_label_flipped(self, message: LabelFlipped) -> None:
        self.edit(Edit("label", message.row))

    async def on_weight_chosen(self, message: WeightChosen) -> None:
        if message.toggle_frozen:
            self.toggle_frozen(message.name)
        else:
            await self.ask_weight(message.name, message.value)

    def on_place_chosen(self, message: PlaceChosen) -> None:
        self.go_to(message.step)

    def on_view_chosen(self, message: ViewChosen) -> None:
        self.action_view(message.view)

    # -- what keys do --------------------------------------------------------------------------

    def action_focus_pane(self, selector: str) -> None:
        self.screen.minimize()
        self.screen.remove_class("-looking")
        self.screen.set_focus(self.screen.query_one(selector))

    def action_view(self, name: str) -> None:
        """Show a view of the right-hand column; on a narrow screen it takes the whole width."""
        self.screen.minimize()
        self.screen.add_class("-looking")
        self.screen.set_focus(self.query_one(Views).show(name))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What concerns the panes of the main screen works while it is on top."""
        if action in RUN_ACTIONS and getattr(self.screen, "HOLDS_THE_RUN", False):
            return False
        return action not in MAIN_SCREEN_ONLY or self.screen is self.screen_stack[0]

    async def action_gradient_check(self) -> None:
        from xortui.tui.screens.gradient_check import GradientCheckScreen

        await self.push_screen(GradientCheckScreen())

    async def action_sweep(self) -> None:
        """Many seeds; the screen is kept as it was left. Training is paused meanwhile."""
        from xortui.tui.screens.sweep import SweepScreen

        self.running = False
        self.stop_seeking()
        if not self.is_screen_installed("sweep"):
            self.install_screen(SweepScreen(), "sweep")
        await self.push_screen("sweep")
        self.call_after_refresh(self._settle_memory)

    def action_reveal(self) -> None:
        """Hide where a mistake was made, or show it again: an exercise needs an answer later."""
        self.reveal = not self.reveal

    def action_next_view(self) -> None:
        self.action_view(self.query_one(Views).next_name())

    def action_operation(self, by: int) -> None:
        super().action_operation(by)
        views = self.query_one(Views)
        is_maximised = views.chosen == "operations" and self.screen.maximized is views.pane
        if self.screen is self.screen_stack[0] and not is_maximised:
            self.action_view("operations")

    def action_leave(self) -> None:
        """escape: one thing at a time, from the innermost out."""
        if self.seeking is not None:
            self.stop_seeking()
        elif self.operation is not None and not self.running:
            self.leave_step()
        elif self.screen.focused is not None:
            self.screen.set_focus(None)
        elif self.screen.has_class("-looking"):
            self.screen.remove_class("-looking")

    def action_maximise(self) -> None:
        if self.screen.maximized is not None:
            self.screen.minimize()
            return
        pane = self.screen.focused
        if pane is None or not pane.allow_maximize:
            pane = self.query_one(Loss)
        self.screen.maximize(pane, container=False)

    def action_copy_pane(self) -> None:
        focused = self.screen.focused
        pane = focused if isinstance(focused, Pane | Loss) else self.query_one(TruthTable)
        text = pane.as_text()
        self.copy_to_clipboard(text)
        count = text.count("\n") + 1
        self.notify(f"{type(pane).__name__}: {count} lines sent to the terminal's clipboard.")

    def action_picture(self) -> None:
        path = os.path.abspath(f"xortui-step-{self.trainer.step_number}.svg")
        try:
            write_whole(path, self.export_screenshot().encode())
        except OSError as error:
            self.notify(f"The picture could not be saved: {error.strerror}", severity="error")
        else:
            self.notify(f"Saved as {harmless(path)}", markup=False)

    async def action_help(self) -> None:
        from xortui.tui.screens.help import HelpScreen

        await self.push_screen(HelpScreen())

    def action_help_quit(self) -> None:
        """ctrl+c: a hint, and twice within two seconds the end."""
        now = time.monotonic()
        if now - self._asked_to_quit < 2:
            self.exit(return_code=exits.OF_SIGNAL + signal.SIGINT)
        self._asked_to_quit = now
        self.notify("q quits; so does ctrl+c once more.", timeout=2)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: all our keys by name, and Textual's choice of theme."""
        for key in KEYS:
            yield SystemCommand(key.words, f"key {key.shown}", partial(self.run_action, key.action))
        yield SystemCommand(
            "Copy command", "The xortui line that brings this step back", self.action_copy_command
        )
        yield SystemCommand("Open a run", "From a file that ctrl+s has written", self.action_open)
        yield SystemCommand("Theme", "Change colours", self.action_change_theme)

    # -- signals -------------------------------------------------------------------------------

    def _give_up(self) -> None:
        with contextlib.suppress(FileError):
            self.keep_run(even_without_edits=True)
        os._exit(exits.HUNG_UP)

    def _catch_signals(self) -> None:
        """End in an orderly way when terminated or hung up: the terminal is left as it was."""
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is None or signal.getsignal(number) == signal.SIG_IGN:
                continue
            end = partial(self.exit, return_code=exits.OF_SIGNAL + number)
            try:
                loop.add_signal_handler(number, end)
            except NotImplementedError:  # Windows has no handlers in its event loop
                signal.signal(number, lambda *_, end=end: loop.call_soon_threadsafe(end))


def run_app(
    trainer: Trainer,
    goto: int = 0,
    running: bool = False,
    path: str | None = None,
    ascii_glyphs: bool = False,
    recovered: Abandoned | None = None,
) -> int:
    """Open the app; returns the exit code, after one line on the normal screen that sums up.

    `goto` is gone to once the app is open, so that a long way there can be watched and stopped.
    `recovered` is the recovery file that the run comes from.
    """
    # The driver reads keys in a thread of its own, which must get its turn during training.
    sys.setswitchinterval(0.0005)
    if path is not None or recovered is not None:
        trainer.recover(SHORT_TIME)
    app = XorApp(trainer, running, path, goto, ascii_glyphs, recovered)
    app.run()
    code = app.return_code or 0
    is_bug = code == exits.UNSOLVED  # Textual has printed what went wrong
    elsewhere = None
    try:
        is_kept = app.keep_run(even_without_edits=code != 0)
        if not is_kept and not app.autosave.is_recovered:
            app.autosave.remove()
    except FileError as error:
        exits.say(error)
        elsewhere = app.autosave.save_elsewhere(RunFile.of(app.trainer))
        if elsewhere is None:
            exits.say("the run with its edits is lost: no other folder can be written to")
        else:
            exits.say(f"it is in {elsewhere} instead; move it to where it is safe")
        is_kept, code = False, code or exits.BAD_FILE
    if is_bug:
        return exits.BUG
    # What was just kept is the newest, and so the first in the list.
    back = "xortui recover 1" if is_kept else None
    if elsewhere is not None:
        back = shlex.join(["xortui", str(elsewhere)])
    try:
        print(farewell(app.trainer.snapshot(), path=app.path, kept=back), flush=True)
    except OSError:  # the terminal is gone
        exits.discard(sys.stdout, sys.stderr)
    return code


def farewell(snapshot: Snapshot, path: str | None = None, kept: str | None = None) -> str:
    """What stays on the terminal after quitting: where the run stood, and how to get back there.

    `kept` is the command line that opens the run where only a recovery file holds it.
    """
    state = "diverged" if snapshot.diverged else "solved" if snapshot.solved else "not solved"
    words = (
        f"{snapshot.recipe.describe()}: step {snapshot.step:,}, loss {snapshot.loss:.6g}, {state}."
    )
    command = command_to(snapshot, None if kept else path) or kept
    return harmless(f"{words} Back to it: {command}" if command else words)
