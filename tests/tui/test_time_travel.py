"""Going back, changing the run, branches: by keys, by typing and by mouse."""

import os
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from textual.widgets import Input, Label

from tests.hostile import HOSTILE
from tests.sample import some
from tests.tui.driving import press, said, shown, typed, until
from tests.tui.test_keys import WIDE, opened
from xortui.core.model.recipe import Recipe
from xortui.core.training.branch import Branch
from xortui.core.training.timeline import Timeline
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.panes.loss import LossPane, reading_at
from xortui.tui.panes.timeline_bar import TimelineBar
from xortui.tui.screens.ask import Ask
from xortui.tui.screenshot import ScreenshotOptions, screenshot


async def test_g_goes_to_a_place() -> None:
    async with opened(300) as (app, pilot):
        for place, step in (("250", 250), ("50%", 150), ("-10", 90), ("end", 300)):
            app.training.go_to(100)
            await press(pilot, "g")
            await typed(pilot, place)
            assert app.session.trainer.step_number == step, place


async def test_a_place_that_is_none_is_said_and_the_question_stays() -> None:
    async with opened(5) as (app, pilot):
        await pilot.press("g")
        await typed(pilot, "nowhere")
        assert isinstance(app.screen, Ask)
        await pilot.press("escape")
        assert app.session.trainer.step_number == 5


async def test_a_past_step_is_shown_to_the_bit_and_the_title_says_rewound() -> None:
    plain = Trainer(Recipe())
    plain.step(120)
    async with opened(300) as (app, _):
        app.training.go_to(120)
        assert app.frame.snapshot.rewound
        assert np.array_equal(app.frame.snapshot.parameters, plain.snapshot().parameters)


async def test_a_long_way_can_be_stopped_with_escape_and_blocks_no_key() -> None:
    async with opened(0) as (app, pilot):
        app.training.go_to(50_000_000)
        assert app.training.seeking == 50_000_000
        await pilot.press("escape")
        assert app.training.seeking is None
        assert 0 < app.session.trainer.step_number < 50_000_000


async def test_a_weight_is_typed_and_outputs_follow_at_once() -> None:
    async with opened(10) as (app, pilot):
        await pilot.press("2", "right", "enter")
        await typed(pilot, "-2.5")
        assert app.frame.snapshot.values["W1"][0, 1] == -2.5
        assert app.frame.snapshot.values["z1"][2, 1] == -2.5
        await pilot.press("z")
        assert app.frame.snapshot.values["W1"][0, 1] != -2.5


async def test_what_is_no_number_changes_nothing() -> None:
    async with opened(10) as (app, pilot):
        for text in ("", "x", "1_000", "nan", "inf", "1e10"):
            await press(pilot, "2", "enter")
            await typed(pilot, text)
            assert isinstance(app.screen, Ask), text
            await press(pilot, "escape")
            assert app.session.trainer.snapshot().edits == (), text


async def test_a_label_is_flipped_by_enter_and_by_a_click() -> None:
    async with opened(10, size=WIDE) as (app, pilot):
        await pilot.press("1", "down", "enter")
        await pilot.pause()
        assert app.session.trainer.snapshot().recipe.table.labels == (0, 0, 1, 0)
        await pilot.click("#truth", offset=(11, 2))
        await pilot.pause()
        assert app.session.trainer.snapshot().recipe.table.labels == (1, 0, 1, 0)


async def test_a_frozen_weight_stays_where_it_is_until_it_is_set_free() -> None:
    async with opened(10) as (app, pilot):
        await pilot.press("2", "x")
        await pilot.pause()
        before = app.session.trainer.snapshot().values["W1"][0, 0]
        app.main_screen.action_step(5)
        assert app.session.trainer.snapshot().values["W1"][0, 0] == before
        await pilot.press("2", "x")
        await pilot.pause()
        app.main_screen.action_step(5)
        assert app.session.trainer.snapshot().values["W1"][0, 0] != before


async def test_an_edit_in_the_past_starts_a_branch_that_can_be_left_again() -> None:
    async with opened(100) as (app, pilot):
        app.training.go_to(50)
        await pilot.press("u")
        await typed(pilot, "0.1")
        assert [item.current for item in app.frame.snapshot.branches] == [False, True]
        await pilot.press("B", "up", "enter")
        await pilot.pause()
        assert app.session.trainer.current_branch == 0
        await pilot.press("B", "down", "d")
        await pilot.pause()
        assert len(app.session.trainer.branches) == 1


@pytest.mark.parametrize(
    ("field", "text", "wanted"),
    [
        ("seed", "7", 7),
        ("learning_rate", "0.5", 0.5),
        ("seed", "-1", 0),
        ("learning_rate", "x", 0.1),
    ],
)
async def test_seed_and_learning_rate_can_be_typed(field: str, text: str, wanted: float) -> None:
    async with opened(10) as (app, pilot):
        entry = app.query_one(f"#{field}", Input)
        entry.focus()
        entry.value = text
        await pilot.press("enter")
        await pilot.pause()
        assert getattr(app.session.trainer.snapshot().recipe, field) == wanted
        assert (app.focused is None) == (str(wanted) == text)  # a mistake can be mended at once


