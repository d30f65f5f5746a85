"""Programs that are written in rarer ways, and what is suggested for mistakes of rarer kinds."""

import pytest

from tests.core.debug import test_as_people_write as people
from tests.core.debug.generator import STYLES, make
from xortui.core.debug.examine import examine
from xortui.core.debug.report import WRONG_GRADIENTS

pytestmark = pytest.mark.slow

RARER = (
    "adaline.py", "last_row_only.py", "matrix_lists.py", "momentum_lists.py", "shapes_clash.py",
    "softmax_wrong.py", "with_momentum.py",
)  # fmt: skip
BY_NAME = {style.name: style for style in STYLES}


@pytest.mark.parametrize("file", RARER)
def test_each_is_told_what_is_true_of_it(file: str) -> None:
    (program,) = (program for program in people.PROGRAMS if program["file"] == file)
    people.test_each_is_told_what_is_true_of_it(program)


@pytest.mark.parametrize(
    ("style", "mistake", "suggestion"),
    [
        ("module-relu", "bias-never-updated",
         "W1 -= lr * (X.T @ delta_hidden)\nb1 -= lr * delta_hidden.sum(axis=0)"),
        ("functions-columns", "weight-used-after-update",
         "dA1 = params['W2'].T @ dZ2\nparams['W2'] = params['W2'] - alpha * (dZ2 @ A1.T)"),
    ],
)  # fmt: skip
def test_what_is_missing_or_too_early_is_put_where_it_belongs(
    style: str, mistake: str, suggestion: str
) -> None:
    program = make(BY_NAME[style], mistake)
    assert program is not None
    report = examine("program.py", program.source)
    assert (report.verdict, report.mistake) == (WRONG_GRADIENTS, mistake)
    assert report.line in program.lines
    assert report.suggestion == suggestion
