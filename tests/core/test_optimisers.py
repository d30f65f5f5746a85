"""Optimisers: as PyTorch defines them, in every way that a run is trained, and one entry each."""

import importlib.util
import json
import math
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.export.test_script import executed, parameters, same_bits
from tests.core.recipes import optimisers, recipes
from tests.sample import examples
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.analysis.norms import norms_of_run
from xortui.core.explain.cell import explain_cell
from xortui.core.explain.places import parse_place
from xortui.core.explain.why import why
from xortui.core.export.notebook import export_notebook
from xortui.core.export.program import Program
from xortui.core.export.script import export_numpy, export_torch
from xortui.core.model.network import Network
from xortui.core.model.optimisers import DECAY, OPTIMISERS, Optimiser, UpdateLine
from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import FLAGS, RecipeError
from xortui.core.sweep.block import NEVER, Block
from xortui.core.training.branch import Branch
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.exact_kernel import exact_kernel
from xortui.core.training.kernel import Kernel, PlainLoop
from xortui.core.training.run_file import RunFile, digest_of
from xortui.core.training.timeline import Timeline
from xortui.core.training.trainer import Trainer

KEEPING = [name for name in OPTIMISERS if name != "sgd"]
Numbers = list[float]


# -- a plain implementation, number by number --------------------------------------------------


class PlainOptimiser:
    """The algorithms of PyTorch's documentation for one parameter after the other, in floats."""

    def __init__(self, recipe: Recipe, size: int) -> None:
        self.recipe, self.steps = recipe, 0
        self.buffers, self.squares = [0.0] * size, [0.0] * size

    def step(self, weights: Numbers, gradients: Numbers) -> Numbers:
        self.steps += 1
        return [
            self._one(at, *pair) for at, pair in enumerate(zip(weights, gradients, strict=True))
        ]

    def _one(self, at: int, weight: float, gradient: float) -> float:
        recipe, rate = self.recipe, self.recipe.learning_rate
        beta1, beta2 = recipe.momentum, recipe.beta2
        match recipe.optimiser:
            case "sgd":
                return weight - rate * gradient
            case "momentum" | "nesterov":
                # The first buffer is the gradient itself.
                kept = self.buffers[at]
                self.buffers[at] = gradient if self.steps == 1 else beta1 * kept + gradient
                if recipe.optimiser == "nesterov":
                    return weight - rate * (gradient + beta1 * self.buffers[at])
                return weight - rate * self.buffers[at]
            case "rmsprop":
                self.squares[at] = beta2 * self.squares[at] + (1 - beta2) * gradient * gradient
                return weight - rate * gradient / (math.sqrt(self.squares[at]) + recipe.epsilon)
        if recipe.optimiser == "adamw":
            weight *= 1 - rate * DECAY
        self.buffers[at] += (1 - beta1) * (gradient - self.buffers[at])
        self.squares[at] = beta2 * self.squares[at] + (1 - beta2) * gradient * gradient
        mean = self.buffers[at] / (1 - beta1**self.steps)
        square = self.squares[at] / (1 - beta2**self.steps)
        return weight - rate * mean / (math.sqrt(square) + recipe.epsilon)


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("bias", [False, True])
def test_a_run_is_that_of_the_plain_implementation(name: str, bias: bool) -> None:
    recipe = Recipe(optimiser=name, bias=bias, hidden=(3,), activation="tanh", learning_rate=0.02)
    network, plain = Network(recipe), PlainOptimiser(recipe, Network(recipe).size)
    run = Kernel(recipe).run(0, network.initial_parameters(), 200).parameters
    for before, after in pairwise(run):
        gradient = network.layout.joined(network.evaluate(before).values, "d")
        expected = plain.step(before.tolist(), gradient.tolist())
        np.testing.assert_allclose(after, expected, rtol=1e-12, atol=1e-14)


HAS_TORCH = importlib.util.find_spec("torch") is not None


