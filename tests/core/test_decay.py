"""Decay: weights drawn towards 0, by a term of the loss (L2, L1) or in the update (AdamW)."""

import importlib.util
import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.core.export.test_script import executed, parameters, same_bits
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.analysis.gradcheck import AT_KINK, RIGHT, check_parameters
from xortui.core.explain.cell import explain_cell, follow_row
from xortui.core.explain.places import parse_place
from xortui.core.explain.why import why
from xortui.core.export.notebook import export_notebook
from xortui.core.export.script import export_numpy, export_torch
from xortui.core.model.functions import Array
from xortui.core.model.network import Network
from xortui.core.model.optimisers import DECAY
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import RecipeError
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.kernel import Kernel
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer

HAS_TORCH = importlib.util.find_spec("torch") is not None
BOTH = Recipe(weight_decay=0.02, l1=0.003, bias=True, hidden=(3,), activation="tanh")


def plain_step(recipe: Recipe, w1: Array, b1: Array, w2: Array, b2: Array) -> list[Array]:
    """One step of gradient descent on Σ½(ŷ − y)² + ½λΣw² + λ₁Σ|w|, written by hand."""
    x = np.array(recipe.table.bits, dtype=float)
    y = np.array(recipe.table.labels, dtype=float)[:, None]
    hidden = np.tanh(x @ w1 + b1)
    back = hidden @ w2 + b2 - y
    below = back @ w2.T * (1 - hidden**2)
    gradients = [x.T @ below, below.sum(axis=0), hidden.T @ back, back.sum(axis=0)]
    return [
        w - recipe.learning_rate * (g + recipe.decay * w + recipe.l1 * np.sign(w))
        for w, g in zip((w1, b1, w2, b2), gradients, strict=True)
    ]


def test_a_run_is_that_of_the_plain_implementation() -> None:
    network = Network(BOTH)
    run = Kernel(BOTH).run(0, network.initial_parameters(), 200).parameters
    for before, after in pairwise(run):
        expected = plain_step(BOTH, *network.views(before).values())
        found = network.views(after).values()
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


def test_the_loss_that_is_descended_has_the_penalties_and_the_one_shown_has_not() -> None:
    network = Network(BOTH)
    vector = network.initial_parameters()
    values = network.evaluate(vector).values
    error = float(values["losses"].sum())
    assert values["L"] == pytest.approx(
        error + 0.01 * (vector**2).sum() + 0.003 * np.abs(vector).sum()
    )
    assert values["loss"] == error / 4
    formulas = {item.target: item.formula for item in network.operations}
    assert formulas["R2"] == "R₂ = ½·λ·(Σ W₁² + Σ b₁² + Σ W₂² + Σ b₂²)"
    assert formulas["L"] == "L = E + R₂ + R₁"
    assert formulas["dW1"] == "∂L/∂W₁ = ∂E/∂W₁ + λ·W₁ + λ₁·sign(W₁)"


def test_a_decoupled_decay_is_no_part_of_the_loss() -> None:
    network = Network(Recipe(optimiser="adamw", weight_decay=0.1))
    assert not network.recipe.penalties
    assert "R2" not in network.evaluate(network.initial_parameters()).values
    assert "η·λ·W₂" in network.operations[-1].formula


def test_adamw_decays_by_default_and_the_others_do_not() -> None:
    assert Recipe(optimiser="adamw").decay == DECAY
    assert Recipe(optimiser="adamw", weight_decay=DECAY) == Recipe(optimiser="adamw")
    assert Recipe(weight_decay=0.0) == Recipe()
    assert Recipe().with_optimiser("adamw").decay == DECAY
    assert Recipe(weight_decay=0.3).with_optimiser("adamw").decay == 0.3


def test_every_gradient_is_found_right_and_at_the_kink_of_l1_there_is_no_verdict() -> None:
    network = Network(BOTH)
    trainer = Trainer(BOTH)
    trainer.seek(30)
    checks = list(check_parameters(network, trainer.snapshot().parameters))
    assert {check.verdict for check in checks} == {RIGHT}
    at_start = {item.name: item for item in check_parameters(network, network.initial_parameters())}
    assert at_start["b1[0]"].verdict == AT_KINK  # biases start at 0
    assert at_start["W1[0,0]"].verdict == RIGHT


