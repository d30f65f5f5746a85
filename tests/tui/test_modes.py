"""Every pane and view in every kind of terminal: what is told, the text alone tells.

Each is painted in the app, and read back from what is sent to the terminal.
"""

import asyncio
from dataclasses import dataclass
from functools import cache, partial

import pytest
from rich.color import ColorType
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Region
from textual.strip import Strip

from tests.tui.driving import settle, until
from xortui.core.model.recipe import Recipe
from xortui.core.text.ascii import to_ascii
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.lines import signed
from xortui.tui.views.landscape import LandscapePane
from xortui.tui.views.views import VIEWS, Views


@dataclass(frozen=True)
class Mode:
    """A kind of terminal, and what the person in front of it has asked for."""

    theme: str = "xortui-dark"
    no_color: bool = False
    ascii_glyphs: bool = False
    color_system: str = "truecolor"


MODES = {
    "dark": Mode(),
    "light": Mode("xortui-light"),
    "ascii": Mode(ascii_glyphs=True),
    "NO_COLOR": Mode(no_color=True),
    "NO_COLOR, the terminal's own": Mode("ansi-dark", no_color=True),
    "16 colours": Mode(color_system="standard"),
    "16 colours, light": Mode("xortui-light", color_system="standard"),
    "the terminal's own colours": Mode("ansi-dark", color_system="standard"),
}
BLOCK = "▀"  # two pixels, told by colour only: what they show is told by marks, too
LEGENDS = ("weighted sum 0", "the path so far", "the path", "contours")
LEFT = {
    "title": "Title",
    "truth": "TruthTable",
    "weights": "Weights",
    "loss": "LossPane",
    "status": "Status",
    "timeline": "TimelineBar",
    "tabs": "TabLine",
}


@cache
def eventful() -> Trainer:
    """Right and wrong rows, weights of both signs, and all that a run can have in its history."""
    trainer = Trainer(Recipe())
    trainer.step(3000)
    trainer.seek(500)
    trainer.edit(Edit("mistake", "mean-for-sum"))
    trainer.edit(Edit("learning_rate", value=0.4))
    trainer.step(2500)
    trainer.seek(800)
    return trainer


@cache
def strips(theme: str, no_color: bool, ascii_glyphs: bool) -> dict[str, list[Strip]]:
    """All panes and views by name, as lines of segments."""
    with pytest.MonkeyPatch.context() as patch:
        if no_color:
            patch.setenv("NO_COLOR", "")
        return asyncio.run(_strips(XorApp(eventful(), ascii_glyphs=ascii_glyphs), theme))


async def _strips(app: XorApp, theme: str) -> dict[str, list[Strip]]:
    def lines(pane: LineWidget) -> list[Strip]:
        assert pane.outer_size.area
        return pane.render_lines(Region(0, 0, *pane.outer_size))

    app.theme = theme
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        found = {name: lines(app.query_one(pane, LineWidget)) for name, pane in LEFT.items()}
        for view in VIEWS:
            pane = app.query_one(Views).show(view)
            await settle(pilot)
            if isinstance(pane, LandscapePane):
                await until(pilot, partial(is_worked_out, pane))
            found[view] = lines(pane)
        return found


def is_worked_out(pane: LandscapePane) -> bool:
    return pane.ground is not None and pane.ground.is_complete


@cache
def painting(mode: str) -> dict[str, list[Text]]:
    """All panes and views by name, as lines of what a terminal makes of what is sent to it."""
    looks = MODES[mode]
    console = Console(color_system=looks.color_system, force_terminal=True)  # type: ignore[arg-type]
    panes = strips(looks.theme, looks.no_color, looks.ascii_glyphs)
    return {
        name: [Text.from_ansi(Strip(map(afresh, line)).render(console)) for line in lines]
        for name, lines in panes.items()
    }


def afresh(segment: Segment) -> Segment:
    """Styles remember how they were written first, be it for another kind of terminal."""
    style = segment.style
    if style is None:
        return segment
    looks = {name: getattr(style, name) for name in ("bold", "dim", "italic", "reverse")}
    return Segment(
        segment.text,
        Style(color=style.color, bgcolor=style.bgcolor, underline=style.underline, **looks),
    )


def text_of(mode: str, pane: str) -> list[str]:
    """The lines of a pane, without the sides of its frame."""
    edge = to_ascii("│") if MODES[mode].ascii_glyphs else "│"
    lines = [line.plain.rstrip() for line in painting(mode)[pane]]
    return [
        line[1:-1].rstrip() if line.startswith(edge) and line.endswith(edge) else line
        for line in lines
    ]


def glyphs(mode: str, marks: str) -> list[str]:
    """Marks as they look in a mode, where they must still be as many."""
    looks = [to_ascii(mark) if MODES[mode].ascii_glyphs else mark for mark in marks]
    assert len(set(looks)) == len(set(marks))
    return looks


def fine_dots(mode: str) -> set[str]:
    """The glyphs of which fine lines are made."""
    braille = "".join(map(chr, range(0x2801, 0x2900)))
    return set(to_ascii(braille) if MODES[mode].ascii_glyphs else braille)


pytestmark = pytest.mark.pilot

