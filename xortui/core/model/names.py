"""What things are called: arrays, units, rows, and weights by the units at their ends.

Text of NumPy counts from 0, as NumPy does: W1[1,0]. Names count from 1, as mathematics does, and a
row is called by its bits: the same weight is W₁ x₂→h₁, and a row is row 01. Points have numbers.
"""

import re

from xortui.core.model.recipe import Recipe

# Digits that stand below the line, for formulas: W1 is written W₁.
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

_OF_WEIGHTS = re.compile(r"(?:[demv]|free_)?([Wb])(\d)")
_OF_ROWS = re.compile(r"e([Wb]\d)")
_KEPT = re.compile(r"([mv])([Wb]\d)")
_PLAIN = {
    "yhat": "ŷ",
    "Y": "y",
    "learning_rate": "η",
    "losses": "ℓ",
    "momentum": "μ",
    "beta1": "β₁",
    "beta2": "β₂",
    "epsilon": "ε",
    "weight_decay": "λ",
    "l1": "λ₁",
    "in_batch": "batch",
    "rate": "η(k)",
    "step": "k",
}
_OF_UNITS = re.compile(r"d?[az](\d)")


def notation(name: str) -> str:
    """A name of the code as a person writes it: W1 -> W₁, yhat -> ŷ, dW1 -> ∂L/∂W₁, vW1 -> v₁."""
    if name.startswith("d"):
        return f"∂L/∂{notation(name[1:])}"
    if found := _OF_ROWS.fullmatch(name):
        return f"∂E/∂{notation(found[1])}"
    if found := _KEPT.fullmatch(name):
        return f"{found[1]}{found[2].removeprefix('W')}".translate(SUBSCRIPTS)
    return _PLAIN.get(name, name.translate(SUBSCRIPTS))


def unit_name(layer: int, index: int, sizes: tuple[int, ...]) -> str:
    """What a unit is called: x₁ in the inputs, h₂ in the one hidden layer, h₂.₃ in several, ŷ."""
    if layer == len(sizes) - 1:
        return "ŷ"
    if layer == 0:
        name = f"x{index + 1}"
    elif len(sizes) == 3:
        name = f"h{index + 1}"
    else:
        name = f"h{layer}.{index + 1}"
    return name.translate(SUBSCRIPTS)


def row_name(recipe: Recipe, row: int) -> str:
    """What a row is called: by its bits, as row 01, or a point by its number, as point 17."""
    return f"{recipe.table.row_noun} {recipe.table.row_words(row)}"


def parameter_name(recipe: Recipe, name: str) -> str:
    """A parameter by the units at its ends: W1[1,0] -> W₁ x₂→h₁, b1[0] -> b₁ h₁."""
    array, _, index = name.rstrip("]").partition("[")
    place = tuple(map(int, index.split(",")))
    return f"{notation(array)} {cell_name(recipe, array, place)}"


def unit_names(layer: int, sizes: tuple[int, ...]) -> list[str]:
    """The names of all units of a layer."""
    return [unit_name(layer, index, sizes) for index in range(sizes[layer])]


def cell_name(recipe: Recipe, array: str, index: tuple[int, ...]) -> str:
    """One cell of an array by what it belongs to: x₂→h₁ of weights, row 01, h₂ of activations."""
    if not index:
        return ""
    if found := _OF_WEIGHTS.fullmatch(array):
        layer = int(found[2])
        target = unit_name(layer, index[-1], recipe.sizes)
        if found[1] == "b":
            return target
        return f"{unit_name(layer - 1, index[0], recipe.sizes)}→{target}"
    row = row_name(recipe, index[0])
    if array == "X":
        return f"{row}, {unit_name(0, index[1], recipe.sizes)}"
    found = _OF_UNITS.fullmatch(array)
    if found and int(found[1]) <= len(recipe.hidden):
        return f"{row}, {unit_name(int(found[1]), index[1], recipe.sizes)}"
    return row
