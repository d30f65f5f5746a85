"""The recipe dialog: starts again with what was chosen, keeps the rest, and says what is wrong."""

import pytest
from textual.widgets import Input, Label, Select

from tests.sample import some
from tests.tui.driving import answer, click, press, shown, until
from tests.tui.test_keys import opened
from xortui.core.model.mistakes import MISTAKES
from xortui.core.model.optimisers import OPTIMISERS
from xortui.core.model.recipe import Recipe
from xortui.core.model.tables import ACTIVATIONS, INITIALISERS, LOSSES
from xortui.core.training.edit import Edit
from xortui.tui.screens.recipe import CHOICES, NAMES, RecipeScreen


def test_every_choice_is_explained_in_half_a_line() -> None:
    assert list(CHOICES["activation"]) == list(ACTIVATIONS)
    assert list(CHOICES["loss"]) == list(LOSSES)
    assert list(CHOICES["init"]) == list(INITIALISERS)
    assert list(CHOICES["optimiser"]) == list(OPTIMISERS)
    assert list(CHOICES["mistake"])[1:] == list(MISTAKES)
    assert all(meaning for meanings in CHOICES.values() for meaning in meanings.values())


@pytest.mark.parametrize("size", some([(60, 18), (80, 24), (120, 36)], 3))
async def test_what_is_chosen_is_started_with_and_the_rest_stays(size: tuple[int, int]) -> None:
    async with opened(50, size=size) as (app, pilot):
        app.session.edit(Edit("learning_rate", value=0.5))
        await press(pilot, "e")
        screen = app.screen
        assert isinstance(screen, RecipeScreen)
        assert screen.query_one("#learning_rate", Input).value == "0.5"
        screen.query_one("#problem", Input).value = "parity3"
        screen.query_one("#activation", Select).value = "tanh"
        screen.query_one("#bias", Select).value = "true"
        await press(pilot, "tab")
        await answer(pilot, "4,3")
        assert app.session.trainer.step_number == 0
        assert app.session.trainer.recipe == Recipe(
            "parity3", (4, 3), "tanh", bias=True, learning_rate=0.5
        )


BAD = [
    ("problem", "[/]"),
    ("hidden", "0"),
    ("hidden", "x"),
    ("seed", "-1"),
    ("seed", ""),
    ("learning_rate", "nan"),
    ("learning_rate", "0"),
]


@pytest.mark.parametrize("size", some([(60, 18), (80, 24), (100, 30)], 3))
async def test_what_is_wrong_is_seen_on_every_screen(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        await press(pilot, "e", "tab", "ctrl+u", "x", "enter")
        assert "hidden units cannot be" in "".join(shown(app))
        assert "Start again" in "".join(shown(app))


async def test_a_bad_value_is_one_sentence_and_the_field_keeps_the_focus() -> None:
    async with opened(5) as (app, pilot):
        await press(pilot, "e")
        for name, text in BAD:
            field = app.screen.query_one(f"#{name}", Input)
            before = field.value
            field.focus()
            await until(pilot, lambda field=field: app.focused is field)  # type: ignore[misc]
            await answer(pilot, text)
            hint = str(app.screen.query_one("#hint", Label).content)
            assert f"{NAMES[name]} cannot be" in hint, text
            assert app.focused is field, text
            assert app.session.trainer.step_number == 5
            field.value = before
        await press(pilot, "escape")
        assert app.session.trainer.recipe == Recipe()


async def test_a_mistake_that_this_network_cannot_make_says_why() -> None:
    async with opened() as (app, pilot):
        await press(pilot, "e")
        app.screen.query_one("#mistake", Select).value = "no-bias-gradient"
        await answer(pilot, "xor")
        assert "it needs a network with biases" in str(app.screen.query_one("#hint", Label).content)


async def test_a_click_on_the_title_opens_it_after_divergence_too() -> None:
    async with opened(255, learning_rate=10.0) as (app, pilot):
        await click(pilot, "Title", (12, 0))
        await until(pilot, lambda: isinstance(app.screen, RecipeScreen))
        app.screen.query_one("#learning_rate", Input).value = "0.1"
        await answer(pilot, "xor")
        assert app.session.trainer.recipe == Recipe()


async def test_an_optimiser_is_chosen_with_its_numbers() -> None:
    async with opened(5) as (app, pilot):
        await press(pilot, "e")
        app.screen.query_one("#optimiser", Select).value = "adam"
        app.screen.query_one("#momentum", Input).value = "0.8"
        await answer(pilot, "xor")
        assert app.session.trainer.recipe == Recipe(optimiser="adam", momentum=0.8)


async def test_numbers_of_the_optimiser_before_do_not_stand_in_the_way_of_another() -> None:
    async with opened(5, optimiser="adam", momentum=0.8) as (app, pilot):
        await press(pilot, "e")
        app.screen.query_one("#optimiser", Select).value = "sgd"
        await answer(pilot, "xor")
        assert app.session.trainer.recipe == Recipe()


async def test_a_number_that_the_optimiser_does_not_use_is_refused() -> None:
    async with opened(5) as (app, pilot):
        await press(pilot, "e")
        app.screen.query_one("#momentum", Input).value = "0.5"
        await answer(pilot, "xor")
        words = str(app.screen.query_one("#hint", Label).content)
        assert words.startswith("momentum cannot be 0.5: sgd does not use it")
        assert app.focused is app.screen.query_one("#momentum")


async def test_the_optimiser_is_changed_in_the_middle_of_a_run_and_back() -> None:
    async with opened(40) as (app, pilot):
        await press(pilot, "O")
        await answer(pilot, "adagrad")
        assert "optimiser cannot be" in str(app.screen.query_one("#hint", Label).content)
        await answer(pilot, "adam")
        assert app.session.trainer.current_recipe == Recipe(optimiser="adam")
        assert app.session.trainer.step_number == 40
        await press(pilot, "z")
        assert app.session.trainer.current_recipe == Recipe()
