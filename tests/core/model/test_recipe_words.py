"""A recipe in words: what the reference has goes without saying."""

from xortui.core.model.recipe import Recipe
from xortui.core.model.recipe_words import in_words, points_in_words, training_in_words


def test_described_in_a_few_words() -> None:
    assert in_words(Recipe()) == "XOR 2-2-1 sigmoid, no bias, seed 0, learning rate 0.1"
    recipe = Recipe("parity3", (4, 3), "tanh", True, "cross-entropy", "xavier", 9, 0.5)
    assert in_words(recipe) == (
        "3-bit parity 3-4-3-1 tanh, bias, cross-entropy, xavier, seed 9, learning rate 0.5"
    )


def test_only_what_differs_from_plain_gradient_descent_is_said_of_training() -> None:
    assert training_in_words(Recipe()) == []
    recipe = Recipe(optimiser="adam", momentum=0.5, weight_decay=0.01, batch=2, shuffle=True)
    assert training_in_words(recipe) == [
        "adam momentum 0.5",
        "weight decay 0.01",
        "batch 2 shuffled",
    ]


def test_points_are_said_with_how_they_were_made() -> None:
    assert points_in_words(Recipe()) == []
    recipe = Recipe(problem="moons", points=100, noise=0.2, test=0)
    assert points_in_words(recipe) == ["100 points", "noise 0.2", "no test"]
