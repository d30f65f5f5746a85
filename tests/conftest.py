"""What every test stands on: no colours from outside, a state folder of its own, one Textual."""

import os
from importlib.metadata import version
from pathlib import Path

import pytest

# Both change every picture; gone before a test module imports Textual.
for _name in ("NO_COLOR", "TEXTUAL_THEME"):
    os.environ.pop(_name, None)

# Patch releases of Textual move pixels: pictures are compared with this one only.
PICTURES_MADE_WITH = "8.2.8"


@pytest.fixture(autouse=True)
def _own_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or leaves a kept run of whoever runs the tests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the comparison of pictures where another Textual is installed."""
    installed = version("textual")
    if installed == PICTURES_MADE_WITH:
        return
    skip = pytest.mark.skip(
        reason=f"pictures were made with Textual {PICTURES_MADE_WITH}, not {installed}"
    )
    for item in items:
        if "snap_compare" in getattr(item, "fixturenames", ()):
            item.add_marker(skip)
