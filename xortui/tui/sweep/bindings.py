"""The keys of the sweep screen; the help lists them, too."""

from textual.binding import Binding

SWEEP_BINDINGS = (
    Binding("s", "start", "start/stop", tooltip="Start the sweep, or stop it"),
    Binding("tab", "app.focus_next", "next field", tooltip="To the next field, button or list"),
    Binding("y", "copy", "copy", tooltip="Copy the table of results as text"),
    Binding(
        "escape,w,q",
        "back",
        "stop, leave",
        tooltip="Stop the sweep; leave a field; leave the screen",
    ),
)
# What works in its form and in its list, as shown and in words.
IN_FIELDS = {
    "enter": "In a field: start. On a network in the list: open that run where it ended",
    "↑↓": "In the list: choose a network. In a choice: open it",
}
