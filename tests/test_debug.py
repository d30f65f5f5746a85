"""xortui debug at the command line: what is printed, exit codes, JSON; and xortui.debug."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import xortui
from tests.core.debug.generator import STYLES, make
from xortui.cli import main
from xortui.core.debug.mistakes import MISTAKES
from xortui.core.debug.trouble import TROUBLES
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


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["debug", *arguments])
    captured = capsys.readouterr()
    assert captured.err == ""
    return code, captured.out


@pytest.mark.slow
def test_right_gradients_that_learn_exit_with_0(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = printed(capsys, "right.py")
    assert code == 0
    assert "a 2-4-1 network, sigmoid, sigmoid, with biases" in text
    assert "All gradients are right, and it learns." in text
    assert max(map(len, text.splitlines())) <= 80


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


def test_a_script_that_stops_too_early_is_told_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = printed(capsys, "short.py", "--format", "json")
    assert code == 1
    assert json.loads(text)["verdict"] == "right gradients"
    assert json.loads(text)["trouble"] == ["too-few-epochs"]


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
    assert trainer.current_recipe.describe().startswith("XOR 2-4-1 sigmoid, bias, cross-entropy")


def test_a_network_that_no_recipe_describes_is_no_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "none.py").write_text("print(1)\n", encoding="utf-8")
    assert main(["debug", "none.py", "--export-run", "run.json"]) == 2
    assert "--export-run" in capsys.readouterr().err
    assert not (folder / "run.json").exists()


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


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_ctrl_c_ends_it_and_its_child(tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text("import os\nopen('/dev/null')\nwhile True:\n    pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "xortui", "debug", str(script)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        child = ""
        for _ in range(200):
            child = children.read_text(encoding="ascii").strip() if children.exists() else ""
            if child:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    if child:
        with pytest.raises(ProcessLookupError):
            os.kill(int(child), 0)


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
