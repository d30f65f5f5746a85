"""Batches: each step learns from some of the rows; an epoch goes through all of them."""

import importlib.util
import json
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.export.test_script import executed, parameters, same_bits
from tests.sample import examples
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.analysis.gradcheck import RIGHT, check_parameters
from xortui.core.analysis.norms import norms_of_run
from xortui.core.explain.cell import explain_cell
from xortui.core.explain.places import parse_place
from xortui.core.explain.why import why
from xortui.core.export.notebook import export_notebook
from xortui.core.export.script import export_numpy, export_torch
from xortui.core.model.batches import batches_in_epoch, masks
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import RecipeError
from xortui.core.sweep.block import NEVER, Block
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.kernel import Kernel
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer

HAS_TORCH = importlib.util.find_spec("torch") is not None
RECIPES = [
    Recipe(batch=1),
    Recipe(batch=3, bias=True, hidden=(3,), activation="tanh"),
    Recipe(batch=2, shuffle=True, optimiser="adam", seed=3),
    Recipe(batch=3, shuffle=True, problem="parity3", weight_decay=0.01, loss="cross-entropy"),
]


def rows_of_step(recipe: Recipe, step: int) -> list[int]:
    """The rows in the batch of a step."""
    return np.flatnonzero(masks(recipe, [step])).tolist()


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_run_is_that_of_a_plain_implementation_that_takes_the_rows_out(recipe: Recipe) -> None:
    """Gradients of a table that has the batch's rows only, by hand."""
    network = Network(recipe)
    run = Kernel(recipe).run(0, network.initial_parameters(), 60)
    kept = run.kept.copy()
    x, y = network.bits, network.labels
    for step, (before, after) in enumerate(pairwise(run.parameters)):
        rows = rows_of_step(recipe, step)
        w = network.views(before)
        z = x[rows] @ w["W1"] + w.get("b1", 0)
        a = np.tanh(z) if recipe.activation == "tanh" else 1 / (1 + np.exp(-z))
        out = a @ w["W2"] + w.get("b2", 0)
        if recipe.output == "sigmoid":
            out = 1 / (1 + np.exp(-out))
        back = out - y[rows]
        below = back @ w["W2"].T * (1 - a**2 if recipe.activation == "tanh" else a * (1 - a))
        gradients = {"dW1": x[rows].T @ below, "dW2": a.T @ back}
        gradients |= {"db1": below.sum(axis=0), "db2": back.sum(axis=0)} if recipe.bias else {}
        gradient = network.layout.joined(gradients, "d") + recipe.decay * before
        if recipe.optimiser == "sgd":
            expected = before - recipe.learning_rate * gradient
        else:
            m = 0.9 * kept[step, :6] + 0.1 * gradient
            v = 0.999 * kept[step, 6:12] + 0.001 * gradient**2
            t = step + 1
            change = m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
            expected = before - recipe.learning_rate * change
        np.testing.assert_allclose(after, expected, rtol=1e-10, atol=1e-13)


@examples(50)
@given(st.integers(1, 8), st.booleans(), st.integers(0, 2**32 - 1), st.integers(0, 10**15))
def test_an_epoch_has_every_row_once(batch: int, shuffle: bool, seed: int, epoch: int) -> None:
    recipe = Recipe(problem="parity3", batch=batch, shuffle=shuffle and batch < 8, seed=seed)
    steps = batches_in_epoch(recipe)
    rows = [rows_of_step(recipe, epoch * steps + place) for place in range(steps)]
    assert all(len(part) == batch for part in rows[:-1])
    found = [row for part in rows for row in part]
    assert sorted(found) == list(range(8))
    if not recipe.shuffle:
        assert found == list(range(8))


def test_orders_are_drawn_for_each_epoch_and_leave_the_start_weights_alone() -> None:
    recipe = Recipe(problem="parity3", batch=4, shuffle=True)
    epochs = {tuple(rows_of_step(recipe, 2 * epoch)) for epoch in range(20)}
    assert len(epochs) > 15
    start = Network(Recipe(problem="parity3")).initial_parameters()
    assert same_bits(Network(recipe).initial_parameters(), start)
    assert rows_of_step(replace(recipe, seed=1), 0) != rows_of_step(recipe, 0)


def test_the_loss_that_is_descended_is_of_the_batch_and_the_one_shown_of_all_rows() -> None:
    network = Network(Recipe(batch=1))
    vector = network.initial_parameters()
    values = network.evaluate(vector, step=2).values
    losses = values["losses"][:, 0]
    assert values["L"] == losses[2]
    assert values["loss"] == network.evaluate(vector, step=0).values["loss"] == losses.sum() / 4
    assert values["dyhat"][:, 0].nonzero()[0].tolist() == [2]


