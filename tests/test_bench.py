"""The benchmarks run and print their figures. What the figures are is judged elsewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import BENCHMARKS
from tests.bench.figures import Figure, report
from tests.sample import some

ROOT = Path(__file__).parents[1]

FIGURES = {
    "kernel": ["kernel / plain loop +[0-9.]+", "trainer, a step +[0-9.]+ µs"],
    "sweep": ["ratio 1/[0-9]+", "solved [0-9]+ of"],
    "startup": [
        "first frame / bare +[0-9.]+",
        "--version / an empty Python +[0-9.]+",
        "xortui, first frame +[0-9]+ ms",
    ],
    "app": [
        "share of time in training +[0-9]+%",
        "frames a second +[0-9.]+",
        "key to action, p95 +[0-9.]+ ms",
    ],
    "sweep_screen": ["one process, p95 +[0-9.]+ ms", "several processes, p95 +[0-9.]+ ms"],
    "views": [r"Operations +\d+%", r"Norms +\d+% +[0-9.]+ +[0-9.]+ ms"],
    "memory": ["seek at .*, longest +[0-9.]+ ms", "growth to .* +[0-9.]+ MiB"],
    "points": [r"500 points, 8,8: frames a second +[0-9.]+"],
    "painters": [r"surface 60x30 +[0-9.]+ ms", r"network 119x64 +[0-9.]+ ms"],
}
NEEDS_POSIX = ("startup", "app", "views", "sweep_screen", "memory", "points")


def test_every_benchmark_is_run_with_the_others() -> None:
    files = {path.stem for path in (ROOT / "tests" / "bench").glob("*.py")}
    assert files - {"__init__", "__main__", "figures"} == set(BENCHMARKS) == set(FIGURES)


@pytest.mark.slow
@pytest.mark.parametrize("name", some(BENCHMARKS, 2))
def test_prints_its_figures(name: str) -> None:
    if name in NEEDS_POSIX and os.name != "posix":
        pytest.skip("measures what only POSIX has")
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{name}", "--quick"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        # Measured by coverage, too, they would time that.
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "COVERAGE_PROCESS_CONFIG": ""},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    for figure in FIGURES[name]:
        assert re.search(figure, done.stdout), done.stdout


KEPT, BROKEN = Figure("a", "1", "at most 2", True), Figure("b", "3", "at most 2", False)


def test_a_broken_promise_is_told_and_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(lambda is_quick: [KEPT, BROKEN], []) == 1
    assert capsys.readouterr().out == (
        "a  1  promised at most 2  kept\nb  3  promised at most 2  BROKEN\n"
    )
    assert report(lambda is_quick: [KEPT, Figure("c", "4")], []) == 0


def test_quick_judges_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(lambda is_quick: [BROKEN] if is_quick else [], ["--quick"]) == 0
    assert "BROKEN" not in capsys.readouterr().out


def test_other_arguments_are_refused() -> None:
    assert report(lambda is_quick: [], ["--slow"]) == 2
