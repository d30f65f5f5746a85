"""Norms over the run: sparklines that tell a plateau from an explosion, and the histogram."""

import numpy as np
import pytest

from tests.sample import some_pairs
from tests.tui.painting import (
    RUNS,
    SIZES,
    assert_well_painted,
    snapshot_at,
    snapshot_of,
    text_of,
)
from xortui.core.analysis.norms import norms_of_run
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.bars import EIGHTHS
from xortui.tui.views.norms import NOT_FINITE, NormsPane, paint_norms
from xortui.tui.views.views import Views


def line_of(text: str, start: str) -> str:
    """The line that begins with these words."""
    [line] = [line for line in text.splitlines() if line.strip().startswith(start)]
    return line


def heights(text: str, start: str) -> list[int]:
    """A sparkline one line high, read back in eighths."""
    return [EIGHTHS.index(glyph) for glyph in line_of(text, start) if glyph in EIGHTHS[1:]]


@pytest.mark.parametrize(("name", "size"), some_pairs(RUNS, SIZES, 2))
def test_it_paints_every_run_at_every_size(name: str, size: tuple[int, int]) -> None:
    assert_well_painted(paint_norms(snapshot_of(name), *size), *size)


def test_every_layer_has_the_norms_of_weights_gradients_and_updates_now() -> None:
    snapshot = snapshot_of("solved")
    text = text_of(paint_norms(snapshot, 52, 30))
    for layer, name in ((1, "W₁"), (2, "W₂")):
        weights = np.linalg.norm(snapshot.values[f"W{layer}"])
        gradient = np.linalg.norm(snapshot.values[f"dW{layer}"])
        assert float(line_of(text, name).split()[-1]) == pytest.approx(weights, rel=0.01)
        assert float(line_of(text, f"∂{name}").split()[-1]) == pytest.approx(gradient, rel=0.05)
        update = float(line_of(text, f"Δ{name}").split()[-1])
        assert update == pytest.approx(0.1 * gradient, rel=0.05)


def test_the_last_values_are_those_of_the_present_step() -> None:
    found = norms_of_run(snapshot_of("solved"))
    assert found.steps[0] == 0
    assert found.steps[-1] == 3000


def test_weights_that_grow_are_seen_to_grow() -> None:
    sparkline = heights(text_of(paint_norms(snapshot_of("solved"), 52, 18)), "W₁")
    assert sparkline == sorted(sparkline)
    assert sparkline[-1] > sparkline[0] + 3


def test_an_explosion_ends_in_what_is_not_finite() -> None:
    snapshot = snapshot_of("diverged")
    text = text_of(paint_norms(snapshot, 52, 18))
    line = line_of(text, "∂W₁")
    assert line.split()[-1] in ("NaN", "inf")
    assert NOT_FINITE in line


def test_the_share_of_saturated_activations_is_said() -> None:
    snapshot = snapshot_of("solved")
    activations = snapshot.values["a1"]
    share = (4 * activations * (1 - activations) < 0.01).mean()
    assert f"{share:.0%}" in line_of(text_of(paint_norms(snapshot, 52, 18)), "h ")


def test_the_scales_have_their_ends() -> None:
    text = text_of(paint_norms(snapshot_of("solved"), 52, 30))
    assert line_of(text, "Weights  ").endswith("log scale")
    assert " to " in line_of(text, "Gradients")
    assert "0 to 100%" in line_of(text, "Saturated")
    assert "step 0 to 3,000" in text


def test_the_histogram_counts_all_parameters_about_0() -> None:
    snapshot = snapshot_of("eight units")
    lines = text_of(paint_norms(snapshot, 52, 30)).splitlines()
    assert "24 parameters" in line_of("\n".join(lines), "Weights now")
    reach = np.abs(snapshot.parameters).max()
    low, zero, high = lines[-1].split()
    assert float(low) == pytest.approx(-reach, rel=0.01)
    assert zero == "0"
    assert float(high) == pytest.approx(reach, rel=0.01)


def test_parameters_that_are_not_finite_are_not_counted() -> None:
    assert "0 of 6 finite" in text_of(paint_norms(snapshot_of("NaN"), 52, 30))


async def test_keys_scroll_where_not_all_fits() -> None:
    app = XorApp(Trainer(Recipe(hidden=(2, 2, 2, 2))))
    async with app.run_test(size=(120, 24)) as pilot:
        pane = app.query_one(Views).show("norms")
        assert isinstance(pane, NormsPane)
        pane.focus()
        await pilot.pause()
        assert pane.snapshot is not None
        assert pane.more(pane.snapshot)[1] > 0
        assert "Weights now" not in pane.as_text()
        await pilot.press("down", "down", "up")
        assert pane.first == 1
        pane.action_scroll_lines(1000)
        assert "Weights now" in pane.as_text()
        assert pane.as_text().splitlines()[-1].split()[1] == "0"
        pane.action_scroll_lines(-1000)
        assert pane.as_text().splitlines()[1].startswith(" Weights  ")


def test_a_run_that_has_only_begun_has_flat_lines() -> None:
    text = text_of(paint_norms(snapshot_at(Recipe(), 0), 52, 18))
    assert len(set(heights(text, "W₁"))) == 1
