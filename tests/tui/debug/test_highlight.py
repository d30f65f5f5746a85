"""A script as lines of spans: its inks, and that nothing of it reaches the terminal as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.own_script import HOSTILE, WRONG
from xortui.tui.debug.highlight import FILLER, cut, highlighted, in_cells, to_print
from xortui.tui.drawing.lines import line_width
from xortui.tui.drawing.theme import is_style


def text_of(line: list) -> str:  # type: ignore[type-arg]
    return "".join(text for text, _ in line)


def test_keywords_strings_comments_and_names_have_inks() -> None:
    (line,) = highlighted('def f(x): return "a" + x  # why')
    inks = {text.strip(): ink for text, ink in line}
    assert inks["def"] == inks["return"] == "keyword"
    assert inks["f"] == "heading"
    assert inks['"a"'] == "string"
    assert inks["# why"] == "label"


def test_a_string_may_go_over_lines() -> None:
    lines = highlighted('x = """one\ntwo"""\ny = 1')
    assert ('two"""', "string") in lines[1]


def test_what_is_no_python_any_more_is_plain() -> None:
    lines = highlighted('print "old"\nx = (1,')
    assert [text_of(line) for line in lines] == ['print "old"', "x = (1,"]


def test_lines_are_pythons_lines() -> None:
    lines = highlighted("a = 1\x0c\nb = 2\u2028c\n")
    assert len(lines) == 2


def test_tabs_are_blanks() -> None:
    assert text_of(highlighted("\tx\ty")[0]) == "    x   y"


def test_nothing_harmful_is_left() -> None:
    line = text_of(highlighted(HOSTILE)[0])
    assert "\\x1b]0;evil\\x07" in line
    assert "\\u202e" in line
    assert to_print(line).isprintable()


@given(st.text(max_size=60))
def test_a_text_is_as_long_as_the_cells_it_takes(text: str) -> None:
    shown = in_cells(text)
    assert len(shown) == cell_len(to_print(shown))
    assert to_print(shown).isprintable() or not shown


@given(st.text(alphabet="ab中文 é", max_size=30), st.integers(0, 20), st.integers(0, 30))
def test_a_cut_line_takes_no_more_cells_than_it_may(text: str, begin: int, width: int) -> None:
    line = cut([(in_cells(text), "text")], begin, width)
    assert line_width(line) <= width
    assert cell_len(to_print(text_of(line))) == line_width(line)


@pytest.mark.parametrize("source", [WRONG, HOSTILE, "", "\n\n"])
def test_all_inks_are_inks(source: str) -> None:
    for line in highlighted(source):
        assert all(isinstance(ink, str) and is_style(ink) for _, ink in line)
        assert FILLER not in text_of(line) or "中" in text_of(line)
