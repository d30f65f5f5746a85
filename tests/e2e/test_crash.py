"""A crash of the app as a person meets it, in a pseudo-terminal."""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

from tests.e2e.terminal import Terminal
from tests.sample import some
from xortui.core.training.run_file import read_run

pytestmark = pytest.mark.e2e
# A key that is not handled but crashes, in one of several places.
CRASHING = """
import sys
from xortui.__main__ import main
from xortui.tui.app import XorApp
from xortui.tui.panes.loss import LossPane
from xortui.tui.session import RunSession
def fail(*given, **named):
    raise FileNotFoundError(2, "No such file or directory", "/home/alice/diary.json")
def action(self):
    {what}
XorApp.action_help = action
sys.exit(main({arguments!r}))
"""
PLACES = {
    "in an action": "fail()",
    "in painting": "LossPane.paint = fail; self.training.go_to(51); self.training.start()",
    "in a worker": "self.run_worker(sleepless(), name='diary')",
    "in a timer": "self.set_timer(0.01, fail)",
    "in keeping the run": "RunSession.keep_at_end = fail; fail()",
}


def crash(folder: Path, what: str, *arguments: str) -> Terminal:
    program = CRASHING.format(what=PLACES[what], arguments=list(arguments))
    program = program.replace("def action", "async def sleepless():\n    fail()\ndef action")
    terminal = Terminal(
        [sys.executable, "-c", program],
        columns=160,
        lines=50,
        cwd=folder,
        variables={"XDG_STATE_HOME": str(folder / "state")},
    )
    return terminal


@pytest.mark.parametrize("what", some(PLACES, 2))
def test_ten_lines_say_what_to_send_and_the_terminal_is_back(what: str, tmp_path: Path) -> None:
    with crash(tmp_path, what, "--seed", "3", "--goto", "50") as terminal:
        terminal.wait_for("step 50 ")
        terminal.send(".")
        terminal.wait_for("step 51 ")
        terminal.send("?")
        assert terminal.wait() == 70
        assert terminal.is_as_found
        said = terminal.text[terminal.text.index("xortui crashed") :].strip().split("\n")
        said = [line.rstrip() for line in said]
    is_lost = what == "in keeping the run"
    assert len(said) == 10
    assert said[0] == "xortui crashed. This is a bug in xortui, not a mistake of yours."
    assert said[1].endswith("xortui recover 1") or is_lost
    facts = said[3:8]
    assert facts[2] == "  recipe    --seed 3; step 51, edits 0"
    assert facts[3] == "  keys      full_stop question_mark"
    assert "FileNotFoundError" in facts[4]
    assert "Traceback" not in "".join(said)
    (path,) = (tmp_path / "state" / "xortui").glob("crash-*.txt")
    assert said[-1] == f"  cat {path}"
    text = path.read_text(encoding="utf-8")
    assert text.split("\n")[:5] == [line[2:] for line in facts]
    assert "FileNotFoundError: No such file or directory" in text
    assert "in fail" in text
    for secret in ("alice", str(tmp_path), str(Path.home()) + "/"):
        assert secret not in text
        assert secret not in "".join(facts)
    kept = [read_run(str(run)).position for run in (tmp_path / "state").rglob("*.run.json")]
    assert kept == ([] if is_lost else [51])


def test_a_crash_before_the_first_frame(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom xortui.__main__ import main\nfrom xortui.tui.app import XorApp\n"
        "XorApp.on_mount = lambda self: 1 / 0\nsys.exit(main([]))"
    )
    variables = {"XDG_STATE_HOME": str(tmp_path / "state")}
    with Terminal(
        [sys.executable, "-c", program], columns=160, lines=50, cwd=tmp_path, variables=variables
    ) as terminal:
        assert terminal.wait() == 70
        assert terminal.is_as_found
        assert "error     ZeroDivisionError in xortui/tui/terminal/app.py" in terminal.text, (
            terminal.text
        )
