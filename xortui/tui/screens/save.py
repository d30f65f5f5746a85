"""Where to save the run: what is typed stays until it is saved, and nothing is replaced unasked."""

from functools import partial

from textual.widgets import Input

from xortui.core.text.harmless import harmless
from xortui.tui import answers
from xortui.tui.screens.ask import Ask
from xortui.tui.screens.confirm import Confirm
from xortui.tui.session import RunSession

HINT = (
    "The file holds recipe, edits, branches and position.\n"
    "enter saves it, escape cancels; 'xortui FILE' opens it again"
)


class SaveScreen(Ask[str]):
    """Asks for a name and saves the run; gives back the name, or None where it was not saved.

    `problem` is why a question is needed where the run has a file already.
    """

    def __init__(self, session: RunSession, problem: str = "") -> None:
        name = session.run.path or session.run.free_name()
        super().__init__("Save this run as", problem or HINT, name, answers.file_name)
        self._session = session

    def take(self, answer: str) -> None:
        words = self._session.run.conflict(answer)
        if words:
            self.app.push_screen(Confirm(f"{words} Replace it?"), partial(self._replace, answer))
        else:
            self._save(answer)

    def _replace(self, path: str, is_sure: bool | None) -> None:
        if is_sure:
            self._save(path)
        else:
            self.query_one(Input).focus()

    def _save(self, path: str) -> None:
        try:
            self._session.save(path)
        except OSError as error:
            self.say(cannot_write(path, error))
        else:
            self.dismiss(path)


def cannot_write(path: str, error: OSError) -> str:
    """One sentence for a file that could not be written."""
    return f"{harmless(path)} cannot be written: {error.strerror or error}."
