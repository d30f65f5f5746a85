"""Recovery files: runs that were not saved when the program ended, as an editor's swap files.

Each run has a recovery file of its own in the state folder. It is a run file like any other. It is
removed only when its owner saves the run or deletes it. While a process works on it, the file
is locked, so that no other offers it as abandoned.
"""

import contextlib
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from xortui.core.files import write_whole
from xortui.core.model.recipe_words import in_words
from xortui.core.training.edit import Edit
from xortui.core.training.run_file import RunFile, RunFileError, read_run
from xortui.exit_codes import FileError

SUFFIX = ".run.json"


def state_folder() -> Path:
    """Where programs keep their state: XDG_STATE_HOME, or the platform's own place."""
    if home := os.environ.get("XDG_STATE_HOME"):
        return Path(home) / "xortui"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "xortui"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "xortui"
    return Path.home() / ".local" / "state" / "xortui"


@dataclass(frozen=True)
class Abandoned:
    """A recovery file that no process works on.

    `saved` is when it was written, in seconds since 1970. `run` is None where the file cannot be
    read; `problem` says why then.
    """

    path: Path
    saved: float
    run: RunFile | None
    problem: str = ""

    def describe(self) -> str:
        """Date, recipe, step and number of edits, in one line."""
        date = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.saved))
        if self.run is None:
            return f"{date}  cannot be read: {self.problem}"
        return f"{date}  {described(self.run)}"

    def delete(self) -> None:
        """Throw the run away. Raises FileError."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise FileError(f"cannot delete {self.path}: {error.strerror}") from None


def described(run: RunFile) -> str:
    """Recipe, step and number of edits; those that branches share count once."""
    made: Counter[tuple[int, Edit]] = Counter()
    for branch in run.branches:
        made |= Counter(branch.edits)
    count = made.total()
    edits = f"{count:,} edit{'' if count == 1 else 's'}"
    return f"{in_words(run.recipe)}, step {run.position:,}, {edits}"


class Autosave:
    """The recovery file of one run; it is there from the first `save` to `remove`."""

    def __init__(self, adopted: Abandoned | None = None) -> None:
        """`adopted` is the file of the run that is worked on from now on, if it has one."""
        self.path: Path | None = None
        self.is_recovered = adopted is not None
        self._lock: int | None = None
        if adopted is not None:
            self.path = adopted.path
            self._hold(adopted.path)

    def save(self, run: RunFile) -> Path:
        """Write the run to its recovery file.

        Raises FileError, which says what failed, where, and what can be done.
        """
        path = self.path or _new_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(str(path), run.to_text().encode("ascii"))
        except OSError as error:
            raise FileError(
                f"the run cannot be saved for recovery in {path.parent}: "
                f"{error.strerror or error}; save it somewhere else"
            ) from None
        self._let_go()
        self._hold(path)
        self.path = path
        return path

    def save_elsewhere(self, run: RunFile) -> Path | None:
        """A last resort where `save` has failed at the very end: the folder of temporary files.

        None where not even that can be written.
        """
        try:
            handle, name = tempfile.mkstemp(prefix="xortui-", suffix=SUFFIX)
            with os.fdopen(handle, "wb") as file:
                file.write(run.to_text().encode("ascii"))
        except OSError:
            return None
        return Path(name)

    def remove(self) -> None:
        """The run was saved by its owner or thrown away: nothing is to be recovered any more."""
        path, self.path = self.path, None
        if path is not None:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        self._let_go()

    def _hold(self, path: Path) -> None:
        """Lock the file as long as this process lives; the system lets go of it in any case."""
        if sys.platform != "win32":
            import fcntl

            with contextlib.suppress(OSError):
                self._lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _let_go(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


def abandoned() -> list[Abandoned]:
    """All recovery files that no living process works on, the newest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in state_folder().glob(f"*{SUFFIX}"):
            with contextlib.suppress(OSError):  # gone meanwhile
                if not _is_in_use(path):
                    found.append(_read(path))
    return sorted(found, key=lambda item: (item.saved, item.path.name), reverse=True)


def _read(path: Path) -> Abandoned:
    saved = path.stat().st_mtime
    try:
        return Abandoned(path, saved, read_run(str(path)))
    except RunFileError as error:
        return Abandoned(path, saved, None, str(error))
    except OSError as error:
        return Abandoned(path, saved, None, error.strerror or "the system does not say why")


def _new_path() -> Path:
    """A name with the time and our process number that no other recovery file has."""
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    path, count = state_folder() / f"{name}{SUFFIX}", 1
    while path.exists():
        count += 1
        path = state_folder() / f"{name}-{count}{SUFFIX}"
    return path


def _is_in_use(path: Path) -> bool:
    """Whether the process whose recovery file it is still lives."""
    if sys.platform == "win32":
        return _is_alive(path.name.split("-")[2].partition(".")[0])
    import fcntl

    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except PermissionError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system that has no locks
        return False
    finally:
        os.close(handle)
    return False


def _is_alive(process: str) -> bool:  # pragma: no cover (only Windows runs it)
    """Windows: whether there is a process of this number."""
    if sys.platform != "win32":
        raise NotImplementedError
    import ctypes

    synchronise = 0x00100000
    handle = ctypes.windll.kernel32.OpenProcess(synchronise, False, int(process))
    if handle:
        ctypes.windll.kernel32.CloseHandle(handle)
    return bool(handle)
