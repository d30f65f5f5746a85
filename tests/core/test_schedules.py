"""Schedules of the learning rate: η(k), an operation of every step, counted from the start."""

import importlib.util
import json
import math
import re
from typing import Any

import numpy as np
import pytest

from tests.core.export.test_script import executed, parameters, same_bits
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.analysis.norms import norms_of_run
from xortui.core.explain.cell import explain_cell
from xortui.core.export.notebook import export_notebook
from xortui.core.export.script import export_numpy, export_torch
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import RecipeError
from xortui.core.training.changes import parse_changes
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.exact_kernel import exact_kernel
from xortui.core.training.kernel import Kernel, PlainLoop
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer

HAS_TORCH = importlib.util.find_spec("torch") is not None
SCHEDULES = ["step:20", "cosine:50", "warmup:30"]


def plain_rate(schedule: str, rate: float, k: int) -> float:
    """The rate at step k, by hand."""
    name, n = schedule.split(":")[0], int(schedule.split(":")[1])
    if name == "step":
        return rate * 0.1 ** (k // n)
    if name == "warmup":
        return rate * (k + 1) / n if k < n else rate
    return rate / 2 * (1 + math.cos(math.pi * k / n)) if k < n else 0.0


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_rate_of_every_step_is_that_of_the_formula(schedule: str) -> None:
    trainer = Trainer(Recipe(schedule=schedule))
    for step in (0, 1, 19, 20, 29, 30, 49, 50, 51, 90):
        trainer.seek(step)
        snapshot = trainer.snapshot()
        (rate,) = (item for item in snapshot.results if item.operation.target == "rate")
        expected = plain_rate(schedule, 0.1, step)
        assert float(rate.value) == pytest.approx(expected, rel=1e-14, abs=1e-17)
        np.testing.assert_allclose(snapshot.change("W1"), -expected * snapshot.values["dW1"], 1e-8)
        assert explain_cell(rate).result == rate.value


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimiser", ["sgd", "nesterov", "adamw"])
def test_every_loop_does_what_the_operations_say(schedule: str, optimiser: str) -> None:
    recipe = Recipe(schedule=schedule, optimiser=optimiser, bias=True)
    start = Network(recipe).initial_parameters()
    for first in (0, 13, 10**6):
        plain = PlainLoop(recipe).run(first, start, 60).parameters
        assert same_bits(Kernel(recipe).run(first, start, 60).parameters, plain)
        stack = exact_kernel(recipe, 2).run(first, np.array([start, start]), 20).parameters
        assert same_bits(stack[:, 1].copy(), plain[:21].copy())


def test_the_operations_show_the_rate_of_the_step() -> None:
    trainer = Trainer(Recipe(schedule="cosine:100"))
    trainer.seek(50)
    operations = {item.operation.target: item for item in trainer.snapshot().results}
    assert operations["rate"].operation.formula == "η(k) = η·(1 + cos(π·min(k/100, 1)))/2"
    assert operations["W1"].operation.formula == "W₁ ← W₁ − η(k)·∂L/∂W₁"
    assert explain_cell(operations["rate"]).result_text == "+0.05000"
    updates = norms_of_run(trainer.snapshot()).updates[-1]
    assert updates[0] == pytest.approx(np.linalg.norm(trainer.snapshot().change("W1")))


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("edit", [None, Edit("learning_rate", value=0.3)])
def test_exported_programs_train_the_same_run(schedule: str, edit: Edit | None) -> None:
    recipe = Recipe(schedule=schedule, batch=3)
    edits: tuple[tuple[int, Edit], ...] = ()
    trainer = Trainer(recipe)
    if edit is not None:
        trainer.seek(10)
        trainer.edit(edit)
        edits = ((10, edit),)
    trainer.seek(60)
    notebook = json.loads(export_notebook(recipe, edits, steps=60))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for program in (export_numpy(recipe, edits, steps=60), "\n".join(code)):
        found = parameters(Network(recipe), executed(program))
        assert same_bits(found, trainer.snapshot().parameters)
    if HAS_TORCH:
        names: dict[str, Any] = executed(export_torch(recipe, edits, steps=60))
        for array, value in Network(recipe).views(trainer.snapshot().parameters).items():
            np.testing.assert_allclose(names[array].detach().numpy(), value, rtol=1e-6, atol=1e-9)


def test_a_schedule_in_mid_run_counts_from_the_start_of_the_run() -> None:
    trainer = Trainer(Recipe())
    trainer.step(30)
    trainer.edit(Edit("schedule", "cosine:60"))
    (rate,) = (item for item in trainer.snapshot().results if item.operation.target == "rate")
    assert float(rate.value) == pytest.approx(0.05)
    trainer.step(40)
    run = RunFile.from_text(RunFile.of(trainer).to_text())
    again = run.trainer()
    again.seek(run.position)
    assert run.matches(again)
    with pytest.raises(EditError, match="a change of them cannot be exported"):
        export_numpy(Recipe(), ((3, Edit("schedule", "cosine")),), 5)


def test_a_schedule_that_has_ended_is_said() -> None:
    trainer = Trainer(Recipe(schedule="cosine:20"))
    trainer.seek(30)
    (found, *_) = diagnose(trainer.snapshot())
    assert found.seen == "The learning rate is 0: the schedule cosine:20 has ended"


def test_a_schedule_without_steps_has_those_of_its_kind() -> None:
    assert Recipe(schedule="cosine") == Recipe(schedule="cosine:10000")
    assert Recipe(schedule="constant") == Recipe()
    assert Recipe(schedule="warmup").to_arguments() == ["--schedule", "warmup:100"]


@pytest.mark.parametrize("text", ["sine", "cosine:0", "cosine:x", "constant:5", ":5", ""])
def test_a_bad_schedule_gets_one_clear_sentence(text: str) -> None:
    with pytest.raises(RecipeError, match=r"^schedule cannot be .*; allowed: constant, step:5000"):
        Recipe.parse({"schedule": text})


# -- what is typed in the middle of a run --------------------------------------------------------


def test_what_is_typed_becomes_edits_in_an_order_that_works() -> None:
    edits = parse_changes(Recipe(), "shuffle=true batch=2 beta2=0.9 adam weight-decay=0.01")
    assert [edit.kind for edit in edits] == [
        *("optimiser", "beta2", "weight_decay", "batch", "shuffle")
    ]
    assert parse_changes(Recipe(), "sgd batch=full schedule=constant") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("quick", 'optimiser cannot be "quick"; allowed: sgd, momentum'),
        ("speed=3", 'there is nothing called "speed"; type an optimiser, or momentum=...'),
        ("beta2=0.5", "beta2 cannot be 0.5: sgd does not use it"),
        ("adam beta2=2", "beta2 cannot be 2.0; allowed: a number from 0"),
        ("batch=0", "batch cannot be 0; allowed: full"),
        ("schedule=sine", 'schedule cannot be "sine"; allowed: constant'),
    ],
)
def test_what_cannot_be_gets_one_clear_sentence(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        parse_changes(Recipe(), text)
