"""Pure: colours that can be read on what they stand on, and colours between two others."""

from functools import lru_cache

from textual.color import Color

TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0  # WCAG 2.1, AA, for text and for marks
_STEPS = 16  # from a colour to black or white

_WHITE, _BLACK = Color(255, 255, 255), Color(0, 0, 0)


@lru_cache(maxsize=4096)
def luminance(colour: Color) -> float:
    """Relative luminance, 0 to 1, after WCAG 2.1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """The contrast of two colours after WCAG 2.1: from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=4096)
def readable(colour: Color, ground: Color, least: float) -> Color:
    """The colour, brought so near to white or black that its contrast is at least `least`.

    A terminal's own colours stay as they are: nobody knows how they look.
    """
    if colour.ansi is not None or ground.ansi is not None:
        return colour
    end = max((_WHITE, _BLACK), key=lambda end: contrast(end, ground))
    shades = (colour.blend(end, step / _STEPS) for step in range(_STEPS))
    return next((shade for shade in shades if contrast(shade, ground) >= least), end)


@lru_cache(maxsize=4096)
def between(ground: Color, colour: Color, share: float) -> Color:
    """The colour at `share` of the way from the ground."""
    return ground.blend(colour, share)
