"""The right-hand column: its tabs fit, its panes bear any size, their keys are their own."""

from functools import partial
from itertools import count
from types import SimpleNamespace

import pytest
from textual.binding import Binding

from tests.tui.painting import snapshot_of
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.lines import line_width
from xortui.tui.drawing.pane import Pane
from xortui.tui.frame import Frame
from xortui.tui.keys import KEYS
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


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("run", ["start", "solved", "largest", "NaN"])
def test_no_size_is_too_small_to_paint(view: str, run: str) -> None:
    pane = VIEWS[view].pane()
    for width in (0, 1, 5, 20):
        for height in (0, 1, 3, 6):
            assert len(pane.paint(snapshot_of(run), width, height)) <= max(4, height)


def test_all_tabs_fit_where_the_column_is_narrowest() -> None:
    assert line_width(paint_tabs("surface")) <= 52


async def test_a_click_on_a_tab_opens_its_view() -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        left = line_width(paint_tabs("surface")) - 2  # within the last tab
        await pilot.click(TabLine, offset=(left, 0))
        assert app.query_one(Views).chosen == list(VIEWS)[-1]
        await pilot.click(TabLine, offset=(2, 0))
        assert app.query_one(Views).chosen == "operations"


@pytest.mark.parametrize("view", VIEWS)
async def test_every_view_can_be_opened_and_copied_as_text(view: str) -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        pane = app.query_one(Views).show(view)
        await pilot.pause()
        assert isinstance(pane, VIEWS[view].pane)
        assert len(pane.as_text().splitlines()) >= 1


@pytest.mark.parametrize(("seconds", "paints"), [(0.0, 20), (0.01, 1)])
async def test_a_view_that_is_expensive_to_paint_is_painted_less_often_in_training(
    monkeypatch: pytest.MonkeyPatch, seconds: float, paints: int
) -> None:
    """Ten milliseconds are a fiftieth of half a second; the clock goes on by them at each look."""
    trainer = Trainer(Recipe())
    app = XorApp(trainer)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        views = app.query_one(Views)
        clock = SimpleNamespace(perf_counter=partial(next, count(1e9, seconds)))
        monkeypatch.setattr("xortui.tui.views.views.time", clock)
        seen = set()
        for _ in range(20):
            trainer.step()
            views.frame = Frame(trainer.snapshot(), running=True)
            assert views.pane.snapshot is not None
            seen.add(views.pane.snapshot.step)
        assert len(seen - {0}) == paints
        trainer.step()
        views.frame = Frame(trainer.snapshot())
        assert views.pane.frame is views.frame  # what stands still is shown as it is
