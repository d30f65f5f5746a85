"""What panes tell their screen, and the sweep screen the app."""

from dataclasses import dataclass

from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget

from xortui.core.model.recipe import Recipe


@dataclass
class LabelFlipped(Message):
    """A row of the truth table is to have the other label."""

    row: int


@dataclass
class WeightChosen(Message):
    """A parameter was chosen, to type a new value or to freeze it or set it free."""

    name: str
    value: float
    toggle_frozen: bool = False


@dataclass
class MenuWanted(Message):
    """A pane was clicked with the right button, at a place of the screen."""

    pane: Widget
    place: Offset


@dataclass
class StepChosen(Message):
    """A step was chosen on the timeline or on the loss curve."""

    step: int


@dataclass
class ViewChosen(Message):
    """A tab was clicked: the id of its view."""

    view: str


@dataclass
class CellMoved(Message):
    """Another number of the operation's result was chosen: so many on, or back."""

    by: int


@dataclass
class RowFollowed(Message):
    """One row of the truth table is to be followed through the operations; None: all of them."""

    row: int | None


@dataclass
class NextRowFollowed(Message):
    """The next row is to be followed: first the one chosen in the truth table, then those after it,
    and then all of them."""


@dataclass
class FieldEntered(Message):
    """A field of the recipe was typed in the control bar: `field` names it, `text` is as typed."""

    field: str
    text: str


@dataclass
class RunChosen(Message):
    """A run of a sweep is to be opened, at the step where it ended."""

    recipe: Recipe
    step: int
