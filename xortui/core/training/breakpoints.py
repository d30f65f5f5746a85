"""Breakpoints: what a run pauses at, and the first step of a chunk at which it is so.

A breakpoint looks at what an update does: it compares the state in which a step began, after its
edits, with what the update made of it. So each has one step at which it comes true, and a run that
goes on from there does not pause again at the next step. What an edit does is no event.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xortui.core.model.functions import Array, saturated_pairs
from xortui.core.model.names import parameter_name, row_name, unit_name
from xortui.core.model.network import Network
from xortui.core.model.operation import BACKWARD, FORWARD
from xortui.core.training.kernel import Chunk
from xortui.core.training.timeline import GOAL, right_rows

SOLVED, REFERENCE_END, LOSS, GRADIENT = "solved", "reference-end", "loss", "gradient"
FLIP, SIGN, RISE, SATURATES = "flip", "sign", "rise", "saturates"
REFERENCE_STEPS = 10_000

# What each pauses at; {limit} where it has one.
KINDS: dict[str, str] = {
    SOLVED: "the run is solved",
    LOSS: "the loss falls below {limit}",
    GRADIENT: "the gradient norm falls below {limit}",
    FLIP: "a row becomes right, or is no longer right",
    SIGN: "a weight or bias changes sign",
    RISE: "the loss rises after it fell",
    SATURATES: "a hidden unit saturates for a row",
    REFERENCE_END: f"step {REFERENCE_STEPS:,}, where the reference run ends",
}
# What is proposed for those that have a limit.
LIMITS = {LOSS: 0.001, GRADIENT: 0.01}
MAX_BREAKPOINTS = 16
ALLOWED = f"{', '.join(kind for kind in KINDS if kind not in LIMITS)}, loss<0.001 or gradient<0.01"

_NUMBER = r"\d{0,20}\.?\d{1,20}(?:e[+-]?\d{1,3})?"
_LIMITED = re.compile(rf"({'|'.join(LIMITS)})<({_NUMBER})", re.ASCII)
# So many numbers are worked out at once where a breakpoint needs more than the chunk holds.
_NUMBERS = 1_000_000


class BreakpointError(ValueError):
    """A breakpoint that cannot be understood. The message is one sentence."""


@dataclass(frozen=True)
class Breakpoint:
    """One of `KINDS`, with its limit where it has one.

    Raises BreakpointError for another kind or limit.
    """

    kind: str
    limit: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BreakpointError(f"a run cannot pause at {self.kind!r:.40}; allowed: {ALLOWED}")
        has_limit = self.limit is not None and 0 < self.limit < np.inf
        if has_limit != (self.kind in LIMITS) or (self.limit is not None and not has_limit):
            raise BreakpointError(f"the breakpoint {self.kind} cannot have the limit {self.limit}")

    @classmethod
    def parse(cls, text: str) -> "Breakpoint":
        """The breakpoint that `str` has written, or a person. Raises BreakpointError."""
        words = text.strip().lower().replace(" ", "")
        if found := _LIMITED.fullmatch(words):
            return cls(found[1], float(found[2]))
        if words in KINDS and words not in LIMITS:
            return cls(words)
        raise BreakpointError(f"a run cannot pause at {text.strip()!r:.40}; allowed: {ALLOWED}")

    def __str__(self) -> str:
        """As it is typed, and saved: solved, loss<0.001. Reads back to the same limit."""
        return self.kind if self.limit is None else f"{self.kind}<{self.limit!r}"

    @property
    def words(self) -> str:
        """What it pauses at, in words: the loss falls below 0.001."""
        limit = "" if self.limit is None else f"{self.limit:g}"
        return KINDS[self.kind].format(limit=limit)


@dataclass(frozen=True)
class Hit:
    """A breakpoint came true at a step; `what` happened, in words."""

    item: Breakpoint
    step: int
    what: str


def first_hits(
    breakpoints: Iterable[Breakpoint], chunk: Chunk, network: Network, rose: bool = False
) -> tuple[Hit, ...]:
    """The breakpoints that come true at the first step of the chunk at which any does.

    A chunk's own first step is where it begins, and no event. `network` is the one that it trained,
    and `rose` whether the loss rose with the step before. Gradients and activations are worked out
    for many steps at once, and equal to those of single steps but for the last bits.
    """
    found = [(item, _first_event(item, chunk, network, rose)) for item in breakpoints]
    place = min((at for _, at in found if at is not None), default=None)
    if place is None:
        return ()
    return tuple(
        Hit(item, chunk.first + place, _what(item, chunk, network, place))
        for item, at in found
        if at == place
    )


def _first_event(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> int | None:
    """The first place in the chunk, from 1 on, at which a breakpoint comes true."""
    if len(chunk.losses) < 2:
        return None
    with np.errstate(all="ignore"):
        events = _events(item, chunk, network, rose)
    return int(events.argmax()) + 1 if events.any() else None


def _events(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> NDArray[np.bool_]:
    """At which of the chunk's steps after its first a breakpoint comes true."""
    losses, parameters = chunk.losses, chunk.parameters
    limit = item.limit or 0.0
    match item.kind:
        case "flip":
            right = _right(chunk, network)
            return np.asarray((right[1:] != right[:-1]).any(axis=1))
        case "sign":
            return np.asarray((parameters[1:] * parameters[:-1] < 0).any(axis=1))
        case "rise":
            rises = losses[1:] > losses[:-1]
            return np.asarray(rises & ~np.concatenate([[rose], rises[:-1]]))
        case "saturates":
            flat = _saturated(network, parameters)
            return np.asarray((flat[1:] & ~flat[:-1]).any(axis=1))
        case "reference-end":
            return np.asarray(np.arange(chunk.first + 1, chunk.last + 1) == REFERENCE_STEPS)
        case "solved":
            holds = (losses < GOAL) & _right(chunk, network).all(axis=1)
        case "loss":
            holds = losses < limit
        case _:
            holds = _gradient_norms(network, parameters) < limit
    return np.asarray(holds[1:] & ~holds[:-1])


