"""Finite differences of their own: passes with one number moved are no steps of the training."""

import numpy as np

from xortui.core.debug.network import Step
from xortui.core.debug.probes import runs_of_steps
from xortui.core.debug.units import Pass


def steps(*thetas: list[float]) -> list[Step]:
    nothing = np.zeros((1, 1))
    return [
        Step(number, 0, number, nothing, nothing, np.array(theta), [], [], Pass())
        for number, theta in enumerate(thetas)
    ]


def numbers(runs: list[list[Step]]) -> list[list[int]]:
    return [[step.number for step in run] for run in runs]


START = [1.0, 2.0, 3.0, 4.0, 5.0]
LATER = [1.1, 2.1, 3.1, 4.1, 5.1]
LAST = [1.2, 2.2, 3.2, 4.2, 5.2]


def moved(slot: int, by: float) -> list[float]:
    return [number + by * (place == slot) for place, number in enumerate(START)]


def test_steps_follow_each_other() -> None:
    assert numbers(runs_of_steps(steps(START, LATER, LAST))) == [[0, 1, 2]]


def test_trials_are_left_out_where_everything_is_put_back() -> None:
    tried = steps(START, moved(0, 1e-5), moved(0, -1e-5), moved(1, 1e-5), moved(1, -1e-5),
                  START, LATER, LAST)  # fmt: skip
    assert numbers(runs_of_steps(tried)) == [[0, 5, 6, 7]]


def test_what_was_put_back_but_for_rounding_is_the_same() -> None:
    rounded = [*START[:4], START[4] + 1e-15]
    (run,) = runs_of_steps(steps(START, moved(4, 1e-5), rounded, LATER))
    assert run[1].theta.tolist() == START


def test_an_update_among_trials_tells_nothing_of_either_side() -> None:
    tried = steps(START, moved(0, 1e-5), moved(0, -1e-5), LATER, LAST)
    assert numbers(runs_of_steps(tried)) == [[0], [3, 4]]


def test_where_all_updates_are_small_they_are_updates() -> None:
    small = steps(START, moved(0, 0.1), moved(1, 0.1), moved(2, 0.1))
    assert numbers(runs_of_steps(small)) == [[0, 1, 2, 3]]


def test_a_gap_in_the_recording_begins_a_run() -> None:
    first, second, third = steps(START, LATER, LAST)
    third.number += 1
    assert numbers(runs_of_steps([first, second, third])) == [[0, 1], [3]]
