"""A pane's frame: as large as the pane, with title and keys in its edges and nothing cut in it."""

import pytest

from tests.tui.painting import assert_well_painted
from xortui.tui.drawing.edges import framed
from xortui.tui.drawing.lines import Line, plain_text, title

KEYS = [("↑↓", "row"), ("enter", "flip label")]


def pane(width: int, right: str = "4 of 4 right ") -> list[Line]:
    return [title("Truth table", [(right, "good")], width), [("a" * width, "text")]]


@pytest.mark.parametrize("width", [2, 3, 10, 24, 58, 200])
@pytest.mark.parametrize("height", [2, 3, 9])
def test_a_frame_is_exactly_as_large_as_its_pane(width: int, height: int) -> None:
    lines = framed(pane(width - 2), width, height, "1", KEYS, "↓3 more", True)
    assert len(lines) == height
    assert_well_painted(lines, width, height)


def test_title_digit_and_what_is_said_of_the_pane_stand_in_the_upper_edge() -> None:
    lines = plain_text(framed(pane(48), 50, 4, "1", KEYS, "↓3 more")).splitlines()
    assert lines[0].startswith("╭ 1 Truth table ──")
    assert lines[0].endswith("── 4 of 4 right ╮")
    assert lines[1] == f"│{'a' * 48}│"
    assert lines[3].startswith("╰ ↑↓ row  enter flip label ")
    assert lines[3].endswith(" ↓3 more ╯")


def test_where_there_is_no_room_the_name_gives_way() -> None:
    lines = plain_text(framed(pane(20), 22, 4, "1", KEYS)).splitlines()
    assert "4 of 4 right" in lines[0]
    assert "enter" not in lines[3], "a key is there whole or not at all"


def test_the_focused_pane_is_the_one_with_bright_edges_and_keys() -> None:
    quiet = {style for line in framed(pane(48), 50, 4, "1", KEYS) for _, style in line}
    bright = {style for line in framed(pane(48), 50, 4, "1", KEYS, "", True) for _, style in line}
    assert "focus" in bright
    assert "focus" not in quiet
    assert "title" in quiet
    assert "title" not in bright
