"""Our own two themes, what other themes lack for us, and how the styles that panes name look."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from xortui.tui.drawing.shades import MARK_CONTRAST, TEXT_CONTRAST, between, readable

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
    variables={"plus": "#ffa86b", "minus": "#79c0ff", "quiet": "#808a99", "curve": "#5b8bd6"},
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
    variables={"plus": "#a84300", "minus": "#0b5fc4", "quiet": "#5c6675", "curve": "#5b8bd6"},
)


def variables(dark: bool) -> dict[str, str]:
    """Our variables as a theme of somebody else's gets them."""
    return (DARK if dark else LIGHT).variables


@dataclass(frozen=True)
class Ink:
    """How text looks: the theme's variables for its colour and for what it stands on (None: on the
    pane itself), and the least contrast that the two must have."""

    colour: str = "foreground"
    on: str | None = None
    bold: bool = False
    underline: bool = False
    least: float = TEXT_CONTRAST


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
    "keyword": Ink("secondary"),
    "string": Ink("warning"),
    "brand": Ink("background", on="accent", bold=True),
    "curve": Ink("curve", least=MARK_CONTRAST),
    "focus": Ink("accent", least=MARK_CONTRAST),
    "frame": Ink("quiet", least=MARK_CONTRAST),
}
FOCUSED_TITLE = Ink("accent", bold=True, underline=True)

# Signs and sizes: "plus:3" is the ink in one of so many strengths, "text@plus:3" text on a ground
# that is tinted with it. The weakest mark can still be seen and text on any tint be read.
STRENGTHS = 8
DEEPEST_TINT = 0.45
GRID = "grid"  # lines that only guide the eye, and may be fainter than what is to be read
GRID_SHARE = 0.3
# hue2 to hue8, one for each branch but the first, which has the curve's.
HUES = ("#e58fd0", "#8ecf6a", "#f0b429", "#5ad1c8", "#ff8f6b", "#b39dff", "#c7c95a")
HUE_COUNT = 1 + len(HUES)
_NAME = re.compile(
    r"(?P<ink>[a-z]+|hue[2-8])(?::(?P<level>[1-8]))?(?:@(?P<tint>[a-z]+|hue[2-8]):(?P<depth>[0-8]))?"
)


def hue(branch: int) -> str:
    """The ink of a branch, counted from 0."""
    return f"hue{branch + 1}" if branch else "curve"


def is_style(name: str) -> bool:
    """Whether this is the name of an ink, or of one in some strength or on some tint."""
    found = _NAME.fullmatch(name)
    known = {*INKS, GRID, *(hue(branch) for branch in range(HUE_COUNT))}
    return bool(found and found["ink"] in known and (found["tint"] or "text") in known)


class Styles(dict[str, Style]):
    """Every ink as a style, under a theme's variables and on a pane of one style.

    Strengths and tints are made when they are first asked for.
    """

    def __init__(self, variables: Mapping[str, str], pane: Style, is_focused: bool) -> None:
        self._variables, self._pane = variables, pane
        ground = pane.bgcolor
        self._ground = (
            Color.parse(variables["background"])
            if ground is None or ground.is_default
            else Color.from_rich_color(ground)
        )
        inks = INKS | {"title": FOCUSED_TITLE} if is_focused else INKS
        super().__init__((name, self._ink(ink)) for name, ink in inks.items())

    def _ink(self, ink: Ink) -> Style:
        on = None if ink.on is None else Color.parse(self._variables[ink.on])
        colour = readable(self._colour(ink.colour), on or self._ground, ink.least)
        return self._pane + Style(
            color=colour.rich_color,
            bgcolor=None if on is None else on.rich_color,
            bold=ink.bold,
            underline=ink.underline,
        )

    def _colour(self, variable: str) -> Color:
        return Color.parse(self._variables[variable])

    def _base(self, ink: str) -> Color:
        """The colour itself of an ink."""
        if ink.startswith("hue"):
            return Color.parse(HUES[int(ink[-1]) - 2])
        return self._colour(INKS[ink].colour)

    def __missing__(self, name: str) -> Style:
        found = _NAME.fullmatch(name)
        assert is_style(name), name
        assert found is not None
        ink, level, ground = found["ink"], found["level"], self._ground
        is_mixed = ground.ansi is None  # a terminal's own colours cannot be mixed
        if found["tint"] and is_mixed:
            share = int(found["depth"]) / STRENGTHS * DEEPEST_TINT
            ground = between(ground, self._base(found["tint"]), share)
        colour = self._base("label" if ink == GRID else ink)
        if ink == GRID and is_mixed:
            colour = between(ground, colour, GRID_SHARE)
        elif is_mixed:
            least = INKS[ink].least if ink in INKS and not level else MARK_CONTRAST
            colour = between(ground, colour, int(level or STRENGTHS) / STRENGTHS)
            colour = readable(colour, ground, least)
        self[name] = self._pane + Style(
            color=colour.rich_color,
            bgcolor=ground.rich_color if found["tint"] and is_mixed else None,
            bold=ink in INKS and INKS[ink].bold,
            dim=True if ink == GRID and not is_mixed else None,
        )
        return self[name]


def styles(variables: Mapping[str, str], pane: Style, is_focused: bool) -> Styles:
    """Every ink as a style, under a theme's variables and on a pane of this style."""
    return Styles(variables, pane, is_focused)