every_mode = pytest.mark.parametrize("mode", MODES)
every_pane = pytest.mark.parametrize("pane", [*LEFT, *VIEWS])


@every_mode
@every_pane
def test_the_text_is_the_same_and_in_ascii_means_the_same(mode: str, pane: str) -> None:
    expected, found = text_of("dark", pane), text_of(mode, pane)
    assert any(expected)
    if not MODES[mode].ascii_glyphs:
        assert found == expected
        return
    assert all(line.isascii() for line in found)
    assert len(found) == len(expected)
    # These have shorter shapes and names where longer words take their room.
    if pane in ("operations", "loss"):
        return
    dark = strips("xortui-dark", False, False)[pane]
    said = ["".join(to_ascii(segment.text) for segment in strip) for strip in dark]
    said = [line[1:-1] if line.startswith("|") else line for line in said]

    def essence(line: str) -> str:
        """Without blanks, and without the edge of a frame, which gives way to longer words."""
        return "".join(line.split()).replace("-", "") if line[:1] == "+" else "".join(line.split())

    assert [essence(line) for line in found] == [essence(line) for line in said]


@every_mode
@every_pane
def test_nothing_that_is_written_has_the_colour_of_its_ground(mode: str, pane: str) -> None:
    console, [block] = Console(), glyphs(mode, BLOCK)
    # Lines that only guide the eye are so faint that 16 colours may not tell them from the ground.
    grid = {"─"} if MODES[mode].color_system == "standard" else set()
    for line in painting(mode)[pane]:
        for segment in line.render(console):
            words, style = segment.text.strip(f" {block}\n"), segment.style
            if set(words) - grid and style and style.color and style.bgcolor:
                # The terminal's own default colours are different ones.
                is_default = style.color.type is ColorType.DEFAULT
                assert is_default or style.color != style.bgcolor, words


@every_mode
def test_right_and_wrong_are_told_row_by_row(mode: str) -> None:
    right, wrong = glyphs(mode, "✓✗")
    verdicts = eventful().snapshot().right.tolist()
    assert verdicts == [True, True, True, False]
    rows = text_of(mode, "truth")[2:6]
    for row, is_right in zip(rows, verdicts, strict=True):
        assert row.endswith(f"{right} right" if is_right else f"{wrong} wrong")


@every_mode
@pytest.mark.parametrize("pane", ["surface", "space", "diagram"])
def test_right_and_wrong_are_told_in_the_views(mode: str, pane: str) -> None:
    text = "\n".join(text_of(mode, pane))
    right, wrong = glyphs(mode, "✓✗")
    if pane == "diagram":  # shows one pattern
        assert f"{right} right" in text
    else:
        assert all(words in text for words in (f"0 {right}", f"1 {right}", f"0 {wrong}"))


@every_mode
def test_signs_are_printed(mode: str) -> None:
    snapshot = eventful().snapshot()
    values = snapshot.values
    assert {value > 0 for value in snapshot.parameters} == {True, False}
    for pane, numbers in {
        "weights": [*snapshot.parameters, *values["dW1"].ravel(), *values["dW2"].ravel()],
        "truth": [*snapshot.outputs, *snapshot.errors],
    }.items():
        text = "\n".join(text_of(mode, pane))
        for number in numbers:
            assert signed(float(number)) in text


@every_mode
def test_the_contour_of_the_surface_is_a_mark_of_its_own(mode: str) -> None:
    picture = text_of(mode, "surface")[1:-3]
    block, *marks = glyphs(mode, f"{BLOCK}01✓✗")
    fine = fine_dots(mode)
    assert not fine & {block, *marks}
    assert set("".join(picture)) <= {block, " ", *marks, *fine}
    assert sum(bool(fine & set(line)) for line in picture) > len(picture) // 2


@every_mode
@pytest.mark.parametrize(
    ("pane", "marks"),
    [
        ("units", "▀01"),  # the labels
        ("space", "▀•●○"),  # the trails, the points, where they began
        ("landscape", "▀·●◆○"),  # contours, the path, the present, where it began
        (
            "loss",
            "╌●│◆1",
        ),  # always 0.5, the loss now, where the run stands, an edit, the other branch
        ("timeline", "●◆✓━─"),  # where the run stands, an edit, solved, past and future
    ],
)
def test_all_marks_are_there_and_told_apart(mode: str, pane: str, marks: str) -> None:
    lines = text_of(mode, pane)
    picture = "".join(line for line in lines if not any(words in line for words in LEGENDS))
    assert set(glyphs(mode, marks)) <= set(picture)
    if pane in ("units", "space"):  # the line where a weighted sum is 0 or the output 0.5
        assert fine_dots(mode) & set(picture)
        assert not fine_dots(mode) & set(glyphs(mode, marks))


@every_mode
def test_the_state_and_what_is_wrong_are_words(mode: str) -> None:
    rewound, wrong = glyphs(mode, "◆✗")
    [title], status = text_of(mode, "title"), " ".join(text_of(mode, "status"))
    assert f"{rewound} rewound from 3,000" in title
    assert f"{wrong} BROKEN ON PURPOSE" in title
    assert f"{wrong} broken on purpose: mean and sum are mixed up" in status
