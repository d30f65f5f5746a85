"""The command palette: all keys by name, what has no key, and the words of the glossary."""

from collections.abc import Callable, Iterator
from functools import partial

from textual.app import App, SystemCommand
from textual.screen import Screen

from xortui.tui.glossary import ALL_WORDS
from xortui.tui.keys import KEYS
from xortui.tui.main_screen import MainScreen
from xortui.tui.run_screen import RunScreen


def key_commands(screen: Screen[object], app: App[None]) -> Iterator[SystemCommand]:
    """What the keys do that work on this screen."""
    for key in KEYS:
        name = key.action.partition("(")[0]
        for node in (screen, app):
            if hasattr(node, f"action_{name}"):
                run = partial(node.run_action, key.action)
                yield SystemCommand(key.words, f"key {key.shown}", run)
                break


def screen_commands(screen: Screen[object]) -> Iterator[SystemCommand]:
    """What can be done on this screen, and has no key."""
    if isinstance(screen, RunScreen):
        words = "The command line that brings this step back"
        yield SystemCommand("Copy command", words, screen.action_copy_command)
        words = "From a file saved with ctrl+s"
        yield SystemCommand("Open a run", words, screen.action_open)
    if isinstance(screen, MainScreen):
        words = "A mistake is made and hidden: which line is it?"
        yield SystemCommand("Find the bug", words, screen.action_find_bug)


def word_commands(explain: Callable[[str], None]) -> Iterator[SystemCommand]:
    """What each word of the glossary means; `explain` is given its name."""
    for word in ALL_WORDS:
        run = partial(explain, word.name)
        yield SystemCommand(f"What is {word.name}?", word.meaning, run)
