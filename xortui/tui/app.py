"""XorApp: composition, the training worker, the snapshot."""

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from textual import work
from textual.app import App, ComposeResult, SystemCommand
from textual.containers import Container, Vertical
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Static

from xortui import exits
from xortui.core.edit import Edit, EditError
from xortui.core.recipe import Recipe, RecipeError, parse_field
from xortui.core.snapshot import Snapshot
from xortui.core.trainer import Trainer
from xortui.tui import theme
from xortui.tui.keys import BINDINGS, KEYS
from xortui.tui.messages import FieldEntered
from xortui.tui.pace import (
    CHUNK,
    FASTEST,
    FRAME,
    LONGEST_NAP,
    SPEEDS,
    TURNS_AFTER_CHUNK,
    Pace,
    Rate,
)
from xortui.tui.pane import Pane
from xortui.tui.panes.controls import Controls
from xortui.tui.panes.footer import WholeFooter
from xortui.tui.panes.loss import Loss
from xortui.tui.panes.title import Title
from xortui.tui.panes.truth_table import TruthTable
from xortui.tui.panes.weights import Weights

LEAST_WIDTH, LEAST_HEIGHT = 60, 18


class XorApp(App[None]):
    """Owns the trainer; hands every pane the same immutable snapshot."""

    TITLE = "xortui"
    CSS_PATH = "xortui.tcss"
    BINDINGS = BINDINGS  # type: ignore[assignment]
    AUTO_FOCUS = None  # a focused field would swallow the keys
    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (LEAST_WIDTH, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (LEAST_HEIGHT, "-low"), (30, "-high")]  # noqa: RUF012

    snapshot: reactive[Snapshot | None] = reactive(None)
    running = reactive(False)
    rate = reactive(0.0)
    speed = reactive(FASTEST)

    def __init__(self, trainer: Trainer, running: bool = False) -> None:
        super().__init__()
        self.trainer = trainer
        self._run_at_start = running
        self._asked_to_quit = 0.0
        for own in (theme.DARK, theme.LIGHT):
            self.register_theme(own)
        self.theme = theme.DARK.name
        self.set_reactive(XorApp.snapshot, trainer.snapshot())

    def compose(self) -> ComposeResult:
        yield Title().data_bind(XorApp.snapshot, XorApp.running, XorApp.rate)
        with Container(id="main"), Vertical(id="left"):
            yield TruthTable(id="truth").data_bind(XorApp.snapshot)
            yield Weights(id="weights").data_bind(XorApp.snapshot)
            yield Loss(id="loss").data_bind(XorApp.snapshot)
        yield Static(id="too-small")
        yield Controls().data_bind(XorApp.snapshot, XorApp.running, XorApp.speed)
        yield WholeFooter(show_command_palette=False, compact=True)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme.variables(self.current_theme.dark)

    def on_mount(self) -> None:
        self._catch_signals()
        self.running = self._run_at_start

    def on_ready(self) -> None:
        # What is there by now stays: the collector need not look at it again. The longest frame
        # falls from about 30 ms to 10.
        gc.collect()
        gc.freeze()

    def on_resize(self) -> None:
        width, height = self.size
        self.query_one("#too-small", Static).update(
            f"This terminal is {width}x{height}.\nxortui needs {LEAST_WIDTH}x{LEAST_HEIGHT}.\n"
            "q quits."
        )

    # -- training ------------------------------------------------------------------------------

    def watch_running(self, running: bool) -> None:
        if running:
            self._train()
        else:
            self.rate = 0.0

    @work(exclusive=True, group="training")
    async def _train(self) -> None:
        """Train in chunks of a few milliseconds until paused or diverged, publishing each frame."""
        rate, published = Rate(), 0.0
        speed, pace = -1, Pace(1, 0)
        while self.running:
            now = time.perf_counter()
            if speed != self.speed:
                speed, pace = self.speed, Pace(SPEEDS[self.speed], now)
            if speed == FASTEST:
                rate.add(self.trainer.run_for(CHUNK))
            else:
                done = self.trainer.run_for(CHUNK, at_most=max(0, pace.due(now)))
                rate.add(done)
                pace.did(done, now)
            now = time.perf_counter()
            if now - published >= FRAME or self.trainer.at_end:
                published = now
                self.snapshot = self.trainer.snapshot()
                self.rate = rate.per_second()
            if self.trainer.at_end:
                self.running = False
                self._explain_divergence()
            nap = min(pace.nap(now), LONGEST_NAP) if speed != FASTEST else 0
            if nap > CHUNK:
                await asyncio.sleep(nap)
            for _ in range(TURNS_AFTER_CHUNK):
                await asyncio.sleep(0)
        self.publish()

    def publish(self) -> None:
        """Give every pane the numbers of the step where the run stands."""
        self.snapshot = self.trainer.snapshot()

    def _explain_divergence(self) -> None:
        self.notify(
            f"At step {self.trainer.step_number:,} the weights grew past what a float can hold: "
            f"with η = {self.trainer.snapshot().recipe.learning_rate:g} each update overshoots by "
            "more than the one before. Try a smaller η, or r to start again.",
            title="Diverged",
            severity="error",
            timeout=10,
        )

    def restart(self, recipe: Recipe) -> None:
        """A new run from step 0; it runs on if the old one was running."""
        self.trainer = Trainer(recipe)
        self.publish()

    # -- what keys and buttons do --------------------------------------------------------------

    def action_toggle_run(self) -> None:
        if self.trainer.at_end and not self.running:
            self._explain_divergence()
        else:
            self.running = not self.running

    def action_step(self, steps: int) -> None:
        self.running = False
        if steps < 0:
            self.trainer.seek(self.trainer.step_number + steps)
        elif self.trainer.at_end:
            self._explain_divergence()
        else:
            self.trainer.step(steps)
        self.publish()

    def action_goto_start(self) -> None:
        self._goto(0)

    def action_goto_end(self) -> None:
        self._goto(self.trainer.frontier)

    def _goto(self, step: int) -> None:
        self.running = False
        self.trainer.seek(step)
        self.publish()

    def action_reset(self) -> None:
        self.running = False
        self.trainer.reset()
        self.publish()

    def action_new_seed(self) -> None:
        recipe = self.trainer.recipe
        self.restart(replace(recipe, seed=(recipe.seed + 1) % 2**32))

    def action_speed(self, change: int) -> None:
        self.speed = min(max(0, self.speed + change), FASTEST)

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
        try:
            path = self.save_screenshot(f"xortui-step-{self.trainer.step_number}.svg")
        except OSError as error:
            self.notify(f"The picture could not be saved: {error.strerror}", severity="error")
        else:
            self.notify(f"Saved as {path}")

    def action_help(self) -> None:
        from xortui.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen())

    def action_help_quit(self) -> None:
        """ctrl+c: a hint, and twice within two seconds the end."""
        now = time.monotonic()
        if now - self._asked_to_quit < 2:
            self.exit(return_code=exits.OF_SIGNAL + signal.SIGINT)
        self._asked_to_quit = now
        self.notify("q quits; so does ctrl+c once more.", timeout=2)

    def on_field_entered(self, message: FieldEntered) -> None:
        """Take what was typed in the control bar: the seed starts a new run, η goes on with it."""
        try:
            value = parse_field(message.field, message.text)
            recipe = replace(self.trainer.snapshot().recipe, **{message.field: value})
            if message.field == "seed":
                self.restart(replace(self.trainer.recipe, seed=value))
            else:
                self.trainer.edit(Edit("learning_rate", value=recipe.learning_rate))
                self.publish()
        except (RecipeError, EditError) as error:
            self.notify(str(error), severity="error")
        else:
            self.screen.set_focus(None)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: all our keys by name, and Textual's choice of theme."""
        for key in KEYS:
            yield SystemCommand(key.words, f"key {key.shown}", partial(self.run_action, key.action))
        yield SystemCommand("Theme", "Change colours", self.action_change_theme)

    # -- signals -------------------------------------------------------------------------------

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


def run_app(recipe: Recipe, goto: int = 0, running: bool = False) -> int:
    """Open the app; returns the exit code, after one line on the normal screen that sums up."""
    # The driver reads keys in a thread of its own, which must get its turn during training.
    sys.setswitchinterval(0.0005)
    trainer = Trainer(recipe)
    trainer.seek(goto)
    app = XorApp(trainer, running)
    app.run()
    code = app.return_code or 0
    if code != 1:  # Textual has printed what went wrong
        print(farewell(app.trainer.snapshot()))
    return exits.BUG if code == 1 else code


def farewell(snapshot: Snapshot) -> str:
    """What stays on the terminal after quitting: where the run stood, and how to get back there."""
    recipe = snapshot.recipe
    state = "diverged" if snapshot.diverged else "solved" if snapshot.solved else "not solved"
    arguments = [*recipe.to_arguments(), *(["--goto", str(snapshot.step)] if snapshot.step else [])]
    return (
        f"{recipe.describe()}: step {snapshot.step:,}, loss {snapshot.loss:.6g}, {state}. "
        f"Back to it: {' '.join(['xortui', *arguments])}"
    )
