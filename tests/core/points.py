"""Recipes and files with points, for tests."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from xortui.core.model.data_file import DataFile
from xortui.core.model.points import POINTS
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import ACTIVATIONS, INITIALISERS, LOSSES

SPIRAL = Recipe(
    problem="spiral",
    hidden=(8, 8),
    activation="tanh",
    bias=True,
    loss="cross-entropy",
    init="xavier",
    optimiser="adam",
    learning_rate=0.02,
)
# Few points with much noise, and more units than they need: it overfits from about step 30 on.
OVERFITTING = replace(SPIRAL, problem="moons", points=60, noise=0.5, hidden=(16, 16))


def data_file(rows: int = 12, inputs: int = 3) -> DataFile:
    """A file of numbers of all sizes, both labels among them."""
    values = tuple(
        tuple(
            (-1) ** (row + column) * (row + 1) * 0.37 * 10.0 ** (column - 4)
            for column in range(inputs)
        )
        for row in range(rows)
    )
    return DataFile("points.csv", values, tuple(row // 2 % 2 for row in range(rows)))


@st.composite
def points_recipes(draw: st.DrawFn, most_points: int = 120) -> Recipe:
    """Any recipe with points, made here or from a file."""
    optimiser = draw(st.sampled_from(["sgd", "momentum", "adam"]))
    common: dict[str, Any] = {
        "hidden": tuple(draw(st.lists(st.integers(1, 12), min_size=1, max_size=3))),
        "activation": draw(st.sampled_from(tuple(ACTIVATIONS))),
        "bias": draw(st.booleans()),
        "loss": draw(st.sampled_from(tuple(LOSSES))),
        "init": draw(st.sampled_from(tuple(INITIALISERS))),
        "seed": draw(st.integers(0, 99)),
        "learning_rate": draw(st.sampled_from([0.001, 0.01, 0.1, 1e6])),
        "optimiser": optimiser,
        "test": draw(st.sampled_from([0.0, 0.3, 0.8])),
        "data_seed": draw(st.integers(0, 99)),
    }
    if draw(st.booleans()):
        data = data_file(draw(st.integers(4, most_points)), draw(st.integers(2, 8)))
        return Recipe(problem="data", data=data, standardise=draw(st.booleans()), **common)
    return Recipe(
        problem=draw(st.sampled_from(tuple(POINTS))),
        points=draw(st.integers(10, most_points)),
        noise=draw(st.sampled_from([0.0, 0.1, 1.0])),
        **common,
    )
