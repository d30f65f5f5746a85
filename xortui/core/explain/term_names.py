"""What the terms of a sum are called: by the row or the unit that they are summed over."""

from collections.abc import Sequence

from xortui.core.explain.cell import Term
from xortui.core.model.names import cell_name
from xortui.core.model.recipe import Recipe


def parts_of(recipe: Recipe, array: str, index: tuple[int, ...]) -> tuple[str, str]:
    """A cell by its two coordinates: x₂ and h₁ of a weight, 01 and h₂ of an activation, 01 and
    nothing where a row has one number, nothing and h₁ of a bias."""
    name = cell_name(recipe, array, index)
    if "→" in name:
        source, _, target = name.partition("→")
        return source, target
    if name.startswith("row "):
        row, _, unit = name.removeprefix("row ").partition(", ")
        return row, unit
    return "", name


def term_names(recipe: Recipe, terms: Sequence[Term]) -> list[str]:
    """The name of each term, such as 00 in a sum over rows and h₂ in one over units; empty where
    the terms are of no such sum, and of what stands for the rest of a long one."""
    cells = [term.reads[0] if term.reads else None for term in terms]
    known = [cell for cell in cells if cell is not None]
    nothing = [""] * len(terms)
    if len(known) < 2 or len({cell.name for cell in known}) > 1 or not known[0].index:
        return nothing
    places = [axis for axis, at in enumerate(known[0].index) if at != known[1].index[axis]]
    if len(places) != 1:
        return nothing
    names = []
    for term, cell in zip(terms, cells, strict=True):
        known_as = ("", "")
        if cell is not None and not term.more:
            known_as = parts_of(recipe, cell.name, cell.index)
        names.append(known_as[places[0]])
    return names
