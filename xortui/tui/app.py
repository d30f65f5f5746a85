"""XorApp: themes, signals, palette and the queue of keys; what is run and shown is the screens'."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from textual import events
from textual.app import App, SystemCommand
from textual.filter import LineFilter, Monochrome, NoColor
from textual.reactive import Initialize, var
from textual.screen import Screen

from xortui import exits
from xortui.core.snapshot import Snapshot
from xortui.core.trainer import Trainer
from xortui.tui import theme
from xortui.tui.frame import Frame
from xortui.tui.hang_up import HangUpWatch
from xortui.tui.keys import KEYS, PROGRAM, bindings
from xortui.tui.main_screen import MainScreen
from xortui.tui.messages import RunChosen
from xortui.tui.panes.size_notice import MIN_HEIGHT, MIN_WIDTH
from xortui.tui.run_screen import RunScreen
from xortui.tui.session import SHORT_RUN, RunSession, command_to
from xortui.tui.terminal.key_queue import KeyQueue
from xortui.tui.training_loop import TrainingLoop, Work

KEEP_SECONDS = 60


class XorApp(App[None]):
    """Holds the session and the training loop, and what they show: one frame for all screens."""

    TITLE = "xortui"
    CSS_PATH = Path(__file__).with_name("xortui.tcss")
    BINDINGS = bindings(PROGRAM)

    AUTO_FOCUS = None  # a focused field would swallow the keys
    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (MIN_WIDTH, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (MIN_HEIGHT, "-low"), (30, "-high")]  # noqa: RUF012

    def _first_frame(self) -> Frame:
        return self.training.frame()

    # No reactive: a reactive of the app would repaint the whole screen.
    frame: var[Frame] = var(Initialize(_first_frame))

    def __init__(
        self,
        trainer: Trainer,
        running: bool = False,
        path: str | None = None,
        goto: int = 0,
        ascii_glyphs: bool = False,
    ) -> None:
        super().__init__()
        self.session = RunSession(trainer, path)
        self.training = TrainingLoop(
            self.session, self._show, self._start_work, self._tell_divergence
        )
        self.key_queue = KeyQueue(self, super().on_event)
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

    def get_default_screen(self) -> MainScreen:
        self.main_screen = MainScreen(self.session, self.training)
        return self.main_screen

    def on_mount(self) -> None:
        self.run_worker(self.key_queue.run(), group="keys")
        # Back from the shell, the terminal has forgotten all that does not change by itself.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        if not self.is_headless:
            self._catch_signals()
            loop = asyncio.get_running_loop()
            leave = partial(self.exit, return_code=exits.HUNG_UP)
            HangUpWatch(partial(loop.call_soon_threadsafe, leave), self._give_up).start()
            keep_run = partial(self.session.keep_run, even_without_edits=True)
            self.set_interval(KEEP_SECONDS, keep_run)
            self._offer_kept_run()
        goto, running = self._start
        if goto:
            self.training.go_to(goto)
        if self.session.path is not None and self.session.saved is not None:
            self.main_screen.compare_bits(self.session.saved)
        if running and self.training.seeking is None:
            self.training.start()
            self.training.publish()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self.key_queue.put(event)
        else:
            await super().on_event(event)

    # -- what is shown and trained -------------------------------------------------------------

    def _show(self, frame: Frame) -> None:
        self.frame = frame

    def _start_work(self, work: Work) -> None:
        self.run_worker(work, group="training", exclusive=True)

    def _tell_divergence(self) -> None:
        self.main_screen.tell_divergence()

    def on_run_chosen(self, message: RunChosen) -> None:
        self.training.pause()
        self.main_screen.start(message.recipe)
        self.training.go_to(message.step)

    def _offer_kept_run(self) -> None:
        """Once, and without getting in the way: the run that was not saved last time."""
        run = self.session.take_kept_run()
        if run is not None:
            self.notify(
                f"A run of {run.recipe.table.title} at step {run.position:,} was kept from last "
                "time. Press o to go on with it.",
                timeout=8,
            )

    # -- themes --------------------------------------------------------------------------------

    def get_line_filters(self) -> Sequence[LineFilter]:
        """NO_COLOR is kept under any theme: Textual chooses the filter before the theme is known,
        and its Monochrome makes black of the terminal's own colours, text and ground alike."""
        filters = super().get_line_filters()
        if not (self.no_color and self.native_ansi_color):
            return filters
        return [NoColor() if isinstance(item, Monochrome) else item for item in filters]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme.variables(self.current_theme.dark)

    # -- what keys do on every screen ----------------------------------------------------------

    async def action_help(self) -> None:
        from xortui.tui.screens.help import HelpScreen

        await self.push_screen(HelpScreen())

    def action_picture(self) -> None:
        try:
            step = self.session.trainer.step_number
            path = self.save_screenshot(f"xortui-step-{step}.svg")
        except OSError as error:
            self.notify(f"The picture could not be saved: {error.strerror}", severity="error")
        else:
            self.notify(f"Saved as {path}")

    def action_help_quit(self) -> None:
        """ctrl+c: a hint, and twice within two seconds the end."""
        now = time.monotonic()
        if now - self._asked_to_quit < 2:
            self.exit(return_code=exits.OF_SIGNAL + signal.SIGINT)
        self._asked_to_quit = now
        self.notify("q quits; so does ctrl+c once more.", timeout=2)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: all keys of this screen by name, and Textual's choice of theme."""
        for key in KEYS:
            name = key.action.partition("(")[0]
            for node in (screen, self):
                if hasattr(node, f"action_{name}"):
                    run = partial(node.run_action, key.action)
                    yield SystemCommand(key.words, f"key {key.shown}", run)
                    break
        if isinstance(screen, RunScreen):
            words = "The xortui line that brings this step back"
            yield SystemCommand("Copy command", words, screen.action_copy_command)
            words = "From a file that ctrl+s has written"
            yield SystemCommand("Open a run", words, screen.action_open)
        yield SystemCommand("Theme", "Change colours", self.action_change_theme)

    # -- signals -------------------------------------------------------------------------------

    def _give_up(self) -> None:
        self.session.keep_run(even_without_edits=True)
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
) -> int:
    """Open the app; returns the exit code, after one line on the normal screen that sums up.

    `goto` is gone to once the app is open, so that a long way there can be watched and stopped.
    """
    # The driver reads keys in a thread of its own, which must get its turn during training.
    sys.setswitchinterval(0.0005)
    if path is not None:
        trainer.recover(SHORT_RUN)
    app = XorApp(trainer, running, path, goto, ascii_glyphs)
    app.run()
    session = app.session
    code = app.return_code or 0
    if code == exits.UNSOLVED:  # Textual has printed what went wrong
        session.keep_run(even_without_edits=True)
        return exits.BUG
    session.keep_run(even_without_edits=code != 0)
    try:
        print(farewell(session.trainer.snapshot(), path=session.path), flush=True)
    except OSError:  # the terminal is gone
        exits.discard(sys.stdout, sys.stderr)
    return code


def farewell(snapshot: Snapshot, path: str | None = None) -> str:
    """What stays on the terminal after quitting: where the run stood, and how to get back there."""
    state = "diverged" if snapshot.diverged else "solved" if snapshot.solved else "not solved"
    command = command_to(snapshot, path) or "xortui, then o (its edits were kept)"
    return (
        f"{snapshot.recipe.describe()}: step {snapshot.step:,}, loss {snapshot.loss:.6g}, {state}. "
        f"Back to it: {command}"
    )
