"""Which events are activations: their value is sigmoid, tanh, ... of a value that it came from."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xortui.core.debug.tape import Tape
from xortui.core.debug.trace import Event
from xortui.core.model.functions import Array

# How far back from a result its argument is looked for, and how often a node is looked at.
DEPTH, SAMPLES = 9, 8
CLOSE, SINGLE_CLOSE = 1e-9, 1e-5
_MADE_BY = ("BinOp", "Call", "IfExp", "UnaryOp", "Change", "ListComp")


@dataclass(frozen=True)
class ActivationFunction:
    """An activation function: f(z), and f'(z) from z and a = f(z)."""

    name: str
    f: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]


def _sigmoid(z: Array) -> Array:
    with np.errstate(over="ignore"):
        result: Array = 1 / (1 + np.exp(-z))
    return result


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    result: Array = e / e.sum(axis=-1, keepdims=True)
    return result


def leaky(alpha: float) -> ActivationFunction:
    """max(z, alpha z) for alpha below 1."""
    return ActivationFunction(
        "leaky-relu",
        lambda z: np.where(z > 0, z, alpha * z),
        lambda z, a: np.where(z > 0, 1.0, alpha),
    )


SIGMOID = ActivationFunction("sigmoid", _sigmoid, lambda z, a: a * (1 - a))
# Of a sum with its sign turned, as in 1 / (1 + np.exp(-h @ W)): there -h is what meets W.
MIRRORED = ActivationFunction("sigmoid", lambda z: _sigmoid(-z), lambda z, a: -a * (1 - a))
TANH = ActivationFunction("tanh", np.tanh, lambda z, a: 1 - a * a)
RELU = ActivationFunction("relu", lambda z: np.maximum(z, 0.0), lambda z, a: (z > 0).astype(float))
LINEAR = ActivationFunction("linear", lambda z: z, lambda z, a: np.ones_like(z))
SOFTMAX = ActivationFunction("softmax", _softmax, lambda z, a: np.ones_like(z))


def recognise(z: Array, a: Array) -> ActivationFunction | None:
    """The function that takes z to a, element by element, where these numbers tell."""
    if z.size != a.size or z.size == 0:
        return None
    z, a = z.ravel(), a.ravel()
    if not (np.isfinite(z).all() and np.isfinite(a).all()):
        return None
    least, most = a.min(), a.max()
    if least >= 0 and most <= 1:
        if _equal(_sigmoid(z), a):
            return SIGMOID
        if _equal(_sigmoid(-z), a):
            return MIRRORED
    if least >= -1 and most <= 1 and _equal(np.tanh(z), a) and (np.abs(z) > 1e-3).any():
        return TANH
    if (z < 0).any() and (z > 0).any() and np.array_equal(a[z > 0], z[z > 0]):
        ratios = a[z < 0] / z[z < 0]
        alpha = float(ratios[0])
        if _equal(ratios, np.full_like(ratios, alpha)):
            if alpha == 0:
                return RELU
            return leaky(round(alpha, 12)) if 0 < alpha < 1 else None
    return None


def recognise_softmax(z: Array, a: Array) -> bool:
    """Whether a is the softmax of z over its last or its first axis."""
    if z.shape != a.shape or a.size < 2 or not (a > 0).all():
        return False
    for axis in {a.ndim - 1, 0}:
        if a.shape[axis] > 1 and _equal(a.sum(axis=axis), np.ones(())):
            with np.errstate(all="ignore"):
                e = np.exp(z - z.max(axis=axis, keepdims=True))
                if _equal(e / e.sum(axis=axis, keepdims=True), a):
                    return True
    return False


def _equal(one: Array, other: Array) -> bool:
    error = np.abs(one - other) / (1e-3 + np.abs(other))
    return bool((error <= CLOSE).all() or ((error <= SINGLE_CLOSE).all() and is_single(other)))


def is_single(array: Array) -> bool:
    """Whether these numbers are of single precision."""
    with np.errstate(all="ignore"):
        is_exact = np.array_equal(array.astype(np.float32), array)
        return bool(is_exact and np.any(array * 4096 % 1 != 0))


Candidates = list[tuple[ActivationFunction, Event]]