def test_a_full_batch_is_a_recipe_without_batches() -> None:
    assert Recipe(batch=4) == Recipe()
    assert Recipe.parse({"batch": "full"}) == Recipe()


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES[1:])
def test_any_step_is_replayed_to_the_bit(recipe: Recipe) -> None:
    trainer = Trainer(recipe)
    trainer.step(5_000)  # more than there are checkpoints
    for step in (4_999, 17, 3_003):
        trainer.seek(step)
        fresh = Trainer(recipe)
        fresh.step(step)
        for part in ("parameters", "kept", "in_batch"):
            assert np.array_equal(
                getattr(trainer.snapshot(), part), getattr(fresh.snapshot(), part)
            )


def test_batches_in_mid_run_are_an_edit_that_leaves_what_is_kept() -> None:
    trainer = Trainer(Recipe(optimiser="momentum", batch=2))
    trainer.step(41)
    kept = trainer.snapshot().kept
    trainer.edit(Edit("batch", 3))
    trainer.edit(Edit("shuffle", True))
    here = trainer.snapshot()
    assert here.recipe == Recipe(optimiser="momentum", batch=3, shuffle=True)
    assert same_bits(here.kept, kept)
    assert here.epoch == 20
    trainer.step(30)
    run = RunFile.from_text(RunFile.of(trainer).to_text())
    again = run.trainer()
    again.seek(run.position)
    assert run.matches(again)
    trainer.edit(Edit("batch"))
    assert trainer.current_recipe == Recipe(optimiser="momentum")
    with pytest.raises(EditError, match="XOR has 4 rows"):
        trainer.edit(Edit("batch", 5))


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_gradient_of_a_batch_is_found_right_and_every_number_written_out(
    recipe: Recipe,
) -> None:
    trainer = Trainer(recipe)
    trainer.seek(7)
    snapshot = trainer.snapshot()
    checks = list(check_parameters(snapshot.network, snapshot.parameters, snapshot.step))
    assert {check.verdict for check in checks} == {RIGHT}
    for result in snapshot.results:
        for index in np.ndindex(*result.value.shape):
            assert explain_cell(result, index).result == result.value[index]
    gradients = norms_of_run(snapshot).gradients[-1]
    assert np.linalg.norm(gradients) == pytest.approx(snapshot.gradient_norm)


def test_why_a_row_is_in_the_batch() -> None:
    trainer = Trainer(Recipe(batch=2))
    trainer.seek(7)
    found = why(parse_place(trainer.snapshot(), "batch[row 11]"), trainer.snapshot_at)
    assert found.value == 1
    assert found.words.endswith("batch 2 of 2 in epoch 4.")


@pytest.mark.parametrize("recipe", RECIPES)
def test_exported_programs_train_the_same_run(recipe: Recipe) -> None:
    trainer = Trainer(recipe)
    trainer.seek(50)
    notebook = json.loads(export_notebook(recipe, steps=50))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for program in (export_numpy(recipe, steps=50), "\n".join(code)):
        found = parameters(Network(recipe), executed(program))
        assert same_bits(found, trainer.snapshot().parameters)
    if HAS_TORCH:
        names: dict[str, Any] = executed(export_torch(recipe, steps=50))
        for array, value in Network(recipe).views(trainer.snapshot().parameters).items():
            np.testing.assert_allclose(names[array].detach().numpy(), value, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("recipe", RECIPES)
def test_swept_networks_end_as_each_does_alone(recipe: Recipe) -> None:
    block = Block(replace(recipe, seed=0), np.arange(4))
    while not block.finished:
        block.advance(200, 0.1)
    for seed in range(4):
        trainer = Trainer(replace(recipe, seed=seed))
        trainer.step(200)
        assert block.losses[seed] == trainer.snapshot().loss
        assert block.solved_at[seed] == (NEVER if trainer.solved_at is None else trainer.solved_at)


def test_a_loss_that_goes_up_and_down_from_batch_to_batch_is_explained_by_that() -> None:
    trainer = Trainer(Recipe(batch=1, learning_rate=0.5))
    trainer.seek(200)
    why = {item.kind: item.why for item in diagnose(trainer.snapshot())}
    assert why["oscillates"].startswith("A step lowers the loss of its own batch")


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"batch": "0"}, "batch cannot be 0; allowed: full, or a whole number of rows"),
        ({"batch": "x"}, 'batch cannot be "x"; allowed: full, or a whole number of rows'),
        ({"batch": "5"}, "batch cannot be 5: XOR has 4 rows"),
        ({"shuffle": "true"}, "shuffle cannot be used: a batch of all rows is the same in any"),
    ],
)
def test_a_bad_value_gets_one_clear_sentence(texts: dict[str, str], message: str) -> None:
    with pytest.raises(RecipeError, match=f"^{re.escape(message)}"):
        Recipe.parse(texts)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_reads_back_from_json_and_from_its_arguments(recipe: Recipe) -> None:
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe
    assert ("--shuffle" in recipe.to_arguments()) == recipe.shuffle
    assert {"batch", "shuffle", "schedule"}.isdisjoint(Recipe().to_json())
