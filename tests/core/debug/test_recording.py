"""Their recorded steps: what every line is, its values beside the true ones, weights and losses."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.core.debug.generator import programs
from tests.own_script import CRASH, NO_NETWORK, NO_RECIPE, RIGHT, WRONG, WRONG_LINE, examined
from tests.sample import some
from xortui.core.debug.examination import Examination, nearest_init
from xortui.core.debug.examine import examine
from xortui.core.debug.recording import Recording
from xortui.core.debug.report import Start
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer

pytestmark = pytest.mark.slow

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
Y = np.array([[0], [1], [1], [0]], dtype=float)
PROGRAMS = [program for program in programs() if program.mistake is None]


def complex_step(loss: Callable[[np.ndarray], complex], theta: np.ndarray) -> np.ndarray:
    """The gradient of a loss of complex parameters."""
    gradient = np.empty_like(theta)
    for slot in range(len(theta)):
        moved = theta.astype(complex)
        moved[slot] += 1e-30j
        gradient[slot] = loss(moved).imag / 1e-30
    return gradient


def recording_of(found: Examination) -> Recording:
    assert found.recording is not None
    return found.recording


def test_every_recognised_line_says_what_it_is() -> None:
    notes = recording_of(examined(WRONG)).notes
    assert {line: (note.what, note.verdict) for line, note in notes.items()} == {
        14: ("a₁ = tanh(z₁)", "right"),
        15: ("ŷ = a₁·W₂ + b₂", "right"),
        18: ("ŷ = a₁·W₂ + b₂", "right"),
        19: ("ŷ − y", "right"),
        20: ("∂L/∂a₁", "right"),
        WRONG_LINE: ("∂L/∂z₁", "wrong"),
        22: ("W₂ ← W₂ − η·∂L/∂W₂", "right"),
        23: ("b₂ ← b₂ − η·∂L/∂b₂", "right"),
        24: ("W₁ ← W₁ − η·∂L/∂W₁", "follows"),
        25: ("b₁ ← b₁ − η·∂L/∂b₁", "follows"),
    }


def test_in_a_right_program_every_line_is_right() -> None:
    recording = recording_of(examined(RIGHT))
    assert {note.verdict for note in recording.notes.values()} == {"right"}
    for position in (0, len(recording) // 2, len(recording) - 1):
        for stop in recording.step(position).stops:
            assert not stop.deviates.any()
            assert stop.true is not None


def test_the_lines_come_in_the_order_in_which_they_ran() -> None:
    stops = recording_of(examined(WRONG)).step(5).stops
    assert [stop.line for stop in stops] == [14, 15, 18, 19, 20, 21, 22, 23, 24, 25]
    assert [stop.name for stop in stops[:5]] == ["self.h", "returned", "p", "d", "g"]


def test_only_what_is_wrong_and_what_follows_from_it_deviates() -> None:
    stops = recording_of(examined(WRONG)).step(38).stops
    assert {stop.line for stop in stops if stop.deviates.any()} == {21, 24, 25}


def test_the_true_values_are_those_of_backpropagation() -> None:
    """Their step is worked out here once more, by NumPy alone and by the complex step."""
    recording = recording_of(examined(WRONG))
    step = recording.step(7)
    w1, b1, w2, b2 = (one.values for one in sorted(step.parameters, key=lambda one: (
        one.role[1], one.role[0] != "W")))  # fmt: skip
    h = np.tanh(X @ w1 + b1)
    d = h @ w2 + b2 - Y
    by_line = {stop.line: stop for stop in step.stops}
    assert np.allclose(by_line[14].theirs, h)
    dh = by_line[WRONG_LINE].true
    assert dh is not None
    assert np.allclose(dh, (d @ w2.T) * (1 - h**2))

    def loss(theta: np.ndarray) -> complex:
        output = np.tanh(X @ theta.reshape(2, 3) + b1) @ w2 + b2
        return complex((0.5 * (output - Y) ** 2).sum())

    true = by_line[24].true
    assert true is not None
    assert np.allclose(true, w1 - 0.1 * complex_step(loss, w1.ravel()).reshape(2, 3))
    assert np.isclose(step.loss, (0.5 * d**2).mean())


def test_steps_are_numbered_by_updates_from_zero() -> None:
    recording = recording_of(examined(WRONG))
    assert recording.numbers[0] == 0
    assert recording.numbers == sorted(set(recording.numbers))
    assert recording.total == 400
    assert recording.numbers[-1] < 400


def test_the_weights_of_one_step_and_its_update_are_those_of_the_next() -> None:
    recording = recording_of(examined(WRONG))
    for before, after in ((0, 1), (10, 11)):
        assert recording.numbers[after] == recording.numbers[before] + 1
        pairs = zip(
            recording.step(before).parameters, recording.step(after).parameters, strict=True
        )
        for one, then in pairs:
            assert np.allclose(one.values + one.change, then.values)


def test_their_names_and_shapes_stay_theirs() -> None:
    parameters = recording_of(examined(WRONG)).step(0).parameters
    assert {one.name: one.values.shape for one in parameters} == {
        "self.w1": (2, 3), "self.b1": (3,), "self.w2": (3, 1), "self.b2": (1,),
    }  # fmt: skip


@pytest.mark.parametrize("program", some(PROGRAMS, 128, lambda program: program.name))
def test_no_line_of_a_right_program_is_accused(program) -> None:  # type: ignore[no-untyped-def]
    kept: list[Recording] = []
    examine("program.py", program.source, keep=kept.append)
    (recording,) = kept
    assert {note.verdict for note in recording.notes.values()} <= {"right"}
    for position in range(0, len(recording), max(1, len(recording) // 5)):
        assert not any(stop.deviates.any() for stop in recording.step(position).stops)


# -- the whole examination -----------------------------------------------------------------------


def test_the_same_network_is_a_run_from_the_same_start() -> None:
    found = examined(WRONG)
    assert found.run is not None
    start = found.step(0)
    snapshot = found.run.trainer().snapshot()
    assert start is not None
    assert np.allclose(snapshot.outputs, start.outputs[:, 0])
    assert snapshot.recipe.learning_rate == pytest.approx(0.1)


def test_their_network_at_a_step_can_be_shown_as_any_other() -> None:
    found = examined(WRONG)
    step, snapshot = found.step(38), found.snapshot(38)
    assert step is not None
    assert snapshot is not None
    assert np.allclose(snapshot.outputs, step.outputs[:, 0])


def test_why_there_is_no_such_run_is_said() -> None:
    found = examined(NO_RECIPE)
    assert found.run is None
    assert "zeros and ones" in found.no_run
    assert found.snapshot(0) is None
    assert found.count > 0


def test_a_sweep_has_the_initialisation_that_is_nearest_to_their_start() -> None:
    recipe = examined(WRONG).sweep_recipe
    assert recipe is not None
    assert recipe.sizes == (2, 3, 1)
    assert examined(NO_RECIPE).sweep_recipe is None


@pytest.mark.parametrize("init", ["zeros", "uniform", "symmetric", "xavier", "he"])
def test_of_its_own_initialisations_xortui_knows_which_it_was(init: str) -> None:
    trainer = Trainer(Recipe(hidden=(40,), init=init))
    values = trainer.snapshot().values
    weights = tuple(tuple(map(tuple, values[name].tolist())) for name in ("W1", "W2"))
    assert nearest_init(Start(weights, ((), ()), (), ())) == init


def test_their_curve_goes_through_the_recorded_losses() -> None:
    found = examined(WRONG)
    curve, losses = found.their_curve(), recording_of(found).losses
    assert curve is not None
    assert curve.width == 1
    for step, loss in losses:
        assert curve.first[step] == pytest.approx(loss)


def test_their_curve_ends_where_nothing_more_is_to_be_seen() -> None:
    found = examined(WRONG)
    whole, cut = found.their_curve(), found.their_curve(least=0.05)
    assert whole is not None
    assert cut is not None
    assert cut.steps < whole.steps
    assert (whole.first[cut.steps :] < 0.05).all()


def test_done_right_has_a_curve_where_something_was_wrong() -> None:
    right = examined(WRONG).right_curve()
    assert right is not None
    ours, theirs = right.first[0], recording_of(examined(WRONG)).losses[0][1]
    assert ours == pytest.approx(theirs)
    assert examined(RIGHT).right_curve() is None


@pytest.mark.parametrize("source", [NO_NETWORK, CRASH])
def test_where_no_network_was_judged_there_are_no_steps(source: str) -> None:
    found = examined(source)
    assert (found.recording, found.run, found.count) == (None, None, 0)
    assert found.step(0) is None
    assert found.their_curve() is None
