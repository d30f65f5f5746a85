"""The loss landscape: contours with their losses, the path and the present point; in slices."""

import asyncio
import re
from functools import cache

import numpy as np
import pytest

from tests.sample import some_pairs
from tests.tui.painting import (
    RUNS,
    SIZES,
    assert_well_painted,
    snapshot_of,
    text_of,
)
from xortui.core.analysis.loss_landscape import Landscape, extent_around, landscape
from xortui.core.model.recipe import Recipe
from xortui.core.text.ascii import to_ascii
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.views.landscape import (
    CONTOUR,
    NOW,
    PATH,
    START,
    LandscapePane,
    paint_landscape,
    plane_and_path,
)
from xortui.tui.views.views import Views


@cache
def ground_of(name: str, chosen: tuple[int, int] | None = None, slices: int = 10**6) -> Landscape:
    """The landscape of a run, or what is done of it after so many slices."""
    snapshot = snapshot_of(name)
    plane, here, path = plane_and_path(snapshot, chosen)
    parts = landscape(snapshot.network, plane, extent_around(plane, here, path), 24, 24)
    done = next(parts)
    for _, part in zip(range(slices - 1), parts, strict=False):
        done = part
    return done


@pytest.mark.parametrize(("name", "size"), some_pairs(RUNS, SIZES, 2))
def test_it_paints_every_run_at_every_size(name: str, size: tuple[int, int]) -> None:
    ground = ground_of(name, slices=3)
    assert_well_painted(paint_landscape(snapshot_of(name), ground, *size), *size)


def test_before_anything_is_worked_out_it_says_so() -> None:
    lines = paint_landscape(snapshot_of("solved"), None, 52, 30)
    assert_well_painted(lines, 52, 30)
    assert "computing …" in text_of(lines)


def test_a_landscape_of_another_network_is_not_shown() -> None:
    lines = paint_landscape(snapshot_of("solved"), ground_of("eight units"), 52, 30)
    assert "computing …" in text_of(lines)


def test_contours_carry_the_loss_that_they_stand_for() -> None:
    lines = text_of(paint_landscape(snapshot_of("solved"), ground_of("solved"), 52, 30))
    picture = "\n".join(line[7:] for line in lines.splitlines()[1:-3])
    assert picture.count(CONTOUR) > 30
    losses = [float(number) for number in re.findall(r"\d+\.?\d*(?:e[+-]\d+)?", picture)]
    assert len(losses) >= 3
    lowest, highest = (10 ** float(f(ground_of("solved").log_loss)) for f in (np.min, np.max))
    assert all(0.9 * lowest <= loss <= 1.1 * highest for loss in losses)


def test_path_and_present_point_are_marked() -> None:
    text = text_of(paint_landscape(snapshot_of("solved"), ground_of("solved"), 52, 30))
    picture = "".join(text.splitlines()[1:-3])
    assert picture.count(START) == picture.count(NOW) == 1
    assert picture.count(PATH) > 10
    assert f"{NOW} now" in text


def test_after_divergence_the_present_point_is_said_to_be_nowhere() -> None:
    text = text_of(paint_landscape(snapshot_of("NaN"), ground_of("NaN"), 52, 30))
    assert NOW not in text
    assert "now: not finite" in text


def test_losses_that_are_not_finite_are_named() -> None:
    text = text_of(paint_landscape(snapshot_of("diverged"), ground_of("diverged"), 70, 30))
    assert ("░ not finite" in text) == (not np.isfinite(ground_of("diverged").log_loss).all())


def test_contour_path_and_present_point_are_told_apart_in_ascii() -> None:
    assert len({to_ascii(glyph) for glyph in (CONTOUR, PATH, NOW, "▀", "░")}) == 5


def test_the_plane_of_two_weights_has_their_names_and_values() -> None:
    snapshot = snapshot_of("solved")
    text = text_of(paint_landscape(snapshot, ground_of("solved", (0, 5)), 52, 30))
    assert "W₁ x₁→h₁ →  W₂ h₂→ŷ ↑" in text
    ground = ground_of("solved", (0, 5))
    assert ground.extent.left < snapshot.parameters[0] < ground.extent.right
    assert f"{ground.extent.left:+.2f}" in text
    assert f"{ground.extent.top:+.2f}" in text


def test_a_landscape_that_is_half_done_shows_its_upper_half() -> None:
    ground = ground_of("eight bits", slices=3)
    assert not ground.is_complete
    lines = text_of(paint_landscape(snapshot_of("eight bits"), ground, 52, 30)).splitlines()
    assert "▀" in lines[1]
    assert "▀" not in lines[-4]


async def finished(app: XorApp) -> None:
    """Wait until no landscape is computing …."""
    surveys = [worker for worker in app.workers if worker.group == "landscape"]
    await asyncio.wait_for(app.workers.wait_for_complete(surveys), 10)


@pytest.mark.slow
async def test_the_pane_works_out_its_landscape_and_keys_choose_weights() -> None:
    trainer = Trainer(Recipe())
    trainer.seek(500)
    app = XorApp(trainer)
    async with app.run_test(size=(120, 36)) as pilot:
        pane = app.query_one(Views).show("landscape")
        assert isinstance(pane, LandscapePane)
        pane.focus()
        await pilot.pause()
        await finished(app)
        assert pane.ground is not None
        assert pane.ground.is_complete
        assert "of the path" in pane.as_text()
        await pilot.press("a")
        await pilot.press("right", "down")
        await finished(app)
        await pilot.pause()
        assert "W₁ x₁→h₂ →  W₂ h₁→ŷ ↑" in pane.as_text()
        await pilot.press("a")
        await finished(app)
        await pilot.pause()
        assert "of the path" in pane.as_text()


async def test_a_hidden_pane_works_nothing_out() -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        app.main_screen.action_step(5)
        await pilot.pause()
        app.query_one(Views).show("landscape")
        app.query_one(Views).show("surface")
        pane = app.query_one("#landscape", LandscapePane)
        await pilot.pause()
        ground = pane.ground
        app.main_screen.action_step(5)
        await pilot.pause()
        assert pane.ground is ground
        assert not [worker for worker in app.workers if worker.group == "landscape"]
