"""The right-hand column: one view at a time, chosen by tabs."""

import time
from dataclasses import dataclass
from importlib import import_module

from textual import events
from textual.app import ComposeResult
from textual.reactive import reactive, var
from textual.widgets import ContentSwitcher

from xortui.tui.drawing.line_widget import LineWidget, Panel
from xortui.tui.drawing.lines import Line
from xortui.tui.drawing.pane import Pane
from xortui.tui.frame import Frame
from xortui.tui.messages import ViewChosen

MAX_PAINTING = 0.02  # share of the time that goes into painting a view while training runs


@dataclass(frozen=True)
class View:
    """One view: the word on its tab, and where its pane is. It is imported when it is opened."""

    words: str
    module: str
    name: str

    @property
    def pane(self) -> type[Pane]:
        """The class of its pane."""
        found: type[Pane] = getattr(import_module(f"xortui.tui.views.{self.module}"), self.name)
        return found


VIEWS: dict[str, View] = {
    "operations": View("Operations", "operations", "OperationsPane"),
    "surface": View("Surface", "surface", "SurfacePane"),
    "units": View("Units", "hidden_units", "HiddenUnitsPane"),
    "space": View("Space", "hidden_space", "HiddenSpacePane"),
    "landscape": View("Landscape", "landscape", "LandscapePane"),
    "diagram": View("Net", "diagram", "DiagramPane"),
    "norms": View("Norms", "norms", "NormsPane"),
}


def paint_tabs(chosen: str) -> Line:
    """The words of all tabs, one cell between them."""
    line: Line = []
    for name, view in VIEWS.items():
        line += [(" ", "text"), (view.words, "accent" if name == chosen else "label")]
    return line


class TabLine(LineWidget):
    """The tabs, one line. Textual's own are a dozen widgets, each looked at in every frame of a
    training run: that took a tenth of the time."""

    chosen = reactive("surface")

    def paint_lines(self, width: int, height: int) -> list[Line]:
        return [paint_tabs(self.chosen)]

    def on_click(self, event: events.Click) -> None:
        end = 0
        for name, view in VIEWS.items():
            end += 1 + len(view.words)
            if event.x < end:
                self.post_message(ViewChosen(name))
                return


class Switcher(ContentSwitcher, Panel):
    """Textual's own, on our ground."""


class Views(Panel):
    """Tabs, and the view that is chosen."""

    frame: var[Frame | None] = var(None)
    chosen = var("surface")

    _due = 0.0  # when the view may be painted again while training runs

    def compose(self) -> ComposeResult:
        yield TabLine().data_bind(Views.chosen)
        yield Switcher()

    def watch_frame(self, frame: Frame | None) -> None:
        """Only the view that is seen needs to know.

        While training runs, what is expensive to paint is painted less often.
        """
        now = time.perf_counter()
        if frame is not None and self.is_open and (not frame.running or now >= self._due):
            self.pane.frame = frame
            self._due = now + (time.perf_counter() - now) / MAX_PAINTING

    def on_mount(self) -> None:
        # After the first frame, which is there the sooner.
        self.call_after_refresh(lambda: self.show(self.chosen))

    @property
    def is_open(self) -> bool:
        """Whether a view is shown: not yet in the first frame."""
        return self.is_mounted and self.query_one(Switcher).current is not None

    @property
    def pane(self) -> Pane:
        """The pane of the view that is chosen."""
        return self.query_one(f"#{self.chosen}", Pane)

    def next_name(self) -> str:
        """The id of the view after the one that is chosen."""
        names = list(VIEWS)
        return names[(names.index(self.chosen) + 1) % len(names)]

    def show(self, name: str) -> Pane:
        """Choose a view by its id; its pane."""
        switcher = self.query_one(ContentSwitcher)
        if not switcher.query(f"#{name}"):
            pane = VIEWS[name].pane(id=name)
            pane.set_reactive(Pane.frame, self.frame)
            switcher.mount(pane)
        self.chosen = name
        switcher.current = name
        self.pane.frame = self.frame
        return self.pane
