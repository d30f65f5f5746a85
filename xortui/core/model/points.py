"""Points in the plane with two labels: five classic problems, each a few lines of NumPy.

As everywhere, the text is the definition: it is evaluated here, and written into exported programs,
so both have the same points to the bit. NumPy is loaded when points are made, and not before.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xortui.core.model.functions import Array

MIN_POINTS, MAX_POINTS = 10, 2000
MAX_NOISE = 1.0
MAX_TEST = 0.8
MIN_TRAINING = 2  # rows that are always left to train on
PLANE_INPUTS = 2


@dataclass(frozen=True)
class PointsDefinition:
    """What the points look like, in words, and the lines that make them.

    They read `random`, a generator, and make X [n, 2] and Y [n], each 0 or 1, of {n} points: as
    many of one label as of the other, or one more. All lie between about -2 and 2.
    """

    words: str
    lines: tuple[str, ...]


POINTS: dict[str, PointsDefinition] = {
    "clouds": PointsDefinition(
        "four clouds around the corners of a square, labelled as XOR",
        (
            "corner = np.arange({n}) % 4",
            "centres = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])",
            "X = centres[corner] + 0.25 * random.standard_normal(({n}, 2))",
            "Y = np.array([0, 1, 1, 0])[corner]",
        ),
    ),
    "circle": PointsDefinition(
        "a disc of radius 0.8 inside a ring from 1.2 to 1.8",
        (
            "Y = np.arange({n}) % 2",
            "angle = 2 * np.pi * random.random_sample({n})",
            "share = random.random_sample({n})",
            "radius = np.where(Y == 1, 0.8 * np.sqrt(share), 1.2 + 0.6 * share)",
            "X = radius[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1)",
        ),
    ),
    "gauss": PointsDefinition(
        "two clouds, which one straight line tells apart",
        (
            "Y = np.arange({n}) % 2",
            "X = (2.0 * Y - 1)[:, np.newaxis] + 0.4 * random.standard_normal(({n}, 2))",
        ),
    ),
    "spiral": PointsDefinition(
        "two arms wound around each other, one and a quarter turns each",
        (
            "Y = np.arange({n}) % 2",
            "along = np.sqrt(random.random_sample({n}))",
            "angle = 2.5 * np.pi * along + np.pi * Y",
            "radius = 0.2 + 1.6 * along",
            "X = radius[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1)",
        ),
    ),
    "moons": PointsDefinition(
        "two half circles that reach into each other",
        (
            "Y = np.arange({n}) % 2",
            "angle = np.pi * random.random_sample({n})",
            "arc = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)",
            "X = (1.0 - 2 * Y)[:, np.newaxis] * arc",
        ),
    ),
}

NOISE_LINE = "X = X + {noise!r} * random.standard_normal(X.shape)"
SEED_LINE = "random = np.random.RandomState({seed})"
# The rows that are set aside for a test are drawn with the same generator.
SPLIT_LINES = (
    "order = random.permutation({n})",
    "X_test, Y_test = X[order[:{tests}]], Y[order[:{tests}]]",
    "X, Y = X[order[{tests}:]], Y[order[{tests}:]]",
)
# Mean 0 and standard deviation 1 of every input, over the rows that are trained on.
STANDARDISE_LINES = (
    "mean, deviation = X.mean(axis=0), X.std(axis=0)",
    "deviation[deviation == 0] = 1  # an input that is always the same stays so",
    "X = (X - mean) / deviation",
)
STANDARDISE_TEST_LINE = "X_test = (X_test - mean) / deviation"


def test_rows(count: int, share: float) -> int:
    """How many of `count` rows are set aside for a test."""
    return max(0, min(round(count * share), count - MIN_TRAINING))


def points_lines(name: str, count: int, noise: float, seed: int) -> list[str]:
    """The lines that make X and Y of the problem `name`, before rows are set aside."""
    return [
        SEED_LINE.format(seed=seed),
        *(line.format(n=count) for line in POINTS[name].lines),
        *([NOISE_LINE.format(noise=noise)] if noise else []),
    ]


def split_lines(count: int, tests: int) -> list[str]:
    """The lines that set `tests` of `count` rows aside; none where there are none."""
    return [line.format(n=count, tests=tests) for line in SPLIT_LINES] if tests else []


def standardise_lines(tests: int) -> list[str]:
    """The lines that standardise what is trained on, and the rest by the same numbers."""
    return [*STANDARDISE_LINES, *([STANDARDISE_TEST_LINE] if tests else [])]


def made_by(lines: list[str], **given: Any) -> "dict[str, Array]":
    """The arrays that the lines make."""
    import numpy as np

    names: dict[str, Any] = {"np": np, **given}
    exec(compile("\n".join(lines), "<points>", "exec"), names)
    return names
