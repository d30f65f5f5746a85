"""Whole numbers as people and files write them: plain digits, and not too many."""

MAX_DIGITS = 20


def whole(text: str, least: int = 0, most: int | None = None) -> int:
    """The whole number that `text` writes in plain digits, blanks around it allowed.

    int() alone would take 1_000 and digits of other scripts, too, and fails on thousands of
    digits. Raises ValueError for anything else, and outside of `least` to `most`.
    """
    digits = text.strip(" ")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS):
        raise ValueError("not a whole number in plain digits")
    number = int(digits)
    if number < least or (most is not None and number > most):
        raise ValueError("a whole number that is too small or too large")
    return number


def signed_whole(text: str) -> int:
    """The whole number, with or without a sign, that `text` writes. Raises ValueError."""
    return -whole(text[1:]) if text.startswith("-") else whole(text)
