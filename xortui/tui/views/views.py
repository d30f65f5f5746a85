"""The views, as many as there is room for, and the line of tabs that names them."""

import time
from dataclasses import dataclass
from importlib import import_module

from textual import events
from textual.reactive import reactive, var

from xortui.tui.drawing.line_widget import LineWidget, Panel
from xortui.tui.drawing.lines import Line, line_width
from xortui.tui.drawing.pane import Pane
from xortui.tui.frame import Frame
from xortui.tui.messages import ViewChosen
from xortui.tui.pacing import FASTEST


@dataclass(frozen=True)
class View:
    """One view: its key, the words on its tab, in full and in short, and where its pane is. It is
    imported when it is opened."""

    digit: str
    words: str
    short: str
    module: str
    name: str

    @property
    def pane(self) -> type[Pane]:
        """The class of its pane."""
        found: type[Pane] = getattr(import_module(f"xortui.tui.views.{self.module}"), self.name)
        return found


VIEWS: dict[str, View] = {
    "operations": View("4", "Operations", "Ops", "operations", "OperationsPane"),
    "surface": View("5", "Surface", "Surface", "surface", "SurfacePane"),
    "diagram": View("6", "Network", "Net", "diagram", "DiagramPane"),
    "units": View("7", "Hidden units", "Units", "hidden_units", "HiddenUnitsPane"),
    "space": View("8", "Hidden space", "Space", "hidden_space", "HiddenSpacePane"),
    "landscape": View("9", "Landscape", "Landscape", "landscape", "LandscapePane"),
    "norms": View("0", "Norms", "Norms", "norms", "NormsPane"),
}
NUMBERS = "numbers"
# The panes of numbers: their keys, ids and the words on their tabs.
PANES = {"1": ("truth", "Table"), "2": ("weights", "Weights"), "3": ("loss", "Loss")}
# What stands in each place at first; where one view is seen, it is FIRST.
PLACES, FIRST = ("diagram", "surface", "operations", "space"), "surface"

# At full speed: the share of the time that views may take, and how often they are painted at least.
MAX_PAINTING, MIN_PAINTS = 0.02, 14

Tab = tuple[str, str, str]  # the view or pane that it opens, its key, its words


def tabs(width: int) -> list[Tab]:
    """All tabs, in as many words as there is room for."""
    views = [(name, view.digit, view.words) for name, view in VIEWS.items()]
    short = [(name, view.digit, view.short) for name, view in VIEWS.items()]
    panes = [(name, digit, words) for digit, (name, words) in PANES.items()]
    for found in ([*panes, *views], [*panes, *short], [(NUMBERS, "1-3", "Numbers"), *short]):
        if sum(len(digit) + len(words) + 3 for _, digit, words in found) <= width:
            return found
    return short


def paint_tabs(width: int, shown: tuple[str, ...], focused: str | None = None) -> Line:
    """One line: each tab with its key; what is seen is bright, what is focused is marked."""
    found = tabs(width)
    gap = "  " if sum(len(d) + len(w) + 3 for _, d, w in found) <= width else " "
    line: Line = []
    for name, digit, words in found:
        style = "chosen" if name == focused else "heading" if name in shown else "label"
        line += [(gap[1:] + digit, "accent"), (" ", "text"), (words, style), (" ", "text")]
    return line


class TabLine(LineWidget):
    """The tabs, one line. Textual's own are a dozen widgets, each looked at in every frame of a
    training run: that took a tenth of the time."""

    # What is seen, and which of it is focused.
    shown: reactive[tuple[str, ...]] = reactive(())
    focused: reactive[str | None] = reactive(None)

    def paint_lines(self, width: int, height: int) -> list[Line]:
        return [paint_tabs(width, self.shown, self.focused)]

    def on_click(self, event: events.Click) -> None:
        end, line = 0, paint_tabs(self.size.width, self.shown, self.focused)
        for place, (name, _, _) in enumerate(tabs(self.size.width)):
            end += line_width(line[4 * place : 4 * place + 4])
            if event.x < end:
                self.post_message(ViewChosen(name))
                return


class Views(Panel):
    """As many views as `count` says, each in its place."""

    frame: var[Frame | None] = var(None)
    # The view that was opened last.
    chosen = var(FIRST)
    count = var(0)

    _due = 0.0  # when the views may be painted again at full speed
    _places: tuple[str, ...] = PLACES

    @property
    def shown(self) -> tuple[str, ...]:
        """The views that are seen, in their places."""
        return (self.chosen,) if self.count == 1 else self._places[: self.count]

    @property
    def panes(self) -> list[Pane]:
        """The panes of the views that are seen."""
        return [pane for pane in self.query_children(Pane) if pane.id in self.shown]

    @property
    def pane(self) -> Pane:
        """The pane of the view that was opened last."""
        return self.query_one(f"#{self.chosen}", Pane)

    def watch_frame(self, frame: Frame | None) -> None:
        """Only the views that are seen need to know: at paces meant for eyes at every frame.

        At full speed, those that are expensive to paint leave the time to training, and are painted
        at least MIN_PAINTS times a second.
        """
        if frame is None:
            return
        began = time.perf_counter()
        is_full_speed = frame.running and frame.speed == FASTEST
        if is_full_speed and began < self._due:
            return
        for pane in self.panes:
            pane.frame, pane.lags = frame, is_full_speed
        now = time.perf_counter()
        self._due = min(now + (now - began) / MAX_PAINTING, began + 1 / MIN_PAINTS)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The view that was clicked is the one that was opened last."""
        if event.widget.id in self.shown:
            self.chosen = event.widget.id

    def show_places(self, count: int) -> None:
        """Show so many views."""
        if count != self.count:
            self.count = count
            if self.chosen not in self.shown:
                self._put(self.chosen, count - 1)
            self._arrange()

    def show(self, name: str) -> Pane:
        """Open a view by its id, in the place of the focused one or in the first; its pane."""
        self.count = max(1, self.count)
        if name not in self.shown:
            focused = self.screen.focused
            here = None if focused is None else focused.id
            self._put(name, self.shown.index(here) if here in self.shown else 0)
        self.chosen = name
        self._arrange()
        return self.pane

    def _put(self, name: str, place: int) -> None:
        """Put a view into a place; the one that was there takes the place that it had, if any."""
        before = self._places[place]
        self._places = tuple(
            name if at == place else before if other == name else other
            for at, other in enumerate(self._places)
        )

    def _arrange(self) -> None:
        """Bring what is seen into its places; what is not seen stays as it was left."""
        for name in self.shown:
            if not self.query(f"#{name}"):
                pane = VIEWS[name].pane(id=name)
                pane.digit = VIEWS[name].digit
                pane.set_reactive(Pane.frame, self.frame)
                self.mount(pane)
        for pane in self.query_children(Pane):
            pane.display = pane.id in self.shown
        for place, name in enumerate(self.shown):
            pane = self.query_one(f"#{name}", Pane)
            if self.children[place] is not pane:
                self.move_child(pane, before=place)
            pane.frame = self.frame
        self.set_class(self.count > 1, "-several")
