"""Keeping the run while it is worked on."""

from pathlib import Path

import pytest

from tests.tui.test_keys import opened
from xortui.core.training.run_file import RunFile
from xortui.exit_codes import FileError


async def test_a_run_that_cannot_be_kept_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    async with opened(30) as (app, pilot):
        await pilot.press("1", "enter")
        await pilot.pause()
        for _ in range(3):
            app.keeping.now()
        await pilot.pause()
        (note,) = [note for note in app._notifications if note.title == "No recovery file"]
        assert str(tmp_path / "file" / "xortui") in note.message
        assert "ctrl+s" in note.message
        with pytest.raises(FileError):
            app.session.recovery.autosave.save(RunFile.of(app.session.trainer))
