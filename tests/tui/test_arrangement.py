"""How the screen is divided: by its size, and by what there is to show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample import some_pairs
from tests.tui.driving import click, press, settle, shown
from tests.tui.test_keys import WIDE, opened
from xortui.tui.arrangement import MIN_LOSS, MIN_ROWS, Arrangement
from xortui.tui.panes.loss import LossPane
from xortui.tui.screens.ask import Ask
from xortui.tui.views.views import VIEWS


@pytest.mark.parametrize(
    ("size", "framed", "views", "lines"),
    [
        ((60, 18), False, 1, 1),
        ((80, 24), False, 1, 2),
        ((100, 30), True, 1, 2),
        ((120, 36), True, 1, 2),
        ((160, 45), True, 2, 2),
        ((200, 60), True, 4, 2),
    ],
)
def test_what_there_is_room_for(
    size: tuple[int, int], framed: bool, views: int, lines: int
) -> None:
    room = Arrangement(*size)
    assert (room.is_framed, room.views, room.status_lines) == (framed, views, lines)


@given(
    st.integers(24, 80),
    st.integers(2 * MIN_ROWS + MIN_LOSS, 70),
    st.integers(3, 300),
    st.integers(3, 300),
)
def test_the_loss_keeps_its_lines_whatever_the_others_want(
    height: int, room: int, truth: int, weights: int
) -> None:
    heights = Arrangement(120, height).heights((truth, weights), room)
    assert sum(heights) <= room - MIN_LOSS
    assert all(has <= wants for has, wants in zip(heights, (truth, weights), strict=True))
    assert all(
        has >= min(MIN_ROWS, wants) for has, wants in zip(heights, (truth, weights), strict=True)
    )


@pytest.mark.parametrize(
    ("size", "problem"),
    some_pairs(
        [(60, 18), (80, 24), (100, 30), (120, 36), (160, 45), (200, 60)],
        ["xor", "parity4", "parity8"],
        3,
    ),
)
async def test_all_that_matters_is_seen_at_every_size(size: tuple[int, int], problem: str) -> None:
    async with opened(5, size=size, problem=problem, hidden=(8,)) as (app, pilot):
        await settle(pilot)
        text = "\n".join(shown(app))
        for words in (
            "x₁",
            "W₁",
            "Loss",
            "Run",
            "? help",
            "q quit",
            *(v.digit for v in VIEWS.values()),
        ):
            assert words in text
        loss = app.query_one(LossPane)
        assert loss.outer_size.height >= (MIN_LOSS if size[1] >= 24 else 3)
        bottom = max(pane.region.bottom for pane in app.query(LossPane))
        assert bottom <= size[1] - 4, "timeline, words, controls and footer are below it"
        if problem == "parity8":
            assert "↓" in text, "what is not seen is marked"


@pytest.mark.parametrize(
    ("key", "size"),
    some_pairs(
        ["1", "2", "3", *(view.digit for view in VIEWS.values())],
        [(80, 24), (120, 36), (200, 60)],
        3,
    ),
)
async def test_f_gives_a_pane_the_room_of_all_and_keeps_title_timeline_and_footer(
    size: tuple[int, int], key: str
) -> None:
    async with opened(5, size=size) as (app, pilot):
        await press(pilot, key)
        pane = app.focused
        before = app.query_one("#main").region
        await press(pilot, "f")
        assert app.focused is pane
        assert pane is not None
        assert pane.region == before
        text = "\n".join(shown(app))
        assert "seed 0" in text
        assert "? help" in text
        await press(pilot, "f")
        # Below 100 columns a view has the room of all numbers anyway.
        is_view_alone = size == (80, 24) and key not in "123"
        assert (pane.region.area < before.area) is not is_view_alone


async def test_f_gives_the_room_to_the_view_that_was_clicked() -> None:
    async with opened(5, size=(200, 60)) as (app, pilot):
        await press(pilot, "5")
        await click(pilot, "#diagram", (3, 3))
        await press(pilot, "f")
        assert app.focused is app.query_one("#diagram")
        assert app.query_one("#diagram").region == app.query_one("#main").region
        assert not app.query_one("#surface").display


async def test_the_focused_panes_keys_come_first_in_the_footer() -> None:
    async with opened(5, size=WIDE) as (app, pilot):
        assert shown(app)[-1].startswith("space run/pause")
        await press(pilot, "2")
        assert shown(app)[-1].startswith("↑↓←→ number enter edit x freeze │ space")
        await press(pilot, "escape")
        assert shown(app)[-1].startswith("space run/pause")


async def test_moments_are_offered_where_the_optimiser_keeps_some() -> None:
    async with opened(5) as (app, pilot):
        await press(pilot, "2")
        assert "v moments" not in "".join(shown(app))
    async with opened(5, optimiser="adam") as (app, pilot):
        await press(pilot, "2")
        assert "v moments" in shown(app)[-1]
        for letter in "mv":
            await press(pilot, "v")
            assert f"{letter}₁" in "".join(shown(app))
        await press(pilot, "v")
        assert "v₁" not in "".join(shown(app))


@pytest.mark.parametrize("button", ["#run", "#step", "#reset", "#slower"])
async def test_the_focused_button_looks_focused(button: str) -> None:
    async with opened(5) as (app, pilot):
        widget = app.main_screen.query_one(button)
        before = widget.styles.background
        widget.focus()
        await settle(pilot)
        assert widget.has_focus
        assert widget.styles.background != before


async def test_a_double_click_edits() -> None:
    async with opened(5) as (app, pilot):
        await pilot.click("#truth", offset=(30, 2), times=2)
        await settle(pilot)
        assert [edit.kind for _, edit in app.session.edits] == ["label"]
        await pilot.click("#weights", offset=(15, 2), times=2)
        await settle(pilot)
        assert isinstance(app.screen, Ask)