@pytest.mark.skipif(not HAS_TORCH, reason="PyTorch is not installed")
@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("frozen", [(), ("W1[0,1]",)])
def test_a_torch_script_trains_the_same_run(name: str, frozen: tuple[str, ...]) -> None:
    recipe = Recipe(optimiser=name, learning_rate=0.05, frozen=frozen)
    trainer = Trainer(recipe)
    trainer.seek(100)
    names: dict[str, Any] = executed(export_torch(recipe, steps=100))
    for array, value in Network(recipe).views(trainer.snapshot().parameters).items():
        np.testing.assert_allclose(names[array].detach().numpy(), value, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_torch_script_calls_the_optimiser_of_torch(name: str) -> None:
    program = export_torch(Recipe(optimiser=name, frozen=("W1[0,1]",)), steps=5)
    compile(program, "<exported>", "exec")
    called, _, given = OPTIMISERS[name].torch.partition(" ")
    (line,) = [line for line in program.splitlines() if line.startswith("optimiser = ")]
    assert line.startswith(f"optimiser = torch.optim.{called}([W1, W2], lr=0.1")
    assert all(part.partition("=")[0] in line for part in given.split(", ") if "=" in part)


# -- the readable network and the fast loops ---------------------------------------------------


def test_operations_show_the_moments() -> None:
    update = {
        item.target: (item.formula, item.expression)
        for item in Network(Recipe(optimiser="momentum", bias=True)).operations
        if item.phase == "update"
    }
    assert update["vW1"] == ("v₁ ← μ·v₁ + ∂L/∂W₁", "momentum * vW1 + dW1")
    assert update["W1"] == ("W₁ ← W₁ − η·v₁", "W1 - learning_rate * vW1")
    assert update["vb1"] == ("vb₁ ← μ·vb₁ + ∂L/∂b₁", "momentum * vb1 + db1")
    assert update["b1"] == ("b₁ ← b₁ − η·vb₁", "b1 - learning_rate * vb1")


def test_the_bias_correction_is_an_operation_of_its_own() -> None:
    trainer = Trainer(Recipe(optimiser="adam"))
    trainer.seek(2)
    results = {item.operation.target: item for item in trainer.snapshot().results}
    assert explain_cell(results["t"]).text == "t ← 2 + 1 = +3"
    assert explain_cell(results["c1"]).text == "c₁ = 1 − 0.9^3 = +0.2710"
    assert "√(v₁/c₂) + ε" in results["W1"].operation.formula
    assert results["W1"].operation.why.endswith("Defined as in PyTorch: torch.optim.Adam.")


def test_plain_sgd_keeps_nothing() -> None:
    assert Network(Recipe()).kept_size == 0
    assert Trainer(Recipe()).snapshot().kept.tolist() == []


@pytest.mark.slow
@examples(60)
@given(recipes(most_bits=3, most_units=6, with_mistakes=True), st.integers(0, 40))
def test_the_fast_loop_is_the_readable_network_to_the_bit(recipe: Recipe, steps: int) -> None:
    start = Network(recipe).initial_parameters()
    fast = Kernel(replace(recipe, mistake=None)).run(0, start, steps)
    plain = PlainLoop(replace(recipe, mistake=None)).run(0, start, steps)
    for name in ("parameters", "outputs", "losses", "kept"):
        assert np.array_equal(getattr(fast, name), getattr(plain, name), equal_nan=True), name


@pytest.mark.parametrize("name", KEEPING)
def test_what_is_kept_goes_on_from_chunk_to_chunk(name: str) -> None:
    recipe = Recipe(optimiser=name)
    network, kernel = Network(recipe), Kernel(recipe)
    at_once = PlainLoop(recipe).run(0, network.initial_parameters(), 120)
    vector, kept = network.initial_parameters(), network.initial_kept()
    for first in range(0, 120, 40):
        chunk = kernel.run(first, vector, 40, kept)
        vector, kept = chunk.parameters[-1].copy(), chunk.kept[-1].copy()
    assert same_bits(vector, at_once.parameters[-1])
    assert same_bits(kept, at_once.kept[-1])


def test_the_bias_correction_of_a_long_run_is_that_of_each_step() -> None:
    recipe = Recipe(optimiser="adam", momentum=0.97)
    network, kernel = Network(recipe), Kernel(recipe)
    vector, kept = network.initial_parameters(), network.initial_kept()
    for first in (0, 199, 1_000, 12_345, 10**6):
        kept[-1] = first
        fast = kernel.run(first, vector, kernel.most_steps, kept).parameters.copy()
        plain = PlainLoop(recipe).run(first, vector, kernel.most_steps, kept)
        assert same_bits(fast, plain.parameters)


@pytest.mark.parametrize("beta", [0.7781567509498505, 0.9437480785146242, 0.9883738380592262])
def test_the_second_update_squares_as_the_readable_network_does(beta: float) -> None:
    # For these betas NumPy's square and its power with many exponents may differ in the last bit.
    recipe = Recipe(optimiser="adam", momentum=beta, beta2=beta)
    start = Network(recipe).initial_parameters()
    expected = PlainLoop(recipe).run(0, start, 4).parameters
    assert same_bits(Kernel(recipe).run(0, start, 4).parameters, expected)
    stack = exact_kernel(recipe, 2).run(0, np.array([start, start]), 4).parameters
    assert same_bits(stack[:, 1].copy(), expected)


@examples(25)
@given(st.data())
def test_a_stack_does_what_each_network_does(data: st.DataObject) -> None:
    recipe = data.draw(optimisers(Recipe(bias=True, hidden=(3, 2))))
    starts = Network(recipe).draw(range(4)).T.copy()
    stack, loop = exact_kernel(recipe, 4), Kernel(recipe)
    steps = min(20, stack.most_steps)
    together = stack.run(0, starts, steps)
    for index, start in enumerate(starts):
        alone = loop.run(0, start, steps)
        assert same_bits(together.parameters[:, index].copy(), alone.parameters)
        assert same_bits(together.kept[:, index].copy(), alone.kept)


@pytest.mark.parametrize("name", KEEPING)
def test_swept_networks_end_as_each_does_alone(name: str) -> None:
    recipe = Recipe(optimiser=name)
    block = Block(recipe, np.arange(6))
    while not block.finished:
        block.advance(400, 0.1)
    for seed in range(6):
        trainer = Trainer(replace(recipe, seed=seed))
        trainer.step(400)
        loss = trainer.snapshot().loss
        # Those that are trained together may differ in the last digits.
        assert block.losses[seed] == (
            loss if block.is_exact[seed] else pytest.approx(loss, rel=1e-9)
        )
        assert block.solved_at[seed] == (NEVER if trainer.solved_at is None else trainer.solved_at)


# -- runs ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", KEEPING)
def test_any_step_is_replayed_to_the_bit(name: str) -> None:
    trainer = Trainer(Recipe(optimiser=name))
    trainer.step(9_000)  # far more than there are checkpoints
    for step in (8_999, 17, 5_003):
        trainer.seek(step)
        fresh = Trainer(Recipe(optimiser=name))
        fresh.step(step)
        for part in ("parameters", "kept"):
            assert same_bits(getattr(trainer.snapshot(), part), getattr(fresh.snapshot(), part))


def test_another_optimiser_in_mid_run_begins_with_nothing_kept_on_a_branch_of_its_own() -> None:
    trainer = Trainer(Recipe(optimiser="momentum", momentum=0.5))
    trainer.step(100)
    before = trainer.snapshot()
    trainer.seek(50)
    trainer.edit(Edit("optimiser", "adam"))
    changed = trainer.snapshot()
    assert changed.recipe == Recipe(optimiser="adam", momentum=0.5)
    assert not changed.kept.any()
    fresh = Network(changed.recipe).evaluate(changed.parameters)
    trainer.step(1)
    assert same_bits(trainer.snapshot().parameters, changed.network.updated(fresh))
    trainer.step(60)
    after = trainer.snapshot().parameters
    trainer.switch(0)
    trainer.seek(100)
    assert same_bits(trainer.snapshot().kept, before.kept)
    trainer.switch(1)
    trainer.seek(111)
    assert same_bits(trainer.snapshot().parameters, after)
    trainer.undo()
    assert trainer.current_recipe == Recipe(optimiser="momentum", momentum=0.5)


def test_a_file_brings_back_the_optimiser_with_all_that_it_keeps() -> None:
    trainer = Trainer(Recipe(optimiser="nesterov"))
    trainer.step(70)
    trainer.edit(Edit("optimiser", "adamw"))
    trainer.step(40)
    run = RunFile.from_text(RunFile.of(trainer).to_text())
    assert not run.is_changed
    again = run.trainer()
    again.seek(run.position)
    assert run.matches(again)
    assert same_bits(again.snapshot().kept, trainer.snapshot().kept)


def test_files_of_runs_by_plain_sgd_are_as_they_ever_were() -> None:
    trainer = Trainer(Recipe())
    trainer.step(10)
    run = RunFile.of(trainer)
    assert list(json.loads(run.to_text())["recipe"]) == [
        *("problem", "hidden", "activation", "bias", "loss", "init", "seed", "learning_rate")
    ]
    assert run.digest == digest_of(trainer.snapshot().parameters)


def test_edits_of_a_file_that_cannot_follow_one_another_are_refused() -> None:
    trainer = Trainer(Recipe())
    trainer.step(5)
    run = json.loads(RunFile.of(trainer).to_text())
    run["branches"][0]["edits"] = [
        [1, {"kind": "mistake", "where": "early-update"}],
        [2, {"kind": "optimiser", "where": "adam"}],
    ]
    with pytest.raises(ValueError, match="made with plain SGD only"):
        RunFile.from_text(json.dumps(run))


def test_checkpoints_of_a_branch_have_room_for_what_is_kept() -> None:
    recipe = Recipe(problem="parity8", hidden=(64, 64))
    plain, keeping = Timeline(recipe), Timeline(recipe, ((0, Edit("optimiser", "adam")),))
    assert keeping._most <= plain._most / 2.9
    assert Branch("b", keeping).timeline.nearest(0).kept.size == 2 * Network(recipe).size + 1


# -- what is said, exported and refused --------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMISERS)
def test_exported_programs_train_the_same_run(name: str) -> None:
    recipe = Recipe(optimiser=name, frozen=("W1[1,0]",))
    trainer = Trainer(recipe)
    trainer.seek(150)
    notebook = json.loads(export_notebook(recipe, steps=150))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for program in (export_numpy(recipe, steps=150), "\n".join(code)):
        found = parameters(Network(recipe), executed(program))
        assert same_bits(found, trainer.snapshot().parameters)


def test_an_optimiser_chosen_in_mid_run_cannot_be_exported() -> None:
    with pytest.raises(EditError, match="an optimiser chosen in the middle of a run"):
        Program(Recipe(), ((3, Edit("optimiser", "adam")),), 5)


@pytest.mark.parametrize("name", KEEPING)
def test_norms_of_updates_are_of_what_the_update_really_changes(name: str) -> None:
    trainer = Trainer(Recipe(optimiser=name))
    trainer.seek(40)
    snapshot = trainer.snapshot()
    updates = norms_of_run(snapshot).updates[-1]
    for layer, found in enumerate(updates, start=1):
        assert found == pytest.approx(np.linalg.norm(snapshot.change(f"W{layer}")), rel=1e-9)


def test_why_a_moment_is_what_it_is_leads_back_to_its_start() -> None:
    trainer = Trainer(Recipe(optimiser="adam"))
    trainer.seek(3)
    trainer.edit(Edit("optimiser", "momentum"))
    trainer.step(2)
    at = lru_cache(trainer.snapshot_at)
    link = why(parse_place(trainer.snapshot(), "v₁[x₁→h₁]"), at)
    steps = []
    while link.parts:
        steps.append(link.place.step)
        (earlier,) = [place for place in link.places if place.name == "vW1"]
        link = why(earlier, at)
    assert steps == [5, 4]
    assert (link.value, link.words) == (0, "What momentum keeps starts at 0.")
    given = why(parse_place(trainer.snapshot(), "momentum"), at)
    assert given.words == "μ of momentum, a choice of the recipe."


def test_no_gradient_is_not_said_while_the_velocity_still_moves_the_weights() -> None:
    trainer = Trainer(Recipe(optimiser="momentum", activation="relu"))
    trainer.seek(20)
    for name in Network(Recipe()).names:
        trainer.edit(Edit("weight", name, -1.0))  # every ReLU is off: all gradients are 0
    snapshot = trainer.snapshot()
    assert snapshot.gradient_norm == 0
    assert snapshot.kept.any()
    assert all("No gradient" not in item.seen for item in diagnose(snapshot))


@pytest.mark.parametrize("field", ["momentum", "beta2", "epsilon"])
def test_a_number_that_means_nothing_is_refused_in_one_sentence(field: str) -> None:
    with pytest.raises(RecipeError, match=rf"^{field} cannot be 0\.25: sgd does not use it; these"):
        Recipe(**{field: 0.25})  # type: ignore[arg-type]
    default = str(getattr(Recipe, field))
    with pytest.raises(RecipeError, match="sgd does not use it"):
        Recipe.parse({field: default})  # asked for, though it is the default
    with pytest.raises(RecipeError, match=f"^{field} cannot be 2"):
        Recipe.parse({"optimiser": "adam", field: "2"})


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_recipe_reads_back_from_json_and_from_its_arguments(name: str) -> None:
    recipe = Recipe(optimiser=name)
    if "beta2" in OPTIMISERS[name].fields:
        recipe = replace(recipe, beta2=0.5)
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe
    flags = recipe.to_arguments()
    fields = {flag: field for field, flag in FLAGS.items()}
    texts = zip(flags[::2], flags[1::2], strict=True)
    assert Recipe.parse({fields[flag]: text for flag, text in texts}) == recipe


# -- one more entry ------------------------------------------------------------------------------


@pytest.fixture
def lion_like(monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """An optimiser that is in no table: steps by the sign of a running mean."""
    lines = (
        UpdateLine("mW", "beta1 * mW + (1 - beta1) * dW", "m ← β₁·m + (1 − β₁)·∂L/∂W", "Mean."),
        UpdateLine(
            "W", "W - learning_rate * free_W * np.sign(mW)", "W ← W − η·free⊙sign(m)", "By sign."
        ),
    )
    toy = Optimiser(lines, "by the sign", "SGD", {"beta1": "momentum"}, True)
    monkeypatch.setitem(OPTIMISERS, "signs", toy)
    return Recipe(optimiser="signs", learning_rate=0.01, bias=True)


def test_one_more_optimiser_is_one_more_entry(lion_like: Recipe) -> None:
    start = Network(lion_like).initial_parameters()
    fast, plain = Kernel(lion_like).run(0, start, 80), PlainLoop(lion_like).run(0, start, 80)
    assert same_bits(fast.parameters, plain.parameters)
    assert same_bits(exact_kernel(lion_like, 1).run(0, start[None], 8).kept[8, 0], plain.kept[8])
    trainer = Trainer(lion_like)
    trainer.seek(80)
    snapshot = trainer.snapshot()
    for result in snapshot.results:
        for index in np.ndindex(*result.value.shape):
            assert explain_cell(result, index).result == result.value[index]
    diagnose(snapshot)
    assert np.isfinite(norms_of_run(snapshot).updates).all()
    found = parameters(Network(lion_like), executed(export_numpy(lion_like, steps=80)))
    assert same_bits(found, snapshot.parameters)
