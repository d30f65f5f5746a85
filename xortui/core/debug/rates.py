"""Learning rates as they stand in the updates: to tell two rates on purpose from a slip."""

from dataclasses import dataclass

from xortui.core.debug.context import true_gradient
from xortui.core.debug.locate import Locator, Match
from xortui.core.debug.network import Parameter
from xortui.core.debug.tape import CHANGING, LOADS
from xortui.core.debug.trace import Event

CLOSE = 1e-5


@dataclass(frozen=True)
class Scalar:
    """A constant number in an update: as it is written, and what it is."""

    text: str
    value: float


@dataclass(frozen=True)
class Path:
    """The way from a parameter's gradient to its update: numbers met, and the gradient's factor.

    `factor` is that of the first value that is proportional to the true gradient; None where the
    gradient never stands alone. `statement` is the one that updates the parameter.
    """

    scalars: tuple[Scalar, ...]
    factor: float | None
    statement: int | None = None


def path_of(locator: Locator, parameter: Parameter) -> Path:
    """What a gradient meets on the way to the update of its parameter."""
    event = locator.update_event(parameter)
    if event is None:
        return Path((), None)
    tape = locator.tape
    hits: list[Match] = locator.any_hits(true_gradient(locator.context, parameter))
    first = hits[0].event if hits else None
    start, end = locator.ranges[locator.base]
    found: dict[Scalar, None] = {}
    seen: set[int] = set()
    waiting: list[tuple[Event, int]] = [(event, tape.nodes[event.node].statement)]
    while waiting:
        one, statement = waiting.pop()
        if one.place in seen or not start <= one.place <= end:
            continue
        seen.add(one.place)
        node = tape.nodes[one.node]
        for child in tape.operand_nodes(one):
            number = None if child is None else child.constant
            if child is not None and number and (abs(number) != 1 or "." in child.text):
                found[Scalar(child.text, number)] = None
        if node.kind in LOADS and _is_constant(locator, one):
            assert one.value.array is not None
            found[Scalar(node.text, float(one.value.array.ravel()[0]))] = None
            continue
        for operand in tape.operands(one):
            if operand is not None and tape.nodes[operand.node].statement == statement:
                waiting.append((operand, statement))
        maker = tape.maker(one.value)
        beyond = first is None or one.place <= first.place
        if node.kind in LOADS and maker is not None and not beyond:
            waiting.append((maker, tape.nodes[maker.node].statement))
    statement = tape.nodes[event.node].statement
    return Path(tuple(found), hits[0].factor if hits else None, statement)


def _is_constant(locator: Locator, event: Event) -> bool:
    array = event.value.array
    if array is None or array.size != 1 or event.value.kind != "f" or not array.ravel()[0]:
        return False
    return locator.tape.class_of(event.node) != CHANGING


def on_purpose(mine: Path, its: Path, ratio: float, rows: int) -> bool:
    """Whether two updates have rates of their own, which differ by just this ratio.

    A factor that only one of them has is meant, too, unless it is the count of rows. Where neither
    update can be followed, nothing speaks against it.
    """
    if mine.statement is None and its.statement is None:
        return True
    for one in mine.scalars:
        for other in its.scalars:
            if one != other and abs(one.value / other.value / ratio - 1) < CLOSE:
                return True
    if _is_of_rows(ratio, rows):
        return False
    only_mine = [one.value for one in mine.scalars if one not in its.scalars]
    only_its = [1 / one.value for one in its.scalars if one not in mine.scalars]
    return any(
        min(abs(value / ratio - 1), abs(1 / value / ratio - 1)) < CLOSE
        for value in only_mine + only_its
    )


def _is_of_rows(ratio: float, rows: int) -> bool:
    return rows > 1 and any(abs(ratio / count - 1) < CLOSE for count in (rows, 1 / rows))


def is_missing(mine: Path, its: Path, ratio: float) -> bool:
    """Whether the reference's rate is missing in an update, or is in it twice."""
    texts = {one.text for one in mine.scalars}
    for other in its.scalars:
        if other.text not in texts and abs(ratio * other.value - 1) < CLOSE:
            return True
        if other in mine.scalars and abs(ratio / other.value - 1) < CLOSE and ratio != 1:
            return True
    return False


def is_slip(mine: Path, its: Path, ratio: float, rows: int) -> bool:
    """Whether two scales differ by accident: in the gradients already, or by the count of rows."""
    both = mine.factor is not None and its.factor is not None
    if both and abs(mine.factor / its.factor / ratio - 1) < CLOSE:  # type: ignore[operator]
        return True
    return _is_of_rows(ratio, rows)
