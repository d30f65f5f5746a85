"""What is accused and what is not, and which line: scripts of which other tests have no like."""

from pathlib import Path

import pytest

from tests.sample import some
from xortui.core.debug.examine import examine
from xortui.core.debug.report import NO_NETWORK, RIGHT_GRADIENTS, WRONG_GRADIENTS
from xortui.reports.debug import WIDTH, debug_text

pytestmark = pytest.mark.slow

HEAD = """import numpy as np
np.random.seed(3)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
flat = np.array([0, 1, 1, 0])
def sigmoid(v):
    return 1 / (1 + np.exp(-v))
W1 = np.random.randn(2, 4); W2 = np.random.randn(4, 1)
b1 = np.zeros((1, 4)); b2 = np.zeros((1, 1))
last = np.zeros_like(W1)
for i in range(400):
    h = sigmoid(X @ W1 + b1)
    o = sigmoid(h @ W2 + b2)
"""
BACK = """    d2 = (o - y) * o * (1 - o)
    d1 = d2 @ W2.T * h * (1 - h)
"""
UPDATES = """    W2 -= 0.5 * h.T @ d2
    b2 -= 0.5 * d2.sum(axis=0)
    W1 -= 0.5 * X.T @ d1
    b1 -= 0.5 * d1.sum(axis=0)
"""


def line_of(source: str, text: str) -> int:
    return next(at for at, line in enumerate(source.splitlines(), 1) if text in line)


STEPS = {
    "norm": UPDATES + "    W1 *= np.minimum(1, 3.0 / np.linalg.norm(W1, axis=0))\n",
    "limits": UPDATES.replace("W1 -= 0.5 * X.T @ d1", "W1 = np.clip(W1 - 0.5 * X.T @ d1, -4, 4)"),
    "mask": UPDATES.replace("X.T @ d1", "(X.T @ d1) * np.array([1, 1, 1, 0])"),
    "rates": UPDATES.replace("0.5 * X.T @ d1", "np.array([0.5, 0.4, 0.3, 0.2]) * (X.T @ d1)"),
    "noise": UPDATES + "    W1 += 0.001 * np.random.randn(2, 4)\n",
    "mean": UPDATES + "    W1 -= W1.mean(axis=0)\n",
    "nesterov": UPDATES.replace(
        "    W1 -=", "    last = 0.7 * last + X.T @ d1\n    W1 -= 0.1 * last + "
    ),
    "falling": "    eta = 0.5 / (1 + 0.001 * i)\n"
    + UPDATES.replace("0.5 * X.T @ d1", "eta * (X.T @ d1 + 0.0005 * W1)")
    .replace("0.5 * h.T @ d2", "eta * (h.T @ d2 + 0.0005 * W2)")
    .replace("0.5 *", "eta *"),
    "some rows": "    rows = np.random.permutation(4)[:3]\n"
    + UPDATES.replace("X.T @ d1", "X[rows].T @ d1[rows]"),
}


@pytest.mark.parametrize("steps", some(tuple(STEPS), 5))
def test_steps_of_their_own_are_never_accused_without_a_line(steps: str) -> None:
    report = examine("script.py", HEAD + BACK + STEPS[steps])
    assert report.verdict in (RIGHT_GRADIENTS, NO_NETWORK), report.sentence
    assert "wrong" not in {one.verdict for one in report.parameters}


def test_what_cannot_be_judged_is_named_beside_what_is_right() -> None:
    steps = UPDATES.replace("X.T @ d1", "X[:3].T @ d1[:3]")
    report = examine("script.py", HEAD + BACK + steps)
    verdicts = {one.role: one.verdict for one in report.parameters}
    assert (verdicts["W2"], verdicts["b1"], verdicts["b2"]) == ("right", "right", "right")
    if verdicts["W1"] == "unknown":
        assert report.verdict == NO_NETWORK
        assert report.sentence.startswith("The updates of W1 follow no loss")
    else:
        assert report.line == line_of(report.source, "X[:3]")