def find_activations(tape: Tape) -> dict[int, Candidates]:
    """Event place of every activation -> its function and the events its argument may be.

    Several may have the same value (`W @ x + b` is `b` where x is 0): the usual one comes first.
    """
    found: dict[int, Candidates] = {}
    for node, places in tape.of_node.items():
        if tape.nodes[node].kind not in _MADE_BY:
            continue
        makes = [place for place in places if _may_be(tape, tape.events[place])]
        if not makes:
            continue
        finite = [place for place in makes if _is_finite(tape, place)]
        samples = _spread(finite, SAMPLES)
        hits = [_arguments(tape, tape.events[place]) for place in samples]
        known = {
            (one[0].name, one[1].node): one[0]
            for hit in hits
            for one in sorted(hit, key=lambda one: one[0] is not MIRRORED)
        }
        fitting = [
            hit or _known_arguments(tape, tape.events[place], known)  # a ReLU above 0, say
            for hit, place in zip(hits, samples, strict=True)
        ]
        # A coincidence happens once or twice; what is an activation always is.
        if not samples or sum(map(bool, fitting)) <= len(samples) // 2:
            continue
        of_node = {
            place: candidates
            for place in makes
            if (candidates := _known_arguments(tape, tape.events[place], known))
        }
        # Where z is 0, so is -z: what is the argument elsewhere is the argument here.
        votes = Counter(source.node for hits in of_node.values() for _, source in hits)
        for place, candidates in of_node.items():
            candidates.sort(key=lambda one: (one[0] is MIRRORED, -votes[one[1].node]))
            found[place] = candidates
    return {
        place: candidates
        for place, candidates in found.items()
        if not _follows_another(tape, place, found)
    }


def _follows_another(tape: Tape, place: int, found: dict[int, Candidates]) -> bool:
    """Whether this is made of an activation already: 1 - sigmoid(z) is sigmoid(-z)."""
    if tape.nodes[tape.events[place].node].kind == "Change":
        return False  # put together from its parts
    for operand in tape.operands(tape.events[place]):
        if operand is not None:
            maker = tape.maker(operand.value)
            if maker is not None and maker.place in found:
                return True
    return False


def _spread(places: list[int], most: int) -> list[int]:
    if len(places) <= most:
        return places
    return [places[round(part * (len(places) - 1) / (most - 1))] for part in range(most)]


def _is_finite(tape: Tape, place: int) -> bool:
    array = tape.events[place].value.array
    return array is not None and bool(np.isfinite(array).all())


def _may_be(tape: Tape, event: Event) -> bool:
    array = event.value.array
    if array is None or event.value.kind in "ibAM" or not array.size:
        return False
    return tape.makes(event)


def _known_arguments(
    tape: Tape, event: Event, known: dict[tuple[str, int], ActivationFunction]
) -> Candidates:
    """The arguments, where the nodes of found ones gave them last; the nearest first."""
    a = event.value.array
    assert a is not None
    hits = []
    for (name, node), function in known.items():
        places = tape.of_node[node]
        place = bisect_left(places, event.place) - 1
        if place < 0:
            continue
        source = tape.events[places[place]]
        z = source.value.array
        if z is None or z.size != a.size:
            continue
        if name == "softmax":
            if recognise_softmax(z, a):
                hits.append((function, source))
        elif _equal(function.f(z.ravel()), a.ravel()):
            hits.append((function, source))
    hits.sort(key=lambda hit: -hit[1].place)
    made = [(function, tape.maker(source.value) or source) for function, source in hits]
    return list({source.place: (function, source) for function, source in made}.values())


def _arguments(tape: Tape, event: Event) -> Candidates:
    """The values that this one is an activation of."""
    a = event.value.array
    assert a is not None
    hits: Candidates = []
    for source in tape.ancestors(event, DEPTH):
        z = source.value.array
        if z is None or z.size != a.size or source.value.ref == event.value.ref:
            continue
        function = recognise(z, a)
        if function is None and recognise_softmax(z, a):
            function = SOFTMAX
        if function is not None:
            hits.append((function, source))
    return hits or _written_relu(tape, event)


def _written_relu(tape: Tape, event: Event) -> Candidates:
    """A ReLU of numbers that are all on one side of 0: the numbers do not tell, the call does."""
    node, a = tape.nodes[event.node], event.value.array
    written = [child.constant for child in tape.operand_nodes(event) if child is not None]
    if node.operator not in ("maximum", "max", "where") or 0 not in written or a is None:
        return []
    return [
        (RELU, operand)
        for operand in tape.operands(event)
        if operand is not None
        and operand.value.array is not None
        and np.array_equal(np.maximum(operand.value.array, 0), a)
        and operand.value.ref != event.value.ref
    ]
