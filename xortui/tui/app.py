"""XorApp: themes, signals, palette and the queue of keys; what is run and shown is the screens'."""

import os
import signal
import time
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding
from textual.filter import LineFilter, Monochrome, NoColor
from textual.notifications import SeverityLevel
from textual.reactive import Initialize, var
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import Widget

from xortui import exit_codes as exits
from xortui.autosave import Abandoned
from xortui.core.files import write_whole
from xortui.core.text.harmless import harmless, harmless_lines
from xortui.core.training.breakpoints import Hit
from xortui.core.training.trainer import Trainer
from xortui.tui import memory
from xortui.tui.arrangement import BESIDE_FROM, HIGH_FROM
from xortui.tui.chosen_theme import keep_theme
from xortui.tui.drawing import theme
from xortui.tui.drawing.plain_glyphs import PlainGlyphs, drawn
from xortui.tui.farewell import farewell
from xortui.tui.frame import Frame
from xortui.tui.keeping import Keeping
from xortui.tui.keys import PROGRAM, bindings
from xortui.tui.main_screen import MainScreen
from xortui.tui.messages import RunChosen
from xortui.tui.panes.size_notice import MIN_HEIGHT, MIN_WIDTH
from xortui.tui.session import RunSession
from xortui.tui.terminal.app import TerminalApp
from xortui.tui.terminal.guard import is_in_browser, kill_children
from xortui.tui.terminal.key_queue import KeyQueue
from xortui.tui.terminal.output import write_to_terminal
from xortui.tui.terminal.textual_private import (
    drop_notifications,
    paint_at_once,
    standing_notifications,
)
from xortui.tui.training_loop import TrainingLoop, Work

LISTED = 3  # unsaved runs that are named at the start


