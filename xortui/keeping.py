"""Runs kept between sessions: written when the app ends with something to lose, offered once."""

import os
import sys
from pathlib import Path

from xortui.core.runfile import RunFile, RunFileError, read_run, write_atomically

KEPT, OFFERED = "kept-run.json", "offered-run.json"


def state_folder() -> Path:
    """Where programs keep their state: XDG_STATE_HOME, or the platform's own place."""
    if home := os.environ.get("XDG_STATE_HOME"):
        return Path(home) / "xortui"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "xortui"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "xortui"
    return Path.home() / ".local" / "state" / "xortui"


def keep(run: RunFile) -> Path | None:
    """Write a run to the state folder; None where that can't be done (there is nobody to tell)."""
    path = state_folder() / KEPT
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(str(path), run.to_text().encode())
    except OSError:
        return None
    return path


def offered() -> RunFile | None:
    """The run that was kept last, if it has not been offered before; asking takes it out."""
    kept, taken = state_folder() / KEPT, state_folder() / OFFERED
    try:
        os.replace(kept, taken)
        return read_run(str(taken))
    except (OSError, RunFileError):
        return None


def forget() -> None:
    """Drop a kept run: what was to be kept has been saved by its owner."""
    (state_folder() / KEPT).unlink(missing_ok=True)
