"""The private parts of Textual that panes and pictures use.

A new release may change them without a word. tests/tui/terminal/test_textual_private.py names the
release that they were last seen to work with.
"""

from textual.app import App
from textual.screen import Screen
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

LAST_SEEN_TO_WORK = "8.2.8"


def footer_keys(footer: Footer) -> list[FooterKey]:
    """A footer's entries, left to right. Nothing public tells how wide an entry is."""
    return list(footer.query(FooterKey))


def screen_rows(screen: Screen[object]) -> list[str]:
    """The characters on a screen, row by row. What is public gives them as SVG only."""
    return [strip.text for strip in screen._compositor.render_strips()]


def standing_notifications(app: App[None]) -> list[str]:
    """The messages of the notifications that still stand. Nothing public tells them."""
    return [notification.message for notification in app._notifications]
