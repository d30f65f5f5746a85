"""xortui debug at the command line: what is printed, exit codes, JSON; and xortui.debug."""

import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import xortui
import xortui.core.debug.examine as examine_module
from tests.core.debug.generator import STYLES, make
from tests.sample import some
from xortui.cli import main
from xortui.core.debug.mistakes import MISTAKES
from xortui.core.debug.report import DebugReport
from xortui.core.debug.trouble import TROUBLES
from xortui.core.model.recipe_words import in_words
from xortui.core.training.run_file import RunFile

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a right script, a wrong one, and one that does not learn."""
    module = STYLES[0]
    sources = {
        "right.py": make(module, None, epochs=8000),
        "wrong.py": make(module, "derivative-left-out"),
        "short.py": make(module, None, epochs=100),
    }
    for name, program in sources.items():
        assert program is not None
        (tmp_path / name).write_text(program.source, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


FOUND: dict[tuple[object, ...], DebugReport] = {}


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what is printed: each script is examined once for all of them."""
    real = examine_module.examine

    def kept(path: str, source: str, *given: Any) -> DebugReport:
        if (path, source) not in FOUND:
            FOUND[path, source] = real(path, source, *given)
        return FOUND[path, source]

    monkeypatch.setattr(examine_module, "examine", kept)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["debug", *arguments])
    captured = capsys.readouterr()
    assert captured.err == ""
    return code, captured.out


