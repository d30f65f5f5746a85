"""Our own two themes, and the variables that the style sheet needs under any other theme."""

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
    variables={"plus": "#79c0ff", "minus": "#ffa86b", "quiet": "#7d8796", "curve": "#5b8bd6"},
)

LIGHT = Theme(
    name="xortui-light",
    primary="#7a3fc7",
    secondary="#2f5fc0",
    accent="#7a3fc7",
    warning="#8a6100",
    error="#c02a20",
    success="#1a7f37",
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
