"""What is measured of networks at one step."""

from dataclasses import replace

import numpy as np
import pytest

from xortui.core.analysis.measurements import (
    AHEAD,
    at_rest,
    expected_falls,
    gradients,
    judged_at_once,
    least_curvatures,
    look_ahead,
    near_constant,
    shared_answer,
    slopes,
)
from xortui.core.model.functions import constant_loss
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.trainer import Trainer


def at(step: int, recipe: Recipe | None = None) -> Snapshot:
    """The snapshot of a run at a step."""
    trainer = Trainer(recipe or Recipe())
    trainer.seek(step)
    return trainer.snapshot()


def least_curvature(shot: Snapshot) -> float:
    return float(least_curvatures(shot.network, shot.parameters[None])[0])


def test_frozen_parameters_have_no_gradient() -> None:
    shot = at(5, Recipe(frozen=("W1[0,0]",)))
    (gradient,) = gradients(shot.network, shot.parameters[None])
    assert gradient[0] == 0
    assert gradient[1:].all()


def test_the_slope_is_that_of_the_mean_loss_also_where_the_gradient_is_wrong_on_purpose() -> None:
    shot = at(5)
    here = shot.parameters[None]
    assert slopes(shot.network, here) == pytest.approx(shot.gradient_norm / 4)
    broken = Network(replace(shot.recipe, mistake="no-derivative"))
    assert slopes(broken, here) == slopes(shot.network, here)
    assert least_curvatures(broken, here) == least_curvatures(shot.network, here)


def test_the_expected_fall_foretells_the_next_step() -> None:
    now, then = at(200), at(201)
    slope = slopes(now.network, now.parameters[None])
    (fall,) = expected_falls(now.network, slope, np.array([now.loss]), steps=1)
    assert fall == pytest.approx((now.loss - then.loss) / now.loss, rel=0.01)


def test_a_plateau_is_at_rest_and_a_slope_is_not() -> None:
    for recipe, step, rests in ((Recipe(seed=156), 5_000, True), (Recipe(), 500, False)):
        shot = at(step, recipe)
        assert at_rest(shot.network, shot.parameters[None], np.array([shot.loss])) == [rests]


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(learning_rate=3.0),
        Recipe(hidden=(3, 2), bias=True, loss="cross-entropy"),
        Recipe(mistake="wrong-sign"),
    ],
)
def test_looking_ahead_does_the_steps_that_training_does(recipe: Recipe) -> None:
    seeds = range(5)
    runs = [at(40, replace(recipe, seed=seed)) for seed in seeds]
    ahead = look_ahead(runs[0].network, np.array([run.parameters for run in runs]))
    later = [at(40 + AHEAD, replace(recipe, seed=seed)).loss for seed in seeds]
    assert ahead.losses[0].tolist() == [run.loss for run in runs]
    assert ahead.losses[-1].tolist() == later


def test_steps_that_overshoot_jump_to_and_fro() -> None:
    for shot, jumps in ((at(0), False), (at(50, Recipe(learning_rate=4.0)), True)):
        assert look_ahead(shot.network, shot.parameters[None]).jumps.tolist() == [jumps]


def test_a_loss_that_rises_at_every_step_blows_up() -> None:
    for rate, step, blows_up in (
        (10.0, 1, True),
        (5.0, 30, True),
        (0.1, 1, False),
        (2.0, 3, False),
    ):
        shot = at(step, Recipe(learning_rate=rate))
        ahead = look_ahead(shot.network, shot.parameters[None])
        assert ahead.blows_up(1.5).tolist() == [blows_up]


def test_a_plateau_has_a_direction_that_leads_down_and_a_local_minimum_has_none() -> None:
    assert least_curvature(at(5_000, Recipe(seed=156))) < -1e-4
    assert least_curvature(at(5_000, Recipe(learning_rate=0.5))) > 1e-4


def test_the_curvature_is_that_of_a_loss_known_in_closed_form() -> None:
    # With W2 frozen at 0 the loss does not depend on W1; with W1 frozen at 0 every activation is
    # ½, and the loss is Σ½(½(v+w) − y)²: its Hessian is [[1, 1], [1, 1]].
    names = ("W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]")
    shot = at(0, Recipe(init="zeros", frozen=names))
    assert least_curvature(shot) == pytest.approx(0.0, abs=1e-6)
    one_free = at(0, Recipe(init="zeros", frozen=(*names, "W2[0,0]")))
    assert least_curvature(one_free) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.slow
def test_curvatures_of_many_are_those_of_each() -> None:
    shots = [at(1_000, Recipe(seed=seed)) for seed in range(40)]
    found = least_curvatures(shots[0].network, np.array([shot.parameters for shot in shots]))
    assert found.tolist() == pytest.approx([least_curvature(shot) for shot in shots], abs=1e-9)


def test_curvature_is_not_measured_where_it_means_nothing() -> None:
    assert np.isnan(least_curvature(at(0, Recipe(activation="relu"))))
    assert np.isnan(least_curvature(at(0, Recipe(hidden=(64,)))))
    names = [f"W1[{i},{j}]" for i in (0, 1) for j in (0, 1)] + ["W2[0,0]", "W2[1,0]"]
    assert np.isnan(least_curvature(at(0, Recipe(frozen=tuple(names)))))


def test_large_networks_are_judged_few_at_a_time() -> None:
    few = judged_at_once(Network(Recipe(problem="parity4", hidden=(32, 32))))
    assert 1 <= few < judged_at_once(Network(Recipe()))


@pytest.mark.parametrize(
    ("recipe", "loss"),
    [
        (Recipe(), 0.125),
        (Recipe(problem="and"), 0.5 * 0.25 * 0.75),
        (Recipe(problem="true"), 0.0),
        (Recipe(loss="cross-entropy"), np.log(2)),
        (Recipe(problem="false", loss="cross-entropy"), 0.0),
    ],
)
def test_the_best_constant_answer_is_the_mean_of_the_labels(recipe: Recipe, loss: float) -> None:
    assert constant_loss(at(0, recipe).labels, recipe.loss) == pytest.approx(loss)


def test_one_answer_for_every_row_is_not_just_any_loss_of_an_eighth() -> None:
    # Learning rate 2, seed 2: loss 0.12495, but one row of four is answered 1, the others 0.
    for recipe, step, constant in (
        (Recipe(seed=156), 5_000, True),
        (Recipe(learning_rate=2.0, seed=2), 10_000, False),
    ):
        shot = at(step, recipe)
        assert shot.loss == pytest.approx(0.125, rel=0.01)
        assert near_constant(shot.network, shot.parameters[None]).tolist() == [constant]


@pytest.mark.parametrize(
    ("outputs", "shared"),
    [
        ([0.0, 2 / 3, 2 / 3, 2 / 3], (1, 2, 3)),
        ([0.5, 0.5, 0.5, 0.5], (0, 1, 2, 3)),
        ([0.0, 1.0, 0.5, 0.5], (2, 3)),
        ([0.0, 1.0, 1.0, 0.0], ()),  # shared, but not among rows that differ
        ([0.3, 0.3, 0.3, 0.3], ()),  # shared, but not the mean of the labels
    ],
)
def test_rows_that_share_one_answer(outputs: list[float], shared: tuple[int, ...]) -> None:
    shot = at(0)
    values = dict(shot.values) | {"yhat": np.array(outputs)[:, None]}
    assert shared_answer(replace(shot, values=values)) == shared
