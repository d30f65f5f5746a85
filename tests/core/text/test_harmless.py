"""Text from outside: whatever is in it, a terminal gets nothing but characters to print."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import HOSTILE
from xortui.core.text.harmless import harmless, harmless_lines, is_harmless

# Control and format characters, surrogates, what is not assigned, separators of lines.
DANGEROUS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_become_printable(text: str) -> None:
    assert not is_harmless(text)
    assert harmless(text).isprintable()
    assert harmless(text).encode("utf-8")


@given(st.text(st.characters(exclude_categories=())))
def test_no_character_but_printable_ones_is_left(text: str) -> None:
    shown = harmless(text)
    assert not {unicodedata.category(letter) for letter in shown} & DANGEROUS
    assert is_harmless(shown)
    assert harmless(shown) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_lines_stay_lines(text: str) -> None:
    lines = text.split("\n")
    assert harmless_lines(text).split("\n") == [harmless(line) for line in lines]


@pytest.mark.parametrize(
    "text", ["", "run.json", "a name", "größer", "η = 0.5 at 1,000", "∂ℓ/∂ŷ⠿▀"]
)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_escapes_name_the_character_or_the_byte() -> None:
    assert harmless("a\x1b[31mb") == r"a\x1b[31mb"
    assert harmless("a\nb") == r"a\nb"
    assert harmless("\u202e") == r"\u202e"
    assert harmless(b"caf\xe9".decode("utf-8", "surrogateescape")) == r"caf\xe9"
