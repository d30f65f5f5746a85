"""Weights and labels changed on the screen, wherever the run stands."""

import numpy as np
import pytest
from textual.widgets import Label

from tests.tui.driving import answer, click, is_consistent, press, settle, shown
from tests.tui.test_keys import WIDE, opened
from xortui.tui.app import XorApp
from xortui.tui.drawing.lines import signed
from xortui.tui.panes.weights import Weights
from xortui.tui.screens.ask import Ask

COMPACT = (80, 24)
WHERE = ["at step 0", "rewound", "inside a step"]


def value(app: XorApp, name: str) -> float:
    """A parameter as it is on the screen's step."""
    return float(app.frame.snapshot.parameters[app.frame.snapshot.network.names.index(name)])


def kinds(app: XorApp) -> list[str]:
    return [edit.kind for _, edit in app.session.trainer.snapshot().edits]


def bring(app: XorApp, where: str) -> None:
    """The run to where it is to stand."""
    if where != "at step 0":
        app.training.go_to(80)
    if where == "rewound":
        app.training.go_to(50)
    if where == "inside a step":
        app.main_screen.action_operation(4)


# -- weights ---------------------------------------------------------------------------------------


async def test_arrows_choose_every_weight_and_stop_at_the_edges() -> None:
    async with opened(10, size=COMPACT) as (app, pilot):
        weights = app.query_one(Weights)
        await press(pilot, "2")
        for key, chosen in [
            ("up", "W1[0,0]"),
            ("left", "W1[0,0]"),
            ("right", "W1[0,1]"),
            ("right", "W1[0,1]"),
            ("down", "W1[1,1]"),
            ("down", "W2[0,0]"),
            ("down", "W2[1,0]"),
            ("down", "W2[1,0]"),
            ("up", "W2[0,0]"),
            ("up", "W1[1,0]"),
        ]:
            await press(pilot, key)
            assert weights.chosen == chosen
        await press(pilot, "enter")
        assert str(app.screen.query_one("#question", Label).content) == "W₁ x₂→h₁ ="


CALLED = {
    "W1[1,0]": "W₁ x₂→h₁",
    "W2[1,0]": "W₂ h₂→ŷ",
    "b1[1]": "b₁ h₂",
    "W1[0,1]": "W₁ x₁→h₂",
}


async def test_the_number_that_is_clicked_is_the_one_that_is_edited() -> None:
    async with opened(10, bias=True, size=WIDE) as (app, pilot):
        lines = app.query_one(Weights).as_text().splitlines()
        for name, called in CALLED.items():
            text = signed(value(app, name)).strip()
            [(y, x)] = [(y, line.index(text)) for y, line in enumerate(lines) if text in line]
            await click(pilot, "#weights", (x, y))
            await press(pilot, "enter")
            assert str(app.screen.query_one("#question", Label).content) == f"{called} ="
            assert name in str(app.screen.query_one("#hint", Label).content)
            await press(pilot, "escape")


@pytest.mark.parametrize("where", WHERE)
async def test_a_typed_weight_is_in_force_at_once_and_undone_to_the_bit(where: str) -> None:
    async with opened(size=COMPACT) as (app, pilot):
        bring(app, where)
        before = app.session.trainer.snapshot()
        await press(pilot, "2", "down", "right", "enter")
        await answer(pilot, "-2.5")
        assert value(app, "W1[1,1]") == -2.5
        assert app.frame.snapshot.values["z1"][1, 1] == -2.5
        assert "-2.5000" in "\n".join(shown(app))
        assert is_consistent(app)
        assert len(app.session.trainer.branches) == (2 if where == "rewound" else 1)

        await press(pilot, "escape", ".", ".", "z")
        assert app.session.trainer.step_number == before.step
        assert np.array_equal(app.session.trainer.snapshot().parameters, before.parameters)
        await press(pilot, "Z")
        assert app.session.trainer.step_number == before.step
        assert app.session.trainer.last_step == before.step + 2
        assert value(app, "W1[1,1]") == -2.5
        assert is_consistent(app)


async def test_what_is_no_weight_is_one_sentence_and_the_same_weight_is_no_edit() -> None:
    async with opened(10, size=COMPACT) as (app, pilot):
        await press(pilot, "2", "enter")
        hint = app.screen.query_one("#hint", Label)
        for text in ("", "x", "nan", "inf", "1_0", "1e10", "١"):
            await answer(pilot, text)
            assert isinstance(app.screen, Ask)
            assert ("is too large" if text in ("inf", "1e10") else "is not a number") in str(
                hint.content
            )
        await press(pilot, "escape")
        assert app.screen is app.screen_stack[0]
        await press(pilot, "enter", "enter")
        assert app.screen is app.screen_stack[0]
        assert kinds(app) == []


async def test_x_freezes_a_weight_and_sets_it_free() -> None:
    async with opened(10, size=COMPACT) as (app, pilot):
        await press(pilot, "2", "right", "x")
        frozen, other = value(app, "W1[0,1]"), value(app, "W1[0,0]")
        assert f"{signed(frozen).strip()}*" in app.query_one(Weights).as_text()
        app.main_screen.action_step(20)
        await settle(pilot)
        assert value(app, "W1[0,1]") == frozen
        assert value(app, "W1[0,0]") != other
        await press(pilot, "x")
        assert "*" not in app.query_one(Weights).as_text()
        app.main_screen.action_step(1)
        await settle(pilot)
        assert value(app, "W1[0,1]") != frozen


# -- labels ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", WHERE)
async def test_a_label_is_flipped_by_enter_and_back_by_a_click(where: str) -> None:
    async with opened(size=COMPACT) as (app, pilot):
        bring(app, where)
        right = app.session.trainer.snapshot().right
        await press(pilot, "1", "down", "down", "enter")
        after = app.session.trainer.snapshot()
        assert after.labels.tolist() == [0, 1, 0, 0]
        assert (after.right != right).tolist() == [False, False, True, False]
        assert is_consistent(app)
        await click(pilot, "#truth", (11, 3))  # low screens show no title
        assert app.session.trainer.snapshot().labels.tolist() == [0, 1, 1, 0]
        assert kinds(app) == ["label", "label"]


async def test_a_click_beside_the_label_only_chooses_the_row() -> None:
    async with opened(10, size=COMPACT) as (app, pilot):
        for x in (3, 20, 30):
            await click(pilot, "#truth", (x, 4))
        assert kinds(app) == []
        await press(pilot, "enter")
        assert app.session.trainer.snapshot().labels.tolist() == [0, 1, 1, 1]
