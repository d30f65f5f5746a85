"""Loops that are left early, and functions that call themselves: is the end of a training seen?"""

import pytest

from tests.core.debug.test_runs import RIGHT
from tests.sample import some
from xortui.core.debug.examine import examine
from xortui.core.debug.report import RIGHT_GRADIENTS
from xortui.core.debug.watch import LONG, Watch

HEAD, _, LOOP = RIGHT.format(epochs=100_000).replace("0.3", "0.1").partition("for i in")
STEP = LOOP.partition(":\n")[2]
SOLVED = "np.abs(d).max() < 0.35"


def deeper(lines: str) -> str:
    return "".join(f"    {line}\n" for line in lines.splitlines())


TRAININGS = {
    "break": f"for i in range(100000):\n{STEP}    if {SOLVED}:\n        break\n",
    "while with break": f"while True:\n{STEP}    if {SOLVED}:\n        break\n",
    "condition": f"d = 1.0\nwhile not {SOLVED}:\n{STEP}",
    "exit": f"for i in range(100000):\n{STEP}    if {SOLVED}:\n        raise SystemExit\n",
    "return": "def train():\n    global W1, W2, b1, b2\n"
    f"    for i in range(100000):\n{deeper(STEP)}"
    f"        if {SOLVED}:\n            return i\ntrain()\n",
    "nested": f"i = 0\nwhile i < 9:\n    i += 1\n    for j in range(100000):\n{deeper(STEP)}"
    f"        if {SOLVED}:\n            break\n    if {SOLVED}:\n        break\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", some(tuple(TRAININGS), 3))
def test_a_training_that_ends_when_it_is_solved_has_learnt(name: str) -> None:
    report = examine("script.py", HEAD + TRAININGS[name])
    assert report.verdict == RIGHT_GRADIENTS
    assert report.learns, report.sentence
    assert report.trouble == ()


FUNCTIONS = {
    "while": "def walk(n):\n    i = 0\n    while i < 2:\n        i += 1\n        if n:\n"
    "            walk(n - 1)\nwalk(3)\n",
    "for": "def walk(n):\n    for k in range(2):\n        if n:\n"
    "            walk(n - 1)\nwalk(3)\n",
    "return": "def walk(n):\n    while True:\n        if n == 0:\n            return 0\n"
    "        return walk(n - 1)\nwalk(5)\n",
    "generator": "def numbers(n):\n    while n:\n        n -= 1\n        yield n\n"
    "        yield from numbers(n)\nlist(numbers(4))\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", some(tuple(FUNCTIONS), 3))
def test_a_function_that_calls_itself_is_no_error(name: str) -> None:
    report = examine("script.py", FUNCTIONS[name] + RIGHT.format(epochs=600))
    assert report.verdict == RIGHT_GRADIENTS, report.sentence


def test_passes_are_counted_for_every_call_of_a_function() -> None:
    watch = Watch()

    def loop(depth: int) -> None:
        watch.enter(0, None)
        for turn in range(LONG + depth):
            watch.tick(0, None)
            if turn == 3 and depth:
                loop(depth - 1)
        watch.left(0, None)
        assert watch.ends[0][1] == LONG + depth

    loop(2)


def test_after_its_end_a_recording_opens_no_window() -> None:
    watch = Watch()
    watch.note(0, 1.0)
    watch.end()
    watch.open(1, 0)
    watch.note(0, 2.0)
    assert len(watch.windows) == len(watch.nodes) == 1
    assert watch.windows[0][1] == 1