async def test_a_click_on_the_timeline_goes_there() -> None:
    async with opened(1000) as (app, pilot):
        await pilot.click(TimelineBar, offset=(3, 0))
        await pilot.pause()
        assert app.session.trainer.step_number == 0
        width = app.query_one(TimelineBar).size.width
        await pilot.click(TimelineBar, offset=(width // 2, 0))
        await pilot.pause()
        assert 400 < app.session.trainer.step_number < 600


async def test_the_loss_is_read_exactly_and_enter_goes_there() -> None:
    async with opened(300) as (app, pilot):
        await pilot.press("3", "left", "left", "left")
        loss = app.query_one(LossPane)
        assert loss.column is not None
        reading = reading_at(app.frame.snapshot, *loss.size, loss.column)
        assert reading is not None
        await pilot.press("enter")
        await pilot.pause()
        assert app.session.trainer.step_number == reading[0]
        assert app.session.trainer.snapshot().loss == reading[1]


@pytest.mark.slow
@pytest.mark.parametrize("names", some([HOSTILE[:8], HOSTILE[8:16], HOSTILE[16:]], 3, ascii))
def test_branch_names_are_harmless_in_the_list(names: tuple[str, ...]) -> None:
    trainer = Trainer(Recipe())
    trainer.restore([Branch(name, Timeline(Recipe())) for name in names], 0)
    text = screenshot(trainer, (120, 36), True, ScreenshotOptions("branches"))
    assert text.replace("\n", "").isprintable()
    assert text.count("loss 1.445e-01") == len(names)
    drawing = screenshot(trainer, (120, 36), False, ScreenshotOptions("branches"))
    ElementTree.fromstring(drawing)  # control characters are no XML


async def test_after_divergence_one_can_go_back_and_mend_it() -> None:
    async with opened(300, learning_rate=10.0) as (app, pilot):
        assert app.session.trainer.at_end
        await pilot.press("full_stop", "space")
        assert not app.training.running
        await pilot.press("less_than_sign")
        assert app.session.trainer.step_number == 155
        assert app.main_screen.enter_field("learning_rate", "0.1") == ""
        app.main_screen.action_step(300)
        assert app.session.trainer.diverged_at is None
        assert isinstance(app, XorApp)


async def test_a_picture_is_saved_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.chdir(tmp_path)
    async with opened(5) as (app, pilot):
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            app.action_picture()
        await pilot.pause()
        assert any("No space left" in note.message for note in app._notifications)
        assert list(tmp_path.glob("*.svg")) == []
        app.action_picture()
        (picture,) = tmp_path.glob("*.svg")
        assert picture.name == "xortui-step-5.svg"
        ElementTree.parse(picture)


async def test_a_run_to_a_goal_names_it_and_escape_stops_it() -> None:
    async with opened(size=(80, 24)) as (app, pilot):
        await pilot.press("g")
        await typed(pilot, "loss<1e-7")
        await until(pilot, lambda: app.session.trainer.step_number > 0)
        assert app.training.running
        assert "on to loss<1e-07, escape stops" in shown(app)[0]
        await press(pilot, "escape")
        assert not app.training.running
        assert "loss<1e-07" not in shown(app)[0]
        step = app.session.trainer.step_number
        await pilot.pause(0.05)
        assert app.session.trainer.step_number == step


async def test_escape_leaves_a_run_without_a_goal_alone() -> None:
    async with opened() as (app, pilot):
        await press(pilot, "space", "escape")
        assert app.training.running


async def test_questions_say_what_enter_and_escape_do() -> None:
    async with opened(5) as (app, pilot):
        for key in ("g", "u", "E", "ctrl+s"):
            await press(pilot, key)
            hint = str(app.screen.query_one("#hint", Label).content)
            assert "enter" in hint, key
            assert "escape cancels" in hint, key
            await press(pilot, "escape")


async def test_e_in_capitals_sets_the_learning_rate_as_an_edit() -> None:
    async with opened(5) as (app, pilot):
        await press(pilot, "E")
        await typed(pilot, "fast")
        hint = str(app.screen.query_one("#hint", Label).content)
        assert hint.startswith('η cannot be "fast"; allowed: a number above 0')
        await typed(pilot, "0.5")
        assert [(step, edit.value) for step, edit in app.session.edits] == [(5, 0.5)]


async def test_what_was_said_of_a_step_goes_when_the_run_goes_on() -> None:
    async with opened(5) as (app, pilot):
        app.notify("Paused at step 5.")
        app.notify("A run was not saved.", lasting=True)
        await press(pilot, "space")
        assert said(app) == "A run was not saved."


COPIED = {
    "1": "Truth table: 6 lines copied",
    "2": "Weights: ",
    "3": "Loss: ",
    "4": "Operations: ",
    "5": "Decision surface: ",
    "6": "Network: ",
    "7": "Hidden units: ",
    "8": "Hidden space: ",
    "9": "Loss landscape: ",
    "0": "Norms: ",
    "c": "Gradient check: ",
}


async def test_a_copy_is_told_by_what_the_pane_is_called() -> None:
    async with opened(5) as (app, pilot):
        for key, words in COPIED.items():
            app.clear_notifications()
            await press(pilot, key, "y")
            assert said(app).startswith(words), key
            assert said(app).endswith("copied to the terminal's clipboard."), key
