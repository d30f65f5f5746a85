"""The theme that was chosen last is there at the next start; nothing in its file can do harm."""

from pathlib import Path

import pytest

from xortui.core.model.recipe import Recipe
from xortui.core.training.trainer import Trainer
from xortui.tui.app import XorApp
from xortui.tui.chosen_theme import keep_theme, read_theme


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "xortui"


def test_what_is_kept_is_read_again(state: Path) -> None:
    assert read_theme() is None
    keep_theme("nord")
    assert read_theme() == "nord"
    assert [path.name for path in state.iterdir()] == ["theme"]


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(state: Path) -> None:
    state.parent.joinpath("xortui").write_text("a file where the folder would be")
    keep_theme("nord")
    assert read_theme() is None


@pytest.mark.parametrize("content", [b"", b"no-such-theme", b"\xff\xfe", b"\x1b[2J", b"x" * 10**6])
async def test_a_theme_that_there_is_not_gives_the_usual_one(state: Path, content: bytes) -> None:
    state.mkdir()
    (state / "theme").write_bytes(content)
    app = XorApp(Trainer(Recipe()), chosen_theme=read_theme())
    assert app.theme == "xortui-dark"


async def test_the_app_starts_with_the_theme_that_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_theme("nord")
    app = XorApp(Trainer(Recipe()), chosen_theme=read_theme())
    assert app.theme == "nord"
    monkeypatch.setattr(XorApp, "is_headless", False)
    app._keep_theme(app.available_themes["gruvbox"])
    assert read_theme() == "gruvbox"
