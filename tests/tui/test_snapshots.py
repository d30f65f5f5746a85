"""The main screen as pictures, at 80x24 and 120x36: what changes in them was meant to.

`python -m pytest tests/tui/test_snapshots.py --snapshot-update` accepts a change. Few steps only,
and no training while a picture is taken: the last digits differ between processors.
"""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Select, Static

from tests.own_script import WRONG, examined
from tests.sample import some
from xortui.core.debug.examination import ScriptFile
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.debug.app import DebugApp
from xortui.tui.panes.gradient_table import DifferencePane
from xortui.tui.screens.gradient_check import GradientCheckScreen
from xortui.tui.sweep.screen import SweepScreen

SIZES = {"wide": (120, 36), "compact": (80, 24)}
Compare = Callable[..., bool]


def app_at(step: int, **fields: object) -> XorApp:
    trainer = Trainer(Recipe(**fields))  # type: ignore[arg-type]
    trainer.seek(step)
    return XorApp(trainer)


def debug_app() -> DebugApp:
    return DebugApp(ScriptFile("my_network.py"), WRONG, examined(WRONG))


def branched() -> XorApp:
    trainer = Trainer(Recipe())
    trainer.step(60)
    trainer.seek(20)
    trainer.edit(Edit("learning_rate", value=0.5))
    trainer.step(30)
    trainer.seek(35)
    return XorApp(trainer)


@pytest.mark.parametrize("size", SIZES)
def test_the_start(snap_compare: Compare, size: str) -> None:
    assert snap_compare(app_at(0), terminal_size=SIZES[size])


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_a_script_of_ones_own(snap_compare: Compare, size: str) -> None:
    assert snap_compare(debug_app(), terminal_size=SIZES[size])


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_a_wrong_line_beside_the_true_values(snap_compare: Compare, size: str) -> None:
    async def to_the_wrong_line(pilot: Pilot[None]) -> None:
        await pilot.press("home", "x")

    assert snap_compare(debug_app(), terminal_size=SIZES[size], run_before=to_the_wrong_line)


@pytest.mark.parametrize("size", SIZES)
def test_midway(snap_compare: Compare, size: str) -> None:
    assert snap_compare(app_at(50), terminal_size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_a_network_of_several_layers_with_biases(snap_compare: Compare, size: str) -> None:
    app = app_at(20, problem="parity3", hidden=(4, 3), activation="tanh", bias=True, init="xavier")
    assert snap_compare(app, terminal_size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_inside_a_step(snap_compare: Compare, size: str) -> None:
    async def to_the_weights_gradient(pilot: Pilot[None]) -> None:
        await pilot.press(*"nnnnnnnn")

    assert snap_compare(app_at(2), terminal_size=SIZES[size], run_before=to_the_weights_gradient)


@pytest.mark.parametrize("size", SIZES)
def test_broken_on_purpose(snap_compare: Compare, size: str) -> None:
    async def to_the_mistake(pilot: Pilot[None]) -> None:
        await pilot.press(*"nnnnnnnnnn")

    app = app_at(2, mistake="no-derivative")
    assert snap_compare(app, terminal_size=SIZES[size], run_before=to_the_mistake)


@pytest.mark.parametrize("size", SIZES)
def test_rewound_with_a_branch(snap_compare: Compare, size: str) -> None:
    assert snap_compare(branched(), terminal_size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_diverged(snap_compare: Compare, size: str) -> None:
    assert snap_compare(app_at(255, learning_rate=10.0), terminal_size=SIZES[size])


@pytest.mark.parametrize("view", ["units", "space", "diagram"])
def test_a_view(snap_compare: Compare, view: str) -> None:
    async def open_it(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, XorApp)
        await pilot.pause()
        app.main_screen.action_view(view)
        await pilot.pause()

    assert snap_compare(app_at(50), terminal_size=SIZES["wide"], run_before=open_it)


def _pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def press(pilot: Pilot[None]) -> None:
        await pilot.pause()  # controls and footer come after the first frame
        await pilot.press(*keys)

    return press


@pytest.mark.parametrize(
    ("name", "keys"), [("help", "?"), ("mistakes", "m"), ("branches", "B"), ("goto", "g")]
)
def test_a_screen_over_it(snap_compare: Compare, name: str, keys: str) -> None:
    assert snap_compare(branched(), terminal_size=SIZES["wide"], run_before=_pressing(*keys))


@pytest.mark.parametrize("size", SIZES)
def test_the_sweep_screen(snap_compare: Compare, size: str) -> None:
    assert snap_compare(app_at(0), terminal_size=SIZES[size], run_before=_pressing("w"))


@pytest.mark.parametrize("size", some(SIZES, 2))
def test_a_sweep_that_is_over(snap_compare: Compare, size: str) -> None:
    async def sweep(pilot: Pilot[None]) -> None:
        await pilot.press("w")
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, SweepScreen)
        screen.query_one("#seeds", Input).value = "0:60"
        screen.query_one("#steps", Input).value = "3000"
        screen.query_one("#first", Select).value = "learning_rate"
        await pilot.pause()
        screen.action_start()
        while screen.sweeping:
            await pilot.pause(0.02)
        await pilot.pause(0.1)
        screen.query_one("#sentence", Static).update("540 networks x 3,000 steps in 0.1 s.")

    assert snap_compare(app_at(0), terminal_size=SIZES[size], run_before=sweep)


@pytest.mark.parametrize("size", SIZES)
def test_the_gradient_check(snap_compare: Compare, size: str) -> None:
    async def check(pilot: Pilot[None]) -> None:
        await pilot.press("c")
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, GradientCheckScreen)
        while not screen.is_done:
            await pilot.pause(0.02)
        screen.query_one(DifferencePane).errors = ()  # rounding, which differs between processors

    app = app_at(2, mistake="no-derivative")
    assert snap_compare(app, terminal_size=SIZES[size], run_before=check)


@pytest.mark.parametrize(
    ("number", "keys", "size"),
    [(3, (), "wide"), (5, (), "compact"), (4, ("S",), "wide")],
    ids=["asked", "asked-compact", "shown"],
)
def test_a_card_of_a_lesson(
    snap_compare: Compare, number: int, keys: tuple[str, ...], size: str
) -> None:
    async def begin(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, XorApp)
        await pilot.pause()
        app.main_screen.lessons.begin(number)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        app.clear_notifications()

    assert snap_compare(app_at(0), terminal_size=SIZES[size], run_before=begin)


def test_light(snap_compare: Compare) -> None:
    app = app_at(50)
    app.theme = "xortui-light"
    assert snap_compare(app, terminal_size=SIZES["wide"])


def test_ascii(snap_compare: Compare) -> None:
    trainer = Trainer(Recipe())
    trainer.step(50)
    assert snap_compare(XorApp(trainer, ascii_glyphs=True), terminal_size=SIZES["compact"])


def test_too_small(snap_compare: Compare) -> None:
    assert snap_compare(app_at(0), terminal_size=(50, 12))
