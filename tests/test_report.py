"""What the check says of mistakes that are made on purpose."""

import re

import pytest

from xortui.cli import main
from xortui.core.mistakes import MISTAKES

NEEDS = {"no-bias-gradient": ["--bias"]}


@pytest.mark.parametrize("name", MISTAKES)
def test_check_finds_gradient_errors_and_says_what_is_none(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", "--break", name, "--goto", "5", *NEEDS.get(name, [])])
    text, mistake = capsys.readouterr().out, MISTAKES[name]
    if mistake.is_gradient_error:
        assert code == 1
        assert re.search(r"^gradients: \d of \d wrong(,|$)", text, re.MULTILINE)
    else:
        assert code == 0
        assert re.search(r"^gradients: (\d) of \1 right$", text, re.MULTILINE)
        assert mistake.no_gradient_error in text
