"""What is said of something that was done to the run: sentences, with no screen to say them."""

from collections.abc import Sequence

from xortui.core.model.recipe import Recipe
from xortui.core.training.branch import Change
from xortui.core.training.breakpoints import Hit
from xortui.core.training.edit import Edit
from xortui.tui.session import Edited

NOTHING_BLEW_UP = "The loss did not blow up, so there is nothing to go back from."
NOTHING_TO_UNDO = "There is no edit to undo on this branch."
NOTHING_TO_REDO = "There is no edit to redo on this branch."
NO_FILES = "In a browser no files of the server can be opened."
NOTHING_TO_RESUME = "There is no previous run to resume."


def as_sentence(words: str) -> str:
    """Words as a sentence: with a capital and a full stop. A name such as η stays as it is."""
    first = words[:1].upper() if words.isascii() or words[:1].isascii() else words[:1]
    return first + words[1:] + ("" if words.endswith((".", "?", "!")) else ".")


def new_start(is_set_aside: bool, is_changed: bool) -> str:
    """Of a start with other settings than those of the original recipe, or of a run with edits that
    was left for it; empty where there is nothing to say."""
    words = []
    if is_changed:
        words.append(
            "A new start with the settings as they are now; R goes back to the original recipe."
        )
    if is_set_aside:
        words.append("The previous run and its edits are kept: press o to resume it.")
    return "\n".join(words)


def paused(hits: Sequence[Hit]) -> str:
    """Where a run has paused, and why."""
    words = "; ".join(hit.what for hit in hits)
    return f"Paused at step {hits[0].step:,}: {words}. Press space to continue."


def edited(edit: Edit, recipe: Recipe, done: Edited) -> str:
    """What an edit did besides; empty where that is nothing."""
    words = []
    if done.is_branch:
        words.append(f"A branch starts here: {edit.describe(recipe)}. B lists them, z undoes.")
    if done.has_dropped:
        words.append("What was undone here can no longer be redone.")
    return "\n".join(words)


def undone(change: Change, recipe: Recipe) -> str:
    """What undo took back."""
    gone = " The branch that it had started is gone, too." if change.branch else ""
    return f"Undone: {_of(change, recipe)}.{gone} Press Z to redo it."


def redone(change: Change, recipe: Recipe) -> str:
    """What redo brought back."""
    back = " Its branch is back, too." if change.branch else ""
    return f"Redone: {_of(change, recipe)}.{back}"


def copied(name: str, text: str) -> str:
    """What was copied, and how much of it."""
    count = text.rstrip("\n").count("\n") + 1
    lines = "line" if count == 1 else "lines"
    return f"{name}: {count:,} {lines} copied to the terminal's clipboard."


def lower_rate(step: int, was_at: int, rate: float) -> str:
    """Where a run that blew up goes on with a lower learning rate."""
    where = "Now at" if step == was_at else "Back at"
    return f"{where} step {step:,} with η = {rate:g}. Press space to continue, z to undo."


def _of(change: Change, recipe: Recipe) -> str:
    return f"{change.edit.describe(recipe)} at step {change.step:,}"
