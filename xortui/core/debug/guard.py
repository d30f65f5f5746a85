"""What keeps a script that is looked at harmless: no keyboard, and nothing written.

Runs in the child process before the script. It is no prison for hostile code: it keeps an honest
script from leaving things behind. Only the standard library is used.
"""

import builtins
import io
import os
import random
import shutil
import sys
from collections.abc import Callable
from typing import Any

MOST_OUTPUT = 20_000
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
NO_FILE = ("", ":memory:")  # databases in memory, or in a file that SQLite removes
STARTS = ("subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn")
CHANGE_ONE = (
    "mkdir", "makedirs", "mkfifo", "mknod", "remove", "unlink", "rmdir", "removedirs", "truncate",
    "chmod", "lchmod", "chown", "lchown", "chflags", "lchflags", "utime", "setxattr",
    "removexattr",
)  # fmt: skip
CHANGE_TWO = ("rename", "renames", "replace", "link", "symlink")
# Of an audit event, which of its arguments are files, and which the folders they are relative to.
CHANGES: dict[str, tuple[tuple[int, ...], tuple[int | None, ...]]] = {
    "os.truncate": ((0,), (None,)),
    "os.mkdir": ((0,), (2,)),
    "os.remove": ((0,), (1,)),
    "os.rmdir": ((0,), (1,)),
    "os.rename": ((0, 1), (2, 3)),
    "os.link": ((0, 1), (2, 3)),
    "os.symlink": ((1,), (2,)),
    "os.chmod": ((0,), (2,)),
    "os.chown": ((0,), (3,)),
    "os.utime": ((0,), (3,)),
    "os.setxattr": ((0,), (None,)),
    "os.removexattr": ((0,), (None,)),
}


class Output(io.TextIOBase):
    """Keeps the first and the last of what is printed, and no more."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self) -> None:
        self.head: list[str] = []
        self.tail: list[str] = []
        self._room = MOST_OUTPUT
        self._kept = 0

    def write(self, text: str) -> int:
        if self._room > 0:
            self.head.append(text[: self._room])
            self._room -= len(text)
        else:
            self.tail.append(text[-MOST_OUTPUT:])
            self._kept += len(self.tail[-1])
            if self._kept > 4 * MOST_OUTPUT:
                self.tail = ["".join(self.tail)[-MOST_OUTPUT:]]
                self._kept = len(self.tail[0])
        return len(text)

    def writable(self) -> bool:
        return True

    def text(self) -> str:
        return "".join(self.head) + "".join(self.tail)[-MOST_OUTPUT:]


class _Quiet(io.TextIOBase):
    """Where warnings and progress bars go."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return len(text)

    def writable(self) -> bool:
        return True


class FileGuard:
    """Puts all of it in place; `notes` says what the script tried to do.

    A file that the script writes is written into `folder`, and read from there again: `_moved` says
    where each is. What changes files in another way is done there, or not at all.
    """

    def __init__(self, folder: str) -> None:
        self.folder = os.path.realpath(folder)
        self.notes: list[str] = []
        self.output = Output()
        self._moved: dict[str, str] = {}
        self._count = 0
        self._also_ours = {os.devnull}
        self._open, self._os_open = builtins.open, os.open

    def install(self) -> None:
        """Put everything in place, and a hook that forbids what goes past it."""
        sys.dont_write_bytecode = True
        sys.stdout = self.output
        sys.stderr = _Quiet()
        sys.stdin = io.StringIO("")
        builtins.input = self._input
        builtins.open = io.open = self._opened
        os.open = self._opened_low
        for module, names in ((os.path, ("exists", "isfile")), (os, ("stat",))):
            for name in names:
                setattr(module, name, self._looking(getattr(module, name)))
        for name in CHANGE_ONE + CHANGE_TWO:
            if hasattr(os, name):
                make = self._changing if name in CHANGE_ONE else self._moving
                setattr(os, name, make(getattr(os, name), name))
        os.system = self._system
        os._exit = sys.exit  # type: ignore[assignment]
        sys.meta_path.insert(0, _NoDatabases())
        sys.addaudithook(self._audit)

    def seed(self) -> None:
        """The same start for a script that sets no seed, whenever it is run."""
        random.seed(0)

    def keep_databases(self) -> None:
        """Databases of SQLite are kept where other files are; for a script that uses it."""
        try:
            import sqlite3
        except ImportError:
            return
        real = sqlite3.connect

        def connect(database: Any, *arguments: Any, **options: Any) -> Any:
            if database not in NO_FILE and not options.get("uri"):
                database = self._written(database, keep=True)
            return real(database, *arguments, **options)

        sqlite3.connect = sqlite3.dbapi2.connect = connect

    def note(self, what: str) -> None:
        """Remember what the script tried to do, once."""
        if what not in self.notes:
            self.notes.append(what)

    def remove_folder(self) -> None:
        """Remove the folder with all that is in it, which a script cannot."""
        self._also_ours.add(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _input(self, prompt: object = "") -> str:
        self.note("input")
        raise EOFError("input() asks for the keyboard, and there is none")

    def _system(self, command: object) -> int:
        self.note("system")
        return 0

    # -- files -------------------------------------------------------------------------------------

    def _name(self, path: Any, folder: int | None = None) -> str:
        """The real path of a file; `folder` is the file descriptor that it is relative to."""
        name = os.fsdecode(path)
        if folder is not None and folder >= 0 and not os.path.isabs(name):
            try:
                name = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), name)
            except OSError:  # only Linux has it
                name = os.path.join(os.sep, name)
        return os.path.realpath(name)

    def _inside(self, path: Any, folder: int | None = None) -> bool:
        """Whether a file may be changed: it is ours, or was opened already."""
        if isinstance(path, int):
            return True
        try:
            name = self._name(path, folder)
        except (TypeError, ValueError):
            return False
        return name.startswith(self.folder + os.sep) or name in self._also_ours

    def _written(self, path: Any, keep: bool, folder: int | None = None) -> Any:
        """Where a file is written instead; what is in it is kept, or will be replaced."""
        if self._inside(path, folder):
            return path
        self.note("write")
        name = self._name(path, folder)
        if name not in self._moved:
            self._count += 1
            moved = os.path.join(self.folder, f"written-{self._count}")
            if keep and os.path.isfile(name):
                with self._open(name, "rb") as old, self._open(moved, "wb") as new:
                    new.write(old.read())
            self._moved[name] = moved
        return self._moved[name]

    def _seen(self, path: Any) -> Any:
        """Where a file is read: where it was written."""
        if isinstance(path, int) or not self._moved:
            return path
        try:
            return self._moved.get(self._name(path), path)
        except (TypeError, ValueError):
            return path

    def _opened(self, file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        writes = any(letter in mode for letter in "wax+")
        place = self._written(file, keep="w" not in mode) if writes else self._seen(file)
        return self._open(place, mode, *arguments, **options)

    def _opened_low(
        self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None
    ) -> int:
        if flags & WRITES and not self._inside(path, dir_fd):
            place = self._written(path, keep=True, folder=dir_fd)
            return self._os_open(place, flags, mode)
        return self._os_open(self._seen(path) if dir_fd is None else path, flags, mode,
                             dir_fd=dir_fd)  # fmt: skip

    def _looking(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """A function that looks at a file."""

        def looks(path: Any, *arguments: Any, **options: Any) -> Any:
            return real(self._seen(path), *arguments, **options)

        return looks

    def _changing(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        """A function that changes one file or folder: ours, or nothing happens."""

        def changes(path: Any, *arguments: Any, **options: Any) -> Any:
            if self._inside(path, options.get("dir_fd")):
                return real(path, *arguments, **options)
            self.note("write")
            if name == "truncate":
                return real(self._written(path, keep=True), *arguments)
            if name in ("remove", "unlink"):
                self._moved.pop(self._name(path, options.get("dir_fd")), None)
            return None

        return changes

    def _moving(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        """A function that gives a file another name: among ours, or only what is read changes."""

        def moves(source: Any, target: Any, *arguments: Any, **options: Any) -> Any:
            if self._inside(source) and self._inside(target):
                return real(source, target, *arguments, **options)
            place = self._seen(source)
            if not self._inside(place) and os.path.isfile(place):
                place = self._written(place, keep=True)
            self.note("write")
            if os.path.isfile(place):
                self._moved[self._name(target)] = os.path.realpath(place)
            if name in ("rename", "replace", "renames"):
                self._moved.pop(self._name(source), None)
            return None

        return moves

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Forbid what went past all of the above."""
        if event == "open":
            path, _mode, flags = arguments
            if (flags or 0) & WRITES and not self._inside(path):
                raise PermissionError("xortui lets a script write no files")
        elif event in CHANGES:
            paths, folders = CHANGES[event]
            for place, folder in zip(paths, folders, strict=True):
                known = arguments[folder] if folder is not None else None
                if not self._inside(arguments[place], known):
                    raise PermissionError("xortui lets a script change no files")
        elif event == "sqlite3.connect":
            if arguments[0] not in NO_FILE and not self._inside(arguments[0]):
                raise PermissionError("xortui lets a script write no files")
        elif event in STARTS:
            raise PermissionError("xortui lets a script start no other programs")


class _NoDatabases:
    """Hides those that write files where no hook sees it; Python has another that does not."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in ("_gdbm", "_dbm"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
