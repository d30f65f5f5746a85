"""Every key of the one table, at step 0, midway, while running, inside a step, after divergence."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from textual.pilot import Pilot

from tests.sample import some_pairs
from tests.tui.driving import pause, press, settle
from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.drawing.lines import plain_text
from xortui.tui.keys import KEYS, Key
from xortui.tui.lessons.screens import LessonsScreen
from xortui.tui.pacing import FASTEST
from xortui.tui.panes.footer import KeyLine
from xortui.tui.screens.ask import Ask
from xortui.tui.screens.branches import BranchesScreen
from xortui.tui.screens.breakpoints import BreakpointsScreen
from xortui.tui.screens.gradient_check import GradientCheckScreen
from xortui.tui.screens.help import HelpScreen
from xortui.tui.screens.mistakes import MistakesScreen
from xortui.tui.screens.recipe import RecipeScreen
from xortui.tui.screens.why import WhyScreen
from xortui.tui.sweep.screen import SweepScreen
from xortui.tui.views.views import Views

COMPACT = (80, 24)  # there is less to paint than on a wide screen
WIDE = (120, 36)


@asynccontextmanager
async def opened(
    step: int = 0, size: tuple[int, int] = COMPACT, **fields: object
) -> AsyncIterator[tuple[XorApp, Pilot[None]]]:
    trainer = Trainer(Recipe(**fields))  # type: ignore[arg-type]
    trainer.seek(step)
    app = XorApp(trainer)
    app.training.speed = FASTEST
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def at(step: int) -> Callable[[XorApp], bool]:
    return lambda app: app.session.trainer.step_number == step


def on(screen: type) -> Callable[[XorApp], bool]:
    return lambda app: isinstance(app.screen, screen)


def shows(view: str) -> Callable[[XorApp], bool]:
    return lambda app: app.query_one(Views).chosen == view


# What each key does to a run that has come to step 300 and stands at 200. A key without an entry
# fails the test below.
EFFECTS: dict[str, Callable[[XorApp], bool]] = {
    "run": lambda app: app.training.running,
    "step": at(201),
    "steps": at(300),
    "operation": lambda app: app.session.operation == 0 and shows("operations")(app),
    "operation-back": lambda app: at(199)(app) and app.session.operation == 12,
    "check": on(GradientCheckScreen),
    "why": on(WhyScreen),
    "predict": lambda app: app.main_screen.predictions.is_on,
    "mistake": on(MistakesScreen),
    "show-fault": lambda app: not app.session.show_fault,
    "back": at(199),
    "backs": at(100),
    "home": at(0),
    "end": at(300),
    "left": at(197),
    "right": at(203),
    "goto": on(Ask),
    "reset": lambda app: at(0)(app) and app.session.trainer.last_step == 0,
    "seed": lambda app: at(0)(app) and app.session.trainer.recipe.seed == 1,
    "original": lambda app: at(0)(app) and app.session.trainer.last_step == 0,
    "recipe": on(RecipeScreen),
    "full-speed": lambda app: app.training.speed == FASTEST,
    "breakpoints": on(BreakpointsScreen),
    "slower": lambda app: app.training.speed == FASTEST - 2,
    "faster": lambda app: app.training.speed == FASTEST,
    "undo": at(200),
    "redo": at(200),
    "tenth": lambda app: app.session.trainer.snapshot().recipe.learning_rate == 0.1,
    "rate": on(Ask),
    "optimiser": on(Ask),
    "nudge": on(Ask),
    "branches": on(BranchesScreen),
    "save": on(Ask),
    "continue": at(200),
    "truth": lambda app: app.focused is app.query_one("#truth"),
    "weights": lambda app: app.focused is app.query_one("#weights"),
    "loss": lambda app: app.focused is app.query_one("#loss"),
    "operations": shows("operations"),
    "surface": shows("surface"),
    "network": shows("diagram"),
    "units": shows("units"),
    "space": shows("space"),
    "landscape": shows("landscape"),
    "norms": shows("norms"),
    "lessons": on(LessonsScreen),
    "answer": at(200),
    "show-answer": at(200),
    "leave": lambda app: app.focused is None,
    "maximise": lambda app: app.main_screen.maximised_pane is not None,
    "copy": lambda app: "Truth table" in app.clipboard,
    "sweep": on(SweepScreen),
    "help": on(HelpScreen),
    "picture": lambda app: True,  # has a test of its own
    "suspend": lambda app: True,  # needs a real terminal: tests/e2e
    "quit": lambda app: True,  # likewise
}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))


async def at_rest(app: XorApp, pilot: Pilot[None], size: tuple[int, int] = COMPACT) -> None:
    """Back on the main screen, paused at step 200 of 300 of the reference run."""
    if app.size != size:
        await pilot.resize_terminal(*size)
    while len(app.screen_stack) > 1:
        app.pop_screen()
    app.session.show_fault, app.training.speed = True, FASTEST - 1
    app.training.pause()
    app.main_screen.maximised_pane = None
    app.main_screen.predictions.is_on = False
    app.main_screen.divide()
    app.screen.set_focus(None)
    app.main_screen.starting.start(Recipe())
    app.query_one(Views).show("surface")
    app.session.trainer.seek(300)  # however slow the machine is
    app.training.go_to(200)
    await settle(pilot)


PLACES = ("step 0", "running", "inside a step", "diverged", "small")

# Ends the app: tests/e2e does both in a real terminal.
HERE = [key for key in KEYS if key.id not in ("quit", "suspend")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[tuple[XorApp, Pilot[None]]]:
    """One app for all tests of single keys: starting one takes much longer than a key does."""
    async with opened(size=COMPACT) as found:
        yield found


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("key", "name"),
    [
        pytest.param(key, name, id=f"{key.id}-{name}")
        for key in HERE
        for name in key.keys.split(",")
    ],
)
async def test_a_key_does_what_it_says(
    shared: tuple[XorApp, Pilot[None]], key: Key, name: str
) -> None:
    app, pilot = shared
    await at_rest(app, pilot)
    await press(pilot, name)
    assert EFFECTS[key.id](app), (app.focused, app.session.trainer.step_number)


def test_every_key_has_an_effect_that_is_tested() -> None:
    assert set(EFFECTS) == {key.id for key in KEYS}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("key", "where"),
    some_pairs(HERE, PLACES, 5, lambda case: case.id if isinstance(case, Key) else case),
)
async def test_a_key_breaks_nothing(
    shared: tuple[XorApp, Pilot[None]], where: str, key: Key
) -> None:
    """Twice, then escape: the app is still there, and its numbers are of one step."""
    app, pilot = shared
    await at_rest(app, pilot, (60, 18) if where == "small" else COMPACT)
    rate = 10.0 if where == "diverged" else 0.1
    app.main_screen.starting.start(Recipe(learning_rate=rate))
    if where == "diverged":
        app.training.go_to(300)
    if where == "running":
        app.training.speed = 4
        app.training.start()
    if where == "inside a step":
        app.main_screen.action_operation(3)
    for action in (key.action, key.action, "leave"):
        await app.screen.run_action(action)
    pause(app)
    await settle(pilot)
    assert app.is_running
    app.training.publish()
    trainer = app.session.trainer
    assert app.frame.snapshot.step == trainer.step_number
    at_end = trainer.step_number == 255 and trainer.recipe.learning_rate == 10.0
    assert app.frame.snapshot.diverged == at_end


async def test_f8_saves_a_picture_where_one_stands(tmp_path: object) -> None:
    from pathlib import Path

    async with opened(5) as (_, pilot):
        await pilot.press("f8")
        await pilot.pause()
    assert "xortui" in (Path(str(tmp_path)) / "xortui-step-5.svg").read_text(encoding="utf-8")


async def test_ctrl_c_hints_first() -> None:
    async with opened() as (app, pilot):
        app.action_help_quit()
        await pilot.pause()
        assert not app._exit
        app.action_help_quit()
        assert app.return_code == 130


def test_ids_and_keys_are_given_once() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)
    names = [name for key in KEYS for name in key.keys.split(",")]
    assert len(set(names)) == len(names)


async def test_help_and_palette_list_every_key() -> None:
    async with opened() as (app, pilot):
        commands = {command.title for command in app.get_system_commands(app.screen)}
        assert {key.words for key in KEYS} <= commands
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)


def test_the_readme_lists_every_key() -> None:
    from pathlib import Path

    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for key in KEYS:
        keys = " ".join(f"`{name}`" for name in key.shown.split())
        assert f"| {keys} | {key.words} |" in readme


@pytest.mark.parametrize("width", [60, 80, 100, 120])
async def test_the_footer_shows_whole_entries_only_and_always_help_and_quit(width: int) -> None:
    async with opened(size=(width, 24)) as (app, pilot):
        await pilot.pause()
        line = app.screen.query_one(KeyLine)
        assert [key.words for key in line.entries[-3:]] == ["palette", "help", "quit"]
        [text] = plain_text(line.lines()).splitlines()
        assert len(text) <= width
        for key in line.entries:
            assert f"{key.shown} {key.words}" in text