@pytest.mark.thorough
def test_a_square_in_what_is_printed_does_not_hide_the_mistake() -> None:
    source = HEAD + "    loss = np.mean((o - flat) ** 2)\n"
    source += BACK.replace(" * h * (1 - h)", "") + UPDATES
    report = examine("script.py", source)
    assert (report.mistake, report.line) == ("derivative-left-out", line_of(source, "d1 ="))


def test_a_square_from_which_the_updates_are_made_is_the_mistake() -> None:
    source = HEAD + (
        "    d2 = ((o - flat) * o * (1 - o)).mean(axis=1, keepdims=True)\n"
        "    d1 = d2 @ W2.T * h * (1 - h)\n" + UPDATES
    )
    report = examine("script.py", source)
    assert (report.mistake, report.line) == ("labels-broadcast", line_of(source, "d2 ="))


def test_a_product_of_the_wrong_kind_is_found() -> None:
    source = HEAD + BACK.replace("d2 @ W2.T", "(d2 * W2)") + UPDATES
    report = examine("script.py", source)
    assert (report.mistake, report.line) == ("product-kind", line_of(source, "d1 ="))


@pytest.mark.parametrize("both", some([False, True], 2))
def test_weights_that_are_whole_numbers_are_found(both: bool) -> None:
    """Assigned in place, a change of whole numbers is cut off without a word."""
    whole = HEAD.replace("np.random.randn(2, 4)", "np.random.randint(-3, 4, (2, 4))")
    steps = UPDATES.replace("W1 -= 0.5 * X.T @ d1", "W1[:] = W1 - 9 * X.T @ d1")
    if both:
        whole = whole.replace("np.random.randn(4, 1)", "np.random.randint(-3, 4, (4, 1))")
        steps = steps.replace("W2 -= 0.5 * h.T @ d2", "W2[:] = W2 - 9 * h.T @ d2")
    report = examine("script.py", whole + BACK + steps)
    assert (report.verdict, report.mistake) == (WRONG_GRADIENTS, "whole-numbers")
    assert report.line == line_of(report.source, "W2[:]" if both else "W1[:]")


IN_CLASS = """import numpy as np
class Net:
    def __init__(self):
        self.w1 = np.random.uniform(-1, 1, (3, 2))
        self.w2 = np.random.uniform(-1, 1, (1, 3))
    def forward(self, x):
        self.x = x
        self.h = np.dot(self.w1, x)
        self.o = 1 / (1 + np.exp(-np.dot(self.w2, self.h)))
    def back(self, t):
        d2 = (t - self.o) * self.o * (1 - self.o)
        d1 = np.dot(self.w2.T, d2) * self.h * (1 - self.h)
        self.w2 += 0.1 * np.dot(d2, self.h.T)
        self.w1 += 0.1 * np.dot(d1, self.x.T)
np.random.seed(0)
net = Net()
for i in range(400):
    net.forward(np.array([[0, 0, 1, 1], [0, 1, 0, 1]]))
    net.back(np.array([[0, 1, 1, 0]]))
"""


def test_a_linear_hidden_layer_that_an_attribute_keeps_is_recognised() -> None:
    report = examine("script.py", IN_CLASS)
    assert report.network is not None
    assert report.network.sizes == (2, 3, 1)
    assert report.network.activations == ("linear", "sigmoid")
    assert (report.mistake, report.line) == ("wrong-derivative", line_of(IN_CLASS, "d1 ="))


NINE = """import numpy as np
rng = np.random.default_rng(3)
w = rng.normal(size=9)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]); T = np.array([0, 1, 1, 0])
s = lambda v: 1 / (1 + np.exp(-v))
for epoch in range(400):
    for x, t in zip(X, T):
        h1 = s(w[0] * x[0] + w[1] * x[1] + w[2])
        h2 = s(w[3] * x[0] + w[4] * x[1] + w[5])
        o = s(w[6] * h1 + w[7] * h2 + w[8])
        do = (o - t) * o * (1 - o)
        d1, d2 = do * w[6] * h1 * (1 - h1), do * w[7] * h2 * (1 - h2)
        g = [d1 * x[0], d1 * x[1], d1, d2 * x[0], d2 * x[1], d2, do * h1, do * h2, do]
        w -= 0.5 * np.array(g)
"""


