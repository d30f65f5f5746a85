"""The right-hand column: its tabs fit, its panes bear any size, their keys are their own."""

import pytest
from textual.binding import Binding

from tests.sample import some, some_pairs
from tests.tui.painting import snapshot_of
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.lines import plain_text
from xortui.tui.drawing.pane import Pane
from xortui.tui.keys import KEYS
from xortui.tui.panes.title import Title
from xortui.tui.views.views import VIEWS, TabLine, Views, paint_tabs

ARROWS = {"up", "down", "left", "right"}


def own_keys(pane: type[Pane]) -> set[str]:
    """The keys that the pane binds itself."""
    bound: set[str] = set()
    for kind in pane.__mro__:
        for binding in vars(kind).get("BINDINGS", []) if issubclass(kind, Pane) else []:
            assert isinstance(binding, Binding)
            bound |= set(binding.key.split(","))
    return bound


@pytest.mark.parametrize("view", VIEWS)
def test_the_keys_of_a_pane_take_none_of_the_apps_but_arrows(view: str) -> None:
    app_keys = {key for item in KEYS for key in item.keys.split(",")}
    assert not (own_keys(VIEWS[view].pane) & app_keys) - ARROWS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "run"), some_pairs(VIEWS, ["start", "solved", "largest", "NaN"], 2)
)
def test_no_size_is_too_small_to_paint(view: str, run: str) -> None:
    pane = VIEWS[view].pane()
    for width in (0, 1, 5, 20):
        for height in (0, 1, 3, 6):
            assert len(pane.paint(snapshot_of(run), width, height)) <= max(4, height)


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160, 240])
def test_every_view_has_a_tab_with_its_key_at_every_width(width: int) -> None:
    text = plain_text([paint_tabs(width, ())])
    assert len(text) <= width
    for view in VIEWS.values():
        assert f"{view.digit} {view.words}" in text or f"{view.digit} {view.short}" in text


def test_the_keys_of_the_views_are_those_of_the_table() -> None:
    keys = {key.keys: key.action for key in KEYS}
    assert {view.digit: f"view('{name}')" for name, view in VIEWS.items()}.items() <= keys.items()


@pytest.mark.slow
@pytest.mark.parametrize("size", some([(60, 18), (80, 24), (120, 36)], 2))
async def test_a_click_on_a_tab_opens_its_view(size: tuple[int, int]) -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for name, view in VIEWS.items():
            text = plain_text([paint_tabs(size[0], ())])
            words = view.words if view.words in text else view.short
            await pilot.click(TabLine, offset=(text.index(f"{view.digit} {words}") + 2, 0))
            assert app.query_one(Views).chosen == name
            assert app.focused is app.query_one(Views).pane


@pytest.mark.parametrize("view", VIEWS)
async def test_every_view_can_be_opened_and_copied_as_text(view: str) -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        pane = app.query_one(Views).show(view)
        await pilot.pause()
        assert isinstance(pane, VIEWS[view].pane)
        assert len(pane.as_text().splitlines()) >= 1


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((120, 36), ("surface",)),
        ((160, 45), ("diagram", "surface")),
        ((200, 60), ("diagram", "surface", "operations", "space")),
    ],
)
async def test_as_many_views_are_seen_as_there_is_room_for(
    size: tuple[int, int], shown: tuple[str, ...]
) -> None:
    """All that is seen paints the same frame."""
    trainer = Trainer(Recipe())
    app = XorApp(trainer)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        views = app.query_one(Views)
        assert views.shown == shown
        await pilot.press("full_stop")
        await pilot.pause()
        assert [pane.id for pane in views.children if pane.display] == list(shown)
        assert {pane.frame for pane in views.panes} == {app.frame}


async def test_a_view_opens_in_the_place_of_the_focused_one_or_else_in_the_first() -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause()
        views = app.query_one(Views)
        await pilot.press("7")
        assert views.shown == ("units", "surface", "operations", "space")
        await pilot.press("8", "0")
        assert views.shown == ("units", "surface", "operations", "norms")
        await pilot.press("5", "4")
        assert views.shown == ("units", "surface", "operations", "norms")
        await pilot.resize_terminal(160, 45)
        await pilot.pause()
        assert list(views.shown) == ["units", "operations"], "what was opened last stays"


async def test_a_change_of_speed_paints_no_pane_anew_but_the_title() -> None:
    """In training a key's bytes go to the terminal at once, and do not wait for whole panes."""
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        app.training.start()
        await pilot.pause(0.1)
        pane, title = app.query_one(Views).pane, app.query_one(Title)
        before = pane.lines(), title.lines()
        snapshot = app.frame.snapshot
        app.main_screen.action_speed(-1)
        assert app.frame.snapshot is snapshot
        assert app.frame.speed == app.training.speed
        assert pane.lines() is before[0]
        assert title.lines() is not before[1]
        app.training.pause()


async def test_a_view_that_is_painted_less_often_than_the_rest_names_its_own_step() -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press(".")
        pane = app.screen.query_one(Views).pane
        pane.lags = True
        assert "step 1 ╯" in plain_text(pane.lines())
        pane.lags = False
        assert "step 1 ╯" not in plain_text(pane.lines())
