"""One more activation or loss is one more entry in a table, and then it works everywhere."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.core.export.test_script import executed, parameters, same_bits
from tests.core.toys import RECIPES, add_toys
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.analysis.gradcheck import check_parameters, passed
from xortui.core.analysis.hidden_units import unit_sentences
from xortui.core.analysis.norms import norms_of_run
from xortui.core.explain.cell import explain_cell, follow_row
from xortui.core.export.notebook import export_notebook
from xortui.core.export.script import export_numpy, export_torch
from xortui.core.model.batch import gradients_of, losses_of
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.names import unit_names
from xortui.core.model.network import Network
from xortui.core.model.operation import UPDATE
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import LOSSES
from xortui.core.sweep.block import NEVER, Block
from xortui.core.training.exact_kernel import exact_kernel
from xortui.core.training.kernel import Kernel, PlainLoop, training_loop
from xortui.core.training.trainer import Trainer

STEPS = 60


@pytest.fixture(autouse=True)
def one_more_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    add_toys(monkeypatch)


@pytest.fixture(params=RECIPES)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return Recipe(**RECIPES[request.param])


def test_the_fast_loop_does_what_the_operations_say(recipe: Recipe) -> None:
    start = Network(recipe).initial_parameters()
    fast, plain = Kernel(recipe).run(0, start, STEPS), PlainLoop(recipe).run(0, start, STEPS)
    assert same_bits(fast.parameters, plain.parameters)
    assert same_bits(fast.outputs, plain.outputs)
    assert same_bits(fast.losses, plain.losses)
    assert fast.losses[-1] < fast.losses[0]


def test_a_stack_does_what_one_network_does(recipe: Recipe) -> None:
    starts = Network(recipe).draw(range(5)).T.copy()
    stack, loop = exact_kernel(recipe, 5), training_loop(recipe)
    steps = min(STEPS, stack.most_steps)
    together = stack.run(0, starts, steps).parameters.copy()
    for index, start in enumerate(starts):
        assert same_bits(together[:, index].copy(), loop.run(0, start, steps).parameters)


def test_networks_swept_together_end_as_each_does_alone(recipe: Recipe) -> None:
    block = Block(recipe, np.arange(8))
    while not block.finished:
        block.advance(300, 0.1)
    assert not block.is_exact.all()  # the batched kernel had a part in it
    for seed in range(8):
        trainer = Trainer(replace(recipe, seed=seed))
        trainer.step(300)
        solved_at = NEVER if trainer.solved_at is None else trainer.solved_at
        assert block.solved_at[seed] == solved_at
        assert block.losses[seed] == pytest.approx(trainer.snapshot().loss, rel=1e-9)


def test_many_are_evaluated_as_one_is(recipe: Recipe) -> None:
    network = Network(recipe)
    vectors = np.random.default_rng(0).normal(size=(4, network.size))
    losses, gradients = losses_of(network, vectors), gradients_of(network, vectors)
    for vector, loss, gradient in zip(vectors, losses, gradients, strict=True):
        values = network.evaluate(vector).values
        assert loss == pytest.approx(float(values["loss"]), rel=1e-12)
        np.testing.assert_allclose(gradient, network.layout.joined(values, "d"), rtol=1e-10)


def test_the_gradient_check_finds_every_gradient_right(recipe: Recipe) -> None:
    network = Network(recipe)
    vector = np.random.default_rng(1).normal(size=network.size)
    assert passed(check_parameters(network, vector))


@pytest.mark.parametrize("mistake", ["no-derivative", "double-activation", "mean-for-sum"])
def test_the_gradient_check_finds_a_mistake(recipe: Recipe, mistake: str) -> None:
    if MISTAKES[mistake].obstacle(recipe.setting):
        pytest.skip("this network cannot have it")
    network = Network(replace(recipe, mistake=mistake))
    vector = np.random.default_rng(1).normal(size=network.size)
    assert not passed(check_parameters(network, vector))


def test_every_number_of_a_step_can_be_explained(recipe: Recipe) -> None:
    network = Network(recipe)
    vector = np.random.default_rng(2).normal(size=network.size)
    results = network.evaluate(vector).results
    for result in results:
        for index in np.ndindex(*result.value.shape):
            explanation = explain_cell(result, index)
            assert explanation.result == result.value[index]
            assert explanation.text
    assert follow_row(results, 1)


def test_exported_programs_train_the_same_run(recipe: Recipe) -> None:
    trainer = Trainer(recipe)
    trainer.seek(STEPS)
    expected = trainer.snapshot().parameters
    notebook = json.loads(export_notebook(recipe, steps=STEPS))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for program in (export_numpy(recipe, steps=STEPS), "\n".join(code)):
        assert same_bits(parameters(Network(recipe), executed(program)), expected)


def test_an_exported_torch_program_calls_nothing_of_numpy_in_a_step(recipe: Recipe) -> None:
    program = export_torch(recipe, steps=STEPS)
    compile(program, "<exported>", "exec")
    network = Network(recipe)
    called = [item for item in network.operations if "np." in item.expression]
    for operation in called:
        if operation.phase != UPDATE:
            assert operation.expression not in program


def test_views_have_words_for_it(recipe: Recipe) -> None:
    trainer = Trainer(recipe)
    trainer.seek(STEPS)
    snapshot = trainer.snapshot()
    diagnose(snapshot)
    sentences = unit_sentences(
        recipe.activation, snapshot.values["X"], snapshot.values["a1"], unit_names(1, recipe.sizes)
    )
    assert len(sentences) == recipe.hidden[0]
    assert np.isfinite(norms_of_run(snapshot).gradients).all()
    assert snapshot.chance_loss == pytest.approx(LOSSES[recipe.loss].of_one_answer(0.5))
