"""The private parts of Textual that panes and pictures use.

A new release may change them without a word. tests/tui/terminal/test_textual_private.py names the
release that they were last seen to work with.
"""

from collections.abc import Collection, Iterable
from typing import Any

from rich.segment import Segment
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

LAST_SEEN_TO_WORK = "8.2.8"


def paint_at_once(screen: Screen[Any], widgets: Iterable[Widget]) -> None:
    """Paint those of the widgets that want it now, all of them in one update of the terminal.

    By itself each would tell the screen in a message of its own, and the screen would wait for the
    next sixtieth of a second: during training that took 30 ms.
    """
    if screen.app._batch_count or not screen.is_current:
        return
    wanting = [widget for widget in widgets if widget._repaint_required and widget.display]
    for widget in wanting:
        widget._repaint_required = False
    screen._dirty_widgets.update(wanting)
    if not screen._layout_required:  # which comes soon, and paints all
        screen._on_timer_update()


def screen_rows(screen: Screen[object]) -> list[str]:
    """The characters on a screen, row by row. What is public gives them as SVG only."""
    return [strip.text for strip in screen._compositor.render_strips()]


def screen_segments(screen: Screen[object]) -> list[list[Segment]]:
    """As `screen_rows`, with the colours."""
    return [list(strip) for strip in screen._compositor.render_strips()]


def standing_notifications(app: App[None]) -> list[str]:
    """The messages of the notifications that still stand. Nothing public tells them."""
    return [notification.message for notification in app._notifications]


def drop_notifications(app: App[None], kept: Collection[str]) -> None:
    """Take away the notifications whose message is not `kept`. What is public takes all away."""
    for notification in list(app._notifications):
        if notification.message not in kept:
            app._unnotify(notification)
