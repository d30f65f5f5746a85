"""Saving: writes the run to a file, or gives the command line that brings it back."""

import shlex
from io import StringIO

from textual.screen import Screen

from xortui.core.training.run_file import RunFile
from xortui.tui.session import RunSession


class Saving:
    """Saves a run, and says on a screen where it is."""

    def __init__(self, screen: Screen[None], session: RunSession) -> None:
        self._screen, self._session = screen, session

    async def save(self) -> None:
        """At once where the run has a file that nobody else has changed; else it is asked where.

        In a browser it is downloaded.
        """
        app, run = self._screen.app, self._session.run
        if app.is_web:
            text = StringIO(RunFile.of(run.trainer).to_text())
            app.deliver_text(text, save_filename=run.free_name())
            return
        path, problem = run.path, ""
        if path is not None and not (problem := run.conflict(path)):
            try:
                self._session.save(path)
            except OSError as error:
                from xortui.tui.screens.save import cannot_write

                problem = cannot_write(path, error)
            else:
                self._tell_saved(path)
                return
        from xortui.tui.screens.save import SaveScreen

        await app.push_screen(SaveScreen(self._session, problem), self._tell_saved)

    def _tell_saved(self, path: str | None) -> None:
        if path is not None:
            self._screen.notify(f"Saved as {path}; 'xortui {shlex.quote(path)}' brings it back.")

    def copy_command(self) -> None:
        """Copy the command line that brings this step back."""
        command = self._session.run.command()
        if command is None:
            self._screen.notify("A run with edits needs a file: save it with ctrl+s first.")
            return
        self._screen.app.copy_to_clipboard(command)
        self._screen.notify(f"Sent to the terminal's clipboard: {command}")
