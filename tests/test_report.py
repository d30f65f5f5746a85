"""What the check says of mistakes that are made on purpose."""

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
        assert "gradients are wrong" in text
    else:
        assert code == 0
        assert "every gradient is right" in text
        assert mistake.no_gradient_error in text
