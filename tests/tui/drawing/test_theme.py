"""Themes, ours and Textual's: all that is written can be read, and what differs looks different."""

import pytest
from rich.style import Style
from textual.color import Color
from textual.geometry import Region

from tests.tui.driving import pause, press, settle, shown, until
from tests.tui.test_keys import opened
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing import theme
from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.theme import INKS

OURS = (theme.DARK.name, theme.LIGHT.name)
ALL = sorted(XorApp(Trainer(Recipe())).available_themes)
CONTROLS_AND_FOOTER = 1  # lines, x
MIN_CONTRAST = 4.5  # WCAG 2.1, AA, for text


def variables(name: str) -> dict[str, str]:
    """The variables of a theme as the app has them."""
    app = XorApp(Trainer(Recipe()))
    app.set_reactive(XorApp.theme, name)
    app.get_css_variables()
    return app.theme_variables


def luminance(colour: str) -> float:
    """Relative luminance, after WCAG 2.1."""
    parts = [part / 255 for part in Color.parse(colour).rgb]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("ink", [*INKS, "focused title"])
def test_every_ink_of_ours_can_be_read(name: str, ink: str) -> None:
    looks = INKS.get(ink, theme.FOCUSED_TITLE)
    here = variables(name)
    for ground in [looks.on] if looks.on else ["background", "surface", "panel"]:
        assert contrast(here[looks.colour], here[ground]) >= MIN_CONTRAST, ground


def test_ours_are_one_dark_and_one_light_with_the_same_variables() -> None:
    assert [own.dark for own in (theme.DARK, theme.LIGHT)] == [True, False]
    assert set(theme.DARK.variables) == set(theme.LIGHT.variables)


@pytest.mark.parametrize("name", ALL)
def test_every_ink_has_a_look_under_every_theme(name: str) -> None:
    looks = theme.styles(variables(name), Style(), is_focused=False)
    assert set(looks) == set(INKS)
    assert all(style.color is not None for style in looks.values())
    for one, other in (("plus", "minus"), ("good", "bad"), ("text", "label"), ("chosen", "text")):
        assert looks[one] != looks[other]


async def test_all_kinds_of_themes_say_the_same_and_training_goes_on_under_them() -> None:
    async with opened(50, size=(80, 24)) as (app, pilot):
        text = shown(app)[:-CONTROLS_AND_FOOTER]
        for name in (*OURS, "nord", "solarized-light", "ansi-dark", "ansi-light"):
            app.theme = name
            await settle(pilot)
            assert shown(app)[:-CONTROLS_AND_FOOTER] == text, name
        app.training.start()
        for name in OURS:
            app.theme, before = name, app.session.trainer.step_number
            await until(pilot, lambda: app.session.trainer.step_number > before)  # noqa: B023
        pause(app)
        await settle(pilot)


async def test_the_colours_on_the_screen_are_the_themes() -> None:
    async with opened(50) as (app, pilot):
        for name in OURS:
            app.theme = name
            await settle(pilot)
            [line] = app.query_one("#truth", LineWidget).render_lines(Region(0, 0, 60, 1))
            colours = {segment.style.color for segment in line if segment.style}
            for variable in ("secondary", "quiet"):
                assert Color.parse(variables(name)[variable]).rich_color in colours


def underlined(app: XorApp) -> set[str]:
    """What is underlined in the first lines of panes: their titles."""
    found = set()
    for pane in app.query(LineWidget):
        if pane.region.area:
            [line] = pane.render_lines(Region(0, 0, pane.size.width, 1))
            found |= {s.text.strip() for s in line if s.style and s.style.underline}
    return found


async def test_the_title_of_the_focused_pane_and_no_other_is_underlined() -> None:
    async with opened(50) as (app, pilot):
        assert underlined(app) == set()
        for key, words in {
            "1": "Truth table",
            "2": "Weights and gradients",
            "3": "Loss",
            "5": "Decision surface ŷ",
        }.items():
            await press(pilot, key)
            assert underlined(app) == {words}
        await press(pilot, "escape")
        assert underlined(app) == set()
