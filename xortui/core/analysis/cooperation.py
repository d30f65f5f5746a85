"""What two hidden units do together: how they make XOR, said from measured numbers only."""

import numpy as np

from xortui.core.analysis.hidden_units import by_ones
from xortui.core.model.functions import Array
from xortui.core.model.names import unit_name
from xortui.core.model.problem import GATES
from xortui.core.training.snapshot import Snapshot

# A unit has switched at the first 1 where that is at least this share of all that it moves.
SWITCHED = 0.9
# It takes the output back where at least this share of the fall at the second 1 is its own.
OWN = 0.8
# As close as this to the output, in every row, a simpler formula may stand for it.
CLOSE = 0.2


def cooperation(snapshot: Snapshot) -> tuple[str, ...]:
    """How the two units of the last hidden layer make XOR, in two sentences.

    The first is there only where the run gets every row of XOR right, each unit counts nothing but
    the ones, one of them switches at the first 1 and the other undoes that at the second. The
    second is the output's own formula with the numbers of this step: for two units of any run.
    """
    recipe = snapshot.recipe
    layer = len(recipe.hidden)
    activations = snapshot.values[f"a{layer}"]
    weights = snapshot.values[f"W{layer + 1}"][:, 0]
    if len(weights) != 2 or not np.isfinite(snapshot.parameters).all():
        return ()
    order = _up_and_down(snapshot, activations, weights)
    if order is None:
        return (_formula(snapshot, activations, weights, (0, 1)),)
    (up, rises), down = order
    how = "on" if rises else "off"
    words = (
        f"{unit_name(layer, up, recipe.sizes)} switches {how} at the first 1; "
        f"{unit_name(layer, down, recipe.sizes)} takes it back when both are 1"
    )
    return words, _formula(snapshot, activations, weights, (up, down))


def _up_and_down(
    snapshot: Snapshot, activations: Array, weights: Array
) -> tuple[tuple[int, bool], int] | None:
    """The unit that lifts the output at the first 1, and whether it rises there; and the other."""
    recipe = snapshot.recipe
    is_xor = "".join(f"{label:.0f}" for label in snapshot.labels) == GATES["xor"]
    if recipe.is_points or not is_xor or not snapshot.right.all():
        return None
    found = [by_ones(recipe.activation, snapshot.values["X"], column) for column in activations.T]
    levels = [level for level in found if level is not None]
    if len(levels) < 2:
        return None
    moves = np.array([np.diff(level) for level in levels])  # [units, first or second 1]
    lifts = moves * weights[:, np.newaxis]
    up = int(lifts[:, 0].argmax())
    down = 1 - up
    has_switched = abs(moves[up, 0]) >= SWITCHED * np.abs(moves[up]).sum()
    fall = -float(lifts[:, 1].sum())
    takes_back = fall > 0 and -lifts[down, 1] >= OWN * fall
    if lifts[up, 0] <= 0 or not (has_switched and takes_back):
        return None
    return (up, bool(moves[up, 0] > 0)), down


def _formula(snapshot: Snapshot, activations: Array, weights: Array, order: tuple[int, int]) -> str:
    """The output (or z, before a last sigmoid) as the sum that it is; simpler where that is so."""
    recipe = snapshot.recipe
    layer = len(recipe.hidden) + 1
    is_linear = recipe.output == "linear"
    bias = float(snapshot.values[f"b{layer}"][0]) if recipe.bias else None
    first, second = order
    names = [unit_name(layer - 1, unit, recipe.sizes) for unit in order]
    terms = [f"{weights[first]:.3g}·{names[0]}", _term(weights[second], names[1])]
    if bias is not None:
        terms.append(_term(bias))
    text = f"{'ŷ' if is_linear else 'z'} = {' '.join(terms)}".replace("= -", "= −")
    factor = float(f"{weights[first]:.2g}")
    simple = factor * (activations[:, first] - activations[:, second]) + (bias or 0.0)
    exact = activations @ weights + (bias or 0.0)
    is_same_side = ((simple - 0.5) * (exact - 0.5) > 0).all() if is_linear else False
    if not is_same_side or np.abs(simple - exact).max() > CLOSE:
        return text
    difference = f"({names[0]} − {names[1]})"
    plus = "" if bias is None else f" {_term(bias)}"
    return f"{text} ≈ {factor:g}·{difference}{plus}".replace("≈ -", "≈ −")


def _term(value: float, name: str = "") -> str:
    sign = "−" if value < 0 else "+"
    return f"{sign} {abs(value):.3g}{f'·{name}' if name else ''}"
