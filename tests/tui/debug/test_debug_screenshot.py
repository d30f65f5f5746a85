"""Pictures of the debug screen, made by `xortui snapshot --debug`."""

from pathlib import Path

import pytest

from tests.own_script import CRASH, HOSTILE, NO_NETWORK, WRONG, examined, script_in
from xortui.cli import main
from xortui.core.debug.examination import ScriptFile
from xortui.tui.debug.bars import TABS
from xortui.tui.debug.screenshot import DebugLook, debug_screenshot

pytestmark = [pytest.mark.slow, pytest.mark.pilot]


def picture(source: str = WRONG, **how: object) -> str:
    look = DebugLook(**how)  # type: ignore[arg-type]
    return debug_screenshot(ScriptFile("my_net.py"), examined(source), (80, 24), True, look)


@pytest.mark.parametrize("view", TABS)
def test_every_pane_can_be_opened_for_it(view: str) -> None:
    assert len(picture(view=view).splitlines()) == 24


def test_it_can_stand_at_a_step_and_a_line() -> None:
    text = picture(step=5, lines=2)
    assert "step 5 " in text
    assert "Line 22: self.w2" in text


@pytest.mark.parametrize("source", [NO_NETWORK, CRASH, HOSTILE], ids=["none", "crash", "hostile"])
def test_without_a_network_there_is_a_picture_of_the_script(source: str) -> None:
    text = picture(source, view="loss", step=3, lines=2)
    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize("how", [{"view": "nothing"}, {"theme": "nothing"}])
def test_what_there_is_not_is_named(how: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="allowed"):
        picture(**how)


def test_the_command_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script_in(tmp_path, NO_NETWORK)
    assert main(["snapshot", "--debug", "my_net.py", "--size", "80x24", "-o", "a.svg"]) == 0
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nothing.py", "-o", "a.svg"], 3),
        (["my_net.py", "--seed", "3", "-o", "a.svg"], 2),
        (["my_net.py", "--view", "nothing", "-o", "a.svg"], 2),
        (["my_net.py", "--operation", "0", "-o", "a.svg"], 2),
        (["my_net.py", "-o", "my_net.py.svg"], 0),
    ],
)
def test_its_exit_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    script_in(tmp_path, NO_NETWORK)
    try:
        ended = main(["snapshot", "--debug", *arguments])
    except SystemExit as end:
        ended = int(end.code or 0)
    assert ended == code
