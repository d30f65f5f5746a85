"""Predict first, in the app: asked, then done and scored; off by default."""

from tests.tui.driving import answer, press, said
from tests.tui.test_keys import opened
from xortui.core.lessons.predict import before_operation, before_step
from xortui.tui.lessons.screens import AnswerScreen


async def test_nothing_is_asked_before_it_is_wanted() -> None:
    async with opened(3) as (app, pilot):
        await press(pilot, "n", ".")
        assert app.screen is app.main_screen
        assert app.session.trainer.step_number == 4


async def test_an_operation_is_carried_out_when_it_was_predicted() -> None:
    async with opened(3) as (app, pilot):
        snapshot = app.session.trainer.snapshot()
        await press(pilot, "P", "n")
        assert isinstance(app.screen, AnswerScreen)
        assert app.session.operation is None
        await answer(pilot, "what?")
        assert isinstance(app.screen, AnswerScreen)
        await answer(pilot, before_operation(snapshot, 0).right[0])
        assert app.session.operation == 0
        assert "Right." in said(app)
        assert "1 of 1 so far" in said(app)
        asked = before_operation(snapshot, 1)
        wrong = next(text for text in asked.allowed if text not in asked.right)
        await press(pilot, "n")
        await answer(pilot, wrong)
        assert app.session.operation == 1
        assert "1 of 2 so far" in said(app)
        await press(pilot, "P")
        assert "Predicted: 1 of 2 right." in said(app)
        await press(pilot, "n")
        assert app.session.operation == 2


async def test_a_step_is_done_when_it_was_predicted_and_escape_does_nothing() -> None:
    async with opened(3) as (app, pilot):
        right = before_step(app.session.trainer.snapshot()).right[0]
        await press(pilot, "P", ".", "escape")
        assert app.session.trainer.step_number == 3
        await press(pilot, ".")
        await answer(pilot, right)
        assert app.session.trainer.step_number == 4
        await press(pilot, ">", ",")
        assert app.session.trainer.step_number == 103, "only single steps are asked about"


async def test_after_divergence_there_is_nothing_to_predict() -> None:
    async with opened(300, learning_rate=10.0) as (app, pilot):
        await press(pilot, "P", ".", "n")
        assert app.screen is app.main_screen
