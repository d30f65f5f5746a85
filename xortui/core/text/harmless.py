"""Text from outside, made harmless for a terminal: nothing in it can move, colour or copy.

Names of files and branches, what a person typed and what a file says may hold escape sequences,
control characters, changes of the writing direction or bytes that are no text. As `ls` and `less`
do, these are shown by their number instead of being sent to the terminal.
"""


def harmless(text: str) -> str:
    """The text as one line of printable characters; all others are written as escapes: \\x1b.

    A byte of a file name that is not UTF-8, which Python keeps as a surrogate, is written as that
    byte: \\xff.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in text)


def harmless_lines(text: str) -> str:
    """The text with its line breaks kept, every line of it made harmless."""
    if text.replace("\n", "").isprintable():
        return text
    return "\n".join(map(harmless, text.split("\n")))


def is_harmless(text: str) -> bool:
    """Whether the text can be shown as it is: one line of printable characters."""
    return text.isprintable()


def _escape(letter: str) -> str:
    if "\udc80" <= letter <= "\udcff":  # a byte that could not be decoded
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter.encode("unicode_escape").decode("ascii")
