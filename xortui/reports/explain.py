"""What `xortui explain` prints: one whole step, operation by operation, for paper and homework."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

from xortui.core.explain.arithmetic import format_number
from xortui.core.explain.calculation import shapes_line
from xortui.core.explain.cell import Explanation, RowStep, explain_cell, follow_row
from xortui.core.export.templates import NUMPY, definition
from xortui.core.model.functions import Array
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.names import row_name
from xortui.core.model.network import Result
from xortui.core.model.operation import Operation
from xortui.core.model.recipe_words import in_words
from xortui.core.model.tables import ACTIVATIONS
from xortui.core.training.snapshot import Snapshot
from xortui.reports.train import json_numbers

WIDTH = 100
# Of larger arrays only the first rows and columns are printed; JSON has all.
MAX_ROWS, MAX_COLUMNS = 8, 6
# Which numbers of a result are written out; in text at most so many of each.
FIRST, GREATEST, ALL = "first", "greatest", "all"
MAX_CELLS = 16

_TITLES = {
    "forward": "Forward pass",
    "loss": "Loss",
    "backward": "Backward pass",
    "update": "Update",
}


def explain_text(
    snapshot: Snapshot, row: int | None = None, show_fault: bool = True, cells: str = FIRST
) -> str:
    """The step that starts at the snapshot, as plain text of at most 100 columns.

    `cells` says which numbers of each result are written out: the first, the greatest, or all (of
    many the first ones). `row` (from 0) adds this row of the truth table, followed through the
    step. With `show_fault` unset a mistake made on purpose is not pointed out: which line is wrong?
    Raises IndexError where there is no such row.
    """
    lines = [*wrapped_words(head(snapshot, show_fault)), ""]
    phase = ""
    for place, result in enumerate(snapshot.results, start=1):
        operation = result.operation
        if operation.phase != phase:
            phase = operation.phase
            lines += [_TITLES[phase], "-" * len(_TITLES[phase]), ""]
        lines += wrapped_words([f"{place}. {operation.formula}"])
        lines += wrapped_words(_words(result, show_fault), "   ")
        lines += [f"     {line}" for line in _table(result.value)]
        lines += [*wrapped_words(_written_out(result, cells), "   "), ""]
    if row is not None:
        title = _row_title(snapshot, row)
        lines += [title, "-" * len(title), ""]
        for step in follow_row(snapshot.results, row):
            lines += wrapped_words([_row_heading(step)])
            lines += [*wrapped_words(_row_lines(step), "   "), ""]
    return "\n".join(lines)


def explain_markdown(
    snapshot: Snapshot, row: int | None = None, show_fault: bool = True, cells: str = FIRST
) -> str:
    """The same as Markdown. Raises IndexError where there is no such row."""
    first, *rest = head(snapshot, show_fault)
    blocks = [f"# {first}", *rest]
    phase = ""
    for place, result in enumerate(snapshot.results, start=1):
        operation = result.operation
        if operation.phase != phase:
            phase = operation.phase
            blocks.append(f"## {_TITLES[phase]}")
        code, why, *fault = _words(result, show_fault)
        blocks += [
            f"### {place}. `{operation.formula}`",
            why,
            *(f"**{text}**" for text in fault),
            fenced([code, "", *_table(result.value)]),
            fenced(wrapped_words(_written_out(result, cells))),
        ]
    if row is not None:
        blocks.append(f"## {_row_title(snapshot, row)}")
        for step in follow_row(snapshot.results, row):
            blocks += [f"### `{_row_heading(step)}`", fenced(wrapped_words(_row_lines(step)))]
    return "\n\n".join(blocks) + "\n"


def explain_json(snapshot: Snapshot, row: int | None = None, cells: str = FIRST) -> str:
    """The same as one JSON object. Raises IndexError where there is no such row."""
    return json.dumps(explain_data(snapshot, row, cells), allow_nan=False) + "\n"


def explain_data(snapshot: Snapshot, row: int | None = None, cells: str = FIRST) -> dict[str, Any]:
    """The step as plain data for JSON: all numbers to the bit, None where one is not finite.

    With `definitions` executed as Python and `names` as arrays, the expressions of the operations
    can be evaluated one after the other, each under its target. Raises IndexError where there is no
    such row.
    """
    parameters = {name: snapshot.values[name] for name in snapshot.network.shapes}
    data: dict[str, Any] = {
        "recipe": snapshot.recipe.to_json(),
        "step": snapshot.step,
        "loss": plain(np.asarray(snapshot.loss)),
        "bits": plain(snapshot.values["X"]),
        "labels": plain(snapshot.values["Y"]),
        "parameters": {name: plain(array) for name, array in parameters.items()},
        "names": {name: plain(array) for name, array in _given(snapshot).items()},
        "definitions": _definitions(snapshot),
        "operations": [
            {
                **_operation_data(result.operation),
                "shapes": shapes_line(result),
                "operands": list(result.operands),
                "value": plain(result.value),
                "cells": [
                    _cell_data(explain_cell(result, index))
                    for index in _chosen(result.value, cells)
                ],
            }
            for result in snapshot.results
        ],
    }
    if row is not None:
        steps = follow_row(snapshot.results, row)
        data["row"] = {
            "row": row,
            "bits": list(snapshot.recipe.table.bits[row]),
            "operations": [
                {
                    "target": step.result.operation.target,
                    "is_share": step.is_share,
                    "value": plain(step.value),
                    "cells": [
                        _cell_data(step.explain(index)) for index in _chosen(step.value, cells)
                    ],
                }
                for step in steps
            ],
        }
    return data


def _given(snapshot: Snapshot) -> dict[str, Array]:
    """What the step reads before it makes it: inputs, labels, parameters, masks, learning rate."""
    given: dict[str, Array] = {}
    made: set[str] = set()
    for result in snapshot.results:
        given |= {name: array for name, array in result.operands.items() if name not in made}
        made.add(result.operation.target)
    return given


def _definitions(snapshot: Snapshot) -> str:
    """Python that defines every function that the step calls."""
    called = {name for result in snapshot.results for name in result.operation.code.co_names}
    functions = [["", "", *definition(name, NUMPY)] for name in ACTIVATIONS if name in called]
    return "\n".join(["import numpy as np", *chain.from_iterable(functions), ""])


def _operation_data(operation: Operation) -> dict[str, Any]:
    return {
        "phase": operation.phase,
        "target": operation.target,
        "expression": operation.expression,
        "formula": operation.formula,
        "why": operation.why,
        "fault": operation.fault or None,
    }


def _cell_data(explanation: Explanation) -> dict[str, Any]:
    return {
        "index": list(explanation.index),
        "text": explanation.text,
        "terms": [
            {"text": term.text, "value": plain(np.asarray(term.value)), "more": term.more}
            for term in explanation.terms
        ],
        "result": plain(np.asarray(explanation.result)),
    }


def plain(array: Array) -> Any:
    """An array for JSON: nested lists, or one number; None where one is not finite."""
    return json_numbers(array) if array.ndim else json_numbers(array.reshape(1))[0]


def head(snapshot: Snapshot, show_fault: bool) -> list[str]:
    """The run and the step, and what is broken on purpose."""
    recipe = snapshot.recipe
    lines = [
        f"{in_words(replace(recipe, mistake=None))}, step {snapshot.step}",
        f"Mean loss {snapshot.loss!r}. One training step, every number of it from step "
        f"{snapshot.step}.",
    ]
    if recipe.mistake is None:
        return lines
    mistake = MISTAKES[recipe.mistake]
    if not show_fault:
        return [*lines, "Broken on purpose. Which line is wrong?"]
    words = f"Broken on purpose: {mistake.title}. {mistake.description}"
    return [*lines, f"{words} {mistake.no_gradient_error}".strip()]


def _words(result: Result, show_fault: bool) -> list[str]:
    operation = result.operation
    lines = [
        f"{operation.target} = {operation.expression}    {shapes_line(result)}",
        operation.why,
    ]
    return [*lines, f"Wrong: {operation.fault}"] if operation.fault and show_fault else lines


def _row_title(snapshot: Snapshot, row: int) -> str:
    labels = snapshot.recipe.table.labels
    if not 0 <= row < len(labels):
        raise IndexError(f"there is no row {row}")
    return f"{row_name(snapshot.recipe, row).capitalize()}: label {labels[row]}"


def _row_heading(step: RowStep) -> str:
    noun = step.result.recipe.table.row_noun
    what = f"what this {noun} adds to it" if step.is_share else f"this {noun} of it"
    return f"{step.result.operation.formula}    ({what})"


def _row_lines(step: RowStep) -> list[str]:
    places = list(np.ndindex(*step.value.shape))
    lines = [step.explain(place).text for place in places[:MAX_ROWS]]
    more = len(places) - MAX_ROWS
    return [*lines, f"... and {more} more of its numbers"] if more > 0 else lines


def _written_out(result: Result, cells: str) -> list[str]:
    """The chosen numbers of a result, each as a calculation; of many the first ones."""
    chosen = _chosen(result.value, cells)
    lines = [explain_cell(result, index).text for index in chosen[:MAX_CELLS]]
    more = len(chosen) - MAX_CELLS
    return [*lines, f"... and {more} more of its numbers"] if more > 0 else lines


def _chosen(value: Array, cells: str) -> list[tuple[int, ...]]:
    """The indices of the first number, of the one of the greatest size, or of all."""
    if cells == GREATEST:
        place = np.unravel_index(int(np.argmax(np.abs(value))), value.shape)
        return [tuple(int(at) for at in place)]
    every = list(np.ndindex(*value.shape))
    return every if cells == ALL else every[:1]


def _table(value: Array) -> Iterator[str]:
    """The numbers in aligned columns, one line a row."""
    rows = value.reshape(1, -1) if value.ndim < 2 else value
    shown = [
        [format_number(float(x), signed=True) for x in row[:MAX_COLUMNS]] for row in rows[:MAX_ROWS]
    ]
    width = max(len(text) for row in shown for text in row)
    more = rows.shape[1] - MAX_COLUMNS
    for row in shown:
        rest = f"  ... {more} more" if more > 0 else ""
        yield "  ".join(f"{text:>{width}}" for text in row) + rest
    if len(rows) > MAX_ROWS:
        yield f"... {len(rows) - MAX_ROWS} more rows"


def wrapped_words(paragraphs: Sequence[str], indent: str = "") -> list[str]:
    """Lines of at most 100 columns; what goes on in a further line is indented."""
    return [
        line
        for paragraph in paragraphs
        for line in textwrap.wrap(
            paragraph,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=f"{indent}    ",
            break_on_hyphens=False,
        )
    ]


def fenced(lines: Sequence[str]) -> str:
    """Lines as a block of Markdown, to be printed as they are."""
    return "\n".join(["```text", *lines, "```"])
