"""Saving a run to a file, and the command line that brings it back."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.hostile import HOSTILE
from tests.tui.driving import typed
from tests.tui.test_keys import opened
from xortui.core.model.recipe import Recipe
from xortui.core.training.run_file import read_run
from xortui.core.training.trainer import Trainer
from xortui.tui.farewell import command_to, farewell
from xortui.tui.screens.ask import Ask


@pytest.mark.slow
async def test_a_run_is_saved_and_opened_to_the_same_bits(tmp_path: Path) -> None:
    path = str(tmp_path / "run.json")
    async with opened(40) as (app, pilot):
        await pilot.press("2", "enter")
        await typed(pilot, "1.5")
        app.main_screen.action_step(20)
        expected = app.session.trainer.snapshot().parameters
        await pilot.press("ctrl+s")
        await typed(pilot, path)
        assert app.session.run.path == path
        app.main_screen.action_new_seed()
        await app.main_screen.action_open()
        await pilot.pause()
        await typed(pilot, path)
        assert np.array_equal(app.session.trainer.snapshot().parameters, expected)
        assert read_run(path).matches(app.session.trainer)


async def test_a_file_that_cannot_be_written_or_read_is_one_sentence(tmp_path: Path) -> None:
    async with opened(5) as (app, pilot):
        (tmp_path / "bad.json").write_text(json.dumps({"format": "other"}))
        await app.main_screen.action_open()
        await pilot.pause()
        await typed(pilot, str(tmp_path / "bad.json"))
        assert isinstance(app.screen, Ask)


async def test_the_command_brings_recipe_and_step_back() -> None:
    async with opened(25, seed=4, hidden=(3,), bias=True) as (app, _):
        snapshot = app.session.trainer.snapshot()
        assert command_to(snapshot, None) == "xortui --hidden 3 --bias --seed 4 --goto 25"
        assert command_to(snapshot, "my run.json") == "xortui 'my run.json'"
        assert "To return to it: xortui --hidden 3 --bias --seed 4 --goto 25" in farewell(snapshot)
        app.main_screen.action_copy_command()
        assert app.clipboard == "xortui --hidden 3 --bias --seed 4 --goto 25"


def test_the_farewell_is_one_harmless_line_whatever_the_file_is_called() -> None:
    snapshot = Trainer(Recipe()).snapshot()
    for name in HOSTILE:
        assert farewell(snapshot, path=name).isprintable()
        assert command_to(snapshot, name)
    assert farewell(snapshot, path="a\x1b[2J.json").endswith(r"xortui 'a\x1b[2J.json'")
