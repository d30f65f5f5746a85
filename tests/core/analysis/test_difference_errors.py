"""The error of numerical gradients against their step size."""

from dataclasses import replace

import numpy as np
import pytest

from xortui.core.analysis.gradcheck import (
    MAX_CHARTED,
    STEP_SIZES,
    WHY_CENTRAL,
    DifferenceError,
    difference_errors,
)
from xortui.core.model.network import Network
from xortui.core.model.recipe import Recipe


def chart(recipe: Recipe, indices: list[int] | None = None) -> dict[float, DifferenceError]:
    network = Network(recipe)
    errors = difference_errors(network, network.initial_parameters(), indices)
    return {error.step: error for error in errors}


def test_it_goes_from_a_tenth_to_1e_12() -> None:
    assert list(chart(Recipe())) == list(STEP_SIZES)
    assert (STEP_SIZES[0], STEP_SIZES[-1], len(STEP_SIZES)) == (0.1, 1e-12, 12)


def test_a_tenth_of_the_step_makes_central_errors_a_hundredth_and_forward_ones_a_tenth() -> None:
    errors = chart(Recipe())
    for larger, smaller in ((1e-1, 1e-2), (1e-2, 1e-3)):
        assert errors[larger].central / errors[smaller].central == pytest.approx(100, rel=0.05)
        assert errors[larger].forward / errors[smaller].forward == pytest.approx(10, rel=0.2)


def test_too_small_a_step_drowns_in_rounding() -> None:
    errors = chart(Recipe())
    assert errors[1e-12].central > 1e3 * errors[1e-5].central
    assert errors[1e-12].forward > 1e3 * errors[1e-8].forward


def test_a_forward_difference_with_1e_9_is_a_poor_choice() -> None:
    errors = chart(Recipe())
    assert errors[1e-9].forward > 1e3 * errors[1e-5].central


def test_a_mistake_made_on_purpose_does_not_show() -> None:
    recipe = Recipe(hidden=(3,), bias=True, init="symmetric")
    assert chart(recipe) == chart(replace(recipe, mistake="no-derivative"))


def test_the_worst_of_several_parameters_is_charted() -> None:
    alone = [chart(Recipe(), [index]) for index in range(6)]
    for step, error in chart(Recipe()).items():
        assert error.forward == max(other[step].forward for other in alone)
        assert error.central == max(other[step].central for other in alone)


def test_a_large_network_comes_in_slices_of_one_parameter() -> None:
    network = Network(Recipe(hidden=(20,)))
    errors = list(difference_errors(network, network.initial_parameters()))
    assert len(errors) == MAX_CHARTED * len(STEP_SIZES)
    first = [error.central for error in errors[:MAX_CHARTED]]
    assert first == sorted(first)


def test_a_step_that_rounding_swallows_gives_no_number() -> None:
    network = Network(Recipe())
    vector = np.full(network.size, 1e9)
    errors = {error.step: error for error in difference_errors(network, vector, [0])}
    assert np.isnan(errors[1e-12].central)
    assert np.isnan(errors[1e-12].forward)


def test_the_sentence_names_both_ways_and_both_errors() -> None:
    for part in ("cannot tell", "1e-09", "h²", "1e-16·L/h", "(L(w + h) − L(w − h)) / 2h"):
        assert part in WHY_CENTRAL
