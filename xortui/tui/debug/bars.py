"""The lines around the panes: title, verdict, tabs, what to do, and where in their run we stand."""

from textual import events
from textual.message import Message

from xortui.core.debug.report import (
    CRASHED,
    NO_NETWORK,
    NOT_TRAINED,
    RIGHT_GRADIENTS,
    WRONG_GRADIENTS,
    DebugReport,
)
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.highlight import in_cells
from xortui.tui.debug.pane import DebugPane
from xortui.tui.drawing.lines import Line, fitted, line_width, spread
from xortui.tui.panes.status import wrapped_line

STATES = {
    RIGHT_GRADIENTS: ("✓ right gradients", "good"),
    WRONG_GRADIENTS: ("✗ wrong gradients", "bad"),
    NO_NETWORK: ("? no network found", "warn"),
    CRASHED: ("✗ it crashed", "bad"),
    NOT_TRAINED: ("▲ not trained", "warn"),
}
VERDICT_LINES = 4
# The panes: their digits, ids and the words on their tabs, in full and in short.
TABS: dict[str, tuple[str, str, str]] = {
    "script": ("1", "Script", "Script"),
    "updates": ("2", "Your updates", "Updates"),
    "loss": ("3", "Loss", "Loss"),
    "truth": ("4", "Truth table", "Table"),
    "weights": ("5", "Your weights", "Weights"),
    "surface": ("6", "Surface", "Surface"),
    "network": ("7", "Network", "Net"),
}
HINTS = (
    "n and b walk through your lines · ← → your other steps · o the same network done right · "
    "r runs it again · ? lists all keys",
    "n b your lines · ← → your steps · o done right · r again · ? all keys",
    "n b lines · ← → steps · o done right · r again · ? keys",
)


def paint_debug_title(frame: DebugFrame, width: int) -> Line:
    """One line: the script and its network, the step, and the verdict in two words."""
    report = None if frame.examination is None else frame.examination.report
    name = in_cells(frame.path.replace("\\", "/").rpartition("/")[2])
    words = [name, *(network_words(report) if report is not None else [])]
    right: Line = []
    if (step := frame.step) is not None:
        right.append((f"step {step.number:,}   ", "heading"))
    right.append(_state(frame, report))
    brand: Line = [(" xortui debug ", "brand"), ("  ", "text")]
    while True:
        left: Line = [*brand, ("  ".join(words), "heading")]
        if line_width(left) + line_width(right) + 2 <= width:
            return spread(left, [*right, (" ", "text")], width)
        if len(words) > 1:
            words.pop()
        elif len(right) > 1:
            right.pop(0)
        else:
            return spread(left, [("  ", "text"), *right, (" ", "text")], width)


def _state(frame: DebugFrame, report: DebugReport | None) -> tuple[str, str]:
    if frame.seconds is not None:
        return f"▶ running {frame.seconds:.1f} s", "accent"
    if report is None:
        return "■ stopped", "warn"
    if report.verdict == NO_NETWORK and report.network is not None:
        return "? cannot be judged", "warn"
    if report.verdict == RIGHT_GRADIENTS and report.learns is False:
        return "▲ right gradients, does not learn", "warn"
    return STATES.get(report.verdict, (report.verdict, "warn"))


def network_words(report: DebugReport) -> list[str]:
    """The network, in the words of the title."""
    network = report.network
    if network is None:
        return []
    words = ["-".join(map(str, network.sizes)), " → ".join(network.activations)]
    words.append("biases" if network.bias else "no biases")
    if network.layout:
        words.append(network.layout)
    if report.learning_rate is not None:
        words.append(f"η {report.learning_rate:.4g}")
    words.append({"full": "all patterns a step", "online": "one pattern a step"}.get(
        network.batch, "some patterns a step"))  # fmt: skip
    return words


def paint_verdict(frame: DebugFrame, width: int) -> list[Line]:
    """The verdict in one sentence; while the script runs, that it does and how to end it."""
    found = frame.examination
    if frame.seconds is not None:
        words: Line = [
            (f"▶ Running your script… {frame.seconds:.1f} s of at most {frame.limit:g}.", "accent"),
            ("escape or ctrl+c ends it.", "label"),
        ]
    elif frame.problem:
        words = [(in_cells(frame.problem), "bad")]
    elif found is None:
        words = [("It was stopped before anything was found out.", "warn"),
                 ("r runs it again.", "label")]  # fmt: skip
    else:
        report = found.report
        mark, style = _mark(report)
        words = [(f"{mark} {in_cells(report.sentence)}", style)]
    lines = wrapped_line(words, width - 2, VERDICT_LINES)
    return [fitted([(" ", "text"), *line], width) for line in lines]


