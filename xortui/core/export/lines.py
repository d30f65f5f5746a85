"""Comments, indents and names: what all lines of an exported program have in common."""

import textwrap
from collections.abc import Iterable

Lines = list[str]

WIDTH = 92  # of what is wrapped, before it is indented


def comment(text: str) -> Lines:
    """A sentence as lines of comment."""
    return wrapped_comment(text, "# ")


def wrapped_comment(text: str, start: str = "") -> Lines:
    """A sentence as lines with the same start, none cut at a hyphen."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=start, break_on_hyphens=False
    )


def indented(lines: Iterable[str]) -> Lines:
    """The lines four spaces further in."""
    return [f"    {line}" if line else "" for line in lines]


def spaced(name: str) -> str:
    """W1[0,1] -> W1[0, 1]."""
    return name.replace(",", ", ")
