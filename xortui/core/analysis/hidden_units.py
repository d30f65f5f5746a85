"""What each hidden unit computes, said from its measured activations and from nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.names import SUBSCRIPTS
from xortui.core.model.problem import GATES
from xortui.core.model.tables import ACTIVATIONS

# Activations this close, as a share of what the activation can span, count as one.
SAME = 0.01
# A unit is two-valued where one gap takes more than this share of its activations' spread.
GAP = 0.8
# A unit that stays on one side of its middle, and moves by less than this share, says nothing.
QUIET = 0.3
# Activations for patterns with as many ones differ by less than this share where only that counts.
ALIKE = 0.05
# So many levels are written out.
MAX_LEVELS = 4

# How a person calls the sixteen functions of two bits; labels for 00, 01, 10, 11.
_TWO_BITS: dict[str, str] = {
    GATES["xor"]: "XOR-like",
    GATES["and"]: "AND-like",
    GATES["or"]: "OR-like",
    GATES["nand"]: "NAND-like",
    GATES["nor"]: "NOR-like",
    GATES["xnor"]: "XNOR-like",
    GATES["implies"]: "like x₁ → x₂",
    GATES["implied-by"]: "like x₂ → x₁",
    GATES["x1-only"]: "like x₁ AND NOT x₂",
    GATES["x2-only"]: "like x₂ AND NOT x₁",
}


@dataclass(frozen=True)
class UnitSentence:
    """One hidden unit: `name` (h₁), what it `computes` in a few words, and the whole `sentence`."""

    name: str
    computes: str
    sentence: str


def unit_sentences(
    activation: str, bits: Array | None, activations: Array, names: Sequence[str]
) -> tuple[UnitSentence, ...]:
    """What the units of a layer compute, from their activations [N, units] for the bits [N, D], and
    their names.

    Without bits, as for points, it is only said how far they vary: gates are functions of bits.
    """
    columns = list(activations.T)
    sentences = []
    for unit, (name, values) in enumerate(zip(names, columns, strict=True)):
        twin = _twin(activation, columns, names[: unit + 1])
        computes = twin or describe_unit(activation, bits, values)
        levels = by_ones(activation, bits, values)
        measured = _measured(computes, values, levels, "point" if bits is None else "pattern")
        sentences.append(UnitSentence(name, computes, f"{name} {measured}"))
    return tuple(sentences)


def describe_unit(activation: str, bits: Array | None, values: Array) -> str:
    """What one unit computes, from its activations [N] alone: OR-like, copies x₁, dead, graded.

    It is on or off by its middle (0.5 for a sigmoid) and by the order of its activations: a gate's
    name needs two clear values, one on each side.
    """
    if not np.isfinite(values).all():
        return "not finite"
    entry = ACTIVATIONS[activation]
    if entry.can_be_off and not values.any():
        return "dead"
    low, high = float(values.min()), float(values.max())
    if high - low < SAME * _span(activation, values):
        ends = entry.limits if entry.is_bounded else ()
        is_at_end = any(max(abs(low - end), abs(high - end)) < SAME for end in ends)
        return "saturated" if is_at_end else "constant"
    middle = sum(entry.limits) / 2 if entry.is_bounded else high / 2
    if (high < middle or low > middle) and high - low < QUIET * _span(activation, values):
        return "stays low" if high < middle else "stays high"
    if bits is None:
        return "varies"
    ordered = np.sort(values)
    gaps = np.diff(ordered)
    widest = int(gaps.argmax())
    if gaps[widest] > GAP * (high - low):
        return name_function(bits, values > (ordered[widest] + ordered[widest + 1]) / 2)
    levels = by_ones(activation, bits, values)
    if levels is not None and ((np.diff(levels) > 0).all() or (np.diff(levels) < 0).all()):
        return f"{'rises' if levels[-1] > levels[0] else 'falls'} with each 1"
    return "graded"


def by_ones(activation: str, bits: Array | None, values: Array) -> Array | None:
    """The activations for 0, 1, 2, ... ones in a pattern; None where it matters which bits are 1.

    `values` are [N] for the bits [N, D].
    """
    if bits is None:
        return None
    ones = bits.sum(axis=1)
    groups = [values[ones == count] for count in range(bits.shape[1] + 1)]
    most = ALIKE * _span(activation, values)
    if not np.isfinite(values).all() or any(np.ptp(group) > most for group in groups):
        return None
    return np.array([group.mean() for group in groups])


def name_function(bits: Array, on: Array) -> str:
    """The name of the Boolean function of the bits [N, D] that is true where `on` [N] is."""
    count, inputs = bits.shape
    for index in range(inputs):
        variable = f"x{index + 1}".translate(SUBSCRIPTS)
        if (on == (bits[:, index] == 1)).all():
            return f"copies {variable}"
        if (on == (bits[:, index] == 0)).all():
            return f"negates {variable}"
    if inputs == 2:
        return _TWO_BITS["".join("1" if value else "0" for value in on)]
    ones = bits.sum(axis=1)
    for name, truth in (("parity", ones % 2 == 1), ("even parity", ones % 2 == 0)):
        if (on == truth).all():
            return f"{name} of the bits"
    for least in range(1, inputs + 1):
        named = {1: ("OR-like", "NOR-like"), inputs: ("AND-like", "NAND-like")}.get(
            least, (f"on from {least} ones up", f"on below {least} ones")
        )
        for name, truth in zip(named, (ones >= least, ones < least), strict=True):
            if (on == truth).all():
                return name
    return f"on for {int(np.count_nonzero(on))} of {count} patterns"


def _twin(activation: str, columns: list[Array], names: Sequence[str]) -> str | None:
    """The earlier unit that the last one named repeats or mirrors, unless it says the same of all
    rows."""
    values = columns[len(names) - 1]
    span = _span(activation, values)
    if not np.isfinite(values).all() or values.max() - values.min() < SAME * span:
        return None
    for earlier, other in zip(names[:-1], columns, strict=False):
        if np.abs(values - other).max() < SAME * span:
            return f"the same as {earlier}"
        entry = ACTIVATIONS[activation]
        opposite = sum(entry.limits) - other
        if entry.is_bounded and np.abs(values - opposite).max() < SAME * span:
            return f"the opposite of {earlier}"
    return None


def _span(activation: str, values: Array) -> float:
    """How far apart two activations can be; for ReLU, which has no top, the greatest of these."""
    entry = ACTIVATIONS[activation]
    return entry.span if entry.is_bounded else float(np.abs(values).max())


def _measured(computes: str, values: Array, levels: Array | None, noun: str) -> str:
    """The words with the figures they rest on; `levels` are those by the number of ones."""
    match computes:
        case "not finite":
            return "is not finite"
        case "dead":
            return f"is dead: off, 0 for every {noun}"
        case "stays low" | "stays high" | "varies":
            return f"{computes}: from {values.min():.2f} to {values.max():.2f}"
        case "rises with each 1" | "falls with each 1" if (
            levels is not None and len(levels) <= MAX_LEVELS
        ):
            return f"{computes}: {', '.join(f'{level:.2f}' for level in levels)}"
        case "saturated" | "constant":
            return f"is {computes}: {values.mean():.2f} for every {noun}"
        case "graded":
            return f"is graded: from {values.min():.2f} to {values.max():.2f}, not two clear levels"
    has_verb = computes.startswith(("copies", "negates", "rises", "falls"))
    verb = "" if has_verb else "is "
    return f"{verb}{computes}: from {values.min():.2f} to {values.max():.2f}"
