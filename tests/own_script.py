"""A script as people write it, with one mistake, and what `xortui debug` finds in it."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from xortui.core.debug.examination import Examination, ScriptFile

WRONG = """\
import numpy as np

rng = np.random.default_rng(3)


class Net:
    def __init__(self):
        self.w1 = rng.normal(0, 0.6, (2, 3))
        self.b1 = np.zeros(3)
        self.w2 = rng.normal(0, 0.6, (3, 1))
        self.b2 = np.zeros(1)

    def forward(self, x):
        self.h = np.tanh(x @ self.w1 + self.b1)
        return self.h @ self.w2 + self.b2

    def backward(self, x, t, lr):
        p = self.forward(x)
        d = p - t
        g = d @ self.w2.T
        dh = g * (1 - np.tanh(self.h) ** 2)
        self.w2 -= lr * self.h.T @ d
        self.b2 -= lr * d.sum(0)
        self.w1 -= lr * x.T @ dh
        self.b1 -= lr * dh.sum(0)


X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
T = np.array([[0], [1], [1], [0]])
net = Net()
for epoch in range(400):
    net.backward(X, T, 0.1)
"""
WRONG_LINE = 21
RIGHT = WRONG.replace("(1 - np.tanh(self.h) ** 2)", "(1 - self.h ** 2)")
# What no recipe says: two activations that differ, and labels of -1 and 1.
NO_RECIPE = RIGHT.replace("[[0], [1], [1], [0]]", "[[-1], [1], [1], [-1]]")
NO_NETWORK = 'print("hello")\n'
CRASH = "import numpy as np\nx = np.zeros(3) @ np.zeros(4)\n"
# What would do harm in a terminal, and what takes two cells in it.
HOSTILE = 'print("\x1b]0;evil\x07\x1b[31m")  # \x1b[2J \u202e 中文\n'


@cache
def examined(source: str) -> Examination:
    """What is found in it; run once."""
    with TemporaryDirectory() as folder:
        script = script_in(Path(folder), source)
        return Examination.of_file(script)


def script_in(
    folder: Path, source: str, name: str = "my_net.py", seconds: float = 20
) -> ScriptFile:
    """The script in a file."""
    path = folder / name
    path.write_text(source, encoding="utf-8", newline="")
    return ScriptFile(str(path), seconds)
