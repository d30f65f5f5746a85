"""Runs with points: the same bits everywhere, what solved means, and when a run overfits."""

import contextlib
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.points import OVERFITTING, SPIRAL, data_file, points_recipes
from tests.sample import examples
from xortui.core.analysis.diagnosis import diagnose
from xortui.core.analysis.finding import OVERFITTING as OVERFITS
from xortui.core.analysis.gradcheck import check_parameters, passed
from xortui.core.export.script import export_numpy, export_torch
from xortui.core.model.network import Network
from xortui.core.model.operation import FORWARD
from xortui.core.model.problem import ALL
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit, EditError
from xortui.core.training.exact_kernel import exact_kernel, is_trained_exactly
from xortui.core.training.held_out import MAX_SAMPLES, TestCurve, held_out
from xortui.core.training.kernel import Kernel
from xortui.core.training.run_file import RunFile
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.solved import enough_right
from xortui.core.training.trainer import Trainer


def trained(recipe: Recipe, steps: int) -> Trainer:
    trainer = Trainer(recipe)
    trainer.step(steps)
    return trainer


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(one, other, equal_nan=True)


# -- the same bits ---------------------------------------------------------------------------------


@pytest.mark.slow
@examples(60)
@given(points_recipes(), st.integers(0, 6))
def test_kernel_and_stack_are_the_network_bit_for_bit(recipe: Recipe, steps: int) -> None:
    network = Network(recipe)
    vector, kept = network.initial_parameters(), network.initial_kept()
    chunk = Kernel(recipe).run(0, vector, steps)
    stack = exact_kernel(recipe, 2)
    together = stack.run(0, np.array([vector, vector]), min(steps, stack.most_steps))
    for step in range(steps + 1):
        evaluation = network.evaluate(vector, kept=kept)
        assert same(chunk.parameters[step], vector)
        assert same(chunk.outputs[step], evaluation.values["yhat"][:, 0])
        assert same(chunk.losses[step], evaluation.values["loss"])
        if step <= together.last:
            assert same(together.parameters[step, 1], vector)
        vector, kept = network.updated(evaluation), network.updated_kept(evaluation)


@pytest.mark.slow
def test_the_largest_that_can_be_trained_has_the_same_bits() -> None:
    recipe = replace(SPIRAL, points=2000, hidden=(32, 32))
    network, vector = Network(recipe), Network(recipe).initial_parameters()
    chunk = Kernel(recipe).run(0, vector, 2)
    assert same(chunk.parameters[1], network.updated(network.evaluate(vector)))


@pytest.mark.slow
@examples(25)
@given(points_recipes(most_points=40))
def test_an_exported_program_has_the_same_points_and_bits(recipe: Recipe) -> None:
    snapshot = trained(recipe, 5).snapshot()
    names: dict[str, np.ndarray] = {}
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"), np.printoptions():
        exec(compile(export_numpy(recipe, steps=snapshot.step), "<exported>", "exec"), names)
    for name in snapshot.network.shapes:
        assert same(names[name], snapshot.values[name])


def test_an_exported_program_turns_labels_round_and_says_how_the_test_went() -> None:
    recipe = replace(SPIRAL, flipped=(2, 5))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), np.printoptions():
        exec(compile(export_numpy(recipe, steps=60), "<exported>", "exec"), {})
    end = trained(recipe, 60).snapshot()
    assert end.held_out is not None
    assert f"right: {end.right.sum()} of 140 training points" in printed.getvalue()
    assert f"right: {end.held_out.right.sum()} of 60 test points" in printed.getvalue()
    assert "torch.tensor(X_test)" in export_torch(recipe)


def test_sweeps_train_points_exactly() -> None:
    assert is_trained_exactly(Recipe(problem="gauss", points=10, hidden=(1,)))


def test_gradients_of_points_are_right() -> None:
    end = trained(replace(SPIRAL, points=30), 20).snapshot()
    assert passed(check_parameters(end.network, end.parameters))


# -- history ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "recipe",
    [
        replace(SPIRAL, points=40),
        Recipe(problem="data", data=data_file(30), standardise=True, learning_rate=0.01),
    ],
)
def test_a_saved_run_opens_anywhere_with_edits_and_all(recipe: Recipe) -> None:
    trainer = trained(recipe, 20)
    trainer.edit(Edit("label", 7))
    trainer.step(20)
    trainer.edit(Edit("label", 3))
    trainer.step(20)
    run = RunFile.from_text(RunFile.of(trainer).to_text())
    again = run.trainer()
    again.seek(run.position)
    assert run.difference(again) == ""
    assert not run.is_changed
    assert again.snapshot().recipe.flipped == (3, 7)
    assert again.snapshot().loss == trainer.snapshot().loss


def test_a_label_turned_round_twice_is_as_it_was() -> None:
    trainer = trained(replace(SPIRAL, points=40), 5)
    before = trainer.snapshot().labels.tolist()
    trainer.edit(Edit("label", 4))
    assert [a != b for a, b in zip(before, trainer.snapshot().labels, strict=True)].index(True) == 4
    trainer.edit(Edit("label", 4))
    assert trainer.current_recipe == trainer.recipe
    with pytest.raises(EditError, match=r"there is no label Y\[28\]"):
        trainer.edit(Edit("label", 28))


# -- points set aside ------------------------------------------------------------------------------


