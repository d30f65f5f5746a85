"""Places: the name of any one number of a step, as in the code or as a person writes it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from xortui.core.model.functions import Array
from xortui.core.model.names import SUBSCRIPTS, cell_name, notation
from xortui.core.model.operation import UPDATE
from xortui.core.model.recipe import Recipe
from xortui.core.model.step import output_delta
from xortui.core.text.shortened import shortened
from xortui.core.training.snapshot import Snapshot

UPDATED = "+"  # after the name of parameters as the update of the step makes them: W1+[0,1]
MAX_CHARACTERS = 60

_PLAIN = {up: down for down, up in SUBSCRIPTS.items()}
_NAME = re.compile(r"([^\[\]]+)(?:\[([^\[\]]*)\])?")


class PlaceError(ValueError):
    """A name that no number of the step has. The message is one sentence, and says what can be."""


@dataclass(frozen=True)
class Place:
    """One number of the run: of the array `name` at `index`, as it is in step `step`.

    Parameters are named as at the step, W1, and with a plus as its update makes them, W1+.
    """

    name: str
    index: tuple[int, ...]
    step: int


def place_text(place: Place) -> str:
    """The place as in the code, without its step: dW1[0,1], W1+[0,1], loss."""
    index = ",".join(map(str, place.index))
    return f"{place.name}[{index}]" if index else place.name


def arrays_of(snapshot: Snapshot) -> Mapping[str, Array]:
    """All that can be asked for by name: what the step is given, what it makes, W1+ for updates."""
    arrays: dict[str, Array] = {}
    for result in snapshot.results:
        arrays |= {name: array for name, array in result.operands.items() if name not in arrays}
        operation = result.operation
        name = operation.target + UPDATED * (operation.phase == UPDATE)
        arrays[name] = result.value
    return arrays


def value_at(place: Place, snapshot: Snapshot) -> float:
    """The number at a place of the snapshot's step. Raises KeyError or IndexError."""
    return float(arrays_of(snapshot)[place.name][place.index])


def parse_place(snapshot: Snapshot, text: str) -> Place:
    """The number of the snapshot's step that `text` names: dW1[0,1], yhat[2], loss, z₁[row 10, h₂].

    Names are those of the code or as a person writes them. Raises PlaceError.
    """
    arrays = arrays_of(snapshot)
    found = _NAME.fullmatch(text.strip()) if len(text) <= MAX_CHARACTERS else None
    name = None if found is None else _array_name(found[1], snapshot.recipe, arrays)
    if found is None or name is None:
        raise PlaceError(f"there is no number called {shortened(text)}; {_allowed(arrays)}")
    shape = arrays[name].shape
    if found[2] is None:
        if arrays[name].size == 1:
            return Place(name, (0,) * len(shape), snapshot.step)
        count = " by ".join(map(str, shape))
        raise PlaceError(f"{name} has {count} numbers; name one, from {_range(name, shape)}")
    index = _index(found[2], name, shape, snapshot.recipe)
    if index is None:
        what = f"name one, from {_range(name, shape)}" if shape else "it is one number, without [ ]"
        raise PlaceError(f"{name} has no number {shortened(found[2])}; {what}")
    return Place(name, index, snapshot.step)


def _array_name(text: str, recipe: Recipe, arrays: Mapping[str, Array]) -> str | None:
    """The array of this name, of the code or as a person writes it."""
    name = _plain(text)
    for alias, real in _aliases(recipe, arrays):
        if name == _plain(alias):
            return real
    return None


def _aliases(recipe: Recipe, arrays: Mapping[str, Array]) -> Iterator[tuple[str, str]]:
    layers = len(recipe.hidden)
    for name in arrays:
        yield name, name
        yield notation(name.removesuffix(UPDATED)) + UPDATED * name.endswith(UPDATED), name
    yield "x", "X"
    yield "output", "yhat"
    for layer in range(1, layers + 1):
        yield f"h{layer}", f"a{layer}"
        yield f"delta{layer}", f"dz{layer}"
        yield f"δ{layer}", f"dz{layer}"
    for word in ("delta", "δ", f"delta{layers + 1}", f"δ{layers + 1}"):
        yield word, output_delta(recipe)


def _index(text: str, name: str, shape: tuple[int, ...], recipe: Recipe) -> tuple[int, ...] | None:
    """The cell that is meant: 0,1 as in NumPy, or row 01, h₂ as on the screen."""
    numbers = text.replace(" ", "").split(",")
    if all(re.fullmatch("[0-9]{1,4}", number) for number in numbers):
        index = tuple(map(int, numbers))
        if len(index) == 1 and len(shape) == 2 and shape[1] == 1:
            index = (*index, 0)
        is_there = len(index) == len(shape) and all(
            at < length for at, length in zip(index, shape, strict=True)
        )
        return index if is_there else None
    wanted, array = _plain(text), name.removesuffix(UPDATED)
    for index in np.ndindex(*shape):
        if shape and _plain(cell_name(recipe, array, index)) == wanted:
            return index
    return None


def _plain(text: str) -> str:
    """A name without blanks, and with usual digits in place of those below the line."""
    return text.translate(_PLAIN).replace("->", "→").replace(" ", "")


def _allowed(arrays: Mapping[str, Array]) -> str:
    indexed = [name for name, array in arrays.items() if array.shape]
    single = [name for name, array in arrays.items() if not array.shape]
    return f"allowed: {', '.join(single)}, and with an index, as W1[0,1]: {', '.join(indexed)}"


def _range(name: str, shape: tuple[int, ...]) -> str:
    first, last = ("0," * len(shape))[:-1], ",".join(str(length - 1) for length in shape)
    return f"{name}[{first}] to {name}[{last}]"
