"""Our own two themes, what other themes lack for us, and how the styles that panes name look."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="xortui-dark",
    primary="#c6a0ff",
    secondary="#7aa2f7",
    accent="#c6a0ff",
    warning="#f0c674",
    error="#ff7b72",
    success="#8bd58b",
    foreground="#d5dae3",
    background="#0e1116",
    surface="#151a21",
    panel="#1c222b",
    dark=True,
    variables={"plus": "#79c0ff", "minus": "#ffa86b", "quiet": "#808a99", "curve": "#5b8bd6"},
)

LIGHT = Theme(
    name="xortui-light",
    primary="#7a3fc7",
    secondary="#2f5fc0",
    accent="#7a3fc7",
    warning="#855e00",
    error="#c02a20",
    success="#187332",
    foreground="#1f2430",
    background="#eef0f4",
    surface="#fbfcfe",
    panel="#e2e6ee",
    dark=False,
    variables={"plus": "#0b5fc4", "minus": "#a84300", "quiet": "#5c6675", "curve": "#5b8bd6"},
)


def variables(dark: bool) -> dict[str, str]:
    """Our variables as a theme of somebody else's gets them."""
    return (DARK if dark else LIGHT).variables


@dataclass(frozen=True)
class Ink:
    """How text looks: the theme's variables for its colour and for what it stands on (None: on the
    pane itself)."""

    colour: str = "foreground"
    on: str | None = None
    bold: bool = False
    underline: bool = False


# By the name that panes give to what they say. No component classes: Textual works out those for
# every pane anew, which took a third of the time until the first frame.
INKS = {
    "text": Ink(),
    "label": Ink("quiet"),
    "title": Ink("secondary", bold=True),
    "heading": Ink(bold=True),
    "plus": Ink("plus"),
    "minus": Ink("minus"),
    "good": Ink("success"),
    "bad": Ink("error", bold=True),
    "warn": Ink("warning"),
    "accent": Ink("accent", bold=True),
    "chosen": Ink("background", on="accent", bold=True),
    "reads": Ink(underline=True),
    "writes": Ink("background", on="secondary", bold=True),
    "brand": Ink("background", on="accent", bold=True),
}
FOCUSED_TITLE = Ink("accent", bold=True, underline=True)


def styles(variables: Mapping[str, str], pane: Style, is_focused: bool) -> dict[str, Style]:
    """Every ink as a style, under a theme's variables and on a pane of this style."""
    inks = INKS | {"title": FOCUSED_TITLE} if is_focused else INKS
    return {
        name: pane
        + Style(
            color=Color.parse(variables[ink.colour]).rich_color,
            bgcolor=None if ink.on is None else Color.parse(variables[ink.on]).rich_color,
            bold=ink.bold,
            underline=ink.underline,
        )
        for name, ink in inks.items()
    }
