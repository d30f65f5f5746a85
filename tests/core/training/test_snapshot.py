"""Snapshots: all numbers of one step, which nothing can change any more."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import recipes
from tests.sample import examples
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.snapshot import Snapshot
from xortui.core.training.solved import FAR_OFF
from xortui.core.training.trainer import Trainer


def arrays_of(snapshot: Snapshot) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    yield "parameters", snapshot.parameters
    yield "right", snapshot.right
    yield "outputs", snapshot.outputs
    yield "labels", snapshot.labels
    yield from snapshot.values.items()
    for name in ("first", "low", "high", "last"):
        yield f"curve.{name}", getattr(snapshot.curve, name)
    for result in snapshot.results:
        yield result.operation.target, result.value
        yield from result.operands.items()


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(bias=True, frozen=("b1[0]",), hidden=(3, 2))])
def test_arrays_of_a_snapshot_are_read_only(recipe: Recipe) -> None:
    trainer = Trainer(recipe)
    trainer.step(10)
    for name, array in arrays_of(trainer.snapshot()):
        assert not array.flags.writeable, name
    with pytest.raises(ValueError, match="read-only"):
        trainer.snapshot().parameters[0] = 1


def test_snapshot_does_not_change_when_training_goes_on() -> None:
    trainer = Trainer(Recipe())
    trainer.step(123)
    snapshot = trainer.snapshot()
    before = [(name, array.copy()) for name, array in arrays_of(snapshot)]
    trainer.step(1_000)
    trainer.edit(Edit("label", 2))
    trainer.step(500)
    trainer.seek(50)
    trainer.reset()
    assert (snapshot.step, snapshot.last_step, snapshot.recipe) == (123, 123, Recipe())
    assert not snapshot.rewound
    for (name, then), (_, now) in zip(before, arrays_of(snapshot), strict=True):
        assert then.tolist() == now.tolist(), name


def test_taking_a_snapshot_changes_nothing() -> None:
    watched, plain = Trainer(Recipe()), Trainer(Recipe())
    for _ in range(20):
        watched.snapshot()
        watched.step(7)
    plain.step(140)
    assert watched.snapshot().parameters.tolist() == plain.snapshot().parameters.tolist()


@pytest.mark.slow
@given(recipes(most_bits=3, most_units=6, greatest_rate=1.0), st.integers(0, 30))
@examples(40)
def test_all_numbers_of_a_snapshot_belong_to_its_step(recipe: Recipe, steps: int) -> None:
    trainer = Trainer(recipe)
    trainer.step(steps)
    snapshot = trainer.snapshot()
    network, values = Network(recipe), snapshot.values
    parts = [values[name].ravel() for name in network.shapes]
    assert np.concatenate(parts).tolist() == snapshot.parameters.tolist()
    fresh = network.evaluate(snapshot.parameters, kept=snapshot.kept, step=snapshot.step)
    for name, value in fresh.values.items():
        assert np.array_equal(value, values[name], equal_nan=True), name
    assert snapshot.labels.tolist() == list(recipe.table.labels)
    assert snapshot.errors.tolist() == (snapshot.outputs - snapshot.labels).tolist()
    above = [output > 0.5 for output in snapshot.outputs]
    is_half = [output == 0.5 for output in snapshot.outputs]
    assert snapshot.right.tolist() == [
        side == bool(label) and not half and abs(error) <= FAR_OFF
        for side, label, half, error in zip(
            above, snapshot.labels, is_half, snapshot.errors, strict=True
        )
    ]
    for answer, is_right, half in zip(snapshot.answers, snapshot.right, is_half, strict=True):
        assert answer == ("right" if is_right else "undecided" if half else "wrong")
    gradient = np.concatenate([values[f"d{name}"].ravel() for name in network.shapes])
    assert snapshot.gradient_norm == pytest.approx(float(np.linalg.norm(gradient)), rel=1e-12)
    trainer.step()
    change = np.concatenate([snapshot.change(name).ravel() for name in network.shapes])
    moved = trainer.snapshot().parameters - snapshot.parameters
    assert change.tolist() == moved.tolist()


def test_chance_is_what_answering_a_half_costs() -> None:
    for loss, chance in (("squared-error", 0.125), ("cross-entropy", np.log(2))):
        snapshot = Trainer(Recipe(loss=loss)).snapshot()
        assert snapshot.chance_loss == pytest.approx(chance, rel=1e-15)
    zeros = Trainer(Recipe(loss="cross-entropy", init="zeros")).snapshot()
    assert zeros.loss == pytest.approx(zeros.chance_loss, rel=1e-15)
    assert not zeros.right.any()
    assert zeros.answers == ("undecided",) * 4
