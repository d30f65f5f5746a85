"""What the rules measure at one step."""

from dataclasses import replace

import numpy as np
import pytest

from xortui.core.evidence import (
    expected_fall,
    gradient,
    least_curvature,
    loss_of_constant,
    overshoots,
    shared_answer,
    slope,
)
from xortui.core.recipe import Recipe
from xortui.core.snapshot import Snapshot
from xortui.core.trainer import Trainer


def at(step: int, recipe: Recipe | None = None) -> Snapshot:
    """The snapshot of a run at a step."""
    trainer = Trainer(recipe or Recipe())
    trainer.seek(step)
    return trainer.snapshot()


def test_frozen_parameters_have_no_gradient() -> None:
    shot = at(5, Recipe(frozen=("W1[0,0]",)))
    assert gradient(shot)[0] == 0
    assert gradient(shot)[1:].all()


def test_the_slope_is_that_of_the_mean_loss() -> None:
    shot = at(5)
    assert slope(shot) == pytest.approx(shot.gradient_norm / 4)


def test_the_expected_fall_foretells_the_next_step() -> None:
    now, then = at(200), at(201)
    assert expected_fall(now, 1) == pytest.approx((now.loss - then.loss) / now.loss, rel=0.01)


def test_a_step_that_overshoots_turns_the_gradient_round() -> None:
    assert not overshoots(at(0), -0.5)
    assert overshoots(at(50, Recipe(learning_rate=4.0)), -0.5)


def test_a_plateau_has_a_direction_that_leads_down_and_a_local_minimum_has_none() -> None:
    plateau = least_curvature(at(5_000, Recipe(seed=156)))
    minimum = least_curvature(at(5_000, Recipe(learning_rate=0.5)))
    assert plateau is not None
    assert minimum is not None
    assert plateau < -1e-4
    assert minimum > 1e-4


def test_the_curvature_is_that_of_a_loss_known_in_closed_form() -> None:
    # With W2 frozen at 0 the loss does not depend on W1; with W1 frozen at 0 every activation is
    # ½, and the loss is Σ½(½(v+w) − y)²: its Hessian is [[1, 1], [1, 1]].
    names = ("W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]")
    shot = at(0, Recipe(init="zeros", frozen=names))
    assert least_curvature(shot) == pytest.approx(0.0, abs=1e-6)
    one_free = at(0, Recipe(init="zeros", frozen=(*names, "W2[0,0]")))
    assert least_curvature(one_free) == pytest.approx(1.0, abs=1e-6)


def test_curvature_is_not_measured_where_it_means_nothing() -> None:
    assert least_curvature(at(0, Recipe(activation="relu"))) is None
    assert least_curvature(at(0, Recipe(hidden=(64,)))) is None
    names = [f"W1[{i},{j}]" for i in (0, 1) for j in (0, 1)] + ["W2[0,0]", "W2[1,0]"]
    assert least_curvature(at(0, Recipe(frozen=tuple(names)))) is None


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
    assert loss_of_constant(at(0, recipe)) == pytest.approx(loss)


@pytest.mark.parametrize(
    ("outputs", "shared"),
    [
        ([0.0, 2 / 3, 2 / 3, 2 / 3], (3, 2 / 3)),
        ([0.5, 0.5, 0.5, 0.5], (4, 0.5)),
        ([0.0, 1.0, 0.5, 0.5], (2, 0.5)),
        ([0.0, 1.0, 1.0, 0.0], (0, 0.0)),  # shared, but not among rows that differ
        ([0.3, 0.3, 0.3, 0.3], (0, 0.0)),  # shared, but not the mean of the labels
    ],
)
def test_rows_that_share_one_answer(outputs: list[float], shared: tuple[int, float]) -> None:
    shot = at(0)
    values = dict(shot.values) | {"yhat": np.array(outputs)[:, None]}
    assert shared_answer(replace(shot, values=values)) == pytest.approx(shared)
