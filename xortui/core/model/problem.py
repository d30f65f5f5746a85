"""Truth tables: parity of n bits, the named two-input gates, any table of labels."""

from dataclasses import dataclass
from functools import cache

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
    "or the labels as 4 to 256 digits (a power of two), such as 0110"
)


@dataclass(frozen=True)
class Problem:
    """A truth table of N rows over D bits.

    `bits` holds the N = 2**D patterns in counting order, `labels` the N answers, each 0 or 1.
    """

    name: str
    bits: tuple[tuple[int, ...], ...]
    labels: tuple[int, ...]

    @property
    def inputs(self) -> int:
        """D, the number of bits in a row."""
        return len(self.bits[0])

    @property
    def title(self) -> str:
        """What a person calls it: XOR, AND, 3-bit parity, table 0111."""
        if self.name in GATES:
            return self.name.upper()
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


def _patterns(inputs: int) -> tuple[tuple[int, ...], ...]:
    """All rows of `inputs` bits in counting order, the first bit the slowest."""
    return tuple(
        tuple(row >> place & 1 for place in reversed(range(inputs))) for row in range(2**inputs)
    )
