"""The right-hand column: one view at a time, chosen by tabs."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import var
from textual.widgets import TabbedContent, TabPane

from xortui.core.snapshot import Snapshot
from xortui.tui.cursor import OperationCursor
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


class Views(Vertical):
    """Tabs, and the view that is chosen."""

    snapshot: var[Snapshot | None] = var(None)
    cursor: var[OperationCursor | None] = var(None)
    reveal = var(True)

    def compose(self) -> ComposeResult:
        with TabbedContent(initial="surface"):
            for name, (words, pane) in VIEWS.items():
                with TabPane(words, id=name):
                    bound = pane(id=f"{name}-pane").data_bind(Views.snapshot)
                    if isinstance(bound, OperationsPane):
                        bound.data_bind(Views.cursor, Views.reveal)
                    yield bound

    @property
    def pane(self) -> Pane:
        """The pane of the view that is chosen."""
        return self.query_one(f"#{self.query_one(TabbedContent).active}-pane", Pane)

    def next_name(self) -> str:
        """The id of the view after the one that is chosen."""
        names = list(VIEWS)
        return names[(names.index(self.query_one(TabbedContent).active) + 1) % len(names)]

    def show(self, name: str) -> Pane:
        """Choose a view by its id; its pane."""
        self.query_one(TabbedContent).active = name
        return self.pane
