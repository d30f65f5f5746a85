"""What is to be learned: truth tables (parity, gates, any table of labels), and points.

Points have real numbers for inputs, and some of them may be set aside for a test.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from xortui.core.model.data_file import DataFile
from xortui.core.model.points import (
    POINTS,
    SEED_LINE,
    made_by,
    points_lines,
    split_lines,
    standardise_lines,
    test_rows,
)

if TYPE_CHECKING:
    from xortui.core.model.functions import Array

MIN_BITS, MAX_BITS = 2, 8

# Labels for the rows 00, 01, 10, 11: the sixteen Boolean functions of two inputs.
GATES: dict[str, str] = {
    "xor": "0110",
    "and": "0001",
    "or": "0111",
    "nand": "1110",
    "nor": "1000",
    "xnor": "1001",
    "implies": "1101",
    "implied-by": "1011",
    "x1-only": "0010",
    "x2-only": "0100",
    "x1": "0011",
    "x2": "0101",
    "not-x1": "1100",
    "not-x2": "1010",
    "false": "0000",
    "true": "1111",
}

PROBLEMS_ALLOWED = (
    f"a gate ({', '.join(GATES)}), parity{MIN_BITS} to parity{MAX_BITS}, "
    "the labels as 4 to 256 digits (a power of two), such as 0110, "
    f"or points in the plane: {', '.join(POINTS)}"
)
# The problem of a run that learns from a file.
DATA = "data"

# What says how the points of a problem are made or set aside.
FIELDS_OF_MADE = ("points", "noise", "test", "data_seed")
FIELDS_OF_DATA = ("test", "data_seed", "data", "standardise")

# The share of the rows that are to be right in a solved run: all of a truth table; of points, where
# noise may have put a few on the wrong side, nearly all.
ALL, NEARLY_ALL = 1.0, 0.98


def point_fields(problem: str) -> tuple[str, ...]:
    """The fields of a recipe that say which points there are; none for a truth table."""
    if problem == DATA:
        return FIELDS_OF_DATA
    return FIELDS_OF_MADE if problem in POINTS else ()


@dataclass(frozen=True)
class Problem:
    """A truth table of N rows over D bits, or N points with D coordinates.

    `bits` [N, D] are the inputs: the 2**D patterns of a table in counting order, or the coordinates
    of points. `labels` [N] are the answers, each 0 or 1. `test_bits` and `test_labels` are the
    same of the points that are set aside: nothing is ever trained on these.
    """

    name: str
    bits: tuple[tuple[float, ...], ...]
    labels: tuple[int, ...]
    test_bits: tuple[tuple[float, ...], ...] = ()
    test_labels: tuple[int, ...] = ()
    file_name: str = ""

    @property
    def is_points(self) -> bool:
        """Whether its inputs are numbers of any size, and not bits."""
        return bool(point_fields(self.name))

    @property
    def share_to_solve(self) -> float:
        """The share of its rows that are right in a solved run."""
        return NEARLY_ALL if self.is_points else ALL

    def row_words(self, row: int) -> str:
        """What a row is called: its bits, as 01, or the number of the point, counted from 1."""
        return str(row + 1) if self.is_points else "".join(map(str, self.bits[row]))

    @property
    def row_noun(self) -> str:
        """What a row is: a row of the table, or a point."""
        return "point" if self.is_points else "row"

    @property
    def inputs(self) -> int:
        """D, the number of bits in a row."""
        return len(self.bits[0])

    @property
    def title(self) -> str:
        """What a person calls it: XOR, AND, 3-bit parity, table 0111."""
        if self.name in GATES:
            return self.name.upper()
        if self.is_points:
            return self.file_name or self.name
        if self.name.startswith("parity"):
            return f"{self.inputs}-bit parity"
        table = self.name if len(self.name) <= 16 else f"{self.name[:13]}..."
        return f"table {table}"


@cache
def find_problem(name: str) -> Problem:
    """The problem that `name` names: a gate, `parity3`, or its labels written out as `0110`.

    Raises ValueError where there is none.
    """
    if name.startswith("parity") and name[6:] in map(str, range(MIN_BITS, MAX_BITS + 1)):
        bits = _patterns(int(name[6:]))
        return Problem(name, bits, tuple(sum(row) % 2 for row in bits))
    labels = GATES.get(name, name)
    inputs = len(labels).bit_length() - 1
    is_table = set(labels) <= {"0", "1"} and MIN_BITS <= inputs <= MAX_BITS
    if not is_table or len(labels) != 2**inputs:
        raise ValueError(f"there is no problem called {name!r}")
    return Problem(name, _patterns(inputs), tuple(int(label) for label in labels))


@lru_cache(maxsize=16)
def find_points(
    name: str, count: int, noise: float, test: float, seed: int, flipped: tuple[int, ...] = ()
) -> Problem:
    """`count` points of the problem `name`, of which the share `test` is set aside for a test.

    `seed` draws them, by a stream of its own; the labels of the training rows `flipped` are turned
    round.
    """
    tests = test_rows(count, test)
    found = made_by([*points_lines(name, count, noise, seed), *split_lines(count, tests)])
    return _problem(name, found, tests, flipped)


@lru_cache(maxsize=16)
def data_problem(
    data: DataFile, test: float, seed: int, standardise: bool, flipped: tuple[int, ...] = ()
) -> Problem:
    """The rows of a file, of which the share `test`, drawn with `seed`, is set aside for a test.

    Where nothing is set aside the rows stay in the file's order.
    """
    import numpy as np

    count = len(data.labels)
    tests = test_rows(count, test)
    lines = split_lines(count, tests)
    lines = [SEED_LINE.format(seed=seed), *lines] if lines else []
    lines += standardise_lines(tests) if standardise else []
    given = {"X": np.array(data.inputs), "Y": np.array(data.labels)}
    return _problem(DATA, made_by(lines, **given), tests, flipped, data.name)


def _problem(
    name: str, found: "dict[str, Array]", tests: int, flipped: tuple[int, ...], file_name: str = ""
) -> Problem:
    labels = found["Y"].tolist()
    for row in flipped:
        labels[row] ^= 1
    kept = [found[test].tolist() if tests else () for test in ("X_test", "Y_test")]
    bits, test_bits = (tuple(map(tuple, rows)) for rows in (found["X"].tolist(), kept[0]))
    return Problem(name, bits, tuple(labels), test_bits, tuple(kept[1]), file_name)


def _patterns(inputs: int) -> tuple[tuple[int, ...], ...]:
    """All rows of `inputs` bits in counting order, the first bit the slowest."""
    return tuple(
        tuple(row >> place & 1 for place in reversed(range(inputs))) for row in range(2**inputs)
    )
