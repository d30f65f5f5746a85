"""Breakpoints in the app: chosen in a list, told where they come true, saved with the run."""

from pathlib import Path

import pytest
from textual.widgets import Label

from tests.tui.driving import answer, press, until
from tests.tui.test_keys import opened
from xortui.core.model.recipe import Recipe
from xortui.core.training.breakpoints import MAX_BREAKPOINTS, Breakpoint
from xortui.core.training.run_file import read_run
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.lines import plain_text
from xortui.tui.panes.loss_chart import paint_loss_chart
from xortui.tui.panes.timeline_bar import paint_timeline
from xortui.tui.screens.breakpoints import BreakpointsScreen, Switches


def said(app: XorApp) -> str:
    return " ".join(note.message for note in app._notifications)


async def test_one_that_is_switched_on_pauses_the_run_which_goes_on_with_space() -> None:
    async with opened() as (app, pilot):
        await press(pilot, "k", "down", "down", "down", "space", "escape")
        assert app.session.trainer.breakpoints == (Breakpoint("flip"),)
        await press(pilot, "space")
        await until(pilot, lambda: not app.training.running)
        assert app.session.trainer.step_number == 1
        assert "Paused at step 1: row 00 is right now. Press space to continue." in said(app)
        await press(pilot, "space")
        await until(pilot, lambda: not app.training.running)
        assert app.session.trainer.step_number > 1
        await press(pilot, "r")
        assert app.session.trainer.breakpoints == (Breakpoint("flip"),), "as all that is set"
        await press(pilot, "k", "space", "escape")
        assert Breakpoint("solved") in app.session.trainer.breakpoints


async def test_what_is_on_is_said_without_colours_and_no_more_than_a_file_can_hold() -> None:
    async with opened() as (app, pilot):
        await press(pilot, "k", "space")
        screen = app.screen
        assert isinstance(screen, BreakpointsScreen)
        choices = screen.query_one(Switches)
        marks = [str(choices.get_option_at_index(place).prompt)[0] for place in (0, 1)]
        assert marks == ["●", "○"]
        await press(pilot, "tab")
        for number in range(MAX_BREAKPOINTS):
            await answer(pilot, f"loss<0.{number + 10}")
        assert len(screen.chosen) == MAX_BREAKPOINTS
        hint = str(screen.query_one("#hint", Label).content)
        assert hint == f"at most {MAX_BREAKPOINTS} breakpoints can be on at a time"


async def test_a_limit_of_ones_own_is_added_and_saved_with_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(5) as (app, pilot):
        await press(pilot, "k")
        screen = app.screen
        assert isinstance(screen, BreakpointsScreen)
        await press(pilot, "tab")
        await answer(pilot, "loss")
        assert 'a run cannot pause at "loss"' in str(screen.query_one("#hint", Label).content)
        await answer(pilot, "loss < 0.05")
        assert screen.chosen == (Breakpoint("loss", 0.05),)
        assert "cannot" not in str(screen.query_one("#hint", Label).content), "no longer wrong"
        await press(pilot, "escape", "ctrl+s")
        await answer(pilot, "run.json")
        assert read_run("run.json").breakpoints == (Breakpoint("loss", 0.05),)
        await press(pilot, "space")
        await until(pilot, lambda: not app.training.running)
        assert app.session.trainer.snapshot().loss < 0.05
        assert app.session.trainer.snapshot().pauses == (app.session.trainer.step_number,)


async def test_g_runs_on_to_what_has_not_been_so_yet() -> None:
    async with opened() as (app, pilot):
        await press(pilot, "g")
        await answer(pilot, "solved")
        await until(pilot, lambda: not app.training.running)
        assert app.session.trainer.step_number == 2198
        assert "solved: every row is right" in said(app)


async def test_after_divergence_the_list_opens_and_space_says_why_it_ends() -> None:
    async with opened(255, learning_rate=10.0) as (app, pilot):
        await press(pilot, "k", "space", "escape", "space")
        assert not app.training.running
        assert app.session.trainer.breakpoints == (Breakpoint("solved"),)
        assert "Diverged" in said(app)
        assert "Press d" in said(app)


def test_where_a_breakpoint_came_true_is_marked_on_timeline_and_loss() -> None:
    trainer = Trainer(Recipe())
    while trainer.step_number < 500:
        trainer.run_for(1.0, 500 - trainer.step_number, (Breakpoint("loss", 0.1252),))
    trainer.seek(1500)
    snapshot = trainer.snapshot()
    assert len(snapshot.pauses) == 1
    assert plain_text(paint_timeline(snapshot, 80)).count("■") == 1
    (step,) = snapshot.pauses
    assert f"break {step:,}" in plain_text(paint_loss_chart(snapshot, 80, 14))


async def test_the_end_of_the_reference_run_is_explained_where_it_is_named() -> None:
    async with opened() as (app, pilot):
        await press(pilot, "k", "tab")
        await answer(pilot, "nonsense")
        hint = str(app.screen.query_one("#hint", Label).content)
        assert "reference-end (step 10,000)" in hint
