"""Which panes of the debug screen are seen, and that they fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xortui.tui.arrangement import Arrangement
from xortui.tui.debug.bars import TABS
from xortui.tui.debug.places import Places, arrange

WANTED = {"script": 1, "value": 9, "updates": 9, "loss": 1, "truth": 6, "weights": 13}
AROUND = 7  # lines for title, verdict, tabs, hint, steps and footer


def places(width: int, height: int, opened: str = "script", **how: bool) -> Places:
    return arrange(Arrangement(width, height), height - AROUND, WANTED, opened, **how)


@given(
    st.integers(60, 240), st.integers(18, 70), st.sampled_from(list(TABS)),
    st.fixed_dictionaries({name: st.integers(1, 60) for name in WANTED}),
)  # fmt: skip
def test_what_was_opened_is_seen_and_all_fits(
    width: int, height: int, opened: str, wanted: dict[str, int]
) -> None:
    lines = height - AROUND
    found = arrange(Arrangement(width, height), lines, wanted, opened)
    assert opened in found.shown
    assert len(set(found.shown)) == len(found.shown)
    for _, panes in found.columns:
        sizes = [size for size in panes.values() if size is not None]
        assert sum(sizes) + (len(panes) - len(sizes)) <= lines
        assert sum(size is None for size in panes.values()) == 1
    assert sum(column or 1 for column, _ in found.columns) <= width


def test_one_column_has_the_script_and_the_value_that_is_looked_at() -> None:
    assert places(80, 24).shown == ("script", "value")


@pytest.mark.parametrize(
    ("opened", "shown"),
    [
        ("updates", ("updates", "loss")),
        ("loss", ("updates", "loss")),
        ("truth", ("truth", "weights")),
        ("surface", ("surface",)),
    ],
)
def test_one_column_has_what_goes_together(opened: str, shown: tuple[str, ...]) -> None:
    assert places(80, 24, opened).shown == shown


def test_two_columns_have_the_numbers_beside_the_script() -> None:
    assert places(120, 36).shown == ("script", "value", "updates", "loss", "truth")
    assert "weights" in places(120, 36, "weights").shown
    assert places(120, 36, "network").shown == ("script", "value", "network")


def test_three_columns_have_everything() -> None:
    assert set(places(200, 60).shown) == {*TABS, "value"}


def test_without_views_there_are_two_columns() -> None:
    assert set(places(200, 60, has_views=False).shown) == {*TABS, "value"} - {"surface", "network"}


def test_a_view_that_is_gone_gives_its_place_back() -> None:
    assert places(120, 36, "surface", has_views=False).shown == places(120, 36).shown


def test_without_recorded_steps_there_is_the_script() -> None:
    assert places(200, 60, has_steps=False).shown == ("script", "value")


def test_a_pane_can_have_all_the_room() -> None:
    assert places(200, 60, "loss", is_alone=True).columns == ((None, {"loss": None}),)
