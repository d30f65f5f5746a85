"""The terminal's modes: how they are put back, whatever was on."""

# Ends an escape sequence that was cut off in the middle; a terminal shows nothing for it.
CANCEL = "\x18"

# All that Textual turns on, in the order in which it has to go: the stack of the keyboard protocol
# belongs to the alternate screen, and synchronised output would hold back the rest.
RESET = (
    "\x1b[?2026l"  # synchronised output
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # the mouse
    "\x1b[?2004l\x1b[?1004l\x1b[?2048l"  # paste, focus, sizes in band
    "\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"  # wrapping, keyboard, screen, cursor, colours
)
# The shape of the mouse's pointer (kitty), where it was changed.
RESET_POINTER = "\x1b]22;default\x07"

# No terminal is larger. What claims to be is believed no further: the screen is laid out in cells.
MAX_COLUMNS, MAX_LINES = 640, 200


def clamped(columns: int, lines: int) -> tuple[int, int]:
    """A size that can be: at least one cell, at most MAX_COLUMNS x MAX_LINES."""
    return min(max(1, columns), MAX_COLUMNS), min(max(1, lines), MAX_LINES)