@pytest.mark.usefixtures("once")
@pytest.mark.slow
def test_right_gradients_that_learn_exit_with_0(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = printed(capsys, "right.py")
    assert code == 0
    assert "a 2-4-1 network, sigmoid, sigmoid, with biases" in text
    assert "All gradients are right, and it learns." in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.usefixtures("once")
@pytest.mark.slow
def test_a_mistake_exits_with_1_and_says_what_the_line_could_be(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = printed(capsys, "wrong.py")
    assert code == 1
    assert "wrong.py:23" in text
    assert "error_hidden * hidden * (1 - hidden)" in text
    assert "✗ wrong" in text
    assert "✓ right" in text


@pytest.mark.usefixtures("once")
@pytest.mark.slow
def test_json_has_the_keys_that_are_documented(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = printed(capsys, "wrong.py", "--format", "json")
    report: dict[str, Any] = json.loads(text)
    assert code == 1
    assert list(report) == [
        "script", "network", "loss", "learning_rate", "optimiser", "parameters", "verdict",
        "mistake", "line", "learns", "trouble", "sentence", "suggestion",
    ]  # fmt: skip
    assert report["network"] == {
        "sizes": [2, 4, 1], "activations": ["sigmoid", "sigmoid"], "bias": True,
        "layout": "rows", "batch": "full",
    }  # fmt: skip
    assert report["learning_rate"] == pytest.approx(0.3)
    assert report["optimiser"] == "sgd"
    assert {tuple(one) for one in report["parameters"]} == {
        ("name", "role", "shape", "verdict", "cosine", "factor", "line")
    }
    verdicts = {one["role"]: one["verdict"] for one in report["parameters"]}
    assert verdicts == {"W1": "wrong", "b1": "wrong", "W2": "right", "b2": "right"}
    assert report["mistake"] in MISTAKES
    assert set(report["trouble"]) <= set(TROUBLES)


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    return value is None or isinstance(value, float)


def is_one_of(*names: str | None) -> Callable[[object], bool]:
    return lambda value: value in names


def is_line(value: object) -> bool:
    return value is None or (is_whole(value) and value > 0)  # type: ignore[operator]


def is_text(value: object) -> bool:
    return isinstance(value, str)


# The documented shape: every key, in order, and what its value may be.
SHAPE: dict[str, Callable[[Any], bool]] = {
    "script": is_text,
    "network": lambda value: value is None or matches(NETWORK, value),
    "loss": is_one_of("squared error", "cross-entropy", "absolute error", None),
    "learning_rate": is_number,
    "optimiser": is_one_of("sgd", "momentum", "unknown", None),
    "parameters": lambda value: all(matches(PARAMETER, one) for one in value),
    "verdict": is_one_of(
        "right gradients", "wrong gradients", "no network found", "crashed", "not trained"
    ),
    "mistake": is_one_of(*MISTAKES, None),
    "line": is_line,
    "learns": lambda value: value in (True, False, None),
    "trouble": lambda value: set(value) <= set(TROUBLES),
    "sentence": lambda value: is_text(value) and value.endswith(".") and "\n" not in value,
    "suggestion": lambda value: value is None or is_text(value),
}
NETWORK: dict[str, Callable[[Any], bool]] = {
    "sizes": lambda value: len(value) > 1 and all(map(is_whole, value)),
    "activations": lambda value: all(map(is_text, value)),
    "bias": lambda value: isinstance(value, bool),
    "layout": is_one_of("rows", "columns", None),
    "batch": is_one_of("full", "online", "mini"),
}
PARAMETER: dict[str, Callable[[Any], bool]] = {
    "name": is_text,
    "role": lambda value: re.fullmatch(r"[Wb][1-9]\d*", value) is not None,
    "shape": lambda value: all(map(is_whole, value)),
    "verdict": is_one_of("right", "wrong", "not updated", "unknown"),
    "cosine": is_number,
    "factor": is_number,
    "line": is_line,
}


def matches(shape: dict[str, Callable[[Any], bool]], value: dict[str, Any]) -> bool:
    assert list(value) == list(shape)
    for key, allowed in shape.items():
        assert allowed(value[key]), (key, value[key])
    return True


NEVER = "import numpy as np\nX, y, W = np.eye(2), np.ones((2, 1)), np.random.randn(2, 1)\n"
OTHERS = {
    "crashed": "import numpy as np\nnp.ones((2, 3)) @ np.ones((2, 3))\n",
    "no network found": "print(1)\n",
    "not trained": NEVER + "print(1 / (1 + np.exp(-(X @ W))) - y)\n",
}


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("name", ["right.py", "wrong.py", "short.py", *OTHERS])
def test_json_has_the_documented_shape_whatever_the_verdict(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    if name in OTHERS:
        (folder / name).write_text(OTHERS[name], encoding="utf-8")
    code, text = printed(capsys, name, "--format", "json")
    report = json.loads(text, parse_constant=lambda constant: pytest.fail(constant))
    assert matches(SHAPE, report)
    assert report["script"] == name
    assert code == (0 if name == "right.py" else 1)
    if name in OTHERS:
        assert report["verdict"] == name
    if report["network"] is not None and report["parameters"]:
        assert len(report["network"]["activations"]) == len(report["network"]["sizes"]) - 1
        roles = {one["role"] for one in report["parameters"]}
        assert roles == {"W1", "b1", "W2", "b2"}


@pytest.mark.usefixtures("once")
def test_a_script_that_stops_too_early_is_told_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = printed(capsys, "short.py", "--format", "json")
    assert code == 1
    assert json.loads(text)["verdict"] == "right gradients"
    assert json.loads(text)["trouble"] == ["too-few-epochs"]


@pytest.mark.usefixtures("once")
@pytest.mark.slow
def test_what_the_line_does_and_what_mending_it_brings_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, text = printed(capsys, "wrong.py")
    assert "multiplied by the\nactivation's slope" in text
    assert "With the true gradient, from the same start, it is" in text
    assert "It starts from" in text


@pytest.mark.slow
def test_their_start_becomes_a_run_that_xortui_opens(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["debug", "right.py", "--export-run", "run.json"])
    captured = capsys.readouterr()
    assert code == 0
    assert "cross-entropy" in captured.err  # its sigmoid output goes with no other loss here
    report = xortui.debug("right.py")
    assert report.start is not None
    trainer = RunFile.from_text((folder / "run.json").read_text(encoding="utf-8")).trainer()
    snapshot = trainer.snapshot()
    flat = [number for layer, biases in zip(report.start.weights, report.start.biases, strict=True)
            for row in (*layer, biases) for number in row]  # fmt: skip
    assert sorted(snapshot.parameters.tolist()) == sorted(flat)
    assert in_words(trainer.current_recipe).startswith("XOR 2-4-1 sigmoid, bias, cross-entropy")


def test_a_network_that_no_recipe_describes_is_no_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "none.py").write_text("print(1)\n", encoding="utf-8")
    assert main(["debug", "none.py", "--export-run", "run.json"]) == 2
    assert "--export-run" in capsys.readouterr().err
    assert not (folder / "run.json").exists()


@pytest.mark.usefixtures("once")
@pytest.mark.slow
def test_output_goes_to_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "right.py", "-o", "report.txt") == (0, "")
    assert "All gradients are right" in (folder / "report.txt").read_text(encoding="utf-8")


def test_arguments_after_two_dashes_are_the_scripts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = "import sys\nassert sys.argv[1:] == ['--format', 'x'], sys.argv\n"
    (folder / "arguments.py").write_text(source, encoding="utf-8")
    code, text = printed(capsys, "arguments.py", "--format", "json", "--", "--format", "x")
    assert code == 1
    assert json.loads(text)["verdict"] == "no network found"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nowhere.py"], 3, "nowhere.py"),
        (["."], 3, "."),
        (["right.py", "--format", "csv"], 2, "csv"),
        (["right.py", "--seconds", "0"], 2, "--seconds"),
        (["right.py", "--seconds", "soon"], 2, "soon"),
        ([], 2, "SCRIPT"),
    ],
)
def test_a_bad_command_line_gets_one_sentence(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    assert main(["debug", *arguments]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.slow
def test_the_function_gives_the_same_report(folder: Path) -> None:
    report = xortui.debug("wrong.py")
    assert report.verdict == "wrong gradients"
    assert (report.mistake, report.line) == ("derivative-left-out", 23)
    assert not report.passed
    with pytest.raises(AttributeError):
        report.verdict = "right gradients"  # type: ignore[misc]


def test_the_function_takes_a_path(folder: Path) -> None:
    report = xortui.debug(folder / "short.py")
    assert report.script == str(folder / "short.py")
    assert report.to_json() == xortui.debug(str(folder / "short.py")).to_json()


@pytest.mark.parametrize("seconds", [0, -1, 0.5, 1e9, math.inf, math.nan])
def test_the_function_refuses_a_time_that_is_none(folder: Path, seconds: float) -> None:
    with pytest.raises(ValueError, match="from 1 to 3600"):
        xortui.debug("right.py", seconds=seconds)


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("phase", some(["try_out", "judge", "findings_of", "find_network"], 2))
def test_ctrl_c_in_the_analysis_ends_it_too(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    phase: str,
) -> None:
    real = getattr(examine_module, phase)

    def interrupted(*arguments: object) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        return real(*arguments)

    monkeypatch.setattr(examine_module, phase, interrupted)
    assert main(["debug", "wrong.py"]) == 130
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_a_child_ends_when_nobody_waits_for_it(tmp_path: Path) -> None:
    """Ctrl+c twice ends xortui at once."""
    script = tmp_path / "endless.py"
    script.write_text("while True:\n    pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "xortui", "debug", str(script)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        child = first_child(process.pid)
        process.kill()
        process.wait(20)
    for _ in range(200):
        if child is None or has_ended(child):
            break
        time.sleep(0.05)
    assert child is None or has_ended(child)


def has_ended(process: int) -> bool:
    """Whether it runs no more; nobody may have asked for its exit code yet."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


def first_child(parent: int) -> int | None:
    """The process that another has started; None where the system does not say it."""
    children = Path(f"/proc/{parent}/task/{parent}/children")
    for _ in range(400):
        found = children.read_text(encoding="ascii").split() if children.exists() else []
        if found:
            return int(found[0])
        time.sleep(0.05)
    return None


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_ctrl_c_ends_it_and_its_child(tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text("import os\nopen('/dev/null')\nwhile True:\n    pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "xortui", "debug", str(script)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        child = first_child(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    if child is not None:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_neither_the_script_nor_the_report_is_written_over(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "wrong.py").read_text()
    for extra, sentence in (
        (["-o", "wrong.py"], "it is the file that is read"),
        (["--export-run", "wrong.py"], "it is read or written already"),
        (["-o", "a.json", "--export-run", "a.json"], "it is read or written already"),
    ):
        assert main(["debug", "wrong.py", *extra]) == 2
        assert sentence in capsys.readouterr().err
        assert (folder / "wrong.py").read_text() == before
