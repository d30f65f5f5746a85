"""Edits in the past: branches, undo and redo, divergence mended, and the same bits ever after."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from tests.tui.driving import (
    answer,
    click,
    is_consistent,
    is_same,
    press,
    said,
    settle,
    shown,
    until,
)
from tests.tui.test_editing import kinds
from tests.tui.test_keys import opened
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.lines import plain_text
from xortui.tui.panes.loss import LossPane
from xortui.tui.screens.branches import BranchesScreen

COMPACT = (80, 24)
DIVERGES_AT = 255  # seed 0 with a learning rate of 10


def branches(app: XorApp) -> list[str]:
    return [branch.name for branch in app.session.trainer.branches]


# -- branches --------------------------------------------------------------------------------------


async def choose(pilot: Pilot[None], index: int, key: str) -> None:
    """Open the list of branches and press a key on one of them."""
    await press(pilot, "B")
    pilot.app.screen.query_one(OptionList).highlighted = index
    await press(pilot, key)


async def test_a_learning_rate_typed_in_the_past_starts_a_branch_and_the_old_future_stays() -> None:
    async with opened(300, size=COMPACT) as (app, pilot):
        future = app.session.trainer.snapshot().parameters
        app.training.go_to(100)
        await click(pilot, "#learning_rate")
        await answer(pilot, "0.5")
        assert branches(app) == ["original", "η = 0.5 at 100"]
        assert app.session.trainer.last_step == 100
        assert "A branch starts here: η = 0.5" in said(app)
        app.main_screen.action_step(100)
        await settle(pilot)
        assert " 1 original" in plain_text(app.query_one(LossPane).lines()), "the other branch"

        await choose(pilot, 0, "enter")
        assert app.session.trainer.current_branch == 0
        assert is_consistent(app)
        assert " 2 η" in plain_text(app.query_one(LossPane).lines())
        await press(pilot, "end")
        assert np.array_equal(app.session.trainer.snapshot().parameters, future)
        assert app.session.trainer.snapshot().recipe.learning_rate == 0.1


async def test_the_list_names_step_and_loss_of_each_and_marks_the_present_one() -> None:
    async with opened(30, size=COMPACT) as (app, pilot):
        await press(pilot, "B")
        assert "There is one branch so far." in "\n".join(shown(app))
        await press(pilot, "escape", "home", "1", "enter", "B")
        assert isinstance(app.screen, BranchesScreen)
        rows = [line for line in shown(app) if " loss " in line and " step " in line][-2:]
        for row, branch in zip(rows, app.frame.snapshot.branches, strict=True):
            assert branch.name in row
            assert f"{branch.loss:.3e}" in row
            assert ("●" in row) == branch.current


async def test_a_branch_is_deleted_but_not_the_one_on_which_the_run_stands() -> None:
    async with opened(30, size=COMPACT) as (app, pilot):
        await press(pilot, "home", "1", "enter")
        await choose(pilot, 1, "d")
        assert branches(app) == ["original", "label of row 00 flipped at 0"]
        assert "The current branch cannot be deleted: switch to another one first" in said(app)
        await choose(pilot, 0, "d")
        assert branches(app) == ["label of row 00 flipped at 0"]
        assert app.session.trainer.snapshot().labels.tolist() == [1, 1, 1, 0]
        assert is_consistent(app)


async def test_there_are_at_most_eight_branches_and_it_is_said() -> None:
    async with opened(30, size=COMPACT) as (app, pilot):
        await press(pilot, "1")
        for _ in range(7):
            app.training.go_to(30)
            app.main_screen.action_step(1)
            app.training.go_to(30)
            await press(pilot, "enter")
        assert len(branches(app)) == 8
        app.main_screen.action_step(1)
        app.training.go_to(30)
        before = kinds(app)
        await press(pilot, "enter")
        assert kinds(app) == before
        assert "There are 8 branches already: delete one first" in said(app)


# -- undo, divergence, and the same bits -----------------------------------------------------------


async def test_undo_and_redo_go_through_all_edits_in_order() -> None:
    async with opened(20, size=COMPACT) as (app, pilot):
        await press(pilot, "1", "enter", "2", "x", "u")
        await answer(pilot, "0.1")
        assert app.main_screen.enter_field("learning_rate", "0.3") == ""
        made = kinds(app)
        assert made == ["label", "freeze", "noise", "learning_rate"]
        changed = app.session.trainer.snapshot().parameters
        for left in (3, 2, 1, 0, 0):
            await press(pilot, "z")
            assert kinds(app) == made[:left]
            assert is_consistent(app)
        assert "There is no edit to undo on this branch." in said(app)
        plain = Trainer(Recipe())
        plain.step(20)
        assert is_same(app.session.trainer, plain)
        await press(pilot, *"ZZZZZ")
        assert kinds(app) == made
        assert np.array_equal(app.session.trainer.snapshot().parameters, changed)
        assert "There is no edit to redo on this branch." in said(app)


@pytest.mark.parametrize("keys", [["1", "enter"], ["2", "x"]])
async def test_where_it_has_diverged_an_edit_is_refused_and_one_step_back_it_is_made(
    keys: Sequence[str],
) -> None:
    async with opened(300, size=COMPACT, learning_rate=10.0) as (app, pilot):
        assert app.session.trainer.step_number == DIVERGES_AT
        await press(pilot, *keys)
        assert f"The run diverged at step {DIVERGES_AT}: go back before it" in said(app)
        assert kinds(app) == []
        await press(pilot, "comma", *keys)
        assert len(kinds(app)) == 1
        assert len(branches(app)) == 2
        assert is_consistent(app)


async def test_divergence_is_told_in_one_message_however_often_a_key_asks() -> None:
    async with opened(DIVERGES_AT, learning_rate=10.0) as (app, pilot):
        await press(pilot, *"......")
        await press(pilot, "space", "n")
        messages = [note.message for note in app._notifications]
        assert len(messages) == 1
        assert messages[0].startswith(f"Diverged: at step {DIVERGES_AT} ℓ = ½(ŷ − y)² became inf.")
        assert "Press d" in messages[0]


async def test_one_key_goes_back_to_before_the_rise_with_a_tenth_of_the_rate() -> None:
    app = XorApp(Trainer(Recipe(learning_rate=10.0)), goto=DIVERGES_AT)
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, ".")
        await press(pilot, "d")
        assert app.session.trainer.step_number == 0
        assert app.session.trainer.snapshot().recipe.learning_rate == 1.0
        assert [note.title for note in app._notifications] == [""]
        assert "Back at step 0 with η = 1" in said(app)
        await press(pilot, *">>>>")
        assert app.session.trainer.step_number == 400
        assert not app.session.trainer.snapshot().diverged
        await press(pilot, "z")
        assert app.session.trainer.snapshot().recipe.learning_rate == 10.0


async def test_where_nothing_blew_up_the_key_does_nothing_and_says_so() -> None:
    app = XorApp(Trainer(Recipe(learning_rate=0.5)), goto=150)
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, "d")
        assert app.session.trainer.step_number == 150
        assert not app.session.edits
        assert said(app) == "The loss did not blow up, so there is nothing to go back from."


async def test_before_a_divergence_the_key_divides_the_rate_where_the_run_stands() -> None:
    async with opened(255, size=COMPACT, learning_rate=10.0) as (app, pilot):
        await press(pilot, "home", "d")
        assert app.session.trainer.step_number == 0
        assert app.session.trainer.snapshot().recipe.learning_rate == 1.0


async def test_a_diverged_run_is_mended_in_the_past_and_goes_on() -> None:
    async with opened(300, size=COMPACT, learning_rate=10.0) as (app, pilot):
        await press(pilot, "home")
        await click(pilot, "#learning_rate")
        await answer(pilot, "0.1")
        app.main_screen.action_step(400)
        await until(pilot, lambda: app.training.seeking is None)
        assert app.session.trainer.step_number == 400
        assert "diverged" not in shown(app)[0]
        plain = Trainer(Recipe())
        plain.step(400)
        assert is_same(app.session.trainer, plain)


async def test_however_a_step_is_come_to_it_has_the_same_bits() -> None:
    async with opened(400, size=COMPACT) as (app, pilot):
        app.training.go_to(150)
        await press(pilot, "1", "enter", "escape", ">", "2", "enter")
        await answer(pilot, "0.75")
        await press(pilot, "escape", ">", ".")
        seen: dict[int, bytes] = {}
        keys = ["<", ",", "home", "left", "b", "n", ">", ".", "end", "right"]
        way = Random(1).choices(keys, k=30)
        for key in way:
            await press(pilot, key)
            snapshot = app.session.trainer.snapshot()
            bits = snapshot.parameters.tobytes()
            assert seen.setdefault(snapshot.step, bits) == bits
            assert is_consistent(app)
        assert 5 < len(seen) < len(way) / 2, "most steps are come to more than once"
        assert kinds(app) == ["label", "weight"]


async def test_after_a_divergence_noise_is_refused_before_anything_is_asked() -> None:
    async with opened(DIVERGES_AT, learning_rate=10.0) as (app, pilot):
        for key in ("u", "E"):
            await press(pilot, key)
            assert app.screen is app.main_screen
        assert said(app) == "The run diverged at step 255: go back before it, then edit."


async def test_a_branch_that_diverged_says_so_in_the_list() -> None:
    async with opened(DIVERGES_AT, learning_rate=10.0) as (app, pilot):
        await press(pilot, "home", "d", "B")
        lines = [line for line in shown(app) if "step" in line]
        assert any("original" in line and "step 255   diverged" in line for line in lines)


@pytest.mark.parametrize("size", [(60, 18), (80, 24)])
async def test_no_branch_is_cut_in_the_list(size: tuple[int, int]) -> None:
    async with opened(1200, size=size) as (app, pilot):
        await press(pilot, "home")
        app.main_screen.editing.make(Edit("mistake", "double-activation"))
        await press(pilot, "B")
        text = " ".join(" ".join(shown(app)).replace("│", "").split())
        assert "broken: double-activation at 0" in text
        assert text.count("loss 1.445e-01") == 1


async def test_a_hidden_mistake_is_named_neither_in_the_loss_pane_nor_in_the_branches() -> None:
    async with opened(400) as (app, pilot):
        await press(pilot, "<")
        app.main_screen.editing.make(Edit("mistake", "no-derivative"))
        app.clear_notifications()
        await settle(pilot)
        assert "broken: no-derivative" in "\n".join(shown(app))
        await press(pilot, "H")
        assert "no-derivative" not in "\n".join(shown(app))
        assert "broken" in "\n".join(shown(app))
        await press(pilot, "B")
        text = "\n".join(shown(app))
        assert "broken at 300" in text
        assert "no-derivative" not in text


async def test_with_one_branch_the_list_offers_only_to_leave_it() -> None:
    async with opened(5) as (app, pilot):
        await press(pilot, "B")
        box = app.screen.query_one("#branches")
        assert box.border_subtitle == "escape leaves"
