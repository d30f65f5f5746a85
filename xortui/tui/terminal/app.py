"""TerminalApp: what an app needs of Textual so that no terminal, and no quick hand, can end it."""

import sys
from typing import Any

from rich.console import RenderableType
from textual import events
from textual._context import active_message_pump
from textual.app import App
from textual.driver import Driver
from textual.errors import NoWidget
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import WorkerFailed

from xortui.tui.terminal import mended
from xortui.tui.terminal.guard import Guard, is_in_browser

mended.mend_textual()


class TerminalApp(App[None]):
    """An app on the fenced driver, under a guard."""

    guard: Guard | None = None
    # What the app has ended with, if it was an error.
    crash: BaseException | None = None
    _is_held = _has_lost_a_frame = False

    def get_driver_class(self) -> type[Driver]:
        """Ours where it works; TEXTUAL_DRIVER, which may name anything, counts elsewhere only, and
        where it names Textual's for a browser."""
        if sys.platform == "win32":
            return super().get_driver_class()
        if is_in_browser():
            from xortui.tui.terminal.web import WebDriver

            return WebDriver
        from xortui.tui.terminal.driver import Driver

        return Driver

    # -- ways out ------------------------------------------------------------------------------

    def attend_guard(self) -> None:
        """From now on the app leaves when its guard says so; called when it is mounted."""
        loop = self._loop
        if self.guard is not None and loop is not None:
            self.guard.attend(lambda code: loop.call_soon_threadsafe(self.leave, code))

    def leave(self, code: int) -> None:
        """Leave with an exit code, in the event loop."""
        self.exit(return_code=code)

    def _handle_exception(self, error: Exception) -> None:
        """What goes wrong in what is leaving is of no interest: the app, or the widget or screen
        that was active. Some are not mounted yet, and their workers miss what has gone before."""
        if not (self._exit or _is_leaving(active_message_pump.get(None))):
            cause = error.error if isinstance(error, WorkerFailed) else error
            self.crash = self.crash or cause
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Under a guard what is said comes later, in few lines; Textual would print pages, with
        what is in variables."""
        if self.guard is None:
            super()._fatal_error()
        else:
            self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """As `_fatal_error`, for errors that know how to print themselves."""
        if self.guard is None:
            super().panic(*renderables)
        else:
            self._close_messages_no_wait()

    def quit_at_once(self) -> None:
        """ctrl+q, from the thread that reads keys: it overtakes the keys that wait."""
        if self.guard is not None:
            self.guard.quit()
        else:
            self.call_later(self.leave, 0)

    def fail(self, error: BaseException) -> None:
        """End as by an exception in a handler: with a traceback, and an exit code that says so."""
        try:
            raise RuntimeError(f"no more keys can be read: {error!r}") from error
        except RuntimeError as failure:
            self._handle_exception(failure)

    def reset_terminal(self) -> None:
        """Put the terminal back, if it is not yet; from any thread, on the quickest way out."""
        reset = getattr(self._driver, "reset", None)
        if reset is not None:
            reset()

    # -- a slow terminal -----------------------------------------------------------------------

    @property
    def is_output_behind(self) -> bool:
        """Whether the terminal has not taken all of the last frame yet."""
        return self._is_held

    def hold_painting(self, is_behind: bool) -> None:
        """Paint nothing while the terminal is behind: it gets one frame of then, not all since.

        Textual leaves what is to be repainted as it is while updates are batched, but for what a
        new layout shows: that is forgotten, so the screen is painted anew.
        """
        if is_behind == self._is_held:
            return
        self._is_held = is_behind
        if is_behind:
            self._begin_batch()
            return
        self._end_batch()
        if self._running and self._screen_stack:
            if self._has_lost_a_frame:
                self._has_lost_a_frame = False
                self.screen.refresh()
            self.screen.check_idle()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if self._is_held and renderable is not None:
            self._has_lost_a_frame = True
        super()._display(screen, renderable)

    # -- quick hands ---------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """The mouse on what is going away, but is still seen, does nothing.

        Textual looks for the parents of such a widget, and finds none.
        """
        if isinstance(event, events.InputEvent) and not self._screen_stack:
            return  # it is closing
        if isinstance(event, events.MouseEvent) and not event.is_forwarded:
            try:
                widget, _ = self.get_widget_at(event.x, event.y)
            except NoWidget:
                pass
            else:
                if not (isinstance(widget, Screen) or widget.is_attached):
                    return
        await super().on_event(event)


def _is_leaving(pump: MessagePump | None) -> bool:
    while pump is not None and not isinstance(pump, App):
        if pump._closing or pump._closed or getattr(pump, "_pruning", False):
            return True
        pump = pump._parent
    return False
