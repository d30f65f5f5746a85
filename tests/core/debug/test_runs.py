"""Scripts that are no training, do harm, or never end: what is said, and what is left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xortui.core.debug import runner
from xortui.core.debug.examine import examine
from xortui.core.debug.limits import MEMORY
from xortui.core.debug.report import CRASHED, NO_NETWORK, NOT_TRAINED, RIGHT_GRADIENTS
from xortui.core.debug.runner import StoppedError
from xortui.core.debug.source import SourceError, read_source

pytestmark = pytest.mark.slow

RIGHT = """import numpy as np
np.random.seed(1)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
W1, W2 = np.random.randn(2, 3), np.random.randn(3, 1)
b1, b2 = np.zeros((1, 3)), np.zeros((1, 1))
for i in range({epochs}):
    h = np.tanh(X @ W1 + b1)
    o = 1 / (1 + np.exp(-(h @ W2 + b2)))
    d = o - y
    e = d @ W2.T * (1 - h * h)
    W2 -= 0.3 * h.T @ d
    b2 -= 0.3 * d.sum(axis=0)
    W1 -= 0.3 * X.T @ e
    b1 -= 0.3 * e.sum(axis=0)
"""


@pytest.mark.parametrize(
    ("source", "verdict", "words"),
    [
        ("print('hello')\n", NO_NETWORK, "no neural network"),
        ("import torch_that_is_not_there\n", CRASHED, "torch_that_is_not_there"),
        ("n = int(input('how many? '))\n", CRASHED, "input()"),
        ("import numpy as np\nx = np.float(3)\n", CRASHED, "write float"),
        ("for i in xrange(3):\n    pass\n", CRASHED, "range"),
        ("print 'epoch', 3\n", CRASHED, "Python 2"),
        ("x = 1\nraise SystemExit(3)\n", NO_NETWORK, ""),
        ("x = [0] * (1 << 40)\n", CRASHED, ""),
        ("import subprocess\nsubprocess.run(['true'])\n", CRASHED, "no other programs"),
    ],
)
def test_a_script_that_is_no_training_gets_one_clear_sentence(
    source: str, verdict: str, words: str
) -> None:
    report = examine("script.py", source)
    assert report.verdict == verdict
    assert words in report.sentence
    assert "\n" not in report.sentence


def test_a_crash_has_its_line_and_shapes() -> None:
    source = "import numpy as np\na = np.ones((2, 3))\nb = np.ones((4, 1))\nc = a @ b\n"
    report = examine("script.py", source)
    assert (report.verdict, report.line) == (CRASHED, 4)
    assert "(2, 3)" in report.sentence
    assert "(4, 1)" in report.sentence


def test_a_network_that_is_never_trained_is_said_to_be_so() -> None:
    source = (
        RIGHT.format(epochs=3).split("for i")[0] + "print(np.tanh(X @ W1 + b1) @ W2 + b2 - y)\n"
    )
    assert examine("script.py", source).verdict == NOT_TRAINED


def test_a_crash_after_the_training_is_a_remark() -> None:
    report = examine("script.py", RIGHT.format(epochs=200) + "print(no_such_name)\n")
    assert report.verdict == RIGHT_GRADIENTS
    assert any("NameError" in note for note in report.notes)


def test_a_training_without_end_is_stopped_and_judged() -> None:
    source = RIGHT.format(epochs=3).replace("for i in range(3):", "while True:")
    report = examine("script.py", source, seconds=2.0)
    assert report.verdict == RIGHT_GRADIENTS
    assert report.learns
    assert any("time limit" in note for note in report.notes)


def test_what_was_not_foreseen_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr("xortui.core.debug.examine.find_network", fails)
    report = examine("script.py", RIGHT.format(epochs=100))
    assert report.verdict == NO_NETWORK
    assert "cannot follow" in report.sentence


def test_it_stops_when_asked() -> None:
    with pytest.raises(StoppedError):
        examine("script.py", "while True:\n    pass\n", stopped=lambda: True)


def test_nothing_is_written_beside_the_script(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("value = 1\n", encoding="utf-8")
    (tmp_path / "data.txt").write_text("kept", encoding="utf-8")
    path = tmp_path / "script.py"
    source = (
        "import os, pathlib\nimport numpy as np\nimport matplotlib.pyplot as plt\nimport helper\n"
        f"folder = {str(tmp_path)!r}\n"
        + RIGHT.format(epochs=120)
        + "open(folder + '/out.txt', 'w').write('x')\n"
        "assert open(folder + '/out.txt').read() == 'x'\n"
        "np.save(folder + '/w.npy', W1)\n"
        "np.savetxt(folder + '/w.txt', W1)\n"
        "pathlib.Path(folder, 'p.txt').write_text('x')\n"
        "os.makedirs(folder + '/results')\n"
        "os.remove(folder + '/data.txt')\n"
        "fig, axes = plt.subplots(1, 2)\n"
        "line, = axes[0].plot([1, 2])\n"
        "plt.savefig(folder + '/plot.png')\nplt.show()\n"
    )
    path.write_text(source, encoding="utf-8")
    report = examine(str(path), source)
    assert report.verdict == RIGHT_GRADIENTS, report.sentence
    assert not any("Error" in note for note in report.notes), report.notes
    assert sorted(os.listdir(tmp_path)) == ["data.txt", "helper.py", "script.py"]
    assert path.read_text(encoding="utf-8") == source


def test_a_file_that_is_no_python_is_refused(tmp_path: Path) -> None:
    for name, data in {"a.py": b"def f(:\n", "b.py": b"\xff\xfe\x00\x01", "c.py": b"\0"}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SourceError, match=name):
            read_source(str(tmp_path / name))
    with pytest.raises(SourceError, match="nowhere"):
        read_source(str(tmp_path / "nowhere.py"))
    with pytest.raises(SourceError):
        read_source(str(tmp_path))


def test_other_encodings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "latin.py"
    path.write_bytes("# -*- coding: latin-1 -*-\nname = 'Gewichtsänderung'\n".encode("latin-1"))
    assert "Gewichtsänderung" in read_source(str(path))


@pytest.mark.skipif(os.name != "posix", reason="Windows does not tell whose child a process is")
def test_a_script_for_which_nobody_waits_ends_and_takes_its_folder_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    request = {
        "script": "script.py", "source": "while True:\n    pass\n", "seconds": 60,
        "parent": -1,  # nobody
        "arguments": [], "folder": str(folder), "result": str(folder / "trace"),
        "memory": MEMORY, "windows": 0, "marks": [],
    }  # fmt: skip
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    command = [sys.executable, str(runner.CHILD), str(folder / "request.json")]
    assert subprocess.run(command, timeout=30).returncode == 1
    assert not folder.exists()
