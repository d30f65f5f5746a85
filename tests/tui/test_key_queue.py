"""Keys that come all at once, as from fast fingers or from a paste into the terminal."""

import pytest
from textual import events

from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp

NAMES = {"\r": "enter", "\x1b": "escape", ",": "comma", ".": "full_stop", "?": "question_mark"}


def typed(app: XorApp, text: str) -> None:
    """Put the keys into the app's queue with nothing in between."""
    for character in text:
        app.post_message(events.Key(NAMES.get(character, character), character))


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("g250\r", 250),
        ("g250\r..", 252),
        ("g250\r,", 249),
        ("g\x1b..", 2),
        ("g1x\r\x1b.", 1),  # what cannot be is told, and the question left
        ("?\x1b.", 1),
        ("B\x1b.", 1),
        ("m\x1b.", 1),
        ("c\x1b.", 1),
        ("w\x1b.", 1),
        ("n\x1b.", 1),
    ],
)
async def test_each_goes_where_the_one_before_has_led(text: str, step: int) -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        typed(app, text)
        for _ in range(100):
            await pilot.pause(0.02)
            if app.session.trainer.step_number == step and app.screen is app.screen_stack[0]:
                break
        assert app.session.trainer.step_number == step


async def test_what_is_typed_into_a_field_stays_in_order() -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        app.query_one("#learning_rate").focus()
        await pilot.pause()
        typed(app, "0.25\r.")
        for _ in range(100):
            await pilot.pause(0.02)
            if app.session.trainer.step_number == 1:
                break
        assert app.session.trainer.snapshot().recipe.learning_rate == 0.25
        assert app.session.trainer.step_number == 1
