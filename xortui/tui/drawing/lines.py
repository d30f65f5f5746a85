"""What panes paint: lines of spans, each a text and the name of its style. Pure, no app needed."""

import math
from collections.abc import Iterable

from rich.style import Style

# A style is named by what it says (see theme.INKS) or is, on a surface, a colour of its own.
Span = tuple[str, str | Style]
Line = list[Span]

NUMBER_WIDTH = 9
PLUS_OR_MINUS = {True: "plus", False: "minus"}


def signed(value: float, width: int = NUMBER_WIDTH) -> str:
    """A number with its sign, four decimals where they fit, right-aligned.

    Too large or too small for that, it is written with an exponent; NaN and infinity by name.
    """
    if math.isnan(value):
        return "NaN".rjust(width)
    if math.isinf(value):
        return f"{value:+}".rjust(width)
    text = f"{value:+.4f}"
    if len(text) > width or 0 < abs(value) < 1e-3:
        text = f"{value:+.1e}"
    return text.rjust(width)


def sign_style(value: float) -> str:
    """The style of a signed number: plus, minus, or that of what is not finite."""
    if not math.isfinite(value):
        return "bad"
    return "text" if value == 0 else PLUS_OR_MINUS[value > 0]


def signed_span(value: float, width: int = NUMBER_WIDTH) -> Span:
    """A signed number in the colour of its sign."""
    return signed(value, width), sign_style(value)


# How a row's output is marked, and in which style.
ANSWERS = {"right": ("✓", "good"), "wrong": ("✗", "bad"), "undecided": ("≈", "warn")}

NOT_YET: Span = ("·".rjust(NUMBER_WIDTH), "label")


# How is marked what an operation reads and makes, before its name and in which style.
DOINGS = {"read": ("›", "reads"), "made": ("●", "writes")}


def marked_head(words: str, doing: str, width: int) -> Line:
    """The head of a column, right-aligned; `doing` says what an operation does with it, if it does:
    read or made. The mark stands in the blanks before the words."""
    if not doing:
        return [(words.rjust(width), "label")]
    mark, style = DOINGS[doing]
    text = f"{mark}{words.strip()}"[:width]
    return [(" " * (width - len(text)), "text"), (text, style)]


def plain_text(lines: Iterable[Line]) -> str:
    """The lines as text, without trailing blanks."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


def line_width(line: Line) -> int:
    """How many cells a line takes: all our characters are one cell wide."""
    return sum(len(text) for text, _ in line)


def fitted(line: Line, width: int) -> Line:
    """The line cut off or filled up with blanks to `width` cells."""
    spans: Line = []
    for text, style in line:
        spans.append((text[:width], style))
        width -= len(text[:width])
    return [*spans, (" " * width, "text")]


def spread(left: Line, right: Line, width: int) -> Line:
    """Two lines in one, the second at the right edge; the first gives way where both don't fit,
    but for a blank between them."""
    room = max(0, width - line_width(right))
    if right and line_width(left) >= room > 1:
        left = fitted(left, room - 1)
    return [*fitted(left, room), *(right if room else fitted(right, width))]


def title(text: str, right: Line, width: int) -> Line:
    """A pane's first line: its name, and what is worth saying of it at the right edge."""
    return spread([(f" {text}", "title")], right, width)