def _right(chunk: Chunk, network: Network) -> NDArray[np.bool_]:
    return right_rows(chunk.outputs, network.labels[:, 0])


def _gradient_norms(network: Network, parameters: Array) -> Array:
    """The Euclidean length [T] of the gradient of L at the parameter vectors [T, P]."""
    norms = [
        np.sqrt(sum((values[f"d{name}"] ** 2).sum(axis=(-2, -1)) for name in network.shapes))
        for values in _evaluated(network, parameters, (FORWARD, BACKWARD))
    ]
    return np.concatenate(norms)


def _saturated(network: Network, parameters: Array) -> NDArray[np.bool_]:
    """Which hidden units are saturated for which row, [T, rows x units], layer after layer."""
    recipe = network.recipe
    parts = [
        [
            saturated_pairs(recipe.activation, values[f"a{layer}"]).reshape(len(values["a1"]), -1)
            for layer in range(1, len(recipe.hidden) + 1)
        ]
        for values in _evaluated(network, parameters, (FORWARD,))
    ]
    return np.concatenate([np.concatenate(part, axis=1) for part in parts])


def _evaluated(
    network: Network, parameters: Array, phases: tuple[str, ...]
) -> Iterator[dict[str, Array]]:
    from xortui.core.model.batch import evaluate_many

    numbers = network.size + len(network.bits) * sum(network.recipe.sizes)
    count = max(1, _NUMBERS // (4 * numbers))
    for start in range(0, len(parameters), count):
        yield evaluate_many(network, parameters[start : start + count], phases)


def _what(item: Breakpoint, chunk: Chunk, network: Network, at: int) -> str:
    """What happened at a place of the chunk, as a sentence without its full stop."""
    recipe, before, now = network.recipe, at - 1, at
    match item.kind:
        case "solved":
            return f"solved: every row is right, and the loss is below {GOAL:g}"
        case "reference-end":
            return f"{REFERENCE_STEPS:,} steps are done, as many as the reference run has"
        case "loss":
            return f"the loss fell below {item.limit:g}"
        case "gradient":
            return f"the gradient norm fell below {item.limit:g}"
        case "rise":
            return f"the loss rose from {chunk.losses[before]:.6g} to {chunk.losses[now]:.6g}"
        case "flip":
            right = _right(chunk, network)[before : now + 1]
            return _listed(
                f"{row_name(recipe, row)} is {'right now' if right[1][row] else 'no longer right'}"
                for row in np.flatnonzero(right[0] != right[1]).tolist()
            )
        case "sign":
            pair = chunk.parameters[before : now + 1]
            return _listed(
                f"{parameter_name(recipe, network.names[place])} changed its sign to "
                f"{'+' if pair[1][place] > 0 else '−'}"
                for place in np.flatnonzero(pair[0] * pair[1] < 0)
            )
        case _:
            flat = _saturated(network, chunk.parameters[before : now + 1])
            places = np.flatnonzero(flat[1] & ~flat[0])
            return _listed(_saturation(network, int(place)) for place in places)


def _saturation(network: Network, place: int) -> str:
    """One of the pairs of `_saturated` in words: h₂ saturates for row 11."""
    recipe, rows = network.recipe, len(network.bits)
    for layer, units in enumerate(recipe.hidden, start=1):
        if place < rows * units:
            row, unit = divmod(place, units)
            return f"{unit_name(layer, unit, recipe.sizes)} saturates for {row_name(recipe, row)}"
        place -= rows * units
    raise IndexError(place)


def _listed(items: Iterable[str]) -> str:
    """The first two of some sentences, and how many more there are."""
    found = list(items)
    more = [f"and {len(found) - 2} more"] if len(found) > 2 else []
    return ", ".join([*found[:2], *more])
