"""What is to be learned as lines of an exported program: the truth table, or the points."""

from xortui.core.export.lines import Lines, indented
from xortui.core.export.points import points_text
from xortui.core.export.templates import Library
from xortui.core.model.recipe import Recipe

LABELS_IN_A_LINE = 64


def table_comment(recipe: Recipe) -> str:
    """What `table_lines` give, as a comment."""
    points = "# the points, those to learn and those set aside for a test"
    return points if recipe.is_points else "# the truth table"


def table_lines(recipe: Recipe, library: Library) -> Lines:
    """The truth table, or the points: X [N, D] and Y [N, 1]."""
    table, array = recipe.table, library.array.format
    if table.is_points:
        return points_text(recipe, library)
    if not is_long(recipe):
        return [
            f"X = {array([list(row) for row in table.bits])}",
            f"Y = {array([[label] for label in table.labels])}",
        ]
    lines = [f"X = {array(f'list(product([0, 1], repeat={table.inputs}))')}"]
    if table.name.startswith("parity"):
        return [
            *lines,
            "Y = X.sum(axis=1, keepdims=True) % 2  # 1 where the number of ones is odd",
        ]
    digits = "".join(map(str, table.labels))
    parts = [
        f'"{digits[start : start + LABELS_IN_A_LINE]}"'
        for start in range(0, len(digits), LABELS_IN_A_LINE)
    ]
    whole = [f"labels = {parts[0]}"]
    if len(parts) > 1:
        whole = ["labels = (", *indented(parts), ")"]
    return [*lines, *whole, f"Y = {array('[[int(label)] for label in labels]')}"]


def is_long(recipe: Recipe) -> bool:
    """Whether the lines make the rows of the truth table with `itertools.product`."""
    return len(recipe.table.labels) > 4 and not recipe.is_points
