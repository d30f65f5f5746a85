"""Files are written whole or not at all; what is no regular file is written directly."""

import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from xortui.core.files import remove_unfinished, same_file, write_whole, writing_whole

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs FIFOs and permissions")


class GivenUpError(Exception):
    """What `waiting` raises in these tests."""


def give_up() -> None:
    raise GivenUpError


def fail_half_way(path: Path) -> None:
    with writing_whole(str(path)) as file:
        file.write(b"half")
        raise GivenUpError


def test_a_file_is_there_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    with writing_whole(str(path)) as file:
        file.write(b"one")
        assert not path.exists()
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    with writing_whole(str(path)) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_work_that_fails_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    with pytest.raises(GivenUpError):
        fail_half_way(path)
    assert path.read_bytes() == b"old"
    with pytest.raises(GivenUpError):
        fail_half_way(tmp_path / "new")
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_what_was_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as error:
        write_whole(str(path), b"new")
    assert error.value.filename == str(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_process_that_must_end_at_once_leaves_no_temporary_file(tmp_path: Path) -> None:
    def end_at_once() -> None:
        with writing_whole(str(tmp_path / "run.json")) as file:
            file.write(b"half")
            remove_unfinished()
            assert list(tmp_path.iterdir()) == []

    with pytest.raises(FileNotFoundError):
        end_at_once()


@POSIX
def test_permissions_are_kept_and_a_new_file_gets_the_usual_ones(tmp_path: Path) -> None:
    path, new = tmp_path / "run.json", tmp_path / "new.json"
    path.write_bytes(b"one")
    path.chmod(0o640)
    write_whole(str(path), b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    write_whole(str(new), b"x")
    (tmp_path / "plain").touch()
    assert new.stat().st_mode == (tmp_path / "plain").stat().st_mode


@POSIX
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link, target = tmp_path / "link", tmp_path / "folder" / "target"
    link.symlink_to(target)
    write_whole(str(link), b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_file_that_is_read_only_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        write_whole(str(path), b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("name", [".", "no/such/folder/a", "", "a\0b"])
def test_what_cannot_be_written_is_an_oserror_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match="r") as error:
        write_whole(name, b"x")
    assert error.value.filename == name
    assert list(tmp_path.iterdir()) == []


def test_one_file_under_two_names_is_the_same(tmp_path: Path) -> None:
    path, other = tmp_path / "a", tmp_path / "b"
    path.touch()
    os.link(path, other)
    assert same_file(str(path), str(tmp_path / "." / "a"))
    assert same_file(str(path), str(other))
    assert same_file(str(tmp_path / "new"), str(tmp_path / "new"))
    assert not same_file(str(path), str(tmp_path / "new"))
    assert not same_file(os.devnull, os.devnull)
    assert not same_file("a\0b", "c")


# -- what is no regular file -------------------------------------------------------------------


def test_devices_are_written_to() -> None:
    write_whole(os.devnull, b"x")
    assert not os.path.isfile(os.devnull)


@POSIX
def test_a_fifo_is_written_to_as_it_is_read(tmp_path: Path) -> None:
    path, read = tmp_path / "fifo", []
    os.mkfifo(path)
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    data = os.urandom(300_000)
    write_whole(str(path), data)
    reader.join(timeout=30)
    assert read == [data]
    assert stat.S_ISFIFO(path.stat().st_mode)


@POSIX
def test_waiting_for_a_reader_can_be_given_up(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with pytest.raises(GivenUpError), writing_whole(str(path), give_up):
        pytest.fail("nobody reads it")


@POSIX
def test_waiting_for_a_reader_that_reads_no_more_can_be_given_up(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    started = time.monotonic()
    try:
        with pytest.raises(GivenUpError), writing_whole(str(path), give_up) as file:
            file.write(bytes(10_000_000))
    finally:
        os.close(reader)
    assert time.monotonic() - started < 20


@POSIX
def test_a_reader_that_leaves_is_a_broken_pipe(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def write() -> None:
        with writing_whole(str(path)) as file:
            os.close(reader)
            file.write(bytes(100_000))

    with pytest.raises(BrokenPipeError):
        write()


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="there is no /dev/fd")
def test_an_open_file_is_written_to_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"before\n")
    with path.open("ab") as file:
        write_whole(f"/dev/fd/{file.fileno()}", b"after\n")
    assert path.read_bytes() == b"before\nafter\n"
