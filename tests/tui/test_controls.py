"""The control bar: everything in it by mouse and by typing, wherever the run stands."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Label

from tests.tui.driving import answer, click, is_consistent, pause, press, said, settle, shown, until
from tests.tui.test_keys import WIDE, opened
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.panes.controls import FieldProblem

COMPACT = (80, 24)  # there is less to paint than on a wide screen
DIVERGES_AT = 255  # seed 0 with a learning rate of 10


async def push(app: XorApp, pilot: Pilot[None], button: str) -> None:
    """Click on a button, which for a while after a click takes no other."""
    await until(pilot, lambda: not app.query_one(button, Button).has_class("-active"))
    await click(pilot, button)


def problem(app: XorApp) -> str:
    """What is said to be wrong right above the fields."""
    words = app.query_one(FieldProblem)
    return str(words.content) if words.display else ""


async def bring(app: XorApp, pilot: Pilot[None], where: str) -> None:
    """The run to where it is to stand."""
    if where == "diverged":
        app.main_screen.enter_field("learning_rate", "10")
        app.training.go_to(DIVERGES_AT)
    elif where != "at step 0":
        app.training.go_to(200)
    if where == "rewound":
        app.training.go_to(120)
    if where == "inside a step":
        app.main_screen.action_operation(3)
    if where == "running":
        app.training.speed = 3  # ten steps a second
        app.training.start()
    await settle(pilot)


@pytest.mark.parametrize("where", ["at step 0", "rewound", "inside a step", "running", "diverged"])
async def test_every_control_works_wherever_the_run_stands(where: str) -> None:
    async with opened(size=COMPACT) as (app, pilot):
        await bring(app, pilot, where)
        run = app.query_one("#run", Button)
        if where == "running":
            assert str(run.label) == "⏸ Pause"
            await push(app, pilot, "#run")
            assert not app.training.running

        before = app.session.trainer.step_number
        await push(app, pilot, "#step")
        assert app.session.trainer.step_number == before + (where != "diverged")

        await push(app, pilot, "#run")
        assert app.training.running == (where != "diverged")
        if app.training.running:
            await push(app, pilot, "#run")
        assert str(run.label) == "▶ Run"

        await click(pilot, "#learning_rate")
        await answer(pilot, "0.25")
        if where == "diverged":
            assert "go back before it" in problem(app)
        else:
            assert app.session.trainer.snapshot().recipe.learning_rate == 0.25
            assert app.focused is None
        assert is_consistent(app)

        await push(app, pilot, "#reset")
        assert app.session.trainer.step_number == app.session.trainer.last_step == 0
        await click(pilot, "#seed")
        await answer(pilot, "4294967295")
        assert app.session.trainer.recipe.seed == 2**32 - 1
        assert is_consistent(app)


async def test_buttons_leave_the_keys_to_the_app() -> None:
    """A button that stayed focused would press itself at the next space."""
    async with opened(20, size=COMPACT) as (app, pilot):
        await click(pilot, "#step")
        await press(pilot, "space")
        assert app.training.running
        pause(app)
        await press(pilot, "home")
        assert app.session.trainer.step_number == 0


async def test_speeds_end_at_by_operation_and_at_max() -> None:
    async with opened(size=COMPACT) as (app, pilot):
        words = app.query_one("#speed", Label)
        assert str(words.content) == "max"
        assert app.query_one("#faster", Button).disabled
        await push(app, pilot, "#slower")
        assert str(words.content) == "100k/s"
        app.training.speed = 1
        await push(app, pilot, "#slower")
        assert str(words.content) == "by op"
        assert app.query_one("#slower", Button).disabled
        await push(app, pilot, "#slower")
        await push(app, pilot, "#faster")
        assert str(words.content) == "1/s"


@pytest.mark.parametrize(
    ("field", "in_force", "bad"),
    [
        ("seed", "0", ["", "-1", "4294967296", "1.5", "1_0", "x", "1e3"]),
        ("learning_rate", "0.1", ["", "-1", "nan", "inf", "1_0", "x", "1e999"]),
    ],
)
async def test_a_bad_value_is_one_sentence_and_escape_brings_the_old_one_back(
    field: str, in_force: str, bad: list[str]
) -> None:
    async with opened(10, size=COMPACT) as (app, pilot):
        entry = app.query_one(f"#{field}", Input)
        await click(pilot, f"#{field}")
        for text in bad:
            await answer(pilot, text)
            assert problem(app), "at the field"
            assert problem(app) in " ".join(shown(app))
            assert said(app) == "", "and not in a notice, which would cover something"
            assert app.focused is entry, "it can be mended at once"
            assert entry.value == text
        await press(pilot, "7")
        assert problem(app) == "", "another text may be right"
        await answer(pilot, "x")
        assert problem(app)
        await press(pilot, "escape")
        assert app.focused is None
        assert problem(app) == ""
        assert entry.value == in_force
        assert app.session.trainer.step_number == 10
        assert app.session.trainer.snapshot().edits == ()


async def test_what_is_typed_and_not_entered_is_dropped() -> None:
    async with opened(10, size=COMPACT) as (app, pilot):
        entry = app.query_one("#learning_rate", Input)
        app.screen.set_focus(entry)
        await press(pilot, "7", ".", "5")
        assert entry.value == "7.5", "all of it was selected, so that typing replaces it"
        await click(pilot, "#seed")
        assert entry.value == "0.1"
        assert app.session.trainer.snapshot().recipe.learning_rate == 0.1


async def test_fields_show_what_is_in_force_where_the_run_stands() -> None:
    async with opened(50, size=COMPACT) as (app, pilot):
        entry = app.query_one("#learning_rate", Input)
        app.main_screen.enter_field("learning_rate", "0.5")
        await settle(pilot)
        assert entry.value == "0.5"
        await press(pilot, "home")
        assert entry.value == "0.1"
        await press(pilot, "end")
        assert entry.value == "0.5"
        await press(pilot, "N")
        assert app.query_one("#seed", Input).value == "1"


async def test_what_is_being_typed_is_left_alone_while_the_run_goes_through_an_edit() -> None:
    async with opened(50, size=COMPACT) as (app, pilot):
        app.main_screen.enter_field("learning_rate", "0.5")
        app.training.go_to(0)
        await settle(pilot)
        entry = app.query_one("#learning_rate", Input)
        app.screen.set_focus(entry)
        await press(pilot, "7")
        app.training.start()
        await until(pilot, lambda: app.session.trainer.step_number > 100)
        await press(pilot, "7")
        assert entry.value == "77"
        assert app.training.running
        pause(app)
        await press(pilot, "escape")
        assert entry.value == "0.5"


async def test_tab_goes_through_all_panes_and_controls_from_top_to_bottom_and_round() -> None:
    async with opened(10, size=WIDE) as (app, pilot):
        order = ["truth", "weights", "loss", "surface", "run", "step", "reset", "slower"]
        order += ["learning_rate", "seed", "truth"]  # at the greatest speed, faster is no choice
        found = []
        for _ in order:
            await press(pilot, "tab")
            found.append(app.focused.id if app.focused else None)
        assert found == order
        await press(pilot, "shift+tab")
        assert app.focused is app.query_one("#seed")
        await press(pilot, "escape")
        assert app.focused is None


async def test_escape_leaves_the_field_before_it_leaves_the_step() -> None:
    async with opened(50, size=COMPACT) as (app, pilot):
        app.main_screen.action_operation(3)
        await click(pilot, "#seed")
        await press(pilot, "escape")
        assert app.focused is None
        assert app.session.operation == 2
        await press(pilot, "escape")
        assert app.session.operation is None


async def test_the_control_bar_and_the_footer_are_ascii_too() -> None:
    app = XorApp(Trainer(Recipe()), ascii_glyphs=True)
    async with app.run_test(size=COMPACT) as pilot:
        await settle(pilot)
        for _ in range(2):
            assert all(line.isascii() for line in shown(app)), shown(app)
            await press(pilot, "space")
            await settle(pilot)


async def test_no_click_is_lost_however_quick() -> None:
    async with opened(size=COMPACT) as (app, pilot):
        await settle(pilot)
        for _ in range(5):
            await pilot.click("#step")
        await settle(pilot)
        assert app.session.trainer.step_number == 5
