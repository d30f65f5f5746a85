"""The palette: every key of a screen by name, and every word."""

import pytest
from textual.command import CommandPalette
from textual.screen import Screen

from tests.tui.driving import press, settle
from tests.tui.test_keys import opened
from xortui.tui.app import XorApp
from xortui.tui.glossary import ALL_WORDS
from xortui.tui.keys import KEYS

COMPACT = (80, 24)


async def test_the_palette_carries_out_what_a_key_does() -> None:
    async with opened(7, size=COMPACT) as (app, pilot):
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        assert {words: commands[words].help for words in (key.words for key in KEYS)} == {
            key.words: f"key {key.shown}" for key in KEYS
        }
        assert {"Copy command", "Open a run", "Theme"} <= set(commands)
        await press(pilot, "ctrl+p")
        assert isinstance(app.screen, CommandPalette)
        await press(pilot, "escape")
        result = commands["One step forward"].callback()
        if result is not None:
            await result
        assert app.session.trainer.step_number == 8


@pytest.mark.parametrize("word", ["landscape", "norms", "bias", "learning rate", "hidden"])
async def test_the_palette_finds_what_people_look_for(word: str) -> None:
    async with opened(size=COMPACT) as (app, _):
        commands = [command.title.lower() for command in app.get_system_commands(app.screen)]
        assert any(word in title for title in commands)


async def test_the_palette_has_the_keys_of_the_screen_that_it_is_opened_on() -> None:
    def titles(app: XorApp, screen: Screen[object]) -> set[str]:
        return {command.title for command in app.get_system_commands(screen)}

    async with opened() as (app, pilot):
        main = titles(app, app.screen)
        await press(pilot, "c")
        assert "One step forward" in titles(app, app.screen)
        assert "The decision surface" not in titles(app, app.screen)
        await press(pilot, "escape", "w")
        words = {f"What is {word.name}?" for word in ALL_WORDS}
        assert titles(app, app.screen) - words == {
            "This help",
            "Save a picture of the screen",
            "Suspend",
            "Quit (ctrl+q does, too)",
            "Theme",
        }
        assert titles(app, app.screen) < main


async def test_the_palette_has_every_word() -> None:
    async with opened(5) as (app, pilot):
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        for word in ALL_WORDS:
            command = commands[f"What is {word.name}?"]
            assert command.help == word.meaning
            command.callback()
        await settle(pilot)
        said = {(one.title, one.message) for one in app._notifications}
        assert {(word.name, word.meaning) for word in ALL_WORDS} <= said
