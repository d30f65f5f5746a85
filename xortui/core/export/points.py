"""The points of a recipe as lines of an exported program, which have the same bits."""

from xortui.core.export.templates import Library
from xortui.core.model.points import (
    SEED_LINE,
    points_lines,
    split_lines,
    standardise_lines,
    test_rows,
)
from xortui.core.model.recipe import Recipe


def points_text(recipe: Recipe, library: Library) -> list[str]:
    """X [N, D] and Y [N, 1], X_test and Y_test where points are set aside.

    Points of a problem are made by its own lines; those of a file are written out, row by row.
    """
    data = recipe.data
    count = recipe.points if data is None else len(data.labels)
    tests = test_rows(count, recipe.test)
    split = split_lines(count, tests)
    if data is None:
        lines = points_lines(recipe.problem, count, recipe.noise, recipe.data_seed)
    else:
        lines = [
            "rows = np.array([  # inputs and label",
            *(f"    [{line}]," for line in data.lines()),
            "])",
            "X, Y = rows[:, :-1].copy(), rows[:, -1]",
            *([SEED_LINE.format(seed=recipe.data_seed)] if split else []),
        ]
    lines += split
    if recipe.standardise:
        lines += standardise_lines(tests)
    for end in ("", "_test") if tests else ("",):
        column = f"Y{end}.reshape(-1, 1).astype(float)"
        arrays = f"X{end}", column
        x, y = (library.constant.format(array) for array in arrays)
        lines.append(f"Y{end} = {y}")
        if x != f"X{end}":
            lines.append(f"X{end} = {x}")
    return [*lines, *(f"Y[{row}] = 1 - Y[{row}]" for row in recipe.flipped)]