def test_the_points_set_aside_change_nothing_and_are_measured_as_the_others() -> None:
    end = trained(SPIRAL, 50).snapshot()
    assert end.held_out is not None
    assert end.test_curve is not None
    network = end.network
    outputs = network.evaluate(end.parameters, (FORWARD,), network.test_bits).values["yhat"]
    assert end.held_out.outputs == pytest.approx(outputs[:, 0], rel=1e-12)
    y, p = network.test_labels, outputs
    assert end.held_out.loss == pytest.approx(
        float(-np.where(y == 1, np.log(p), np.log(1 - p)).mean())
    )
    assert end.test_curve.test[-1] == pytest.approx(end.held_out.loss)
    assert end.test_curve.steps.tolist() == list(range(51))


def test_without_a_test_there_is_nothing_beside() -> None:
    end = trained(replace(SPIRAL, test=0.0), 5).snapshot()
    assert (end.held_out, end.test_curve) == (None, None)
    assert held_out(Network(Recipe()), Network(Recipe()).initial_parameters()) is None


@pytest.mark.slow
def test_the_test_curve_is_bounded_and_the_same_after_a_branch() -> None:
    recipe = Recipe(problem="gauss", points=20, learning_rate=0.001)
    trainer = trained(recipe, 3000)
    whole = trainer.snapshot().test_curve
    assert whole is not None
    assert len(whole.steps) <= MAX_SAMPLES
    assert len(set(np.diff(whole.steps))) == 1
    trainer.seek(1000)
    trainer.edit(Edit("freeze", "W1[0,0]"))
    forked = trainer.snapshot().test_curve
    assert forked is not None
    assert forked.steps[-1] <= 1000
    shared = len(forked.steps) - 1
    assert forked.test[:shared].tolist() == whole.test[:shared].tolist()


# -- solved ----------------------------------------------------------------------------------------


def test_points_are_solved_with_98_of_100_right_and_the_loss_below_the_goal() -> None:
    trainer = trained(SPIRAL, 400)
    assert trainer.solved_at is not None
    at, before = (trainer.snapshot_at(trainer.solved_at - back) for back in (0, 1))
    assert at.solved
    assert at.right.mean() >= 0.98
    assert at.loss < 0.01
    assert not before.solved
    assert before.right.mean() < 0.98 or before.loss >= 0.01
    found = diagnose(at)[0]
    assert found.kind == "solved"
    assert f"{at.right.sum()} of 140 training points" in found.seen
    assert "Of the test points, never trained on," in found.why


@pytest.mark.parametrize(("wrong", "share", "is_enough"), [(2, 0.98, True), (3, 0.98, False)])
def test_two_of_a_hundred_points_may_be_wrong(wrong: int, share: float, is_enough: bool) -> None:
    right = np.arange(100) >= wrong
    assert enough_right(right, share) == is_enough
    assert not enough_right(right, ALL)


# -- overfitting -----------------------------------------------------------------------------------


def curve(training: list[float], test: list[float]) -> TestCurve:
    return TestCurve(np.arange(len(test)), np.array(training), np.array(test))


DOWN = np.linspace(1.0, 0.1, 60).tolist()


@pytest.mark.parametrize(
    ("training", "test", "since"),
    [
        # The test loss is least at step 20 and stays well above that from step 40 on.
        (DOWN, [*np.linspace(1, 0.5, 21), *np.linspace(0.5, 0.9, 39)], 20),
        # It falls as long as the training loss does.
        (DOWN, DOWN, None),
        # It is higher than the training loss all along, but does not rise.
        (DOWN, [3.0] * 60, None),
        # It rises by less than a tenth.
        (DOWN, [*np.linspace(1, 0.5, 21), *np.linspace(0.5, 0.54, 39)], None),
        # Both rise: that is another trouble.
        ([*DOWN[:30], *DOWN[29::-1]], [*DOWN[:30], *DOWN[29::-1]], None),
        # A few steps up are no trend.
        (DOWN[:25], [*np.linspace(1, 0.5, 21), 0.6, 0.7, 0.8, 0.9], None),
        # It came back down.
        (DOWN, [*np.linspace(1, 0.5, 21), *np.linspace(0.5, 0.9, 20), *[0.5] * 19], None),
    ],
)
def test_overfitting_is_a_test_loss_that_rose_and_stayed_up_while_the_training_loss_fell(
    training: list[float], test: list[float], since: int | None
) -> None:
    assert curve(training, test).overfit_since(len(test) - 1) == since


def said(snapshot: Snapshot) -> bool:
    return OVERFITS in [found.kind for found in diagnose(snapshot)]


def test_overfitting_is_said_when_it_is_so_and_only_then() -> None:
    trainer = trained(OVERFITTING, 300)
    end = trainer.snapshot()
    assert said(end)
    assert end.held_out is not None
    assert end.held_out.loss > 2 * end.loss
    assert not said(trainer.snapshot_at(20))  # before the test loss turned
    assert not said(trained(SPIRAL, 300).snapshot())


@pytest.mark.parametrize("recipe", [SPIRAL, OVERFITTING, Recipe(problem="circle", init="zeros")])
def test_nothing_is_said_of_rows_of_bits(recipe: Recipe) -> None:
    trainer = trained(recipe, 1500)
    for step in (0, 100, 1500):
        for found in diagnose(trainer.snapshot_at(min(step, trainer.last_step))):
            text = f"{found.seen} {found.why} {found.try_this}"
            assert "row" not in text.replace("grow", "").replace("thrown", "")
