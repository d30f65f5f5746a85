"""Apps by the hundred: none of them settles all memory that tests take, or parses all styles."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet

from xortui.tui import memory


@pytest.fixture(autouse=True, scope="session")
def _memory_is_left_alone() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "settle", gc.enable)
        patch.setattr(memory, "give_back", lambda: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _styles_are_parsed_once() -> Iterator[None]:
    """Textual keeps parsed rules for each app alone, though they depend on the theme only."""
    parse, parsed = Stylesheet._parse_rules, {}

    def parse_once(sheet: Stylesheet, *source: Any, **more: Any) -> Any:
        key = (frozenset(sheet._variables.items()), source, frozenset(more.items()))
        if key not in parsed:
            parsed[key] = parse(sheet, *source, **more)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield
