"""Files written whole or not at all: what was there stays until the new one is complete."""

import contextlib
import errno
import io
import os
import re
import select
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

_OPEN_FILE = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,6})")
_LOOK_EVERY = 0.05  # seconds

# Temporary files that are being written, for a process that has to end at once.
_unfinished: set[str] = set()


def _wait() -> None:
    """What is done while a file makes us wait, where nobody says otherwise: nothing."""


@contextmanager
def writing_whole(path: str, waiting: Callable[[], object] = _wait) -> Iterator[BinaryIO]:
    """A binary file that becomes the file at `path` when the block ends.

    A temporary file beside it is renamed when it is complete, with the permissions of what it
    replaces. When the block raises, it is removed, and what was there is untouched.

    What is no regular file (a FIFO, a device, this process's own stdout) is written to directly.
    Where it makes us wait, `waiting` is called now and then; it raises to give up. Raises OSError
    with `path` as its filename where the file cannot be opened or completed.
    """
    with naming(path):
        number = _open_file(path)
        target: _Replacement | _Direct = (
            _Replacement(os.path.realpath(path))
            if number is None and _is_regular(path)
            else _Direct(path, number, waiting)
        )
    try:
        yield target.file
    except BaseException:
        target.discard()
        raise
    with naming(path):
        target.complete()


@contextmanager
def naming(path: str) -> Iterator[None]:
    """An OSError of the block is about the file at `path`, and says so as its filename."""
    try:
        yield
    except OSError as error:
        error.filename = path
        raise
    except ValueError as error:  # a null byte in the name
        raise OSError(errno.EINVAL, str(error), path) from None


def write_whole(path: str, data: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    with writing_whole(path) as file:
        file.write(data)


def same_file(path: str, other: str) -> bool:
    """Whether two paths lead to one file, which is or would be a regular one."""
    try:
        if not os.path.exists(path):
            return os.path.realpath(path) == os.path.realpath(other)
        return os.path.isfile(path) and os.path.samefile(path, other)
    except (OSError, ValueError):
        return False


def remove_unfinished() -> None:
    """Remove the temporary files that are being written: the process is about to end at once."""
    for path in tuple(_unfinished):
        with contextlib.suppress(OSError):
            os.unlink(path)


def _open_file(path: str) -> int | None:
    """Which of our own open files `path` is: /dev/fd/3, or what stdout or stderr goes to.

    It is written to where it stands: `xortui train -o out >> out` must not replace what is there.
    """
    if found := _OPEN_FILE.fullmatch(os.path.abspath(path)):
        return int(found[1])
    for number in (1, 2):
        with contextlib.suppress(OSError):
            target = os.stat(path)
            if target.st_ino and os.path.samestat(target, os.fstat(number)):
                return number
    return None


def _is_regular(path: str) -> bool:
    """Whether a file at `path` can be replaced by another: it is a regular one, or new."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return True
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    return stat.S_ISREG(mode)


class _Replacement:
    """A temporary file beside the one that it is to replace."""

    def __init__(self, target: str) -> None:
        if os.path.exists(target) and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        folder, name = os.path.split(target)
        self._target = target
        handle, self._temporary = tempfile.mkstemp(prefix=f".{name[:40]}.", dir=folder)
        _unfinished.add(self._temporary)
        self.file: BinaryIO = os.fdopen(handle, "wb")

    def complete(self) -> None:
        try:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
            os.chmod(self._temporary, _mode_of(self._target))
            os.replace(self._temporary, self._target)
        except BaseException:
            self.discard()
            raise
        _unfinished.discard(self._temporary)

    def discard(self) -> None:
        with contextlib.suppress(OSError):
            self.file.close()
        with contextlib.suppress(OSError):
            os.unlink(self._temporary)
        _unfinished.discard(self._temporary)


def _mode_of(path: str) -> int:
    """The permissions of a file that is there; otherwise what a new one would get."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


class _Direct:
    """A file that is written to as it is: a FIFO, a device, or our open file of this number."""

    def __init__(self, path: str, number: int | None, waiting: Callable[[], object]) -> None:
        handle = _opened(path, waiting) if number is None else os.dup(number)
        self._raw: _Patient | None = None
        if sys.platform == "win32":  # whose select knows no files
            self.file: BinaryIO = os.fdopen(handle, "wb")
        else:
            self._raw = _Patient(handle, waiting)
            self.file = cast(BinaryIO, io.BufferedWriter(self._raw))

    def complete(self) -> None:
        try:
            self.file.flush()
        except BaseException:
            self.discard()
            raise
        self.file.close()

    def discard(self) -> None:
        if self._raw is not None:
            self._raw.given_up = True  # closing would try once more to write what is left
        with contextlib.suppress(OSError):
            self.file.close()


def _opened(path: str, waiting: Callable[[], object]) -> int:
    """A handle for a file that may have to wait for its reader."""
    if sys.platform == "win32":
        return os.open(path, os.O_WRONLY | os.O_BINARY)
    while True:
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except OSError as error:
            if error.errno != errno.ENXIO or not stat.S_ISFIFO(os.stat(path).st_mode):
                raise
        waiting()
        select.select([], [], [], _LOOK_EVERY)  # waits


class _Patient(io.RawIOBase):
    """Writes to a file that may make us wait, such as a pipe whose reader is slow."""

    def __init__(self, handle: int, waiting: Callable[[], object]) -> None:
        self._handle, self._waiting = handle, waiting
        self.given_up = False

    def writable(self) -> bool:
        return True

    def write(self, data: "memoryview | bytes") -> int:  # type: ignore[override]
        while not self.given_up:
            _, ready, _ = select.select([], [self._handle], [], _LOOK_EVERY)
            if ready:
                with contextlib.suppress(BlockingIOError):
                    # So much goes into a pipe that is ready without waiting (POSIX).
                    return os.write(self._handle, bytes(data[: select.PIPE_BUF]))
            self._waiting()
        return len(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            os.close(self._handle)
