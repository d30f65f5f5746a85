"""What is said of a crash: enough to look for it, and nothing that is nobody else's business."""

import pytest

from xortui.autosave import state_folder
from xortui.core.model.recipe import Recipe
from xortui.core.training.edit import Edit
from xortui.core.training.run_file import RunFileError
from xortui.core.training.trainer import Trainer
from xortui.tui import crash_report
from xortui.tui.app import XorApp
from xortui.tui.crash_report import facts, report, traceback_text, write_report

SECRETS = ("alice", "secret", "diary")


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as caught:
        return caught


@pytest.fixture
def trainer() -> Trainer:
    trainer = Trainer(Recipe(seed=57))
    trainer.step(1234)
    trainer.edit(Edit("label", 0))
    return trainer


def test_the_facts_are_five_lines(trainer: Trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("TMUX", "/tmp/tmux-1000/alice,1,0")
    version, terminal, recipe, keys, error = facts(
        raised(KeyError("diary")), trainer, (120, 36), ["space", "n"]
    )
    assert version.startswith("version   xortui 0.")
    assert all(name in version for name in ("Python 3.", "numpy 2.", "textual 8."))
    assert "xterm-256color" in terminal
    assert "120x36" in terminal
    assert terminal.endswith("in tmux")
    assert recipe == "recipe    --seed 57; step 1,234, edits 1"
    assert keys == "keys      space n"
    assert error.startswith("error     KeyError in test_crash_report.py, line ")
    assert not any(secret in f"{terminal}{error}" for secret in SECRETS)


def test_the_error_is_placed_in_xortui() -> None:
    error = None
    try:
        Trainer(Recipe()).edit(None)  # type: ignore[arg-type]
    except AttributeError as caught:
        error = caught
    assert error is not None
    line = facts(error, Trainer(Recipe()), (80, 24), [])[-1]
    assert line.startswith("error     AttributeError in xortui/core/training/trainer.py, line ")


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(2, "No such file or directory", "secret.json"),
        PermissionError(13, "Permission denied", "/home/alice/my diary.json"),
        RunFileError("'secret' is no field of a run"),
        ValueError("cannot use /home/alice/diary, ~/secret or C:\\alice\\diary"),
        ValueError('invalid literal for int() with base 10: "alice\'s diary"'),
        KeyError("diary"),
        UnicodeDecodeError("utf-8", b"secret", 0, 1, "invalid start byte"),
        RuntimeError("\x1b[2Jalice's"[:4]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_paths_names_or_contents(error: Exception) -> None:
    for text in (
        traceback_text(raised(error)),
        traceback_text(raised(RuntimeError("no more"), raised(error))),
    ):
        lines = [line for line in text.splitlines() if not line.startswith("    ")]  # of source
        assert type(error).__name__ in text
        assert not any(secret in line for line in lines for secret in SECRETS)
        assert "/home" not in "\n".join(lines)
        assert all(line.isprintable() for line in lines)


def test_what_led_to_it_comes_first() -> None:
    text = traceback_text(raised(RuntimeError("second"), raised(ValueError("first"))))
    assert text.index("ValueError: first") < text.index("RuntimeError: second")


def test_the_kinds_of_all_are_named_with_the_place_of_the_first(trainer: Trainer) -> None:
    first = raised(ValueError("first"))
    line = facts(raised(RuntimeError("second"), first), trainer, (80, 24), [])[-1]
    assert line.startswith("error     ValueError, then RuntimeError in test_crash_report.py, line ")


def test_the_file_holds_the_facts_and_the_traceback_and_old_ones_go() -> None:
    error = raised(ZeroDivisionError("division by zero"))
    folder = state_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for day in range(9):
        (folder / f"crash-2020010{day}-000000-1.txt").touch()
    path = write_report(["version", "keys"], error)
    assert path is not None
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert text.startswith("version\nkeys\n\n")
    assert "ZeroDivisionError: division by zero" in text
    assert len(list(folder.glob("crash-*.txt"))) == crash_report.MAX_REPORTS


def test_where_no_file_can_be_written_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    def refuse(path: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(crash_report, "write_whole", refuse)
    path = write_report(["version"], raised(ValueError("odd")))
    assert path is None
    assert report(["a"] * 5, path, None)[-1] == "  no file could be written"


def test_ten_lines() -> None:
    lines = report(["a", "b", "c", "d", "e"], "/tmp/my crash.txt", "xortui recover 1")
    assert len(lines) == 10
    assert lines[1] == "The run is kept: xortui recover 1"
    assert lines[-1].endswith("'/tmp/my crash.txt'")


@pytest.mark.pilot
async def test_keys_are_remembered_and_what_is_typed_into_a_field_is_not() -> None:
    app = XorApp(Trainer(Recipe()))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("full_stop", "ctrl+s", "s", "e", "c", "escape")
        assert list(app.key_queue.last) == [
            "full_stop",
            "ctrl+s",
            "(text)",
            "(text)",
            "(text)",
            "escape",
        ]
        for _ in range(50):
            await pilot.press("full_stop")
        assert len(app.key_queue.last) == 12
