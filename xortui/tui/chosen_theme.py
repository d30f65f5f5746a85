"""The theme that a person chose last, kept in the state folder for the next time."""

import contextlib

from xortui.autosave import state_folder
from xortui.core.files import write_whole

FILE = "theme"
MAX_LENGTH = 100  # of a name; the file may hold anything


def read_theme() -> str | None:
    """The name that was kept, if one was; nobody promises that there is such a theme."""
    try:
        with open(state_folder() / FILE, encoding="utf-8") as file:
            return file.read(MAX_LENGTH).strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def keep_theme(name: str) -> None:
    """Keep a name. Where that is impossible the next start has the usual theme, as before."""
    folder = state_folder()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(str(folder / FILE), name.encode())
