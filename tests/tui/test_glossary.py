"""Every word and sign is explained where it stands: by the mouse, by a menu, and by the palette."""

import re

import pytest
from textual.widgets import OptionList

from tests.tui.driving import press, settle, shown
from tests.tui.test_keys import WIDE, opened
from tests.tui.test_pane_menu import right_click
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.drawing.lines import plain_text
from xortui.tui.glossary import ALL_WORDS, WORDS, word_at, words_in
from xortui.tui.panes.weights import Weights


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("step 12: loss 0.2", ["step k", "loss"]),
        ("∂L/∂W₂ ← hᵀ·(∂L/∂ŷ ⊙ σ′(z₁))",
         ["gradient ∂L/∂W", "←", "Aᵀ", "A·B, A ⊙ B", "σ, σ′", "z, a, ŷ, y"]),
        ("L = Σℓ", ["L", "ℓ, Σ"]),
        ("Local minimum: 3 of 4 rows", ["local minimum", "row 01, W₁ x₂→h₁"]),
        ("it oscillates at a saddle", ["oscillates", "plateau, saddle"]),
        ("-1.2e-05 of W1[0,1]", ["[0,1], 1e-3"]),
        ("stepping allowed, rightly", []),
    ],
)  # fmt: skip
def test_words_are_found_whole(text: str, names: list[str]) -> None:
    assert [word.name for word in words_in(text)] == names


def test_the_word_at_a_column_is_the_one_that_stands_there() -> None:
    text = "a row of η"
    found = [word_at(text, column) for column in range(len(text) + 1)]
    names = ["" if word is None else word.name for word in found]
    row = "row 01, W₁ x₂→h₁"
    assert names == ["", "", row, row, row, "", "", "", "", "η", ""]


@pytest.mark.parametrize("word", ALL_WORDS, ids=lambda word: word.name)
def test_a_word_is_found_under_a_name_that_it_has(word: object) -> None:
    assert word in [found for entry in ALL_WORDS for found in words_in(entry.name)]


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(),
        Recipe(activation="tanh", hidden=(3, 2), bias=True),
        Recipe(loss="cross-entropy", optimiser="nesterov"),
        Recipe(optimiser="adamw"),
        Recipe(optimiser="rmsprop"),
        Recipe(weight_decay=0.1, l1=0.1, batch=2, schedule="cosine"),
        Recipe(schedule="step"),
    ],
    ids=lambda recipe: f"{recipe.loss} {recipe.optimiser}",
)
def test_every_letter_of_a_calculation_is_in_the_glossary(recipe: Recipe) -> None:
    for result in Trainer(recipe).snapshot().results:
        text = result.operation.formula
        explained = {column for column in range(len(text)) if word_at(text, column)}
        for found in re.finditer(r"[^\W\d_a-zA-Z½²]|[⊙←·]", text):
            assert found.start() in explained, (text, found[0])


async def test_the_mouse_on_a_word_shows_what_it_means() -> None:
    async with opened(5, size=WIDE) as (app, pilot):
        pane = app.screen.query_one(Weights)
        line = plain_text([pane.lines()[1]])
        await pilot.hover(pane, (line.index("∂L/∂W₁"), 1))
        tooltip = str(pane.tooltip)
        assert tooltip == f"gradient ∂L/∂W: {WORDS['gradient ∂L/∂W']}"
        await pilot.hover(pane, (line.index("2×2") + 4, 1))
        assert pane.tooltip is None


async def test_the_menu_offers_the_words_of_the_line() -> None:
    async with opened(5) as (app, pilot):
        await right_click(app, pilot, "#truth")
        choices = app.screen.query_one(OptionList)
        prompts = [str(option.prompt).strip() for option in choices.options]
        place = next(place for place, words in enumerate(prompts) if words.startswith("What is"))
        await press(pilot, *["down"] * place, "enter")
        await settle(pilot)
        name = prompts[place].removeprefix("What is ").removesuffix("?")
        text = " ".join(" ".join(shown(app)).replace("▌", "").split())
        assert name in text
        assert WORDS[name].split()[0] in text
