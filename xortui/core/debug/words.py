"""What a report says, in sentences."""

from xortui.core.debug.mistakes import MISTAKES
from xortui.core.debug.suggest import Edit
from xortui.core.debug.trouble import TROUBLES

NOT_FOLLOWED = (
    "It trains something, but xortui cannot follow it from its inputs to its output and labels."
)
UNKNOWN_OPTIMISER = (
    "Its updates follow no loss and no optimiser that xortui knows, so xortui cannot judge them."
)


def sentence(
    mistake: str | None, line: int | None, learns: bool | None, trouble: tuple[str, ...]
) -> str:
    """The verdict in one sentence (or two, where it learns in spite of a mistake)."""
    if mistake is not None:
        what = MISTAKES[mistake]
        first = f"Line {line}: {what}." if line is not None else f"The gradients are wrong: {what}."
        return f"{first} It learns in spite of that." if learns else first
    if learns:
        return "All gradients are right, and it learns."
    if learns is None:
        return "All gradients are right."
    why = " ".join(TROUBLES[one] for one in trouble)
    return f"All gradients are right, but it does not learn. {why}".strip()


def suggestion(edits: list[Edit] | None) -> str | None:
    """The lines as they could be, without their indentation."""
    if not edits:
        return None
    ordered = sorted(edits, key=lambda edit: edit.first)
    return "\n".join(line.strip() for edit in ordered for line in edit.text.splitlines())
