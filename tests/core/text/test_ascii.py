"""Plain ASCII keeps the meaning: mathematics can be worked out, and nothing falls together."""

import ast
import re
from itertools import combinations
from pathlib import Path
from unicodedata import category

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xortui
from tests.core.recipes import parameters, recipes
from tests.core.written import evaluated
from xortui.core.explain.cell import explain_cell
from xortui.core.model.functions import sigmoid
from xortui.core.model.network import Network
from xortui.core.text.ascii import GLYPHS, to_ascii


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ℓ = ½(ŷ − y)²", "l = 0.5*(p - y)^2"),
        ("ℓ = −[y log ŷ + (1 − y) log(1 − ŷ)]", "l = -[y log p + (1 - y) log(1 - p)]"),
        ("L = Σℓ", "L = sum l"),
        ("∂L/∂b₁ = Σ ∂L/∂z₁", "dL/db1 = sum dL/dz1"),
        ("∂L/∂W₁ = Xᵀ·∂L/∂z₁", "dL/dW1 = X^T*dL/dz1"),
        ("∂L/∂z₁ = ∂L/∂a₁ ⊙ (1 − a₁²)", "dL/dz1 = dL/da1 .* (1 - a1^2)"),
        ("a₁ = σ(z₁)", "a1 = sigmoid(z1)"),
        ("W₁ ← W₁ − η·∂L/∂W₁", "W1 <- W1 - lr*dL/dW1"),
        ("W₁[x₂→h₁] ← 0.5 − 0.1·(+0.03) = +0.497", "W1[x2->h1] <- 0.5 - 0.1*(+0.03) = +0.497"),
        ("0.5·([4,1] − [4,1])² → [4,1]", "0.5*([4,1] - [4,1])^2 -> [4,1]"),
        ("They err by about h², and 1e-16·L/h", "They err by about h^2, and 1e-16*L/h"),
        ("from ±4.50", "from +/-4.50"),
        ("σ′", "sigmoid'"),
        ("a ≤ b ≥ c ≠ d ≈ ∞", "a <= b >= c != d ~ inf"),
        ("… 12 more", "... 12 more"),
        ("enter switches · escape leaves", "enter switches - escape leaves"),
        ("       ·", "       ."),
        (" 1e-02 ·  ·  ●", " 1e-02 .  .  o"),
        ("plain", "plain"),
    ],
)
def test_mathematics_and_words_survive(text: str, expected: str) -> None:
    assert to_ascii(text) == expected


def test_no_two_symbols_of_mathematics_become_the_same() -> None:
    symbols = "½²±ᵀσηΣ⊙←→≤≥≠∞ŷℓ∂−′"
    for one, other in combinations(symbols, 2):
        assert to_ascii(one) != to_ascii(other), (one, other)


def in_python(text: str) -> str:
    text = re.sub(r"\d+ more terms = ", "", text)
    return text.replace("^", "**").replace("[", "float(").replace("]", ")")


@pytest.mark.slow
@settings(max_examples=100)
@given(st.data())
def test_a_calculation_in_ascii_gives_the_same_number(data: st.DataObject) -> None:
    """Worked out by Python from the ASCII text, and by the tests' own reader from the other."""
    recipe = data.draw(recipes(most_bits=2, most_units=5, with_mistakes=True))
    network = Network(recipe)
    result = data.draw(st.sampled_from(network.evaluate(data.draw(parameters(recipe))).results))
    index = tuple(data.draw(st.integers(0, length - 1)) for length in result.value.shape)
    explanation = explain_cell(result, index)
    text = to_ascii(explanation.text)
    assert text.isascii()
    calculation = to_ascii(explanation.calculation)
    names = {
        "sigmoid": lambda x: sigmoid(np.asarray(x)),
        "tanh": np.tanh,
        "relu": lambda x: np.maximum(x, 0),
        "sign": np.sign,
        "min": np.minimum,
        "floor": np.floor,
        "cos": np.cos,
        "abs": np.abs,
        "log": np.log,
        "sqrt": np.sqrt,
        "exp": np.exp,
    }
    assert float(eval(in_python(calculation), names)) == pytest.approx(
        evaluated(explanation.calculation), rel=1e-9, abs=1e-12
    )
    assert calculation in text


def strings_of_the_program() -> set[str]:
    """Every string literal of the package that is no docstring."""
    found: set[str] = set()
    for path in Path(xortui.__file__).parent.rglob("*.py"):
        if path.name == "ascii.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        docstrings = {
            ast.get_docstring(node, False)
            for node in ast.walk(tree)
            if isinstance(node, documented)
        }
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if node.value not in docstrings
        }
    return found


@pytest.mark.slow
def test_every_glyph_that_the_program_writes_has_a_form_of_its_own() -> None:
    """A new one must be given one: what is unknown becomes a question mark."""
    strings = strings_of_the_program()
    written = {letter for text in strings for letter in text if not letter.isascii()}
    written = {letter for letter in written if category(letter) != "Cs"}  # bytes, not glyphs
    assert len(written) > 50
    drawn = {letter for letter in written if 0x2500 <= ord(letter) < 0x25A0}
    braille = {letter for letter in written if 0x2800 <= ord(letter) < 0x2900}
    assert written - drawn - braille - {"·"} <= set(GLYPHS)
    assert all(to_ascii(text).isascii() for text in strings if text.isprintable())


def test_what_people_bring_is_made_ascii_too() -> None:
    assert to_ascii("café/ナ.json") == "cafe/?.json"
