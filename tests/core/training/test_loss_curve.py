"""The bounded loss curve: whatever is recorded, its buckets say the truth about their steps."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xortui.core.model.functions import Array
from xortui.core.training import loss_curve as curve_module
from xortui.core.training.loss_curve import MAX_BUCKETS, NEVER, LossCurve, LossCurveRecorder

FEW = 8


@pytest.fixture(autouse=True, scope="module")
def few_buckets() -> Iterator[None]:
    """So few buckets that they merge after a handful of steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(curve_module, "MAX_BUCKETS", FEW)
        yield


def recorded(losses: Array, sizes: list[int]) -> LossCurveRecorder:
    """A recorder that was given the losses in chunks of these sizes, then the rest at once."""
    recorder = LossCurveRecorder()
    for size in sizes:
        recorder.append(losses[:size])
        losses = losses[size:]
    recorder.append(losses)
    return recorder


def assert_true(curve: LossCurve, losses: Array, most: int = FEW) -> None:
    """Every bucket's first, least, greatest and last are those of its steps."""
    assert curve.steps == len(losses)
    buckets = [losses[at : at + curve.width] for at in range(0, len(losses), curve.width)]
    assert len(buckets) <= most
    assert curve.first.tolist() == [bucket[0] for bucket in buckets]
    assert curve.low.tolist() == [bucket.min() for bucket in buckets]
    assert curve.high.tolist() == [bucket.max() for bucket in buckets]
    assert curve.last.tolist() == [bucket[-1] for bucket in buckets]


def made_up(count: int) -> Array:
    losses: Array = np.random.default_rng(count).uniform(size=count)
    return losses


CHUNKS = st.lists(st.integers(0, 40), max_size=30)


@given(st.integers(0, 600), CHUNKS)
@example(FEW, [FEW])
@example(FEW + 1, [FEW, 1])
@example(64, [1] * 64)
def test_buckets_are_true_however_the_losses_arrive(count: int, sizes: list[int]) -> None:
    losses = made_up(count)
    assert_true(recorded(losses, sizes).curve(), losses)


@pytest.mark.parametrize(
    ("steps", "width"), [(0, 1), (1, 1), (8, 1), (9, 2), (16, 2), (17, 4), (64, 8), (65, 16)]
)
def test_width_doubles_only_when_the_buckets_are_full(steps: int, width: int) -> None:
    assert recorded(made_up(steps), []).curve().width == width


@given(st.integers(1, 300), CHUNKS, st.data())
def test_recorder_until_a_step_goes_on_from_there(
    count: int, sizes: list[int], data: st.DataObject
) -> None:
    losses = made_up(count)
    recorder = recorded(losses, sizes)
    step = data.draw(st.integers(0, count + 5))
    shorter = recorder.until(step)
    assert shorter.steps <= min(step, count)
    assert shorter.steps > min(step, count) - recorder.curve().width  # no more than a bucket less
    assert_true(shorter.curve(), losses[: shorter.steps])
    other = np.concatenate([losses[: shorter.steps], made_up(data.draw(st.integers(0, 100)))])
    shorter.append(other[shorter.steps :])
    assert_true(shorter.curve(), other)
    assert_true(recorder.curve(), losses)  # the longer one is as it was


def test_a_curve_stays_as_it_is_and_cannot_be_written_to() -> None:
    losses = made_up(100)
    recorder = recorded(losses[:50], [])
    curve = recorder.curve()
    recorder.append(losses[50:])
    assert_true(curve, losses[:50])
    for array in (curve.first, curve.low, curve.high, curve.last):
        assert not array.flags.writeable


@given(st.integers(1, 300), st.integers(1, 40))
def test_columns_are_the_greatest_of_equal_shares(count: int, columns: int) -> None:
    losses = made_up(count)
    curve = recorded(losses, []).curve()
    shown = curve.columns(columns)
    assert shown.shape == (columns,)
    assert set(shown) <= set(curve.high)
    assert shown[-1] == curve.high[-1] or columns < len(curve.high)
    if columns <= len(curve.high):  # every bucket is in some column: no peak is lost
        assert shown.max() == losses.max()


@given(st.lists(st.booleans(), max_size=300), CHUNKS)
def test_the_last_step_away_is_kept_to_the_step(away: list[bool], sizes: list[int]) -> None:
    recorder, flags = LossCurveRecorder(), np.array(away, dtype=bool)
    start = 0
    for size in [*sizes, len(away)]:
        part = flags[start : start + size]
        recorder.append(np.ones(len(part)), part)
        start += len(part)
    curve = recorder.curve()
    steps = np.flatnonzero(flags)
    for bucket, found in enumerate(curve.away.tolist()):
        inside = steps[steps // curve.width == bucket]
        assert found == (inside[-1] if len(inside) else NEVER)
    half = len(away) // 2
    shorter = recorder.until(half).curve()
    assert shorter.away.tolist() == curve.away[: len(shorter.away)].tolist()


def test_columns_repeat_where_there_are_fewer_buckets() -> None:
    curve = recorded(np.array([3.0, 1.0, 2.0]), []).curve()
    assert curve.columns(6).tolist() == [3, 3, 1, 1, 2, 2]
    assert curve.columns(3).tolist() == [3, 1, 2]
    assert curve.columns(1).tolist() == [3]


def test_a_hundred_million_steps_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curve_module, "MAX_BUCKETS", MAX_BUCKETS)
    recorder = LossCurveRecorder()
    chunk = made_up(1_000_000)
    for _ in range(100):
        recorder.append(chunk)
    curve = recorder.curve()
    assert curve.steps == 100_000_000
    assert MAX_BUCKETS // 2 < len(curve.first) <= MAX_BUCKETS
    assert curve.width == 2**15
    assert curve.low.min() == chunk.min()
    assert curve.high.max() == chunk.max()


def test_between_steps_are_the_least_and_the_greatest_loss() -> None:
    random = np.random.default_rng(0)
    for steps in (5, 100, 20_000):
        losses = random.uniform(0.1, 1.0, steps)
        recorder = LossCurveRecorder()
        recorder.append(losses)
        curve = recorder.curve()
        edges = np.linspace(0, steps, 5) // curve.width * curve.width
        low, high = curve.between(edges)
        for part, (start, end) in enumerate(pairwise(edges.astype(int).tolist())):
            if end - start >= curve.width:
                assert low[part] == losses[start:end].min()
                assert high[part] == losses[start:end].max()


def test_between_buckets_the_curve_is_a_straight_line_and_beyond_it_nan() -> None:
    recorder = LossCurveRecorder()
    recorder.append(np.array([4.0, 2.0, 1.0]))
    low, high = recorder.curve().between(np.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]))
    assert low.tolist()[:4] == high.tolist()[:4] == [3.5, 2.5, 1.75, 1.25]
    assert np.isnan(low[5])
    assert np.isnan(high[5])