def test_every_number_is_written_out_and_a_row_has_its_share_of_the_error() -> None:
    trainer = Trainer(BOTH)
    trainer.seek(5)
    snapshot = trainer.snapshot()
    for result in snapshot.results:
        for index in np.ndindex(*result.value.shape):
            assert explain_cell(result, index).result == result.value[index]
    shares = [
        step.value
        for row in range(4)
        for step in follow_row(snapshot.results, row)
        if step.result.operation.target == "eW1"
    ]
    np.testing.assert_allclose(sum(shares), snapshot.values["eW1"], rtol=1e-12)
    given = why(parse_place(snapshot, "λ"), trainer.snapshot_at)
    assert given.words == "λ, the weight decay, a choice of the recipe."


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam", "adamw"])
def test_exported_programs_train_the_same_run(optimiser: str) -> None:
    recipe = Recipe(optimiser=optimiser, weight_decay=0.02, l1=0.003, frozen=("W1[1,0]",))
    trainer = Trainer(recipe)
    trainer.seek(60)
    notebook = json.loads(export_notebook(recipe, steps=60))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for program in (export_numpy(recipe, steps=60), "\n".join(code)):
        found = parameters(Network(recipe), executed(program))
        assert same_bits(found, trainer.snapshot().parameters)


TORCH_RUNS: list[tuple[dict[str, Any], tuple[tuple[int, Edit], ...]]] = [
    ({"optimiser": name, "frozen": frozen}, ())
    for name in ("sgd", "nesterov", "rmsprop", "adam", "adamw")
    for frozen in ((), ("W1[0,1]",))
] + [
    ({"mistake": "wrong-sign"}, ()),
    ({"mistake": "mean-for-sum"}, ()),
    (
        {"optimiser": "adam"},
        ((20, Edit("weight_decay", value=0.5)), (30, Edit("beta2", value=0.9))),
    ),
    ({"optimiser": "momentum"}, ((20, Edit("l1", value=0.1)), (30, Edit("momentum", value=0.5)))),
]


@pytest.mark.skipif(not HAS_TORCH, reason="PyTorch is not installed")
@pytest.mark.parametrize(("fields", "edits"), TORCH_RUNS)
def test_a_torch_script_trains_the_same_run(
    fields: dict[str, Any], edits: tuple[tuple[int, Edit], ...]
) -> None:
    recipe = Recipe(learning_rate=0.05, weight_decay=0.02, l1=0.003, **fields)
    trainer = Trainer(recipe)
    for step, edit in edits:
        trainer.seek(step)
        trainer.edit(edit)
    trainer.seek(60)
    names: dict[str, Any] = executed(export_torch(recipe, edits, steps=60))
    for array, value in Network(recipe).views(trainer.snapshot().parameters).items():
        np.testing.assert_allclose(names[array].detach().numpy(), value, rtol=1e-6, atol=1e-9)


def test_a_torch_script_leaves_weight_decay_to_the_optimiser_of_torch() -> None:
    program = export_torch(Recipe(weight_decay=0.02, l1=0.003), steps=5)
    assert "torch.optim.SGD([W1, W2], lr=0.1, weight_decay=0.02)" in program
    assert "L = E + R2.detach() + R1" in program


def test_decay_in_mid_run_is_an_edit_that_leaves_what_is_kept() -> None:
    trainer = Trainer(Recipe(optimiser="adam"))
    trainer.step(40)
    kept = trainer.snapshot().kept
    trainer.edit(Edit("weight_decay", value=0.1))
    trainer.edit(Edit("beta2", value=0.9))
    changed = trainer.snapshot()
    assert changed.recipe == Recipe(optimiser="adam", weight_decay=0.1, beta2=0.9)
    assert same_bits(changed.kept, kept)
    trainer.step(30)
    run = RunFile.from_text(RunFile.of(trainer).to_text())
    again = run.trainer()
    again.seek(run.position)
    assert run.matches(again)


def test_a_penalty_that_begins_in_mid_run_cannot_be_exported() -> None:
    with pytest.raises(EditError, match="what adds one in the middle of a run"):
        export_numpy(Recipe(), ((3, Edit("l1", value=0.1)),), 5)


@pytest.mark.parametrize("field", ["weight_decay", "l1"])
@pytest.mark.parametrize("text", ["-1", "nan", "x", "1e9"])
def test_a_bad_value_gets_one_clear_sentence(field: str, text: str) -> None:
    with pytest.raises(
        RecipeError, match=rf"^{field} cannot be .*; allowed: a number from 0 to 1,000"
    ):
        Recipe.parse({field: text})


def test_a_recipe_reads_back_from_json_and_without_decay_it_is_as_it_ever_was() -> None:
    assert Recipe.from_json(json.loads(json.dumps(BOTH.to_json()))) == BOTH
    assert {"weight_decay", "l1"}.isdisjoint(Recipe().to_json())
    assert BOTH.to_arguments()[-4:] == ["--weight-decay", "0.02", "--l1", "0.003"]


def test_where_decay_pulls_as_hard_as_the_loss_it_is_said_to_hold_the_run_back() -> None:
    trainer = Trainer(Recipe(weight_decay=0.1))
    trainer.seek(8_000)
    kinds = {item.kind: item.seen for item in diagnose(trainer.snapshot())}
    assert "held back" in kinds
    assert kinds["held back"].startswith("Held back: loss 0.1")