def _mark(report: DebugReport) -> tuple[str, str]:
    if report.passed:
        return "✓", "good"
    if report.verdict in (WRONG_GRADIENTS, CRASHED):
        return "✗", "bad"
    return "▲", "warn"


def paint_hint(frame: DebugFrame, width: int) -> Line:
    """What there is to do: run it again where the file was changed, or the keys that matter."""
    if frame.changed:
        name = in_cells(frame.path.replace("\\", "/").rpartition("/")[2])
        words: Line = [(f" ◆ {name} has changed: ", "warn"), ("r runs it again", "accent")]
        return fitted(words, width)
    if frame.seconds is not None or frame.examination is None:
        return fitted([], width)
    if not frame.examination.count:
        return fitted(
            [(" r runs it again · y copies the report · ? lists all keys", "label")], width
        )
    hint = next((one for one in HINTS if len(one) + 2 <= width), HINTS[-1])
    return fitted([(f" {hint}", "label")], width)


def paint_debug_tabs(width: int, shown: tuple[str, ...], focused: str | None) -> Line:
    """Each pane with its key; what is seen is bright, and what is focused is marked."""
    line: Line = []
    for is_full, gap in ((True, " "), (False, " "), (False, "")):
        line = []
        for name, (digit, words, short) in TABS.items():
            style = "chosen" if name == focused else "heading" if name in shown else "label"
            said = words if is_full else short
            line += [(f"{gap}{digit} ", "accent"), (said, style), (" ", "text")]
        if line_width(line) <= width:
            break
    return fitted(line, width)


def paint_steps(frame: DebugFrame, width: int) -> Line:
    """Where among the recorded steps we stand."""
    found = frame.examination
    count = 0 if found is None else found.count
    if not count or found is None or found.recording is None:
        return fitted([], width)
    numbers = found.recording.numbers
    left, right = f" step {numbers[0]:,} ", f" step {numbers[-1]:,}, {count:,} recorded "
    bar = max(1, width - len(left) - len(right))
    here = min(bar - 1, frame.position * bar // max(1, count - 1)) if count > 1 else 0
    cells: Line = [("━" * here, "accent"), ("●", "accent"), ("─" * (bar - here - 1), "label")]
    return fitted([(left, "label"), *cells, (right, "label")], width)


class DebugTitle(DebugPane, can_focus=False):
    """The title line."""

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        return [paint_debug_title(frame, width)]


class Verdict(DebugPane, can_focus=False):
    """The verdict, on top."""

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        return paint_verdict(frame, width)

    def height_for(self, frame: DebugFrame, width: int) -> int:
        return len(paint_verdict(frame, width))


class HintLine(DebugPane, can_focus=False):
    """What there is to do."""

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        return [paint_hint(frame, width)]


class DebugTabs(DebugPane, can_focus=False):
    """The line of tabs; a click opens a pane."""

    class Chosen(Message):
        """A tab was clicked: the id of its pane."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    seen: tuple[str, ...] = ()
    focused: str | None = None

    def tell(self, seen: tuple[str, ...], focused: str | None) -> None:
        """What is seen, and which of it is focused."""
        if (seen, focused) != (self.seen, self.focused):
            self.seen, self.focused = seen, focused
            self.refresh()

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        return [paint_debug_tabs(width, self.seen, self.focused)]

    def on_click(self, event: events.Click) -> None:
        end, line = 0, paint_debug_tabs(self.size.width, self.seen, self.focused)
        for place, name in enumerate(TABS):
            end += line_width(line[3 * place : 3 * place + 3])
            if event.x < end:
                self.post_message(self.Chosen(name))
                return


class StepsBar(DebugPane, can_focus=False):
    """The recorded steps; a click or a drag goes to one."""

    class Chosen(Message):
        """A place on the bar was chosen: the share of the recorded steps before it."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    _dragging = False

    def paint_debug(self, frame: DebugFrame, width: int, height: int) -> list[Line]:
        return [paint_steps(frame, width)]

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._dragging = True
        self.capture_mouse()
        self._drag(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragging:
            self._drag(event.x)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self._dragging = False
        self.release_mouse()

    def _drag(self, x: int) -> None:
        if self.shown is None or not (line := paint_steps(self.shown, self.size.width)):
            return
        left = len(line[0][0])
        bar = max(1, sum(len(text) for text, _ in line[1:4]) - 1)
        self.post_message(self.Chosen(min(1.0, max(0.0, (x - left) / bar))))
