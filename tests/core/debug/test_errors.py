"""Scripts that end with an error: one clear sentence, with the line and, if they count, shapes."""

import sys
from pathlib import Path

import pytest

from xortui.core.debug.errors import words_for
from xortui.core.debug.examine import examine
from xortui.core.debug.report import CRASHED, NO_NETWORK, RIGHT_GRADIENTS
from xortui.core.debug.source import SourceError, read_source

HEAD = "import numpy as np\nX = np.ones((4, 2)); W = np.ones((3, 2)); b = np.zeros((1, 3))\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (HEAD + "z = X @ W\n", "Line 3: the shapes of X (4, 2) and W (3, 2) do not fit for @."),
        (HEAD + "z = X * W\n", "Line 3: the shapes of X (4, 2) and W (3, 2) do not fit for *."),
        (HEAD + "b -= np.ones((4, 3))\n",
         "Line 3 changes b of shape (1, 3) by something of shape (4, 3)."),
        (HEAD + "n = np.array([1, 2])\nn -= 0.5\n",
         "Line 4 changes n, which holds whole numbers, by a fraction."),
        ("open('data.csv')\n", "Line 1 opens data.csv, and there is no such file."),
        ("x = {}\nx['w1']\n", "Line 2 ends with KeyError: 'w1'."),
        ("raise KeyboardInterrupt\n", "Line 1 ends with KeyboardInterrupt."),
        ("x = 'a' * (1 << 40)\n",
         "Line 1 needs more memory than the 2 GiB that a script has here."),
        ("raise ValueError('a...')\n", "Line 1 ends with ValueError: a."),
        ("raise ValueError('a\\nb\\x1b[31mc')\n", "Line 1 ends with ValueError: a b\\x1b[31mc."),
    ],
)  # fmt: skip
def test_an_error_is_one_sentence(source: str, sentence: str) -> None:
    report = examine("script.py", source)
    assert (report.verdict, report.sentence) == (CRASHED, sentence)
    assert report.line == int(sentence.split()[1].rstrip(":"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_a_run_of_which_nothing_comes_back_is_not_said_to_need_memory() -> None:
    report = examine("script.py", "import os\nos.abort()\n")
    assert report.verdict == CRASHED
    assert "signal 6" in report.sentence
    assert "memory" not in report.sentence


@pytest.mark.slow
def test_a_script_that_ends_python_is_looked_at_all_the_same() -> None:
    assert examine("script.py", "import os\nos._exit(3)\n").verdict == NO_NETWORK


@pytest.mark.slow
def test_what_is_nested_too_deeply_is_said_to_be_so() -> None:
    report = examine("script.py", f"x = {'-' * 5000}1\n")
    assert (report.verdict, report.sentence) == (
        CRASHED, "It is nested too deeply for xortui to follow.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x = 1\0\n", "it has null bytes"),
        ("x = " + "(" * 120 + "1" + ")" * 120 + "\n", None),
        ("x = " + "-" * 100_000 + "1\n", "it is nested too deeply"),
        ("x = " + "(" * 300 + "1" + ")" * 300 + "\n", "too many nested parentheses (line 1)"),
        ("x = 1\nreturn 3\n", "'return' outside function (line 2)"),
        ("x = 1\nnonlocal y\n", "nonlocal declaration not allowed at module level (line 2)"),
        ("if '' is '':\n    pass\n", None),  # a warning, and no error
    ],
)
def test_what_python_cannot_compile_is_refused_with_its_reason(
    tmp_path: Path, source: str, reason: str | None
) -> None:
    path = tmp_path / "script.py"
    path.write_text(source, encoding="utf-8")
    if reason is None:
        assert read_source(str(path)) == source
        return
    with pytest.raises(SourceError) as error:
        read_source(str(path))
    assert str(error.value) == f"{path} is no Python: {reason}"


def test_a_long_message_is_cut() -> None:
    words = words_for("ValueError", "x" * 900, 3, "")
    assert words.sentence.endswith("x ….")
    assert len(words.sentence) < 250


@pytest.mark.slow
def test_an_error_after_the_training_is_one_harmless_remark() -> None:
    from tests.core.debug.test_runs import RIGHT

    source = RIGHT.format(epochs=200) + "raise ValueError('\\x1b[31m\\n' * 99)\n"
    report = examine("script.py", source)
    assert report.verdict == RIGHT_GRADIENTS
    (note,) = (note for note in report.notes if "ValueError" in note)
    assert note.isprintable()
