"""A script as lines of spans: keywords, strings, names and comments each in an ink of their own.

Nothing of a script reaches the terminal as it is: what cannot be printed is written as an escape.
"""

import io
import keyword
import tokenize
import unicodedata
from collections.abc import Iterator

from rich.cells import cell_len

from xortui.core.text.harmless import harmless
from xortui.tui.drawing.lines import Line, Span

TAB = 4
FILLER = "\0"  # the second cell of a character that is two cells wide; it is never sent
_STRINGS = {tokenize.STRING, *(
    getattr(tokenize, name) for name in ("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END")
    if hasattr(tokenize, name)
)}  # fmt: skip


def highlighted(source: str) -> list[Line]:
    """Every line of a script, one span for each piece of one ink; each cell is one character."""
    lines = source.rstrip("\n").split("\n")
    inks = [["text"] * len(line) for line in lines]
    for first, start, last, end, ink in _pieces(source):
        for row in range(first, min(last, len(lines)) + 1):
            begin = start if row == first else 0
            stop = end if row == last else len(lines[row - 1])
            inks[row - 1][begin:stop] = [ink] * (
                min(stop, len(lines[row - 1])) - min(begin, len(lines[row - 1]))
            )
    return [_spans(line, marks) for line, marks in zip(lines, inks, strict=True)]


def _pieces(source: str) -> Iterator[tuple[int, int, int, int, str]]:
    """First line and column, last line and column, ink; nothing more after what is no Python."""
    called = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            ink = _ink(token, called)
            if ink != "text":
                yield *token.start, *token.end, ink
            if token.type == tokenize.NAME:
                called = token.string
    except (tokenize.TokenError, SyntaxError, ValueError):
        return


def _ink(token: tokenize.TokenInfo, before: str) -> str:
    if token.type == tokenize.COMMENT:
        return "label"
    if token.type in _STRINGS:
        return "string"
    if token.type != tokenize.NAME:
        return "text"
    if keyword.iskeyword(token.string):
        return "keyword"
    return "heading" if before in ("def", "class") else "text"


def _spans(line: str, inks: list[str]) -> Line:
    spans: list[Span] = []
    text, last, column = "", "", 0
    for letter, ink in zip(line, inks, strict=True):
        if ink != last and text:
            spans.append((text, last))
            text = ""
        shown = " " * (TAB - column % TAB) if letter == "\t" else in_cells(letter)
        text, last, column = text + shown, ink, column + len(shown)
    return [*spans, (text, last)] if text else spans


def in_cells(text: str) -> str:
    """The text made harmless, as many characters long as it takes cells on a terminal."""
    if text.isascii():
        return harmless(text)
    shown = ""
    for letter in unicodedata.normalize("NFC", harmless(text)):
        width = cell_len(letter)
        if width == 1:
            shown += letter
        elif width == 2:
            shown += letter + FILLER
        else:
            shown += letter.encode("unicode_escape").decode("ascii")
    return shown


def cut(line: Line, begin: int, width: int) -> Line:
    """`width` cells of a line from one on; half of a wide character is a blank."""
    spans: Line = []
    place = 0
    for text, style in line:
        piece = text[max(0, begin - place) : max(0, begin + width - place)]
        place += len(text)
        if piece:
            spans.append((piece, style))
    if spans and spans[0][0][0] == FILLER:
        spans[0] = " " + spans[0][0][1:], spans[0][1]
    if spans and cell_len(spans[-1][0][-1]) == 2:
        spans[-1] = spans[-1][0][:-1] + " ", spans[-1][1]
    return spans


def to_print(text: str) -> str:
    """The text without what only stands for the second cells of wide characters."""
    return text.replace(FILLER, "")
