"""What the guard lets pass and what it forbids, asked directly: no script runs here."""

import os
from pathlib import Path
from typing import Any

import pytest

from xortui.core.debug.guard import CHANGES, MOST_OUTPUT, STARTS, FileGuard, Output

NOT_FOLLOWED = -1  # as an audit event says that a path is relative to no open folder


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    (tmp_path / "ours").mkdir()
    return tmp_path / "ours"


@pytest.fixture
def guard(ours: Path) -> FileGuard:
    return FileGuard(str(ours))


def arguments_of(event: str, path: str) -> tuple[Any, ...]:
    """An audit event's arguments, with this path wherever a file is changed."""
    paths, folders = CHANGES[event]
    last = max(one for one in (*paths, *folders) if one is not None)
    given: list[Any] = [None] * (last + 1)
    for place in paths:
        given[place] = path
    for folder in folders:
        if folder is not None:
            given[folder] = NOT_FOLLOWED
    return tuple(given)


# -- what is forbidden past everything else --------------------------------------------------------


@pytest.mark.parametrize("event", CHANGES)
def test_files_are_changed_only_in_our_folder(guard: FileGuard, ours: Path, event: str) -> None:
    guard._audit(event, arguments_of(event, str(ours / "file")))
    for path in (ours.parent / "theirs", ours, f"{ours}-beside/file", ours / ".." / "file"):
        with pytest.raises(PermissionError, match="a script change no files"):
            guard._audit(event, arguments_of(event, str(path)))


@pytest.mark.parametrize("event", ["os.rename", "os.link"])
@pytest.mark.parametrize("theirs", [0, 1])
def test_neither_end_of_a_move_may_be_theirs(
    guard: FileGuard, ours: Path, event: str, theirs: int
) -> None:
    given: list[Any] = [str(ours / "a"), str(ours / "b"), NOT_FOLLOWED, NOT_FOLLOWED]
    given[theirs] = str(ours.parent / "theirs")
    with pytest.raises(PermissionError):
        guard._audit(event, tuple(given))


def test_files_are_opened_for_reading_anywhere_and_for_writing_in_our_folder(
    guard: FileGuard, ours: Path
) -> None:
    theirs = str(ours.parent / "theirs")
    guard._audit("open", (theirs, "r", os.O_RDONLY))
    guard._audit("open", (theirs, "r", None))
    guard._audit("open", (str(ours / "file"), "w", os.O_WRONLY | os.O_CREAT))
    guard._audit("open", (os.devnull, "w", os.O_WRONLY))
    guard._audit("open", (1, "w", os.O_WRONLY))
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_TRUNC, os.O_CREAT, os.O_APPEND):
        with pytest.raises(PermissionError, match="a script write no files"):
            guard._audit("open", (theirs, None, flags))


def test_databases_are_in_memory_or_in_our_folder(guard: FileGuard, ours: Path) -> None:
    for place in (":memory:", "", str(ours / "runs.db")):
        guard._audit("sqlite3.connect", (place,))
    with pytest.raises(PermissionError, match="a script write no files"):
        guard._audit("sqlite3.connect", (str(ours.parent / "runs.db"),))


@pytest.mark.parametrize("event", STARTS)
def test_no_other_program_is_started(guard: FileGuard, event: str) -> None:
    with pytest.raises(PermissionError, match="start no other programs"):
        guard._audit(event, ("ls", ["ls"], None, None))


def test_what_changes_nothing_passes(guard: FileGuard) -> None:
    for event in ("import", "os.listdir", "os.scandir", "compile"):
        guard._audit(event, ("/",))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells a folder's name")
def test_a_path_in_an_open_folder_is_where_that_is(guard: FileGuard, ours: Path) -> None:
    for folder, is_allowed in ((ours, True), (ours.parent, False)):
        number = os.open(folder, os.O_RDONLY)
        try:
            assert guard._inside("file", number) is is_allowed
        finally:
            os.close(number)
    assert not guard._inside("file", 10**6), "and nowhere of ours if there is no such folder"


