"""Faults of Textual 8.2 itself that quick keys or a narrow window reach, mended in place."""

from contextlib import suppress
from typing import Any

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.errors import NoWidget
from textual.screen import Screen
from textual.widgets import OptionList

_move_page, _wrap_and_format = OptionList._move_page, Content._wrap_and_format
_on_click = OptionList._on_click
_watch_list_visible = CommandPalette._watch__list_visible
_click_beside, _dismiss = CommandPalette._on_click, Screen.dismiss


def mend_textual() -> None:
    """Put the mended methods in the place of Textual's."""
    OptionList._move_page = _move_page_of_lines  # type: ignore[method-assign]
    OptionList._on_click = _on_click_of_an_option  # type: ignore[method-assign]
    Content._wrap_and_format = _wrap_in_a_cell  # type: ignore[method-assign]
    CommandPalette._watch__list_visible = _show_list  # type: ignore[method-assign]
    CommandPalette._on_click = _on_click_in_the_window  # type: ignore[method-assign]
    App.action_command_palette = _open_palette  # type: ignore[method-assign]
    Screen.dismiss = _dismiss_once  # type: ignore[method-assign]


def _move_page_of_lines(self: OptionList, direction: Any) -> None:
    """A page down before the list is laid out, as right after ctrl+p, raised KeyError."""
    if (self.highlighted or 0) in self._index_to_line:
        _move_page(self, direction)


async def _on_click_of_an_option(self: OptionList, event: events.Click) -> None:
    """A click on an option that a new search has taken away meanwhile raised IndexError."""
    if (event.style.meta.get("option") or 0) < self.option_count:
        await _on_click(self, event)


def _show_list(self: CommandPalette) -> None:
    """The palette that is being opened or closed, as where the app ends, raised NoMatches."""
    if self.query(CommandList):
        _watch_list_visible(self)


def _on_click_in_the_window(self: CommandPalette, event: events.Click) -> None:
    """A click where the window was before it became smaller raised NoWidget."""
    with suppress(NoWidget):
        _click_beside(self, event)


def _open_palette(self: App[Any]) -> None:
    """Opened again while the one before was still closing, it raised DuplicateIds: for its id,
    which nothing asks for."""
    if self.use_command_palette and not CommandPalette.is_open(self):
        self.push_screen(CommandPalette())


def _dismiss_once(self: Screen[Any], result: Any = None) -> AwaitComplete:
    """A screen that has gone, or has another one on it, is closed by the second of two quick keys
    or clicks: that closed the other one, or raised InvalidStateError or ScreenStackError."""
    if self not in self.app.screen_stack[-1:]:
        return AwaitComplete()
    return _dismiss(self, result)


def _wrap_in_a_cell(self: Content, width: int, *given: Any, **named: Any) -> Any:
    """No room at all, as in the palette in a window of few columns, raised ValueError."""
    return _wrap_and_format(self, max(1, width), *given, **named)
