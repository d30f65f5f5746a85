"""Programs that were made with one mistake, or none: verdict, mistake and line.

Of all that can be made some are looked at, of every style and with every mistake.
"""

import pytest

from tests.core.debug.generator import Program, programs
from tests.sample import some
from xortui.core.debug.examine import examine
from xortui.core.debug.report import RIGHT_GRADIENTS, WRONG_GRADIENTS

pytestmark = pytest.mark.slow

PROGRAMS = list(programs())
RIGHT = [program for program in PROGRAMS if program.mistake is None]
WRONG = [program for program in PROGRAMS if program.mistake is not None]


def name(program: Program) -> str:
    return program.name


def test_there_are_many_and_half_of_them_are_right() -> None:
    assert len({program.source for program in RIGHT}) >= 50
    assert len({program.source for program in WRONG}) >= 60


@pytest.mark.parametrize("program", some(RIGHT, 96, name))
def test_a_right_program_is_called_right(program: Program) -> None:
    report = examine("program.py", program.source)
    assert report.verdict == RIGHT_GRADIENTS, report.sentence
    assert report.network is not None
    assert report.network.activations == (program.activation, "sigmoid")
    assert (report.network.layout, report.network.batch) == (program.layout, program.batch)
    assert {one.verdict for one in report.parameters} == {"right"}


@pytest.mark.parametrize("program", some(WRONG, 60, name))
def test_a_mistake_is_named_with_its_line(program: Program) -> None:
    report = examine("program.py", program.source)
    assert report.verdict == WRONG_GRADIENTS
    assert report.mistake == program.mistake
    assert report.line in program.lines