def test_nine_numbers_in_one_array_are_a_network() -> None:
    report = examine("script.py", NINE)
    assert report.verdict == RIGHT_GRADIENTS, report.sentence
    assert report.network is not None
    assert (report.network.sizes, report.network.batch) == ((2, 2, 1), "online")


@pytest.mark.parametrize("columns", some([False, True], 2))
def test_biases_that_grow_are_found_where_they_do(columns: bool) -> None:
    source = (
        HEAD + BACK + UPDATES.replace("    b1 -= 0.5 * d1.sum(axis=0)", "    b1 = b1 - 0.5 * d1")
    )
    if columns:
        source = (
            HEAD.replace("X @ W1", "W1 @ X").replace("h @ W2", "W2 @ h")
            .replace("(2, 4)", "(4, 2)").replace("randn(4, 1)", "randn(1, 4)")
            .replace("b1 = np.zeros((1, 4))", "b1 = np.zeros((4, 1))")
            .replace("[1, 1]])", "[1, 1]]).T").replace("[0]])", "[0]]).T")
            + "    d2 = (o - y) * o * (1 - o)\n    d1 = W2.T @ d2 * h * (1 - h)\n"
            "    W2 -= 0.5 * d2 @ h.T\n    b2 -= 0.5 * d2.sum()\n    W1 -= 0.5 * d1 @ X.T\n"
            "    b1 = b1 - 0.5 * d1\n"
        )  # fmt: skip
    report = examine("script.py", source)
    assert report.verdict == WRONG_GRADIENTS
    assert report.mistake == "bias-gradient-not-summed"
    assert report.line == line_of(source, "b1 = b1 - 0.5 * d1")


MOMENTUM = """    speed = [0.9 * v - 0.02 * g for v, g in zip(speed, [X.T @ d1, h.T @ d2])]
    W1 += speed[0]; W2 += speed[1]
"""


def test_with_momentum_the_direction_is_that_of_the_rest() -> None:
    source = HEAD.replace("last =", "speed = [0, 0]; last =") + BACK + MOMENTUM
    source = source.replace(" + b1", "").replace(" + b2", "")
    report = examine("script.py", source)
    assert (report.verdict, report.optimiser) == (RIGHT_GRADIENTS, "momentum")
    for one in report.parameters:
        assert one.cosine == pytest.approx(1)
        assert one.factor == pytest.approx(0.02)
    assert "but for its\nmomentum" in debug_text(report) or "for its momentum" in debug_text(report)


@pytest.mark.thorough
def test_a_sign_that_turns_before_the_momentum_has_its_own_line() -> None:
    steps = "    last = 0.9 * last + 0.02 * X.T @ d1\n    W1 += last\n"
    steps += "".join(UPDATES.splitlines(keepends=True)[:2])
    source = HEAD.replace(" + b1", "") + BACK + steps
    report = examine("script.py", source)
    assert (report.verdict, report.mistake) == (WRONG_GRADIENTS, "sign")
    assert report.line == line_of(source, "last = 0.9")


