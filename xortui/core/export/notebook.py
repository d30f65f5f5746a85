"""A run as a notebook: the script of `export_numpy` in cells, with the reasons between them."""

import json
from collections.abc import Iterable
from typing import Any

from xortui.core.export.lines import Lines
from xortui.core.export.printing import result_lines
from xortui.core.export.program import Edits, Program
from xortui.core.export.script import numpy_loop
from xortui.core.export.table import table_lines
from xortui.core.model.operation import BACKWARD, FORWARD, LOSS, UPDATE
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import REFERENCE_STEPS
from xortui.core.model.recipe_words import in_words
from xortui.core.training.solved import GOAL

# A truth table of more rows is left to the code.
MAX_TABLE_ROWS = 16


def export_notebook(recipe: Recipe, edits: Edits = (), steps: int = REFERENCE_STEPS) -> str:
    """A Jupyter notebook (nbformat 4.5, JSON) that trains the recipe and explains every line.

    Its code cells, run in order, give the same bits as `export_numpy`. Raises as that does.
    """
    program = Program(recipe, tuple(edits), steps)
    cells = [
        _markdown(1, _introduction(program)),
        _code(2, "\n".join([*program.imports, *program.function_lines()]).rstrip().splitlines()),
        _markdown(3, _about_table(program)),
        _code(4, [*table_lines(recipe, program.library), "", "X, Y"]),
        _markdown(5, _about_parameters(program)),
        _code(6, [*program.start(), *program.numbers(), "", "W1"]),
        _markdown(7, _about_forward(program)),
        _code(8, [*_first_batch(program), *program.operations(FORWARD, LOSS), "", "yhat, loss"]),
        _markdown(9, _about_backward(program)),
        _code(10, [*program.operations(BACKWARD), "", "dW1"]),
        _markdown(11, _about_training(program)),
        _code(12, numpy_loop(program)),
        _markdown(13, _about_result(program.recipe)),
        _code(14, result_lines(program)),
    ]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1) + "\n"


def _first_batch(program: Program) -> Lines:
    lines = program.batch_lines()
    return ["step = 0", *lines] if lines else []


def _markdown(number: int, lines: Lines) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": f"cell-{number}", "metadata": {}} | _source(lines)


def _code(number: int, lines: Lines) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": f"cell-{number}", "metadata": {}, "outputs": []}
    return cell | {"execution_count": None} | _source(lines)


def _source(lines: Lines) -> dict[str, Any]:
    return {"source": "\n".join(lines).splitlines(keepends=True)}


def _introduction(program: Program) -> Lines:
    recipe = program.recipe
    lines = [
        f"# {recipe.table.title} with a {recipe.architecture} network",
        "",
        f"{in_words(recipe)}.",
        "",
        f"A network learns {'points' if recipe.is_points else 'a truth table'} by gradient "
        "descent, in plain NumPy: no library computes gradients behind the scenes. Run the "
        "cells in order.",
    ]
    if program.command is not None:
        lines += ["", f"The same run in the terminal: `{program.command}`"]
    return lines


def _about_table(program: Program) -> Lines:
    table = program.recipe.table
    if table.is_points:
        return _about_points(program.recipe)
    lines = [
        "## The truth table",
        "",
        f"`X` holds the {len(table.bits)} patterns of {table.inputs} bits, one in a row, and `Y` "
        "the label of each.",
    ]
    if len(table.bits) <= MAX_TABLE_ROWS:
        lines += ["", "| bits | label |", "|---|---|"]
        lines += [
            f"| {' '.join(map(str, bits))} | {label} |"
            for bits, label in zip(table.bits, table.labels, strict=True)
        ]
    return lines


def _about_points(recipe: Recipe) -> Lines:
    table = recipe.table
    where = "come from a file" if recipe.data else "are made here, from a seed of their own"
    return [
        "## The points",
        "",
        f"`X` holds {len(table.bits)} points of {table.inputs} inputs, one in a row, and `Y` the "
        f"label of each. They {where}.",
        *(
            [f"{len(table.test_labels)} more are set aside: nothing is trained on them."]
            if table.test_labels
            else []
        ),
    ]


def _about_parameters(program: Program) -> Lines:
    recipe = program.recipe
    biases = ", and biases that start at 0" if recipe.bias else "; this network has no biases"
    return [
        "## The network",
        "",
        f"Layers of {', '.join(map(str, recipe.sizes))} units. Between two layers stands a matrix "
        f"of weights, [inputs, outputs]{biases}. These {program.network.size} numbers are all "
        f"that is learned. The weights start with the initialisation `{recipe.init}` and seed "
        f"{recipe.seed}: another seed is another run, and some seeds never solve the problem.",
    ]


def _about_forward(program: Program) -> Lines:
    of_batch = " over the rows in the batch" if program.recipe.batch else ""
    return [
        "## Forward",
        "",
        f"From the {'inputs' if program.recipe.is_points else 'bits'} to the outputs, all rows at "
        "once, and on to the losses, which say how wrong the outputs are. `L`, their "
        f"sum{of_batch}, is what is descended; `loss`, their mean, is shown:",
        "",
        *_explained(program, FORWARD, LOSS),
    ]


def _about_backward(program: Program) -> Lines:
    return [
        "## Backward",
        "",
        "Which way should every weight go? The gradient says how much L, the sum of the rows' "
        "losses, grows with each of them. The chain rule gives it from the end to the beginning: "
        "what comes back from the layer above, times the derivative of the step taken forward.",
        "",
        *_explained(program, BACKWARD),
    ]


def _about_training(program: Program) -> Lines:
    lines = [
        "## Training",
        "",
        "A step goes forward, backward, and then against the gradient:",
        "",
        *_explained(program, UPDATE),
        "",
        f"The loop does {program.steps} of them, with the same lines as above. A loss printed at "
        "a step is that of the weights before the step's update.",
    ]
    if program.edits:
        lines += ["", "During this run some things were changed by hand; see the loop."]
    return lines


def _about_result(recipe: Recipe) -> Lines:
    right = "every output is on its label's side of 0.5"
    if recipe.is_points:
        share = recipe.table.share_to_solve
        right = f"at least {share:.0%} of the training points are on their label's side of 0.5"
    return [
        "## Result",
        "",
        f"The problem counts as solved when {right} and the mean loss is below {GOAL}.",
    ]


def _explained(program: Program, *phases: str) -> Iterable[str]:
    """The operations of these phases as a list: formula and reason."""
    for operation in program.network.operations:
        if operation.phase in phases:
            fault = f" **A mistake, on purpose.** {operation.fault}" if operation.fault else ""
            yield f"- **{operation.formula}** — {operation.why}{fault}"