def test_what_is_no_path_is_nowhere_and_left_to_python(guard: FileGuard) -> None:
    assert not guard._inside("a\0b")
    assert not guard._inside(None)
    guard._moved["/somewhere"] = "/else"
    assert guard._seen(1.5) == 1.5
    assert guard._seen("a\0b") == "a\0b"


# -- what is done instead --------------------------------------------------------------------------


def test_what_is_written_to_a_file_of_theirs_is_read_back_and_not_in_it(
    guard: FileGuard, ours: Path
) -> None:
    theirs = ours.parent / "theirs"
    theirs.write_text("kept", encoding="utf-8")
    with guard._opened(theirs, "a", encoding="utf-8") as file:
        file.write("!")
    with guard._opened(str(theirs), encoding="utf-8") as file:
        assert file.read() == "kept!"
    assert theirs.read_text(encoding="utf-8") == "kept"
    assert [one.read_text(encoding="utf-8") for one in ours.iterdir()] == ["kept!"]
    assert guard.notes == ["write"]


def test_a_move_is_only_seen_by_the_script(guard: FileGuard, ours: Path) -> None:
    theirs, other = ours.parent / "theirs", ours.parent / "other"
    theirs.write_text("kept", encoding="utf-8")
    guard._moving(os.rename, "rename")(theirs, other)
    assert Path(guard._seen(other)).read_text(encoding="utf-8") == "kept"
    assert theirs.exists()
    assert not other.exists()
    guard._moving(os.rename, "rename")(other, theirs)
    assert guard._seen(other) == other, "it has gone from there again"


def test_what_is_moved_in_our_folder_is_moved(guard: FileGuard, ours: Path) -> None:
    (ours / "a").write_text("x", encoding="utf-8")
    guard._moving(os.rename, "rename")(ours / "a", ours / "b")
    assert [one.name for one in ours.iterdir()] == ["b"]
    assert guard.notes == []


def test_what_is_removed_is_gone_for_the_script_only_where_it_had_written_it(
    guard: FileGuard, ours: Path
) -> None:
    theirs = ours.parent / "theirs"
    theirs.write_text("kept", encoding="utf-8")
    guard._opened(theirs, "w").close()
    assert guard._seen(theirs) != theirs
    guard._changing(os.remove, "remove")(theirs)
    assert guard._seen(theirs) == theirs
    assert theirs.read_text(encoding="utf-8") == "kept"


# -- keyboard, shell and output --------------------------------------------------------------------


def test_there_is_no_keyboard_and_no_shell_and_each_is_noted_once(guard: FileGuard) -> None:
    for _ in range(2):
        with pytest.raises(EOFError):
            guard._input("name? ")
        assert guard._system("touch /tmp/x") == 0
    assert guard.notes == ["input", "system"]


def test_little_output_is_kept_whole() -> None:
    output = Output()
    print("a", "b", sep="\n", file=output)
    assert output.writable()
    assert output.text() == "a\nb\n"


@pytest.mark.parametrize("piece", [7, 1000, 3 * MOST_OUTPUT])
def test_of_much_output_the_first_and_the_last_are_kept(piece: int) -> None:
    output, text = Output(), "".join(f"{number:08}\n" for number in range(MOST_OUTPUT))
    sizes = [output.write(text[at : at + piece]) for at in range(0, len(text), piece)]
    assert sum(sizes) == len(text)
    if piece <= MOST_OUTPUT:
        head, tail = output.text()[:MOST_OUTPUT], output.text()[MOST_OUTPUT:]
        assert text.startswith(head)
        assert text.endswith(tail)
        assert len(tail) == MOST_OUTPUT
    assert len("".join(output.tail)) <= 5 * MOST_OUTPUT, "no more than that is held at any time"