class XorApp(TerminalApp):
    """Holds the session and the training loop, and what they show: one frame for all screens."""

    TITLE = "xortui"
    CSS_PATH = Path(__file__).with_name("xortui.tcss")
    BINDINGS = bindings(PROGRAM)

    AUTO_FOCUS = None  # a focused field would swallow the keys
    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (MIN_WIDTH, "-narrow"), (BESIDE_FROM, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (MIN_HEIGHT, "-low"), (HIGH_FROM, "-high")]

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
        recovered: Abandoned | None = None,
        chosen_theme: str | None = None,
    ) -> None:
        super().__init__()
        self.session = RunSession(trainer, path, recovered, not is_in_browser())
        self.training = TrainingLoop(
            self.session,
            self._show,
            self._start_work,
            self._tell_divergence,
            lambda: self.is_output_behind,
            self._tell_pause,
        )
        self.key_queue = KeyQueue(self, super().on_event)
        self.ascii_glyphs = ascii_glyphs
        self._plain_glyphs = [PlainGlyphs()] if ascii_glyphs else []
        self.set_class(ascii_glyphs, "-ascii")
        self._start = goto, running
        self._asked_to_quit = 0.0
        self._lasting: set[str] = set()
        self.keeping = Keeping(self, self.session, self._tell_not_kept)
        self.session.changed = self.keeping.soon
        for own in (theme.DARK, theme.LIGHT):
            self.register_theme(own)
        if not os.environ.get("TEXTUAL_THEME"):
            name = chosen_theme if chosen_theme in self.available_themes else theme.DARK.name
            # Set as a change, it would have every style sheet parsed twice.
            self.set_reactive(XorApp.theme, name)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> MainScreen:
        self.main_screen = MainScreen(self.session, self.training)
        return self.main_screen

    def on_mount(self) -> None:
        self.run_worker(self.key_queue.run(), group="keys")
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        # Back from the shell, the terminal has forgotten all that does not change by itself.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.attend_guard()
        if self.keeping.is_possible:
            self.keeping.begin()
            self.offer_abandoned()
            self.offer_lessons()
        goto, running = self._start
        if any(branch.saved_frontier for branch in self.session.trainer.branches):
            self.training.open_at(goto)
        elif goto:
            self.training.go_to(goto)
        run = self.session.run
        if run.path is not None and run.saved is not None:
            self.main_screen.starting.compare_bits(run.saved)
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
        """All that is seen shows the same frame, in one update of the terminal."""
        self.frame = frame
        if self.is_running and self.screen.is_mounted:
            paint_at_once(self.screen, self.screen.walk_children(Widget))

    def _start_work(self, work: Work) -> None:
        self.run_worker(work, group="training", exclusive=True)

    def _tell_divergence(self) -> None:
        self.main_screen.tell_divergence()

    def _tell_pause(self, hits: Sequence[Hit]) -> None:
        self.main_screen.tell_pause(hits)

    def on_run_chosen(self, message: RunChosen) -> None:
        self.training.pause()
        self.main_screen.starting.start(message.recipe)
        self.training.go_to(message.step)

    def offer_lessons(self) -> None:
        """Once, and never again."""
        from xortui.tui.lessons.progress import is_first_time

        if is_first_time():
            self.notify("New here? L lists lessons of a few minutes each.", timeout=8)

    def offer_abandoned(self) -> None:
        """Without getting in the way: the runs that were not saved when their program ended."""
        offered = self.session.recovery.offered()
        if not offered:
            return
        if len(offered) == 1:
            words = [f"A run was not saved: {offered[0].words}.", "Press o to resume it."]
        else:
            words = [
                f"{len(offered):,} runs were not saved; o lists them all.",
                *(item.words for item in offered[:LISTED]),
            ]
        self.notify("\n".join(words), timeout=8, lasting=True)

    def _tell_not_kept(self, words: str) -> None:
        run = self.session.run
        name = harmless(os.path.abspath(run.path or run.free_name()))
        self.notify(
            f"{words[0].upper()}{words[1:]}, for example with ctrl+s as {name}.",
            title="No recovery file",
            severity="error",
            timeout=20,
            lasting=True,
        )

    # -- themes --------------------------------------------------------------------------------

    def _keep_theme(self, chosen: Theme) -> None:
        if self.keeping.is_possible:
            keep_theme(chosen.name)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """NO_COLOR is kept under any theme: Textual chooses the filter before the theme is known,
        and its Monochrome makes black of the terminal's own colours, text and ground alike."""
        filters = [*super().get_line_filters(), *self._plain_glyphs]
        if not (self.no_color and self.native_ansi_color):
            return filters
        return [NoColor() if isinstance(item, Monochrome) else item for item in filters]

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
        lasting: bool = False,
    ) -> None:
        """The one way to say something: never as markup, made harmless, with the glyphs wanted.

        What people and files are called can be in it. What still stands there is not said twice.
        What is `lasting` is true of more than the step at which it is said.
        """
        message = drawn(self, harmless_lines(message))
        if lasting:
            self._lasting.add(message)
        if message in standing_notifications(self):
            return
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)

    def clear_notifications(self) -> None:
        """Take away what was said, but for what is lasting."""
        drop_notifications(self, self._lasting)

    def on_unmount(self) -> None:
        memory.give_back()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme.variables(self.current_theme.dark)

    # -- what keys do on every screen ----------------------------------------------------------

    async def action_help(self) -> None:
        from xortui.tui.screens.help import HelpScreen

        is_sweep = self.is_screen_installed("sweep") and self.screen is self.get_screen("sweep")
        own = [] if is_sweep else vars(type(self.screen)).get("BINDINGS", [])
        of_screen = [key for key in own if isinstance(key, Binding) and key.tooltip]
        await self.push_screen(HelpScreen(is_sweep, of_screen))

    def action_explain_word(self, name: str) -> None:
        from xortui.tui.glossary import ALL_WORDS

        meaning = next(word.meaning for word in ALL_WORDS if word.name == name)
        self.notify(meaning, title=drawn(self, name))

    def action_picture(self) -> None:
        name = f"xortui-step-{self.session.trainer.step_number}.svg"
        if self.is_web:
            self.deliver_text(StringIO(self.export_screenshot()), save_filename=name)
            return
        path = os.path.abspath(name)
        try:
            write_whole(path, self.export_screenshot().encode())
        except OSError as error:
            self.notify(
                f"The picture could not be saved: {error.strerror or error}", severity="error"
            )
        else:
            self.notify(f"Saved as {path}")

    def action_help_quit(self) -> None:
        """ctrl+c: a hint, and twice within two seconds the end."""
        now = time.monotonic()
        if now - self._asked_to_quit < 2:
            self.exit(return_code=exits.OF_SIGNAL + signal.SIGINT)
        self._asked_to_quit = now
        self.notify("Press q, or ctrl+c again, to quit.", timeout=2)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: all keys of this screen by name, the choice of theme, and all words."""
        from xortui.tui.palette import key_commands, screen_commands, word_commands

        yield from key_commands(screen, self)
        yield from screen_commands(screen)
        yield SystemCommand("Theme", "Change colours", self.action_change_theme)
        yield from word_commands(self.action_explain_word)

    # -- the quickest way out ------------------------------------------------------------------

    def give_up(self, code: int) -> None:
        """End the process from the guard's thread: the run is kept, the terminal put back."""
        try:
            kept = self.session.keep_at_end(even_without_edits=True)
            self.reset_terminal()
            write_to_terminal(
                "".join(f"{line}\r\n" for line in [*kept.troubles, self.farewell(kept.command)])
            )
        finally:
            kill_children()
            os._exit(code)

    def farewell(self, kept: str | None) -> str:
        """What stays on the terminal; `kept` as in `farewell`."""
        return farewell(self.session.trainer.snapshot(), self.session.run.path, kept)
