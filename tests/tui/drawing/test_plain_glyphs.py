"""With --glyphs ascii nothing on any screen is anything but ASCII, and nothing is lost."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.pilot import Pilot
from textual.widgets import Select

from tests.sample import some_pairs
from tests.tui.driving import press, settle, shown
from xortui.core.model.recipe import Recipe
from xortui.core.text.ascii import to_ascii
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.plain_glyphs import PlainGlyphs
from xortui.tui.views.views import VIEWS

BLACK = Color(0, 0, 0)


def made(*texts: str) -> list[str]:
    segments = PlainGlyphs().apply([Segment(text) for text in texts], BLACK)
    return [segment.text for segment in segments]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("a₁ = z₁  ",), ["a1 = z1  "]),  # as long as before
        (("ℓ = ½(ŷ − y)²      |",), ["l = 0.5*(p - y)^2  |"]),  # takes blanks behind it
        (("h²", "     ", "[4,2] → [4,2]"), ["h^2", "   ", "[4,2] -> [4,2]"]),  # or before it
        (("x      → y",), ["x     -> y"]),
        (("±4.50 ", "±1.50 "), ["+/-4.50 ", "+/-1"]),  # and where there are none, it is cut
        (("ナ", "x"), ["?", "x "]),  # a letter of two cells
    ],
)
def test_a_line_keeps_its_width(texts: tuple[str, ...], expected: list[str]) -> None:
    assert made(*texts) == expected


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Lines that the filter had to cut, before and after, while a test runs."""
    cut: list[tuple[str, str]] = []
    apply = PlainGlyphs.apply

    def watched(self: PlainGlyphs, segments: list[Segment], background: Color) -> list[Segment]:
        found = apply(self, segments, background)
        before = "".join(to_ascii(segment.text) for segment in segments)
        after = "".join(segment.text for segment in found)
        if "".join(before.split()) != "".join(after.split()):
            cut.append((before, after))
        return found

    monkeypatch.setattr(PlainGlyphs, "apply", watched)
    return cut


def app_of(**fields: Any) -> XorApp:
    trainer = Trainer(Recipe(**fields))
    trainer.step(30)
    trainer.seek(10)
    trainer.edit(Edit("learning_rate", value=0.2))
    trainer.edit(Edit("weight", "W1[1,0]", 0.25))
    trainer.step(20)
    return XorApp(trainer, ascii_glyphs=True)


async def weight(app: XorApp, pilot: Pilot[None]) -> None:
    await press(pilot, "2", "enter")
    assert "W1 x1->h1 =" in "\n".join(shown(app))


async def goto(app: XorApp, pilot: Pilot[None]) -> None:
    await press(pilot, "g")


async def refused(app: XorApp, pilot: Pilot[None]) -> None:
    await press(pilot, "g", "η", "enter")


async def mistakes(app: XorApp, pilot: Pilot[None]) -> None:
    await press(pilot, "m")
    for _ in range(9):
        await press(pilot, "down")
        assert all(line.isascii() for line in shown(app))


async def branches(app: XorApp, pilot: Pilot[None]) -> None:
    await press(pilot, "B")
    assert "lr = 0.2 at 10" in "\n".join(shown(app))


async def help_(app: XorApp, pilot: Pilot[None]) -> None:
    await press(pilot, "?")
    for _ in range(6):
        assert all(line.isascii() for line in shown(app))
        await press(pilot, "pagedown")


async def palette(app: XorApp, pilot: Pilot[None]) -> None:
    await press(pilot, "ctrl+p")


async def toast(app: XorApp, pilot: Pilot[None]) -> None:
    app.notify("η = 0.5 ± 0.1")
    await settle(pilot)
    assert "lr = 0.5 +/- 0.1" in "\n".join(shown(app))


async def check(app: XorApp, pilot: Pilot[None]) -> None:
    await press(pilot, "c")
    for _ in range(200):
        await pilot.pause(0.02)
        if app.screen.is_done:  # type: ignore[attr-defined]
            break
    text = "\n".join(shown(app))
    assert "W1 x1->h1" in text
    assert "dL/dw" in text
    if app.size.width > 110:
        assert "h^2" in text


async def sweep(app: XorApp, pilot: Pilot[None]) -> None:
    await press(pilot, "w")
    app.screen.query_one("#first", Select).expanded = True
    await settle(pilot)


async def operations(app: XorApp, pilot: Pilot[None]) -> None:
    for _ in range(len(app.session.trainer.snapshot().results)):
        await press(pilot, "n")
        assert all(line.isascii() for line in shown(app))
        assert app.frame.cursor is not None
        assert to_ascii(app.frame.cursor.result.operation.formula) in "\n".join(shown(app))


async def views(app: XorApp, pilot: Pilot[None]) -> None:
    for view in VIEWS:
        app.main_screen.action_view(view)
        await settle(pilot)
        assert all(line.isascii() for line in shown(app)), shown(app)


def name_of(case: Any) -> str:
    """Of a place, or of a size."""
    return str(getattr(case, "__name__", case)).strip("_")


PLACES: list[Callable[[XorApp, Pilot[None]], Awaitable[None]]] = [
    *(weight, goto, refused, mistakes, branches, help_, palette),
    *(toast, check, sweep, operations, views),
]


@pytest.mark.parametrize(("place", "size"), some_pairs(PLACES, [(80, 24), (120, 36)], 2, name_of))
async def test_every_screen_is_ascii_and_nothing_is_cut(
    place: Callable[[XorApp, Pilot[None]], Awaitable[None]],
    size: tuple[int, int],
    lost: list[tuple[str, str]],
) -> None:
    app = app_of(bias=True)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        await place(app, pilot)
        await settle(pilot)
        assert all(line.isascii() for line in shown(app)), shown(app)
        assert not lost


@pytest.mark.slow
@pytest.mark.parametrize(
    "fields",
    [
        {"activation": "relu", "loss": "cross-entropy", "hidden": (3, 2)},
        {"activation": "tanh", "problem": "parity3", "mistake": "double-activation"},
    ],
    ids=["relu", "tanh"],
)
async def test_every_kind_of_network_is_ascii_and_nothing_is_cut(
    fields: dict[str, Any], lost: list[tuple[str, str]]
) -> None:
    app = app_of(bias=True, **fields)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await operations(app, pilot)
        await views(app, pilot)
        assert not lost
