"""Style sheets name widgets that there are: a rule for one that was renamed would style nothing."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
import textual.widgets
from textual.widget import Widget

import xortui.tui

SHEETS = sorted(Path(xortui.tui.__file__).parent.rglob("*.tcss"))


def widgets() -> set[str]:
    """The names of all classes of widgets and screens, Textual's and ours."""
    for name in vars(textual.widgets)["__all__"]:
        getattr(textual.widgets, name)
    for module in pkgutil.walk_packages(xortui.tui.__path__, "xortui.tui."):
        importlib.import_module(module.name)
    return {kind.__name__ for kind in with_children(Widget)}


def with_children(kind: type[object]) -> set[type[object]]:
    """A class and all that come from it."""
    return {kind}.union(*(with_children(child) for child in kind.__subclasses__()))


def types_in(sheet: str) -> set[str]:
    """The names of types that the selectors of a style sheet hold."""
    plain = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    selectors = re.sub(r"\{[^{}]*\}", "{}", plain)
    return set(re.findall(r"(?<![.#\-\w$:])[A-Z]\w*", selectors))


def test_the_names_are_found() -> None:
    assert types_in("A, .b C > #D { color: E; } /* F */ G:focus {}") == {"A", "C", "G"}
    assert {"MainScreen", "OptionList", "Pane"} <= widgets()
    assert len(SHEETS) > 3


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_type_in_a_style_sheet_is_a_widget(sheet: Path) -> None:
    found = types_in(sheet.read_text(encoding="utf-8"))
    assert found <= widgets()
