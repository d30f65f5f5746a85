"""An exported notebook is valid, explains itself, and computes the bits of the run."""

import json
from typing import Any

import nbformat
import numpy as np
import pytest

from tests.core.export.test_script import (
    EDITED,
    EDITS,
    Edits,
    executed,
    parameters,
    same_bits,
    trained,
)
from xortui.core.export.notebook import export_notebook
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe

RUNS: dict[str, tuple[Recipe, Edits]] = {
    "reference": (Recipe(), ()),
    "edited": (EDITED, EDITS),
    "frozen": (Recipe(frozen=("W1[0,0]",)), ()),
    "deep": (Recipe(hidden=(3, 2), activation="relu", loss="cross-entropy", init="he"), ()),
    "large": (Recipe(problem="parity5", hidden=(4,), activation="tanh", init="xavier"), ()),
    "all-zero": (Recipe(init="zeros"), ()),
    **{
        mistake: (Recipe(hidden=(3, 2), bias=True, init="he", mistake=mistake), ())
        for mistake in MISTAKES
    },
}


def cells(text: str, kind: str) -> list[str]:
    """The sources of all cells of one kind, in order."""
    notebook: dict[str, Any] = json.loads(text)
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("name", RUNS)
def test_a_notebook_is_valid(name: str) -> None:
    notebook = json.loads(export_notebook(*RUNS[name]))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    nbformat.validate(notebook)


@pytest.mark.parametrize("name", RUNS)
def test_its_code_cells_run_in_order_give_the_bits_of_the_trainer(name: str) -> None:
    recipe, changes = RUNS[name]
    names = executed("\n".join(cells(export_notebook(recipe, changes, 150), "code")))
    expected = trained(recipe, changes, 150).snapshot()
    assert same_bits(parameters(Network(recipe), names), expected.parameters)
    assert same_bits(np.asarray(names["yhat"]), expected.values["yhat"])


def test_every_code_cell_has_words_before_it() -> None:
    notebook = json.loads(export_notebook(Recipe()))
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    assert kinds == ["markdown", "code"] * (len(kinds) // 2)


@pytest.mark.parametrize("name", RUNS)
def test_every_operation_is_explained(name: str) -> None:
    recipe, changes = RUNS[name]
    words = "\n".join(cells(export_notebook(recipe, changes), "markdown"))
    for operation in Network(recipe).operations:
        assert operation.why in words
        assert operation.fault in words


def test_the_truth_table_is_written_out() -> None:
    words = "\n".join(cells(export_notebook(Recipe()), "markdown"))
    for row in ("| 0 0 | 0 |", "| 0 1 | 1 |", "| 1 0 | 1 |", "| 1 1 | 0 |"):
        assert row in words


def test_the_cells_before_training_leave_step_0_as_it_is() -> None:
    """The forward and the backward pass are shown once before the loop, without an update."""
    code = cells(export_notebook(Recipe()), "code")
    start = next(number for number, cell in enumerate(code) if "RandomState" in cell)
    loop = next(number for number, cell in enumerate(code) if cell.startswith("for step"))
    network = Network(Recipe())
    for end in range(start + 1, loop + 1):
        names = executed("\n".join(code[:end]))
        assert same_bits(parameters(network, names), network.initial_parameters())
    assert {"yhat", "loss", "dW1", "dW2"} <= set(names)
