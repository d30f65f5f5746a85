"""Pure: a pane's lines in a thin rounded frame, with its title and keys in the edges of it."""

from collections.abc import Sequence

from xortui.tui.drawing.lines import Line, fitted, line_width

EDGE = 1  # cells that the frame takes at each side

# A key as it is printed on a keyboard, and what it does in a word or two.
KeyWords = tuple[str, str]


def framed(
    lines: Sequence[Line],
    width: int,
    height: int,
    digit: str = "",
    keys: Sequence[KeyWords] = (),
    more: str = "",
    is_focused: bool = False,
) -> list[Line]:
    """`height` lines of `width` cells. The first line, the title, becomes the upper edge, after the
    `digit` that focuses the pane; the lower edge holds `keys` and what there is `more` to see."""
    edge, inside = "focus" if is_focused else "grid", width - 2 * EDGE
    head: Line = [(f" {digit}", "accent")] if digit else []
    name: Line = lines[0] if lines else []
    if is_focused:  # the frame says so, and the title needs no line below it
        name = [(text, "accent" if style == "title" else style) for text, style in name]
    title = _edge([*head, *name], inside, edge)
    body = [*lines[1 : height - 1], *([] for _ in range(height - 1 - len(lines)))]
    foot = _edge([*_keys(keys, inside, is_focused), *_more(more)], inside, edge)
    return [
        [("╭", edge), *title, ("╮", edge)],
        *([("│", edge), *fitted(line, inside), ("│", edge)] for line in body[: height - 2]),
        [("╰", edge), *foot, ("╯", edge)],
    ][:height]


def _edge(spans: Line, width: int, edge: str) -> Line:
    """Words in an edge: the blanks between what stands left and right become the edge itself."""
    blanks = (
        place for place, span in enumerate(spans) if span[1] == "text" and not span[0].strip()
    )
    blank = next(blanks, len(spans))
    left, right = spans[:blank], spans[blank + 1 :]
    right = [(" ", "text"), *right] if line_width(right) else []
    room = max(0, width - line_width(right))
    if line_width(left) > room - 1:  # what stands at the right is what changes
        return fitted([*fitted(left, max(0, room)), *right], width)
    left = [*left, (" ", "text")] if left else []
    return [*left, ("─" * (room - line_width(left)), edge), *right]


def key_spans(keys: Sequence[KeyWords], style: str) -> Line:
    """Keys with what they do; `style` is that of the keys."""
    line: Line = []
    for key, words in keys:
        line += [(f" {key}", style), (f" {words} ", "label")]
    return line


def _keys(keys: Sequence[KeyWords], width: int, is_focused: bool) -> Line:
    """As many keys as fit; they are bright where they work, in the focused pane."""
    count = len(keys)
    while count and line_width(key_spans(keys[:count], "")) > width - 2:
        count -= 1
    return key_spans(keys[:count], "accent" if is_focused else "label")


def _more(more: str) -> Line:
    return [("  ", "text"), (f"{more} ", "accent")] if more else []
