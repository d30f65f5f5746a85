"""What panes tell the app."""

from dataclasses import dataclass

from textual.message import Message


@dataclass
class FieldEntered(Message):
    """A field of the recipe was typed in the control bar: `field` names it, `text` is as typed."""

    field: str
    text: str
