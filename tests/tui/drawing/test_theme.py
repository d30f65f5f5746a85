"""Themes, ours and Textual's: all that is written can be read, and what differs looks different."""

import pytest
from rich.style import Style
from textual.color import Color
from textual.geometry import Region

from tests.tui.driving import pause, press, settle, shown, until
from tests.tui.test_keys import WIDE, opened
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing import theme
from xortui.tui.drawing.line_widget import LineWidget
from xortui.tui.drawing.shades import MARK_CONTRAST, TEXT_CONTRAST, contrast, readable
from xortui.tui.drawing.theme import GRID, INKS, STRENGTHS, Styles, hue, is_style

OURS = (theme.DARK.name, theme.LIGHT.name)
ALL = sorted(XorApp(Trainer(Recipe())).available_themes)
CONTROLS_AND_FOOTER = 1  # lines, x
ANSI = ("ansi-dark", "ansi-light")  # the terminal's own colours: nobody knows how they look


def variables(name: str) -> dict[str, str]:
    """The variables of a theme as the app has them."""
    app = XorApp(Trainer(Recipe()))
    app.set_reactive(XorApp.theme, name)
    app.get_css_variables()
    return app.theme_variables


def seen(looks: Styles, name: str) -> float:
    """The contrast of a style with what it stands on."""
    style = looks[name]
    assert style.color is not None
    assert style.bgcolor is not None
    return contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))


def on_pane(name: str, ground: str = "surface") -> Styles:
    """All styles under a theme on a pane whose background is that variable."""
    here = variables(name)
    pane = Style(bgcolor=Color.parse(here[ground]).rich_color)
    return theme.styles(here, pane, is_focused=False)


def test_contrast_is_that_of_wcag() -> None:
    black, white, grey = map(Color.parse, ("#000000", "#ffffff", "#777777"))
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(grey, white) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", [name for name in ALL if name not in ANSI])
@pytest.mark.parametrize("ground", ["background", "surface", "panel"])
def test_every_ink_can_be_read_under_every_theme(name: str, ground: str) -> None:
    looks = on_pane(name, ground)
    for ink, its in INKS.items():
        if its.on is None or name in OURS:
            assert seen(looks, ink) >= its.least, ink


@pytest.mark.parametrize("name", [name for name in ALL if name not in ANSI])
def test_the_weakest_mark_can_be_seen_and_text_be_read_on_every_tint(name: str) -> None:
    looks = on_pane(name)
    for sign in ("plus", "minus"):
        for level in range(1, STRENGTHS + 1):
            assert seen(looks, f"{sign}:{level}") >= MARK_CONTRAST
            for ink in ("text", "label", sign):
                assert seen(looks, f"{ink}@{sign}:{level}") >= TEXT_CONTRAST, level
    for branch in range(8):
        assert seen(looks, hue(branch)) >= MARK_CONTRAST
        assert seen(looks, f"{hue(branch)}@{hue(branch)}:4") >= MARK_CONTRAST


def test_a_size_and_a_sign_have_a_look_each_and_branches_too() -> None:
    for name in OURS:
        looks = on_pane(name)
        tints = [f"text@{sign}:{level}" for sign in ("plus", "minus") for level in range(1, 9)]
        assert len({looks[tint].bgcolor for tint in tints}) == len(tints)
        assert len({looks[hue(branch)].color for branch in range(8)}) == 8


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    ground = Color.parse("#151a21")
    assert readable(Color.parse("#ffa86b"), ground, TEXT_CONTRAST) == Color.parse("#ffa86b")
    lifted = readable(Color.parse("#202830"), ground, TEXT_CONTRAST)
    assert contrast(lifted, ground) >= TEXT_CONTRAST


@pytest.mark.parametrize("name", ANSI)
def test_a_terminals_own_colours_are_not_mixed(name: str) -> None:
    looks = theme.styles(variables(name), Style(), is_focused=False)
    for ink in ("plus:3", "text@minus:2", "curve@curve:4", GRID):
        assert looks[ink].color is not None


@pytest.mark.parametrize("name", ["plus:9", "nothing", "text@plus", "text@plus:x", "hue9", ""])
def test_what_names_no_style_is_known(name: str) -> None:
    assert not is_style(name)


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


@pytest.mark.slow
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
    async with opened(50, size=WIDE) as (app, pilot):
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


async def test_without_frames_the_focused_panes_title_and_no_other_is_underlined() -> None:
    async with opened(50, size=(120, 29)) as (app, pilot):
        assert underlined(app) == set()
        for key, words in {
            "3": "Loss",
            "5": "Decision surface ŷ",
        }.items():
            await press(pilot, key)
            assert underlined(app) == {words}
        await press(pilot, "escape")
        assert underlined(app) == set()
