"""Lines as they could be are written as a person would write them."""

import pytest

from xortui.core.debug.edits import without_brackets


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("(h * (1 - h))", "h * (1 - h)"),
        ("((a))", "a"),
        ("h * (1 - h)", "h * (1 - h)"),
        ("(a) * (b)", "(a) * (b)"),
        ("(a, b)", "(a, b)"),  # which without them may be two arguments
        ("(a + b", "(a + b"),
    ],
)
def test_brackets_around_all_of_an_expression_are_left_out(written: str, bare: str) -> None:
    assert without_brackets(written) == bare
