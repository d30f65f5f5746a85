"""Breakpoints: what a run pauses at, and the first step of a chunk at which it is so.

A breakpoint looks at what an update does: it compares the state in which a step began, after its
edits, with what the update made of it. So each has one step at which it comes true, and a run that
goes on from there does not pause again at the next step. What an edit does is no event.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from xortui.core.model.batch import evaluated_in_blocks
from xortui.core.model.functions import Array, Flags, saturated_pairs
from xortui.core.model.names import parameter_name, row_name, unit_name
from xortui.core.model.network import Network
from xortui.core.model.operation import FORWARD
from xortui.core.model.recipe_fields import REFERENCE_STEPS
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.text.shortened import shortened
from xortui.core.training.kernel import Chunk
from xortui.core.training.solved import GOAL, enough_right, right_rows

SOLVED, LOSS, GRADIENT, FLIP = "solved", "loss", "gradient", "flip"
SIGN, RISE, SATURATES, REFERENCE_END = "sign", "rise", "saturates", "reference-end"
MAX_BREAKPOINTS = 16

_NUMBER = r"\d{0,20}\.?\d{1,20}(?:e[+-]?\d{1,3})?"
_LIMITED = re.compile(rf"({LOSS}|{GRADIENT})<({_NUMBER})", re.ASCII)


class BreakpointError(ValueError):
    """A breakpoint that cannot be understood. The message is one sentence."""


def _unknown(text: str) -> BreakpointError:
    return BreakpointError(f"a run cannot pause at {shortened(text)}; allowed: {ALLOWED}")


@dataclass(frozen=True)
class Breakpoint:
    """One of `KINDS`, with its limit where it has one.

    Raises BreakpointError for another kind or limit.
    """

    kind: str
    limit: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise _unknown(self.kind)
        is_limit = self.limit is not None and 0 < self.limit < np.inf
        if is_limit != (self.kind in LIMITS) or is_limit != (self.limit is not None):
            raise BreakpointError(f"the breakpoint {self.kind} cannot have the limit {self.limit}")

    @classmethod
    def parse(cls, text: str) -> "Breakpoint":
        """The breakpoint that `str` has written, or a person. Raises BreakpointError."""
        words = text.strip().lower().replace(" ", "")
        if found := _LIMITED.fullmatch(words):
            return cls(found[1], float(found[2]))
        if words in KINDS and words not in LIMITS:
            return cls(words)
        raise _unknown(text.strip())

    def __str__(self) -> str:
        """As it is typed, and saved: solved, loss<0.001. Reads back to the same limit."""
        return self.kind if self.limit is None else f"{self.kind}<{self.limit!r}"

    @property
    def words(self) -> str:
        """What it pauses at, in words: the loss falls below 0.001."""
        limit = "" if self.limit is None else f"{self.limit:g}"
        return KINDS[self.kind].words.format(limit=limit)


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
        Hit(item, chunk.first + place, KINDS[item.kind].told(item, chunk, network, place))
        for item, at in found
        if at == place
    )


def _first_event(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> int | None:
    """The first place in the chunk, from 1 on, at which a breakpoint comes true."""
    if len(chunk.losses) < 2:
        return None
    with np.errstate(all="ignore"):
        events = KINDS[item.kind].events(item, chunk, network, rose)
    return int(events.argmax()) + 1 if events.any() else None


def _right(chunk: Chunk, network: Network) -> Flags:
    return right_rows(chunk.outputs, network.labels[:, 0])


def _share(network: Network) -> float:
    return network.recipe.table.share_to_solve


def _gradient_norms(chunk: Chunk, network: Network) -> Array:
    """The Euclidean length [T] of the gradient of L at each step of the chunk."""
    steps = range(chunk.first, chunk.last + 1)
    blocks = evaluated_in_blocks(network, chunk.parameters, network.gradient_phases, steps)
    norms = [np.linalg.norm(network.layout.joined(values, "d"), axis=-1) for values in blocks]
    return np.concatenate(norms)


def _saturated(network: Network, parameters: Array) -> Flags:
    """Which hidden units are saturated for which row, [T, rows x units], layer after layer."""
    recipe = network.recipe
    parts = [
        [
            saturated_pairs(recipe.activation, values[f"a{layer}"]).reshape(len(values["a1"]), -1)
            for layer in range(1, len(recipe.hidden) + 1)
        ]
        for values in evaluated_in_blocks(network, parameters, (FORWARD,))
    ]
    return np.concatenate([np.concatenate(part, axis=1) for part in parts])


def _saturation(network: Network, place: int) -> str:
    """One of the pairs of `_saturated` in words: h₂ saturates for row 11."""
    recipe, rows = network.recipe, len(network.bits)
    verb = "is off" if ACTIVATIONS[recipe.activation].can_be_off else "saturates"
    for layer, units in enumerate(recipe.hidden, start=1):
        if place < rows * units:
            row, unit = divmod(place, units)
            return f"{unit_name(layer, unit, recipe.sizes)} {verb} for {row_name(recipe, row)}"
        place -= rows * units
    raise IndexError(place)


def _listed(items: Iterable[str]) -> str:
    """The first two of some sentences, and how many more there are."""
    found = list(items)
    more = [f"and {len(found) - 2} more"] if len(found) > 2 else []
    return ", ".join([*found[:2], *more])


# -- the kinds -------------------------------------------------------------------------------------


def _begins(holds: Flags) -> Flags:
    return np.asarray(holds[1:] & ~holds[:-1])


def _solved_events(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> Flags:
    return _begins((chunk.losses < GOAL) & enough_right(_right(chunk, network), _share(network)))


def _solved(item: Breakpoint, chunk: Chunk, network: Network, at: int) -> str:
    right = "every row is right"
    if network.recipe.is_points:
        right = f"at least {_share(network):.0%} of the training points are right"
    return f"solved: {right}, and the loss is below {GOAL:g}"


def _loss_events(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> Flags:
    return _begins(chunk.losses < (item.limit or 0.0))


def _loss(item: Breakpoint, chunk: Chunk, network: Network, at: int) -> str:
    return f"the loss fell below {item.limit:g}"


def _gradient_events(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> Flags:
    return _begins(_gradient_norms(chunk, network) < (item.limit or 0.0))


def _gradient(item: Breakpoint, chunk: Chunk, network: Network, at: int) -> str:
    return f"the gradient norm fell below {item.limit:g}"


def _flip_events(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> Flags:
    right = _right(chunk, network)
    return np.asarray((right[1:] != right[:-1]).any(axis=1))


def _flip(item: Breakpoint, chunk: Chunk, network: Network, at: int) -> str:
    before, now = _right(chunk, network)[at - 1 : at + 1]
    return _listed(
        f"{row_name(network.recipe, row)} is {'right now' if now[row] else 'no longer right'}"
        for row in np.flatnonzero(before != now).tolist()
    )


def _sign_changes(chunk: Chunk) -> Flags:
    signs = np.sign(chunk.parameters)
    return np.asarray(signs[1:] * signs[:-1] < 0)


def _sign_events(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> Flags:
    return np.asarray(_sign_changes(chunk).any(axis=1))


def _sign(item: Breakpoint, chunk: Chunk, network: Network, at: int) -> str:
    return _listed(
        f"{parameter_name(network.recipe, network.names[place])} changed its sign to "
        f"{'+' if chunk.parameters[at, place] > 0 else '−'}"
        for place in np.flatnonzero(_sign_changes(chunk)[at - 1])
    )


def _rise_events(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> Flags:
    rises = chunk.losses[1:] > chunk.losses[:-1]
    return np.asarray(rises & ~np.concatenate([[rose], rises[:-1]]))


def _rise(item: Breakpoint, chunk: Chunk, network: Network, at: int) -> str:
    return f"the loss rose from {chunk.losses[at - 1]:.6g} to {chunk.losses[at]:.6g}"


def _saturation_events(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> Flags:
    flat = _saturated(network, chunk.parameters)
    return np.asarray((flat[1:] & ~flat[:-1]).any(axis=1))


def _saturates(item: Breakpoint, chunk: Chunk, network: Network, at: int) -> str:
    before, now = _saturated(network, chunk.parameters[at - 1 : at + 1])
    return _listed(_saturation(network, int(place)) for place in np.flatnonzero(now & ~before))


def _end_events(item: Breakpoint, chunk: Chunk, network: Network, rose: bool) -> Flags:
    return np.asarray(np.arange(chunk.first + 1, chunk.last + 1) == REFERENCE_STEPS)


def _end(item: Breakpoint, chunk: Chunk, network: Network, at: int) -> str:
    return f"{REFERENCE_STEPS:,} steps are done, as many as the reference run has"


@dataclass(frozen=True)
class Kind:
    """What a run can pause at: in words ({limit} where it has one), and how that is found out.

    `events` [T - 1] says at which of a chunk's steps after its first it comes true, and `told` what
    happened at a place of the chunk. `proposed` is the limit to begin with, where it has one.
    """

    words: str
    events: Callable[[Breakpoint, Chunk, Network, bool], Flags]
    told: Callable[[Breakpoint, Chunk, Network, int], str]
    proposed: float | None = None


KINDS: dict[str, Kind] = {
    SOLVED: Kind("the run is solved", _solved_events, _solved),
    LOSS: Kind("the loss falls below {limit}", _loss_events, _loss, 0.001),
    GRADIENT: Kind("the gradient norm falls below {limit}", _gradient_events, _gradient, 0.01),
    FLIP: Kind("a row becomes right, or is no longer right", _flip_events, _flip),
    SIGN: Kind("a weight or bias changes sign", _sign_events, _sign),
    RISE: Kind("the loss begins to rise", _rise_events, _rise),
    SATURATES: Kind("a unit saturates for a row, or a ReLU is off", _saturation_events, _saturates),
    REFERENCE_END: Kind(
        f"step {REFERENCE_STEPS:,}, where the reference run ends", _end_events, _end
    ),
}
LIMITS = {name: kind.proposed for name, kind in KINDS.items() if kind.proposed is not None}
_NAMES = [name for name in KINDS if name not in (*LIMITS, REFERENCE_END)]
ALLOWED = (
    f"{', '.join(_NAMES)}, {REFERENCE_END} (step {REFERENCE_STEPS:,}), loss<0.001, gradient<0.01"
)
