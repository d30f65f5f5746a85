"""Whatever one does to a line of the backward pass: what is called right is a gradient.

Whether it is one is worked out here on its own, by the complex step, from the script's own lines.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.sample import examples
from xortui.core.debug.examine import examine
from xortui.core.debug.report import RIGHT_GRADIENTS

pytestmark = pytest.mark.slow

BACKWARD = (
    "d2 = (o - y) * o * (1 - o)",
    "e1 = d2 @ W2.T",
    "d1 = e1 * h * (1 - h)",
    "W2 = W2 - lr * (h.T @ d2)",
    "b2 = b2 - lr * d2.sum(axis=0)",
    "W1 = W1 - lr * (X.T @ d1)",
    "b1 = b1 - lr * d1.sum(axis=0)",
)
FORWARD = ("h = 1 / (1 + np.exp(-(X @ W1 + b1)))", "o = 1 / (1 + np.exp(-(h @ W2 + b2)))")
CHANGES = (
    ("(1 - o)", "(1 + o)"), ("(1 - h)", "(1 - h * h)"), ("(1 - h)", "h"), ("o - y", "y - o"),
    (" * o", ""), (" * h", ""), ("e1 * ", ""), ("d2 @ W2.T", "(o - y) @ W2.T"), ("d2", "(o - y)"),
    ("W2.T", "np.ones((1, 2))"), ("X.T", "X.T[::-1]"), ("h.T", "X.T"), ("lr * ", ""),
    (" - lr", " + lr"), ("lr", "lr / 4"), ("lr", "2 * lr"), ("axis=0", "axis=None"),
    ("d1", "e1"), (".sum(", ".mean("), ("(X.T @ d1)", "(X.T @ d1).T"), ("h *", "h * h *"),
    ("o *", "(1 - o) *"), ("W2.T", "W2.T[:, ::-1]"),
)  # fmt: skip
NAMES = ("W1", "b1", "W2", "b2")


def script(backward: list[str]) -> str:
    """A whole script around the lines of its backward pass."""
    loop = "\n".join(f"    {line}" for line in (*FORWARD, *backward))
    return f"""import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
rng = np.random.default_rng(7)
W1, b1 = rng.normal(size=(2, 2)), rng.normal(size=2)
W2, b2 = rng.normal(size=(2, 1)), rng.normal(size=1)
lr = 0.25
for epoch in range(150):
{loop}
print(o)
"""


def step(values: dict[str, Any], lines: tuple[str, ...] | list[str]) -> dict[str, Any]:
    """The values after these lines."""
    scope = dict(values)
    with np.errstate(all="ignore"):
        exec("\n".join(lines), {"np": np}, scope)
    return scope


def is_gradient(backward: list[str]) -> bool:
    """Whether the lines go down a known loss, with one factor for all; by the complex step."""
    generator = np.random.default_rng(1)
    X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([[0.0], [1], [1], [0]])
    losses: tuple[Callable[[Any], Any], ...] = (
        lambda o: np.sum((o - y) ** 2) / 2,
        lambda o: -np.sum(y * np.log(o) + (1 - y) * np.log(1 - o)),
    )
    proportional = [True] * len(losses)
    factors: list[list[float]] = [[] for _ in losses]
    for _ in range(3):
        start = {
            "W1": generator.normal(size=(2, 2)), "b1": generator.normal(size=2),
            "W2": generator.normal(size=(2, 1)), "b2": generator.normal(size=1),
        }  # fmt: skip
        values = {"X": X, "y": y, "lr": 0.25, **start}
        after = step(values, [*FORWARD, *backward])
        update = np.concatenate([np.ravel(after[name] - start[name]) for name in NAMES])
        for number, loss in enumerate(losses):
            gradient = []
            for name in NAMES:
                for place in range(start[name].size):
                    moved = {key: value.astype(complex) for key, value in start.items()}
                    moved[name].flat[place] += 1e-30j
                    output = step(values | moved, FORWARD)["o"]
                    gradient.append(loss(output).imag / 1e-30)
            g = np.array(gradient)
            factor = -float(update @ g) / float(g @ g)
            factors[number].append(factor)
            if factor <= 0 or not np.allclose(update, -factor * g, rtol=1e-8, atol=1e-12):
                proportional[number] = False
    return any(
        all_right and np.ptp(found) < 1e-8
        for all_right, found in zip(proportional, factors, strict=True)
    )


def test_the_script_itself_is_right_by_both() -> None:
    assert is_gradient(list(BACKWARD))
    assert examine("script.py", script(list(BACKWARD))).verdict == RIGHT_GRADIENTS


@examples(20)
@given(place=st.integers(0, len(BACKWARD) - 1), change=st.sampled_from(CHANGES))
def test_a_changed_line_is_right_only_where_it_is_a_gradient(
    place: int, change: tuple[str, str]
) -> None:
    old, new = change
    changed = list(BACKWARD)
    target, _, right = changed[place].partition(" = ")
    changed[place] = f"{target} = {right.replace(old, new, 1)}"
    assume(changed[place] != BACKWARD[place])
    source = script(changed)
    try:
        truly = is_gradient(changed)
    except ValueError:  # shapes that do not fit
        assume(False)
    report = examine("script.py", source)
    assert (report.verdict == RIGHT_GRADIENTS) == truly, (changed[place], report.sentence)
