"""The shapes of an operation, read off its expression."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import recipes
from tests.sample import examples
from xortui.core.explain.arithmetic import value_of
from xortui.core.explain.calculation import calculation_of, shapes_line
from xortui.core.model.network import Network, Result
from xortui.core.model.operation import Operation
from xortui.core.model.recipe import Recipe


def lines(recipe: Recipe) -> dict[str, str]:
    """The shapes line of each operation; of the updates, only those under a name of their own."""
    network = Network(recipe)
    found: dict[str, str] = {}
    for result in network.evaluate(network.initial_parameters()).results:
        found.setdefault(result.operation.target, shapes_line(result))
    return found


def test_shapes_of_the_reference() -> None:
    assert lines(Recipe()) == {
        "z1": "[4,2]·[2,2] → [4,2]",
        "a1": "σ([4,2]) → [4,2]",
        "yhat": "[4,2]·[2,1] → [4,1]",
        "losses": "0.5·([4,1] − [4,1])² → [4,1]",
        "L": "Σ [4,1] → one number",
        "loss": "L/4 → one number",
        "dyhat": "[4,1] − [4,1] → [4,1]",
        "dW2": "[4,2]ᵀ·[4,1] → [2,1]",
        "da1": "[4,1]·[2,1]ᵀ → [4,2]",
        "dz1": "[4,2] ⊙ ([4,2] ⊙ (1 − [4,2])) → [4,2]",
        "dW1": "[4,2]ᵀ·[4,2] → [2,2]",
        "W1": "[2,2] − η·[2,2] → [2,2]",
        "W2": "[2,1] − η·[2,1] → [2,1]",
    }


def test_shapes_of_biases_cross_entropy_and_relu() -> None:
    found = lines(Recipe(hidden=(3,), bias=True, loss="cross-entropy", activation="relu"))
    assert found["z1"] == "[4,2]·[2,3] + [3] → [4,3]"
    assert found["a1"] == "relu([4,3]) → [4,3]"
    assert found["losses"] == "log(1 + exp [4,1]) − [4,1] ⊙ [4,1] → [4,1]"
    assert found["dz1"] == "[4,3] ⊙ [[4,3] > 0] → [4,3]"
    assert found["db1"] == "Σ rows of [4,3] → [3]"


def test_shapes_of_broken_lines() -> None:
    assert lines(Recipe(mistake="wrong-transpose"))["dW1"] == "[4,2]ᵀ·[4,2] → [2,2]"
    turned = lines(Recipe(mistake="wrong-transpose", hidden=(3,)))
    assert turned["dW1"] == "reshape([4,3]ᵀ·[4,2]) → [2,3]"
    still = lines(Recipe(mistake="no-bias-gradient", bias=True))
    assert still["db1"] == "zeros like [2] → [2]"


@pytest.mark.slow
@examples(30)
@given(st.data())
def test_any_cell_is_calculated_as_numpy_does(data: st.DataObject) -> None:
    network = Network(data.draw(recipes(most_bits=3, most_units=9)))
    for result in network.evaluate(network.initial_parameters()).results:
        index = tuple(data.draw(st.integers(0, length - 1)) for length in result.value.shape)
        node = calculation_of(result, index, most_terms=4)
        assert float(value_of(node)) == pytest.approx(result.value[index], rel=1e-9, abs=1e-12)


def test_an_expression_that_no_network_has_is_refused_not_guessed() -> None:
    network = Network(Recipe())
    weights = network.views(network.initial_parameters())
    operation = Operation("t", "np.cumsum(W1, axis=0)[0]", "t = ?", "", "forward")
    result = Result(Recipe(), operation, {"W1": weights["W1"]}, weights["W1"][0])
    with pytest.raises(NotImplementedError, match="cumsum"):
        calculation_of(result, (0,), most_terms=8)
