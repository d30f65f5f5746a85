"""What a sweep may be asked to do."""

import pytest

from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_fields import RecipeError
from xortui.core.sweep.plan import (
    MAX_CELLS,
    MAX_NETWORKS,
    Plan,
    SweepError,
    check_duration,
    format_seconds,
    grid,
    parse_seeds,
    parse_values,
    varying_fields,
)


def test_seeds_are_a_half_open_range() -> None:
    assert parse_seeds("0:1000") == range(1000)
    assert parse_seeds("7:8") == range(7, 8)
    assert parse_seeds(f"0:{2**32}")[-1] == 2**32 - 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "5",
        "5:5",
        "9:3",
        "-1:4",
        "0:1.5",
        "0:1_000",
        "a:b",
        "0:4294967297",
        "٠:٣",
        "0:" + "9" * 99,
    ],
)
def test_other_seeds_are_one_sentence(text: str) -> None:
    with pytest.raises(SweepError, match=r"^seeds cannot be .*; allowed: .*0:1000$") as error:
        parse_seeds(text)
    assert len(str(error.value)) < 200


def test_values_are_separated_by_commas_or_given_again() -> None:
    assert parse_values("learning_rate", ["0.05,0.1", "0.2"]) == (0.05, 0.1, 0.2)
    assert parse_values("hidden", ["2", "4,3"]) == ((2,), (4, 3))
    assert parse_values("bias", ["true,false"]) == (True, False)
    assert parse_values("activation", ["tanh", "tanh"]) == ("tanh",)
    with pytest.raises(RecipeError, match="learning_rate"):
        parse_values("learning_rate", ["0.1,,0.2"])


def test_a_grid_has_every_combination_the_last_field_fastest() -> None:
    recipes = grid(Recipe(), {"hidden": [(2,), (3,)], "learning_rate": [0.1, 0.2]})
    assert [(r.hidden, r.learning_rate) for r in recipes] == [
        ((2,), 0.1),
        ((2,), 0.2),
        ((3,), 0.1),
        ((3,), 0.2),
    ]
    assert varying_fields(recipes) == ("hidden", "learning_rate")
    assert grid(Recipe(), {}) == (Recipe(),)


def test_what_cannot_vary_is_said() -> None:
    with pytest.raises(SweepError, match="cannot vary seed"):
        grid(Recipe(), {"seed": [1, 2]})
    with pytest.raises(SweepError, match="at least one value of hidden"):
        grid(Recipe(), {"hidden": []})
    with pytest.raises(SweepError, match=f"from 1 to {MAX_CELLS} recipes"):
        grid(Recipe(), {"learning_rate": [0.001 * (i + 1) for i in range(MAX_CELLS + 1)]})
    with pytest.raises(RecipeError, match="activation"):
        grid(Recipe(), {"activation": ["sinus"]})


def test_a_plan_is_checked_before_anything_starts() -> None:
    recipes = (Recipe(),)
    with pytest.raises(SweepError, match="from 1 to"):
        Plan((), range(10), 10)
    with pytest.raises(SweepError, match="each recipe once"):
        Plan((Recipe(seed=1), Recipe(seed=2)), range(10), 10)
    for seeds in (range(0), range(0, 10, 2), range(-1, 5), range(2**32, 2**32 + 1)):
        with pytest.raises(SweepError, match="seeds cannot be"):
            Plan(recipes, seeds, 10)
    for steps in (0, -1, 10**9 + 1):
        with pytest.raises(SweepError, match="steps cannot be"):
            Plan(recipes, range(10), steps)


def test_results_that_would_not_fit_into_memory_are_refused() -> None:
    assert Plan((Recipe(),), range(MAX_NETWORKS), 10).networks == MAX_NETWORKS
    with pytest.raises(SweepError, match=r"would take 256 MiB of memory; allowed: 256 MiB"):
        Plan((Recipe(),), range(MAX_NETWORKS + 1), 10)


def test_a_sweep_of_more_than_a_day_is_refused_with_its_duration() -> None:
    plan = Plan((Recipe(),), range(1000), 10**9)
    check_duration(plan, 86_400)
    with pytest.raises(SweepError, match=r"1,000 networks x 1,000,000,000 steps .* about 40 days"):
        check_duration(plan, 40 * 86_400)


def test_durations_are_written_in_words() -> None:
    seconds = (0.2, 42, 600, 7300, 86_400, 40 * 86_400)
    assert [format_seconds(s) for s in seconds] == [
        "1 s", "42 s", "10 min", "2 h", "24 h", "40 days",
    ]  # fmt: skip


# -- optimisers ----------------------------------------------------------------------------------


def test_each_optimiser_takes_the_numbers_that_mean_something_for_it() -> None:
    recipes = grid(Recipe(), {"optimiser": ("sgd", "momentum", "rmsprop"), "momentum": (0.5, 0.9)})
    assert recipes == (
        Recipe(),
        Recipe(optimiser="momentum", momentum=0.5),
        Recipe(optimiser="momentum", momentum=0.9),
        Recipe(optimiser="rmsprop"),
    )
    assert [recipe.given("momentum") for recipe in recipes] == [None, 0.5, 0.9, None]


def test_another_optimiser_leaves_out_what_the_recipe_has_for_its_own() -> None:
    recipes = grid(Recipe(optimiser="adam", beta2=0.9), {"optimiser": ("adam", "momentum")})
    assert recipes == (Recipe(optimiser="adam", beta2=0.9), Recipe(optimiser="momentum"))


def test_a_number_that_no_optimiser_of_the_sweep_uses_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"momentum cannot be 0\.9: rmsprop does not use it"):
        grid(Recipe(optimiser="rmsprop"), {"momentum": (0.9,)})
