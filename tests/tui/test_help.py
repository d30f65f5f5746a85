"""The help, the footer and the README say the same of the keys: all from one table."""

from pathlib import Path

import pytest
from textual.containers import VerticalScroll

from tests.tui.driving import click, press, shown, until
from tests.tui.test_keys import opened
from xortui.tui.app import XorApp
from xortui.tui.glossary import WORDS
from xortui.tui.keys import KEYS
from xortui.tui.panes.footer import KeyLine
from xortui.tui.screens.help import PANES, HelpScreen
from xortui.tui.views.views import VIEWS

README = Path(__file__).parents[2] / "README.md"
COMPACT = (80, 24)


async def test_the_help_has_every_key_with_its_sentence_and_every_word() -> None:
    async with opened(size=(100, 240)) as (app, pilot):
        await press(pilot, "?")
        assert isinstance(app.screen, HelpScreen)
        box = app.screen.query_one(VerticalScroll).region
        inside = [line[box.x + 1 : box.right - 1] for line in shown(app)[box.y : box.bottom]]
        rows = [" ".join(line.split()) for line in inside]
        assert {f"{key.shown} {key.words}" for key in KEYS} <= set(rows)
        assert {key.group for key in KEYS} <= set(rows)
        for pane in [*PANES.values(), *(view.pane for view in VIEWS.values())]:
            for key in pane.own_bindings():
                assert f"{key.key_display or key.key} {key.tooltip}" in rows
        for word, meaning in WORDS.items():
            assert any(row.startswith(f"{word} {meaning[:20]}") for row in rows)


@pytest.mark.slow
async def test_the_help_is_closed_by_escape_and_by_the_keys_that_open_it_and_by_q() -> None:
    async with opened(7, size=COMPACT) as (app, pilot):
        for key in ("escape", "?", "f1", "q"):
            await press(pilot, "f1")
            assert isinstance(app.screen, HelpScreen)
            await press(pilot, key)
            assert app.screen is app.screen_stack[0]
            assert not app._exit, "q closes the help, and only the help"


@pytest.mark.slow
async def test_the_help_scrolls_where_it_does_not_fit() -> None:
    async with opened(size=COMPACT) as (app, pilot):
        await press(pilot, "?")
        assert "Run or pause" in "\n".join(shown(app))
        assert "diverged" not in "\n".join(shown(app)[1:])
        assert isinstance(app.focused, VerticalScroll)
        await press(pilot, "end")
        await until(pilot, lambda: "diverged" in "\n".join(shown(app)[1:]))
        assert "diverged" in "\n".join(shown(app)[1:])


def test_the_readme_has_no_key_that_there_is_not() -> None:
    lines = README.read_text(encoding="utf-8").split("\n")
    start = lines.index("| keys | what they do |")
    rows = [line for line in lines[start + 2 : lines.index("", start)] if "**" not in line]
    table = {f"| {' '.join(f'`{k}`' for k in key.shown.split())} | {key.words} |" for key in KEYS}
    assert [row for row in rows if row not in table] == [
        "| `ctrl+p` | Command palette |",
        "| `tab` `escape` | Go to the next pane; leave it |",
    ]


def footer(app: XorApp) -> list[str]:
    """The entries of the footer that are to be seen."""
    return [f"{key.shown} {key.words}" for key in app.screen.query_one(KeyLine).entries]


@pytest.mark.parametrize("size", [(60, 18), (120, 36)])
async def test_the_footer_keeps_help_and_quit_wherever_the_focus_is(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        for keys in ([], ["1"], ["3"], ["n"]):
            await press(pilot, *keys)
            entries = " ".join(footer(app)).split()
            assert shown(app)[-1].replace("│", "").split() == entries
            assert footer(app)[-2:] == ["? help", "q quit"]


async def test_the_footer_has_no_key_that_a_field_would_swallow() -> None:
    async with opened(5) as (app, pilot):
        await click(pilot, "#learning_rate")
        assert footer(app)[0] == "enter take it"
        for dead in ("run/pause", "step", "reset", "operation"):
            assert not any(entry.endswith(f" {dead}") for entry in footer(app))
        assert footer(app)[-2:] == ["F1 help", "ctrl+q quit"]
        await press(pilot, "escape")
        assert footer(app)[-2:] == ["? help", "q quit"]


async def test_keys_of_a_pane_are_offered_only_where_they_do_something() -> None:
    async with opened(5, size=(160, 45)) as (app, pilot):
        await press(pilot, "4")
        assert "t follow a row" not in footer(app)
        await press(pilot, "n")
        assert "t follow a row" in footer(app)
        await press(pilot, "3")
        assert "enter go there" not in footer(app)
        await press(pilot, "left")
        assert "enter go there" in footer(app)
        await press(pilot, "7")
        assert "↑↓ layer" not in footer(app), "there is one hidden layer"
        await press(pilot, "6")
        assert "←→ layers" not in footer(app), "all of them are seen"
    async with opened(5, hidden=(2, 2)) as (app, pilot):
        await press(pilot, "7")
        assert "↑↓ layer" in footer(app)


@pytest.mark.parametrize("size", [(60, 18), (66, 20), (80, 24)])
async def test_all_controls_are_seen_whole_and_while_it_runs(size: tuple[int, int]) -> None:
    async with opened(5, size=size) as (app, pilot):
        for label in ("▶ Run", "⏸ Pause"):
            line = next(line for line in shown(app) if label in line)
            for words in ("Step", "Reset", "η 0.1", "seed 0"):
                assert words in line
            await press(pilot, "space")
