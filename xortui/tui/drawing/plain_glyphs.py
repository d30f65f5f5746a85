"""Plain ASCII, for terminals and fonts that have nothing else: whatever is on the screen.

Every line of every widget goes through the filter, so that nothing is forgotten. What changes its
length there takes or gives blanks; text that is laid out by its length is `drawn` before.
"""

import re
from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter
from textual.widget import Widget

from xortui.core.text.ascii import glyph, to_ascii

_BLANKS = re.compile(" +")


class PlainGlyphs(LineFilter):
    """Exchanges what is not ASCII, and keeps the width of the line."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if all(segment.text.isascii() for segment in segments):
            return segments
        texts = [to_ascii(segment.text) for segment in segments]
        if sum(map(len, texts)) != sum(cell_len(segment.text) for segment in segments):
            texts = _fitted([segment.text for segment in segments])
        return [
            Segment(text, segment.style, segment.control)
            for text, segment in zip(texts, segments, strict=True)
            if text
        ]


def drawn(app: App[Any], text: str) -> str:
    """Words with the glyphs that are wanted in this app."""
    return to_ascii(text) if getattr(app, "ascii_glyphs", False) else text


def drawing(pane: Widget) -> Callable[[str], str]:
    """As `drawn`, for a pane, which can be painted without an app."""
    return partial(drawn, pane.app) if pane.is_attached else str


def _fitted(texts: list[str]) -> list[str]:
    """The texts of a line in ASCII, in the cells that they took before.

    What has become longer takes blanks behind it, of which one stays, or else before it.
    """
    cells: list[tuple[str, int]] = []  # a character, and which text it belongs to
    grown = [0]  # by how much the line has grown up to each of them
    for owner, text in enumerate(texts):
        for at, character in enumerate(text):
            made = glyph(text, at)
            cells += [(letter, owner) for letter in made]
            grown += [grown[-1]] * (len(made) - 1)
            grown.append(grown[-1] + len(made) - cell_len(character))
    excess, dropped = grown[-1], set[int]()
    line = "".join(letter for letter, _ in cells)
    runs = [match.span() for match in _BLANKS.finditer(line)]
    for start, end in runs:
        spare = end - start - (end < len(line))
        dropped.update(range(end - max(0, min(grown[start] - len(dropped), spare)), end))
    for start, end in reversed(runs):
        left = [at for at in range(start, end) if at not in dropped]
        spare = len(left) - 1
        dropped.update(left[: max(0, min(excess - len(dropped), spare))])
    kept = [cell for at, cell in enumerate(cells) if at not in dropped]
    kept = kept[: len(cells) - excess]  # cut off only where there are no blanks at all
    kept += [(" ", len(texts) - 1)] * (len(cells) - excess - len(kept))
    found = {
        owner: "".join(letter for letter, _ in group)
        for owner, group in groupby(kept, key=lambda cell: cell[1])
    }
    return [found.get(owner, "") for owner in range(len(texts))]
