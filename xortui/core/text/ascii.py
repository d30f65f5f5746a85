"""Text in plain ASCII that still means the same: ½(ŷ − y)² becomes 0.5*(p - y)^2."""

import unicodedata

_SAME = {
    # One character for one, so that most lines keep their places.
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
    **dict(zip("▁▂▃▄▅▆▇█", "..::++##", strict=True)),
    **dict(zip("▏▎▍▌▋▊▉", "...||##", strict=True)),
    **{"✓": "v", "✗": "x", "▶": ">", "⏸": "=", "‹": "<", "›": ">", "●": "o", "○": "O"},
    **{"−": "-", "–": "-", "—": "-", "×": "x", "′": "'", "≈": "~", "∂": "d", "ℓ": "l"},
    **{"ŷ": "p", "Δ": "D", "δ": "d", "µ": "u"},
    **{"─": "-", "━": "=", "╌": "-", "│": "|", "┃": "|", "┄": "-", "╍": "-", "╱": "/"},
    **{"↑": "^", "↓": "v", "◆": "#", "◇": "+", "▲": "^", "▼": "v", "▀": "'", "░": "?"},
    **{"▒": ":", "▓": "#", "╲": "\\", "•": "*", "╋": "+", "■": "B", "▸": ">"},
    "\u00a0": " ",
}
_LONGER = {
    **{"½": "0.5*", "²": "^2", "±": "+/-", "ᵀ": "^T", "σ": "sigmoid", "η": "lr", "Σ": "sum "},
    **{"⊙": ".*", "←": "<-", "→": "->", "…": "...", "∞": "inf"},
    **{
        "μ": "mu",
        "β": "beta",
        "ε": "eps",
        "λ": "lambda",
        "√": "sqrt",
        "π": "pi",
        "⌊": "floor(",
        "⌋": ")",
    },
    **{"≤": "<=", "≥": ">=", "≠": "!=", "⌫": "backspace"},
}
GLYPHS = _SAME | _LONGER
# What a factor may end and begin with, besides letters and digits.
_CLOSING, _OPENING = tuple(")]ᵀ²"), tuple("([∂−-+")


def to_ascii(text: str) -> str:
    """The text in ASCII, longer where one character cannot say it.

    ŷ is p, η is lr, ⊙ is .* and ᵀ is ^T, as in Octave or Matlab; a dot between factors is *.
    """
    if text.isascii():
        return text
    return "".join(glyph(text, at) for at in range(len(text)))


def ascii_errors(error: UnicodeError) -> tuple[str, int]:
    """For `codecs.register_error`: what an encoding lacks is written as `to_ascii` would."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    places = range(error.start, error.end)
    return "".join(glyph(error.object, at) for at in places), error.end


def glyph(text: str, at: int) -> str:
    """What stands for the character at a place of the text: one or more characters of ASCII."""
    character = text[at]
    if character.isascii():
        return character
    if character == "·":
        return _dot(text[max(0, at - 2) : at], text[at + 1 : at + 3])
    if character == "Σ" and text[at + 1 : at + 2] == " ":
        return "sum"
    known = GLYPHS.get(character)
    return known if known is not None else _unknown(character)


def _dot(before: str, after: str) -> str:
    """A dot between two factors multiplies, between two remarks it parts them; others are dots."""
    if before[-1:].isalnum() or before.endswith(_CLOSING):
        return "*" if after[:1].isalnum() or after.startswith(_OPENING) else "."
    parts = before.endswith(" ") and after.startswith(" ") and before.strip() and after.strip()
    return "-" if parts else "."


def _unknown(character: str) -> str:
    code = ord(character)
    if 0x2800 <= code <= 0x28FF:  # braille, by how many dots are set: none, to two, to four, more
        return " ..::####"[(code - 0x2800).bit_count()]
    if 0x2500 <= code <= 0x257F:  # lines of boxes
        name = unicodedata.name(character)
        return "-" if "HORIZONTAL" in name else "|" if "VERTICAL" in name else "+"
    if 0x2580 <= code <= 0x259F:  # blocks
        return "#"
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return letters[:1] or "?"
