"""Programs as people write them, each in a style of its own: is each told what is true of it?"""

import json
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from tests.sample import some
from xortui.core.debug.examine import examine
from xortui.core.debug.mistakes import MISTAKES
from xortui.core.debug.report import RIGHT_GRADIENTS, WRONG_GRADIENTS
from xortui.core.debug.source import read_source

FOLDER = Path(__file__).with_name("programs")
PROGRAMS: list[dict[str, Any]] = json.loads(
    (FOLDER / "manifest.json").read_text(encoding="utf-8")
)  # fmt: skip


def test_half_of_them_are_right() -> None:
    verdicts = [program["verdict"] for program in PROGRAMS]
    assert verdicts.count(RIGHT_GRADIENTS) >= 60
    assert verdicts.count(WRONG_GRADIENTS) >= 50


@pytest.mark.slow
@pytest.mark.parametrize("program", some(PROGRAMS, 64, itemgetter("file")))
def test_each_is_told_what_is_true_of_it(program: dict[str, Any]) -> None:
    path = FOLDER / program["file"]
    report = examine(str(path), read_source(str(path)))
    assert report.verdict in {program["verdict"], *(program.get("verdict_also") or [])}
    judged = report.verdict == program["verdict"] in (RIGHT_GRADIENTS, WRONG_GRADIENTS)
    if judged and program["sizes"] is not None:
        network = report.to_json()["network"]
        known = ["sizes", "activations", "bias", "layout", "batch"]
        if program["mistake"] == "rows-not-summed":
            known.remove("batch")  # of all rows they meant to take, and of one they do
        assert {key: network[key] for key in known} == {key: program[key] for key in known}
        if program["learns"] is not None and report.learns is not None:
            assert report.learns == program["learns"]
    if report.verdict == RIGHT_GRADIENTS == program["verdict"] and report.learns is False:
        assert list(report.trouble) == program["trouble"]
    if report.verdict == program["verdict"] == WRONG_GRADIENTS:
        lines = [program["line"], *(program.get("line_also") or [])]
        assert report.line is not None
        assert any(abs(report.line - line) <= 1 for line in lines)
        assert report.mistake in MISTAKES
        assert report.mistake in {program["mistake"], *(program.get("mistake_also") or [])}
