"""Learning rates as they stand in the updates: to tell two rates on purpose from a slip."""

from dataclasses import dataclass

from xortui.core.debug.locate import Locator
from xortui.core.debug.network import Parameter
from xortui.core.debug.tape import CHANGING, LOADS


@dataclass(frozen=True)
class Scalar:
    """A constant number in an update: as it is written, and what it is."""

    text: str
    value: float


def scalars_of(locator: Locator, parameter: Parameter) -> list[Scalar]:
    """The constant numbers in the statement that updates a parameter."""
    event = locator.update_event(parameter)
    if event is None:
        return []
    tape = locator.tape
    statement = tape.nodes[event.node].statement
    found: dict[str, float] = {}
    for other in locator.events(locator.base):
        node, array = tape.nodes[other.node], other.value.array
        if node.statement != statement or node.kind not in LOADS:
            continue
        if array is None or array.size != 1 or other.value.kind != "f":
            continue
        if tape.class_of(other.node) != CHANGING:
            found.setdefault(node.text, float(array.ravel()[0]))
    for node in tape.nodes:
        if node.statement != statement or node.constant is None:
            continue
        if node.constant not in (0.0, 1.0, -1.0) or "." in node.text:
            found.setdefault(node.text, node.constant)
    return [Scalar(text, value) for text, value in found.items() if value]


def on_purpose(locator: Locator, parameter: Parameter, reference: Parameter, ratio: float) -> bool:
    """Whether two updates have rates of their own, which differ by just this ratio."""
    mine, its = scalars_of(locator, parameter), scalars_of(locator, reference)
    return any(
        one.text != other.text and abs(one.value / other.value / ratio - 1) < 1e-5
        for one in mine
        for other in its
    )


def is_missing(locator: Locator, parameter: Parameter, reference: Parameter, ratio: float) -> bool:
    """Whether the reference's rate is missing in an update, or is in it twice."""
    mine, its = scalars_of(locator, parameter), scalars_of(locator, reference)
    texts = {one.text for one in mine}
    for other in its:
        if other.text not in texts and abs(ratio * other.value - 1) < 1e-5:
            return True
        if other.text in texts and abs(ratio / other.value - 1) < 1e-5 and ratio != 1:
            return True
    return False
