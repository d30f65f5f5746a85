"""The debug screen's panes, painted without an app: what they say, and that it fits."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from tests.own_script import (
    CRASH,
    HOSTILE,
    NO_NETWORK,
    NO_RECIPE,
    RIGHT,
    WRONG,
    WRONG_LINE,
    examined,
)
from tests.sample import some_pairs
from xortui.tui.debug.bars import (
    TABS,
    paint_debug_tabs,
    paint_debug_title,
    paint_hint,
    paint_steps,
    paint_verdict,
)
from xortui.tui.debug.frame import DebugFrame
from xortui.tui.debug.highlight import to_print
from xortui.tui.debug.loss_pane import paint_losses
from xortui.tui.debug.source_pane import paint_source
from xortui.tui.debug.truth_pane import paint_truth
from xortui.tui.debug.updates_pane import paint_updates
from xortui.tui.debug.value_pane import paint_value
from xortui.tui.debug.weights_pane import paint_parameters
from xortui.tui.drawing.lines import Line, line_width, plain_text
from xortui.tui.drawing.theme import is_style

pytestmark = pytest.mark.slow

Painter = Callable[[DebugFrame, int, int], list[Line]]
PAINTERS: dict[str, Painter] = {
    "source": paint_source,
    "value": lambda frame, width, height: paint_value(frame, width)[:height],
    "updates": paint_updates,
    "loss": paint_losses,
    "truth": lambda frame, width, height: paint_truth(frame, width)[:height],
    "weights": lambda frame, width, height: paint_parameters(frame, width)[:height],
    "title": lambda frame, width, height: [paint_debug_title(frame, width)],
    "verdict": lambda frame, width, height: paint_verdict(frame, width),
    "hint": lambda frame, width, height: [paint_hint(frame, width)],
    "tabs": lambda frame, width, height: [paint_debug_tabs(width, ("script",), "loss")],
    "steps": lambda frame, width, height: [paint_steps(frame, width)],
}
SOURCES = {
    "wrong": WRONG, "right": RIGHT, "no recipe": NO_RECIPE, "no network": NO_NETWORK,
    "crash": CRASH, "hostile": HOSTILE,
}  # fmt: skip
SIZES = [(36, 4), (50, 12), (60, 10), (78, 18), (118, 40)]


def frame_of(source: str, **changes: object) -> DebugFrame:
    path = "folder/a\x1b[31m\u202e 中文.py" if source == HOSTILE else "folder/my_net.py"
    frame = DebugFrame(path, source, examination=examined(source))
    return replace(frame, **changes)  # type: ignore[arg-type]


def at_line(source: str, line: int, position: int = 38) -> DebugFrame:
    frame = frame_of(source, position=position)
    at = next(number for number, stop in enumerate(frame.stops) if stop.line == line)
    return replace(frame, at=at, line=line)


def text(painter: Painter, frame: DebugFrame, width: int = 78, height: int = 40) -> str:
    return to_print(plain_text(painter(frame, width, height)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "source"), some_pairs(PAINTERS, SOURCES, 4))
def test_everything_fits_and_is_harmless(source: str, name: str, size: tuple[int, int]) -> None:
    width, height = size
    for frame in (
        frame_of(SOURCES[source]),
        frame_of(SOURCES[source], at=0),
        frame_of(SOURCES[source], seconds=3.14),
        replace(frame_of(SOURCES[source]), examination=None, problem="a \x1b[31mproblem"),
        frame_of(SOURCES[source], changed=True, line=3),
    ):
        lines = PAINTERS[name](frame, width, height)
        assert len(lines) <= max(height, 4)
        for line in lines:
            said = to_print("".join(part for part, _ in line))
            assert line_width(line) <= width
            assert cell_len(said) == line_width(line)
            assert said.isprintable()
            assert all(isinstance(ink, str) and is_style(ink) for _, ink in line)


@pytest.mark.parametrize(("name", "source"), some_pairs(PAINTERS, SOURCES, 3))
def test_no_size_is_too_small_to_paint(source: str, name: str) -> None:
    for frame in (frame_of(SOURCES[source]), frame_of(SOURCES[source], at=5, position=3)):
        for width in range(36):
            for height in range(7):
                assert len(PAINTERS[name](frame, width, height)) <= max(height, 4)


# -- the script ------------------------------------------------------------------------------------


def test_lines_are_marked_and_said_what_they_are() -> None:
    lines = text(paint_source, frame_of(WRONG, line=WRONG_LINE), 90).splitlines()
    wrong = next(line for line in lines if line.startswith("▸21 ✗"))
    assert wrong.rstrip().endswith("∂L/∂z₁  ✗ wrong")
    assert any(line.startswith(" 20 ✓") and line.endswith("∂L/∂a₁") for line in lines)
    assert any(line.startswith(" 24 ✗") and "follows from line 21" in line for line in lines)


def test_the_line_is_seen_rather_than_what_is_said_of_it() -> None:
    lines = text(paint_source, frame_of(WRONG, line=1), 52)
    assert "dh = g * (1 - np.tanh(self.h) ** 2)" in lines


def test_a_line_that_is_too_long_says_so() -> None:
    assert "…" in text(paint_source, frame_of(WRONG), 40)


def test_below_it_stands_whole() -> None:
    source = f"x = 1  # {'long ' * 30}end\n{NO_NETWORK}"
    frame = DebugFrame("a.py", source, examination=examined(NO_NETWORK), line=1)
    assert "end" not in text(paint_source, frame, 60)
    assert "end" in text(PAINTERS["value"], frame, 60)
    assert "long" not in text(PAINTERS["value"], replace(frame, line=2), 60)


def test_a_crash_is_marked_at_its_line() -> None:
    assert "▸2 ✗ x = np.zeros(3) @ np.zeros(4)" in text(paint_source, frame_of(CRASH, line=2))
    assert "it crashed here" in text(paint_source, frame_of(CRASH))


def test_controls_of_a_script_are_written_as_escapes() -> None:
    shown = text(paint_source, frame_of(HOSTILE))
    assert "\\x1b]0;evil\\x07" in shown
    assert "中文" in shown


# -- the value that is looked at -------------------------------------------------------------------


def test_their_values_stand_beside_the_true_ones() -> None:
    frame = at_line(WRONG, WRONG_LINE)
    shown = text(PAINTERS["value"], frame)
    stop = frame.stop
    assert stop is not None
    assert stop.true is not None
    assert "Line 21: dh" in shown
    assert "∂L/∂z₁ · 4×3  ✗ the slope is taken of a value that is activated already" in shown
    assert f"{stop.theirs[3, 1]:+.4f}≠" in shown
    assert f"{stop.true[3, 1]:+.4f}" in shown
    assert shown.count("≠") == int(stop.deviates.sum()) + 1  # and once to say what it means


def test_what_is_right_is_said_to_be_and_shown_once() -> None:
    shown = text(PAINTERS["value"], at_line(WRONG, 20))
    assert "✓ equal to the true values" in shown
    assert "≠" not in shown
    assert "true\n" not in shown


def test_what_follows_says_from_where() -> None:
    assert "follows from line 21" in text(PAINTERS["value"], at_line(WRONG, 24))


def test_before_a_walk_it_says_what_was_found() -> None:
    shown = text(PAINTERS["value"], frame_of(WRONG))
    assert "As it could be: dh = g * (" in shown
    assert "With the true gradient, from the same start, it is solved by step" in shown


def test_what_it_printed_is_shown_where_there_is_nothing_else() -> None:
    assert "hello" in text(PAINTERS["value"], frame_of(NO_NETWORK))


# -- numbers ---------------------------------------------------------------------------------------


def test_every_parameter_has_direction_and_factor() -> None:
    lines = text(paint_updates, frame_of(WRONG)).splitlines()
    right = [line for line in lines if "✓ right" in line]
    assert [line.split()[0] for line in right] == ["self.w2", "self.b2"]
    assert all("1.000000" in line and "0.1" in line for line in right)
    assert [line.split()[0] for line in lines if "✗ wrong" in line] == ["self.w1", "self.b1"]


def test_names_that_do_not_fit_give_way_to_roles() -> None:
    shown = text(paint_updates, frame_of(WRONG), 39)
    assert "∂L/∂W₁" in shown
    assert "self" not in shown


def test_the_truth_table_is_that_of_the_step() -> None:
    step = frame_of(WRONG, position=38).step
    assert step is not None
    shown = text(PAINTERS["truth"], frame_of(WRONG, position=38))
    assert f"yours at step {step.number}" in shown
    for output in step.outputs[:, 0]:
        assert f"{output:+.4f}" in shown
    assert f"{int(step.right.sum())} of 4 right" in shown


def test_weights_have_their_names_and_changes() -> None:
    shown = text(PAINTERS["weights"], frame_of(WRONG, position=38), 110)
    assert "self.w1 W₁ 2×3" in shown
    assert "your change" in shown
    assert "true change" in shown
    assert shown.count("≠") == 9  # all of W₁ and b₁


def test_the_two_losses_are_named() -> None:
    shown = text(paint_losses, frame_of(WRONG), 60, 12)
    assert "yours" in shown
    assert "done right" in shown
    assert "mean of ½(ŷ−y)²" in shown
    assert "done right" not in text(paint_losses, frame_of(RIGHT), 60, 12)


# -- around them -----------------------------------------------------------------------------------


def test_the_title_says_what_it_is() -> None:
    shown = to_print(plain_text([paint_debug_title(frame_of(WRONG), 118)]))
    for words in (
        "xortui debug",
        "my_net.py",
        "2-3-1",
        "tanh → linear",
        "η 0.1",
        "wrong gradients",
    ):
        assert words in shown


def test_the_verdict_is_on_top() -> None:
    assert "Line 21: the slope" in plain_text(paint_verdict(frame_of(WRONG), 78))
    assert "All gradients are right" in plain_text(paint_verdict(frame_of(RIGHT), 78))


def test_while_it_runs_it_says_so_and_how_to_end_it() -> None:
    shown = plain_text(paint_verdict(frame_of(WRONG, seconds=3.14), 78))
    assert "Running your script… 3.1 s of at most 20." in shown
    assert "escape or ctrl+c ends it" in shown


def test_a_changed_file_says_what_to_press() -> None:
    shown = plain_text([paint_hint(frame_of(WRONG, changed=True), 78)])
    assert "my_net.py has changed: r runs it again" in shown


@pytest.mark.parametrize("width", [60, 80, 120])
def test_all_tabs_fit(width: int) -> None:
    line = paint_debug_tabs(width, (), None)
    assert line_width(line) == width
    assert all(short in plain_text([line]) or words in plain_text([line])
               for _, words, short in TABS.values())  # fmt: skip
