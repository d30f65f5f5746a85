"""A run in the place of another: what becomes of the one before, and how it comes back."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.tui.test_keys import opened
from xortui.autosave import abandoned, state_folder
from xortui.core.model.recipe import Recipe
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp


async def test_a_file_from_a_machine_with_other_last_bits_is_said_to_be_one(tmp_path: Path) -> None:
    trainer = Trainer(Recipe())
    trainer.step(50)
    run = replace(RunFile.of(trainer), digest="0" * 16)
    path = tmp_path / "run.json"
    path.write_text(run.to_text())
    app = XorApp(run.trainer(), path=str(path), goto=50)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert any("the last bits differ" in note.message for note in app._notifications)


async def test_a_run_with_edits_is_set_aside_by_a_reset_and_o_brings_it_back() -> None:
    async with opened(30) as (app, pilot):
        await pilot.press("1", "enter")
        await pilot.pause()
        edits = app.session.trainer.snapshot().edits
        await pilot.press("escape", "r")
        assert app.session.trainer.snapshot().edits == ()
        await pilot.press("o")
        await pilot.pause()
        assert app.session.trainer.snapshot().edits == edits


async def test_a_run_with_edits_that_was_not_saved_is_kept_and_can_be_gone_on_with() -> None:
    async with opened(30) as (app, pilot):
        await pilot.press("1", "enter")
        await pilot.pause()
        app.main_screen.action_step(5)
        parameters = app.session.trainer.snapshot().parameters
        assert app.session.keep_at_end(even_without_edits=False).command
        path = app.session.recovery.autosave.path
        app.session.recovery.autosave._let_go()  # as when its process has ended
    async with opened(0) as (app, pilot):
        app.offer_abandoned()
        await pilot.pause()
        assert any("A run was not saved" in note.message for note in app._notifications)
    async with opened(0) as (app, pilot):  # it was not taken: it is offered once more
        app.offer_abandoned()
        await pilot.press("o")
        await pilot.pause()
        assert np.array_equal(app.session.trainer.snapshot().parameters, parameters)
        assert app.session.recovery.autosave.path == path
        assert abandoned() == []
        app.session.save(str(state_folder() / "saved.json"))
        assert path is not None
        assert not path.exists()
