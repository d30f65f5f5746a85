"""What hidden units compute, said from their activations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xortui.core.analysis.hidden_units import by_ones, describe_unit, name_function, unit_sentences
from xortui.core.model.network import Network
from xortui.core.model.problem import GATES
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer

BITS = Network(Recipe()).bits
BITS_3 = Network(Recipe(problem="parity3")).bits

NAMES = {
    "xor": "XOR-like",
    "and": "AND-like",
    "or": "OR-like",
    "nand": "NAND-like",
    "nor": "NOR-like",
    "xnor": "XNOR-like",
    "implies": "like x₁ → x₂",
    "implied-by": "like x₂ → x₁",
    "x1-only": "like x₁ AND NOT x₂",
    "x2-only": "like x₂ AND NOT x₁",
    "x1": "copies x₁",
    "x2": "copies x₂",
    "not-x1": "negates x₁",
    "not-x2": "negates x₂",
}


@pytest.mark.parametrize("gate", NAMES)
@pytest.mark.parametrize(("activation", "off", "on"), [("sigmoid", 0.1, 0.9), ("tanh", -0.8, 0.9),
                                                       ("relu", 0.0, 3.0)])  # fmt: skip
def test_every_gate_has_its_name(gate: str, activation: str, off: float, on: float) -> None:
    values = np.array([on if label == "1" else off for label in GATES[gate]])
    assert describe_unit(activation, BITS, values) == NAMES[gate]


@pytest.mark.parametrize(
    ("on", "name"),
    [
        ("00000001", "AND-like"),
        ("01111111", "OR-like"),
        ("10000000", "NOR-like"),
        ("11111110", "NAND-like"),
        ("00010111", "on from 2 ones up"),
        ("11101000", "on below 2 ones"),
        ("01101001", "parity of the bits"),
        ("10010110", "even parity of the bits"),
        ("00110011", "copies x₂"),
        ("10101010", "negates x₃"),
        ("01000100", "on for 2 of 8 patterns"),
    ],
)
def test_functions_of_three_bits(on: str, name: str) -> None:
    assert name_function(BITS_3, np.array([digit == "1" for digit in on])) == name


@pytest.mark.parametrize(
    ("activation", "values", "computes"),
    [
        ("sigmoid", [1, 0.999, 1, 0.995], "saturated"),
        ("sigmoid", [0.001, 0, 0, 0], "saturated"),
        ("tanh", [-1, -0.999, -1, -1], "saturated"),
        ("tanh", [0, 0.001, 0, 0], "constant"),
        ("sigmoid", [0.5, 0.5, 0.5, 0.5], "constant"),
        ("relu", [0, 0, 0, 0], "dead"),
        ("relu", [2, 2, 2, 2], "constant"),
        ("sigmoid", [0.5, 0.6, 0.7, 0.8], "graded"),
        ("sigmoid", [0.5, 0.84, 0.85, 0.97], "rises with each 1"),
        ("tanh", [0.9, 0.1, 0.1, -0.8], "falls with each 1"),
        ("sigmoid", [0.17, 0.17, 0.04, 0.04], "stays low"),
        ("sigmoid", [0.83, 0.96, 0.83, 0.96], "stays high"),
        ("tanh", [-0.9, -0.9, -0.5, -0.5], "stays low"),
        ("sigmoid", [0.5, np.nan, 0.7, 0.8], "not finite"),
    ],
)
def test_units_that_compute_no_function(
    activation: str, values: list[float], computes: str
) -> None:
    assert describe_unit(activation, BITS, np.array(values, dtype=float)) == computes


def test_a_unit_that_repeats_or_mirrors_another_is_told_so() -> None:
    first = np.array([0.1, 0.9, 0.8, 0.9])
    layer = np.stack([first, first + 0.005, 1 - first, first * 0.9], axis=1)
    found = unit_sentences("sigmoid", BITS, layer, ("h₁", "h₂", "h₃", "h₄"))
    assert [unit.name for unit in found] == ["h₁", "h₂", "h₃", "h₄"]
    assert [unit.computes for unit in found] == [
        "OR-like",
        "the same as h₁",
        "the opposite of h₁",
        "OR-like",
    ]


def test_two_saturated_units_are_called_so_and_not_the_same() -> None:
    found = unit_sentences("sigmoid", BITS, np.ones((4, 2)), ("h₁", "h₂"))
    assert [unit.computes for unit in found] == ["saturated", "saturated"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([0.5, 0.99, 0.98, 1.0], "h₁ is OR-like: from 0.50 to 1.00"),
        ([0.1, 0.1, 0.9, 0.9], "h₁ copies x₁: from 0.10 to 0.90"),
        ([0.5, 0.6, 0.7, 0.8], "h₁ is graded: from 0.50 to 0.80, not two clear levels"),
        ([0.5, 0.84, 0.86, 0.97], "h₁ rises with each 1: 0.50, 0.85, 0.97"),
        ([0.17, 0.17, 0.04, 0.04], "h₁ stays low: from 0.04 to 0.17"),
        ([1.0, 1.0, 1.0, 1.0], "h₁ is saturated: 1.00 for every pattern"),
        ([0.5, 0.5, 0.5, 0.5], "h₁ is constant: 0.50 for every pattern"),
        ([np.nan, 0.5, 0.5, 0.5], "h₁ is not finite"),
    ],
)
def test_sentences_say_the_figures_they_rest_on(values: list[float], sentence: str) -> None:
    (found,) = unit_sentences("sigmoid", BITS, np.array(values)[:, None], ("h₁",))
    assert found.sentence == sentence


def test_a_dead_unit_says_so() -> None:
    found = unit_sentences("relu", BITS, np.zeros((4, 1)), ("h₁",))
    assert found[0].sentence == "h₁ is dead: off, 0 for every pattern"


def test_the_units_of_the_solved_reference_are_told_apart() -> None:
    trainer = Trainer(Recipe())
    trainer.step(10_000)
    found = unit_sentences("sigmoid", BITS, trainer.snapshot().values["a1"], ("h₁", "h₂"))
    assert [unit.computes for unit in found] == ["rises with each 1", "OR-like"]


def test_activations_by_the_number_of_ones_are_given_only_where_nothing_else_counts() -> None:
    levels = by_ones("sigmoid", BITS, np.array([0.5, 0.84, 0.86, 0.97]))
    assert levels is not None
    assert levels.tolist() == pytest.approx([0.5, 0.85, 0.97])
    assert by_ones("sigmoid", BITS, np.array([0.5, 0.8, 0.9, 0.97])) is None
    assert by_ones("sigmoid", BITS, np.array([0.5, np.nan, 0.9, 0.97])) is None


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_a_gates_name_needs_values_on_both_sides_or_a_wide_move(values: list[float]) -> None:
    activations = np.array(values)
    computes = describe_unit("sigmoid", BITS, activations)
    is_gate = computes.startswith(("copies", "negates", "like")) or computes.endswith("-like")
    crosses = activations.min() <= 0.5 <= activations.max()
    assert not is_gate or crosses or np.ptp(activations) >= 0.3
    if computes == "stays low":
        assert activations.max() < 0.5
    if computes == "rises with each 1":
        assert activations[0] < activations[1:3].mean() < activations[3]
