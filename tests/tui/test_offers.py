"""The list of previous runs: one is resumed, or deleted after a question; an unreadable one cannot
be resumed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Label, OptionList

from xortui.autosave import SUFFIX, Autosave, state_folder
from xortui.core.model.recipe import Recipe
from xortui.core.training.run_file import RunFile
from xortui.core.training.trainer import Trainer
from xortui.exit_codes import FileError
from xortui.tui.drawing import theme
from xortui.tui.recovery import Offered, Recovery
from xortui.tui.screens.confirm import Confirm
from xortui.tui.screens.offers import OffersScreen


class Small(App[None]):
    """As much of the app as the list needs."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme.variables(self.current_theme.dark)


class Listed:
    """The list on a screen, and what it gave back."""

    def __init__(self, recovery: Recovery, pilot: Pilot[None]) -> None:
        self.recovery, self.pilot = recovery, pilot
        self.given_back: list[Offered | None] = []

    @property
    def steps(self) -> list[int]:
        """Where each run that is still offered stands."""
        return [one.run.position for one in self.recovery.offered() if one.run is not None]

    @property
    def lines(self) -> list[str]:
        choices = self.pilot.app.screen.query_one(OptionList)
        return [str(choices.get_option_at_index(at).prompt) for at in range(choices.option_count)]

    @property
    def hint(self) -> str:
        return str(self.pilot.app.screen.query_one("#hint", Label).content)


@asynccontextmanager
async def listed(*steps: int, keeps_files: bool = False) -> AsyncIterator[Listed]:
    """The list of runs that were set aside at these steps, the last first."""
    recovery = Recovery(keeps_files=keeps_files)
    trainer = Trainer(Recipe())
    for step in steps:
        trainer.seek(step)
        recovery.set_aside(RunFile.of(trainer), None, None)
    app = Small()
    async with app.run_test() as pilot:
        found = Listed(recovery, pilot)
        app.push_screen(OffersScreen(recovery), found.given_back.append)
        await pilot.pause()
        yield found


async def test_the_chosen_one_of_several_is_given_back_and_none_is_deleted() -> None:
    async with listed(3, 20, 100) as found:
        assert ["step 100" in found.lines[0], "step 20" in found.lines[1]] == [True, True]
        await found.pilot.press("down", "enter")
        (chosen,) = found.given_back
        assert chosen is found.recovery.offered()[1]
        assert found.steps == [100, 20, 3]


@pytest.mark.parametrize("key", ["escape", "o"])
async def test_leaving_gives_nothing_back(key: str) -> None:
    async with listed(3, 20) as found:
        await found.pilot.press(key)
        assert found.given_back == [None]
        assert found.steps == [20, 3]


async def test_a_run_is_deleted_only_when_the_question_is_answered_with_yes() -> None:
    async with listed(3, 20, 100) as found:
        for no in ("n", "escape", "enter"):
            await found.pilot.press("down", "d")
            assert isinstance(found.pilot.app.screen, Confirm)
            await found.pilot.press(no, "home")
            assert found.steps == [100, 20, 3], no
        await found.pilot.press("down", "d", "y")
        assert found.steps == [100, 3]
        assert "step 3," in found.lines[1]
        assert found.pilot.app.screen.query_one(OptionList).highlighted == 1
        assert found.given_back == []


async def test_when_the_last_is_deleted_it_says_so_and_there_is_nothing_to_choose() -> None:
    async with listed(3) as found:
        await found.pilot.press("delete", "tab", "enter")  # the other button
        assert (found.lines, found.steps) == ([], [])
        assert found.hint == "There are no more."
        await found.pilot.press("d", "enter")
        assert isinstance(found.pilot.app.screen, OffersScreen)


async def test_a_file_that_cannot_be_read_can_only_be_deleted() -> None:
    folder = state_folder()
    folder.mkdir(parents=True)
    path = folder / f"broken{SUFFIX}"
    path.write_text("no run", encoding="utf-8")
    async with listed(keeps_files=True) as found:
        assert "cannot be read" in found.lines[0]
        await found.pilot.press("enter")
        assert found.hint == "This file cannot be read, so it can only be deleted."
        assert found.given_back == []
        await found.pilot.press("d", "y")
        assert not path.exists()
        assert found.lines == []


async def test_what_cannot_be_deleted_is_still_there_and_the_reason_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(autosave: Autosave) -> None:
        raise FileError("cannot delete [it]: \x1b[31mRead-only file system")

    monkeypatch.setattr(Autosave, "remove", refuse)
    async with listed(3, 20) as found:
        await found.pilot.press("d", "y")
        assert found.hint == "cannot delete [it]: \\x1b[31mRead-only file system"
        assert found.steps == [20, 3]
        assert len(found.lines) == 2
