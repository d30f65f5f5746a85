"""Film: the app's screen while a run trains, picture by picture, as text with its colours."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.pilot import Pilot

from xortui.core.text.harmless import harmless
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.panes.status import Status
from xortui.tui.screenshot import ScreenshotOptions, app_for, open_view, until_worked_out
from xortui.tui.terminal.textual_private import screen_segments


class Look(NamedTuple):
    """How letters look: two colours (#rrggbb) and the rest."""

    ink: str
    ground: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


Stretch = tuple[str, Look]
FilmRow = tuple[Stretch, ...]


@dataclass(frozen=True)
class Film:
    """Pictures of the same size = (columns, rows), each with the second at which it appears.

    The last one stays until `seconds`. Each row is runs of letters that look the same.
    """

    size: tuple[int, int]
    seconds: float
    times: tuple[float, ...]
    pictures: tuple[tuple[FilmRow, ...], ...]
    title: str


def record(
    trainer: Trainer,
    steps: Sequence[int],
    fps: int,
    seconds: float,
    size: tuple[int, int],
    how: ScreenshotOptions,
    tell: Callable[[int], object] = lambda done: None,
) -> Film:
    """The app at these steps, `fps` of them a second; the last is seen until `seconds`.

    `tell` is called with the number of pictures done; what it raises ends the recording.
    """
    trainer.seek(steps[0])
    app = app_for(trainer, how)
    pictures = asyncio.run(_pictures(app, steps, fps, size, how, tell))
    times, kept = [0.0], [pictures[0]]
    for index, picture in enumerate(pictures):
        if picture != kept[-1]:
            times.append(index / fps)
            kept.append(picture)
    title = f"xortui: {trainer.recipe.table.title}, step {steps[0]:,} to {steps[-1]:,}"
    return Film(size, seconds, tuple(times), tuple(kept), title)


async def _pictures(
    app: XorApp,
    steps: Sequence[int],
    fps: int,
    size: tuple[int, int],
    how: ScreenshotOptions,
    tell: Callable[[int], object],
) -> list[tuple[FilmRow, ...]]:
    pictures: list[tuple[FilmRow, ...]] = []
    async with app.run_test(size=size, notifications=False) as pilot:
        await pilot.pause()
        await open_view(app, pilot, how)
        app.query_one(Status).clock = lambda: 1 + len(pictures) / fps
        for index, step in enumerate(steps):
            is_last = index + 1 == len(steps)
            await _show_step(app, pilot, step, 0 if is_last else (steps[index + 1] - step) * fps)
            pictures.append(_picture(app))
            tell(index + 1)
    return pictures


async def _show_step(app: XorApp, pilot: Pilot[None], step: int, rate: float) -> None:
    """The screen of a run that trains at `rate` steps a second, or of one that is paused."""
    app.session.trainer.seek(step)
    app.training.show_as(running=rate > 0, rate=rate)
    await pilot.pause()
    await until_worked_out(app)
    await pilot.pause()


def _picture(app: XorApp) -> tuple[FilmRow, ...]:
    theme = app.ansi_theme
    return tuple(_row(segments, theme) for segments in screen_segments(app.screen))


def _row(segments: Iterable[Segment], theme: TerminalTheme) -> FilmRow:
    runs: list[Stretch] = []
    for text, style, control in segments:
        if control or not text:
            continue
        look = _look(style or Style.null(), theme)
        if runs and runs[-1][1] == look:
            text = runs.pop()[0] + text
        runs.append((harmless(text), look))
    return tuple(runs)


def _look(style: Style, theme: TerminalTheme) -> Look:
    ink = style.color.get_truecolor(theme) if style.color else theme.foreground_color
    ground = (
        style.bgcolor.get_truecolor(theme, foreground=False)
        if style.bgcolor
        else theme.background_color
    )
    if style.reverse:
        ink, ground = ground, ink
    if style.dim:
        ink = type(ink)(*((a + b) // 2 for a, b in zip(ink, ground, strict=True)))
    return Look(
        _hex(ink), _hex(ground), bool(style.bold), bool(style.italic), bool(style.underline)
    )


def _hex(colour: tuple[int, int, int]) -> str:
    red, green, blue = colour
    return f"#{red:02x}{green:02x}{blue:02x}"
