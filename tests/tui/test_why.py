"""`i` on any number: where it comes from, from one number to the next, and the way back."""

import re
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.recipes import recipes
from tests.sample import examples, some_rows
from tests.tui.driving import answer, click, press, said, shown, until
from tests.tui.painting import assert_well_painted
from tests.tui.test_keys import opened
from xortui.core.explain.places import Place, arrays_of, place_text
from xortui.core.model.recipe import Recipe
from xortui.core.text.ascii import to_ascii
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.lines import plain_text
from xortui.tui.panes.gradient_table import GradientTable
from xortui.tui.panes.why import WhyPane, answer_of, paint_why
from xortui.tui.screens.why import WhyScreen

SIZES = [(60, 18), (80, 24), (120, 36), (200, 60)]


def way(app: XorApp) -> list[tuple[str, int]]:
    """The numbers asked so far."""
    trail = app.screen.query_one(WhyPane).trail
    return [(place_text(place), place.step) for place in trail]


@pytest.mark.parametrize(
    ("keys", "number"),
    some_rows(
        [
            ("", ("loss", 5)),
            ("1", ("yhat[0,0]", 5)),
            ("1 down down", ("yhat[2,0]", 5)),
            ("2", ("W1[0,0]", 5)),
            ("2 down right", ("W1[1,1]", 5)),
            ("3", ("loss", 5)),
            ("3 left home", ("loss", 0)),
            ("6 down", ("yhat[2,0]", 5)),
            ("5", ("loss", 5)),
            ("n", ("z1[0,0]", 5)),
            ("n down right", ("z1[1,1]", 5)),
            ("n b", ("W2+[0,0]", 4)),
            ("n t t t right", ("z1[2,1]", 5)),
        ],
        2,
    ),
)
async def test_i_asks_for_the_number_that_is_chosen(keys: str, number: tuple[str, int]) -> None:
    async with opened(5) as (app, pilot):
        pressed = keys.replace("left home", "left " + "left " * 200).split()
        await press(pilot, *pressed, "i")
        assert isinstance(app.screen, WhyScreen)
        assert way(app) == [number]


async def test_it_goes_on_down_to_what_is_given_and_all_the_way_back() -> None:
    async with opened(0) as (app, pilot):
        await press(pilot, "i")
        assert "loss = 0.5780/4 = +0.1445" in "\n".join(shown(app))
        for _ in range(5):
            await press(pilot, "i")
        assert [name for name, _ in way(app)] == [
            "loss",
            "L",
            "losses[0,0]",
            "yhat[0,0]",
            "a1[0,0]",
            "z1[0,0]",
        ]
        await press(pilot, "down", "enter")
        assert way(app)[-1] == ("W1[0,0]", 0)
        assert "The start: drawn at random (uniform)" in "\n".join(shown(app))
        await press(pilot, "backspace")
        assert way(app)[-1] == ("z1[0,0]", 0)
        assert app.screen.query_one(WhyPane).chosen == 1, "the number that was chosen still is"
        await press(pilot, *["backspace"] * 9)
        assert way(app) == [("loss", 0)]
        await press(pilot, "escape")
        assert app.screen is app.main_screen


async def test_a_weight_leads_back_in_time_and_the_run_stays_where_it_is() -> None:
    async with opened(3) as (app, pilot):
        await press(pilot, "2", "i", "i", "i", "i")
        assert way(app) == [("W1[0,0]", step) for step in (3, 2, 1, 0)]
        assert app.session.trainer.step_number == 3
        assert "W1[0,0] at step 3 › W1[0,0] at step 2" in shown(app)[0]
        await press(pilot, "q")
        assert app.screen is app.main_screen
        assert app.frame.snapshot.step == 3


async def test_it_pauses_a_run_that_goes_on() -> None:
    async with opened(0) as (app, pilot):
        await press(pilot, "space", "i")
        assert not app.training.running
        assert way(app) == [("loss", app.session.trainer.step_number)]