MATRIX = """import numpy as np
np.random.seed(3)
X = np.matrix([[0, 0], [0, 1], [1, 0], [1, 1]]){T}
y = np.matrix([[0], [1], [1], [0]]){T}
W1, W2 = np.matrix(np.random.randn{first}), np.matrix(np.random.randn{second})
for i in range(400):
    h = 1 / (1 + np.exp(-{z1}))
    o = 1 / (1 + np.exp(-{z2}))
    d2 = np.multiply(o - y, np.multiply(o, 1 - o))
    d1 = np.multiply({back}, np.multiply(h, 1 - h))
    W2 -= 0.5 * {g2}
    W1 -= 0.5 * {g1}
"""
EINSUM = """    h = sigmoid(np.einsum('{z1}', {first}))
    o = sigmoid(np.einsum('{z2}', {second}))
    d2 = (o - y) * o * (1 - o)
    d1 = np.einsum('{back}', d2, W2) * h * (1 - h)
    W2 -= 0.5 * np.einsum('{g2}', h, d2)
    W1 -= 0.5 * np.einsum('{g1}', X, d1)
"""
EINSUM_HEAD = HEAD.partition("    h =")[0]
TURNED = EINSUM_HEAD.replace("last =", "X, y, W1, W2 = X.T, y.T, W1.T.copy(), W2.T.copy(); last =")


LAYOUTS = {
    "matrix rows": (MATRIX.format(T="", first="(2, 4)", second="(4, 1)", z1="X * W1",
                       z2="h * W2", back="d2 * W2.T", g2="h.T * d2", g1="X.T * d1"), "rows"),
    "matrix columns": (MATRIX.format(T=".T", first="(4, 2)", second="(1, 4)", z1="W1 * X",
                       z2="W2 * h", back="W2.T * d2", g2="d2 * h.T", g1="d1 * X.T"), "columns"),
    "einsum rows": (EINSUM_HEAD + EINSUM.format(z1="ni,ij->nj", first="X, W1", z2="nj,jk->nk",
                                     second="h, W2", back="nk,jk->nj", g2="nj,nk->jk",
                                     g1="ni,nj->ij"), "rows"),
    "einsum columns": (TURNED + EINSUM.format(z1="ji,in->jn", first="W1, X", z2="kj,jn->kn",
                                second="W2, h",
                                back="kn,kj->jn", g2="jn,kn->kj", g1="in,jn->ji"), "columns"),
}  # fmt: skip


@pytest.mark.parametrize("name", some(tuple(LAYOUTS), 3))
def test_the_layout_is_seen_in_matrices_and_in_einsum(name: str) -> None:
    source, layout = LAYOUTS[name]
    report = examine("script.py", source)
    assert report.verdict == RIGHT_GRADIENTS, report.sentence
    assert report.network is not None
    assert report.network.layout == layout


def test_lines_are_counted_as_python_does() -> None:
    """A form feed, a vertical tab or U+0085 ends no line."""
    source = "# a\x0cb\x0bc\n" + HEAD.replace("seed(3)", "seed(3)  # d\x85e\u2028f")
    source += BACK.replace(" * h * (1 - h)", "") + UPDATES
    report = examine("script.py", source)
    assert report.mistake == "derivative-left-out"
    assert report.line == 1 + source.split("\n").index("    d1 = d2 @ W2.T")
    assert "    d1 = d2 @ W2.T\n" in debug_text(report)
    assert report.suggestion is not None
    assert report.suggestion.startswith("d1 = ")


def test_long_names_do_not_break_the_table() -> None:
    long = "the_weights_from_the_inputs_to_the_first_hidden_layer"
    source = (HEAD + BACK + UPDATES).replace("W1", long)
    report = examine("script.py", source)
    assert long in {one.name for one in report.parameters}
    lines = debug_text(report).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert any("…" in line and "∂L/∂W₁" in line for line in lines)


def test_a_right_script_that_learns_is_not_trained_once_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*arguments: object, **options: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr("xortui.core.debug.trouble.train", fails)
    source = (HEAD + BACK + UPDATES).replace("range(400)", "range(6000)")
    report = examine("script.py", source)
    assert (report.verdict, report.learns) == (RIGHT_GRADIENTS, True)


def test_what_it_imports_from_beside_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("def train():\n    pass\n", encoding="utf-8")
    source = "import math\nfrom net import train\ntrain()\n"
    report = examine(str(tmp_path / "script.py"), source)
    assert report.verdict == NO_NETWORK
    assert "It imports net.py" in report.sentence
    assert "math" not in report.sentence
