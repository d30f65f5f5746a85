"""The right-hand column: one view at a time, chosen by tabs."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive, var
from textual.widgets import ContentSwitcher

from xortui.core.snapshot import Snapshot
from xortui.tui.cursor import OperationCursor
from xortui.tui.lines import Line
from xortui.tui.messages import ViewChosen
from xortui.tui.pane import Pane
from xortui.tui.panes.diagram import DiagramPane
from xortui.tui.panes.hidden_space import HiddenSpacePane
from xortui.tui.panes.hidden_units import HiddenUnitsPane
from xortui.tui.panes.history_view import NormsPane
from xortui.tui.panes.landscape import LandscapePane
from xortui.tui.panes.operations import OperationsPane
from xortui.tui.panes.surface import SurfacePane

# Each view: its id, the word on its tab, and its pane.
VIEWS: dict[str, tuple[str, type[Pane]]] = {
    "operations": ("Operations", OperationsPane),
    "surface": ("Surface", SurfacePane),
    "units": ("Units", HiddenUnitsPane),
    "space": ("Space", HiddenSpacePane),
    "landscape": ("Landscape", LandscapePane),
    "diagram": ("Net", DiagramPane),
    "norms": ("Norms", NormsPane),
}


def paint_tabs(chosen: str) -> Line:
    """The words of all tabs, one cell between them."""
    line: Line = []
    for name, (words, _) in VIEWS.items():
        line += [(" ", "text"), (words, "accent" if name == chosen else "label")]
    return line


class TabLine(Pane, can_focus=False):
    """The tabs, one line. Textual's own are a dozen widgets, each looked at in every frame of a
    training run: that took a tenth of the time."""

    ALLOW_MAXIMIZE = False

    chosen = reactive("surface")

    def paint(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        return [paint_tabs(self.chosen)]

    def on_click(self, event: events.Click) -> None:
        end = 0
        for name, (words, _) in VIEWS.items():
            end += 1 + len(words)
            if event.x < end:
                self.post_message(ViewChosen(name))
                return


class Views(Vertical):
    """Tabs, and the view that is chosen."""

    snapshot: var[Snapshot | None] = var(None)
    cursor: var[OperationCursor | None] = var(None)
    reveal = var(True)
    running = var(False)
    chosen = var("surface")

    _frames = 0

    def compose(self) -> ComposeResult:
        yield TabLine().data_bind(Views.snapshot, Views.chosen)
        with ContentSwitcher(initial=self.chosen):
            for name, (_, pane) in VIEWS.items():
                view = pane(id=name)
                if isinstance(view, OperationsPane):
                    view.data_bind(Views.cursor, Views.reveal)
                yield view

    def watch_snapshot(self) -> None:
        """Only the view that is seen needs to know; while training runs, every other time.

        In the frames between it is the loss that is painted, so that no frame takes long.
        """
        self._frames += 1
        if self.is_mounted and not (self.running and self._frames % 2):
            self.pane.snapshot = self.snapshot

    def on_mount(self) -> None:
        self.pane.snapshot = self.snapshot

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
        self.chosen = name
        self.query_one(ContentSwitcher).current = name
        self.pane.snapshot = self.snapshot
        return self.pane
