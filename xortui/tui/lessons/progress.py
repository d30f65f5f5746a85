"""How far a person has come in the lessons, kept in the state folder."""

import contextlib
import json

from xortui.autosave import state_folder
from xortui.core.files import write_whole

FILE = "lessons.json"
MAX_BYTES = 10_000

# For each lesson that was finished, by its number: right at the first try, and cards in all. The
# best time counts.
LessonProgress = dict[int, tuple[int, int]]


def read_progress() -> LessonProgress:
    """What was kept; nothing where that cannot be read."""
    try:
        with open(state_folder() / FILE, "rb") as file:
            data = json.loads(file.read(MAX_BYTES))
        return {int(number): (int(right), int(cards)) for number, (right, cards) in data.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def is_first_time() -> bool:
    """Whether nobody has been told of the lessons here yet; from now on somebody has."""
    folder = state_folder()
    if (folder / FILE).exists():
        return False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(str(folder / FILE), b"{}")
    except OSError:
        return False  # it could not be remembered, and would be said every time
    return True


def keep_progress(number: int, right: int, cards: int) -> None:
    """Note that a lesson was finished. Where that is impossible it is forgotten."""
    progress = read_progress()
    best = max(right, progress.get(number, (0, 0))[0])
    progress[number] = best, cards
    folder = state_folder()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({str(key): list(value) for key, value in sorted(progress.items())})
        write_whole(str(folder / FILE), text.encode())