async def test_in_the_gradient_check_it_is_the_gradient_of_the_first_line() -> None:
    async with opened(5, mistake="no-derivative") as (app, pilot):
        await press(pilot, "c")
        screen = app.screen
        table = screen.query_one(GradientTable)
        await until(pilot, lambda: len(table.checks) == 6)
        await press(pilot, "i")
        assert way(app) == [("dW1[0,0]", 5)]
        await press(pilot, "escape")
        assert app.screen is screen
        await press(pilot, "s", "i")
        worst = way(app)[0][0]
        assert worst.startswith("dW1")


async def test_a_number_can_be_named_and_a_wrong_name_gets_a_sentence() -> None:
    async with opened(2) as (app, pilot):
        await press(pilot, "i", "g")
        await answer(pilot, "dW9[0,0]")
        assert "there is no number called" in " ".join(" ".join(shown(app)).split())
        await answer(pilot, "∂L/∂W₁[x₁→h₂]")
        assert way(app) == [("loss", 2), ("dW1[0,1]", 2)]


async def test_the_mistake_is_not_given_away_where_it_is_hidden() -> None:
    async with opened(2, mistake="no-derivative") as (app, pilot):
        for is_hidden in (False, True):
            await press(pilot, "i", "g")
            await answer(pilot, "dz1[1,0]")
            text = " ".join(" ".join(shown(app)).split())
            assert ("Wrong: " in text) is not is_hidden
            await press(pilot, "escape", "H")


async def test_y_copies_and_q_closes_only_this() -> None:
    async with opened(0) as (app, pilot):
        await press(pilot, "i", "y")
        assert "loss = 0.5780/4 = +0.1445" in app.clipboard
        assert "clipboard" in said(app)
        await press(pilot, "q")
        assert not app._exit


async def test_a_click_chooses_and_a_second_one_goes_on() -> None:
    async with opened(0) as (app, pilot):
        await press(pilot, "i", "i")
        line = next(at for at, text in enumerate(shown(app)) if "losses[2,0]" in text)
        await click(pilot, WhyPane, (5, line))
        assert app.screen.query_one(WhyPane).chosen == 2
        await click(pilot, WhyPane, (5, line))
        assert way(app)[-1] == ("losses[2,0]", 0)


@pytest.mark.parametrize("size", SIZES)
@examples(25)
@given(data=st.data())
def test_nothing_is_cut_at_any_size(size: tuple[int, int], data: st.DataObject) -> None:
    """The sum and the names are whole, whatever number it is."""
    recipe = data.draw(recipes(most_bits=3, most_units=12, with_mistakes=True))
    trainer = Trainer(recipe)
    trainer.seek(data.draw(st.integers(0, 3)))
    snapshot = trainer.snapshot()
    at = lru_cache(trainer.snapshot_at)
    arrays = arrays_of(snapshot)
    name = data.draw(st.sampled_from(sorted(arrays)))
    index = tuple(data.draw(st.integers(0, n - 1)) for n in arrays[name].shape)
    place = Place(name, index, snapshot.step)
    found = answer_of(place, at)
    chosen = data.draw(st.integers(0, max(0, len(found.entries) - 1)))
    width, height = size[0], size[1] - 1
    lines = paint_why([place], found, chosen, width, height)
    assert_well_painted(lines, width, height)
    text = " ".join(plain_text(lines).split())
    assert place_text(place) in text
    if found.link.explanation is not None:
        assert " ".join(found.link.explanation.text.split()) in text
    if found.entries:
        entry = found.entries[chosen]
        assert f"› {place_text(entry.place)}" in re.sub(r" ↑?\d* ?↓?\d* more", "", text)
    plain = paint_why([place], found, chosen, width, height, draw=to_ascii)
    assert_well_painted(plain, width, height)


def test_a_long_way_gives_up_its_beginning() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(30)
    trail = [Place("W1", (0, 0), step) for step in range(30, 10, -1)]
    head = plain_text(paint_why(trail, answer_of(trail[-1], trainer.snapshot_at), 0, 60, 17)[:1])
    assert head.startswith(" … › ")
    assert head.endswith("W1[0,0] at step 11")
