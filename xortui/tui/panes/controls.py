"""The control bar: everything that is done by mouse or typed."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import DescendantBlur, Key, Resize
from textual.reactive import var
from textual.widgets import Button, Input, Label

from xortui.core.text.harmless import harmless
from xortui.tui.drawing.plain_glyphs import drawn
from xortui.tui.frame import Frame
from xortui.tui.messages import FieldEntered
from xortui.tui.pacing import BY_OPERATION, FASTEST, SPEEDS
from xortui.tui.panes.title import format_count

SLIM = 74  # columns below which all of it has no room
FIELDS = {"learning_rate": "η", "seed": "seed"}


def speed_words(speed: int) -> str:
    """A speed as the bar shows it: max, or steps a second."""
    if speed == BY_OPERATION:
        return "by op"
    return "max" if speed == FASTEST else f"{format_count(SPEEDS[speed])}/s"


class FieldProblem(Label):
    """Why what stands in a field will not do, in a line right above the fields."""


class Controls(Horizontal):
    """Run or pause, step, reset, speed, learning rate and seed."""

    frame: var[Frame | None] = var(None)

    def compose(self) -> ComposeResult:
        yield Button(self._drawn("▶ Run"), id="run", compact=True, action="screen.toggle_run")
        yield Button("Step", id="step", compact=True, action="screen.step(1)")
        yield Button("Reset", id="reset", compact=True, action="screen.reset")
        yield Label("speed", id="speed_words")
        yield Button(self._drawn("‹"), id="slower", compact=True, action="screen.speed(-1)")
        yield Label("max", id="speed")
        yield Button(self._drawn("›"), id="faster", compact=True, action="screen.speed(1)")
        for field, words in FIELDS.items():
            yield Label(self._drawn(words), classes="field")
            yield Input(id=field, compact=True, select_on_focus=True, max_length=40)

    def on_resize(self, event: Resize) -> None:
        """Without a word and some blanks the fields have room, too, where it is narrow."""
        self.set_class(event.size.width < SLIM, "-slim")

    def on_mount(self) -> None:
        for button in self.query(Button):
            button.active_effect_duration = 0  # meanwhile it would take no other click

    def _drawn(self, text: str) -> str:
        """Words with the glyphs that are wanted."""
        return drawn(self.app, text)

    def watch_frame(self, before: Frame | None, now: Frame | None) -> None:
        if now is None:
            return
        if before is None or before.running != now.running:
            self._show_running(now.running)
        if before is None or before.speed != now.speed:
            self._show_speed(now.speed)
        if before is None or before.snapshot.recipe is not now.snapshot.recipe:
            for entry in self.query(Input):
                if not entry.has_focus:
                    self._show(entry)

    def _show_running(self, running: bool) -> None:
        button = self.query_one("#run", Button)
        button.label = self._drawn("⏸ Pause" if running else "▶ Run")
        button.set_class(running, "-running")

    def _show_speed(self, speed: int) -> None:
        self.query_one("#speed", Label).update(speed_words(speed), layout=False)
        self.query_one("#slower", Button).disabled = speed == BY_OPERATION
        self.query_one("#faster", Button).disabled = speed == FASTEST

    def _show(self, entry: Input) -> None:
        """Put the value in force into a field."""
        if self.frame is not None:
            value = getattr(self.frame.snapshot.recipe, str(entry.id))
            text = f"{value:g}" if isinstance(value, float) else str(value)
            if entry.value != text:
                entry.value = text

    def tell(self, problem: str) -> None:
        """Say at the fields why what was entered will not do; empty: nothing is wrong."""
        words = self.screen.query_one(FieldProblem)
        words.update(self._drawn(harmless(problem)))
        words.display = bool(problem)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.tell("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(FieldEntered(str(event.input.id), event.value.strip()))

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """What was typed and not entered is dropped."""
        if isinstance(event.widget, Input):
            self._show(event.widget)
            self.tell("")

    def key_escape(self, event: Key) -> None:
        event.stop()
        self.screen.set_focus(None)
